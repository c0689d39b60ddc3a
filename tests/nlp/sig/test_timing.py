"""Frequencies in Latin and English have the meaning that FHIR Timing.repeat gives them."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.sig import frequencies, timing
from nlp.types import Timing


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("q.d.", "1/d"),
        ("qd", "1/d"),
        ("daily", "1/d"),
        ("once daily", "1/d"),
        ("one time daily", "1/d"),
        ("per day", "1/d"),
        ("b.i.d.", "2/d"),
        ("BID", "2/d"),
        ("twice a day", "2/d"),
        ("two times per day", "2/d"),
        ("t.i.d.", "3/d"),
        ("three times daily", "3/d"),
        ("3x/day", "3/d"),
        ("QID", "4/d"),
        ("bd", "2/d"),
        ("b.d.", "2/d"),
        ("tds", "3/d"),
        ("q.d.s.", "4/d"),
        ("mane", "MORN"),
        ("nocte", "HS"),
        ("1-0-1", "MORN,HS"),
        ("1-1-1", "MORN,NOON,HS"),
        ("q3w", "1/3wk"),
        ("five times a day", "5/d"),
        ("1 to 2 times a day", "1-2/d"),
        ("once or twice a day", "1-2/d"),
        ("q6h", "1/6h"),
        ("q. 8 hours", "1/8h"),
        ("q.4-6h.", "1/4-6h"),
        ("every four to six hours", "1/4-6h"),
        ("every 12 hours", "1/12h"),
        ("q5min", "1/5min"),
        ("hourly", "1/h"),
        ("every other day", "1/2d"),
        ("q.o.d.", "1/2d"),
        ("q72h", "1/72h"),
        ("weekly", "1/wk"),
        ("twice weekly", "2/wk"),
        ("3 times a week", "3/wk"),
        ("every 2 weeks", "1/2wk"),
        ("once a month", "1/mo"),
        ("every 3 months", "1/3mo"),
        ("yearly", "1/a"),
        ("q.h.s.", "HS"),
        ("at bedtime", "HS"),
        ("nightly", "HS"),
        ("once daily at bedtime", "HS"),
        ("qAM", "MORN"),
        ("every morning and at bedtime", "MORN,HS"),
        ("in the evening", "EVE"),
        ("a.c.", "AC"),
        ("before breakfast", "ACM"),
        ("with dinner", "CV"),
        ("Mon/Wed/Fri", "mon,wed,fri"),
        ("on Tuesdays", "tue"),
        ("MWF", "mon,wed,fri"),
        ("at 8 a.m. and 8 p.m.", "08:00:00,20:00:00"),
        ("x1", "once"),
    ],
)
def test_notation(text: str, notation: str) -> None:
    (found,) = timing.find(text)
    assert (text[found.start : found.end], timing.notation(found.timing)) == (text, notation)


@pytest.mark.parametrize(
    ("text", "latin", "notation"),
    [
        ("RAMIPRIL 5 MG BD", "BD", "2/d"),
        ("atenolol 50 mg OD", "OD", "1/d"),
        ("2.5 mg od for gout", "od", "1/d"),
        ("1 po od", "od", "1/d"),
        ("omeprazole 20 mg OM", "OM", "MORN"),
        ("amitriptyline 10mg ON", "ON", "HS"),
    ],
)
def test_latin_letters_behind_what_is_taken(text: str, latin: str, notation: str) -> None:
    (found,) = timing.find(text)
    assert (text[found.start : found.end], timing.notation(found.timing)) == (latin, notation)


def test_event_joins_frequency() -> None:
    (found,) = timing.find("b.i.d. with meals")
    assert found.timing == Timing(frequency=2, period=1, period_unit="d", when=("C",))


@pytest.mark.parametrize(
    "text",
    [
        *("bidirectional", "the qualm", "x 10 days", "sat up in bed", "100 mg", "was seen Monday"),
        *("BD on lithium", "1 drop OD", "ASPIRIN ON HOLD", "OM on the left", "1-0-10", "PT ON DC"),
    ],
)
def test_no_frequency(text: str) -> None:
    assert timing.find(text) == []


@given(st.text(max_size=200))
def test_occurrences_lie_in_the_text_in_order(text: str) -> None:
    found = timing.find(text)
    assert all(0 <= o.start < o.end <= len(text) for o in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@given(
    low=st.integers(1, 23),
    width=st.integers(1, 12),
    form=st.sampled_from(["q{}h", "every {} hours"]),
)
def test_hours_keep_their_numbers(low: int, width: int, form: str) -> None:
    (one,) = timing.find(form.format(low))
    (span,) = timing.find(form.format(f"{low}-{low + width}"))
    assert (one.timing.period, one.timing.period_unit) == (low, "h")
    assert (span.timing.period, span.timing.period_max) == (low, low + width)


VOCABULARY = """
    once twice one two 3 12 2x x 1 daily day per each every other second a an q qd q4h q.i.d. b.i.d
    tid weekly week month monthly biweekly yearly annually quarterly hour hours hourly in the at am
    a.m. morning noon bedtime night nightly h.s. HS before after with meals food breakfast lunch
    dinner supper mornings evening afternoons prior two-times half 24 a.c. PC on mon wed fri MWF tuesdays TuTh stat single dose one-time times / to or and 8 x1 biweekly twelve other night
""".split()  # noqa: SIM905


@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=7))
def test_gate_opens_wherever_a_rule_matches(words: list[str]) -> None:
    text = " ".join(words)
    opened = {gate.start() for gate in frequencies.GATE.finditer(text.lower())}
    for first, pattern, _ in frequencies.PATTERNS:
        for match in re.finditer(rf"(?<![A-Za-z0-9])(?:{pattern})", text, re.I):
            assert match.start() in opened, match[0]
            assert timing._letter(match[0][0].lower()) in first, match[0]
