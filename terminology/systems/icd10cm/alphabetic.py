"""The alphabetic index of ICD-10-CM, as NCHS publishes it: what else a code is called.

Files of a release beside its tabular list: icd10cm_index_YYYY.xml and icd10cm_eindex_YYYY.xml
(diseases; external causes), icd10cm_neoplasm_YYYY.xml and icd10cm_drug_YYYY.xml (tables).
Memory: 40 MiB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from terminology.entry import Name
from terminology.errors import SourceError
from terminology.types import TermKind

FILES = {
    # what a file's name holds: the kind of its entries
    "_index_": "index",
    "_eindex_": "cause",
    "_neoplasm_": "neoplasm",
    "_drug_": "drug",
}
CODE = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?")
COLUMNS = 6  # of the two tables, numbered from 2
_SEE = re.compile(r",? ?\(?(?:see also|see)\b.*", re.I)
# the six columns of the table of neoplasms, as people write them
BEHAVIOURS = (
    ("malignant neoplasm of {}", "cancer of {}", "{} cancer", "carcinoma of {}", "{} carcinoma"),
    ("secondary malignant neoplasm of {}", "metastasis to {}", "{} metastasis"),
    ("carcinoma in situ of {}",),
    ("benign neoplasm of {}", "benign tumor of {}"),
    ("neoplasm of uncertain behavior of {}",),
    ("neoplasm of {}", "tumor of {}", "{} tumor"),
)
# the final characters of the table of drugs and chemicals
INTENTS = {
    "1": ("poisoning by {}", "{} poisoning", "{} overdose"),
    "2": ("poisoning by {}, intentional self-harm",),
    "3": ("poisoning by {}, assault",),
    "5": ("adverse effect of {}",),
    "6": ("underdosing of {}",),
}


@dataclass(slots=True)
class Term:
    """An open entry: its title, and the cells of a table by column."""

    title: str = ""
    code: str = ""
    cells: dict[int, str] = field(default_factory=dict)
    line: int = 0


def files(folder: Path) -> tuple[Path, ...]:
    """The files of the alphabetic index in a folder; none need be there."""
    found = sorted(
        each for each in folder.glob("*.xml") if _kind(each) and "addenda" not in each.name
    )
    return tuple(found)


def names(path: Path) -> Iterator[tuple[str, Name]]:
    """(code, name) of each entry of one file; raises SourceError with file and line."""
    reader = _Reader(path, _kind(path))
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, given: reader.start(
        name, given, parser.CurrentLineNumber
    )
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text.append
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise SourceError(f"{path.name}:{error.lineno}: {expat.ErrorString(error.code)}") from None
    if not reader.seen:
        raise SourceError(f"{path.name}:1: no <mainTerm> in it, so it is not an alphabetic index")
    yield from reader.found


def indexed(kind: str, term: str, codes: list[str]) -> Iterator[tuple[str, Name]]:
    """(code, name) of an entry of the alphabetic index, by its kind: cause, neoplasm, drug.

    `codes`: one; the six of a row of neoplasms, "-" for none; the stem and the final characters.
    """
    if kind == "cause":
        yield codes[0], Name(term, TermKind.INDEX)
    elif kind == "neoplasm":
        for code, phrases in zip(codes, BEHAVIOURS, strict=True):
            for phrase in phrases if code != "-" else ():
                yield code, Name(phrase.format(term), TermKind.INDEX)
    else:
        stem, finals = codes
        for final in finals:
            for phrase in INTENTS.get(final, ()):
                yield stem + final, Name(phrase.format(term), TermKind.INDEX)


def _kind(path: Path) -> str:
    name = path.name.lower()
    return next((kind for part, kind in FILES.items() if part in name), "")


class _Reader:
    """The state of the walk through one file."""

    def __init__(self, path: Path, kind: str) -> None:
        self.text: list[str] = []
        self.found: list[tuple[str, Name]] = []
        self.seen = False
        self._path, self._kind = path, kind
        self._open: list[Term] = []
        self._column = 0

    def start(self, element: str, given: dict[str, str], line: int) -> None:
        if element in ("mainTerm", "term"):
            self.seen = self.seen or element == "mainTerm"
            self._open.append(Term(line=line))
        elif element == "cell":
            column = given.get("col", "")
            self._column = int(column) - 2 if column.isdecimal() else -1
        if element == "nemod":
            # a nonessential modifier stands inside the title and is no part of the name
            if self._open:
                self._open[-1].title += "".join(self.text) + " "
            self.text.clear()
        elif element != "title" or self._open:
            self.text.clear()

    def end(self, element: str) -> None:
        said = " ".join("".join(self.text).split())
        self.text.clear()
        if not self._open:
            return
        term = self._open[-1]
        if element == "title":
            term.title = " ".join(f"{term.title}{said}".split()).strip(" ,")
        elif element == "code":
            term.code = said.rstrip("-").rstrip(".")
        elif element == "cell":
            term.cells[self._column] = said.rstrip("-").rstrip(".")
        elif element in ("mainTerm", "term"):
            self._entry(term)
            self._open.pop()

    def _entry(self, term: Term) -> None:
        codes = [code for code in (term.code, *term.cells.values()) if code]
        for code in codes:
            if not CODE.fullmatch(code):
                raise SourceError(f"{self._path.name}:{term.line}: {code!r} is no ICD-10-CM code")
        path = [_SEE.sub("", each.title) for each in self._open]
        if not codes or not all(path):
            return
        if self._kind == "neoplasm":
            cells = [term.cells.get(column) or "-" for column in range(COLUMNS)]
            place = " ".join(path[1:]) if path[0].lower().startswith("neoplasm") else " ".join(path)
            self.found += indexed("neoplasm", place, cells) if place else ()
        elif self._kind == "drug":
            for column, code in term.cells.items():
                if code and 0 <= column < COLUMNS:
                    self.found += indexed("drug", " ".join(path), [code[:-1], code[-1]])
        else:
            # "Abscess, lung" as the book prints it, so that it reads as a title does
            self.found.append((term.code, Name(", ".join(path), TermKind.INDEX)))
