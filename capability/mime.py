"""The required binding to MIME types, whose codes a grammar gives (BCP 13)."""

from __future__ import annotations

from capability.shape import Field

VALUE_SET = "http://hl7.org/fhir/ValueSet/mimetypes"
WANTED = "a MIME type such as text/plain"
# where data is described; formats that are offered (CapabilityStatement.format, Endpoint) are
# written in short as well, json and any, in R4's own examples
DATA = frozenset({"contentType", "sigFormat", "targetFormat"})


def bound(field: Field) -> bool:
    """Whether the value of an element has to be a MIME type."""
    return field.name in DATA and (field.element.codes or "").partition("|")[0] == VALUE_SET
