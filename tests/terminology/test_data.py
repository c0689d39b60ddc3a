"""The shipped tables: their shape, and that every code in them exists where it is said to."""

from __future__ import annotations

import csv
import importlib.metadata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.reference import reference

DATA = Path(__file__).parents[2] / "terminology" / "data"
DRUGS = DATA / "rxnorm.tsv"
ICD = DATA / "icd10cm_synonyms.tsv"
RX = DATA / "rxnorm_synonyms.tsv"
INSULIN = "5856"
KINDS = {"abbreviation", "abbreviation-ambiguous", "lay", "brand"}
EXPECTED = """
    lisinopril metformin atorvastatin levothyroxine amlodipine metoprolol albuterol omeprazole losartan
    gabapentin hydrochlorothiazide sertraline simvastatin montelukast acetaminophen furosemide warfarin
    insulin_glargine insulin_lispro insulin_degludec semaglutide liraglutide dulaglutide empagliflozin
    apixaban rivaroxaban dabigatran_etexilate heparin enoxaparin clopidogrel ticagrelor aspirin ibuprofen
    morphine oxycodone hydromorphone fentanyl methadone naloxone buprenorphine amoxicillin ceftriaxone
    vancomycin meropenem ciprofloxacin azithromycin doxycycline linezolid fluconazole acyclovir
    oseltamivir dolutegravir zidovudine isoniazid rifampin artemether ivermectin cisplatin paclitaxel
    doxorubicin imatinib rituximab trastuzumab bevacizumab adalimumab etanercept methotrexate
    hydroxychloroquine prednisone latanoprost timolol propofol ketamine rocuronium norepinephrine
    epinephrine digoxin amiodarone tiotropium salmeterol ondansetron haloperidol olanzapine lithium
    valproate lamotrigine levetiracetam carbidopa donepezil zolpidem iohexol gadobutrol cholecalciferol
    ferrous_sulfate oxytocin misoprostol testosterone tamsulosin bismuth_subsalicylate
"""


