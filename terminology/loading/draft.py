"""Writes a release into a folder while it is read: terms and properties go to disk at once.

Memory: what interning the codes takes, about 250 bytes a concept, and 20 bytes a term or property.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import msgspec
import numpy as np

from kernels import codes
from terminology import hierarchy
from terminology.coding import wordindex
from terminology.entry import Drug, Entry
from terminology.errors import SourceError
from terminology.hierarchy import Array
from terminology.index import pack_strings
from terminology.loading import checkpoint
from terminology.loading.columndraft import ColumnDraft
from terminology.loading.layout import (
    BILLABLE,
    DISPLAY,
    DRUG,
    FORMAT,
    INACTIVE,
    MANIFEST,
    NAME,
    PROPERTIES,
    TERMS,
    read_array,
)
from terminology.loading.lines import Progress, silent
from terminology.loading.resumable import Resumable
from terminology.loading.source import Head

NAMELESS, _UNDEFINED = -1, -2  # in place of the number of the term that is the display


class Draft(Resumable):
    """A release that is being written. Concepts are numbered as they are first named."""

    def __init__(self, folder: Path, progress: Progress = silent, key: str = "") -> None:
        """`folder` is new or has a checkpoint; `progress` hears (stage, done, total).

        `key` is what checkpoints are told by; without one there are none.
        """
        saved = checkpoint.read(folder) if key else None
        if saved is None:
            folder.mkdir(parents=True)
            facts = checkpoint.Facts(key, [], [], [], {}, {}, [], {}, {}, {}, [])
            self._terms = ColumnDraft.open(folder / TERMS)
            self._properties = ColumnDraft.open(folder / PROPERTIES)
            self._flags = bytearray()
            self._displays, self._child, self._parent = array("i"), array("I"), array("I")
        else:
            facts, arrays = saved
            self._terms = ColumnDraft.reopen(folder / TERMS, facts.texts[TERMS], arrays[:3])
            self._properties = ColumnDraft.reopen(
                folder / PROPERTIES, facts.texts[PROPERTIES], arrays[3:6]
            )
            self._flags = bytearray(arrays[6])
            self._displays, self._child, self._parent = checkpoint.restored("iII", arrays[7:])
        self._numbers = {code: number for number, code in enumerate(facts.codes)}
        self._term_keys = {each: number for number, each in enumerate(facts.term_keys)}
        self._property_keys = {each: number for number, each in enumerate(facts.property_keys)}
        self._awaited, self._kinds, self.told = facts.awaited, facts.kinds, facts.told
        super().__init__(folder, progress, key, facts.stages, facts.places)

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, code: str) -> int:
        """The number of a concept that is defined, or -1."""
        number = self._numbers.get(code, -1)
        return number if number >= 0 and self._displays[number] != _UNDEFINED else -1

    def concept(
        self, code: str, display: str = "", language: str = "en", flags: int = 0, kind: str = ""
    ) -> int:
        """Defines a concept and gives its number; raises SourceError where it was defined."""
        number = self._intern(code)
        if self._displays[number] != _UNDEFINED:
            raise SourceError(f"code {code!r} occurs twice")
        self._flags[number] |= flags
        self._awaited.pop(number, None)
        named = self.term(number, display, DISPLAY, language, kind) if display else NAMELESS
        self._displays[number] = named
        return number

    def call(self, concept: int, term: int) -> None:
        """Makes a term the concept's display."""
        self._displays[concept] = term

    def is_called(self, concept: int) -> bool:
        """Whether the concept has a display."""
        return self._displays[concept] >= 0

    def flag(self, concept: int, flags: int) -> None:
        """Adds INACTIVE, ABSTRACT or BILLABLE."""
        self._flags[concept] |= flags

    def term(self, concept: int, text: str, use: str, language: str = "en", kind: str = "") -> int:
        """Adds a name and gives its number; `kind` is the TermKind of a phrase that notes hold."""
        key = self._term_keys.setdefault((use, kind, language), len(self._term_keys))
        self._terms.add(concept, key, text.encode())
        return len(self._terms.owners) - 1

    def property(self, concept: int, code: str, value: str | bool | int, kind: str) -> None:
        """A property of a concept; `kind` is the FHIR type of its value."""
        if not isinstance(value, str):
            value = str(value).lower()
        key = self._property_keys.setdefault((code, kind), len(self._property_keys))
        self._properties.add(concept, key, value.encode())

    def made(self, concept: int, drug: Drug) -> None:
        """Keeps what a clinical drug is made of."""
        self.property(concept, DRUG, msgspec.json.encode(drug).decode(), "string")

    def below(self, concept: int, parent: str, where: str) -> None:
        """Puts a concept under another, which may come later; `where` is told if it never does."""
        above = self._intern(parent)
        if self._displays[above] == _UNDEFINED:
            self._awaited.setdefault(above, where)
        self._child.append(concept)
        self._parent.append(above)

    def entry(self, entry: Entry) -> None:
        """Adds a concept with all that is known of it."""
        kinds = {name.text: name.kind.value for name in entry.names}
        concept = self.concept(
            entry.code,
            entry.display,
            flags=BILLABLE * entry.billable,
            kind=kinds.pop(entry.display, ""),
        )
        for named in entry.designations:
            kind = kinds.pop(named.value, "")
            self.term(concept, named.value, named.use, named.language, kind)
        for text, kind in kinds.items():
            self.term(concept, text, NAME, kind=kind)
        for told in entry.properties:
            self.property(concept, told.code, told.value, told.kind)
            if told.code == "inactive" and told.value is True:
                self.flag(concept, INACTIVE)
        if entry.drug is not None:
            self.made(concept, entry.drug)
        if entry.parent:
            self.below(concept, entry.parent, entry.code)

    def abandon(self) -> None:
        """Closes the files, which stay where they are."""
        self._terms.file.close()
        self._properties.file.close()

    def finish(self, head: Head, *, words: bool = True) -> None:
        """Writes the hierarchy and, where wanted, the index of words; the manifest comes last.

        Raises SourceError for parents that are not defined, and for concepts above themselves.
        """
        if self._awaited:
            number, where = next(iter(self._awaited.items()))
            code = self._code(number)
            raise SourceError(f"{where}: its parent {code!r} is not in the release")
        if not self._displays:
            raise SourceError("no code in the release")
        steps = [("hierarchy", self._tree), ("terms", self._columns), ("codes", self._coded)]
        steps += [("words", self._worded)] if words else []
        for done, (stage, step) in enumerate(steps):
            self.progress(stage, done, len(steps))
            self.once(stage, type(None), step)
        self._write(head, len(self._displays))
        self.progress("done", len(steps), len(steps))

    def _tree(self) -> None:
        pairs = np.array(self._child, np.uint32), np.array(self._parent, np.uint32)
        self._child, self._parent = array("I"), array("I")
        try:
            ancestry, tree = hierarchy.build(len(self._displays), *pairs)
        except SourceError as error:
            raise SourceError(f"code {self._code(error.args[1])!r} {error.args[0]}") from None
        self._keep("hierarchy.", tree)
        self._keep("", {"codes": codes.build(list(self._numbers), ancestry)})

    def _columns(self) -> None:
        count = len(self._displays)
        self._keep("term.", self._terms.finish(count))
        self._keep("property.", self._properties.finish(count))
        self._keep("", {"display": np.array(self._displays, np.int32)})
        self._keep("", {"flags": np.frombuffer(bytes(self._flags), np.uint8)})

    def _coded(self) -> None:
        spelled = list(self._numbers)
        self._numbers.clear()
        self._keep("", pack_strings("code", spelled))
        self._keep("words.codes.", wordindex.build(iter([spelled]), typos=False))

    def _worded(self) -> None:
        offsets = read_array(self.folder / "term.offsets.bin", self._kinds["term.offsets"])
        texts = wordindex.texts(self.folder / TERMS, offsets)
        self._keep("words.terms.", wordindex.build(texts))

    def _checkpoint(self) -> None:
        columns = {TERMS: self._terms, PROPERTIES: self._properties}
        for column in columns.values():
            column.settle()
        facts = checkpoint.Facts(
            self._key,
            list(self._numbers),
            list(self._term_keys),
            list(self._property_keys),
            self._awaited,
            self._kinds,
            self._stages,
            self._places,
            self.told,
            {name: (self.folder / name).stat().st_size for name in columns},
            [],
        )
        arrays = [
            part for each in columns.values() for part in (each.owners, each.keys, each.sizes)
        ]
        own = (self._flags, self._displays, self._child, self._parent)
        checkpoint.write(self.folder, facts, (*arrays, *own))

    def _keep(self, prefix: str, arrays: Mapping[str, Array]) -> None:
        """Writes arrays at once, so that no more than a few are in memory."""
        for name, values in arrays.items():
            self._kinds[prefix + name] = str(values.dtype)
            path = self.folder / f"{prefix}{name}.bin"
            values.tofile(path)
            self._unsettled.append(path)

    def _write(self, head: Head, count: int) -> None:
        manifest = {
            "format": FORMAT,
            "head": asdict(head),
            "count": count,
            "terms": [list(key) for key in self._term_keys],
            "properties": [list(key) for key in self._property_keys],
            "arrays": self._kinds,
            "sizes": {each.name: each.stat().st_size for each in self.folder.glob("*.bin")},
        }
        (self.folder / MANIFEST).write_text(json.dumps(manifest))

    def _intern(self, code: str) -> int:
        number = self._numbers.setdefault(code, len(self._numbers))
        if number == len(self._displays):
            self._displays.append(_UNDEFINED)
            self._flags.append(0)
        return number

    def _code(self, number: int) -> str:
        return next(code for code, each in self._numbers.items() if each == number)
