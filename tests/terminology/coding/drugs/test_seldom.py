"""How seldom a product is meant: what nobody may prescribe, most where another is sold instead."""

from __future__ import annotations

from terminology.coding.drugs.forms import read_forms
from terminology.coding.drugs.seldom import steps, untold_steps
from terminology.entry import Drug, Entry
from terminology.types import Property

RETIRED = (Property("prescribable", value=False),)


def test_a_plain_pill_gives_way_to_the_one_that_is_sold() -> None:
    told = (
        ("Delayed Release Oral Capsule", 20),
        ("Oral Tablet", 20),
        ("Oral Tablet", 40),
        ("Suspension", 20),
    )
    entries = [
        Entry(f"{place}", f"omeprazole {form}", properties=RETIRED if place else (), tty="SCD")
        for place, (form, _) in enumerate(told)
    ]
    forms = [read_forms(form) for form, _ in told]
    sold, replaced, alone, liquid = steps(entries, forms, [(amount,) for _, amount in told])
    assert sold == 0
    assert replaced > alone == liquid > 0


def test_the_salt_that_most_drugs_have_is_meant() -> None:
    names = [f"diclofenac sodium {mg} MG Delayed Release Oral Tablet" for mg in (25, 50, 75)]
    names.append("diclofenac potassium 50 MG Oral Tablet")
    entries = [
        Entry(f"{place}", name, drug=Drug(ingredients=("3355",)), tty="SCD")
        for place, name in enumerate(names)
    ]
    forms = [read_forms(name) for name in names]
    *sodium, potassium = untold_steps(entries, forms)
    assert potassium > 0 == max(sodium)
