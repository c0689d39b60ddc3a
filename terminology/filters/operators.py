"""The operators of filters: what is below a code, how two codes stand, what values must be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from terminology.budget import Spend
from terminology.codesystem import CodeSystem, ancestors, descendants, is_above
from terminology.filters.regex import compiled

Codes = Callable[[CodeSystem, str], Sequence[str]]
Passes = Callable[[Sequence[str], Spend], bool]


def _with_self(system: CodeSystem, value: str) -> Sequence[str]:
    code = system.find(value)
    return [] if code is None else [code, *descendants(system, code)]


def _below(system: CodeSystem, value: str) -> Sequence[str]:
    code = system.find(value)
    return [] if code is None else descendants(system, code)


def _children(system: CodeSystem, value: str) -> Sequence[str]:
    code = system.find(value)
    return [] if code is None else system.children(code)


def _leaves(system: CodeSystem, value: str) -> Sequence[str]:
    return [code for code in _below(system, value) if not system.children(code)]


def _above(system: CodeSystem, value: str) -> Sequence[str]:
    code = system.find(value)
    return [] if code is None else [code, *ancestors(system, code)]


BELOW: dict[str, Codes] = {
    "is-a": _with_self,
    "descendent-of": _below,
    "descendant-of": _below,
    "child-of": _children,
    "descendent-leaf": _leaves,
    "generalizes": _above,
}


def _is(system: CodeSystem, value: str | None, code: str) -> bool:
    return code == value or _is_below(system, value, code)


def _is_below(system: CodeSystem, value: str | None, code: str) -> bool:
    return value is not None and is_above(system, value, code)


# how a code stands to another one, which is None where the system hasn't it
HIERARCHY: dict[str, Callable[[CodeSystem, str | None, str], bool]] = {
    "is-a": _is,
    "is-not-a": lambda system, value, code: not _is(system, value, code),
    "descendent-of": _is_below,
    "descendant-of": _is_below,
    "child-of": lambda system, value, code: value in system.parents(code),
    "descendent-leaf": lambda system, value, code: (
        not system.children(code) and _is_below(system, value, code)
    ),
    "generalizes": lambda system, value, code: (
        value is not None and (code == value or is_above(system, code, value))
    ),
}


def _listed(value: str) -> set[str]:
    return {told for each in value.split(",") if (told := each.strip())}


def _in(value: str) -> Passes:
    listed = _listed(value)
    return lambda found, spend: not listed.isdisjoint(found)


def _not_in(value: str) -> Passes:
    listed = _listed(value)
    return lambda found, spend: listed.isdisjoint(found)


def _regex(value: str) -> Passes:
    pattern = compiled(value)
    return lambda found, spend: any(pattern.fullmatch(each, spend) for each in found)


# an operator with its value, read once: whether the values of a code pass
VALUES: dict[str, Callable[[str], Passes]] = {
    "=": lambda value: lambda found, spend: value in found,
    "in": _in,
    "not-in": _not_in,
    "regex": _regex,
    "exists": lambda value: lambda found, spend: bool(found) == (value == "true"),
}
