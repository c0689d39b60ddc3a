"""Terminology over the shipped index: lookup, hits and text to code."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import UnknownCode, UnknownSystem
from terminology.service import Terminology
from terminology.types import ICD10CM, RXNORM, Method
from tests.reference import reference

VISIT = (
    "58 yo with type 2 diabetes mellitus, HTN and AF; no chest pain. Prior heart attack.\n"
    "Takes metformin, lisinopril 10 MG Oral Tablet and ASA. Naïve to warfarin — œdema."
)


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


def test_systems(terminology: Terminology) -> None:
    icd, rx = terminology.systems()
    assert (icd.alias, icd.version, icd.content, icd.count) == (
        "icd10cm",
        "2026-04",
        "complete",
        98_186,
    )
    assert (rx.alias, rx.content) == ("rxnorm", "fragment")
    assert terminology.resolve("rxnorm") == terminology.resolve(RXNORM) == RXNORM


def test_lookup_of_a_diagnosis(terminology: Terminology) -> None:
    concept = terminology.lookup("icd10cm", "E11.6")
    said = [(each.code, each.value) for each in concept.properties]
    assert concept.display == "Type 2 diabetes mellitus with other specified complications"
    assert ("parent", "E11") in said
    assert ("child", "E11.65") in said
    assert ("billable", False) in said
    assert ("inactive", False) in said
    notes = terminology.lookup(ICD10CM, "I10").properties
    assert any(each.code == "excludes2" for each in notes)


def test_lookup_of_a_drug(terminology: Terminology) -> None:
    concept = terminology.lookup("rxnorm", "314076")
    said = {each.code: each.value for each in concept.properties}
    assert said["TTY"] == "SCD"
    assert said["has_ingredient"] == "29046"
    assert said["dose_form"] == "Oral Tablet"
    assert [each.display for each in terminology.ingredients("314076")] == ["lisinopril"]
    assert [each.code for each in terminology.ingredients("29046")] == ["29046"]


def test_what_is_unknown(terminology: Terminology) -> None:
    with pytest.raises(UnknownSystem, match="snomed"):
        terminology.lookup("snomed", "1")
    with pytest.raises(UnknownSystem, match="1999"):
        terminology.lookup("icd10cm", "I10", version="1999")
    with pytest.raises(UnknownCode, match="XYZ"):
        terminology.lookup("icd10cm", "XYZ")
    with pytest.raises(UnknownSystem):
        terminology.match("cholera", "snomed")
    assert not terminology.exists(ICD10CM, "XYZ")
    assert not terminology.exists("snomed", "I10")


def test_subsumption(terminology: Terminology) -> None:
    assert terminology.subsumes("icd10cm", "E11", "E11.65")
    assert terminology.subsumes("icd10cm", "S52", "S52.001B")
    assert not terminology.subsumes("icd10cm", "E11.65", "E11")
    assert not terminology.subsumes("icd10cm", "E10", "E11.65")


@pytest.mark.parametrize(
    ("text", "code", "method"),
    [
        ("Type 2 diabetes mellitus without complications", "E11.9", Method.EXACT),
        ("type 2 diabetes mellitus", "E11.9", Method.EXACT),
        ("malignant neoplasm of larynx", "C32", Method.EXACT),
        ("type 2 diabetes mellitus NOS", "E11.9", Method.FUZZY),
        ("heart attack", "I21.9", Method.SYNONYM),
        ("high blood pressure", "I10", Method.SYNONYM),
        ("DM2", "E11.9", Method.ABBREVIATION),
        ("HTN", "I10", Method.ABBREVIATION),
        ("breast cancer", "C50.919", Method.SYNONYM),
        ("pain in left knee", "M25.562", Method.EXACT),
        ("kidny stone", "N20.0", Method.SYNONYM),
        ("oedema of larynx", "J38.4", Method.EXACT),
        ("dementia", "F03", Method.EXACT),
        ("abrasion of hand", "S60.519A", Method.EXACT),
        ("open fracture of shaft of right tibia", "S82.201B", Method.FUZZY),
    ],
)
def test_diagnoses(terminology: Terminology, text: str, code: str, method: Method) -> None:
    best = terminology.match(text, "icd10cm")[0]
    assert (best.code, best.method) == (code, method)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hip fx left", "S72.002A"),
        ("RUE cellulitis", "L03.113"),
        ("LUE cellulitis", "L03.114"),
        ("left carpal tunnel syndrome", "G56.02"),
        ("dry eyes bilateral", "H04.123"),
        ("knee pain R", "M25.561"),
        ("left heart failure", "I50.1"),  # a side that is a part of the name
        ("b/l knee OA", "M17.0"),  # of an unspecified osteoarthritis, the primary one
        ("POAG OS", "H40.1120"),
        ("cut on my left hand", "S61.412A"),
        ("deaf in the right ear", "H91.91"),
        ("L hemiparesis", "G81.94"),  # of the hand that is not dominant
        ("left pleural effusion", "J90"),  # no code tells of its side
        ("cellulitis of right arm", "L03.113"),  # the arm is the upper limb
        ("axillary abscess left", "L02.412"),  # of the limb, but for the side of the axilla
        ("boil on right thigh", "L02.425"),  # the thigh is of the leg
        ("#NOF left", "S72.002A"),
        ("right foot ulcer", "L97.519"),  # of an unspecified severity too
    ],
)
def test_a_side_that_is_named(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("type 2 diabetes with ckd stage 3", "E11.22"),
        ("T2DM c/b retinopathy", "E11.319"),
        ("T1DM with DKA", "E10.10"),
        ("ckd stage 4", "N18.4"),
    ],
)
def test_combinations_and_their_numbers(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("CAP", ["J18.9", "C61"]),
        ("BPD", ["F60.3", "F31.9", "P27.1"]),
        ("UC", ["K51.90"]),
        ("AKI", ["N17.9"]),
    ],
)
def test_letters_of_several_meanings_give_the_commonest_first(
    terminology: Terminology, text: str, codes: list[str]
) -> None:
    found = terminology.match(text, "icd10cm", len(codes))
    assert [each.code for each in found] == codes
    assert all(each.score < 0.9 for each in found)


def test_shorthand_with_a_slash_is_read_in_full(terminology: Terminology) -> None:
    for text, code in (("eating d/o", "F50.9"), ("Crohn's dz", "K50.90"), ("AKI d/t ATN", "N17.0")):
        assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hepatitus c", "B19.20"),
        ("diverticulitus", "K57.92"),
        ("skizophrenia", "F20.9"),
        ("cirosis", "K74.60"),
        ("shingels", "B02.9"),
    ],
)
def test_a_misspelt_word_is_the_one_it_is_most_like(
    terminology: Terminology, text: str, code: str
) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I have had a really bad cough for 3 days", "R05.9"),
        ("my dad had a stroke", "Z82.3"),
        ("low back pain after lifting boxes", "M54.50"),
        ("trouble sleeping at night", "G47.00"),
    ],
)
def test_what_is_said_around_it_is_no_part_of_it(
    terminology: Terminology, text: str, code: str
) -> None:
    assert code in [each.code for each in terminology.match(text, "icd10cm", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "yes",
        "table",
        "happy",
        "left knee",
        "no chest pain",
        "denies fever",
        "no evidence of stroke",
        "covid negative",
        "negative strep test",
        "nonsmoker",
        "afebrile",
        "not pregnant",
        "absence of fever",
        "seizure free",
        "walking",
        "meeting",
        "x",
    ],
)
def test_no_disorder_gives_no_code(terminology: Terminology, text: str) -> None:
    assert terminology.match(text, "icd10cm") == ()


def test_letters_that_are_a_word_have_to_be_capitals(terminology: Terminology) -> None:
    assert terminology.match("HI", "icd10cm")[0].code == "R45.850"


def test_letters_come_after_what_the_word_means(terminology: Terminology) -> None:
    for text in ("cold", "Cold"):
        assert [m.code for m in terminology.match(text, "icd10cm", 2)] == ["J00", "J44.9"]


def test_what_is_missing_is_a_disorder_where_a_name_says_so(terminology: Terminology) -> None:
    for text, code in (
        ("no appetite", "R63.0"),
        ("not sleeping", "G47.00"),
        ("pregnancy test negative", "Z32.02"),
        ("Rh negative", "Z67.91"),
    ):
        assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("resolved pneumonia", "Z87.01"),
        ("left main disease", "I25.10"),
        ("LAD disease", "I25.10"),
        ("pressure ulcer sacrum stage 3", "L89.153"),
        ("thirsty", "R63.1"),
        ("side effects of prednisone", "T38.0X5A"),
        ("dog bite left forearm", "S51.852A"),
        ("closed fracture of left distal radius, subsequent encounter", "S52.502D"),
    ],
)
def test_what_a_coder_would_give(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


def test_an_organ_alone_is_no_cancer(terminology: Terminology) -> None:
    for text in ("lazy spleen", "grumbling liver", "funny kidneys", "grumbly kidney"):
        best = terminology.match(text, "icd10cm")[0]
        assert best.code[0] not in "CDQT"
        assert best.score < 0.75


def test_what_is_written_every_day_gives_the_plain_code(terminology: Terminology) -> None:
    for text, code in (("colon cancer", "C18.9"), ("psoriasis", "L40.9"), ("BPH", "N40.0")):
        assert terminology.match(text, "icd10cm")[0].code == code


def test_the_billable_default_follows_a_category(terminology: Terminology) -> None:
    for text, default in (
        ("malignant neoplasm of larynx", "C32.9"),
        ("xeroderma of eyelid", "H01.149"),
    ):
        first, second = terminology.match(text, "icd10cm", 2)
        assert not terminology.is_billable(first.code)
        assert second.code == terminology.default(first.code) == default


@pytest.mark.parametrize(
    ("text", "name", "method"),
    [
        ("lisinoprl 10 mg", "lisinopril 10 MG Oral Tablet", Method.FUZZY),
        ("lisinopril 10 mg tab", "lisinopril 10 MG Oral Tablet", Method.EXACT),
        ("atorvastatin 40mg every evening", "atorvastatin 40 MG Oral Tablet", Method.EXACT),
        ("metformin", "metformin", Method.EXACT),
        ("warfrin", "warfarin", Method.FUZZY),
        ("levothyroxine 50 mcg", "levothyroxine sodium 0.05 MG Oral Tablet", Method.EXACT),
    ],
)
def test_drugs(terminology: Terminology, text: str, name: str, method: Method) -> None:
    best = terminology.match(text, "rxnorm")[0]
    assert (best.display.lower(), best.method) == (name.lower(), method)


def test_scores_are_calibrated_and_ordered(terminology: Terminology) -> None:
    for text, system in (("chronic kidney disease", "icd10cm"), ("amoxicillin 500 mg", "rxnorm")):
        found = terminology.match(text, system, 8)
        scores = [each.score for each in found]
        assert 4 < len(found) == len({each.code for each in found}) <= 8
        assert all(0 < score <= 1 for score in scores)
        assert scores[0] == max(scores)
        assert terminology.match(text, system, 3) == found[:3]


def test_a_sampled_title_finds_its_own_code_first(terminology: Terminology) -> None:
    draw = random.Random(7)  # noqa: S311 - a sample
    codes = draw.sample(sorted(terminology.codes(ICD10CM)), 400)
    for code in codes:
        if terminology.is_billable(code):
            title = terminology.display(ICD10CM, code)
            best = terminology.match(title, "icd10cm", 1)[0]
            assert best.code == code or best.display == title
            assert best.score == 1.0


def test_a_sampled_drug_finds_its_own_code_first(terminology: Terminology) -> None:
    draw = random.Random(7)  # noqa: S311 - a sample
    for code in draw.sample(sorted(terminology.codes(RXNORM)), 300):
        name = terminology.display(RXNORM, code)
        best = terminology.match(name, "rxnorm", 1)[0]
        assert best.code == code or best.display.lower() == name.lower()


def test_every_term_names_a_concept_of_its_system(terminology: Terminology) -> None:
    index = terminology._index
    concepts = index.arrays["term.concept"]
    assert len(concepts) == len(index.terms) > 200_000
    assert int(concepts.max()) < index.rows[-1].last
    assert all(index.terms.all())


@given(st.text(max_size=80))
def test_nothing_found_is_made_up(terminology: Terminology, text: str) -> None:
    for system in (ICD10CM, RXNORM):
        for match in terminology.match(text, system, 3):
            assert terminology.display(system, match.code) == match.display
            assert 0 <= match.score <= 1
    for hit in terminology.hits(text):
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.terms


def test_hits(terminology: Terminology) -> None:
    found = {VISIT[hit.start : hit.end]: hit.terms for hit in terminology.hits(VISIT)}
    assert found["type 2 diabetes mellitus"][0].code == "E11.9"
    assert found["HTN"][0].code == "I10"
    assert found["heart attack"][0].code == "I21.9"
    assert found["lisinopril 10 MG Oral Tablet"][0].code == "314076"
    assert found["ASA"][0].code == "1191"
    assert found["œdema"][0].system == ICD10CM
    assert "MG" not in found  # myasthenia gravis, but here a unit


def test_an_ambiguous_abbreviation_needs_its_capitals(terminology: Terminology) -> None:
    assert any(hit.terms[0].ambiguous for hit in terminology.hits("Known AS, stable."))
    assert not terminology.hits("as is")


def test_a_condition_does_not_hide_a_drug(terminology: Terminology) -> None:
    text = "overdose of aspirin"
    systems = {term.system for hit in terminology.hits(text) for term in hit.terms}
    assert RXNORM in systems


def test_threads_share_it(terminology: Terminology) -> None:
    texts = ["heart attack", "lisinoprl 10 mg", "CKD stage 3", "broken wrist"] * 10
    alone = [terminology.match(text, "icd10cm") for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: terminology.match(text, "icd10cm"), texts)) == alone


def gold(name: str) -> Iterator[tuple[str, set[str], str]]:
    """(phrase, accepted codes, kind or level) of every third row of a reference file."""
    path = reference(f"data/terminology/{name}_linking_gold.dev.tsv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, row in enumerate(rows):
            if number % 3 == 0:
                codes = row["codes" if name == "icd" else "rxcuis"]
                yield row["phrase"], set(codes.split(",")), row["kind"]


def test_diagnoses_against_the_reference(terminology: Terminology) -> None:
    exact = category = count = 0
    for phrase, codes, _ in gold("icd"):
        found = terminology.match(phrase, "icd10cm", 1)
        best = found[0].code if found else ""
        count += 1
        exact += best in codes
        category += best[:3] in {code[:3] for code in codes}
    assert exact / count > 0.48
    assert category / count > 0.70


def test_drugs_against_the_reference(terminology: Terminology) -> None:
    exact = count = 0
    for phrase, codes, _ in gold("rx"):
        if any(terminology.exists(RXNORM, code) for code in codes):
            found = terminology.match(phrase, "rxnorm", 1)
            count += 1
            exact += bool(found) and found[0].code in codes
    assert exact / count > 0.82


def test_what_people_call_an_injury_is_found_in_any_order(terminology: Terminology) -> None:
    for text, code in (
        ("finger cut", "S61.219A"),
        ("gash on the knee", "S81.019A"),
        ("broke my wrist", "S62.109A"),
        ("something in my eye", "T15.90XA"),
        ("healing wrist fracture", "S62.109D"),
    ):
        assert terminology.match(text, "icd10cm")[0].code == code
