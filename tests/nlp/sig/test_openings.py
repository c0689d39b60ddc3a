"""Where phrases may begin: no place at which a rule of sigs would match is left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.text import normalise
from nlp.sig import amounts, forms, frequencies, lasting, reading, routes, timing
from nlp.sig.openings import Openings

# Each rule, and the table of those places at which it is tried.
RULES: dict[str, tuple[re.Pattern[str], ...]] = {
    "count": (amounts.COUNT_GATE,),
    "duration": (lasting._DURATION,),
    "as_needed": (lasting._PRN,),
    "route": (routes.GATE, *(rule for _, _, rule in routes.RULES)),
    "form": (forms.GATE, forms.RULE),
    "number": (amounts._STRENGTH,),
    "frequency": (
        frequencies.GATE,
        *(re.compile(pattern, re.I) for _, pattern, _ in frequencies.PATTERNS),
    ),
}
TABLES = {
    **{name: (reading._OPENINGS, at) for at, name in enumerate(reading._OPENINGS.names)},
    "frequency": (timing._OPENINGS, 0),
}


def body(rule: re.Pattern[str]) -> re.Pattern[str]:
    """The rule without what it asks of the place before it, which stands at the text's start."""
    return re.compile(re.sub(r"^\(\?<!(?:\[[^]]+\]|\\w)\)", "", rule.pattern), rule.flags)


@pytest.mark.parametrize("name", RULES)
@given(st.data())
def test_what_a_rule_matches_is_tried(name: str, data: st.DataObject) -> None:
    rules = st.sampled_from([body(rule) for rule in RULES[name]])
    text = data.draw(rules.flatmap(st.from_regex)).lstrip() + data.draw(st.sampled_from(["", " x"]))
    openings, at = TABLES[name]
    for rule in RULES[name]:
        if rule.match(text) and normalise(text) == text.lower():
            assert openings.find(normalise(text))[at][:1] == [0]


def test_places_are_those_of_words() -> None:
    openings = Openings(one="ab c", two="0 b_ ½")
    assert openings.find("ab xab c 12 b b\n c") == [[0, 7, 17], [9, 12, 14]]
    assert openings.find("") == [[], []]
    assert openings.find("½ éab 5") == [[3], [0, 6]]
