"""How a drug is taken, part by part."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from nlp.types.document import Span


class Timing(Struct, frozen=True, gc=False):
    """How often, in FHIR Timing.repeat's terms: `frequency`[-`frequency_max`] per `period` unit."""

    frequency: int | None = None
    frequency_max: int | None = None
    period: float | None = None
    period_max: float | None = None
    period_unit: Literal["s", "min", "h", "d", "wk", "mo", "a"] | None = None
    when: tuple[str, ...] = ()  # EventTiming codes: MORN, HS, AC, PC, C …
    day_of_week: tuple[str, ...] = ()  # mon, tue …
    time_of_day: tuple[str, ...] = ()  # 08:00:00 …
    count: int | None = None  # "once" is 1


class Quantity(Struct, frozen=True, gc=False):
    """A number or range with its unit as written, canonical (UCUM where there is a code)."""

    value: float
    unit: str
    high: float | None = None


class Supply(Struct, frozen=True, gc=False):
    """What a prescription hands out: how much, and how often again (None where it doesn't say)."""

    spans: tuple[Span, ...]
    quantity: Quantity | None = None
    refills: int | None = None


class Sig(Struct, frozen=True, gc=False):
    """How a drug is taken: each part is a span of the text with its value beside it."""

    strength: Span | None = None
    dose: Span | None = None
    dose_quantity: Quantity | None = None
    form: Span | None = None
    route: Span | None = None
    route_code: str = ""  # canonical name: oral, intravenous, subcutaneous …
    frequency: Span | None = None
    timing: Timing | None = None
    as_needed: Span | None = None
    as_needed_for: Span | None = None
    duration: Span | None = None
    duration_quantity: Quantity | None = None
    supply: Supply | None = None
    then: tuple[Sig, ...] = ()  # later steps of the regimen, in order
