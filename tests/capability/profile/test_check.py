"""Profiles: what they ask of elements and of slices, and where a resource breaks it."""

from __future__ import annotations

from typing import Any

import pytest

from capability.profile.check import Checker, CodesNeeded
from capability.profile.definition import core, mentioned

Json = dict[str, Any]
URL = "http://p.test/p"
NICK = "http://p.test/nick"
CORE = "http://hl7.org/fhir/StructureDefinition/"


def el(id: str, **more: Any) -> Json:
    path = ".".join(part.partition(":")[0] for part in id.split("."))
    part = id.rpartition(".")[2].partition(":")[2]
    return {"id": id, "path": path, **({"sliceName": part} if part else {}), **more}


def by(*discriminators: tuple[str, str], rules: str = "open") -> Json:
    listed = [{"type": type, "path": path} for type, path in discriminators]
    return {"slicing": {"discriminator": listed, "rules": rules}}


def profile(type: str, *elements: Json, url: str = URL, **more: Any) -> Json:
    return {
        "resourceType": "StructureDefinition", "url": url, "type": type,
        "baseDefinition": CORE + type, "differential": {"element": [el(type), *elements]}, **more,
    }  # fmt: skip


def faults(resource: Json, *profiles: Json, **codes: Any) -> list[str]:
    """Place and code of each issue by the first profile."""
    known = {p["url"]: p for p in profiles}
    checker = Checker(known.get, codes.get("codes", {}))
    return [f"{i.expression} {i.code}" for i in checker.check(resource, profiles[0]["url"])]


def patient(**more: Any) -> Json:
    return {"resourceType": "Patient", **more}


MRN = [
    el("Patient.identifier", min=1, **by(("value", "system"))),
    el("Patient.identifier:mrn", min=1, max="1"),
    el("Patient.identifier:mrn.system", min=1, fixedUri="urn:mrn"),
    el("Patient.identifier:mrn.value", min=1, maxLength=3),
]
CLOSED = [el("Patient.identifier", **by(("value", "system"), rules="closed")), *MRN[1:]]
NAMES = [
    el("Patient.name", **by(("exists", "family"))),
    el("Patient.name:full", min=1),
    el("Patient.name:full.family", min=1),
]
BP = [
    el("Observation.code", patternCodeableConcept={"coding": [{"code": "bp"}]}),
    el("Observation.value[x]", max="0"),
    el("Observation.component", min=2, **by(("pattern", "code"))),
    el("Observation.component:sys", min=1),
    el("Observation.component:sys.code", patternCodeableConcept={"coding": [{"code": "sys"}]}),
    el("Observation.component:sys.value[x]", type=[{"code": "Quantity"}], min=1),
    el("Observation.component:sys.value[x].unit", min=1),
]
VALUES = [
    el("Observation.value[x]", **by(("type", "$this"), rules="closed")),
    el("Observation.valueQuantity", path="Observation.valueQuantity"),
    el("Observation.value[x]:valueQuantity", type=[{"code": "Quantity"}]),
    el("Observation.value[x]:valueQuantity.value", minValueDecimal=1, maxValueDecimal=9),
]
SUBJECT = [
    el("Observation.subject", type=[{"code": "Reference", "targetProfile": [CORE + "Patient"]}])
]
EXTENDED = [
    el("Patient.extension:nick", min=1, type=[{"code": "Extension", "profile": [NICK]}]),
]
NICKNAME = profile(
    "Extension",
    el("Extension.url", fixedUri=NICK),
    el("Extension.value[x]", min=1, type=[{"code": "string"}]),
    url=NICK,
)
SECTIONS = [
    el("Composition.section", **by(("value", "code.coding.code"))),
    el("Composition.section:plan", min=1),
    el("Composition.section:plan.code.coding.code", fixedCode="plan"),
    el("Composition.section:plan.entry", **by(("type", "resolve()"), rules="closed")),
    el(
        "Composition.section:plan.entry:goal",
        type=[{"code": "Reference", "targetProfile": [CORE + "Goal"]}],
    ),
]


