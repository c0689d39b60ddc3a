"""Changes: what may be done to resources, each plain or by a condition (R4 http 3.1.0.7 on)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from fhir_server.errors import BadRequest, Conflict, NotFound, PreconditionFailed

Resource = dict[str, Any]
Query = tuple[tuple[str, str], ...]


class Condition(NamedTuple):
    """A search that tells which resources of a type are meant."""

    type: str
    query: Query


Found = Mapping[Condition, Sequence[str]]  # ids of what matches, as many as tell enough


class Create(Struct, frozen=True):
    """A new resource; without `id` the server gives one. None where the condition has a match."""

    type: str
    resource: Resource | bytes
    id: str = ""
    condition: Condition | None = None


class Update(Struct, frozen=True):
    """A resource in place of the stored one, if any; the same content again is no new version.

    Without `id` the condition tells which, and the resource needs none; `if_none_match` allows no
    stored one.
    """

    type: str
    id: str
    resource: Resource | bytes
    if_match: int | None = None
    condition: Condition | None = None
    if_none_match: bool = False


class Patch(Struct, frozen=True):
    """A change to a stored resource: `apply` gives its new bytes from those that are stored."""

    type: str
    id: str
    apply: Callable[[bytes], bytes]
    if_match: int | None = None
    condition: Condition | None = None


class Delete(Struct, frozen=True):
    """The end of a resource; one that is deleted already stays so, one that never was is version 0
    (R4 http 3.1.0.7)."""

    type: str
    id: str
    if_match: int | None = None
    condition: Condition | None = None


class Keep(Struct, frozen=True):
    """Nothing is done: the resource of a conditional create is there."""

    type: str
    id: str


Change = Create | Update | Patch | Delete
Settled = Change | Keep


def settle(
    change: Change, found: Found, new_id: Callable[[], str], own_id: Callable[[Update], str]
) -> list[Settled]:
    """What a change comes to once its condition's matches are known: each with its id.

    `own_id` gives the id within an update's resource. Raises PreconditionFailed where a condition
    matches several, unless all of them are to be deleted by one change (`found` has them all).
    """
    condition = change.condition
    if condition is None:
        if isinstance(change, Create) and not change.id:
            return [Create(change.type, change.resource, new_id())]
        return [change]
    ids = found[condition]
    if len(ids) > 1 and not isinstance(change, Delete):
        raise PreconditionFailed("the condition matches several resources", _text(condition))
    one = ids[0] if ids else ""
    match change:
        case Create():
            if one:
                return [Keep(change.type, one)]
            return [replace(change, id=change.id or new_id(), condition=None)]
        case Update():
            return [_update(change, one, new_id, own_id(change))]
        case Patch():
            if not one:
                raise NotFound("the condition matches no resource", _text(condition))
            return [replace(change, id=one, condition=None)]
        case Delete():
            return [replace(change, id=each, condition=None) for each in ids]


def _update(change: Update, one: str, new_id: Callable[[], str], own: str) -> Settled:
    """Update by condition (R4 3.1.0.4.3): the match, else a new resource."""
    if one:
        if own not in ("", one):
            raise BadRequest("the resource's id is not that of the match", f"{change.type}.id")
        return replace(change, id=one)
    if change.if_match is not None:
        raise PreconditionFailed("If-Match names a version, the condition matches no resource")
    return replace(change, id=own or new_id(), if_none_match=True)


def _text(condition: Condition) -> str:
    """A condition by its parameters; their values may tell of a patient."""
    return f"{condition.type}?{'&'.join(name for name, _ in condition.query)}"


class Moved(Conflict):
    """A condition's matches changed while the change was being prepared: it is tried again."""
