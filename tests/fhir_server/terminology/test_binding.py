"""Value sets named by the element that is bound to them (`context`)."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest

from capability.binding import required
from fhir_server.http.asgi import ASGI
from tests.fhir_server.serving import talk
from tests.fhir_server.terminology.animals import SET, URL, codes, get, post, values

SD = "http://hl7.org/fhir/StructureDefinition/"
PET = "http://example.org/pet"


def profile(url: str, base: str, **element: Any) -> dict[str, Any]:
    bound = {"id": "Patient.animal", "path": "Patient.animal", **element}
    return {
        "resourceType": "StructureDefinition",
        "id": url.rpartition("/")[2],
        "url": url,
        "name": "Pet",
        "status": "active",
        "kind": "resource",
        "abstract": False,
        "type": "Patient",
        "baseDefinition": base,
        "derivation": "constraint",
        "differential": {"element": [{"id": "Patient", "path": "Patient"}, bound]},
    }


BOUND = profile(
    PET, f"{SD}Patient", binding={"strength": "required", "valueSet": SET["url"]}, sliceName="pet"
)
FURTHER = profile(f"{PET}-of-child", PET)


@pytest.mark.parametrize(
    ("path", "value_set"),
    [
        ("Patient.gender", "administrative-gender"),
        ("Patient.contact.gender", "administrative-gender"),
        ("Patient.name.use", "name-use"),
        ("Bundle.entry.request.method", "http-verb"),
        ("Questionnaire.item.item.type", "item-type"),
    ],
)
def test_required_bindings_of_the_specification(path: str, value_set: str) -> None:
    assert required(path) == f"http://hl7.org/fhir/ValueSet/{value_set}"


@pytest.mark.parametrize("path", ["Patient", "Patient.colour", "Patient.active", "Nothing.at.all"])
def test_what_is_bound_to_nothing(path: str) -> None:
    assert required(path) == ""


@pytest.mark.parametrize("context", [f"{SD}Patient#Patient.gender", "Patient.gender"])
def test_an_element_of_the_specification(app: ASGI, context: str) -> None:
    assert codes(get(app, "ValueSet/$expand", context=context))[0] == "male"
    told = get(app, "ValueSet/$validate-code", context=context, code="hen", system=URL)
    assert values(told)["result"] is False


@pytest.mark.parametrize(
    ("context", "text"),
    [
        (f"{SD}Patient#Patient.active", "no required binding of 'Patient.active'"),
        (f"{SD}Patient#colour", "no required binding of 'Patient.colour'"),
        ("Patient.active", "no required binding of 'Patient.active'"),
        (f"{SD}Elephant#tusk.length", "no required binding of 'tusk.length'"),
        ("Elephant.gender", "no required binding of 'Elephant.gender'"),
        (f"{PET}#pet", f"no StructureDefinition '{PET}' is known"),
        (f"{PET}-without-base#pet", "is bound to no value set"),
    ],
)
def test_an_element_without_a_value_set_is_told(app: ASGI, context: str, text: str) -> None:
    structure = {"resourceType": "StructureDefinition", "url": f"{PET}-without-base"}
    sent = {"name": "tx-resource", "resource": structure}
    asked = {"name": "context", "valueUri": context}
    (issue,) = post(app, "ValueSet/$expand", asked, sent, status=404)["issue"]
    assert issue["expression"] == ["context"]
    assert text in issue["diagnostics"]


def test_a_context_that_names_no_element_is_a_value_set(app: ASGI) -> None:
    (issue,) = get(app, "ValueSet/$expand", 404, context="urn:none")["issue"]
    assert "urn:none" in issue["details"]["text"]


def test_an_element_of_a_profile_that_is_sent_along(app: ASGI) -> None:
    context = {"name": "context", "valueUri": f"{PET}-of-child#Patient.animal"}
    sent = [{"name": "tx-resource", "resource": each} for each in (BOUND, FURTHER)]
    assert codes(post(app, "ValueSet/$expand", context, *sent)) == ["bird"]
    slice = {"name": "context", "valueUri": f"{PET}#pet"}
    assert codes(post(app, "ValueSet/$expand", slice, *sent)) == ["bird"]


def test_a_stored_profile_counts_at_once(app: ASGI) -> None:
    asked = {"context": f"{PET}#Patient.animal", "code": "hen", "system": URL}
    get(app, "ValueSet/$validate-code", 404, **asked)

    async def store(http: httpx.AsyncClient) -> None:
        reply = await http.put("StructureDefinition/pet", content=orjson.dumps(BOUND))
        assert reply.status_code == 201, reply.text

    talk(app, store)
    assert values(get(app, "ValueSet/$validate-code", **asked))["result"] is True
