"""Language tags (BCP 47, RFC 5646): which are well formed, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from terminology.facts import DATA, rows

SYSTEM = "urn:ietf:bcp:47"
GRANDFATHERED = {
    # irregular tags that the grammar of RFC 5646 does not give, in the case they are written in
    each.lower(): each
    for each in (
        *("en-GB-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon"),
        *("i-lux", "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu"),
        *("sgn-BE-FR", "sgn-BE-NL", "sgn-CH-DE"),
    )
}
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?P<extended>(?:-[a-z]{3}(?![a-z0-9])){0,3})"
    r"(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*)(?P<private>-x(?:-[a-z0-9]{1,8})+)?",
    re.ASCII | re.I,
)
_PRIVATE = re.compile(r"x(?:-[a-z0-9]{1,8})+", re.ASCII | re.I)
LONGEST = 100  # characters
# kind of subtag as filters name it: the group of the pattern
KINDS = {
    **{"language": "language", "ext-lang": "extended", "script": "script", "region": "region"},
    **{"variant": "variants", "extension": "extensions", "private-use": "private"},
}
SEVERAL = frozenset({"ext-lang", "variant"})


def written(tag: str) -> str | None:
    """The tag in the case that RFC 5646 (2.1.1) recommends; None where it is no tag.

    Languages of two letters and regions of two must be of ISO 639-1 and ISO 3166-1; longer
    subtags count by their form.
    """
    if len(tag) > LONGEST:
        return None
    if (whole := GRANDFATHERED.get(tag.lower())) or _PRIVATE.fullmatch(tag):
        return whole or tag.lower()
    found = _TAG.fullmatch(tag)
    if found is None:
        return None
    language, region = found["language"].lower(), (found["region"] or "").upper()
    if len(language) == 2 and ("language", language) not in names():
        return None
    if len(region) == 2 and ("region", region) not in names() and not _own(region):
        return None
    variants, singletons = found["variants"].lower(), found["extensions"].lower()
    if _twice(variants.split("-")[1:]) or _twice(re.findall(r"-([0-9a-wyz])(?=-)", singletons)):
        return None
    script = f"-{found['script'].title()}" if found["script"] else ""
    rest = f"{variants}{singletons}{(found['private'] or '').lower()}"
    return f"{language}{found['extended'].lower()}{script}{region and f'-{region}'}{rest}"


def covers(wide: str, tag: str) -> bool:
    """Whether a tag only adds subtags to another one (extended filtering, RFC 4647, 3.3.2)."""
    wanted, waiting = wide.lower().split("-"), tag.lower().split("-")
    if not GRANDFATHERED.keys().isdisjoint((wide.lower(), tag.lower())):
        return False
    if wanted.pop(0) != waiting.pop(0):
        return False
    for subtag in wanted:
        while waiting and waiting[0] != subtag and len(waiting[0]) > 1:
            waiting.pop(0)
        if not waiting or waiting.pop(0) != subtag:
            return False
    return True


def parts(tag: str) -> Iterator[tuple[str, str]]:
    """("language", "de"), ("region", "AT") of a tag that `written` gave; none of a whole one."""
    found = None if tag in GRANDFATHERED.values() else _TAG.fullmatch(tag)
    for kind, group in KINDS.items() if found else ():
        if told := ((found and found[group]) or "").strip("-"):
            yield from ((kind, each) for each in (told.split("-") if kind in SEVERAL else [told]))


def name(tag: str) -> str:
    """What a tag that `written` gave is called: "German (Austria)"; itself where none is known."""
    found = _TAG.fullmatch(tag)
    called = names().get(("language", found["language"])) if found else None
    if found is None or called is None:
        return tag
    told = [("script", found["script"]), ("region", found["region"])]
    parts = [names().get((kind, code), code) for kind, code in told if code]
    parts += [each for each in found["variants"].split("-") if each]
    return f"{called} ({', '.join(parts)})" if parts else called


@cache
def names() -> dict[tuple[str, str], str]:
    """(kind, subtag): what it is called; kinds are language, script and region."""
    table = rows(DATA / "languages.tsv", ["kind", "code", "name"])
    return {(kind, code): told for kind, code, told in table}


def _own(region: str) -> bool:
    """Whether a region is set aside for private use (RFC 5646, 2.2.4)."""
    return region in ("AA", "ZZ") or "QM" <= region <= "QZ" or "XA" <= region <= "XZ"


def _twice(given: list[str]) -> bool:
    return len(set(given)) < len(given)
