"""XML and JSON say the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fhir_server.errors import BadRequest
from fhir_server.http.xml import to_json, to_xml
from tests.reference import reference

Json = Any
NS = b'xmlns="http://hl7.org/fhir"'
DIV = '<div xmlns="http://www.w3.org/1999/xhtml"><p>a &lt; b &#160; <b>c</b></p>\r\n</div>'


def exact(body: bytes) -> Json:
    """JSON with its numbers as they were written."""
    return json.loads(body, parse_float=str, parse_int=str)


def test_every_official_example_comes_back_equal() -> None:
    paths = sorted(reference("data/fhir/examples").glob("*-*.json"))
    assert len(paths) > 300
    for path in paths:
        body = path.read_bytes()
        for pretty in (False, True):
            assert exact(to_json(to_xml(body, pretty=pretty))) == exact(body), path.name


PAIRS: list[tuple[bytes, bytes]] = [
    (b'{"resourceType":"Patient"}', b"<Patient %b/>"),
    (
        b'{"resourceType":"Patient","active":true,"id":"a","gender":"male"}',
        b'<Patient %b><id value="a"/><active value="true"/><gender value="male"/></Patient>',
    ),
    (
        b'{"resourceType":"Observation","status":"final","code":{"text":"x<&\\"\\n"},"valueQuantity":{"value":1.50}}',
        b'<Observation %b><status value="final"/><code><text value=\'x&lt;&amp;"&#10;\'/></code><valueQuantity><value value="1.50"/></valueQuantity></Observation>',
    ),
    (
        b'{"resourceType":"Patient","name":[{"id":"n","given":["a",null],"_given":[null,{"id":"g","extension":[{"url":"http://x","valueInteger":3}]}]}],"_birthDate":{"id":"d"}}',
        b'<Patient %b><name id="n"><given value="a"/><given id="g"><extension url="http://x"><valueInteger value="3"/></extension></given></name><birthDate id="d"/></Patient>',
    ),
    (
        b'{"resourceType":"Patient","contained":[{"resourceType":"Group","id":"g"}],"contact":[{"name":{"family":"x"}}]}',
        b'<Patient %b><contained><Group><id value="g"/></Group></contained><contact><name><family value="x"/></name></contact></Patient>',
    ),
]


@pytest.mark.parametrize(("there", "back"), PAIRS)
def test_both_forms(there: bytes, back: bytes) -> None:
    xml = back.replace(b"%b", NS)
    assert to_xml(there) == b'<?xml version="1.0" encoding="UTF-8"?>' + xml
    assert exact(to_json(xml)) == exact(there)


def test_markup_is_kept_as_it_was_written() -> None:
    text = {"status": "generated", "div": DIV}
    body = json.dumps({"resourceType": "Patient", "text": text}).encode()
    assert DIV.encode() in to_xml(body)
    assert json.loads(to_json(to_xml(body)))["text"] == text
    named = body.replace(b"&#160;", b"&nbsp;")
    assert b"&#160;" in to_xml(named)
    assert json.loads(to_json(b"<Patient %b><text><div xmlns='http://www.w3.org/1999/xhtml'/></text></Patient>" % NS)) == {
        "resourceType": "Patient",
        "text": {"div": "<div xmlns='http://www.w3.org/1999/xhtml'/>"},
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"<Patient %b xmlns:h='http://www.w3.org/1999/xhtml'><text><h:div><h:p class='&lt;'>a &amp; b<h:br/><h:b xml:lang='en'><h:b/></h:b></h:p></h:div></text></Patient>",
        b"<f:Patient xmlns:f='http://hl7.org/fhir' xmlns='http://www.w3.org/1999/xhtml'><f:text><div><p class='&lt;'>a &amp; b<br/><b xml:lang='en'><b></b></b></p></div></f:text></f:Patient>",
    ],
)  # fmt: skip
def test_markup_stands_for_itself_whatever_is_declared_around_it(body: bytes) -> None:
    div = json.loads(to_json(body.replace(b"%b", NS)))["text"]["div"]
    assert div == (
        '<div xmlns="http://www.w3.org/1999/xhtml"><p class="&lt;">a &amp; b<br/>'
        '<b xml:lang="en"><b/></b></p></div>'
    )


@pytest.mark.parametrize(
    ("element", "value", "told"),
    [
        ("multipleBirthInteger", "+1", 1),
        ("multipleBirthInteger", "-1", -1),
        ("multipleBirthInteger", "+0", "+0"),
        ("multipleBirthInteger", "01", "01"),
    ],
)
def test_an_integer_may_have_a_sign(element: str, value: str, told: object) -> None:
    body = f'<Patient %b><{element} value="{value}"/></Patient>'.encode().replace(b"%b", NS)
    assert json.loads(to_json(body))[element] == told


def test_where_schemas_are_is_no_part_of_the_resource() -> None:
    schema = b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"'
    assert json.loads(to_json(b"<Patient %b %b/>" % (NS, schema))) == {"resourceType": "Patient"}


BAD = [
    b"",
    b"x",
    b"<Patient",
    b"<Patient/>",
    b"<Patience %b/>",
    b"<HumanName %b/>",
    b'<!DOCTYPE x [<!ENTITY a "b">]><Patient %b/>',
    b'<Patient %b><colour value="red"/></Patient>',
    b'<Patient %b><gender value="male"/><gender value="male"/></Patient>',
    b'<Patient %b><gender value="male" colour="red"/></Patient>',
    b'<Patient %b colour="red"/>',
    b'<Patient %b xml:id="a"/>',
    b'<Patient %b><text xml:id="a"><status value="generated"/></text></Patient>',
    b"<Patient %b>text</Patient>",
    b'<Patient %b><name><id value="a"/></name></Patient>',
    b"<Patient %b><contained><Group/><Group/></contained></Patient>",
    b'<Patient %b><gender xmlns="http://x" value="male"/></Patient>',
    b"<Patient %b>" + b"<extension>" * 300 + b"</extension>" * 300 + b"</Patient>",
    b'<Patient %b><gender value="\xff"/></Patient>',
]


@pytest.mark.parametrize("body", BAD)
def test_what_is_no_xml_of_fhir(body: bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        to_json(body.replace(b"%b", NS))
    assert refused.value.expression.startswith(("Patient", "Resource"))


@pytest.mark.parametrize(
    ("inner", "place"),
    [
        (b"<colour/>", "Patient.colour"),
        (b"<name/><name><given><extension/></given><given nick='a'/></name>", "Patient.name[1].given[1]"),
        (b"<contact><name/><name/></contact>", "Patient.contact[0].name"),
        (b"<contained><Group><quantity><size/></quantity></Group></contained>", "Patient.contained[0].quantity.size"),
        (b"<contained/>", "Patient.contained[0]"),
        (b"<active/>", "Patient.active"),
        (b"<gender value='male'/><active value='true'/>", "Patient.active"),
        (b"<name><given value='a'/><family value='b'/></name>", "Patient.name[0].family"),
        (b"<name/><active value='true'/><name/>", "Patient.active"),
        (b"<name><given/></name>", "Patient.name[0].given[0]"),
        (b"<active></name>", "Patient"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_located(inner: bytes, place: str) -> None:
    with pytest.raises(BadRequest, match="line 1") as refused:
        to_json(b"<Patient %b>%b</Patient>" % (NS, inner))
    assert refused.value.expression == place
