"""Composites of repeating elements: index rows that keep the two parts of an element together.

The rows of one part lie under a path that holds the code of the other: the value of a component
with code 8480-6 is a row of "Observation.component(code&value.as(Quantity))$8480-6". So a search
by both parts is a search by one, at that path.
"""

from __future__ import annotations

from typing import NamedTuple

from capability.definitions import SearchParameter
from fhir_server.errors import NotSupported
from fhir_server.search.codegen import Children, NoIndex, Tree, generate
from fhir_server.search.expression import Field, Path, Step, parse
from fhir_server.search.index import Extract, IndexPath, Json, Rows
from fhir_server.search.types import SEARCH_TYPES
from fhir_server.search.types.quantity import UNDER
from fhir_server.search.value import split, unescape

MENDED = {  # R4 gives the expressions of this one's components the wrong way round
    "http://hl7.org/fhir/SearchParameter/DocumentReference-relationship": ("target", "code")
}


class Part(NamedTuple):
    """One part of a composite: its search type, and its expressions on the element."""

    kind: str
    expression: str


class Composite(NamedTuple):
    """How to search by a composite of several elements or of a whole resource.

    `wholes` are places of every part, where the parts belong to the resource itself; `pairs` are
    the elements whose rows are kept together, under the code of the part numbered `key`; `spans`
    are places of a first part, each with the elements whose two numbers are the other parts.
    """

    kinds: tuple[str, ...]
    wholes: tuple[tuple[tuple[IndexPath, ...], ...], ...] = ()
    pairs: tuple[IndexPath, ...] = ()
    key: int = 0
    spans: tuple[tuple[tuple[IndexPath, ...], tuple[IndexPath, ...]], ...] = ()


def parts_of(parameter: SearchParameter, kinds: dict[str, str]) -> tuple[Part, ...]:
    """The parts of a composite; `kinds` are search types by url. Raises NoIndex for what is not
    kept together: more than two parts, or none that is a token."""
    given = [expression for _, expression in parameter.components]
    expressions = MENDED.get(parameter.url, given)
    urls = [url for url, _ in parameter.components]
    parts = tuple(Part(kinds[u], e) for u, e in zip(urls, expressions, strict=True))
    if len(parts) != 2 or "token" not in {p.kind for p in parts}:
        raise NoIndex("a composite of a repeating element has two parts, one of them a token")
    return parts


def key_of(parts: tuple[Part, ...]) -> int:
    """Which of the parts the rows of the other lie under."""
    return next(n for n, part in enumerate(parts) if part.kind == "token")


def add(tree: Tree, path: Path, parts: tuple[Part, ...]) -> tuple[IndexPath, ...]:
    """Indexes the pairs of the elements that `path` reaches; gives where to search for them."""
    type_ = tree.type
    for step in path.steps:
        if not isinstance(step, Field) or step.name not in tree.children(type_):
            raise NoIndex(f"{type_} has no plain element {step}")
        type_ = tree.children(type_)[step.name].choices[0].type
    key = key_of(parts)
    name = f"({parts[key].expression}&{parts[1 - key].expression})"
    code, value = (_part(type_, part, tree.children) for part in (parts[key], parts[1 - key]))

    def emit(at: str) -> Extract:
        pair = at + name

        def extract(element: Json, out: Rows, base: str) -> None:
            values = Rows()
            value(element, values, base)
            if not (values.qty or values.tok or values.ref or values.uri):
                return
            codes = Rows()
            code(element, codes, base)
            for _, key, system in codes.tok:
                if key:
                    _move(values, f"{pair}${key}", out)
                    _move(values, f"{pair}${system}|{key}", out)

        return extract

    found = tree.add(path, name, {type_: emit})
    return tuple(place._replace(path=place.path + name) for place in found)


def add_numbers(tree: Tree, path: Path, names: tuple[str, ...]) -> tuple[IndexPath, ...]:
    """Indexes two whole numbers of each element that `path` reaches as one row of ranges."""
    type_, (first, second) = tree.type, names
    for step in path.steps:
        if not isinstance(step, Field):
            raise NoIndex(f"{type_} has no plain element {step}")
        type_ = tree.children(type_)[step.name].choices[0].type

    name = f"({first}&{second})"

    def emit(at: str) -> Extract:
        def extract(element: Json, out: Rows, base: str) -> None:
            if first in element and second in element:
                out.dat.append((f"{at}{name}", element[first], element[second]))

        return extract

    found = tree.add(path, name, {type_: emit})
    return tuple(IndexPath(f"{place.path}{name}") for place in found)


def place_of(place: IndexPath, token: str, name: str) -> IndexPath:
    """Where the other part lies for a token of a query: `code`, `system|code` or `|code`."""
    parts = [unescape(p) for p in split(token, "|")]
    if len(parts) > 2 or not parts[-1]:
        raise NotSupported("this part of the composite is code, system|code or |code", name)
    return IndexPath(f"{place.path}${'|'.join(parts)}")


def steps_of(expression: str) -> list[tuple[Step, ...]]:
    """The steps of each branch of an expression on an element."""
    return [path.steps for path in parse(expression)]


def _part(type_: str, part: Part, children: Children) -> Extract:
    tree = Tree(type_, children)
    for steps in steps_of(part.expression):
        tree.add(Path(type_, steps), part.kind, SEARCH_TYPES[part.kind].emit)
    return generate(tree)("")


def _move(rows: Rows, path: str, out: Rows) -> None:
    """Puts the rows under another path; what is told of a part beside its value stays behind."""
    if rows.tok:
        out.tok.extend((path, code, system) for _, code, system in rows.tok)
    if rows.ref:
        out.ref.extend((path, type_, id_) for _, type_, id_ in rows.ref)
    if rows.uri:
        out.uri.extend((path, uri) for _, uri in rows.uri)
    for at, value, system, code in rows.qty:
        _, mark, unit = at.partition(UNDER)
        out.qty.append((path + mark + unit if mark else path, value, system, code))
