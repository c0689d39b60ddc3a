"""How seldom a product is meant: what nobody may prescribe, most where another is sold instead."""

from __future__ import annotations

from terminology.coding.drugs.products import arrays_of
from terminology.entry import Drug, Entry
from terminology.types import Property

RETIRED = (Property("prescribable", value=False),)


def _product(code: str, name: str, *properties: Property) -> Entry:
    return Entry(code, name, properties=properties, tty="SCD", drug=Drug(("1",)))


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
