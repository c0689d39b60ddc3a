"""The concepts of an index: codes, names, hierarchy, what else is known of them."""

from __future__ import annotations

import json

import msgspec
import numpy as np

from kernels import codes
from kernels.codes import Ancestry
from terminology import hierarchy
from terminology.coding.diagnoses.defaults import defaults
from terminology.coding.drugs.products import arrays_of
from terminology.entry import Entry, Release
from terminology.errors import SourceError
from terminology.index import Array, Row, pack_strings
from terminology.systems import SYSTEMS
from terminology.types import RXNORM, Property


def concepts_of(releases: list[Release]) -> tuple[list[Row], dict[str, Array]]:
    """The rows of the systems, and what is known of their concepts; raises SourceError."""
    entries: list[Entry] = []
    rows: list[Row] = []
    parents: list[int] = []
    meant: list[int] = []
    for system, release in zip(SYSTEMS, releases, strict=True):
        first = len(entries)
        own = sorted(release.entries, key=lambda entry: entry.code)
        numbers = {entry.code: first + number for number, entry in enumerate(own)}
        if len(numbers) != len(own):
            raise SourceError(f"{system.title} {release.version}: a code occurs twice")
        meant += [first + each if each >= 0 else -1 for each in defaults(own)]
        parents += [numbers[entry.parent] if entry.parent else -1 for entry in own]
        entries += own
        rows.append(
            Row(
                system.url,
                system.alias,
                system.title,
                release.version,
                release.content,
                release.source,
                first,
                len(entries),
            )
        )
    ancestry, tree = _tree(parents)
    return rows, {
        **pack_strings("concept.code", (entry.code for entry in entries)),
        **pack_strings("concept.display", (entry.display for entry in entries)),
        **_details(entries),
        **{name: array for row in rows for name, array in _listed(row, entries).items()},
        **{f"codes.{row.alias}": _coded(row, entries, ancestry) for row in rows},
        **tree,
        "concept.default": np.array(meant, np.int32),
        "concept.billable": np.array([entry.billable for entry in entries], np.uint8),
    }


def _listed(row: Row, entries: list[Entry]) -> dict[str, Array]:
    """What is told of a system as a whole: properties, what its drugs are made of."""
    own = entries[row.first : row.last]
    used = (each for entry in own for each in entry.properties)
    declared = json.dumps(list(dict.fromkeys((each.code, each.kind) for each in used)))
    return {
        f"declared.{row.alias}": np.frombuffer(declared.encode(), np.uint8),
        **(arrays_of(own, row.first) if row.url == RXNORM else {}),
    }


def _coded(row: Row, entries: list[Entry], ancestry: Ancestry) -> codes.Block:
    """The codes of a system, numbered as all its index's concepts are."""
    own = slice(row.first, row.last)
    first, last, place, lists = ancestry
    ancestry = Ancestry(first[own], last[own], place[own], lists)
    return codes.build([entry.code for entry in entries[own]], ancestry, row.first)


def _tree(parents: list[int]) -> tuple[Ancestry, dict[str, Array]]:
    """The hierarchy by the parent of each concept, -1 for none."""
    above = np.array(parents, np.int32)
    below = np.flatnonzero(above >= 0).astype(np.uint32)
    ancestry, tree = hierarchy.build(len(parents), below, above[below].astype(np.uint32))
    return ancestry, {
        # no file may be empty
        "concept.children.numbers": tree["children"] if len(below) else np.zeros(1, np.uint32),
        "concept.children.offsets": tree["child_offsets"],
        "concept.parent": above,
    }


def _details(entries: list[Entry]) -> dict[str, Array]:
    """What else is known of the concepts, as JSON; many have the same list of properties."""
    encode = msgspec.json.Encoder().encode
    places: dict[tuple[Property, ...], int] = {}
    told = [places.setdefault(entry.properties, len(places)) for entry in entries]
    return {
        **pack_strings("properties", (encode(each).decode() for each in places)),
        "concept.properties": np.array(told, np.uint32),
        **pack_strings("concept.designations", (encode(e.designations).decode() for e in entries)),
        **pack_strings("concept.made", (encode((e.tty, e.drug)).decode() for e in entries)),
    }
