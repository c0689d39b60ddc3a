"""Systems that a grammar gives: their codes, in value sets too, and that they are never listed."""

from __future__ import annotations

import pytest

from terminology.expansion import expand
from terminology.expansion.types import Options
from terminology.grammars import languagetags, mimetypes, ucum
from terminology.grammars.expressions import ExpressionsLayer
from terminology.grammars.languagetags import name, written
from terminology.grammars.mimetypes import is_type
from terminology.issue import Refused
from terminology.library import Library
from terminology.subsumption import subsumption
from terminology.validation.membership import Membership
from terminology.valueset import Filter, Include, Reference, ValueSet
from terminology.versions import VersionRules

KNOWN = Library((ExpressionsLayer(lambda url: {"de-AT": "Austrian"}),))


@pytest.mark.parametrize(
    ("tag", "right"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("de-ch-1996", "de-CH-1996"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("X-Mine", "x-mine"),
        ("i-klingon", "i-klingon"),
        ("zh-cmn-Hans", "zh-cmn-Hans"),
        ("haw", "haw"),
        ("de-u-co-phonebk", "de-u-co-phonebk"),
        ("en-XA", "en-XA"),
        ("en-x-a", "en-x-a"),
    ],
)
def test_language_tags(tag: str, right: str) -> None:
    assert written(tag) == right
    assert written(right) == right


@pytest.mark.parametrize(
    "tag",
    [
        "",
        "xx",
        "english",
        "en_US",
        "en-",
        "en-JJ",
        "en-us-us",
        "de-1996-1996",
        "en-a",
        "e",
        "x-",
        "de-u-co-u-kn",
        "en-x-" + "a" * 99,
        "12",
        "en US",
    ],
)
def test_what_is_no_language_tag(tag: str) -> None:
    assert written(tag) is None


def test_what_languages_are_called() -> None:
    assert name("de-AT") == "German (Austria)"
    assert name("zh-Hans-CN") == "Chinese (Simplified Han, China)"
    assert (name("haw"), name("x-mine")) == ("haw", "x-mine")


@pytest.mark.parametrize(
    "code",
    [
        "text/plain",
        "application/fhir+json",
        "text/plain; charset=utf-8",
        "image/svg+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.12",
        'text/x; a="b; c"',
        "X-mine/x",
        "Text/XML",
    ],
)
def test_mime_types(code: str) -> None:
    assert is_type(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "text",
        "text/",
        "/plain",
        "plain/text",
        "text/plain;",
        "text/pl ain",
        "text/plain; a",
        "text/*",
        "text/plain/x",
        "text\n/plain",
        "text/" + "a" * 200,
    ],
)
def test_what_is_no_mime_type(code: str) -> None:
    assert not is_type(code)


def test_concepts() -> None:
    units, tags = KNOWN.system(ucum.SYSTEM), KNOWN.system(languagetags.SYSTEM)
    assert units is not None
    assert tags is not None
    concept = units.concept("mmol/L")
    assert concept.display == "(millimole) / (liter)"
    assert [each.value for each in concept.designations] == ["mmol/L"]
    assert concept.property("canonical") == "m-3.mol"
    assert units.find("mmoll") is None
    austrian = tags.concept("de-AT")
    assert austrian.display == "Austrian"
    assert [each.value for each in austrian.designations] == ["German (Austria)", "de-AT"]


def test_members_of_value_sets() -> None:
    units = KNOWN.system(ucum.SYSTEM)
    assert units is not None
    every = Membership(KNOWN, ValueSet("u", include=(Include(ucum.SYSTEM),)), VersionRules())
    assert every.find(units, "mg/dL")
    assert not every.find(units, "mgdL")


