"""Validation: what is told of codes, displays, versions, systems and sets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.codesystem import Coding
from terminology.issue import Refused
from terminology.languages import parse
from terminology.library import Library
from terminology.table import Node, Table
from terminology.validation import (
    Codings,
    Options,
    Outcome,
    validate_in_system,
    validate_in_value_set,
)
from terminology.valueset import Include, Reference, ValueSet
from terminology.versions import VersionRules
from tests.terminology.vocabulary import (
    URL,
    animal,
    animals,
    codes,
    concept,
    filtered,
    library,
)

ALL = ValueSet("http://example.org/all", "1", include=(Include(URL),))
BIRDS = filtered(("concept", "is-a", "bird"))


def check(
    value_set: ValueSet,
    *codings: Coding,
    known: Library | None = None,
    concept: bool = False,
    **options: object,
) -> Outcome:
    paths = tuple(f"Coding[{n}]" for n in range(len(codings)))
    asked = Codings(codings, paths, concept)
    return validate_in_value_set(known or library(), value_set, asked, Options(**options))  # type: ignore[arg-type]


def told(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [(i.severity, i.type, i.place) for i in outcome.issues]


def test_a_member_is_valid_and_described() -> None:
    outcome = check(BIRDS, animal("hen"))
    assert outcome.result
    assert not outcome.issues
    assert outcome.best is not None
    assert (outcome.best.display, outcome.best.version) == ("Hen bird", "1.0.0")


@pytest.mark.parametrize(
    ("code", "types"),
    [("cat", ["not-in-vs"]), ("unicorn", ["invalid-code", "not-in-vs"])],
)
def test_what_is_no_member_is_told_apart_from_what_does_not_exist(
    code: str, types: list[str]
) -> None:
    outcome = check(BIRDS, animal(code))
    assert not outcome.result
    assert sorted(i.type for i in outcome.issues) == types
    assert (
        f"'{URL}#{code}' was not found in the value set 'http://example.org/vs|1'"
        in outcome.message
    )


def test_one_good_coding_of_a_concept_is_enough_unless_another_is_wrong() -> None:
    good, other, wrong = animal("hen"), animal("cat"), animal("unicorn")
    assert check(BIRDS, other, good, concept=True).result
    outcome = check(BIRDS, wrong, good, concept=True)
    assert not outcome.result
    assert outcome.best is not None
    assert outcome.best.code == "hen"
    assert ("error", "invalid-code", "Coding[0].code") in told(outcome)
    none = check(BIRDS, other, concept=True)
    assert told(none) == [
        ("information", "this-code-not-in-vs", "Coding[0].code"),
        ("error", "not-in-vs", ""),
    ]


@pytest.mark.parametrize(
    ("display", "languages", "severity", "id"),
    [
        ("cat", "", "", ""),
        ("Katze", "", "", ""),
        ("Katze", "de", "", ""),
        ("Cat", "de", "error", "Display_Name_for__should_be_one_of__instead_of"),
        ("Tiger", "", "error", "Display_Name_for__should_be_one_of__instead_of"),
        (" Cat ", "", "error", "Display_Name_WS_for__should_be_one_of__instead_of"),
        ("Cat", "fr", "information", "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK"),
        ("Tiger", "fr", "error", "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR"),
    ],
)
def test_displays(display: str, languages: str, severity: str, id: str) -> None:
    outcome = check(ALL, animal("cat", display=display), languages=parse(languages))
    assert [(i.severity, i.id) for i in outcome.issues] == ([(severity, id)] if id else [])
    assert outcome.result is (severity != "error")
    lenient = check(
        ALL, animal("cat", display=display), languages=parse(languages), lenient_display=True
    )
    assert lenient.result


def test_what_may_be_displayed_is_listed() -> None:
    message = check(ALL, animal("cat", display="Tiger")).message
    assert message == (
        f"Wrong Display Name 'Tiger' for {URL}#cat. Valid display is one of 2 choices: "
        "'Cat' (en) or 'Katze' (de) (for the language(s) '--')"
    )


def test_inactive_and_abstract_codes() -> None:
    assert told(check(ALL, animal("dodo"))) == [("warning", "code-comment", "Coding[0]")]
    strict = check(ALL, animal("dodo"), active_only=True)
    assert {i.type for i in strict.issues} == {"code-rule", "not-in-vs", "code-comment"}
    assert not check(replace(ALL, inactive=False), animal("dodo")).result
    assert check(ALL, animal("animal")).result
    assert {i.type for i in check(ALL, animal("animal"), abstract=False).issues} == {
        "code-rule",
        "not-in-vs",
    }


@pytest.mark.parametrize(("status", "said"), [("retired", "retired"), ("inactive", "")])
def test_why_a_code_is_inactive_is_told_where_it_says_more(status: str, said: str) -> None:
    old = Node(concept("moa", "Moa", status=status))
    best = check(ALL, animal("moa"), known=library(animals(roots=(old,)))).best
    assert best is not None
    assert (best.inactive, best.status) == (True, said)


@pytest.mark.parametrize(
    ("properties", "said", "inactive"),
    [
        ({"deprecated": "2019-01-01"}, "deprecated", False),
        ({"deprecationDate": "2019-01"}, "deprecated", False),
        ({"deprecated": True}, "deprecated", False),
        ({"retirementDate": "2019-01-01T10:00:00Z"}, "retired", True),
        ({"deprecated": "2999-01-01"}, "", False),
        ({"deprecated": "2019-01-01", "status": "active"}, "", False),
        ({"inactive": "true"}, "", True),
    ],
)
def test_what_days_that_are_past_tell_of_a_code(
    properties: dict[str, str | bool], said: str, inactive: bool
) -> None:
    system = Table(URL, roots=(Node(concept("auk", "Great auk", **properties)),))
    outcome = check(ALL, animal("auk"), known=library(system))
    assert outcome.result
    assert outcome.best is not None
    assert (outcome.best.status, outcome.best.inactive) == (said, inactive)
    assert bool(outcome.issues) is bool(said or inactive)


@pytest.mark.parametrize(
    ("system", "types", "unknown"),
    [
        ("urn:unknown", {"not-in-vs", "not-found"}, ("urn:unknown",)),
        ("Animals", {"not-in-vs", "not-found", "invalid-data"}, ("Animals",)),
        ("http://example.org/all", {"not-in-vs", "invalid-data"}, ()),
        ("", {"not-in-vs", "invalid-data"}, ()),
    ],
)
def test_systems_that_are_none(system: str, types: set[str], unknown: tuple[str, ...]) -> None:
    outcome = check(ALL, Coding(system, "cat"), known=library(animals(), sets=(ALL,)))
    assert not outcome.result
    assert {i.type for i in outcome.issues} == types
    assert outcome.unknown == unknown


def test_a_set_that_needs_an_unknown_system_says_so() -> None:
    outcome = check(ValueSet("x", include=(Include("urn:gone"),)), Coding("urn:gone", "a"))
    assert outcome.caused == ("urn:gone",)
    assert [i.type for i in outcome.issues] == ["not-found"]


def test_what_a_version_that_is_unknown_would_leave_out_can_not_be_told() -> None:
    for exclude in (Include(URL, "9"), Include(URL, "9", concepts=(Reference("cat"),))):
        outcome = check(replace(ALL, exclude=(exclude,)), animal("cat"))
        assert (outcome.result, outcome.caused) == (False, (f"{URL}|9",))
        assert told(outcome) == [("error", "not-found", "Coding[0].system")]
    assert check(replace(ALL, exclude=(Include("urn:none"),)), animal("cat")).result


def test_a_set_that_names_an_unknown_set_is_a_false_answer_a_broken_one_is_none() -> None:
    outcome = check(ValueSet("x", include=(Include(value_sets=("urn:gone",)),)), animal("cat"))
    assert not outcome.result
    assert [i.type for i in outcome.issues] == ["not-found"]
    with pytest.raises(Refused, match="has no value"):
        check(filtered(("concept", "is-a", "")), animal("cat"))


@pytest.mark.parametrize(
    ("included", "given", "rules", "ids", "version"),
    [
        ("", "", {}, [], "2.0.0"),
        ("", "1.0.0", {}, [], "1.0.0"),
        ("1.0.0", "", {}, [], "1.0.0"),
        ("1.x", "", {}, [], "1.0.0"),
        ("1.0.0", "2.0.0", {}, ["VALUESET_VALUE_MISMATCH"], "1.0.0"),
        (
            "",
            "9.0.0",
            {},
            ["VALUESET_VALUE_MISMATCH_DEFAULT", "UNKNOWN_CODESYSTEM_VERSION"],
            "2.0.0",
        ),
        ("", "2.0.0", {"force": {URL: "1.0.0"}}, ["VALUESET_VALUE_MISMATCH_CHANGED"], "1.0.0"),
        ("2.0.0", "", {"check": {URL: "1.0.0"}}, ["VALUESET_VERSION_CHECK"], "2.0.0"),
        ("", "", {"default": {URL: "1.0.0"}}, [], "1.0.0"),
    ],
)
def test_versions(
    included: str, given: str, rules: dict[str, dict[str, str]], ids: list[str], version: str
) -> None:
    value_set = ValueSet("x", include=(Include(URL, included),))
    known = library(animals(), animals("2.0.0"))
    outcome = check(value_set, animal("cat", given), known=known, rules=VersionRules(**rules))
    assert [i.id for i in outcome.issues] == ids
    assert outcome.best is not None
    assert outcome.best.version == version
    assert outcome.result is not bool(ids)


def test_the_system_of_a_code_follows_from_the_set() -> None:
    def bare(value_set: ValueSet, code: str, *, known: Library, infer: bool = True) -> Outcome:
        asked = Codings((Coding("", code),), ("",))
        return validate_in_value_set(known, value_set, asked, Options(infer_system=infer))

    assert bare(BIRDS, "hen", known=library()).result
    assert not bare(BIRDS, "hen", known=library(), infer=False).result
    assert "cannot-infer" in {i.type for i in bare(BIRDS, "cat", known=library()).issues}
    twin = Table("http://example.org/twin", roots=animals().roots)
    both = ValueSet("x", include=(Include(URL), Include(twin.url)))
    outcome = bare(both, "hen", known=library(animals(), twin))
    assert f"multiple matches: [{URL}, {twin.url}]" in outcome.message
    listed = Include("urn:none", concepts=(Reference("roc"),))
    outcome = bare(ValueSet("x", include=(Include(URL), listed)), "roc", known=library())
    assert (outcome.best and outcome.best.system, outcome.caused) == ("urn:none", ("urn:none",))
    assert told(outcome) == [("error", "not-found", "system")]
    # a Coding says itself what its system is
    assert told(check(BIRDS, Coding("", "hen"), infer_system=True))[0][:2] == (
        "warning",
        "invalid-data",
    )


@pytest.mark.parametrize("version", ["", "1"])
def test_a_set_without_a_url_is_unidentified(version: str) -> None:
    outcome = check(ValueSet("", version, include=ALL.include), animal("roc"))
    assert "was not found in the value set '(unidentified)'" in outcome.message


def test_case_counts_where_the_system_says_so() -> None:
    assert not check(ALL, animal("CAT")).result
    outcome = check(ALL, animal("CAT"), known=library(animals(case_sensitive=False)))
    assert outcome.result
    assert outcome.best is not None
    assert (outcome.best.code, outcome.best.normalized, outcome.message) == ("CAT", "cat", "")


@pytest.mark.parametrize("content", ["fragment", "example"])
def test_a_part_of_a_system_may_lack_codes(content: str) -> None:
    known = library(animals(content=content))
    outcome = check(ALL, animal("axolotl"), known=known)
    assert outcome.result
    assert told(outcome) == [("warning", "invalid-code", "Coding[0].code")]
    assert not check(BIRDS, animal("axolotl"), known=known).result
    listed = replace(ALL, include=(Include(URL, concepts=(Reference("axolotl", "Axolotl"),)),))
    found = check(listed, animal("axolotl"), known=known)
    assert (found.result, found.best and found.best.display) == (True, "Axolotl")


def test_a_coding_of_an_unknown_system_takes_nothing_from_a_good_one() -> None:
    unknown, good = Coding("http://example.org/none", "x"), animal("hen")
    outcome = check(BIRDS, unknown, good, concept=True)
    assert outcome.result
    assert told(outcome) == [
        ("warning", "not-found", "Coding[0].system"),
        ("information", "this-code-not-in-vs", "Coding[0].code"),
    ]
    assert outcome.unknown == ()
    alone = check(BIRDS, unknown, concept=True)
    assert not alone.result
    assert alone.unknown == ("http://example.org/none",)


def test_membership_alone_counts_what_a_set_says_of_inactive_codes() -> None:
    active = replace(ALL, inactive=False)
    assert check(ALL, animal("dodo"), membership_only=True).result
    assert not check(active, animal("dodo"), membership_only=True).result


def test_the_system_of_a_code_follows_from_any_version_that_the_set_takes() -> None:
    both = ValueSet("urn:both", include=(Include(URL, "1.0.0"), Include(URL, "2.0.0")))
    newer = animals("2.0.0", roots=(Node(concept("newt", "Newt")),))
    known = library(animals(), newer)
    asked = Codings((Coding("", "newt"),), ("",))
    found = validate_in_value_set(known, both, asked, Options(infer_system=True))
    assert found.result
    assert found.best is not None
    assert found.best.version == "2.0.0"


def test_membership_alone_tells_of_nothing_else() -> None:
    outcome = check(BIRDS, animal("hen", display="Tiger"), membership_only=True)
    assert outcome.result
    assert not outcome.issues


def test_a_code_in_its_system() -> None:
    def ask(code: str, display: str = "") -> Outcome:
        asked = Codings((animal(code, display=display),), ("",))
        return validate_in_system(library(), None, asked, Options())

    assert ask("cat").result
    assert (
        ask("unicorn").message
        == f"Unknown code 'unicorn' in the CodeSystem '{URL}' version '1.0.0'"
    )
    assert ask("cat", "Tiger").issues[0].place == "display"


def test_a_system_that_is_asked_has_no_codes_of_another() -> None:
    twin = Table("http://example.org/twin", roots=animals().roots)
    own, other = animal("cat"), Coding(twin.url, "cat")

    def ask(*codings: Coding, concept: bool = False) -> Outcome:
        asked = Codings(codings, tuple(f"c{n}" for n in range(len(codings))), concept)
        return validate_in_system(library(animals(), twin), None, asked, Options(), URL)

    assert ask(own).result
    assert told(ask(other)) == [("error", "invalid-data", "c0.system")]
    assert not ask(other, concept=True).result
    both = ask(other, own, concept=True)
    assert (both.result, told(both)) == (True, [("information", "invalid-data", "c0.system")])


SETS = (
    ALL,
    BIRDS,
    filtered(("legs", "=", "four")),
    filtered(("concept", "is-not-a", "mammal"), ("tame", "exists", "true")),
    replace(ALL, exclude=(Include(URL, concepts=(Reference("mammal"), Reference("hen"))),)),
    replace(ALL, inactive=False),
    ValueSet("y", include=(Include(value_sets=(BIRDS.url, ALL.url)),)),
    ValueSet("z", include=(Include(value_sets=("living",)), Include(URL))),
    ValueSet("a", include=(Include(value_sets=(BIRDS.url,)), Include(value_sets=("living",)))),
)
LIVING = replace(ALL, url="living", inactive=False)


@given(st.sampled_from(SETS), st.sampled_from(animals().codes()), st.booleans())
def test_a_code_is_valid_where_the_expansion_has_it(
    value_set: ValueSet, code: str, active: bool
) -> None:
    known = library(animals(), sets=(ALL, BIRDS, LIVING))
    expanded = codes(value_set, known, active_only=active)
    assert check(value_set, animal(code), known=known, active_only=active).result == (
        code in expanded
    )


def test_a_version_that_is_unknown_is_no_matter_of_a_value_set() -> None:
    asked = Codings((replace(animal("cat"), version="9"),), ("",))
    outcome = validate_in_system(library(), None, asked, Options())
    assert told(outcome) == [("error", "not-found", "system")]
    checking = VersionRules(check={URL: "1.0.0"})
    of_two = library(animals(), animals("2.0.0"))
    asked = Codings((replace(animal("cat"), version="2.0.0"),), ("",))
    outcome = validate_in_system(of_two, None, asked, Options(rules=checking))
    assert told(outcome) == [("error", "version-error", "version")]


def test_a_display_of_the_set_is_in_the_language_of_the_set() -> None:
    listed = Include(URL, concepts=(Reference("cat", "Chat", language="fr"),))
    french = ValueSet("urn:fr", language="fr", include=(listed,))
    assert check(french, replace(animal("cat"), display="Chat")).result
    assert not check(french, replace(animal("cat"), display="Cat")).result


def test_a_system_that_needs_its_version_told_is_not_satisfied_without() -> None:
    known = library(animals(version_needed=True))
    found = check(ALL, animal("cat"), known=known)
    assert not found.result
    assert told(found) == [("error", "invalid-data", "Coding[0].version")]
    assert check(ALL, animal("cat", "1.0.0"), known=known).result


def test_that_a_code_may_be_an_expression_is_remarked() -> None:
    known = library(animals(compositional=True))
    found = check(ALL, animal("cat+dog"), known=known)
    assert not found.result
    assert ("information", "processing-note", "Coding[0].code") in told(found)
    assert not check(ALL, animal("cat"), known=known).issues
