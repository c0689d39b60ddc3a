"""A sig to the FHIR Dosage: what was said as text, and beside it what of that has a value."""

from __future__ import annotations

import re
from typing import Any

from nlp.types import Quantity, Sig, Span, Timing

UCUM = "http://unitsofmeasure.org"

Resource = dict[str, Any]

# a unit as notes write it → (unit, UCUM code); units of insulin and the like have their own meaning
UNITS = {
    "mg": ("mg", "mg"),
    "mgs": ("mg", "mg"),
    "milligram": ("mg", "mg"),
    "milligrams": ("mg", "mg"),
    "mcg": ("mcg", "ug"),
    "ug": ("mcg", "ug"),
    "µg": ("mcg", "ug"),
    "μg": ("mcg", "ug"),
    "microgram": ("mcg", "ug"),
    "micrograms": ("mcg", "ug"),
    "g": ("g", "g"),
    "gm": ("g", "g"),
    "gms": ("g", "g"),
    "gram": ("g", "g"),
    "grams": ("g", "g"),
    "meq": ("mEq", "meq"),
    "mmol": ("mmol", "mmol"),
    "ml": ("mL", "mL"),
    "unit": ("unit", "[iU]"),
    "units": ("unit", "[iU]"),
    "iu": ("unit", "[iU]"),
    "u": ("unit", "[iU]"),
}
CALENDAR = frozenset({"h", "d", "wk", "mo", "a"})  # UCUM's units of time as a sig has them
ONE_PLACE = 200  # code points within which the parts of a sig are one order
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d*\.?\d+)\s?-?([a-zµμ]+)\.?", re.I)


def dosage(sig: Sig) -> list[Resource] | None:
    """MedicationStatement.dosage; None where the text says nothing of how the drug is taken.

    The dose is the count that the text gives ("2 tablets"), else its amount ("20 mg PO daily").
    Steps of a regimen are dosages in sequence.
    """
    if not sig.then:
        one = _step(sig)
        return [one] if one else None
    steps = [made for step in (sig, *sig.then) if (made := _step(step))]
    return [{"sequence": at, **made} for at, made in enumerate(steps, 1)] or None


def _step(sig: Sig) -> Resource:
    """The dosage of one step."""
    spans = (
        sig.strength,
        sig.dose,
        sig.form,
        sig.route,
        sig.frequency,
        sig.as_needed,
        sig.duration,
        sig.as_needed_for,
    )
    parts = _in_order([s for s in spans if s])
    reason = sig.as_needed_for.quote if sig.as_needed_for else ""
    dose = _count(sig.dose_quantity) if sig.dose_quantity else _amount(sig.strength)
    return without_none(
        {
            "text": " ".join(dict.fromkeys(s.quote for s in parts)) or None,
            "timing": _timing(sig.timing, sig.frequency, sig.duration_quantity),
            "asNeededBoolean": True if sig.as_needed and not reason else None,
            "asNeededCodeableConcept": {"text": reason} if reason else None,
            "route": {"text": sig.route_code or sig.route.quote} if sig.route else None,
            "doseAndRate": [dose] if dose else None,
        }
    )


def _in_order(parts: list[Span]) -> list[Span]:
    """As the text has them; in the order of a prescription where they are of several places."""
    starts = [s.start for s in parts]
    apart = bool(parts) and max(starts) - min(starts) > ONE_PLACE
    return parts if apart else sorted(parts, key=lambda s: s.start)


def _count(quantity: Quantity) -> Resource:
    if quantity.high is None:
        return {"doseQuantity": simple(quantity.value, quantity.unit)}
    low, high = (simple(v, quantity.unit) for v in (quantity.value, quantity.high))
    return {"doseRange": {"low": low, "high": high}}


def simple(value: float, unit: str) -> Resource:
    """A quantity with its unit as the text has it."""
    return {"value": _number(value), "unit": unit} if unit else {"value": _number(value)}


def _amount(strength: Span | None) -> Resource | None:
    """A strength as the dose, where it is one amount: neither "0.5 %" nor "5/325"."""
    said = _AMOUNT.fullmatch(strength.quote) if strength else None
    if said is None or said[2].lower() not in UNITS:
        return None
    unit, code = UNITS[said[2].lower()]
    value = _number(float(said[1].replace(",", "")))
    return {"doseQuantity": {"value": value, "unit": unit, "system": UCUM, "code": code}}


def _timing(timing: Timing | None, said: Span | None, duration: Quantity | None) -> Resource | None:
    bounds = _bounds(duration) if duration else None
    if timing is None and bounds is None:
        return None
    repeat: Resource = bounds or {}
    if timing is not None:
        repeat |= {
            "count": timing.count,
            "frequency": timing.frequency,
            "frequencyMax": timing.frequency_max,
            "period": _number(timing.period),
            "periodMax": _number(timing.period_max),
            "periodUnit": timing.period_unit,
            "dayOfWeek": list(timing.day_of_week) or None,
            "timeOfDay": list(timing.time_of_day) or None,
            "when": list(timing.when) or None,
        }
    return without_none(
        {"repeat": without_none(repeat) or None, "code": {"text": said.quote} if said else None}
    )


def _bounds(duration: Quantity) -> Resource:
    """How long: boundsDuration or boundsRange, with UCUM's code where the unit is one of time."""
    coded: Resource = {"system": UCUM, "code": duration.unit} if duration.unit in CALENDAR else {}
    ends: list[Resource] = [
        {"value": _number(v), "unit": duration.unit, **coded}
        for v in (duration.value, duration.high)
        if v is not None
    ]
    if len(ends) == 1:
        return {"boundsDuration": ends[0]}
    return {"boundsRange": {"low": ends[0], "high": ends[1]}}


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def without_none(given: Resource) -> Resource:
    """The members that have a value."""
    return {key: value for key, value in given.items() if value is not None}
