"""The arrays of drugs: of what each is made, and what is sold of it."""

from __future__ import annotations

from terminology.coding.drugs.products import arrays_of
from terminology.entry import Drug, Entry


def _product(code: str, name: str) -> Entry:
    return Entry(code, name, tty="SCD", drug=Drug(("1",)))


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
