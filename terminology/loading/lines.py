"""Release files as lines and rows: streamed, numbered, their encodings and marks checked."""

from __future__ import annotations

import codecs
import csv
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

from terminology.errors import SourceError

Progress = Callable[[str, int, int], None]
CHUNK = 1 << 22  # bytes that are read, and told of, at a time
LONGEST = 1 << 24  # bytes of one line: a longer one is no line of a release
ALL = range(0)  # in place of lines to leave out
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def raw_lines(
    path: Path, progress: Progress = silent, skip: range = ALL
) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line without its end) of a UTF-8 file, plain or .gz; memory: one chunk.

    Lines whose numbers are in `skip` are only counted. A byte order mark is taken away. Raises
    SourceError for what can't be read to its end.
    """
    rest, number = b"", 0
    for chunk in _chunks(path, progress):
        if number + 1 in skip and (ends := number + chunk.count(b"\n")) in skip:
            rest = b"" if ends > number else rest
            rest += chunk[chunk.rfind(b"\n") + 1 :]
            number = ends
            continue
        pieces = (rest + chunk).split(b"\n")
        rest = pieces.pop()
        if len(rest) > LONGEST:
            raise SourceError(f"{path.name}:{number + len(pieces) + 1}: a line of over 16 MiB")
        for line in pieces:
            number += 1
            if number not in skip:
                yield number, line.removesuffix(b"\r")
    if rest and number + 1 not in skip:
        yield number + 1, rest


def whole(path: Path, progress: Progress = silent) -> bytes:
    """A UTF-8 file, plain or .gz, in one piece; memory: twice the file.

    A byte order mark is taken away. Raises SourceError for what can't be read to its end.
    """
    return b"".join(_chunks(path, progress))


def raw_blocks(path: Path, progress: Progress = silent) -> Iterator[tuple[int, bytes]]:
    """(number of the first line, whole lines) of a UTF-8 file, plain or .gz; memory: one chunk.

    Every line ends with \\n, also where the file doesn't. Raises SourceError as raw_lines does.
    """
    rest, number = b"", 1
    for chunk in _chunks(path, progress):
        end = chunk.rfind(b"\n") + 1
        if end:
            block = rest + chunk[:end]
            yield number, block
            number += block.count(b"\n")
            rest = b""
        rest += chunk[end:]
        if len(rest) > LONGEST:
            raise SourceError(f"{path.name}:{number}: a line of over 16 MiB")
    if rest:
        yield number, rest + b"\n"


def text_lines(
    path: Path, progress: Progress = silent, encoding: str = "", skip: range = ALL
) -> Iterator[tuple[int, str]]:
    """(number from 1, line with \\n) in an encoding that holds ASCII, UTF-8 where none is named.

    Raises SourceError with file and line for bytes that are not of the encoding.
    """
    try:
        decode = codecs.lookup(encoding or "utf-8").decode
    except LookupError:
        raise SourceError(f"{path.name}: no encoding is called {encoding!r}") from None
    for number, line in raw_lines(path, progress, skip):
        try:
            yield number, decode(line)[0] + "\n"
        except UnicodeDecodeError as error:
            raise SourceError(
                f"{path.name}:{number}: not {error.encoding}; name the file's encoding"
            ) from None


def rows(
    path: Path,
    progress: Progress = silent,
    *,
    delimiter: str = ",",
    encoding: str = "",
    skip: range = ALL,
) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of a delimited file, the line of column names included; blank lines are not.

    `skip` are lines to leave out, which are rows as a whole.
    Raises SourceError with file and line for quotes that never end and the like.
    """
    at = 0

    def lines() -> Iterator[str]:
        nonlocal at
        for at, line in text_lines(path, progress, encoding, skip):  # noqa: B007
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    while True:
        started = skip.stop if at + 1 in skip else at + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise SourceError(f"{path.name}:{started}: {error}") from None
        if row is None:
            return
        if row:
            yield started, row


def cells(
    path: Path,
    columns: tuple[str, ...],
    delimiter: bytes,
    progress: Progress = silent,
    skip: range = ALL,
) -> Iterator[tuple[int, list[bytes]]]:
    """(line, cells as UTF-8) of an unquoted file that begins with just these column names.

    `skip` are lines after the first to leave out.

    Raises SourceError, with file and line, where the columns are others or a row has not as many.
    """
    lines = raw_lines(path, progress, skip)
    number, head = next(lines, (1, b""))
    if tuple(head.decode("utf-8", "replace").split(delimiter.decode())) != columns:
        raise SourceError(f"{path.name}:{number}: the columns must be {' '.join(columns)}")
    breaks = len(columns) - 1
    for number, line in lines:
        if line.count(delimiter) == breaks:
            yield number, line.split(delimiter)
        elif line:
            raise SourceError(
                f"{path.name}:{number}: {line.count(delimiter) + 1} columns where there "
                f"must be {len(columns)}"
            )


def text(path: Path, number: int, raw: bytes) -> str:
    """A cell as text; raises SourceError with file and line where it is not UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise SourceError(f"{path.name}:{number}: not UTF-8") from None


def find(folder: Path, *patterns: str) -> Path | None:
    """The file itself, or the last by name under a folder that fits the first fitting pattern.

    Case does not count; `**/` looks in all folders below. None where nothing fits.
    """
    if folder.is_file():
        return folder
    for pattern in patterns:
        found = sorted(each for each in folder.glob(_caseless(pattern)) if each.is_file())
        if found:
            return found[-1]
    return None


def required(folder: Path, what: str, *patterns: str) -> Path:
    """find(), or SourceError that says which file is missing."""
    found = find(folder, *patterns)
    if found is None or not found.exists():
        raise SourceError(f"{folder.name}: no {what} ({' or '.join(patterns)})")
    return found


def _caseless(pattern: str) -> str:
    return "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in pattern)


def _chunks(path: Path, progress: Progress) -> Iterator[bytes]:
    """The file piece by piece, without its mark; what is marked as UTF-16 comes as UTF-8."""
    total = path.stat().st_size
    with path.open("rb") as file:
        source = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file
        decoder: codecs.IncrementalDecoder | None = None
        try:
            chunk = source.read(CHUNK).removeprefix(codecs.BOM_UTF8)
            if chunk.startswith(UTF16):
                decoder = codecs.getincrementaldecoder("utf-16")()
            while chunk:
                progress(path.name, file.tell(), total)
                yield decoder.decode(chunk).encode() if decoder else chunk
                chunk = source.read(CHUNK)
        except (EOFError, gzip.BadGzipFile, UnicodeDecodeError) as error:
            raise SourceError(f"{path.name}: not a whole file: {error}") from None
