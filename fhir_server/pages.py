"""Pages of docs/ that are made from the tables; a test holds them current."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from capability.operation import ANY, Operation, Param
from fhir_server.context import Context
from fhir_server.operations import OPERATIONS
from fhir_server.settings import DEFAULTS, DOC


def operations() -> str:
    """docs/operations.md."""
    lines = ["# Operations", "", "Made by `make docs` from `fhir_server/operations`.", ""]
    for op in OPERATIONS:
        lines += _operation(op)
    return "\n".join(lines)


def settings() -> str:
    """docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Made by `make docs` from `fhir_server/settings.py`. Each is an environment variable.",
        "",
        "| variable | default | what it is |",
        "| --- | --- | --- |",
    ]
    for name, what in DOC.items():
        default = getattr(DEFAULTS, name)
        shown = {"data": "the user's data folder", "database": "in the data folder"}.get(
            name, f"`{default}`" if default != "" else "–"
        )
        lines.append(f"| `MEDPARSER_{name.upper()}` | {shown} | {what} |")
    lines += [
        "",
        "Two more are read where the kernels are loaded: `MEDPARSER_KERNELS=python` uses the",
        "Python references, `MEDPARSER_REQUIRE_MOJO=1` makes a missing Mojo kernel an error.",
        "",
    ]
    return "\n".join(lines)


def _operation(op: Operation[Context]) -> Iterator[str]:
    kind = "{type}" if ANY in op.resources else "".join(op.resources[:1])
    place = {"system": "", "type": f"/{kind}", "instance": f"/{kind}/{{id}}"}
    methods = "POST" if op.affects_state else "GET, POST"
    yield f"## ${op.code}: {op.title}"
    yield ""
    for level in op.levels:
        yield f"`{methods} /fhir{place[level]}/${op.code}`"
        yield ""
    for use, params in (("In", op.inputs), ("Out", op.outputs)):
        yield f"| {use} | type | cardinality | |"
        yield "| --- | --- | --- | --- |"
        yield from (row for p in params for row in _param(p, ""))
        yield ""


def _param(param: Param, prefix: str) -> Iterator[str]:
    name = f"{prefix}{param.name}"
    yield f"| `{name}` | {param.type or 'parts'} | {param.min}..{param.max} | {param.doc} |"
    for part in param.parts:
        yield from _param(part, f"{name}.")


PAGES: dict[str, Callable[[], str]] = {"operations.md": operations, "settings.md": settings}
