"""The schemas compiled: a quick test of each resource type, made when it is first asked for.

Nodes for the compiled kernel where there is one, else a validator of jsonschema_rs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema_rs

from capability import narrative, xhtml
from capability.definitions import RESOURCE_TYPES
from capability.keywords import KEYWORDS, Test
from capability.nodes import Program
from capability.schema import Json, Writer
from capability.thorough import Thorough
from kernels import schema


@cache
def acceptor(resource_type: str, conditional: bool = False) -> Test:
    """A quick test of a resource's own structure and invariants.

    What is contained or carried is not looked into; "#id" is good where `capability.within` says
    so. `conditional` as in `validate`. Raises KeyError where R4 has no such resource type.
    """
    return _test(resource_type, conditional, thorough=False)


@cache
def second(resource_type: str, conditional: bool = False) -> Test:
    """As `acceptor`, slower, with nothing against elements that are given by siblings alone."""
    return _test(resource_type, conditional, thorough=True)


def _test(resource_type: str, conditional: bool, *, thorough: bool) -> Test:
    if resource_type not in RESOURCE_TYPES:
        raise KeyError(resource_type)
    if schema.available():
        return _program(conditional, thorough).resource(resource_type)
    writer = Thorough(conditional) if thorough else Writer(conditional)
    return validator(writer, writer.schema(resource_type))


@cache
def _program(conditional: bool, thorough: bool) -> Program:
    return Program((Thorough if thorough else Writer)(conditional, inline=True))


@cache
def _extensions(conditional: bool) -> Test:
    """A test of an array of extensions, one for all types: their values are of any data type."""
    writer = Writer(conditional, inline=True)
    return validator(writer, writer.extensions())


def _extended(conditional: bool) -> Test:
    """Keyword "extended": an array of extensions; whether references may be conditional."""
    return lambda value: _extensions(conditional)(value)


class Unmet(ValueError):
    """A keyword of ours says no."""


def _keyword(factory: Callable[[Any], Test]) -> type[jsonschema_rs.KeywordValidator]:
    """A keyword as jsonschema_rs takes it, which says no by raising."""

    class Keyword:
        def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
            holds = factory(value)

            def validate(instance: Any) -> None:
                if not holds(instance):
                    raise Unmet

            self.validate = validate

    return Keyword


FACTORIES: dict[str, Callable[[Any], Test]] = {**KEYWORDS, "extended": _extended}
OWN = {name: _keyword(factory) for name, factory in FACTORIES.items()}


def validator(writer: Writer, written: Json) -> Test:
    """A test by jsonschema_rs, of a schema that the writer wrote."""
    narratives = {"certain": xhtml.certain(), "narrative": narrative.holds}
    return jsonschema_rs.validator_for(
        written,
        keywords=OWN,
        formats=narratives | writer.formats,
        validate_formats=True,
        pattern_options=jsonschema_rs.RegexOptions(),
    ).is_valid
