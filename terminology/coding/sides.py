"""The side that a phrase names: "hip fracture left" is a hip fracture, of the left femur."""

from __future__ import annotations

from collections.abc import Iterator

from terminology.index import Index

SIDES = {
    **dict.fromkeys(("left", "lt", "l"), "left"),
    **dict.fromkeys(("right", "rt", "r"), "right"),
    **dict.fromkeys(("bilateral", "bilat", "bil", "both"), "bilateral"),
}
_OPEN = "unspecified "
_SEVENTH = 8  # characters, with the dot, of a code with its 7th character


def parted(normal: str) -> tuple[str, str]:
    """A normalised phrase without its side, and the side; both empty where it names not just one.

    A letter alone is a side among several words only: "R hip fx", but not "hepatitis L".
    """
    said = normal.split()
    named = {
        place: SIDES[word]
        for place, word in enumerate(said)
        if word in SIDES and (len(word) > 1 or len(said) > 2)
    }
    if len(set(named.values())) != 1 or len(named) == len(said):
        return "", ""
    bare = " ".join(word for place, word in enumerate(said) if place not in named)
    return bare, next(iter(named.values()))


def sided(index: Index, concept: int, side: str) -> int:
    """The code that says of a side what this one says of an unspecified one, -1 for none."""
    head, _, noun = index.displays[concept].lower().rpartition(_OPEN)
    if not noun:
        return -1
    body, comma, rest = noun.partition(",")
    wanted = {f"{head}{side} {noun}", f"{head}{side} {body}s{comma}{rest}"}
    if body in ("eye", "ear"):  # "Glaucoma, bilateral"
        wanted.add(f"{head}{side}{comma}{rest}")
    return next((each for each in _beside(index, concept) if _is(index, each, wanted)), -1)


def _is(index: Index, concept: int, wanted: set[str]) -> bool:
    return index.displays[concept].lower() in wanted


def _beside(index: Index, concept: int) -> Iterator[int]:
    """The codes beside one; of an injury those of the same encounter."""
    parent = index.parents[concept]
    if parent < 0:
        return
    yield from index.children[parent]
    code, above = index.codes[concept], index.parents[parent]
    if len(code) == _SEVENTH and above >= 0:
        for other in index.children[above]:
            yield from (each for each in index.children[other] if _encounter(index, each, code))


def _encounter(index: Index, concept: int, code: str) -> bool:
    return index.codes[concept][-1] == code[-1]
