"""One drug of its mentions: the last word on its status, the fullest sig."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from nlp.merge.mention import Mention, with_evidence
from nlp.types import Finding, MedicationStatus

S = MedicationStatus
# Where the author concludes; their word on a status is the last one.
PRIORITY: dict[str, int] = {
    "discharge_medications": 5,
    "plan": 4,
    "assessment_plan": 4,
    "assessment": 4,
    "medications": 3,
    "hospital_course": 3,
    "diagnosis": 3,
}
# What was given once yields to an order of the plan: "albuterol neb x1. Plan: albuterol q4h".
_ONCE = (S.COMPLETED, S.IN_HOSPITAL)
_PLAN = 4


def one_drug(group: list[Mention]) -> Finding:
    """The finding of mentions of one drug; the mention with the last word gives its status."""
    last = max(group, key=_weight)
    findings = [m.finding for m in group]
    full = max(findings, key=lambda f: (_parts(f), PRIORITY.get(f.section, 1), -f.span.start))
    if last.finding.status is S.CHANGED:
        full = _changed(last.finding, full)
    supplied = next((f.sig.supply for f in findings if f.sig and f.sig.supply), None)
    if supplied and full.sig and not full.sig.supply:
        full = replace(full, sig=replace(full.sig, supply=supplied))
    status, assertion = last.finding.status, last.finding.assertion
    if status in _ONCE and any(map(_ordered, findings)):
        status = S.ACTIVE
    if (full.status, full.assertion) != (status, assertion):
        full = replace(full, status=status, assertion=assertion)
    return with_evidence(full, findings)


def _weight(mention: Mention) -> tuple[bool, bool, int, int]:
    """How much a mention's word on the status counts: what is only thought of, the least."""
    told = mention.finding
    place = PRIORITY.get(told.section, 1), told.span.start
    return (mention.cued, told.status is not S.PLANNED, *place)


def _ordered(finding: Finding) -> bool:
    """Whether a plan has the drug with how often it is to be taken."""
    often = finding.sig is not None and (finding.sig.frequency or finding.sig.as_needed)
    planned = PRIORITY.get(finding.section, 1) >= _PLAN
    return bool(often) and planned and finding.status in (S.ACTIVE, S.NEW)


def _changed(new: Finding, old: Finding) -> Finding:
    """A changed drug with its new amount; what the change leaves unsaid stays as it was."""
    sig, before = new.sig, old.sig
    if sig is None or before is None or not (sig.strength or sig.dose):
        return old
    kept: dict[str, Any] = {} if sig.form else {"form": before.form}
    if not sig.route:
        kept |= {"route": before.route, "route_code": before.route_code}
    if not sig.frequency:
        kept |= {"frequency": before.frequency, "timing": before.timing}
    if not sig.as_needed:
        kept |= {"as_needed": before.as_needed, "as_needed_for": before.as_needed_for}
    return replace(new, sig=replace(sig, **kept), codings=new.codings or old.codings)


def _parts(finding: Finding) -> int:
    sig = finding.sig
    if sig is None:
        return 0
    return sum(part is not None for part in (sig.strength, sig.dose, sig.route, sig.frequency))