def measured(code: str, **value: Any) -> Json:
    return {"code": {"coding": [{"system": "s", "code": code}]}, **value}


def observed(**more: Any) -> Json:
    return {"resourceType": "Observation", "status": "final", **measured("bp"), **more}


def section(code: str, *references: str) -> Json:
    entries = [{"reference": each} for each in references]
    inner = {"code": {"coding": [{"code": code}]}, "entry": entries}
    return {"resourceType": "Composition", "section": [inner]}


CASES: list[tuple[list[Json], Json, list[str]]] = [
    ([el("Patient.name", min=1)], patient(), ["Patient.name required"]),
    ([el("Patient.name", min=1)], patient(name=[{"text": "x"}]), []),
    ([el("Patient.name", max="1")], patient(name=[{"text": "x"}, {"text": "y"}]), ["Patient.name structure"]),
    ([el("Patient.photo", max="0")], patient(photo=[{"title": "x"}]), ["Patient.photo structure"]),
    ([el("Patient.contact.name", min=1)], patient(), []),
    ([el("Patient.contact.name", min=1)], patient(contact=[{"gender": "male"}]), ["Patient.contact[0].name required"]),
    ([el("Patient.active", fixedBoolean=True)], patient(active=False), ["Patient.active value"]),
    ([el("Patient.active", fixedBoolean=True)], patient(active=True), []),
    ([el("Patient.birthDate", min=1)], patient(_birthDate={"id": "b"}), []),
    ([el("Patient.deceased[x]", type=[{"code": "boolean"}])], patient(deceasedDateTime="2020"), ["Patient.deceased structure"]),
    ([el("Patient.deceased[x]", min=1)], patient(deceasedBoolean=False), []),
    ([el("Patient.deceasedBoolean", fixedBoolean=False)], patient(deceasedBoolean=True), ["Patient.deceased value"]),
    (MRN, patient(), ["Patient.identifier required", "Patient.identifier required"]),
    (MRN, patient(identifier=[{"system": "urn:x", "value": "longer"}]), ["Patient.identifier required"]),
    (MRN, patient(identifier=[{"system": "urn:x"}, {"system": "urn:mrn", "value": "1"}]), []),
    (MRN, patient(identifier=[{"system": "urn:mrn"}]), ["Patient.identifier[0].value required"]),
    (MRN, patient(identifier=[{"system": "urn:mrn", "value": "1234"}]), ["Patient.identifier[0].value value"]),
    (MRN, patient(identifier=[{"system": "urn:mrn", "value": "1"}] * 2), ["Patient.identifier structure"]),
    (CLOSED, patient(identifier=[{"system": "urn:mrn", "value": "1"}, {"system": "urn:x"}]), ["Patient.identifier[1] structure"]),
    (NAMES, patient(name=[{"text": "x"}]), ["Patient.name required"]),
    (NAMES, patient(name=[{"text": "x"}, {"family": "y"}]), []),
    (BP, observed(component=[measured("sys", valueQuantity={"value": 1, "unit": "mm"}), measured("dia")]), []),
    (BP, observed(component=[measured("sys", valueQuantity={"value": 1}), measured("dia")]), ["Observation.component[0].value.unit required"]),
    (BP, observed(component=[measured("sys", valueString="x"), measured("dia")]), ["Observation.component[0].value structure"]),
    (BP, observed(component=[measured("dia")], valueString="x"), ["Observation.value structure", "Observation.component required", "Observation.component required"]),
    (BP, {"resourceType": "Observation", **measured("other")}, ["Observation.code value", "Observation.component required", "Observation.component required"]),
    (VALUES, observed(valueQuantity={"value": 5}), []),
    (VALUES, observed(valueQuantity={"value": 10}), ["Observation.value.value value"]),
    (VALUES, observed(valueQuantity={"value": 0.5}), ["Observation.value.value value"]),
    (VALUES, observed(valueString="x"), ["Observation.value structure"]),
    (SUBJECT, observed(subject={"reference": "Patient/1"}), []),
    (SUBJECT, observed(subject={"reference": "urn:uuid:1"}), []),
    (SUBJECT, observed(subject={"reference": "http://x.test/Group/1"}), ["Observation.subject.reference structure"]),
    (EXTENDED, patient(), ["Patient.extension required"]),
    (EXTENDED, patient(extension=[{"url": "http://x.test", "valueString": "z"}]), ["Patient.extension required"]),
    (EXTENDED, patient(extension=[{"url": NICK, "valueString": "z"}]), []),
    (EXTENDED, patient(extension=[{"url": NICK, "valueCode": "z"}]), ["Patient.extension[0].value structure"]),
    (SECTIONS, section("plan", "Goal/1"), []),
    (SECTIONS, section("plan", "Goal/1", "Patient/1"), ["Composition.section[0].entry[1] structure"]),
    (SECTIONS, section("other", "Patient/1"), ["Composition.section required"]),
]  # fmt: skip


