"""The codes that a search modifier stands for: a value set's, those above or below a code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from fhir_server.errors import BadRequest, Gone, NotFound
from fhir_server.repository import Repository
from fhir_server.search.index import Codes
from fhir_server.search.value import split, unescape
from fhir_server.terminology.resources import value_set
from fhir_server.terminology.vocabulary import Vocabulary
from fhir_server.terminology.working import work
from terminology.expansion import Options, expand
from terminology.expansion.contains import Contains
from terminology.valueset import ValueSet

OPS = {"below": "is-a", "above": "generalizes"}  # filters of value sets, the code itself included
LIMIT = 100_000  # codes of one set


async def codes(vocabulary: Vocabulary, repository: Repository, modifier: str, value: str) -> Codes:
    """(system, code) of what a modifier (in, below, above) and its value stand for.

    Raises BadRequest for a value that names nothing, Refused where the set can't be expanded.
    """
    library = await vocabulary.library()
    if modifier in OPS:
        wanted = _hierarchy(modifier, value)
    else:
        found = library.value_set(value) or await _stored(repository, value)
        if found is None:
            raise BadRequest(f"the value set {value!r} is not known here", f":{modifier}")
        wanted = found
    options = Options(count=LIMIT, nested=False)
    made = await work(expand, library, wanted, options)
    return tuple(_flat(made.contains))


def _hierarchy(modifier: str, value: str) -> ValueSet:
    parts = [unescape(p) for p in split(value, "|")]
    if len(parts) != 2 or not all(parts):
        raise BadRequest(f":{modifier} is system|code", f":{modifier}")
    system, code = parts
    filters = [{"property": "concept", "op": OPS[modifier], "value": code}]
    compose = {"include": [{"system": system, "filter": filters}]}
    return value_set({"resourceType": "ValueSet", "status": "active", "compose": compose})


async def _stored(repository: Repository, value: str) -> ValueSet | None:
    """The value set that a reference (ValueSet/id) names."""
    kind, _, id = value.removeprefix(f"{repository.base_url}/").partition("/")
    if kind != "ValueSet":
        return None
    try:
        return value_set(orjson.loads((await repository.read(kind, id)).body))
    except (NotFound, Gone):
        return None


def _flat(contains: Iterable[Contains]) -> Iterator[tuple[str, str]]:
    for each in contains:
        if each.code:
            yield each.system, each.code
        yield from _flat(each.contains)
