"""Place: where a mapped resource belongs: on the stored one with its identifier, or a new id."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from fhir_server.hl7v2.ack import Problem
from fhir_server.hl7v2.mapping import Defaults, Resource
from fhir_server.hl7v2.parse import Message, Segment
from fhir_server.repository import Repository

JOINED = ("identifier", "extension")  # elements that messages add to
PARTED = ("period", "hospitalization")  # of a visit: each part is of a field of its own


class Refused(ValueError):
    """The message can't be mapped; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


@dataclass(slots=True)
class Place:
    """Collects the resources of one message, each with its id, merged onto what is stored."""

    repository: Repository
    sender: str
    resources: list[Resource] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)  # ids to extract from

    async def put(
        self,
        mapped: Resource,
        identifiers: list[dict[str, Any]],
        nulls: Iterable[str] = (),
        first: Resource | None = None,
        upon: Callable[[Resource, Resource], Resource] = lambda _, mapped: mapped,
    ) -> dict[str, str]:
        """The reference to the resource: that with one of the identifiers, else a new one, which
        has the elements `first` too. `upon` gives what the stored one takes of what is mapped.

        A new id is made from the first identifier, so that a replay makes the same resource.
        """
        kind = mapped["resourceType"]
        stored = await self._stored(kind, identifiers)
        if stored is not None:
            mapped = merge(stored, upon(stored, mapped), nulls)
        else:
            mapped = {**mapped, **(first or {})}
            key = [kind, *(identifiers[0].get(k, self.sender) for k in ("system", "value"))]
            mapped["id"] = hashlib.sha256("|".join(key).encode()).hexdigest()[:32]
        self.resources.append(mapped)
        return {"reference": f"{kind}/{mapped['id']}"}

    async def _stored(self, kind: str, identifiers: list[dict[str, Any]]) -> Resource | None:
        for identifier in identifiers:
            token = f"{escape(identifier.get('system', ''))}|{escape(identifier['value'])}"
            page = await self.repository.search(kind, [("identifier", token), ("_count", "1")])
            for entry in page.entries:
                found: Resource = orjson.loads(entry.body)
                return found
        return None


def only(message: Message, name: str) -> Segment | None:
    """The one segment of the name; raises Refused where a second would go unread."""
    first, *others = (*message.all(name), None)
    if first is not None and len(others) > 1:
        text = f"a second {name}: a message speaks of one patient, one visit, one document"
        raise Refused(Problem("100", f"{name}^2", text))
    return first


Handler = Callable[[Message, Defaults, Place], Awaitable[None]]


def merge(stored: Resource, mapped: Resource, nulls: Iterable[str] = ()) -> Resource:
    """The snapshot onto the stored resource: what the message names replaces, the rest stays.

    Identifiers are joined: another system's identifier of the same person is never lost. So are
    extensions, of which each kind is replaced. Other elements among `nulls` go. Of elements in
    parts each part is replaced, or goes, by itself.
    """
    kept = {k: v for k, v in stored.items() if k not in nulls or k in JOINED}
    for element in mapped:  # what stood beside the value that is replaced
        kept.pop(f"_{element}", None)
    joined = {**kept, **mapped, "id": stored["id"]}
    for element in PARTED:
        if parts := _parts(stored.get(element, {}), mapped.get(element, {}), element, nulls):
            joined[element] = parts
        else:
            joined.pop(element, None)
    if "identifier" in stored:
        joined["identifier"] = _identifiers(stored["identifier"], mapped.get("identifier", ()))
    if "extension" in stored:
        told = {each["url"] for each in mapped.get("extension", ())}
        others = [each for each in stored["extension"] if each["url"] not in told]
        joined["extension"] = [*others, *mapped.get("extension", ())]
    joined.pop("meta", None)
    return joined


def _parts(stored: Any, mapped: Any, element: str, nulls: Iterable[str]) -> Any:
    """Both; what the message tells alone where a period would end before it begins."""
    if not isinstance(stored, dict) or not isinstance(mapped, dict):
        return mapped or stored
    kept = {name: part for name, part in stored.items() if f"{element}.{name}" not in nulls}
    joined = {**kept, **mapped}
    if element == "period" and joined.get("start", "") > joined.get("end", "9999"):
        return mapped
    return joined


def _identifiers(stored: list[Resource], told: Iterable[Resource]) -> list[Resource]:
    """The stored ones and the new ones; for how long one holds may have changed."""
    joined = list(stored)
    for each in told:
        same = (n for n, one in enumerate(joined) if _lasting(one) == _lasting(each))
        if (at := next(same, None)) is None:
            joined.append(each)
        else:
            joined[at] = each
    return joined


def _lasting(identifier: Resource) -> Resource:
    return {name: value for name, value in identifier.items() if name != "period"}


def escape(token: str) -> str:
    r"""A search value with `\`, `,`, `|` and `$` escaped (R4 search, 3.1.1.4.0.1)."""
    for mark in ("\\", ",", "|", "$"):
        token = token.replace(mark, f"\\{mark}")
    return token
