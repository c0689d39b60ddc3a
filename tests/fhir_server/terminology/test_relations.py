"""$subsumes, $translate, $closure and $find-matches over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from fhir_server.http.asgi import ASGI
from terminology.types import ICD10CM
from tests.fhir_server.serving import talk
from tests.fhir_server.terminology.animals import MAP, SET, SYSTEM, URL, get, post, values

R4 = "http://hl7.org/fhir/"
REMARK = {
    "url": "http://hl7.org/fhir/6.0/StructureDefinition/extension-ConceptMap.group.element.comment",
    "valueString": "on the hen",
}


@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        ("bird", "hen", "subsumes"),
        ("hen", "bird", "subsumed-by"),
        ("hen", "hen", "equivalent"),
    ],
)
def test_subsumes(app: ASGI, a: str, b: str, outcome: str) -> None:
    told = get(app, "CodeSystem/$subsumes", system=URL, codeA=a, codeB=b)
    assert values(told) == {"outcome": outcome}
    assert values(get(app, "CodeSystem/animals/$subsumes", codeA=a, codeB=b)) == {
        "outcome": outcome
    }


def test_subsumes_in_a_release(app: ASGI) -> None:
    def ask(a: str, b: str) -> str:
        told = get(app, "CodeSystem/$subsumes", system=ICD10CM, codeA=a, codeB=b)
        return str(values(told)["outcome"])

    assert ask("E11", "E11.9") == "subsumes"
    assert ask("E11.9", "I10") == "not-subsumed"


def test_translate_both_ways(app: ASGI) -> None:
    def match(told: Any) -> dict[str, Any]:
        return values(
            {"parameter": next(p["part"] for p in told["parameter"] if p["name"] == "match")}
        )

    forward = get(app, "ConceptMap/$translate", system=URL, code="hen", targetsystem="urn:calls")
    assert match(forward)["concept"] == {"system": "urn:calls", "code": "cluck"}
    assert match(forward)["equivalence"] == "wider"
    back = get(app, "ConceptMap/calls/$translate", system="urn:calls", code="cluck", reverse="true")
    assert match(back)["concept"] == {"system": URL, "code": "hen"}
    assert match(back)["equivalence"] == "narrower"
    none = get(app, "ConceptMap/$translate", url=MAP["url"], system=URL, code="bird")
    assert values(none)["result"] is False


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("ConceptMap/$translate", {"url": f"{R4}ConceptMap/cm-composition-status-v3"}),
        (
            "ConceptMap/$translate",
            {
                "source": f"{R4}ValueSet/composition-status",
                "target": "http://terminology.hl7.org/ValueSet/v3-ActStatus",
            },
        ),
        ("ConceptMap/cm-composition-status-v3/$translate", {}),
    ],
)
def test_maps_of_r4_are_known(app: ASGI, path: str, given: dict[str, str]) -> None:
    system = f"{R4}composition-status"
    told = values(get(app, path, system=system, code="preliminary", **given))
    assert [each["valueCoding"]["code"] for each in told["match"] if "valueCoding" in each] == [
        "active"
    ]
    assert get(app, "ConceptMap/cm-composition-status-v3")["group"][0]["source"] == system


def test_a_map_without_a_url_has_no_canonical(app: ASGI) -> None:
    nameless = {name: value for name, value in MAP.items() if name != "url"} | {"version": "2"}
    coding = {"name": "coding", "valueCoding": {"system": URL, "code": "hen"}}
    given = {"name": "conceptMap", "resource": nameless}
    told = values(post(app, "ConceptMap/$translate", given, coding))
    assert [each["name"] for each in told["match"]] == ["equivalence", "concept"]


def test_closure_tables_grow_and_are_told_again(app: ASGI) -> None:
    def closure(*codes: str, **more: str) -> Any:
        given = [{"name": "name", "valueString": "t"}]
        given += [{"name": "concept", "valueCoding": {"system": URL, "code": c}} for c in codes]
        kinds = {"reset": "valueBoolean"}
        given += [{"name": n, kinds.get(n, "valueString"): v} for n, v in more.items()]
        return post(app, "$closure", *given)

    assert "group" not in closure()
    assert "group" not in closure("hen")
    (group,) = closure("bird")["group"]
    expected = {"code": "hen", "target": [{"code": "bird", "equivalence": "subsumes"}]}
    assert group["element"] == [expected]
    assert "group" not in closure("bird")
    assert closure(version="1")["group"][0]["element"] == [expected]
    assert "group" not in closure(version="2")
    for strange in ("3", "-1", "²", "9" * 20, "01"):
        version = {"name": "version", "valueString": strange}
        post(app, "$closure", {"name": "name", "valueString": "t"}, version, status=400)
    anew = closure("hen", reset="true")
    assert ("group" not in anew, anew["version"]) == (True, "1")
    assert closure("bird")["group"][0]["element"] == [expected]
    post(
        app,
        "ConceptMap/$closure",
        {"name": "name", "valueString": "u"},
        {"name": "version", "valueString": "1"},
        status=404,
    )


def test_find_matches(app: ASGI) -> None:
    legs = {
        "name": "property",
        "part": [{"name": "code", "valueCode": "legs"}, {"name": "value", "valueInteger": 2}],
    }
    system = {"name": "system", "valueUri": URL}
    (match,) = post(app, "CodeSystem/$find-matches", system, legs)["parameter"]
    assert match["part"][0]["valueCoding"]["code"] == "hen"
    name = {"name": "code", "valueCode": "display"}, {"name": "value", "valueString": "he"}
    named = {"name": "property", "part": list(name)}
    exact = {"name": "exact", "valueBoolean": True}
    assert "parameter" not in post(app, "CodeSystem/$find-matches", system, named, exact)
    (match,) = post(app, "CodeSystem/$find-matches", system, named, legs)["parameter"]
    assert match["part"][1]["valueString"] == "display: similar, not the same"
    (match,) = post(app, "CodeSystem/$find-matches", system, named, legs, exact)["parameter"]
    assert match["part"][1] == {"name": "unmatched", "part": list(name)}
    nested = {"name": "property", "part": [*name, {"name": "subproperty", "part": list(name)}]}
    post(app, "CodeSystem/$find-matches", system, nested, status=400)


def test_subsumes_without_a_system_is_refused(app: ASGI) -> None:
    (issue,) = get(app, "CodeSystem/$subsumes", 400, codeA="hen", codeB="bird")["issue"]
    assert issue["details"]["coding"][0]["code"] == "invalid-data"
    assert issue["expression"] == ["system"]


@pytest.mark.parametrize("name", ["compare", "related"])
def test_compare_value_sets(app: ASGI, name: str) -> None:
    hens = {"system": URL, "concept": [{"code": "hen"}]}
    few = SET | {"url": "urn:hens", "compose": {"include": [hens]}}
    told = post(
        app,
        f"ValueSet/birds/${name}",
        {"name": "otherValueSet", "resource": few},
        {"name": "diagnostics", "valueBoolean": True},
    )
    assert values(told)["result"] == "superset"
    assert values(told)["missing-codes"] == "bird"
    by_url = get(app, f"ValueSet/${name}", thisUrl=SET["url"], otherUrl=f"{SET['url']}|1")
    assert values(by_url)["result"] == "same"
    get(app, f"ValueSet/${name}", 400, thisUrl=SET["url"])
    get(app, f"ValueSet/${name}", 404, thisUrl=SET["url"], otherUrl="urn:none")


def test_a_map_says_nothing_of_codes_outside_its_scope(app: ASGI) -> None:
    birds = SET | {"compose": {"include": [{"system": URL, "concept": [{"code": "bird"}]}]}}
    scoped = MAP | {"id": "scoped", "url": "urn:scoped", "sourceUri": birds["url"]}
    unmapped = {"unmapped": {"mode": "fixed", "code": "silence"}}
    scoped["group"] = [MAP["group"][0] | unmapped]  # type: ignore[index]

    def ask(code: str) -> Any:
        sent = [{"name": "tx-resource", "resource": each} for each in (birds, scoped)]
        given = {"url": "urn:scoped", "system": URL, "code": code}
        uris = [{"name": n, "valueUri": v} for n, v in given.items() if n != "code"]
        code_given = {"name": "code", "valueCode": given["code"]}
        return values(post(app, "ConceptMap/$translate", *uris, code_given, *sent))

    assert ask("bird")["match"][1]["valueCoding"]["code"] == "silence"
    outside = ask("hen")
    assert outside["result"] is False
    assert f"{URL}#hen" in outside["message"]
    assert ask("roc")["result"] is False  # no code at all
    scoped["group"][0]["element"] = [MAP["group"][0]["element"][0] | {"code": "roc"}]  # type: ignore[index]
    assert ask("roc")["result"] is True  # but the map knows it


def test_codes_that_may_be_written_in_any_case_are_found_so(app: ASGI) -> None:
    for sensitive in (True, False):
        coding = {"name": "coding", "valueCoding": {"system": URL, "code": "HEN"}}
        system = {"name": "tx-resource", "resource": SYSTEM | {"caseSensitive": sensitive}}
        told = values(
            post(
                app,
                "ConceptMap/$translate",
                {"name": "conceptMap", "resource": MAP},
                *(coding, system),
            )
        )
        assert told["result"] is not sensitive


def test_a_concept_without_codings_is_refused(app: ASGI) -> None:
    concept = {"name": "codeableConcept", "valueCodeableConcept": {"text": "hen"}}
    post(app, "ConceptMap/$translate", concept, status=400)


def test_a_map_that_knows_there_is_no_translation_says_so(app: ASGI) -> None:
    group = MAP["group"][0] | {
        "element": [{"code": "hen", "target": [{"equivalence": "unmatched"}]}]
    }  # type: ignore[index]
    told = values(
        post(
            app,
            "ConceptMap/$translate",
            {"name": "conceptMap", "resource": MAP | {"group": [group]}},
            {"name": "coding", "valueCoding": {"system": URL, "code": "hen"}},
        )
    )
    assert told["result"] is False
    assert [part["name"] for part in told["match"]] == ["noMap", "originMap"]


def test_what_a_translation_depends_on_and_is_remarked(app: ASGI) -> None:
    target = {
        "code": "cluck",
        "equivalence": "equal",
        "comment": "on the call",
        "dependsOn": [{"property": "urn:mood", "value": "calm"}],
    }
    element = {"code": "hen", "target": [target], "extension": [REMARK]}
    group = MAP["group"][0] | {"element": [element]}  # type: ignore[index]
    given = (
        {"name": "conceptMap", "resource": MAP | {"group": [group]}},
        {"name": "coding", "valueCoding": {"system": URL, "code": "hen"}},
    )
    mood = {"coding": [{"system": "urn:moods", "code": "calm"}]}
    parts = [
        {"name": "element", "valueUri": "urn:mood"},
        {"name": "concept", "valueCodeableConcept": mood},
    ]
    told = values(post(app, "ConceptMap/$translate", *given, {"name": "dependency", "part": parts}))
    assert {"name": "sourceComment", "valueString": "on the hen"} in told["match"]
    assert {"name": "targetComment", "valueString": "on the call"} in told["match"]
    assert values(post(app, "ConceptMap/$translate", *given))["result"] is False
    r5 = [{"name": "attribute", "valueUri": "urn:mood"}, {"name": "value", "valueCode": "calm"}]
    told = values(post(app, "ConceptMap/$translate", *given, {"name": "dependency", "part": r5}))
    assert told["result"] is True


@pytest.mark.parametrize(
    "part",
    [
        [],
        [{"name": "element", "valueUri": "urn:mood"}],
        [{"name": "concept", "valueCodeableConcept": {"text": "calm"}}],
        [{"name": "element", "valueUri": 7}, {"name": "concept", "valueString": "calm"}],
        *(
            [{"name": "element", "valueUri": "urn:mood"}, {"name": "concept", **concept}]
            for concept in (
                {},
                {"valueCodeableConcept": "calm"},
                {"valueCodeableConcept": {"coding": "calm"}},
                {"valueCodeableConcept": {"coding": ["calm"]}},
                {"valueCodeableConcept": {"text": 7}},
                {"valueCoding": "calm"},
            )
        ),
    ],
)
def test_a_dependency_that_says_nothing_is_refused(app: ASGI, part: list[Any]) -> None:
    given = (
        {"name": "conceptMap", "resource": MAP},
        {"name": "coding", "valueCoding": {"system": URL, "code": "hen"}},
    )
    told = post(
        app, "ConceptMap/$translate", *given, {"name": "dependency", "part": part}, status=400
    )
    assert told["issue"][0]["code"] == "structure"


@pytest.mark.parametrize(("version", "result"), [("", True), ("1", True), ("2", False)])
def test_the_set_of_a_map_may_be_of_an_older_version(app: ASGI, version: str, result: bool) -> None:
    of_one = SET | {"url": "urn:ones", "compose": {"include": [{"system": URL, "version": "1"}]}}
    coding = {"system": URL, "code": "hen", "version": version}
    given = (
        {"name": "conceptMap", "resource": MAP | {"sourceUri": "urn:ones"}},
        {"name": "coding", "valueCoding": {k: v for k, v in coding.items() if v}},
        {"name": "tx-resource", "resource": of_one},
        *({"name": "tx-resource", "resource": SYSTEM | {"version": v}} for v in ("1", "2")),
    )
    assert values(post(app, "ConceptMap/$translate", *given))["result"] is result


def test_where_a_code_was_handed_on_to_is_told(app: ASGI) -> None:
    first, second = (
        MAP | {"id": name, "url": f"urn:{name}", "version": "1"} for name in ("first", "second")
    )
    further = {"unmapped": {"mode": "other-map", "url": "urn:second"}, "element": [{"code": "-"}]}
    first["group"] = [MAP["group"][0] | further]  # type: ignore[index]
    sent = [{"name": "tx-resource", "resource": each} for each in (first, second)]
    url = {"name": "url", "valueUri": "urn:first"}
    asked = {"name": "coding", "valueCoding": {"system": URL, "code": "hen"}}
    told = values(post(app, "ConceptMap/$translate", url, asked, *sent))
    assert told["used-conceptmap"] == "urn:second|1"
    assert {"name": "originMap", "valueCanonical": "urn:first|1"} in told["match"]
    second["group"] = [first["group"][0] | {"unmapped": {"mode": "other-map", "url": "urn:first"}}]
    sent = [{"name": "tx-resource", "resource": each} for each in (first, second)]
    reply = post(app, "ConceptMap/$translate", url, asked, *sent, status=422)
    assert "urn:first|1" in reply["issue"][0]["details"]["text"]


def test_maps_that_hand_on_in_every_group_are_asked_in_time(app: ASGI) -> None:
    def handing_on(number: int) -> dict[str, Any]:
        further = {"unmapped": {"mode": "other-map", "url": f"urn:{number + 1}"}}
        group = MAP["group"][0] | further | {"element": [{"code": "-"}]}  # type: ignore[index]
        return MAP | {"id": f"m{number}", "url": f"urn:{number}", "group": [group] * 3}

    sent = [{"name": "tx-resource", "resource": handing_on(number)} for number in range(40)]
    url = {"name": "url", "valueUri": "urn:0"}
    asked = {"name": "coding", "valueCoding": {"system": URL, "code": "hen"}}
    assert values(post(app, "ConceptMap/$translate", url, asked, *sent))["result"] is False


def test_the_code_that_is_unknown_is_told_by_its_parameter(app: ASGI) -> None:
    told = get(app, "CodeSystem/$subsumes", 404, system=URL, codeA="hen", codeB="z" * 5000)
    (issue,) = told["issue"]
    assert issue["expression"] == ["codeB"]
    assert len(issue["diagnostics"]) < 200


def test_a_code_of_the_wrong_type_is_told(app: ASGI) -> None:
    query = {"resourceType": "Parameters"}
    coding = {"name": "coding", "valueCoding": {"system": URL, "code": 5}}

    async def conversation(http: httpx.AsyncClient) -> None:
        reply = await http.post("CodeSystem/$lookup", json=query | {"parameter": [coding]})
        assert reply.status_code == 400
        (issue,) = reply.json()["issue"]
        assert issue["expression"] == ["coding.code"]
        assert "string" in issue["diagnostics"]

    talk(app, conversation)
