"""Languages that somebody prefers: BCP 47 tags with weights, as in Accept-Language (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

ANY = "*"
LISTED = 50  # tags, each of which may be compared with each name
_RANGE = re.compile(r"(\*|[a-z]{1,8}(-[a-z0-9]{1,8}|-\*)*)\s*(;\s*q\s*=\s*[01](\.\d{0,3})?)?", re.I)


@dataclass(frozen=True, slots=True)
class Languages:
    """Tags from the most wanted on; `only` says that no other language will do (`*;q=0`)."""

    told: str = ""  # as it was asked for
    tags: tuple[str, ...] = ()
    only: bool = False

    def __bool__(self) -> bool:
        return bool(self.tags)

    def fits(self, tag: str) -> bool:
        """Whether a text in this language is one of those wanted."""
        return any(matches(wanted, tag) for wanted in self.tags)

    def best(self, tags: Iterable[str]) -> int:
        """The place, among languages of texts, of the one wanted most; -1 where none is."""
        offered = list(tags)
        for wanted in self.tags:
            for accept in (same, matches):
                for place, tag in enumerate(offered):
                    if accept(wanted, tag):
                        return place
        return -1

    @property
    def summary(self) -> str:
        """The tags for a message, "--" where nothing was asked for."""
        return ", ".join(self.tags) or "--"


def parse(header: str) -> Languages:
    """The languages of an Accept-Language value or a single tag; what can't be read is left out.

    Of very many, those wanted most stay.
    """
    weighted: list[tuple[float, str]] = []
    only = False
    for each in header.split(","):
        tag, _, rest = each.partition(";")
        tag = tag.strip()
        weight = _weight(rest)
        if tag == ANY:
            only = only or weight == 0
        elif tag and weight > 0:
            weighted.append((weight, tag))
    weighted.sort(key=lambda pair: -pair[0])
    return Languages(header.strip(), tuple(tag for _, tag in weighted[:LISTED]), only)


def is_well_formed(header: str) -> bool:
    """Whether a text is tags or ranges with weights, as Accept-Language has them (RFC 4647)."""
    return all(_RANGE.fullmatch(each.strip()) for each in header.split(","))


def same(wanted: str, tag: str) -> bool:
    """Whether two tags are equal, whatever their case."""
    return wanted.casefold() == tag.casefold()


def matches(wanted: str, tag: str) -> bool:
    """Whether a text in `tag` serves who wants `wanted`: de-CH serves de, and de serves de-CH."""
    w, t = wanted.casefold().split("-"), tag.casefold().split("-")
    shorter = min(len(w), len(t))
    return bool(tag) and w[:shorter] == t[:shorter]


def _weight(rest: str) -> float:
    name, _, value = rest.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
