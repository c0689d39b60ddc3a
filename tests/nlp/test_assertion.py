"""Assertions: what cues in scope say of a mention."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import assertion, document
from nlp.cues import CUES
from nlp.cues.kinds import Category, Reach, Side
from nlp.types import Assertion, Kind, Span

# The mention stands in ⟨…⟩.
CASES = """
present      | Patient has ⟨pneumonia⟩.
negated      | No fever, chills or ⟨cough⟩, but has asthma.
present      | No fever, chills or cough, but has ⟨asthma⟩.
negated      | Denies fever, chills, nausea, vomiting, diarrhea, and ⟨dysuria⟩.
present      | There is no increase in ⟨edema⟩.
present      | Not only ⟨diabetes⟩ but hypertension too.
present      | Cultures grew gram negative rods causing ⟨sepsis⟩.
present      | She ambulates without difficulty despite ⟨arthritis⟩.
negated      | Chest film shows no evidence of ⟨pneumonia⟩.
negated      | ⟨Pulmonary embolism⟩ was ruled out.
negated      | ⟨Murmurs⟩, rubs and gallops are absent.
negated      | Negative for fever, chills and ⟨sweats⟩.
negated      | Abdomen is free of ⟨tenderness⟩.
negated      | ⟨Cough⟩: none.
negated      | ⟨Fever⟩: no
negated      | ⟨Diabetes⟩: denies
negated      | ENT: Denies any ⟨throat pain⟩.
negated      | [ ] ⟨Asthma⟩
present      | [x] ⟨Asthma⟩
negated      | [x] Diabetes [ ] ⟨Asthma⟩
negated      | (-) ⟨fever⟩
present      | (+) ⟨fever⟩
negated      | She was in no ⟨acute distress⟩.
present      | The left eardrum (not the surgical ear) has an ⟨infection⟩.
negated      | FAMILY HISTORY: Negative for ⟨colon cancer⟩.
family       | FAMILY HISTORY: ⟨Hypertension⟩, diabetes.
family       | Mother has ⟨diabetes⟩.
family       | Exposed to a cousin who has a ⟨sinus infection⟩.
family       | ⟨Diabetes⟩ in his mother.
family       | Sister with lupus, brother with ⟨gout⟩.
negated      | No personal or family history of ⟨colon cancer⟩.
present      | Mother reports he has ⟨asthma⟩.
present      | His mother has diabetes and he has ⟨asthma⟩.
hypothetical | Return for ⟨fever⟩ or worsening pain.
hypothetical | Should he develop ⟨chest pain⟩, call 911.
hypothetical | Risk of ⟨bleeding⟩ was discussed.
hypothetical | Heparin for ⟨DVT⟩ prophylaxis.
hypothetical | Aspirin to prevent ⟨stroke⟩.
hypothetical | ⟨Hepatitis B⟩ vaccine given.
possible     | ⟨Pneumonia⟩ cannot be excluded.
possible     | r/o ⟨MI⟩
possible     | ?⟨PE⟩
possible     | ⟨Pneumonia⟩ versus atelectasis.
possible     | Differential diagnosis includes asthma, COPD, and ⟨CHF⟩.
present      | History of ⟨hypertension⟩.
historical   | Status post ⟨stroke⟩ in 1992.
historical   | She had ⟨asthma⟩ as a child.
historical   | ⟨Cellulitis⟩, resolved.
historical   | PAST SURGICAL HISTORY: Appendectomy for ⟨appendicitis⟩.
present      | ⟨Diabetes⟩ diagnosed in 2004.
present      | PAST MEDICAL HISTORY: ⟨Hypertension⟩.
present      | No complications of ⟨diabetes⟩.
present      | His ⟨hypertension⟩ is not well controlled.
present      | ⟨COPD⟩, not on home oxygen.
present      | He has not been taking lisinopril for ⟨hypertension⟩.
present      | Denies chest pain; has ⟨GERD⟩.
present      | She has ⟨diabetes⟩ without retinopathy.
present      | Old records show ⟨CHF⟩.
historical   | He had ⟨cataract⟩ surgery about 4.5 months ago.
negated      | He is not ⟨diabetic⟩.
present      | ⟨Reflux⟩: (x) yes ( ) no
negated      | ⟨Glaucoma⟩: ( ) yes (x) no
present      | Stroke: ( ) yes (x) no ⟨Gout⟩: (x) yes ( ) no
negated      | Mother: asthma. ☒ Gout ☐ ⟨Stroke⟩
negated      | ⟨Seizure⟩ is less likely.
negated      | The tap was negative for ⟨peritonitis⟩.
negated      | And no ⟨diabetes⟩ yet.
possible     | Doubt ⟨syncope⟩ or migraine.
present      | There is no doubt of ⟨gout⟩.
hypothetical | RTC for worsening, ⟨stiff neck⟩, or dehydration.
hypothetical | Call if she develops fever, severe headache, or ⟨cellulitis⟩.
hypothetical | Lovenox for ⟨DVT⟩ ppx.
hypothetical | Screening ultrasound for ⟨liver cancer⟩.
hypothetical | We went over symptoms of ⟨hypothyroidism⟩.
hypothetical | I want you to check your eyes for any ⟨retinopathy⟩.
hypothetical | Watch him very carefully for a ⟨barking cough⟩.
hypothetical | Often ⟨sinus infections⟩ will start out as a cold.
hypothetical | These spots can turn into ⟨skin cancer⟩.
family       | My brother's on ⟨dialysis⟩ because of his diabetes.
present      | ⟨AF⟩, not on anticoagulation.
family       | Mum's on dialysis for ⟨diabetes⟩.
family       | My nephew, who I learned later had a ⟨sinus infection⟩, visited.
hypothetical | If he becomes oliguric or develops ⟨pericarditis⟩, start dialysis.
hypothetical | The parents know to bring her back for bleeding or ⟨dehydration⟩.
present      | ⟨AKI⟩ - likely tubular necrosis.
possible     | ⟨Pneumonia⟩ likely given the fever.
family       | My buddy ended up with ⟨endocarditis⟩.
family       | FAMILY HISTORY: Mother - cancer.\\n⟨Gout⟩: Y
present      | FAMILY HISTORY: Mother - cancer.\\nTobacco: never.\\n⟨Gout⟩: Y
historical   | Resolved problems: Pneumonia; ⟨shingles⟩
hypothetical | Make sure there's nothing hiding there like a ⟨lung cancer⟩.
hypothetical | That can be the ⟨herpes⟩ virus.
historical   | He is here after his hospital stay for ⟨pneumonia⟩.
historical   | ⟨Asthma⟩ (childhood, no inhaler).
historical   | First pregnancy c/b ⟨preeclampsia⟩.
historical   | She had sinus surgery in 2014 for ⟨nasal polyps⟩.
negated      | It doesn't bother your ⟨stomach⟩.
present      | it does n't bother your stomach at night and the burning in both of your feet is from ⟨neuropathy⟩
"""
ROWS = [
    tuple(part.strip().replace(r"\n", "\n") for part in line.split("|"))
    for line in CASES.strip().splitlines()
]


def marked(text: str) -> tuple[str, Span]:
    """The text without its marks, and the span they held."""
    found = re.search("⟨(.+?)⟩", text)
    assert found
    quote, start = found[1], found.start()
    return text[:start] + quote + text[found.end() :], Span(start, start + len(quote), quote)


def said(text: str, span: Span, kind: Kind = "condition", chronic: bool = True) -> Assertion:
    """What the text claims of the span."""
    return assertion.assess(document.read(text), span, kind, chronic)


@pytest.mark.parametrize(
    ("chronic", "want"), [(True, Assertion.PRESENT), (False, Assertion.HISTORICAL)]
)
def test_a_date_ends_only_what_passes(chronic: bool, want: Assertion) -> None:
    text, span = marked("⟨Pneumonia⟩ in 2012.")
    assert said(text, span, chronic=chronic) is want


@pytest.mark.parametrize("text", ["⟨Crohn's⟩, status post resection.", "Denies ⟨alcohol⟩."])
def test_what_was_treated_and_what_is_denied_of_habits_is_history(text: str) -> None:
    plain, span = marked(text)
    assert assertion.classify(plain, span.start, span.end).temporality == "historical"


@pytest.mark.parametrize(("want", "text"), ROWS, ids=[text for _, text in ROWS])
def test_a_cue_decides_the_mentions_in_its_scope(want: str, text: str) -> None:
    assert said(*marked(text)) == want


@pytest.mark.parametrize(
    "text", ["History of ⟨pneumonia⟩.", "PAST MEDICAL HISTORY: ⟨Pneumonia⟩, hypertension."]
)
def test_what_passes_is_historical_when_told_as_history(text: str) -> None:
    plain, span = marked(text)
    assert said(plain, span, chronic=False) is Assertion.HISTORICAL
    assert said(plain, span, chronic=True) is Assertion.PRESENT
    assert assertion.classify(plain, span.start, span.end).temporality == "historical"


@pytest.mark.parametrize(
    "text",
    [
        "HISTORY OF PRESENT ILLNESS: ⟨Chest pain⟩ for two days.",
        "She presents with a 3 day history of ⟨abdominal pain⟩.",
        "67 year old male with ⟨dyspnea⟩.",
    ],
)
def test_the_present_illness_is_recent(text: str) -> None:
    plain, span = marked(text)
    assert assertion.classify(plain, span.start, span.end) == assertion.Assessment()


@pytest.mark.parametrize(
    ("want", "text"),
    [
        ("present", "⟨Heparin⟩ for DVT prophylaxis."),
        ("present", "Suspected pneumonia, gave ⟨azithromycin⟩."),
        ("present", "PAST SURGICAL HISTORY: on ⟨warfarin⟩ since valve replacement."),
        ("negated", "Denies ⟨aspirin⟩ use."),
        ("hypothetical", "If pain returns, take ⟨ibuprofen⟩."),
    ],
)
def test_a_drug_is_not_judged_by_cues_of_its_indication(want: str, text: str) -> None:
    assert said(*marked(text), kind="medication") == want


def test_assessment_keeps_what_assertion_ranks() -> None:
    text = "No family history of colon cancer."
    found = assertion.classify(text, 21, 33)
    assert (found.negation, found.experiencer, found.temporality) == (
        "negated",
        "other",
        "historical",
    )


def test_a_problem_list_is_no_history() -> None:
    plain, span = marked("PROBLEM LIST:\n1. ⟨Pneumonia⟩.")
    assert said(plain, span, chronic=False) is Assertion.PRESENT


def test_cues_are_of_known_kinds_and_each_stands_once() -> None:
    for kind, phrases in CUES.items():
        assert kind.category in get_args(Category), kind
        assert kind.side in get_args(Side), kind
        assert kind.reach in get_args(Reach), kind
        assert all(phrase == " ".join(phrase.lower().split()) != "" for phrase in phrases), kind
        assert len(set(phrases)) == len(phrases), kind


@pytest.mark.parametrize(("want", "text"), ROWS[::7], ids=[text for _, text in ROWS[::7]])
@given(more=st.sampled_from(["No rash.", "Mother has gout.", "If worse, call.", "Resolved."]))
def test_other_sentences_change_nothing(want: str, text: str, more: str) -> None:
    plain, span = marked(text)
    assert said(f"{plain}\n\n{more}", span) == want


@given(
    st.text(st.sampled_from("no not if ?:;,.()[] \n-denies history of mother 1992"), max_size=80),
    st.integers(0, 80),
    st.integers(1, 20),
)
def test_any_text_gets_an_assessment(text: str, start: int, length: int) -> None:
    text = text.ljust(start + length, "x")
    found = assertion.classify(text, start, start + length)
    assert found.negation in ("affirmed", "negated")
