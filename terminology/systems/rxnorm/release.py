"""RxNorm from an official release in Rich Release Format: RXNCONSO, RXNREL and RXNSAT.

Format: https://www.nlm.nih.gov/research/umls/rxnorm/docs/techdoc.html (sections 12.4 to 12.7).
The full release and the prescribable subset are alike; content with SAB=RXNORM is read. In RXNREL
the second concept has the relation to the first. Memory: 2 KiB a concept, 12 bytes a relation.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from terminology.entry import DRUG_KINDS, Drug, Release
from terminology.errors import SourceError
from terminology.loading.draft import Draft
from terminology.loading.layout import INACTIVE
from terminology.loading.lines import Progress
from terminology.loading.source import Head, Options
from terminology.loading.store import Store
from terminology.systems.rxnorm.rrf import files, rows, version
from terminology.types import RXNORM

DOWN = frozenset({"consists_of", "has_ingredient", "contains", "has_part", "form_of"})
SYNONYMS = ("PSN", "SY", "TMSY")
CONCEPTS = (*DRUG_KINDS, "DF", "DFG")
ATTRIBUTES = {
    # RXNSAT's ATN: name of the property
    "RXN_AVAILABLE_STRENGTH": "strength",
    "RXN_STRENGTH": "strength",
    "RXN_QUANTITY": "quantity",
    "RXN_HUMAN_DRUG": "human_drug",
    "RXN_QUALITATIVE_DISTINCTION": "qualitative_distinction",
    "RXTERM_FORM": "rxterm_form",
}


Called = tuple[str, str, str]  # code, term type, name
TTY, TEXT = 1, 2


class PackedRelations(NamedTuple):
    """The names of all relations, and owner << 40 | name << 32 | target of each, ascending."""

    names: list[str]
    pairs: bytes


@dataclass(slots=True)
class Atoms:
    """What RXNCONSO says of one RXCUI."""

    tty: str = ""
    name: str = ""
    active: bool = False
    synonyms: list[tuple[str, str]] = field(default_factory=list)


def load(path: Path, draft: Draft, options: Options) -> Head:
    """Reads the folder of a release; obsolete concepts are inactive and have no names to match.

    Raises SourceError, with file and line, where a file is missing or a row is broken.
    """
    conso, rel, sat = files(path)
    called = draft.once("atoms", list[Called], lambda: _concepts(conso, draft))
    codes = [code for code, _, _ in called]
    numbers = {code: number for number, code in enumerate(codes)}
    found = draft.once("relations", PackedRelations, lambda: _packed(rel, numbers, draft.progress))
    strengths = draft.once("attributes", dict[int, str], lambda: _attributes(sat, numbers, draft))
    relations = _Relations(found, len(codes))
    drugs = _Drugs(called, relations, strengths)
    for number in range(len(codes)):
        for relation, to in relations.of(number):
            draft.property(number, relation, codes[to], "code")
        drug = drugs.of(number, codes)
        if drug is not None:
            draft.made(number, drug)
            if drug.form:
                draft.property(number, "dose_form", drug.form, "string")
    source = f"RxNorm, U.S. National Library of Medicine; {path.name}"
    return Head(RXNORM, "RxNorm", options.version or version(path, conso), source)


def read(folder: Path) -> Release:
    """The whole release in memory; raises SourceError as load() does."""
    with TemporaryDirectory() as place:
        draft = Draft(Path(place) / "rxnorm")
        try:
            draft.finish(load(folder, draft, Options()), words=False)
        finally:
            draft.abandon()
        return Store(draft.folder).release()


def _atoms(path: Path, progress: Progress) -> dict[str, Atoms]:
    found: dict[str, Atoms] = defaultdict(Atoms)
    for row in rows(path, progress):
        code, sab, tty, name, suppress = row[0], row[11], row[12], row[14], row[16]
        if sab != "RXNORM" or suppress in ("Y", "E"):
            continue
        atoms = found[code]
        if tty in SYNONYMS:
            if suppress == "N" and (tty, name) not in atoms.synonyms:
                atoms.synonyms.append((tty, name))
        elif tty in CONCEPTS and (not atoms.tty or (suppress == "N" and not atoms.active)):
            atoms.tty, atoms.name, atoms.active = tty, name, suppress == "N"
    return {code: atoms for code, atoms in found.items() if atoms.tty}


def _concepts(path: Path, draft: Draft) -> list[Called]:
    """Defines every concept, in order of its code; gives what they are called."""
    atoms = _atoms(path, draft.progress)
    if not atoms:
        raise SourceError(f"{path.name}: no row of SAB=RXNORM in it")
    for code in sorted(atoms):
        _concept(draft, code, atoms[code])
    return [(code, atoms[code].tty, atoms[code].name) for code in sorted(atoms)]


def _concept(draft: Draft, code: str, atoms: Atoms) -> None:
    kind = DRUG_KINDS.get(atoms.tty) if atoms.active else None
    called = kind.value if kind else ""
    flags = 0 if atoms.active else INACTIVE
    number = draft.concept(code, atoms.name, flags=flags, kind=called)
    for tty, name in atoms.synonyms:
        draft.term(number, name, tty, kind=called)
    draft.property(number, "TTY", atoms.tty, "code")
    if not atoms.active:
        draft.property(number, "inactive", True, "boolean")


def _packed(path: Path, numbers: dict[str, int], progress: Progress) -> PackedRelations:
    """The relations of RXNREL between these concepts."""
    names: dict[str, int] = {}
    owners, kinds, targets = array("I"), array("H"), array("I")
    for row in rows(path, progress):
        to, code, relation, sab, suppress = row[0], row[4], row[7], row[10], row[14]
        owner, target = numbers.get(code), numbers.get(to)
        known = relation and owner is not None and target is not None
        if known and sab == "RXNORM" and suppress in ("", "N", "O"):
            owners.append(owner or 0)
            kinds.append(names.setdefault(relation, len(names)))
            targets.append(target or 0)
    ordered = sorted(names)
    rank = np.array([ordered.index(name) for name in names], np.uint64)
    pairs = np.array(owners, np.uint64) << np.uint64(40)
    if len(pairs):
        pairs |= rank[np.array(kinds)] << np.uint64(32)
    return PackedRelations(ordered, np.unique(pairs | np.array(targets, np.uint64)).tobytes())


class _Relations:
    """What _found gives, for each concept its relations, by name and then by number."""

    def __init__(self, found: PackedRelations, count: int) -> None:
        self._names = found.names
        pairs = np.frombuffer(found.pairs, np.uint64)
        owners = (pairs >> np.uint64(40)).astype(np.int64)
        self._values = pairs  # ascending, so that each owner's lie together
        self._starts = np.searchsorted(owners, np.arange(count + 1)).tolist()

    def of(self, concept: int) -> list[tuple[str, int]]:
        """(relation, concept) of each relation that the concept has."""
        found = self._values[self._starts[concept] : self._starts[concept + 1]].tolist()
        return [(self._names[pair >> 32 & 0xFF], pair & 0xFFFFFFFF) for pair in found]


def _attributes(path: Path, numbers: dict[str, int], draft: Draft) -> dict[int, str]:
    """Adds the attributes as properties, once each; gives the strengths."""
    strengths: dict[int, str] = {}
    seen: set[tuple[int, str, str]] = set()
    for row in rows(path, draft.progress):
        code, name, sab, value, suppress = row[0], row[8], row[9], row[10], row[11]
        number = numbers.get(code)
        if name in ATTRIBUTES and sab == "RXNORM" and suppress != "Y" and number is not None:
            told = (number, ATTRIBUTES[name], value)
            if told in seen:
                continue
            seen.add(told)
            draft.property(*told, "string")
            if told[1] == "strength":
                strengths[number] = min(value, strengths.get(number, value))
    return strengths


class _Drugs:
    """Composes a clinical drug's ingredients, brand, strength and form from its relations."""

    def __init__(
        self, called: list[Called], relations: _Relations, strengths: dict[int, str]
    ) -> None:
        self._called, self._relations, self._strengths = called, relations, strengths

    def of(self, concept: int, codes: list[str]) -> Drug | None:
        """The structure of one concept, None for a dose form."""
        if self._called[concept][TTY] not in DRUG_KINDS:
            return None
        by_tty: dict[str, list[str]] = defaultdict(list)
        for each in sorted(self._reached(concept)):
            by_tty[self._called[each][TTY]].append(codes[each])
        forms = [to for name, to in self._relations.of(concept) if name == "has_dose_form"]
        return Drug(
            tuple(by_tty["IN"]),
            by_tty["BN"][0] if by_tty["BN"] else "",
            self._strengths.get(concept, ""),
            self._called[forms[0]][TEXT] if forms else "",
        )

    def _reached(self, concept: int) -> set[int]:
        """What the drug consists of, at any depth."""
        reached: set[int] = set()
        waiting = [concept]
        while waiting:
            current = waiting.pop()
            brand = self._called[current][TTY] == "BN"
            for relation, to in self._relations.of(current):
                leads = relation in DOWN or (brand and relation == "tradename_of")
                if leads and to != concept and to not in reached:
                    reached.add(to)
                    waiting.append(to)
        return reached
