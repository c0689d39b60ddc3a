"""Names of drugs that no phrase of the dictionary is: of products only, clipped ones, classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from kernels.gazetteer import Gazetteer
from kernels.text import Tokens
from terminology.index import Array, Index, pack_strings

GROUP, TOLD = "othernames", "othernames.told"


class OtherName(msgspec.Struct, frozen=True, gc=False):
    """What such a name tells; `by_class` where a class of drugs is meant."""

    ingredients: tuple[str, ...]
    by_class: bool = False
    products: tuple[tuple[float, str], ...] = ()  # amount of one unit or vial, code
    clipped: str = ""  # the code of the ingredient whose name is cut short


_TOLD = msgspec.json.Decoder(OtherName)


def arrays_of(names: Mapping[str, OtherName]) -> dict[str, Array]:
    """The arrays of OtherNames over these names, in whatever order they come the same."""
    ordered = sorted(names)
    told = (msgspec.json.encode(names[name]).decode() for name in ordered)
    group = Gazetteer.build(ordered).arrays()
    return {
        **{f"{GROUP}/{key}": array for key, array in group.items()},
        **pack_strings(TOLD, told),
    }


class OtherNames:
    """Finds such names in texts. Immutable: threads may share it."""

    def __init__(self, index: Index) -> None:
        self._gazetteer = Gazetteer.from_arrays(index.group(GROUP))
        self._told = index.strings(TOLD)

    def find(self, tokens: Tokens) -> Iterator[tuple[int, int, OtherName]]:
        """(start, end, what is told) of each name in a text, in code points."""
        for first, last, name in self._gazetteer.match(tokens).tolist():
            start, end = int(tokens.starts[first]), int(tokens.ends[last - 1])
            yield start, end, _TOLD.decode(self._told.raw(name))
