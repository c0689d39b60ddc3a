"""medparser code, lookup: from a phrase to codes, and what a system says of a code."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from fhir_server import settings as settings_of
from fhir_server.commands.index import open_terminology
from fhir_server.terminal import Failed, grid, out


def code(
    text: Annotated[str, typer.Argument(help="A phrase: a problem, a drug with its strength.")],
    system: Annotated[str, typer.Option(help="icd10cm or rxnorm.")] = "icd10cm",
    count: Annotated[int, typer.Option(min=1, max=100, help="At most so many candidates.")] = 5,
) -> None:
    """The codes that a phrase may mean, best first."""
    matches = open_terminology(settings_of.load()).match(text, system, count)
    if not matches:
        raise Failed(f"nothing in {system} is like that phrase")
    shown = grid("code", "score", "method", "display, matched term")
    for m in matches:
        named = Text(m.display).append("" if m.term == m.display else f"\n{m.term}", "dim")
        shown.add_row(m.code, f"{m.score:.3f}", m.method.value, named)
    out.print(shown, soft_wrap=False)


def lookup(
    system: Annotated[str, typer.Argument(help="icd10cm, rxnorm or a system's url.")],
    code: Annotated[str, typer.Argument(help="The code.")],
) -> None:
    """What a code system says of a code."""
    concept = open_terminology(settings_of.load()).lookup(system, code)
    shown = grid(concept.code, concept.display)
    for p in concept.properties:
        shown.add_row(p.code, str(p.value))
    for d in concept.designations:
        shown.add_row(d.use or "designation", d.value)
    out.print(shown, soft_wrap=False)
