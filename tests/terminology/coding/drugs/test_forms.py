"""Dose forms and routes, read alike from names of products and from orders; what another form costs."""

from __future__ import annotations

import pytest

from terminology.coding.drugs.formcost import form_cost
from terminology.coding.drugs.forms import read_forms


def test_forms_in_orders_are_those_of_rxnorm() -> None:
    assert read_forms("tab po") == read_forms("Oral Tablet")
    assert read_forms("XR tablet") == read_forms("24 HR Extended Release Oral Tablet")
    assert read_forms("tablet every 24 hours") == read_forms("Oral Tablet")


@pytest.mark.parametrize(
    ("ordered", "form"),
    [
        ("Inhalation Aerosol Solution", "Metered Dose Inhaler"),
        ("External Aerosol Solution", "Topical Spray"),
        ("foam aerosol", "foam"),
        ("aerosol spray", "spray"),
        ("10 % aerosol", "10 % spray"),
        ("Mouth/Throat Solution", "Mucous Membrane Solution"),
        ("TBEF", "Effervescent Oral Tablet"),
        ("Twisthaler", "Dry Powder Inhaler"),
    ],
)
def test_forms_of_order_systems(ordered: str, form: str) -> None:
    assert read_forms(ordered) == read_forms(form)


def test_an_injection_is_ordered_as_a_solution() -> None:
    asked, has = read_forms("SOLN"), read_forms("Injection")
    assert form_cost(asked, has) < form_cost(read_forms("Oral SOLN"), has)


def test_what_is_swallowed_is_no_slip_for_what_is_injected() -> None:
    asked, swallowed = read_forms("40 mg IV"), read_forms("Granules")
    assert form_cost(asked, swallowed, by_brand=True) == form_cost(asked, swallowed)


def test_the_eye_is_mostly_given_drops() -> None:
    asked = read_forms("0.5% ophth")
    drops, gel = read_forms("Ophthalmic Solution"), read_forms("Ophthalmic Gel")
    assert form_cost(asked, drops) < form_cost(asked, gel)


def test_another_form_costs_less_where_the_brand_is_named() -> None:
    asked, has = read_forms("topical cream"), read_forms("Vaginal Cream")
    assert form_cost(asked, has, by_brand=True) < form_cost(asked, has)
    assert form_cost(asked, asked, by_brand=True) == form_cost(asked, asked)


def test_tablets_are_also_given_by_other_ways() -> None:
    asked, has = read_forms("2 tablets vaginally"), read_forms("Oral Tablet")
    assert form_cost(asked, has) < form_cost(read_forms("cream vaginally"), has)
    assert form_cost(asked, has) > form_cost(asked, read_forms("Vaginal Tablet"))


@pytest.mark.parametrize("text", ["4 gtts AU", "drops in AS bid", "1 drop ad"])
def test_initials_of_ears(text: str) -> None:
    assert read_forms(text) & read_forms("otic")
    assert not read_forms("1 drop as needed") & read_forms("otic")


@pytest.mark.parametrize(
    ("code", "forms"),
    [("TB24", "extended release tablet"), ("CPDR", "delayed capsule"), ("IJ", "injection")],
)
def test_forms_as_order_systems_call_them(code: str, forms: str) -> None:
    assert read_forms(code) == read_forms(forms)
