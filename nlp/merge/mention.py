"""A finding of one place, and findings with others as their evidence."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from nlp.types import Finding


class Mention(Struct, frozen=True, gc=False):
    """A finding of one place, and whether a cue of the text gave its status."""

    finding: Finding
    cued: bool = False


def with_evidence(finding: Finding, all_of: list[Finding]) -> Finding:
    """The finding, with the places and relations of all mentions of the same fact."""
    if len(all_of) == 1 and all_of[0] is finding:
        return finding
    others = tuple(f.span for f in all_of if f.span != finding.span)
    related = finding.related
    if any(f.related for f in all_of if f is not finding):
        related = tuple(dict.fromkeys(r for f in (finding, *all_of) for r in f.related))
    return replace(finding, score=max(f.score for f in all_of), evidence=others, related=related)
