"""SNOMED CT from the RF2 snapshot: concepts, descriptions, relationships, the language refset.

Format: SNOMED CT Release File Specifications (https://docs.snomed.org), chapter 5.
Memory: 500 MiB for 360,000 active concepts; its closure is that of terminology.hierarchy.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

from terminology.errors import SourceError
from terminology.loading.draft import Draft
from terminology.loading.layout import INACTIVE
from terminology.loading.lines import cells, required, text
from terminology.loading.source import Head, Options

URL = "http://snomed.info/sct"
CONCEPT = ("id", "effectiveTime", "active", "moduleId", "definitionStatusId")
DESCRIPTION = (
    *("id", "effectiveTime", "active", "moduleId", "conceptId", "languageCode", "typeId"),
    *("term", "caseSignificanceId"),
)
RELATIONSHIP = (
    *("id", "effectiveTime", "active", "moduleId", "sourceId", "destinationId"),
    *("relationshipGroup", "typeId", "characteristicTypeId", "modifierId"),
)
LANGUAGE = (
    *("id", "effectiveTime", "active", "moduleId", "refsetId", "referencedComponentId"),
    "acceptabilityId",
)
IS_A = b"116680003"
SYNONYM = b"900000000000013009"
USES = {
    b"900000000000003001": "fully-specified-name",
    SYNONYM: "synonym",
    b"900000000000550004": "definition",
}
PREFERRED = b"900000000000548007"
DEFINED = b"900000000000073002"
REFSETS = {"en-us": "900000000000509007", "en-gb": "900000000000508004"}
# what file names call an edition: the module that stands for it in versions
EDITIONS = {
    "INT": "900000000000207008",
    "US1000124": "731000124108",
    "GB1000000": "83821000000107",
    "AU1000036": "32506021000036107",
    "CA1000087": "20611000087101",
}


def load(path: Path, draft: Draft, options: Options) -> Head:
    """Reads the snapshot of an edition, its folder; `options.language` picks the language refset.

    That is en-US (the default), en-GB or the SCTID of another refset. Raises SourceError.
    """
    concepts = required(path, "snapshot of concepts", "**/sct2_Concept_*Snapshot_*.txt")
    folder = concepts.parent
    relations = required(folder, "snapshot of relationships", "sct2_Relationship_*Snapshot_*.txt")
    version = options.version or _version(concepts)
    _concepts(concepts, draft)
    language = options.language or "en-US"
    ids = draft.once("preferred", bytes, lambda: _preferred(path, language, draft).tobytes())
    preferred = array("Q", ids)
    described = [
        *sorted(folder.glob("sct2_Description_*Snapshot*.txt")),
        *sorted(folder.glob("sct2_TextDefinition_*Snapshot*.txt")),
    ]
    if not described:
        raise SourceError(f"{folder.name}: no sct2_Description_*Snapshot*.txt")
    for each in described:
        _descriptions(each, draft, preferred)
    _relationships(relations, draft)
    source = f"SNOMED CT, SNOMED International; {path.name}"
    return Head(URL, "SNOMED CT", version, source, language=language)


def _version(concepts: Path) -> str:
    found = re.fullmatch(r"sct2_Concept_[A-Z]*Snapshot_(\w+)_(\d{8})", concepts.stem)
    if found is None or found[1] not in EDITIONS:
        raise SourceError(
            f"{concepts.name}: its name tells no known edition: name the version, "
            f"{URL}/<module>/version/<date>"
        )
    return f"{URL}/{EDITIONS[found[1]]}/version/{found[2]}"


def _rows(path: Path, columns: tuple[str, ...], draft: Draft) -> Iterator[tuple[int, list[bytes]]]:
    return draft.each(path, lambda skip: cells(path, columns, b"\t", draft.progress, skip))


def _concepts(path: Path, draft: Draft) -> None:
    for number, (code, since, active, module, status) in _rows(path, CONCEPT, draft):
        if not code.isdigit():
            raise SourceError(f"{path.name}:{number}: the id is not a number")
        try:
            concept = draft.concept(code.decode(), flags=0 if active == b"1" else INACTIVE)
        except SourceError as error:
            raise SourceError(f"{path.name}:{number}: {error}") from None
        draft.property(concept, "effectiveTime", text(path, number, since), "string")
        draft.property(concept, "moduleId", text(path, number, module), "code")
        draft.property(concept, "sufficientlyDefined", status == DEFINED, "boolean")
        draft.property(concept, "inactive", active != b"1", "boolean")


def _preferred(path: Path, language: str, draft: Draft) -> array[int]:
    """The ids of the descriptions that the language refset prefers, ascending."""
    wanted = REFSETS.get(language.lower(), language).encode()
    if not wanted.isdigit():
        raise SourceError(f"no language refset is known for {language!r}: name its SCTID")
    found = array("Q")
    files = sorted(path.rglob("der2_cRefset_Language*Snapshot*.txt"))
    for each in files:
        for number, row in cells(each, LANGUAGE, b"\t", draft.progress):
            if row[4] == wanted and row[2] == b"1" and row[6] == PREFERRED:
                if not row[5].isdigit():
                    raise SourceError(f"{each.name}:{number}: the component's id is not a number")
                found.append(int(row[5]))
    if not found:
        raise SourceError(f"{path.name}: no language refset {wanted.decode()} in its snapshot")
    return array("Q", sorted(found))


def _descriptions(path: Path, draft: Draft, preferred: array[int]) -> None:
    """Adds names; the preferred synonym is the display, else the fully specified name."""
    for number, row in _rows(path, DESCRIPTION, draft):
        identifier, _, active, _, code, language, kind, term, _ = row
        if active != b"1":
            continue
        concept = draft.number(code.decode("ascii", "replace"))
        if concept < 0 or not identifier.isdigit():
            raise SourceError(f"{path.name}:{number}: a description of no concept of the snapshot")
        if kind not in USES:
            raise SourceError(f"{path.name}:{number}: a description of no known type")
        named = text(path, number, term)
        if USES[kind] == "definition":
            draft.property(concept, "definition", named, "string")
            continue
        added = draft.term(concept, named, USES[kind], language.decode("ascii", "replace"))
        wanted = int(identifier)
        at = bisect_left(preferred, wanted)
        best = kind == SYNONYM and at < len(preferred) and preferred[at] == wanted
        if best or (kind != SYNONYM and not draft.is_called(concept)):
            draft.call(concept, added)


def _relationships(path: Path, draft: Draft) -> None:
    for number, row in _rows(path, RELATIONSHIP, draft):
        if row[2] != b"1":
            continue
        code, target = row[4].decode("ascii", "replace"), row[5].decode("ascii", "replace")
        concept = draft.number(code)
        if concept < 0 or draft.number(target) < 0:
            missing = code if concept < 0 else target
            raise SourceError(f"{path.name}:{number}: no concept {missing} in the snapshot")
        if row[7] == IS_A:
            draft.below(concept, target, f"{path.name}:{number}")
        else:
            draft.property(concept, row[7].decode("ascii", "replace"), target, "code")
