"""LOINC from its table (Loinc.csv) and, where it is there, the component hierarchy by system.

Format: LOINC Users' Guide, appendix A (https://loinc.org/kb/users-guide).
Memory: 450 MiB for 110,000 terms, most of it for the words of their related names.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from terminology.errors import SourceError
from terminology.loading.draft import Draft
from terminology.loading.layout import ABSTRACT, INACTIVE, NAME
from terminology.loading.lines import find, required, rows
from terminology.loading.source import Head, Options
from terminology.versions import key

URL = "http://loinc.org"
AXES = ("COMPONENT", "PROPERTY", "TIME_ASPCT", "SYSTEM", "SCALE_TYP")
NEEDED = frozenset({"LOINC_NUM", *AXES, "METHOD_TYP", "CLASS", "STATUS", "LONG_COMMON_NAME"})
PROPERTIES = (
    *AXES,
    *("METHOD_TYP", "CLASS", "CLASSTYPE", "STATUS", "ORDER_OBS", "EXAMPLE_UCUM_UNITS"),
    *("VersionFirstReleased", "VersionLastChanged", "UNITSREQUIRED", "COMMON_TEST_RANK"),
)
NAMES = {
    "SHORTNAME": "SHORTNAME",
    "CONSUMER_NAME": "ConsumerName",
    "DisplayName": "DisplayName",
}
HIERARCHY = ["PATH_TO_ROOT", "SEQUENCE", "IMMEDIATE_PARENT", "CODE", "CODE_TEXT"]
CHANGED = "changed"
CODE = re.compile(r"\d{1,7}-\d")


def load(path: Path, draft: Draft, options: Options) -> Head:
    """Reads a LOINC release: its folder, or Loinc.csv itself. Raises SourceError."""
    table = required(path, "LOINC table", "Loinc.csv", "**/Loinc.csv", "**/LoincTableCore.csv")
    _terms(table, draft)
    tree = find(path, "**/ComponentHierarchyBySystem.csv") if path.is_dir() else None
    if tree is not None:
        draft.once("tree", type(None), partial(_hierarchy, tree, draft))
    named = re.search(r"[Ll]oinc[_-]?(\d+\.\d+)", path.name)
    version = options.version or (named[1] if named else draft.told.get(CHANGED, ""))
    source = f"LOINC, Regenstrief Institute; {path.name}"
    return Head(URL, "LOINC", version, source, case_sensitive=False)


def _terms(path: Path, draft: Draft) -> None:
    """Adds every term; tells the draft of the newest version that the table tells of."""
    given = draft.each(path, lambda skip: rows(path, draft.progress, skip=skip), heads=1)
    number, head = next(given, (1, []))
    if missing := NEEDED - set(head):
        raise SourceError(f"{path.name}:{number}: no column {' '.join(sorted(missing))}")
    for number, row in given:
        if len(row) != len(head):
            raise SourceError(f"{path.name}:{number}: {len(row)} cells, the head has {len(head)}")
        term = dict(zip(head, row, strict=True))
        if not CODE.fullmatch(term["LOINC_NUM"]):
            raise SourceError(f"{path.name}:{number}: {term['LOINC_NUM']!r} is no LOINC number")
        try:
            _term(term, draft)
        except SourceError as error:
            raise SourceError(f"{path.name}:{number}: {error}") from None
        version, newest = term.get("VersionLastChanged", ""), draft.told.get(CHANGED, "")
        if version and version != newest:
            draft.told[CHANGED] = max(filter(None, (version, newest)), key=key)


def _term(term: dict[str, str], draft: Draft) -> None:
    old = term["STATUS"] == "DEPRECATED"
    axes = ":".join(term[axis] for axis in (*AXES, "METHOD_TYP") if term[axis])
    concept = draft.concept(
        term["LOINC_NUM"], term["LONG_COMMON_NAME"] or axes, flags=INACTIVE if old else 0
    )
    draft.term(concept, axes, "FullySpecifiedName")
    for column, use in NAMES.items():
        if value := term.get(column, ""):
            draft.term(concept, value, use)
    if related := term.get("RELATEDNAMES2", ""):
        draft.term(concept, related, NAME)
    for column in PROPERTIES:
        if value := term.get(column, ""):
            draft.property(concept, column, value, "string")
    if definition := term.get("DefinitionDescription", ""):
        draft.property(concept, "definition", definition, "string")


def _hierarchy(path: Path, draft: Draft) -> None:
    """Adds the parts (LP…) as groups, and puts each code under its parents."""
    given = rows(path, draft.progress)
    number, head = next(given, (1, []))
    if head != HIERARCHY:
        raise SourceError(f"{path.name}:{number}: the columns must be {' '.join(HIERARCHY)}")
    placed: set[tuple[int, str]] = set()
    for number, row in given:
        if len(row) != len(HIERARCHY):
            raise SourceError(f"{path.name}:{number}: {len(row)} cells where 5 must be")
        _, _, parent, code, name = row
        concept = draft.number(code)
        if concept < 0:
            concept = draft.concept(code, name or code, flags=ABSTRACT)
        # a part may stand in several places under the same parent
        if parent and (concept, parent) not in placed:
            placed.add((concept, parent))
            draft.below(concept, parent, f"{path.name}:{number}")
