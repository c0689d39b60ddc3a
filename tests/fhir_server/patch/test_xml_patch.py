"""XML Patch: its operations by the selectors that are written with them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from fhir_server.errors import BadRequest, FhirError, Invalid
from fhir_server.patch import applying, xml_patch
from fhir_server.patch.selector import read_selector
from tests.growth import linear

Json = Any
KIND = "application/xml-patch+xml"
HEAD = '<?xml version="1.0"?><diff xmlns:f="http://hl7.org/fhir">'


def applied(root: Json, operations: str) -> Json:
    run = applying(KIND, f"{HEAD}{operations}</diff>".encode())
    return orjson.loads(run(orjson.dumps({"resourceType": "Patient", **root})))


DIV = '<div xmlns="http://www.w3.org/1999/xhtml">one <b>&amp; two</b></div>'
PHONES: Json = {"telecom": [{"system": "phone", "value": "1"}, {"system": "email", "value": "a"}]}
BORN: Json = {"birthDate": "1920", "_birthDate": {"id": "b"}}
TWO: Json = {"name": [{"family": "A", "given": ["x", "y"]}, {"family": "B"}]}
THREE: Json = {"name": [TWO["name"][0], {"family": "C"}, TWO["name"][1]]}
NEW = '<name xmlns="http://hl7.org/fhir"><family value="C"/></name>'

DONE: list[tuple[Json, str, Json]] = [
    (BORN, "", BORN),
    (BORN, '<replace sel="f:Patient/f:birthDate/@value">1930-01-01</replace>', {**BORN, "birthDate": "1930-01-01"}),
    (BORN, '<replace sel="/f:Patient/f:birthDate/@id">c</replace>', {"birthDate": "1920", "_birthDate": {"id": "c"}}),
    (BORN, '<replace sel="Patient/birthDate/@value">1930</replace>', {**BORN, "birthDate": "1930"}),
    (BORN, '<remove sel="f:Patient/f:birthDate"/>', {}),
    (BORN, '<remove sel="f:Patient/f:birthDate/@id"></remove>', {"birthDate": "1920"}),
    (BORN, '<replace sel="f:Patient/f:birthDate"><f:birthDate value="1940"/></replace>', {"birthDate": "1940"}),
    ({}, '<add sel="f:Patient"><active xmlns="http://hl7.org/fhir" value="true"/></add>', {"active": True}),
    ({}, '<add sel="f:Patient"> <f:active value="true"/> <f:gender value="male"/> </add>', {"active": True, "gender": "male"}),
    ({"birthDate": "1920"}, '<add sel="f:Patient/f:birthDate" type="@id">b</add>', BORN),
    (TWO, f'<add sel="f:Patient/f:name[1]" pos="after">{NEW}</add>', THREE),
    (TWO, f'<add sel="f:Patient/f:name[2]" pos="before">{NEW}</add>', THREE),
    (TWO, f'<add sel="f:Patient" pos="prepend">{NEW}</add>', {"name": [{"family": "C"}, *TWO["name"]]}),
    (TWO, f'<add sel="f:Patient">{NEW}</add>', {"name": [*TWO["name"], {"family": "C"}]}),
    (TWO, '<remove sel="f:Patient/f:name[1]/f:given[2]"/>', {"name": [{"family": "A", "given": ["x"]}, {"family": "B"}]}),
    (TWO, '<remove sel="f:Patient/f:name[2]/f:family"/>', {"name": [TWO["name"][0]]}),
    (TWO, '<remove sel="f:Patient/f:name[f:family/@value=\'B\']"/>', {"name": [TWO["name"][0]]}),
    (TWO, '<replace sel="f:Patient/f:name[2]/*/@value">D</replace>', {"name": [TWO["name"][0], {"family": "D"}]}),
    (TWO, '<remove sel="f:Patient/f:name[1]"/><remove sel="f:Patient/f:name[1]"/>', {}),
    (PHONES, '<replace sel="f:Patient/f:telecom[f:system/@value=&quot;phone&quot;]/f:value/@value">2</replace>', {"telecom": [{"system": "phone", "value": "2"}, PHONES["telecom"][1]]}),
    ({}, f'<add sel="f:Patient"><f:text><f:status value="generated"/>{DIV}</f:text></add>', {"text": {"status": "generated", "div": DIV}}),
    ({"text": {"status": "empty", "div": DIV}}, '<replace sel="f:Patient/f:text/f:status/@value">generated</replace>', {"text": {"status": "generated", "div": DIV}}),
    ({"multipleBirthInteger": 2}, '<replace sel="f:Patient/f:multipleBirthInteger/@value">3</replace>', {"multipleBirthInteger": 3}),
    (TWO, '<remove sel="f:Patient/f:name"/>', Invalid),
    (TWO, '<remove sel="f:Patient/f:name[3]"/>', Invalid),
    (TWO, '<remove sel="f:Group/f:name[1]"/>', Invalid),
    (TWO, '<remove sel="f:Patient"/>', Invalid),
    (TWO, f'<add sel="f:Patient" pos="after">{NEW}</add>', Invalid),
    (TWO, '<add sel="f:Patient/f:name[1]"/>', Invalid),
    (TWO, '<add sel="f:Patient/f:name[1]">text</add>', Invalid),
    (TWO, '<add sel="f:Patient/f:name[1]" type="namespace::f">x</add>', Invalid),
    (TWO, f'<replace sel="f:Patient/f:name[1]">{NEW}{NEW}</replace>', Invalid),
    (BORN, '<add sel="f:Patient/f:birthDate" type="@id">c</add>', Invalid),
    (BORN, '<add sel="f:Patient/f:birthDate/@id">c</add>', Invalid),
    (BORN, '<remove sel="f:Patient/f:gender/@value"/>', Invalid),
    ({}, "<add sel='f:Patient'><active value='true'/></add>", BadRequest),
    ({}, "<add sel='f:Patient'><f:colour value='red'/></add>", BadRequest),
    ({}, "<add sel='f:Patient'>some <f:active value='true'/></add>", BadRequest),
    ({}, "<add><f:active value='true'/></add>", BadRequest),
    ({}, "<add sel='f:Patient' pos='first'><f:active value='true'/></add>", BadRequest),
    ({}, "<move sel='f:Patient'/>", BadRequest),
    ({}, "<add sel='g:Patient'><f:active value='true'/></add>", BadRequest),
]  # fmt: skip
UNREAD = ["", "/", "//f:name", "f:Patient/", "f:Patient[last()]", "f:Patient//@id", "@id",
          "f:Patient[f:name='x']", "f:Patient[0]", "f:Patient/text()", "id('x')", "f:Patient[@id=x]"]  # fmt: skip


@pytest.mark.parametrize(("root", "operations", "expected"), DONE)
def test_operations(root: Json, operations: str, expected: Json) -> None:
    if isinstance(expected, type) and issubclass(expected, FhirError):
        with pytest.raises(expected):
            applied(root, operations)
    else:
        assert applied(root, operations) == {"resourceType": "Patient", **expected}


@pytest.mark.parametrize("sel", UNREAD)
def test_selectors_that_are_not_read(sel: str) -> None:
    with pytest.raises(BadRequest) as raised:
        applied({}, f'<remove sel="{sel}"/>')
    assert raised.value.expression == "diff/*[1]"


@pytest.mark.parametrize(
    "patch",
    [
        b"",
        b"{}",
        b"<diff",
        b"<patch/>",
        b'<!DOCTYPE diff [<!ENTITY a "b">]><diff>&a;</diff>',
    ],
)
def test_what_is_no_patch(patch: bytes) -> None:
    with pytest.raises(BadRequest):
        applying(KIND, patch)


def test_decimals_keep_their_digits() -> None:
    body = b'{"resourceType":"Observation","status":"final","valueQuantity":{"value":1.50}}'
    patch = f'{HEAD}<replace sel="f:Observation/f:status/@value">amended</replace></diff>'
    assert b'"value":1.50' in applying(KIND, patch.encode())(body)


@pytest.mark.parametrize(
    ("begin", "end"),
    [("f:Patient[a", "'x'q]"), ("f:Patient[f:name/@id", "='x"), ("f:Patient[", "")],
)
def test_selectors_are_read_in_time_that_their_length_sets(begin: str, end: str) -> None:
    def job(size: int) -> None:
        for _ in range(100):
            with pytest.raises(BadRequest, match="sel is a path"):
                read_selector(begin + " " * size + end, {"f": ""}, "")

    assert linear(job, 1_900)


def test_selectors_and_namespaces_have_an_end() -> None:
    with pytest.raises(BadRequest, match="up to 2000 characters"):
        applied({}, f'<remove sel="f:Patient[a{" " * 3_800}]"/>')
    many = " ".join(f'xmlns:a{n}="urn:{n}"' for n in range(200))
    with pytest.raises(BadRequest, match="up to 1000 characters"):
        applied({}, f'<remove sel="f:Patient" {many}/>')


def test_each_test_of_a_selector_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_patch, "MOST_ELEMENTS", 100)
    names = {"name": [{"id": "x", "family": "A"}] * 20}
    tests = "[@id='x']" * 9
    with pytest.raises(BadRequest, match="too much work"):
        applied(names, f'<remove sel="f:Patient/f:name{tests}"/>')
