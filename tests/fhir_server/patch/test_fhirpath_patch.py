"""FHIRPath Patch: its operations by the paths that are written with them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from fhir_server.errors import BadRequest, FhirError, Invalid
from fhir_server.patch import applying, fhirpath_patch

Json = Any
KINDS = {str: "valueString", int: "valueInteger"}


def op(kind: str, path: str, value: Json = None, **parts: Json) -> Json:
    made = [{"name": "type", "valueCode": kind}, {"name": "path", "valueString": path}]
    made += [{"name": name, KINDS[type(given)]: given} for name, given in parts.items()]
    if isinstance(value, list):
        made.append({"name": "value", "part": value})
    elif value is not None:
        made.append({"name": "value", **value})
    return {"name": "operation", "part": made}


def applied(root: Json, *operations: Json) -> Json:
    patch = {"resourceType": "Parameters", "parameter": list(operations)}
    run = applying("application/fhir+json", orjson.dumps(patch))
    return orjson.loads(run(orjson.dumps({"resourceType": "Patient", **root})))


def ids(*values: str) -> Json:
    return {"identifier": [{"system": "s", "value": v} for v in values]}


def one(value: str) -> Json:
    return {"valueIdentifier": {"system": "s", "value": value}}


NAMED: Json = {
    "name": [
        {"use": "official", "family": "A", "given": ["x", "y"]},
        {"use": "usual", "family": "B"},
    ]
}
CONTACT: Json = {"contact": [{"name": {"text": "n"}, "gender": "male"}]}
UNEVEN: Json = {"name": [{"given": ["a", "b"], "_given": [{"id": "1"}]}]}  # as a patch may add it
NICK = {"url": "http://example.org/nick", "valueString": "z"}
SECRET: Json = {"name": [{"_given": [{"extension": [NICK]}]}]}

DONE: list[tuple[Json, list[Json], Json]] = [
    ({"birthDate": "1920"}, [], {"birthDate": "1920"}),
    ({"birthDate": "1920"}, [op("replace", "Patient.birthDate", {"valueDate": "1930"})], {"birthDate": "1930"}),
    ({"birthDate": "1920"}, [op("delete", "Patient.birthDate")], {}),
    ({"birthDate": "1920"}, [op("delete", "birthDate")], {}),
    ({}, [op("delete", "Patient.birthDate")], {}),
    ({}, [op("add", "Patient", {"valueDate": "1930"}, name="birthDate")], {"birthDate": "1930"}),
    (CONTACT, [op("replace", "Patient.contact[0].gender", {"valueCode": "female"})], {"contact": [{"name": {"text": "n"}, "gender": "female"}]}),
    (CONTACT, [op("delete", "Patient.contact[0].name.text")], {"contact": [{"gender": "male"}]}),
    (CONTACT, [op("delete", "Patient.contact[0]")], {}),
    (UNEVEN, [op("delete", "Patient.name.given[1]")], {"name": [{"given": ["a"], "_given": [{"id": "1"}]}]}),
    (UNEVEN, [op("move", "Patient.name.given", source=1, destination=0)], {"name": [{"given": ["b", "a"], "_given": [None, {"id": "1"}]}]}),
    (UNEVEN, [op("add", "Patient.name.given[1]", {"valueExtension": NICK}, name="extension")], {"name": [{"given": ["a", "b"], "_given": [{"id": "1"}, {"extension": [NICK]}]}]}),
    (UNEVEN, [op("add", "Patient.name", {"valueString": "c", "_valueString": {"id": "3"}}, name="given")], {"name": [{"given": ["a", "b", "c"], "_given": [{"id": "1"}, None, {"id": "3"}]}]}),
    (SECRET, [op("add", "Patient.name.given[0]", {"valueString": "1"}, name="id")], {"name": [{"_given": [{"extension": [NICK], "id": "1"}]}]}),
    (SECRET, [op("add", "Patient.name", {"valueString": "c"}, name="given")], {"name": [{"given": [None, "c"], "_given": [{"extension": [NICK]}, None]}]}),
    ({}, [op("add", "Patient", [{"name": "given", "_valueString": {"extension": [NICK]}}], name="name")], SECRET),
    ({"name": [{"given": ["a"]}]}, [op("replace", "Patient.name.given", {"_valueString": {"extension": [NICK]}})], SECRET),
    ({"birthDate": "1920"}, [op("replace", "Patient.birthDate", {"_valueDate": {"extension": [NICK]}})], {"_birthDate": {"extension": [NICK]}}),
    ({"name": [{"given": ["a", None], "_given": [None, {"id": "2"}]}]}, [op("delete", "Patient.name.given[1].id")], {"name": [{"given": ["a"]}]}),
    (CONTACT, [op("delete", "Patient.contact.gender"), op("delete", "Patient.contact.name.text")], {}),
    ({"name": [{"family": "A"}, {"family": "B"}]}, [op("delete", "Patient.name[0].family"), op("delete", "Patient.name[0].family")], {}),
    ({"birthDate": "1920", "_birthDate": {"id": "b"}}, [op("delete", "Patient.birthDate.id")], {"birthDate": "1920"}),
    ({"name": [{"given": ["a", "b"], "_given": [{"id": "1"}, {"id": "2"}]}]}, [op("delete", "Patient.name.given[0].id")], {"name": [{"given": ["a", "b"], "_given": [None, {"id": "2"}]}]}),
    ({"name": [{"given": ["a"], "_given": [{"id": "1"}]}]}, [op("delete", "Patient.name.given.id")], {"name": [{"given": ["a"]}]}),
    (CONTACT, [op("add", "Patient.contact[0]", {"valueHumanName": {"text": "m"}, }, name="name")], Invalid),
    ({}, [op("add", "Patient", [{"name": "name", "valueHumanName": {"text": "n"}}, {"name": "gender", "valueCode": "male"}], name="contact")], CONTACT),
    ({}, [op("add", "Patient", [{"name": "other", "valueReference": {"reference": "Patient/1"}}, {"name": "type", "valueCode": "seealso"}], name="link")], {"link": [{"other": {"reference": "Patient/1"}, "type": "seealso"}]}),
    ({}, [op("add", "Patient", {"valueBoolean": True}, name="deceased")], {"deceasedBoolean": True}),
    ({"deceasedBoolean": True}, [op("replace", "Patient.deceased", {"valueDateTime": "2020"})], {"deceasedDateTime": "2020"}),
    ({"deceasedBoolean": True}, [op("delete", "Patient.deceased.ofType(boolean)")], {}),
    (ids("1"), [op("add", "Patient", one("2"), name="identifier")], ids("1", "2")),
    (ids("1", "2"), [op("insert", "Patient.identifier", one("3"), index=2)], ids("1", "2", "3")),
    (ids("1", "2"), [op("insert", "Patient.identifier", one("3"), index=0)], ids("3", "1", "2")),
    ({}, [op("insert", "Patient.identifier", one("3"), index=0)], ids("3")),
    ({}, [op("insert", "Patient.identifier", one("3"), index=1)], Invalid),
    ({}, [op("move", "Patient.identifier", source=0, destination=0)], Invalid),
    ({}, [op("insert", "Patient.birthDate", one("3"), index=0)], Invalid),
    (NAMED, [op("insert", "Patient.name[1].given", {"valueString": "w"}, index=0)], {"name": [NAMED["name"][0], {**NAMED["name"][1], "given": ["w"]}]}),
    (ids("1", "2", "3"), [op("delete", "Patient.identifier[1]")], ids("1", "3")),
    (ids("1", "2", "3"), [op("delete", "Patient.identifier.where(value = '2')")], ids("1", "3")),
    (ids("1", "2", "3"), [op("delete", "Patient.identifier.where(system='s' and value='3')")], ids("1", "2")),
    (ids("1", "2", "3"), [op("delete", "Patient.identifier.last()")], ids("1", "2")),
    (ids("1", "2", "3"), [op("move", "Patient.identifier", source=2, destination=0)], ids("3", "1", "2")),
    (ids("1", "2", "3"), [op("move", "Patient.identifier", source=0, destination=1)], ids("2", "1", "3")),
    (ids("1", "2"), [op("replace", "Patient.identifier[0].value", {"valueString": "9"})], ids("9", "2")),
    (ids("1", "2"), [op("replace", "Patient.identifier[1]", one("9"))], ids("1", "9")),
    (NAMED, [op("replace", "Patient.name.where(use='official').given[1]", {"valueString": "z"})], {"name": [{"use": "official", "family": "A", "given": ["x", "z"]}, NAMED["name"][1]]}),
    (NAMED, [op("delete", "Patient.name.where(given.exists())")], {"name": [NAMED["name"][1]]}),
    (NAMED, [op("delete", "Patient.name.where(given.exists().not() or family = 'Q')")], {"name": [NAMED["name"][0]]}),
    (NAMED, [op("insert", "Patient.name.first().given", {"valueString": "w"}, index=1)], {"name": [{"use": "official", "family": "A", "given": ["x", "w", "y"]}, NAMED["name"][1]]}),
    ({"extension": [NICK]}, [op("replace", "Patient.extension('http://example.org/nick').value", {"valueString": "q"})], {"extension": [{**NICK, "valueString": "q"}]}),
    ({"extension": [NICK]}, [op("delete", "Patient.extension.where(url = 'http://example.org/nick')")], {}),
    ({}, [op("add", "Patient", {"valueDate": "1930", "_valueDate": {"id": "d"}}, name="birthDate")], {"birthDate": "1930", "_birthDate": {"id": "d"}}),
    ({"birthDate": "1930", "_birthDate": {"id": "d"}}, [op("delete", "Patient.birthDate")], {}),
    (NAMED, [op("delete", "Patient.name")], Invalid),
    (NAMED, [op("add", "Patient", {"valueDate": "1930"}, name="colour")], Invalid),
    (NAMED, [op("add", "Patient.name[0].family", {"valueString": "x"}, name="value")], Invalid),
    (NAMED, [op("add", "Patient.name.count()", {"valueString": "x"}, name="id")], Invalid),
    ({"birthDate": "1930"}, [op("add", "Patient.birthDate", {"valueString": "d"}, name="id")], {"birthDate": "1930", "_birthDate": {"id": "d"}}),
    ({"birthDate": "1930", "_birthDate": {"id": "d"}}, [op("add", "Patient.birthDate", {"valueString": "e"}, name="id")], Invalid),
    (NAMED, [op("add", "Patient.name[0].given[1]", {"valueExtension": NICK}, name="extension")], {"name": [{**NAMED["name"][0], "_given": [None, {"extension": [NICK]}]}, NAMED["name"][1]]}),
    ({}, [op("add", "Patient", [{"name": "url", "valueUri": NICK["url"]}, {"name": "value[x]", "valueString": "z"}], name="extension")], {"extension": [NICK]}),
    ({}, [op("add", "Patient", {"valueBoolean": True}, name="deceased[x]")], {"deceasedBoolean": True}),
    (NAMED, [op("add", "Patient.photo", {"valueString": "x"}, name="title")], Invalid),
    (NAMED, [op("add", "Patient", {"valueInteger": 3}, name="deceased")], Invalid),
    (NAMED, [op("replace", "Patient.birthDate", {"valueDate": "1930"})], Invalid),
    (NAMED, [op("replace", "Patient", {"valueDate": "1930"})], Invalid),
    (NAMED, [op("delete", "Patient")], Invalid),
    (ids("1"), [op("insert", "Patient.identifier", one("3"), index=2)], Invalid),
    (ids("1"), [op("move", "Patient.identifier", source=0, destination=1)], Invalid),
    (ids("1"), [op("insert", "Patient.gender", one("3"), index=0)], Invalid),
    ({"birthDate": "1920"}, [op("replace", "Patient.birthDate", {}), op("move", "Patient.birthDate.extension", source=0, destination=0)], Invalid),
    (NAMED, [op("rename", "Patient.name")], BadRequest),
    (NAMED, [op("delete", "Patient..name")], BadRequest),
    (NAMED, [op("delete", "Patient.name.where(use = )")], BadRequest),
    (NAMED, [op("delete", "Patient.name.select(use)")], Invalid),
    (NAMED, [op("delete", "Patient.name.chosen(use)")], BadRequest),
    (NAMED, [op("delete", "Patient.name.count()")], Invalid),
    (NAMED, [op("delete", "Patient.name.where(given.count() > 1).given.skip(1)")], {"name": [{"use": "official", "family": "A", "given": ["x"]}, NAMED["name"][1]]}),
    ({"generalPractitioner": [{"reference": "Practitioner/1"}]}, [op("add", "Patient.generalPractitioner.resolve()", {"valueBoolean": True}, name="active")], BadRequest),
    ({"birthDate": "1930", "_birthDate": {"extension": [NICK]}}, [op("replace", "Patient.birthDate.extension.value", {"valueString": "q"})], {"birthDate": "1930", "_birthDate": {"extension": [{**NICK, "valueString": "q"}]}}),
    (NAMED, [op("add", "Patient", {"valueDate": "1930"})], BadRequest),
    (ids("1"), [op("insert", "Patient.identifier", one("3"), index="x")], BadRequest),
    (NAMED, [{"name": "other"}], BadRequest),
    (NAMED, [{"name": "operation", "part": 1}], BadRequest),
    (NAMED, [{"name": "operation", "part": [[]]}], BadRequest),
    (NAMED, [{"name": "operation", "part": [{"name": "type", "valueCode": ["add"]}]}], BadRequest),
    (NAMED, [op("add", "Patient", {"part": 1}, name="contact")], BadRequest),
    (NAMED, [op("add", "Patient", {"part": [{"name": "x", "valueString": "y"}]}, name="gender")], Invalid),
]  # fmt: skip


@pytest.mark.parametrize(("root", "operations", "expected"), DONE)
def test_operations(root: Json, operations: list[Json], expected: Json) -> None:
    if isinstance(expected, type) and issubclass(expected, FhirError):
        with pytest.raises(expected):
            applied(root, *operations)
    else:
        assert applied(root, *operations) == {"resourceType": "Patient", **expected}


UNFIT = [b"{}", b"[]", b'{"resourceType":"Patient"}', b"{", b'{"a":"\xed\xa0\xbd"}']


@pytest.mark.parametrize("patch", [*UNFIT, b'{"resourceType":"Parameters","parameter":0}'])
def test_what_is_no_patch(patch: bytes) -> None:
    with pytest.raises(BadRequest):
        applying("application/fhir+json", patch)


def test_all_paths_of_a_patch_look_at_so_many_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fhirpath_patch, "MOST_ELEMENTS", 3_000)
    names = {"name": [{"family": f"n{n}"} for n in range(20)]}
    path = "Patient.name.where(%resource.name.where(family = 'z').exists())"
    assert applied(names, op("delete", path)) == {"resourceType": "Patient", **names}
    with pytest.raises(BadRequest, match="more than 3000 elements"):
        applied(names, *[op("delete", path)] * 3)


def test_a_deletion_looks_but_for_what_it_leaves_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fhirpath_patch, "MOST_ELEMENTS", 3_000)
    names = {"name": [{"family": f"n{n}"} for n in range(200)]}
    added = op("add", "Patient", {"valueBoolean": True}, name="active")
    both = [added, op("delete", "Patient.active")] * 500
    assert applied(names, *both) == {"resourceType": "Patient", **names}
    born = {"_birthDate": {"id": "b"}, **CONTACT}
    added = op("add", "Patient", {"valueContactPoint": {"value": "1"}}, name="telecom")
    with pytest.raises(BadRequest, match="too much work"):
        applied(names | born, *[added, op("delete", "Patient.telecom[0].value")] * 500)


def test_a_value_of_another_shape_is_refused_at_its_place() -> None:
    patch = {
        "resourceType": "Parameters",
        "parameter": [
            {
                "name": "operation",
                "part": [
                    {"name": "type", "valueCode": "add"},
                    {"name": "path", "valueString": "Patient"},
                    {"name": "name", "valueString": "name"},
                    {"name": "value", "valueHumanName": {"given": 5}},
                ],
            }
        ],
    }
    with pytest.raises(BadRequest, match="expected an array, found a number") as refused:
        applying("application/fhir+json", orjson.dumps(patch))
    assert refused.value.expression == "Parameters.parameter[0].part[3].value.given"