@pytest.mark.parametrize(
    ("given", "right", "wrong"),
    [
        (("canonical", "=", "g.m-3"), "mg/dL", "mmol/L"),
        (("canonical", "=", "kg/L"), "mg/dL", "mg"),
        (("canonical", "in", "[in_i], ug"), "km", "s"),
        (("canonical", "not-in", "[in_i], ug"), "s", "mg"),
        (("canonical", "=", "Cel"), "", "Cel"),
        (("property", "=", "mass"), "[lb_av]", "mg/dL"),
        (("property", "=", "electric charge"), "C", "A"),
        (("property", "=", "volume"), "", "L"),
    ],
)
def test_units_are_chosen_by_what_they_measure(
    given: tuple[str, str, str], right: str, wrong: str
) -> None:
    units = KNOWN.system(ucum.SYSTEM)
    assert units is not None
    chosen = ValueSet("u", include=(Include(ucum.SYSTEM, filters=(Filter(*given),)),))
    asked = Membership(KNOWN, chosen, VersionRules())
    assert not right or asked.find(units, right)
    assert not asked.find(units, wrong)


@pytest.mark.parametrize("url", [ucum.SYSTEM, mimetypes.SYSTEM, languagetags.SYSTEM])
@pytest.mark.parametrize("options", [Options(), Options(count=5), Options(text="a")])
def test_all_codes_are_too_many(url: str, options: Options) -> None:
    with pytest.raises(Refused) as told:
        expand(KNOWN, ValueSet("urn:all", include=(Include(url),)), options)
    assert told.value.issues[0].code == "too-costly"
    assert "'urn:all'" in told.value.issues[0].text


def test_what_a_set_lists_is_expanded() -> None:
    listed = (Reference("mg"), Reference("no unit"), Reference("g", "gram!"))
    made = expand(KNOWN, ValueSet("u", include=(Include(ucum.SYSTEM, concepts=listed),)), Options())
    assert [(each.code, each.display) for each in made.contains] == [
        ("mg", "(milligram)"),
        ("g", "gram!"),
    ]


@pytest.mark.parametrize(
    ("property", "value", "tag", "member"),
    [
        ("region", "US", "en-Latn-US", True),
        ("region", "US", "en", False),
        ("language", "de", "de-CH-1996", True),
        ("script", "Latn", "en-Latn", True),
        ("script", "Latn", "en", False),
        ("language", "tlh", "i-klingon", False),
    ],
)
def test_tags_are_chosen_by_their_parts(property: str, value: str, tag: str, member: bool) -> None:
    filters = (Filter(property, "=", value),)
    chosen = ValueSet("urn:v", include=(Include(languagetags.SYSTEM, filters=filters),))
    system = KNOWN.system(languagetags.SYSTEM)
    assert system is not None
    assert bool(Membership(KNOWN, chosen, VersionRules()).find(system, tag)) is member


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("en", "en-US", "subsumes"),
        ("en-US", "en-Latn-US", "subsumes"),
        ("de-AT-1996", "de", "subsumed-by"),
        ("en-US", "en-GB", "not-subsumed"),
        ("en-a", "en-x-a", "not-subsumed"),
        ("i-klingon", "i", "not-subsumed"),
        ("zh", "zh-cmn-" + "-".join(["x"] + ["a"] * 40), "subsumes"),
    ],
)
def test_a_tag_subsumes_those_that_add_subtags(a: str, b: str, relation: str) -> None:
    system = KNOWN.system(languagetags.SYSTEM)
    assert system is not None
    assert subsumption(system, a, b) == relation


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("L", "l", True),
        ("N", "kg.m/s2", True),
        ("mg{dry}", "mg", True),
        ("%", "10*-2", True),
        ("mg", "g", False),
        ("%", "[ppth]", False),
        ("Cel", "K", False),
        ("[iU]", "[arb'U]", False),
    ],
)
def test_units_are_equivalent_or_unrelated(a: str, b: str, alike: bool) -> None:
    system = KNOWN.system(ucum.SYSTEM)
    assert system is not None
    assert subsumption(system, a, b) == ("equivalent" if alike else "not-subsumed")
