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