@cache
def table(path: Path) -> list[dict[str, str]]:
    """The rows of a table; lines that start with # are provenance."""
    with path.open(encoding="utf-8", newline="") as lines:
        body = (line for line in lines if not line.startswith("#"))
        return list(csv.DictReader(body, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def drugs() -> dict[str, dict[str, str]]:
    return {row["rxcui"]: row for row in table(DRUGS)}


def listed(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def test_drugs_are_a_dated_fragment_with_provenance() -> None:
    head = [line for line in DRUGS.read_text(encoding="utf-8").splitlines() if line[0] == "#"]
    assert any("National Library of Medicine" in line and "public domain" in line for line in head)
    assert any(line.startswith("# version: 20") for line in head)
    assert DRUGS.stat().st_size < 1_500_000


def test_drugs_are_sorted_whole_and_enough() -> None:
    rows = table(DRUGS)
    codes = [int(row["rxcui"]) for row in rows]
    assert codes == sorted(set(codes))
    assert all(row["name"] == row["name"].strip() != "" for row in rows)
    count = Counter(row["tty"] for row in rows)
    assert set(count) == {"IN", "PIN", "MIN", "BN", "SCD", "SBD", "GPCK", "BPCK"}
    assert count["IN"] >= 1_200
    assert count["BN"] >= 2_000
    assert count["SCD"] >= 3_000


def test_packs_of_drugs_have_their_ingredients() -> None:
    """All but kits with what is no drug: a note's "Yaz" is of ethinyl estradiol."""
    packs = [row for row in table(DRUGS) if row["tty"] == "BPCK"]
    assert [
        row["name"] for row in packs if not row["ingredients"] and " Kit" not in row["name"]
    ] == ["Vagistat 3 Combination Pack"]
    assert drugs()["748856"]["ingredients"] == "4124|11636"


def test_ingredients_and_brands_are_in_the_table() -> None:
    known = drugs()
    for row in known.values():
        for code in listed(row["ingredients"]):
            assert known[code]["tty"] == "IN", row
        if row["brand"]:
            assert known[row["brand"]]["tty"] == "BN", row
            assert f"[{known[row['brand']]['name']}]".lower() in row["name"].lower()
        strengths = listed(row["strength"])
        if row["ingredients"] and strengths:
            assert len(strengths) == len(listed(row["ingredients"])), row


def test_ingredients_are_empty_where_there_are_none_and_only_drugs_have_a_form() -> None:
    for row in drugs().values():
        made = row["tty"] in {"SCD", "SBD"}
        assert bool(row["form"]) == made, row
        assert not row["strength"] or made, row
        assert not row["brand"] or row["tty"] == "SBD", row
        assert bool(row["ingredients"]) or row["tty"] not in {"PIN", "MIN", "BN"}, row
        assert not row["ingredients"] or row["tty"] != "IN", row


def test_drugs_that_a_clinician_expects() -> None:
    names = {row["name"].lower() for row in drugs().values() if row["tty"] == "IN"}
    assert {name.replace("_", " ") for name in EXPECTED.split()} <= names


def test_every_drug_agrees_with_the_reference() -> None:
    path = reference("data/terminology/rxnorm_reference.tsv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        theirs = {row["rxcui"]: row for row in rows}
    for code, row in drugs().items():
        assert (row["tty"], row["name"]) == (theirs[code]["tty"], theirs[code]["name"])
        if row["ingredients"]:
            # our own reading of a name may find an ingredient that the reference left out, and
            # which insulin is meant where the reference says just insulin
            said = set(filter(None, theirs[code]["ingredient_rxcuis"].split(",")))
            assert said - {INSULIN} <= set(listed(row["ingredients"])), row


def test_icd_synonyms_name_codes_of_the_installed_release() -> None:
    package = importlib.metadata.distribution("simple-icd-10-cm")
    (path,) = (each for each in package.files or () if each.match("data/code-list-*.txt"))
    codes = set(Path(str(path.locate())).read_text(encoding="utf-8").split())
    assert {row["code"].replace(".", "") for row in table(ICD)} <= codes


def test_drug_synonyms_name_codes_of_the_table() -> None:
    assert {row["rxcui"] for row in table(RX)} <= set(drugs())


@pytest.mark.parametrize(
    ("path", "code", "least", "kinds"),
    [(ICD, "code", 800, KINDS - {"brand"}), (RX, "rxcui", 250, KINDS)],
    ids=["icd10cm", "rxnorm"],
)
def test_synonyms_are_sorted_unique_and_enough(
    path: Path, code: str, least: int, kinds: set[str]
) -> None:
    rows = table(path)
    assert len(rows) >= least
    assert {row["kind"] for row in rows} == kinds
    assert [row["term"].casefold() for row in rows] == sorted(r["term"].casefold() for r in rows)
    pairs = Counter((row["term"].casefold(), row[code]) for row in rows)
    assert max(pairs.values()) == 1
    assert all(row["term"] == " ".join(row["term"].split()) for row in rows)


def test_a_term_of_several_codes_is_an_ambiguous_abbreviation() -> None:
    for path in (ICD, RX):
        rows = table(path)
        count = Counter(row["term"].casefold() for row in rows)
        several = [row for row in rows if count[row["term"].casefold()] > 1]
        assert several
        assert {row["kind"] for row in several} == {"abbreviation-ambiguous"}


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("HTN", "I10"),
        ("DM2", "E11.9"),
        ("CHF", "I50.9"),
        ("COPD", "J44.9"),
        ("heart attack", "I21.9"),
        ("high blood pressure", "I10"),
        ("CKD 3a", "N18.31"),
        ("whooping cough", "A37.90"),
    ],
)
def test_common_shorthand_and_lay_terms(term: str, code: str) -> None:
    assert [row["code"] for row in table(ICD) if row["term"] == term] == [code]


@pytest.mark.parametrize(
    ("term", "name"),
    [("ASA", "aspirin"), ("paracetamol", "acetaminophen"), ("HCTZ", "hydrochlorothiazide")],
)
def test_common_drug_shorthand(term: str, name: str) -> None:
    known = drugs()
    (row,) = (row for row in table(RX) if row["term"] == term)
    assert known[row["rxcui"]]["name"].lower() == name
