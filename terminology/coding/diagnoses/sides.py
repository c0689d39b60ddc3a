"""The side that a phrase names: "hip fracture left" is a hip fracture, of the left femur."""

from __future__ import annotations

from collections.abc import Iterator

from terminology.coding.canonical import lettered, lexemes, stem, within
from terminology.index import Index

SIDES = {
    **dict.fromkeys(("left", "lt", "l", "os"), "left"),
    **dict.fromkeys(("right", "rt", "r", "od"), "right"),
    **dict.fromkeys(("bilateral", "bilat", "bil", "blt", "both", "ou"), "bilateral"),
}
_PAIRED = frozenset(("eye", "eyes", "ear", "ears", "side", "sided"))
_OPEN = "unspecified"
# words that the title of a side has or leaves out, beside that of an unspecified one
_LEFT_OUT = "unspecified unilateral primary eye ear"
_HEARS = "unrestricted contralateral side"  # of a deaf ear it is told that the other hears
_BESIDE = frozenset(map(stem, f"{_LEFT_OUT} {_HEARS}".split()))
# which side is dominant where nobody says so (ICD-10-CM guidelines I.C.6.a)
_HANDED = {"left": {"nondominant"}, "right": {"dominant"}, "bilateral": set()}
_SEVENTH = 8  # characters, with the dot, of a code with its 7th character


def parted(normal: str) -> tuple[str, str]:
    """A normalised phrase without its side, and the side; both empty where it names not one."""
    said = lettered(normal).split()
    named = {place: SIDES[word] for place, word in enumerate(said) if word in SIDES}
    if len(set(named.values())) != 1 or len(named) == len(said):
        return "", ""
    bare = " ".join(word for place, word in enumerate(said) if place not in named)
    return bare, next(iter(named.values()))


def unsited(normal: str) -> str:
    """A normalised phrase without the part that has two sides: "cyst of the eye", "deaf ear"."""
    return " ".join(word for word in normal.split() if word not in _PAIRED)


def is_open(index: Index, concept: int) -> bool:
    """Whether a code leaves something unspecified, as may be its side."""
    return _OPEN in index.displays[concept].lower()


def sided(index: Index, concept: int, side: str) -> int:
    """The code that says of a side what this one says of an unspecified one, -1 for none."""
    display = index.displays[concept]
    if not is_open(index, concept):
        return -1
    wanted = _title_words(display) | {side}
    for each in _beside(index, concept):
        shown = index.displays[each]
        if side in shown.lower() and _title_words(shown) - _HANDED[side] == wanted:
            return each
    return -1


def nearest(index: Index, concept: int, side: str, bare: str) -> int:
    """The code of a side near one that a phrase names, -1 for none and for several.

    "Abscess of limb" has no side of its own, but the axilla of "axillary abscess" has.
    """
    told = within(lexemes(bare))
    wanted = _title_words(index.displays[concept]) | told | {side}
    found: dict[int, tuple[int, bool]] = {}
    for each in _near(index, concept):
        shown = index.displays[each]
        if side in shown.lower() and (said := _title_words(shown) - _HANDED[side]) <= wanted:
            found[each] = len(said & told), _OPEN in shown.lower()
    most = max(found.values(), default=(0, False))
    likeliest = [each for each, shared in found.items() if shared == most]
    return likeliest[0] if len(likeliest) == 1 and most[0] else -1


def _near(index: Index, concept: int) -> Iterator[int]:
    """The billable codes below what stands two above; of an injury those of the same encounter."""
    top = concept
    for _ in range(2):
        top = index.parents[top] if index.parents[top] >= 0 else top
    code, below = index.codes[concept], [top]
    while below:
        each = below.pop()
        below += index.children[each]
        if index.billable[each] and (len(code) < _SEVENTH or _encounter(index, each, code)):
            yield each


def _title_words(display: str) -> frozenset[str]:
    """The words of a title without those that only go with a side: "unilateral primary"."""
    return frozenset(lexemes(display)) - _BESIDE


def _beside(index: Index, concept: int) -> Iterator[int]:
    """The codes beside one and below those; of an injury those of the same encounter."""
    parent = index.parents[concept]
    if parent < 0:
        return
    for child in index.children[parent]:
        yield child
        yield from (each for each in index.children[child] if index.billable[each])
    code, above = index.codes[concept], index.parents[parent]
    if len(code) == _SEVENTH and above >= 0:
        for other in index.children[above]:
            yield from (each for each in index.children[other] if _encounter(index, each, code))


def _encounter(index: Index, concept: int, code: str) -> bool:
    return index.codes[concept][-1] == code[-1]
