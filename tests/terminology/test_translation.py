"""Translation forward and backward, and what to do with codes that no row has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from terminology.codesystem import Coding
from terminology.conceptmap import (
    ConceptMap,
    Dependency,
    Group,
    Mapping,
    Unmapped,
)
from terminology.issue import Refused
from terminology.translation import Translation, TranslationRequest, translate

A, B = "urn:a", "urn:b"
ROWS = (
    Mapping("1", "x", "equivalent"),
    Mapping("2", "y", "wider"),
    Mapping("2", "z", "narrower"),
    Mapping("3", "", "unmatched"),
)


def ask(
    code: Coding, *maps: ConceptMap, to: str = "", reverse: bool = False, **more: object
) -> list[Translation]:
    given = {"known": maps, **more}
    return translate(maps[:1], TranslationRequest(code, **given), to, reverse=reverse)  # type: ignore[arg-type]


def mapped(unmapped: Unmapped | None = None, url: str = "urn:map") -> ConceptMap:
    return ConceptMap(url, "1", groups=(Group(A, B, ROWS, unmapped=unmapped),))


def test_forward_in_the_order_of_the_map() -> None:
    found = ask(Coding(A, "2"), mapped())
    assert [(t.target.code, t.equivalence, t.origin) for t in found] == [
        ("y", "wider", "urn:map|1"),
        ("z", "narrower", "urn:map|1"),
    ]
    assert [t.relationship for t in found] == [
        "source-is-narrower-than-target",
        "source-is-broader-than-target",
    ]


def test_backward() -> None:
    (found,) = ask(Coding(B, "x"), mapped(), reverse=True)
    assert (found.source, found.target.code) == (Coding(A, "1"), "x")


@pytest.mark.parametrize(("version", "found"), [("", 1), ("2.0", 1), ("3.0", 0)])
def test_backward_from_the_version_that_a_map_leads_to(version: str, found: int) -> None:
    one = mapped()
    given = replace(one, groups=(replace(one.groups[0], target_version="2.x"),))
    assert len(ask(Coding(B, "x", version), given, reverse=True)) == found


def test_that_there_is_no_translation_is_told_other_than_that_none_is_known() -> None:
    (found,) = ask(Coding(A, "3"), mapped())
    assert found.target.code == ""
    assert ask(Coding(A, "1"), mapped(), to="urn:elsewhere") == []
    assert ask(Coding("urn:other", "1"), mapped()) == []


@pytest.mark.parametrize(
    ("unmapped", "code"),
    [
        (None, None),
        (Unmapped("provided"), "9"),
        (Unmapped("fixed", "other", "Other"), "other"),
        (Unmapped("other-map", url="urn:second"), "nine"),
        (Unmapped("other-map", url="urn:second|7"), "nine"),
        (Unmapped("other-map", url="urn:none"), None),
    ],
)
def test_codes_without_a_row(unmapped: Unmapped | None, code: str | None) -> None:
    found = ask(Coding(A, "9"), mapped(unmapped), SECOND)
    assert [t.target.code for t in found] == ([] if code is None else [code])


SECOND = ConceptMap("urn:second", "7", groups=(Group(A, B, (Mapping("9", "nine", "equal"),)),))


def test_a_map_that_others_hand_codes_on_to_does_not_answer_beside_them() -> None:
    first = mapped(Unmapped("other-map", url="urn:second"))
    asked = TranslationRequest(Coding(A, "9"), known=(first, SECOND))
    (found,) = translate([SECOND, first], asked)
    assert (found.origin, found.used) == ("urn:map|1", ("urn:second|7",))
    (alone,) = translate([SECOND], asked)
    assert (alone.origin, alone.used) == ("urn:second|7", ())


def test_maps_that_hand_codes_on_in_a_circle_are_refused() -> None:
    first = mapped(Unmapped("other-map", url="urn:again"))
    again = mapped(Unmapped("other-map", url="urn:map"), "urn:again")
    with pytest.raises(Refused, match=r"urn:map\|1 → urn:again\|1 → urn:map\|1"):
        ask(Coding(A, "9"), first, again)
    assert ask(Coding(A, "1"), first, again)


def handing_on(number: int, groups: int = 1) -> ConceptMap:
    """A map without a row for the code, whose every group hands it on to the next map."""
    unmapped = Unmapped("other-map", url=f"urn:{number + 1}")
    return ConceptMap(f"urn:{number}", "1", groups=(Group(A, B, ROWS, unmapped=unmapped),) * groups)


@pytest.mark.parametrize(("length", "groups"), [(3000, 1), (60, 3)])
@pytest.mark.parametrize("ends", [True, False])
def test_each_map_is_asked_once_however_many_ways_lead_to_it(
    length: int, groups: int, ends: bool
) -> None:
    last = ConceptMap(f"urn:{length}", "1", groups=SECOND.groups if ends else ())
    maps = (*(handing_on(number, groups) for number in range(length)), last)
    found = ask(Coding(A, "9"), *maps)
    assert [(t.target.code, t.origin, len(t.used)) for t in found] == [
        ("nine", "urn:0|1", length)
    ] * ends


def test_what_is_behind_a_map_is_found_from_each_that_hands_on_to_it() -> None:
    def to(url: str, *others: str) -> ConceptMap:
        groups = (Group(A, B, ROWS, unmapped=Unmapped("other-map", url=each)) for each in others)
        return ConceptMap(url, "1", groups=tuple(groups))

    first, other = to("urn:p", "urn:second", "urn:q"), to("urn:other", "urn:q")
    maps = (first, other, to("urn:q", "urn:second"), SECOND)
    asked = TranslationRequest(Coding(A, "9"), known=maps)
    found = translate(maps[:2], asked)
    assert [(t.origin, t.used) for t in found] == [
        ("urn:p|1", ("urn:second|7",)),
        ("urn:other|1", ("urn:q|1", "urn:second|7")),
    ]
    (alone,) = translate((first, *maps[2:]), asked)  # q is handed on to, whichever way was first
    assert alone == found[0]


def test_what_a_translation_costs_is_counted() -> None:
    spent: list[int] = []
    first = mapped(Unmapped("other-map", url="urn:second"))
    asked = TranslationRequest(Coding(A, "9"), known=(first, SECOND))
    translate([first], asked, spend=spent.append)
    assert sum(spent) >= len(ROWS) + 1


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ((), []),
        ((Dependency("urn:sex", "m"),), ["x"]),
        ((Dependency("urn:sex", "m", "urn:sexes"),), ["x"]),
        ((Dependency("urn:sex", "m", "urn:other"),), []),
        ((Dependency("urn:sex", "f"),), []),
        ((Dependency("urn:age", "m"),), []),
    ],
)
def test_a_mapping_holds_where_what_it_depends_on_is_known(
    known: tuple[Dependency, ...], found: list[str]
) -> None:
    row = Mapping("1", "x", "equal", depends_on=(Dependency("urn:sex", "m", "urn:sexes"),))
    depending = ConceptMap("urn:map", groups=(Group(A, B, (row,)),))
    told = ask(Coding(A, "1"), depending, dependencies=known)
    assert [t.target.code for t in told] == found
    back = ask(Coding(B, "x"), depending, dependencies=known, reverse=True)
    assert bool(back) == bool(found)
