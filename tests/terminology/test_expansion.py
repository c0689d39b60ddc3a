"""Expansion: order, nesting, pages, imports, exclusion, languages, versions, limits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology import expansion
from terminology.codesystem import (
    CONCEPT_PROPERTIES,
    ConceptDefinition,
    PropertyDefinition,
    Standing,
)
from terminology.expansion import Options, expand
from terminology.expansion.contains import Contains, Details
from terminology.issue import Refused
from terminology.languages import parse
from terminology.library import Library, Shelf
from terminology.table import Node, Table
from terminology.valueset import Contained, Include, Reference, ValueSet
from terminology.versions import VersionRules
from tests.terminology.vocabulary import URL, animals, codes, filtered, library

ALL = ValueSet("http://example.org/all", "1", include=(Include(URL),))
BIRDS = filtered(("concept", "is-a", "bird"))
PETS = ValueSet(
    "http://example.org/pets",
    include=(Include(URL, concepts=(Reference("dog"), Reference("cat"), Reference("unicorn"))),),
)


def tree(contains: tuple[Contains, ...]) -> list[object]:
    return [[c.code, *tree(c.contains)] if c.contains else c.code for c in contains]


def test_codes_nest_as_in_their_system() -> None:
    made = expand(library(), ALL, Options())
    assert tree(made.contains) == [["animal", ["mammal", "cat", "dog"], ["bird", "hen", "dodo"]]]
    assert made.total == 7
    assert made.used == (("used-codesystem", f"{URL}|1.0.0"),)


def test_what_is_left_out_leaves_its_children_to_the_next_above() -> None:
    without = replace(ALL, exclude=(Include(URL, concepts=(Reference("mammal"),)),))
    made = expand(library(), without, Options())
    assert tree(made.contains) == [["animal", "cat", "dog", ["bird", "hen", "dodo"]]]


def test_a_list_keeps_its_order_and_its_system_s_codes() -> None:
    assert codes(PETS) == ["dog", "cat"]


def test_imports_are_cut_with_each_other_and_with_the_system() -> None:
    known = library(animals(), sets=(BIRDS, PETS))
    both = ValueSet("x", include=(Include(value_sets=(ALL.url, PETS.url)),))
    assert codes(both, library(animals(), sets=(ALL, PETS))) == ["cat", "dog"]
    assert codes(ValueSet("x", include=(Include(URL, value_sets=(PETS.url,)),)), known) == [
        "cat",
        "dog",
    ]
    either = ValueSet(
        "x", include=(Include(value_sets=(PETS.url,)), Include(value_sets=(BIRDS.url,)))
    )
    made = expand(known, either, Options())
    assert [c.code for c in made.contains] == ["dog", "cat", "bird", "hen", "dodo"]
    assert ("used-valueset", "http://example.org/vs|1") in made.used


def test_carried_sets_are_found_by_their_ids() -> None:
    outer = ValueSet("x", include=(Include(value_sets=("#pets",)),), contained=(("#pets", PETS),))
    assert codes(outer) == ["dog", "cat"]


def test_a_set_that_includes_itself_is_refused() -> None:
    loop = ValueSet(
        "http://example.org/loop", include=(Include(value_sets=("http://example.org/loop",)),)
    )
    with pytest.raises(Refused, match="includes itself"):
        codes(loop, library(animals(), sets=(loop,)))


def test_inactive_codes_go_by_request_or_by_definition() -> None:
    assert "dodo" in codes(ALL)
    assert "dodo" not in codes(ALL, active_only=True)
    assert "dodo" not in codes(replace(ALL, inactive=False))


@given(st.integers(0, 9), st.integers(0, 9))
def test_pages_join_to_the_whole(offset: int, count: int) -> None:
    whole = codes(ALL)
    assert codes(ALL, offset=offset, count=count) == whole[offset : offset + count]
    assert expand(library(), ALL, Options(offset=offset, count=count)).total == len(whole)


@pytest.mark.parametrize(
    ("text", "found"),
    [("bir", "bird hen dodo"), ("hen bird", "hen"), ("ird", ""), ("katz", "cat"), ("DOG", "dog")],
)
def test_text_filters_by_the_starts_of_words(text: str, found: str) -> None:
    assert codes(ALL, text=text) == found.split()
    assert [c for c in codes(ALL) if c in codes(BIRDS, text=text)] == [
        c for c in found.split() if c in codes(BIRDS)
    ]


@pytest.mark.parametrize(
    ("languages", "display"),
    [
        ("", "Cat"),
        ("de", "Katze"),
        ("de-CH", "Katze"),
        ("fr", "Cat"),
        ("fr,*;q=0", ""),
        ("fr,de;q=0.5", "Katze"),
    ],
)
def test_the_display_is_in_the_language_asked_for(languages: str, display: str) -> None:
    wanted = Details(parse(languages), designations=True)
    made = expand(library(), PETS, Options(wanted=wanted))
    cat = next(c for c in made.contains if c.code == "cat")
    assert cat.display == display
    assert display in ("", *({"Cat", "Katze"} - {d.value for d in cat.designations}))


def test_properties_come_as_asked_for() -> None:
    made = expand(library(), PETS, Options(wanted=Details(properties=("legs", "definition"))))
    told = {p.code: p.value for p in made.contains[0].properties}
    assert told == {"legs": "four", "definition": "what dog is"}
    status = {
        p.code: p.value
        for p in expand(library(), BIRDS, Options()).contains[0].contains[1].properties
    }
    assert status == {"status": "retired"}


def test_versions_stand_side_by_side() -> None:
    newer = animals("2.0.0", roots=(Node(ConceptDefinition("cat", "Cat 2")),))
    known = library(animals(), newer)

    def total(version: str = "", **rules: dict[str, str]) -> int:
        value_set = ValueSet("x", include=(Include(URL, version),))
        return expand(known, value_set, Options(rules=VersionRules(**rules))).total

    assert (total(), total("1.0.0"), total("1.x")) == (1, 7, 7)
    assert total(default={URL: "1.0.0"}) == 7
    assert total("2.0.0", default={URL: "1.0.0"}) == 1
    assert total("2.0.0", force={URL: "1.0.0"}) == 7
    with pytest.raises(Refused, match="required to be"):
        total("2.0.0", check={URL: "1.0.0"})
    with pytest.raises(Refused, match=r"Valid versions: 1\.0\.0 or 2\.0\.0"):
        total("3.0.0")
    both = ValueSet("x", include=(Include(URL, "1.0.0"), Include(URL, "2.0.0")))
    versions = {c.version for c in expand(known, both, Options(nested=False)).contains}
    assert versions == {"1.0.0", "2.0.0"}
    assert expand(known, both, Options(excluded=(f"{URL}|1.0.0",))).total == 1


def test_too_many_codes_are_refused_unless_paged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expansion, "LIMIT", 3)
    with pytest.raises(Refused, match="too many codes") as told:
        codes(ALL)
    assert told.value.issues[0].code == "too-costly"
    assert len(codes(ALL, count=5)) == 5


def test_a_text_finds_what_is_told_and_not_what_is_left_out() -> None:
    listed = Include(URL, concepts=(Reference("cat", "Mouser"), Reference("hen", "Layer")))
    cats = ValueSet("urn:cats", include=(Include(URL, concepts=(Reference("cat"),)),))
    known = library(sets=(cats,))
    less = ValueSet("urn:v", include=(listed,), exclude=(Include(value_sets=("urn:cats",)),))
    assert codes(less, known, text="mouser") == []
    assert codes(less, known, text="layer") == ["hen"]
    both = ValueSet("urn:v", include=(replace(listed, value_sets=("urn:cats",)),))
    assert codes(both, known, text="mouser") == ["cat"]
    stored = ValueSet("urn:v", expansion=(Contained(URL, "", "cat"), Contained(URL, "", "dog")))
    assert codes(stored, known, text="dog") == ["dog"]


def test_a_set_that_was_given_up_says_so() -> None:
    for lone in (ValueSet("urn:v", include=(Include(URL),)), filtered(("concept", "=", "cat"))):
        retired = replace(lone, standing=Standing("retired"))
        made = expand(library(), retired, Options())
        assert ("warning-retired", retired.canonical) in made.used


def test_the_version_is_told_where_the_set_names_several() -> None:
    one, other = Include(URL, "1.0.0"), Include(URL, concepts=(Reference("cat"),))
    named = expand(library(), ValueSet("urn:v", include=(one,), exclude=(other,)), Options())
    assert named.contains[0].version == "1.0.0"
    assert expand(library(), ValueSet("urn:v", include=(one,)), Options()).contains[0].version == ""


def test_a_stored_expansion_stands_in_for_a_definition() -> None:
    stored = ValueSet(
        "x", expansion=(Contained(URL, "", "cat"), Contained("urn:x", "", "y", "Why"))
    )
    assert [(c.code, c.display) for c in expand(library(), stored, Options()).contains] == [
        ("cat", "Cat"),
        ("y", "Why"),
    ]


def test_a_stored_expansion_tells_of_codes_what_their_systems_do_not() -> None:
    given = (
        Contained(URL, "", "dodo"),
        Contained(URL, "", "griffin", "Griffin", inactive=True),
        Contained("urn:x", "2", "y", abstract=True),
    )
    made = expand(library(), ValueSet("x", expansion=given), Options())
    found = [(c.code, c.display, c.inactive, c.abstract) for c in made.contains]
    assert found == [
        ("dodo", "Dodo bird", True, False),
        ("griffin", "Griffin", True, False),
        ("y", "", False, True),
    ]
    assert codes(ValueSet("x", expansion=given), active_only=True) == ["y"]


@pytest.mark.parametrize(("content", "found"), [("complete", 2), ("fragment", 3), ("example", 3)])
def test_a_listed_code_that_a_part_of_a_system_lacks_is_of_another_part(
    content: str, found: int
) -> None:
    made = expand(library(animals(content=content)), PETS, Options())
    assert [c.code for c in made.contains] == ["dog", "cat", "unicorn"][:found]
    assert made.used == (("used-codesystem", f"{URL}|1.0.0"),)


@pytest.mark.parametrize("content", ["fragment", "example"])
def test_what_is_made_from_a_part_of_a_system_says_so(content: str) -> None:
    made = expand(library(animals(content=content)), ALL, Options())
    assert (f"used-{content}", f"{URL}|1.0.0") in made.used
    assert [content in reason for reason in made.unclosed] == [True]


def test_a_supplement_is_no_system_to_take_codes_of() -> None:
    extra = Table("urn:nl", "1", content="supplement", supplemented=URL)
    for concepts in ((), (Reference("dog"),)):
        with pytest.raises(Refused, match=r"urn:nl\|1 is a supplement"):
            codes(ValueSet("x", include=(Include("urn:nl", concepts=concepts),)), library(extra))


def test_an_unknown_system_is_refused_unless_its_codes_are_listed() -> None:
    with pytest.raises(Refused, match="could not be found"):
        codes(ValueSet("x", include=(Include("urn:unknown"),)))
    listed = Include("urn:unknown", concepts=(Reference("a", "A"),))
    assert codes(ValueSet("x", include=(listed,))) == ["a"]


def test_a_system_that_is_left_out_need_not_be_known() -> None:
    for include in (Include("urn:none"), Include("urn:none", concepts=(Reference("a"),))):
        both = ValueSet("urn:v", include=(include, Include(URL)))
        assert len(codes(both, excluded=("urn:none",))) == 7
        assert codes(ValueSet("urn:v", include=(include,)), excluded=("urn:none",)) == []
    stored = ValueSet("urn:v", expansion=(Contained("urn:none", "", "a"),))
    assert codes(stored, excluded=("urn:none",)) == []


def test_implicit_value_sets() -> None:
    table = animals(value_set="http://example.org/every-animal")
    known = Library((Shelf((table,)),))
    for url in (f"{URL}?fhir_vs", "http://example.org/every-animal"):
        found = known.value_set(url)
        assert found is not None
        assert len(codes(found, known)) == 7
    assert known.value_set("urn:unknown?fhir_vs") is None


def test_supplements_add_names_and_must_be_known() -> None:
    extra = Table(
        "http://example.org/nl",
        "1",
        language="nl",
        content="supplement",
        roots=(Node(ConceptDefinition("dog", "Hond")), Node(ConceptDefinition("none", "Geen"))),
        supplemented=URL,
    )
    known = library(animals(), extra)
    dutch = Options(wanted=Details(parse("nl")))
    assert expand(known, PETS, dutch).contains[0].display == "Dog"
    using = known.with_supplements([extra.url])
    made = expand(using, PETS, dutch)
    assert made.contains[0].display == "Hond"
    assert ("used-supplement", "http://example.org/nl|1") in made.used
    with pytest.raises(Refused, match="Required supplement not found"):
        known.with_supplements(["http://example.org/fr"])


def test_all_properties_come_once_and_with_their_uris() -> None:
    known = library(
        animals(
            declared=(
                PropertyDefinition("legs", "urn:legs"),
                PropertyDefinition("status", f"{CONCEPT_PROPERTIES}status"),
            )
        )
    )
    (bird,) = expand(known, BIRDS, Options(wanted=Details(properties=("*", "legs")))).contains
    dodo = bird.contains[1]
    assert [(p.code, p.value) for p in dodo.properties] == [("status", "retired"), ("legs", "two")]
    assert dict(dodo.uris) == {"status": f"{CONCEPT_PROPERTIES}status", "legs": "urn:legs"}


def test_of_a_code_that_is_listed_twice_the_first_counts() -> None:
    listed = (Reference("cat", "First"), Reference("cat", "Second"))
    twice = replace(PETS, include=(Include(URL, concepts=listed),))
    assert [c.display for c in expand(library(), twice, Options()).contains] == ["First"]
