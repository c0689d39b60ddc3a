"""How seldom a product is meant: what nobody may prescribe, most where another is sold instead."""

from __future__ import annotations

from terminology.coding.drugs.products import arrays_of
from terminology.entry import Drug, Entry
from terminology.types import Property

RETIRED = (Property("prescribable", value=False),)


def _product(code: str, name: str, *properties: Property) -> Entry:
    return Entry(code, name, properties=properties, tty="SCD", drug=Drug(("1",)))


def test_what_a_name_tells_goes_before_what_is_listed() -> None:
    entries = (
        Entry("1", "insulin", tty="IN"),
        Entry("2", "insulin, aspart, human", tty="IN"),
        _product("3", "insulin aspart, human 100 UNT/ML Injectable Solution"),
        _product("4", "insulin, pork 100 UNT/ML Injectable Solution"),
    )
    arrays = arrays_of(entries, 10)
    assert arrays["drug.products.numbers"].tolist() == [12]  # of aspart, and none of insulin
    assert arrays["drug.parts.numbers"].tolist()[-2:] == [11, 10]


def test_a_plain_pill_gives_way_to_the_one_that_is_sold() -> None:
    entries = (
        Entry("1", "omeprazole", tty="IN"),
        _product("2", "omeprazole 20 MG Delayed Release Oral Capsule"),
        _product("3", "omeprazole 20 MG Oral Tablet", *RETIRED),
        _product("4", "omeprazole 40 MG Oral Tablet", *RETIRED),
        _product("5", "omeprazole 4 MG/ML Oral Suspension", *RETIRED),
    )
    _, sold, replaced, alone, liquid = arrays_of(entries, 10)["drug.other"].tolist()
    assert sold == 0
    assert replaced > alone == liquid > 0
