"""The schemas compiled: a quick test of each resource type, made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema_rs

from capability import narrative, xhtml
from capability.keywords import Agrees, Asked, Once, Ordered, Paired, Unmet
from capability.schema import Json, Writer
from capability.thorough import Thorough
from kernels import lexical

Test = Callable[[Any], bool]


@cache
def acceptor(resource_type: str, conditional: bool = False) -> Test:
    """A quick test of a resource's own structure and invariants.

    What is contained or carried is not looked into; "#id" is good where `capability.within` says
    so. `conditional` as in `validate`. Raises KeyError where R4 has no such resource type.
    """
    writer = Writer(conditional, kernels=_kernels().keys())
    return _compiled(writer, writer.schema(resource_type))


@cache
def second(resource_type: str, conditional: bool = False) -> Test:
    """As `acceptor`, slower, with nothing against elements that are given by siblings alone."""
    writer = Thorough(conditional, kernels=_kernels().keys())
    return _compiled(writer, writer.schema(resource_type))


@cache
def _extensions(conditional: bool) -> Test:
    """A test of an array of extensions, one for all types: their values are of any data type."""
    writer = Writer(conditional, kernels=_kernels().keys(), inline=True)
    return _compiled(writer, writer.extensions())


class Extended:
    """Keyword "extended": an array of extensions; whether references may be conditional."""

    def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
        def validate(instance: Any) -> None:
            if not _extensions(value)(instance):
                raise Unmet

        self.validate = validate


OWN: dict[str, type[jsonschema_rs.KeywordValidator]] = {
    "asked": Asked, "once": Once, "ordered": Ordered, "agrees": Agrees, "paired": Paired,
    "extended": Extended,
}  # fmt: skip


@cache
def _kernels() -> dict[str, Callable[[str], bool]]:
    """The formats that compiled kernels know."""
    known = {"base64": lexical.base64(), "text": lexical.text()}
    return {name: test for name, test in known.items() if test is not None}


def _compiled(writer: Writer, written: Json) -> Test:
    narratives = {"certain": xhtml.certain(), "narrative": narrative.holds}
    validator = jsonschema_rs.validator_for(
        written,
        keywords=OWN,
        formats=narratives | _kernels() | writer.formats,
        validate_formats=True,
        pattern_options=jsonschema_rs.RegexOptions(),
    )
    return validator.is_valid
