"""What the search index holds: a resource's rows, a parameter's paths, a search type's contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Table = Literal["tok", "ref", "str", "dat", "qty", "uri", "res"]
TABLES = ("tok", "ref", "str", "dat", "qty", "uri")  # those that hold index rows
Json = dict[str, Any]
_Str = str  # the name is taken by a table below


@dataclass(slots=True, init=False)
class Rows:
    """The index rows of one resource, some perhaps twice; `path` is an element path of its type.

    An empty string stands for "none" (no system, no code). A row `(path, "", "")` of `tok` and a
    row `(path, "")` of `uri` say that the element is there and carries nothing to search by.
    References to other servers, by identifier and by canonical are not in `ref` but in `uri`
    and `tok`: every `ref` row names a resource of this server, whether it exists yet or not.
    """

    tok: list[tuple[_Str, _Str, _Str]]  # path, code, system
    ref: list[tuple[_Str, _Str, _Str]]  # path, type, id
    str: list[tuple[_Str, _Str, _Str]]  # path, normalised, exact
    dat: list[tuple[_Str, int, int]]  # path, first ms, ms after last
    qty: list[tuple[_Str, float, _Str, _Str]]  # path, value, system, code
    uri: list[tuple[_Str, _Str]]  # path, uri

    def __init__(self) -> None:  # met for every resource: half of what factories take
        self.tok, self.ref, self.str = [], [], []
        self.dat, self.qty, self.uri = [], [], []


class IndexPath(NamedTuple):
    """Where a search parameter looks: an element path."""

    path: str
    target: str = ""  # resource type that a reference there must have, "" for any
    bare: bool = False  # the element is a token without a system
    codes: str = ""  # value set of its required binding
    canonical: bool = False  # the element names a definition by its url
    folded: bool = False  # its tokens are strings, which are compared in any case


Extract = Callable[[Any, Rows, str], None]
"""(element, rows to add to, own base URL): index one element, or a whole resource."""

Emit = Callable[[str], Extract]
"""What indexes the elements of a path: what their rows have in common is made once."""


class Clause(NamedTuple):
    """A condition on the rows of one index table (no alias), with the values that it binds.

    `point` says that it fixes every column of the key but `rid`: a seek tells if a resource has it.
    `under` is what follows the element's path where the rows lie apart (":text").
    `many` is the condition of several that differ in `args` alone: it binds a JSON array of those.
    """

    table: Table
    sql: str
    args: tuple[str | int | float, ...]
    point: bool = False
    under: str = ""
    many: str = ""


Codes = Sequence[tuple[str, str]]  # system, code


class Keys(NamedTuple):
    """How names become integers of the store: -1 for what it has never seen."""

    system: Callable[[str], int]
    type: Callable[[str], int]
    systems: Callable[[str, str], list[int]]  # under which a path has a code
    base: str  # own base URL, no slash at the end
    codes: Callable[[str, str], Codes]  # what a modifier and its value stand for (:in, :below …)


Where = Callable[[IndexPath, str, str, Keys], list[Clause]]
"""(where, value as the query has it, modifier, keys): rows that satisfy one of the clauses match.

Raises BadRequest where the value can't be read.
"""


@dataclass(frozen=True, slots=True)
class SearchType:
    """One of the search parameter types: how elements are indexed and how values select them."""

    tables: tuple[Table, ...]  # that its elements fill: where :missing looks
    emit: Mapping[str, Emit]  # by FHIR type of the element
    modifiers: tuple[str, ...]
    where: Where
    prefixes: tuple[str, ...] = ()
