"""The criteria that a search is made of (R4 search 3.1.1.5)."""

from __future__ import annotations

from dataclasses import dataclass

from fhir_server.search.index import IndexPath


@dataclass(frozen=True, slots=True)
class Match:
    """A parameter of a search type: one of the values matches at one of the places.

    With the modifier "not", none of them does.
    """

    name: str
    kind: str
    places: tuple[IndexPath, ...]
    modifier: str
    values: tuple[str, ...]  # as written, escapes kept


@dataclass(frozen=True, slots=True)
class Missing:
    """Whether there is nothing at any of the places."""

    name: str
    kind: str
    places: tuple[IndexPath, ...]
    missing: bool


@dataclass(frozen=True, slots=True)
class Own:
    """What the store itself knows of a resource: "_id" or "_lastUpdated"."""

    name: str
    values: tuple[str, ...]
    type: str


@dataclass(frozen=True, slots=True)
class Chain:
    """A reference at one of the places to a resource that meets the criterion of its type."""

    places: tuple[IndexPath, ...]
    links: tuple[tuple[str, Criterion], ...]  # by resource type, for those that have the parameter


@dataclass(frozen=True, slots=True)
class Has:
    """A resource that meets the criterion refers to the one searched."""

    type: str  # of the one searched
    source: str  # of the one that refers
    places: tuple[IndexPath, ...]
    inner: Criterion


@dataclass(frozen=True, slots=True)
class Each:
    """All of the criteria: a composite of a whole resource, a conjunction of _filter."""

    type: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the criteria at least."""

    type: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever does not meet the criterion."""

    type: str
    criterion: Criterion


@dataclass(frozen=True, slots=True)
class Listed:
    """A resource that a List has, which is named by its id, as List/id or by its URL."""

    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Words:
    """All words of one of the values in the narrative ("_text"), or in any text ("_content")."""

    type: str
    name: str
    values: tuple[str, ...]


Criterion = Match | Missing | Own | Chain | Has | Each | Either | Not | Listed | Words