@pytest.mark.parametrize(("elements", "resource", "expected"), CASES)
def test_faults(elements: list[Json], resource: Json, expected: list[str]) -> None:
    own = profile(resource["resourceType"], *elements)
    assert faults(resource, own, NICKNAME) == expected


@pytest.mark.parametrize("snapshot", [True, False])
def test_a_profile_of_a_profile(snapshot: bool) -> None:
    """A differential stands over its base; a snapshot stands alone; ids may be absent."""
    strict = profile("Patient", el("Patient.identifier:mrn", max="0"), url="http://p.test/strict")
    strict["baseDefinition"] = URL
    base = profile("Patient", *MRN)
    bare = [{k: v for k, v in e.items() if k != "id"} for e in base["differential"]["element"]]
    base["differential"] = {"element": bare}
    if snapshot:
        strict["snapshot"] = {
            "element": [el("Patient"), *MRN[:1], el("Patient.identifier:mrn", max="0"), *MRN[2:]]
        }
    found = faults(patient(identifier=[{"system": "urn:mrn", "value": "1"}]), strict, base)
    assert "Patient.identifier structure" in found
    assert list(mentioned(strict)) == [URL]


@pytest.mark.parametrize(
    ("strength", "concept", "expected"),
    [
        ("required", {"coding": [{"system": "s", "code": "a"}]}, []),
        ("required", {"coding": [{"system": "s", "code": "b"}]}, ["Patient.maritalStatus code-invalid"]),
        ("required", {"text": "x"}, ["Patient.maritalStatus code-invalid"]),
        ("extensible", {"text": "x"}, []),
        ("extensible", {"coding": [{"code": "a"}]}, ["Patient.maritalStatus code-invalid"]),
        ("preferred", {"coding": [{"code": "z"}]}, []),
    ],
)  # fmt: skip
def test_bindings(strength: str, concept: Json, expected: list[str]) -> None:
    binding = {"strength": strength, "valueSet": "http://v.test|1"}
    own = profile("Patient", el("Patient.maritalStatus", binding=binding))
    resource = patient(maritalStatus=concept)
    known = {"http://v.test|1": {("s", "a")}}
    assert faults(resource, own, codes=known) == expected
    assert faults(resource, own, codes={"http://v.test|1": None}) == []
    if strength == "required":
        with pytest.raises(CodesNeeded):
            faults(resource, own)


def test_slices_by_codes() -> None:
    binding = {"strength": "required", "valueSet": "http://v.test"}
    own = profile(
        "Observation",
        el("Observation.category", **by(("value", "$this"))),
        el("Observation.category:own", min=1, binding=binding),
    )
    known = {"http://v.test": {("s", "a")}}
    for code, expected in (("a", []), ("b", ["Observation.category required"])):
        resource = observed(category=[{"coding": [{"system": "s", "code": code}]}])
        assert faults(resource, own, codes=known) == expected


def test_another_type_and_what_is_unknown() -> None:
    own = profile("Group")
    assert faults(patient(), own) == ["Patient structure"]
    checker = Checker({}.get, {})
    assert list(checker.check(patient(), URL)) == []
    assert list(checker.unknown) == [URL]
    asked = profile("Patient", el("Patient.name", constraint=[{"key": "own-1"}, {"key": "ele-1"}]))
    checker = Checker({URL: asked}.get, {})
    assert list(checker.check(patient(name=[{"text": "x"}]), URL)) == []
    assert list(checker.unchecked) == ["own-1"]


