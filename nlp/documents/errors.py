"""Why a document can't be read: one small tree, each with the FHIR issue code that tells it."""

from __future__ import annotations


class Unreadable(ValueError):
    """A document that can't be read; the text says what to do and holds nothing of the document.

    `code` is of http://hl7.org/fhir/issue-type.
    """

    def __init__(self, message: str, code: str = "structure") -> None:
        super().__init__(message)
        self.code = code


class UnknownFormat(Unreadable):
    """No reader takes the declared type, or what the bytes look like."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "not-supported")


class Oversized(Unreadable):
    """The document, or what is packed in it, is over a limit."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "too-long")


class UndecodableText(Unreadable):
    """The bytes are no text in that charset; `offset` is the first that doesn't fit, else -1."""

    def __init__(self, message: str, charset: str, offset: int = -1) -> None:
        super().__init__(message, "value")
        self.charset = charset
        self.offset = offset
