"""Where a search looks: one type, several types at once, a compartment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capability.definitions import RESOURCE_TYPES, compartment
from fhir_server.errors import BadRequest, NotFound, NotSupported
from fhir_server.search.criteria import Lookup
from fhir_server.search.terms import Criterion, Match
from fhir_server.store.names import UNKNOWN, Numbers

Pairs = Sequence[tuple[str, str]]
COMPARTMENTS = ("Patient", "Encounter", "RelatedPerson", "Practitioner", "Device")
NONE_STORED = ("Basic",)  # what an empty store is searched as, so that parameters are checked


@dataclass(frozen=True, slots=True)
class Scope:
    """Resource types to search, and the resource whose compartment they are in, if one."""

    types: tuple[str, ...]
    owner: tuple[str, str] | None = None  # type, id
    several: bool = False  # the query may name the types by `_type`

    def criteria(self, type: str, compiled: Lookup) -> Iterator[Criterion]:
        """What the compartment asks of resources of a type."""
        if self.owner is not None:
            kind, id = self.owner
            known = compiled(type)
            places = [p for code in compartment(kind).get(type, ()) for p in known.paths[code]]
            yield Match(f"{kind}/{id}", "reference", tuple(places), "", (f"{kind}/{id}",))


def across(numbers: Numbers, pairs: Pairs) -> Scope:
    """The scope of a search over several types: those that `_type` names, else all that are stored.

    Raises BadRequest.
    """
    named = [t for name, value in pairs if name == "_type" for t in value.split(",") if t]
    for type in named:
        if type not in RESOURCE_TYPES:
            raise BadRequest(f"FHIR R4 has no resource type {type!r}", "_type")
    stored = tuple(t for t in RESOURCE_TYPES if numbers.types.find(t) != UNKNOWN)
    types = tuple(dict.fromkeys(named)) or stored or NONE_STORED
    return Scope(types, several=True)


def within(kind: str, id: str, type: str, numbers: Numbers, pairs: Pairs = ()) -> Scope:
    """The scope of a compartment: the resources of a type in it, of all with the type "*".

    Raises NotFound, NotSupported.
    """
    if kind not in COMPARTMENTS:
        raise NotFound(f"{kind} has no compartment; {', '.join(COMPARTMENTS)} have")
    members = compartment(kind)
    if type == "*":
        stored = tuple(t for t in members if numbers.types.find(t) != UNKNOWN)
        named = across(numbers, pairs).types if any(n == "_type" for n, _ in pairs) else stored
        types = tuple(t for t in named if t in members)
        return Scope(types or tuple(members)[:1], (kind, id), several=True)
    if type not in RESOURCE_TYPES:
        raise NotFound(f"FHIR R4 has no resource type {type!r}")
    if type not in members:
        raise NotSupported(f"{type} is never in the compartment of a {kind}", type)
    return Scope((type,), (kind, id))
