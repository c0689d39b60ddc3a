"""Sig parts are found, given to their drug, and a drug's status is what the text says."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import medication, sig, status
from nlp.document import read as read_document
from nlp.sig import routes, timing
from nlp.types import Document, MedicationStatus, Section, Sentence, Sig, Span

S = MedicationStatus


def document(text: str, section: str = "") -> Document:
    sections = (Section(section, Span(0, 1, text[:1]), 1, len(text)),) if section else ()
    return Document(text, sections, (Sentence(0, len(text)),))


def places(text: str, *drugs: str) -> list[tuple[int, int]]:
    return [(text.index(d), text.index(d) + len(d)) for d in drugs]


def sigs(text: str, *drugs: str) -> list[Sig]:
    return medication.sigs(document(text), places(text, *drugs))


def shown(one: Sig) -> dict[str, str]:
    parts = {
        name: getattr(one, name)
        for name in (
            "strength",
            "dose",
            "form",
            "route",
            "frequency",
            "as_needed",
            "as_needed_for",
            "duration",
        )
    }
    return {name: span.quote for name, span in parts.items() if span}


@pytest.mark.parametrize(
    ("text", "drug", "parts"),
    [
        ("warfarin 2.5 mg by mouth every evening", "warfarin", {"strength": "2.5 mg", "route": "by mouth", "frequency": "every evening"}),
        ("Percocet 5/325 one to two tablets p.o. q.4-6h. p.r.n. pain", "Percocet", {"strength": "5/325", "dose": "one to two tablets", "route": "p.o.", "frequency": "q.4-6h.", "as_needed": "p.r.n.", "as_needed_for": "pain"}),
        ("cephalexin 250 mg/5 mL, 10 mL po QID x 7 days", "cephalexin", {"strength": "250 mg/5 mL", "dose": "10 mL", "route": "po", "frequency": "QID", "duration": "x 7 days"}),
        ("fluticasone 2 sprays in each nostril daily", "fluticasone", {"dose": "2 sprays", "route": "in each nostril", "frequency": "daily"}),
        ("half a tablet of metoprolol twice daily", "metoprolol", {"dose": "half a tablet", "frequency": "twice daily"}),
        ("10 mg of zolpidem at bedtime as needed for insomnia", "zolpidem", {"strength": "10 mg", "frequency": "at bedtime", "as_needed": "as needed", "as_needed_for": "insomnia"}),
        ("Levomepromazine 6.25 mg sc prn", "Levomepromazine", {"strength": "6.25 mg", "route": "sc", "as_needed": "prn"}),
        ("insulin 10 units s/c nocte", "insulin", {"strength": "10 units", "route": "s/c", "frequency": "nocte"}),
        ("atenolol 50 mg OD", "atenolol", {"strength": "50 mg", "frequency": "OD"}),
        ("ibuprofen 400 mg sos", "ibuprofen", {"strength": "400 mg", "as_needed": "sos"}),
        ("erythromycin 5 mg/gram eye ointment", "erythromycin", {"strength": "5 mg/gram", "form": "eye ointment"}),
        ("insulin glargine 20 units subcutaneously at bedtime", "insulin glargine", {"strength": "20 units", "route": "subcutaneously", "frequency": "at bedtime"}),
        ("fentanyl 25 mcg/hr patch q72h", "fentanyl", {"strength": "25 mcg/hr", "form": "patch", "frequency": "q72h"}),
        ("heparin 5,000 units SQ q8h.", "heparin", {"strength": "5,000 units", "route": "SQ", "frequency": "q8h"}),
        ("- Tylenol 500 mg q6h PRN for knee pain\n- Insulin glargine 18 units", "Tylenol", {"strength": "500 mg", "frequency": "q6h", "as_needed": "PRN", "as_needed_for": "knee pain"}),
        ("Zofran 4 mg PRN nausea\nColace", "Zofran", {"strength": "4 mg", "as_needed": "PRN", "as_needed_for": "nausea"}),
        ("Tylenol 500 mg PRN for pain in\nthe back", "Tylenol", {"strength": "500 mg", "as_needed": "PRN", "as_needed_for": "pain in\nthe back"}),
        ("Toprol 50 daily", "Toprol", {"strength": "50", "frequency": "daily"}),
        ("timolol 0.5% 1 drop OU b.i.d.", "timolol", {"strength": "0.5%", "dose": "1 drop", "route": "OU", "frequency": "b.i.d."}),
    ],
)  # fmt: skip
def test_parts_of_one_drug(text: str, drug: str, parts: dict[str, str]) -> None:
    (one,) = sigs(text, drug)
    assert shown(one) == parts


def test_each_drug_has_its_own_parts() -> None:
    one, two = sigs(
        "Takes lisinopril 20 mg daily and metformin 1000 mg b.i.d.", "lisinopril", "metformin"
    )
    assert shown(one) == {"strength": "20 mg", "frequency": "daily"}
    assert shown(two) == {"strength": "1000 mg", "frequency": "b.i.d."}


def test_joined_drugs_share_route_and_frequency() -> None:
    one, two = sigs("calcium 500 mg and vitamin D 400 units p.o. daily", "calcium", "vitamin D")
    assert (one.route_code, two.route_code) == ("oral", "oral")
    assert one.timing == two.timing is not None


def test_direction_in_the_next_sentence() -> None:
    text = "Cefprozil 875 mg. Sig: one p.o. b.i.d."
    read = Document(text, (), (Sentence(0, 17), Sentence(18, len(text))))
    (one,) = medication.sigs(read, [(0, 9)])
    assert shown(one) == {
        "strength": "875 mg",
        "dose": "one",
        "route": "p.o.",
        "frequency": "b.i.d.",
    }


@pytest.mark.parametrize("text", ["glucose 110 mg/dL", "sodium 138 mmol/L", "BP 120/80"])
def test_a_measurement_is_no_strength(text: str) -> None:
    assert [e for e in sig.find(text) if e.part == "strength"] == []


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        ("Increase lisinopril 10→20 mg daily.", ["20 mg"]),
        ("Increase lisinopril from 10 to 20 mg daily.", ["20 mg"]),
        ("Lisinopril 10 mg -> 20 mg daily.", ["20 mg"]),
        ("Take lisinopril 10 to 20 mg daily.", ["10 to 20 mg"]),
        ("Lisinopril taper 40-30-20-10 mg every 2 days.", ["40-30-20-10 mg"]),
        ("Lisinopril 40 mg daily x 5 days, then 20 mg daily x 5 days.", ["40 mg", "20 mg"]),
        ("Lisinopril 40 mg in the morning and 20 mg at night.", ["40 mg", "20 mg"]),
        ("Lisinopril 20 mg daily. He weighs 90 kg.", ["20 mg"]),
    ],
)
def test_the_steps_of_a_regimen(text: str, strengths: list[str]) -> None:
    (one,) = sigs(text, "isinopril")
    assert [s.strength.quote for s in (one, *one.then) if s.strength] == strengths


def test_a_later_step_keeps_the_route() -> None:
    (one,) = sigs("Lasix 40 mg p.o. in the morning and 20 mg in the afternoon.", "Lasix")
    (later,) = one.then
    assert later.route_code == "oral"
    assert later.frequency is not None
    assert later.frequency.quote == "in the afternoon"


def test_a_reason_ends_where_the_duration_begins() -> None:
    (one,) = sigs("Norco 5/325 mg q4h prn pain x 5 days", "Norco")
    assert one.as_needed_for is not None
    assert one.as_needed_for.quote == "pain"


def test_values_beside_the_spans() -> None:
    (one,) = sigs("prednisone 1-2 tablets by mouth every 6 to 8 hours for ten days", "prednisone")
    assert one.dose_quantity is not None
    assert (one.dose_quantity.value, one.dose_quantity.high, one.dose_quantity.unit) == (
        1,
        2,
        "tablet",
    )
    assert one.duration_quantity is not None
    assert (one.duration_quantity.value, one.duration_quantity.unit) == (10, "d")
    assert one.timing is not None
    assert timing.notation(one.timing) == "1/6-8h"


@pytest.mark.parametrize(
    ("text", "drug", "said"),
    [
        ("Continue atenolol 25 mg daily.", "atenolol", S.ACTIVE),
        ("Start sertraline 50 mg daily.", "sertraline", S.NEW),
        ("She was placed on doxycycline.", "doxycycline", S.NEW),
        ("Increase lisinopril to 40 mg.", "lisinopril", S.CHANGED),
        ("Lisinopril 10 → 20 mg daily.", "Lisinopril", S.CHANGED),
        ("Stop ibuprofen.", "ibuprofen", S.STOPPED),
        ("Metformin was discontinued because of diarrhea.", "Metformin", S.STOPPED),
        ("He stopped smoking and takes aspirin.", "aspirin", S.ACTIVE),
        ("Hold warfarin before surgery.", "warfarin", S.HELD),
        ("Apixaban is on hold.", "Apixaban", S.HELD),
        ("She completed a course of amoxicillin.", "amoxicillin", S.COMPLETED),
        ("Consider adding spironolactone.", "spironolactone", S.PLANNED),
        ("She has not been taking furosemide.", "furosemide", S.NOT_TAKING),
        ("He refuses insulin.", "insulin", S.NOT_TAKING),
        ("She is allergic to codeine.", "codeine", S.ALLERGY),
        ("Codeine caused hives.", "Codeine", S.ALLERGY),
        ("We switched from losartan to valsartan.", "losartan", S.STOPPED),
        ("We switched from losartan to valsartan.", "valsartan", S.NEW),
        ("Naproxen 500 mg p.o. q.d., recently discontinued.", "Naproxen", S.STOPPED),
        ("Discontinue lisinopril 10 mg p.o. q.d. and metformin.", "metformin", S.STOPPED),
        ("Treatment options include sertraline.", "sertraline", S.PLANNED),
        ("Naproxen instead of celecoxib.", "celecoxib", S.STOPPED),
        ("Ceftriaxone was started and discontinued on day 2.", "Ceftriaxone", S.STOPPED),
        ("Lisinopril was held and restarted at half the dose.", "Lisinopril", S.ACTIVE),
        ("STOP taking: ibuprofen, potassium.", "potassium", S.STOPPED),
        ("Gabapentin was not helpful.", "Gabapentin", S.STOPPED),
        ("Colchicine was not needed.", "Colchicine", S.NOT_TAKING),
        ("We would not use spironolactone anyway.", "spironolactone", S.NOT_TAKING),
        ("He had been on simvastatin.", "simvastatin", S.STOPPED),
        ("He took simvastatin but that was stopped.", "simvastatin", S.STOPPED),
        ("She underwent chemotherapy with docetaxel.", "docetaxel", S.COMPLETED),
        ("Methotrexate could be considered.", "Methotrexate", S.PLANNED),
        ("Febuxostat if recurrent.", "Febuxostat", S.PLANNED),
        ("Ibuprofen if needed.", "Ibuprofen", S.ACTIVE),
        ("Varenicline discussed, not interested.", "Varenicline", S.PLANNED),
        ("Intravesical mitomycin is planned.", "mitomycin", S.PLANNED),
        ("Switch omeprazole 20 mg to famotidine.", "omeprazole", S.STOPPED),
        ("Change metoprolol to 50 mg b.i.d.", "metoprolol", S.CHANGED),
        ("Cut the lisinopril from 40 to 20.", "lisinopril", S.CHANGED),
        ("Morphine makes me itch.", "Morphine", S.ALLERGY),
        ("Pseudoephedrine, which gave her palpitations.", "Pseudoephedrine", S.INTOLERANCE),
        ("I'll give you oxycodone for a few days.", "oxycodone", S.NEW),
        ("Warfarin | 5 mg | PO | daily | Hold until Monday", "Warfarin", S.HELD),
        ("Simvastatin | 40 mg | PO | nightly | Stopped", "Simvastatin", S.STOPPED),
        ("Off coumadin since spring.", "coumadin", S.STOPPED),
        ("Hold tamsulosin if SBP < 100.", "tamsulosin", S.ACTIVE),
        ("Magnesium not needed.", "Magnesium", S.NOT_TAKING),
        ("Ear infections despite multiple courses of cefdinir.", "cefdinir", S.COMPLETED),
        ("Some people end up on insulin.", "insulin", S.PLANNED),
        ("See the gynecologist about a Mirena.", "Mirena", S.PLANNED),
        ("He bled on warfarin in 2015.", "warfarin", S.STOPPED),
        ("Amiodarone was tried several years ago.", "Amiodarone", S.STOPPED),
        ("Clonazepam made him groggy.", "Clonazepam", S.ALLERGY),
        ("Feels better. D/c home w/ naproxen.", "naproxen", S.NEW),
        ("Toradol 30 mg IV given, feels better.", "Toradol", S.COMPLETED),
        ("She was treated initially with cefepime.", "cefepime", S.COMPLETED),
        ("Metformin should be restarted by her doctor.", "Metformin", S.HELD),
        ("I finished it on sunday Levaquin I think.", "Levaquin", S.COMPLETED),
        ("It might be the losartan.", "losartan", S.ACTIVE),
        ("Bactrim (stopped 2008)", "Bactrim", S.STOPPED),
    ],
)
def test_status(text: str, drug: str, said: MedicationStatus) -> None:
    (place,) = places(text, drug)
    assert status.status(document(text), place, [place])[0] is said


def test_what_a_patient_is_sent_home_on_is_the_last_word() -> None:
    text = ": Lisinopril 5 mg daily."
    (place,) = places(text, "Lisinopril")
    assert status.status(document(text, "discharge_medications"), place, [place]) == (
        S.ACTIVE,
        True,
    )
    assert status.status(document(text, "medications"), place, [place]) == (S.ACTIVE, False)


def test_what_was_given_in_hospital_is_over_where_a_list_goes_home() -> None:
    text = "HOSPITAL COURSE: Ceftriaxone was started.\n\nDISCHARGE MEDICATIONS: Lisinopril."
    read = read_document(text)
    drugs = places(text, "Ceftriaxone", "Lisinopril")
    told = [status.status(read, place, drugs)[0] for place in drugs]
    assert told == [S.IN_HOSPITAL, S.ACTIVE]


def test_a_title_tells_what_was_tried() -> None:
    text = "Meds tried: Adderall, Strattera. Currently on Concerta."
    read = read_document(text)
    drugs = places(text, "Adderall", "Strattera", "Concerta")
    told = [status.status(read, place, drugs)[0] for place in drugs]
    assert told == [S.STOPPED, S.STOPPED, S.ACTIVE]


def test_allergy_section() -> None:
    text = ": Penicillin."
    (place,) = places(text, "Penicillin")
    assert status.status(document(text, "allergies"), place, [place])[0] is S.ALLERGY


@given(st.text(max_size=200))
def test_elements_lie_apart_in_any_text(text: str) -> None:
    found = sig.find(text)
    assert all(0 <= e.start < e.end <= len(text) for e in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@given(st.text(alphabet="aspirin 0123456789mg/.-,pobid q h\n", min_size=1, max_size=120), st.data())
def test_quotes_are_verbatim(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    (one,) = medication.sigs(document(text), [(start, start + 1)])
    spans = [getattr(one, name) for name in ("strength", "dose", "form", "route", "frequency")]
    assert all(text[s.start : s.end] == s.quote for s in spans if s)


ROUTE_WORDS = """
    p.o. by mouth orally oral per os i.v. ivpb intravenous push i.m. im intramuscular sq s.c. SC
    subcut subcutaneously s.l. SL sublingual under the tongue p.r. PR rectum rectally vagina PV
    intravaginal topically to affected area areas skin apply locally transdermal in into each both
    every either nostril nostrils nares naris intranasally nasally nose nasal spray right left eye
    eyes ophthalmic OU OD OS ear ears otic AU inhaled inhalation via nebulizer nebulized hand-held
    mdi buccal intradermal intrathecal intra-articular epidural intraperitoneal through down g-tube
    peg tube feeding n.g. nasogastric dobhoff
""".split()  # noqa: SIM905


@given(st.lists(st.sampled_from(ROUTE_WORDS), min_size=1, max_size=5))
def test_every_route_begins_with_a_letter_of_its_row(words: list[str]) -> None:
    text = " ".join(words)
    for first, _, rule in routes.RULES:
        for match in re.finditer(rf"(?<![\w./-])(?:{rule.pattern})", text, re.I):
            assert match[0][0].lower() in first, match[0]


@pytest.mark.parametrize(
    ("text", "drugs", "reason"),
    [
        ("Ativan 1 mg t.i.d. p.r.n.  Seroquel was decreased.", ("Ativan", "Seroquel"), None),
        ("Norco q4h p.r.n., Zofran 4 mg IV q.6h.", ("Norco", "Zofran"), None),
        ("Vicodin prn for pain as well as Celebrex 200 mg.", ("Vicodin", "Celebrex"), "pain"),
    ],
)
def test_another_drug_is_no_reason(text: str, drugs: tuple[str, str], reason: str | None) -> None:
    first, _ = medication.sigs(
        read_document(text), [(text.index(d), text.index(d) + len(d)) for d in drugs]
    )
    assert (first.as_needed_for.quote if first.as_needed_for else None) == reason
