"""What a text says between findings, as R4 tells it: reasons, severity, body site, causes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nlp.relations import when
from nlp.types import Finding, Span

# extension of R4 core: what a Condition is due to
DUE_TO = "http://hl7.org/fhir/StructureDefinition/condition-dueTo"
SNOMED = "http://snomed.info/sct"
# the value set condition-severity of R4
SEVERITY = {
    "severe": ("24484000", "Severe"),
    "moderate": ("6736007", "Moderate"),
    "mild": ("255604002", "Mild"),
}

Resource = dict[str, Any]
References = Mapping[Span, str]  # of a mention: the resource that was made of its finding


def references(named: Iterable[tuple[Finding, str]]) -> dict[Span, str]:
    """The resource's name for each mention of the findings that have one."""
    return {span: name for finding, name in named for span in (finding.span, *finding.evidence)}


def of_condition(finding: Finding) -> Resource:
    """Condition.severity, bodySite and onset, as far as the text tells them."""
    severity = [_severity(s.quote) for s in _spans(finding, "severity")]
    sites = [{"text": s.quote} for s in _spans(finding, "body-site")]
    return {
        "severity": severity[0] if severity else None,
        "bodySite": sites or None,
        **_onset(_spans(finding, "onset")),
    }


def _onset(told: list[Span]) -> Resource:
    """onsetDateTime of a date, onsetAge of an age, else the words as onsetString."""
    if not told:
        return {}
    said = told[0].quote
    if date := when.partial(said):
        return {"onsetDateTime": date}
    years = when.age(said)
    if not years:  # an Age is above 0
        return {"onsetString": said}
    unit = {"unit": "years", "system": "http://unitsofmeasure.org", "code": "a"}
    return {"onsetAge": {"value": years, **unit}}


def period(finding: Finding) -> Resource | None:
    """MedicationStatement.effectivePeriod by the dates that the text gives."""
    ends = {
        name: next((date for s in _spans(finding, kind) if (date := when.partial(s.quote))), None)
        for name, kind in (("start", "start"), ("end", "stop"))
    }
    told = {name: date for name, date in ends.items() if date}
    if len(told) == 2:
        # one that is told less exactly may be within the other: from 3/2020 to 2020
        shared = min(map(len, told.values()))
        if told["start"][:shared] > told["end"][:shared]:
            return None
    return told or None


def due_to(finding: Finding, known: References) -> list[Resource]:
    """The extensions that name the drugs which did it."""
    return [
        {"url": DUE_TO, "valueReference": {"reference": known[span]}}
        if span in known
        else {"url": DUE_TO, "valueCodeableConcept": {"text": span.quote}}
        for span in _spans(finding, "due-to")
    ]


def of_medication(finding: Finding, known: References, *, taken: bool) -> Resource:
    """MedicationStatement.reasonReference and reasonCode for what it is given for, and statusReason
    for what it did where it is no longer `taken`."""
    reasons = _spans(finding, "indication")
    references = [known[s] for s in reasons if known.get(s, "").startswith("Condition/")]
    words = list(dict.fromkeys(s.quote for s in reasons if s not in known))
    events = [] if taken else _spans(finding, "adverse-event")
    return {
        "statusReason": [{"text": s.quote} for s in events] or None,
        "reasonCode": [{"text": text} for text in words] or None,
        "reasonReference": [{"reference": name} for name in dict.fromkeys(references)] or None,
    }


def _spans(finding: Finding, kind: str) -> list[Span]:
    return [r.span for r in finding.related if r.kind == kind]


def _severity(said: str) -> Resource:
    """The concept, with SNOMED CT's code where the words are those of R4's value set."""
    if said.lower() not in SEVERITY:
        return {"text": said}
    code, display = SEVERITY[said.lower()]
    return {"coding": [{"system": SNOMED, "code": code, "display": display}], "text": said}
