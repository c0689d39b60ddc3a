"""A search by reading: R4's expressions walked over plain JSON, values compared one by one.

It shares nothing with the server but the table of search parameters, so that both can be wrong only
by chance in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

Value = tuple[Any, str]  # with its type where a choice tells it
DATES = ("date", "dateTime", "instant", "Period", "Timing")
SUITED = {
    "date": DATES,
    "string": ("string", "markdown", "HumanName", "Address", "code", "uri"),
    "token": ("CodeableConcept", "Coding", "Identifier", "ContactPoint", "boolean", "code", "id", "string", "uri"),
    "reference": ("Reference", "canonical", "uri", "url"),
    "uri": ("uri", "url", "canonical", "oid", "uuid"),
}  # fmt: skip
COMPLEX = {each for listed in SUITED.values() for each in listed if each[0].isupper()}
TYPED = re.compile(r"[A-Z]\w*")
SINGLE = ("family", "text", "city", "district", "state", "postalCode", "country")
SEVERAL = ("given", "prefix", "suffix", "line")


def values(resource: dict[str, Any], kind: str, expression: str) -> list[Value]:
    """What an expression reaches in a resource that a parameter of the kind is made of."""
    found: list[Value] = []
    for branch in _split(expression, "|"):
        if branch.lstrip("(").partition(".")[0] in (
            resource["resourceType"], "Resource", "DomainResource",
        ):  # fmt: skip
            found += _walk(branch, resource)
    return [(v, t) for v, t in found if not t or t in SUITED[kind]]


def _split(text: str, sign: str) -> list[str]:
    parts, depth = [""], 0
    for each in text:
        depth += (each in "([") - (each in ")]")
        if each == sign and not depth:
            parts.append("")
        else:
            parts[-1] += each
    return [part.strip() for part in parts if part.strip()]


def _walk(path: str, resource: dict[str, Any]) -> list[Value]:
    if cast := re.fullmatch(r"\(?(\w[\w.]*) as (\w+)\)?", path):
        return [(v, t) for v, t in _walk(cast[1], resource) if not t or t == cast[2]]
    if path.startswith("("):
        inner, _, rest = path[1:].rpartition(")")
        found = _walk(inner, resource)
        steps = _split(rest, ".")
    else:
        found, steps = [(resource, "")], _split(path, ".")[1:]
    for step in steps:
        found = list(_step(found, step))
    return found


def _step(found: list[Value], step: str) -> Iterator[Value]:
    if kind := re.fullmatch(r"as\((\w+)\)", step):
        yield from ((v, t) for v, t in found if not t or t == kind[1])
    elif guard := re.fullmatch(r"where\((\w+)\s*=\s*'([^']*)'\)", step):
        yield from ((v, t) for v, t in found if v.get(guard[1]) == guard[2])
    elif kind := re.fullmatch(r"where\(resolve\(\) is (\w+)\)", step):
        yield from ((v, t) for v, t in found if named(v) == kind[1])
    else:
        for value, _ in found:
            yield from _children(value, step)


def _children(value: Any, name: str) -> Iterator[Value]:
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        typed = key[len(name) :] if key.startswith(name) else "-"
        if typed and not TYPED.fullmatch(typed):
            continue
        kind = typed if typed in COMPLEX else typed[:1].lower() + typed[1:]
        for each in inner if isinstance(inner, list) else [inner]:
            if each is not None:
                yield each, kind


def named(reference: Any) -> str:
    """The type that a reference tells of by its last segments."""
    text = reference.get("reference", "").partition("/_history/")[0]
    found = re.search(r"(?:^|/)([A-Z]\w+)/[^/]+$", text)
    return found[1] if found else ""


def target(value: Any) -> tuple[str, str]:
    """Type and id of a reference to a resource here, ("", text) of another."""
    if not isinstance(value, dict):
        return "", value  # a canonical
    text = value.get("reference", "")
    here = re.fullmatch(r"([A-Z]\w+)/([^/]+)(/_history/.*)?", text)
    return (here[1], here[2]) if here else ("", text)


def tokens(value: Any) -> list[tuple[str | None, str]]:
    """(system, code); the system is None where the element has no place for one."""
    if isinstance(value, bool):
        return [(None, str(value).lower())]
    if isinstance(value, str):
        return [(None, value)]
    if "coding" in value:
        return [(c.get("system", ""), c.get("code", "")) for c in value["coding"]]
    if "code" in value:
        return [(value.get("system", ""), value["code"])]
    contact = value.get("system") in ("phone", "fax", "email", "pager", "url", "sms", "other")
    return [(None if contact else value.get("system", ""), value.get("value", ""))]


def strings(value: Any) -> list[str]:
    """Every text of a string, a name or an address."""
    if isinstance(value, str):
        return [value]
    single = [value[name] for name in SINGLE if name in value]
    return single + [each for name in SEVERAL for each in value.get(name, ()) if each]


def plain(text: str) -> str:
    """Text without case and accents."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def span(text: str) -> tuple[datetime, datetime]:
    """The first moment of a date, and the one after its last."""
    if len(text) > 10:
        start = datetime.fromisoformat(text)
        start = start if start.tzinfo else start.replace(tzinfo=UTC)
        digits = re.search(r"\.(\d+)", text)
        wide = 10 ** max(0, 3 - len(digits[1])) if digits else 1000
        return start, start + timedelta(milliseconds=wide)
    year, month, day = (int(part) for part in (text + "-01-01")[:10].split("-"))
    start = datetime(year, month, day, tzinfo=UTC)
    if len(text) == 10:
        return start, start + timedelta(days=1)
    if len(text) == 4:
        return start, start.replace(year=year + 1)
    return start, start.replace(year=year + month // 12, month=month % 12 + 1)


def spans(value: Any) -> list[tuple[datetime, datetime]]:
    """The spans of a date, a period or a schedule."""
    if isinstance(value, str):
        return [span(value)]
    if "event" in value or "repeat" in value:
        events = [span(each) for each in value.get("event", ())]
        bounds = value.get("repeat", {}).get("boundsPeriod")
        outer = [(min(a for a, _ in events), max(b for _, b in events))] if events else []
        return outer + (spans(bounds) if bounds else [])
    if not {"start", "end"} & value.keys():
        return []
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return [
        (
            span(value["start"])[0] if "start" in value else first,
            span(value["end"])[1] if "end" in value else last,
        )
    ]


def compares(prefix: str, query: str, found: tuple[datetime, datetime]) -> bool:
    """Whether a span is to that of the query as the prefix says (R4 search 3.1.1.5.3)."""
    (low, high), (start, end) = span(query), found
    inside = start >= low and end <= high
    return {
        "": inside, "ne": not inside, "gt": end > high, "lt": start < low, "sa": start >= high,
        "ge": end > high or inside, "le": start < low or inside, "eb": end <= low,
    }[prefix]  # fmt: skip