def test_profiles_in_a_circle_end() -> None:
    loop = profile(
        "Patient", el("Patient.contained", type=[{"code": "Resource", "profile": [URL]}])
    )
    inner = patient()
    for _ in range(40):
        inner = patient(contained=[inner])
    assert "too-costly" in " ".join(faults(inner, loop))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (CORE + "Patient", "Patient"),
        (CORE + "Patient|4.0.1", "Patient"),
        (CORE + "bp", ""),
        (URL, ""),
    ],
)
def test_core(url: str, name: str) -> None:
    assert core(url) == name


def constraint(expression: str, key: str = "own-1", **more: Any) -> Json:
    return {"key": key, "severity": "error", "human": "as it is", "expression": expression, **more}


def told(resource: Json, *structures: Json) -> list[tuple[str, str, str]]:
    checker = Checker({s["url"]: s for s in structures}.get, {"http://v.test": {("s", "a")}})
    found = checker.check(resource, structures[0]["url"])
    return [(i.severity, i.expression, i.text) for i in found]


@pytest.mark.parametrize(
    ("path", "expression", "broken"),
    [
        ("Patient", "name.exists() or active.exists()", []),
        ("Patient", "birthDate.exists()", ["Patient"]),
        ("Patient.name", "family.exists()", ["Patient.name[1]"]),
        ("Patient.name.given", "$this.length() > 2", ["Patient.name[1].given[0]"]),
        ("Patient.name", "%resource.active and %context.text.empty()", []),
        ("Patient.birthDate", "extension('http://e').exists()", []),
        ("Patient.gender", "memberOf('http://v.test')", ["Patient.gender"]),
        ("Patient.name", "name.family.exists() or {}", []),
    ],
)
def test_constraints_of_a_profile(path: str, expression: str, broken: list[str]) -> None:
    resource = patient(
        active=True, gender="male", name=[{"family": "A", "given": ["Ann"]}, {"given": ["B"]}]
    )
    own = profile("Patient", el(path, constraint=[constraint(expression)]))
    found = told(resource, own)
    assert found == [("error", at, "own-1: as it is") for at in broken]


def test_what_a_constraint_tells() -> None:
    own = profile(
        "Patient",
        el(
            "Patient",
            constraint=[
                constraint("false", "w", severity="warning"),
                constraint("name.chosen()", "u"),
                constraint("false", "inv-1"),
                constraint("false", "ele-1"),
                constraint("false", "x", source=f"{CORE}Patient"),
            ],
        ),
    )
    assert told(patient(), own) == [
        ("warning", "Patient", "w: as it is"),
        ("information", "Patient", "u: the constraint was not checked: chosen() is not done"),
        ("error", "Patient", "inv-1: as it is"),
    ]


def test_a_differential_adds_constraints() -> None:
    base = profile("Patient", el("Patient", constraint=[constraint("false", "a")]))
    base = {**base, "url": "http://base.test"}
    own = profile("Patient", el("Patient", constraint=[constraint("false", "b")]))
    own = {**own, "baseDefinition": "http://base.test"}
    assert [text for _, _, text in told(patient(), own, base)] == ["a: as it is", "b: as it is"]


def test_constraints_of_what_is_contained() -> None:
    inner = {"resourceType": "Practitioner", "id": "d"}
    fits = profile("Practitioner", el("Practitioner", constraint=[constraint(
        "%resource.id = 'd' and %rootResource is Patient and conformsTo('http://other.test').not()"
    )]))  # fmt: skip
    fits = {**fits, "url": "http://inner.test"}
    other = {**profile("Practitioner", el("Practitioner.name", min=1)), "url": "http://other.test"}
    type = [{"code": "Resource", "profile": ["http://inner.test"]}]
    own = profile("Patient", el("Patient.contained", type=type))
    assert told(patient(contained=[inner]), own, fits, other) == []
