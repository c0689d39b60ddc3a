"""More probes of what is almost right, by the parts of R4 that they probe."""

from __future__ import annotations

from typing import Any

import pytest

from capability.quick import accepted
from capability.validate import validate
from tests.capability.samples import (
    BUNDLE,
    CONDITION,
    DOCUMENT_REFERENCE,
    MEDICATION_REQUEST,
    MEDICATION_STATEMENT,
    NAMESPACE,
    OBSERVATION,
    PATIENT,
    changed,
)

Json = dict[str, Any]
ABSENT = {"extension": [{"url": "http://example.org/absent", "valueCode": "unknown"}]}
DRUG = {"resourceType": "Medication", "id": "med", "code": {"text": "lisinopril"}}
ROOT = f'<div xmlns="{NAMESPACE}">'


def _put(resource: Json, *probes: tuple[str, object, str, str]) -> list[tuple[Json, str, str]]:
    """Of each (path, value, place below the type, what is told): a resource with one fault."""
    kind = resource["resourceType"]
    return [(changed(resource, p, v), f"{kind}.{at}".strip("."), told) for p, v, at, told in probes]


def _values(*probes: tuple[str, object]) -> list[tuple[Json, str, str]]:
    """Values that no extension may have."""
    url = "http://example.org/x"
    rows = [
        ("extension.0", {"url": url, f"value{t}": v}, "extension[0].value", "value")
        for t, v in probes
    ]
    return _put(PATIENT, *rows)


def _narratives(*markup: str) -> list[tuple[Json, str, str]]:
    return _put(PATIENT, *(("text.div", text, "text.div", "txt-1") for text in markup))


def _within(*inner: str) -> list[tuple[Json, str, str]]:
    return _narratives(*(f"{ROOT}{text}</div>" for text in inner))


def _bundles(*probes: tuple[str, Json, str]) -> list[tuple[Json, str, str]]:
    """Of each (type, the only entry and whatever else, what is told)."""
    made = []
    for kind, given, told in probes:
        more = {k: v for k, v in given.items() if k in ("total", "timestamp", "identifier")}
        entry = {k: v for k, v in given.items() if k not in more}
        place = "Bundle.entry[0]" if told in ("bdl-5", "bdl-8") else "Bundle"
        made.append(
            ({"resourceType": "Bundle", "type": kind, "entry": [entry], **more}, place, told)
        )
    return made


UCUM = "http://unitsofmeasure.org"
HERE = {"resource": PATIENT}
POST = {"method": "POST", "url": "Patient"}
IDENTIFIED: Json = {"identifier": {"system": "urn:oid:1.2.3", "value": "1"}}
WRONG = [
    *_put(
        MEDICATION_REQUEST,
        ("contained.0.meta", {"versionId": "1"}, "", "dom-4"),
        ("contained.0.meta", {"security": [{"code": "R"}]}, "", "dom-5"),
        ("contained.0.resourceType", "Drug", "contained[0].resourceType", "structure"),
        ("contained", [DRUG, DRUG], "contained[1].id", "value"),
        ("contained.0.id", "#med", "contained[0].id", "value"),
        ("medicationReference.reference", "#Med", "medication.reference", "ref-1"),
    ),
    *_put(
        PATIENT,
        ("name.0._given", [ABSENT], "name[0].given", "structure"),
        ("name.0._given", ABSENT, "name[0].given", "structure"),
        ("name.0._given", [], "name[0].given", "structure"),
        ("_birthDate", [ABSENT], "birthDate", "structure"),
        ("_birthDate", {"value": "1980"}, "birthDate.value", "structure"),
        ("_birthDate", {}, "birthDate", "structure"),
        ("_id", ABSENT, "_id", "structure"),
        ("__birthDate", ABSENT, "__birthDate", "structure"),
        ("extension.0.url", "", "extension[0].url", "value"),
        ("extension.0._url", ABSENT, "extension[0]._url", "structure"),
        ("extension.0.extension", [], "extension[0].extension", "structure"),
        ("extension.0.modifierExtension", [ABSENT], "extension[0].modifierExtension", "structure"),
        ("name.0.modifierExtension", [ABSENT], "name[0].modifierExtension", "structure"),
        ("modifierExtension", [{"url": "http://example.org/x"}], "modifierExtension[0]", "ext-1"),
        ("language", "en_US", "language", "code-invalid"),
        ("language", "english", "language", "code-invalid"),
        ("identifier.0.system", "http://a\x01b", "identifier[0].system", "value"),
        ("communication.0.language.coding.0.code", "nl\x02", "communication[0].language.coding[0].code", "value"),
        ("extension.0", {"url": "http://a", "valueMoney": {"currency": "Dollar"}}, "extension[0].value.currency", "code-invalid"),
        ("extension.0", {"url": "http://a", "valueDuration": {"value": 1, "system": UCUM, "code": "mg"}}, "extension[0].value.code", "code-invalid"),
        ("extension.0", {"url": "http://a", "valueDistance": {"value": 1, "system": UCUM, "code": "s"}}, "extension[0].value.code", "code-invalid"),
        ("name.0.resourceType", "HumanName", "name[0].resourceType", "structure"),
        ("name", [[{"text": "a"}]], "name[0]", "structure"),
        ("deceasedDateTime", "2024", "deceased", "structure"),
        ("meta.profile", ["http://a b"], "meta.profile[0]", "value"),
        ("text", {"status": "generated"}, "text.div", "required"),
        ("text.status", "none", "text.status", "code-invalid"),
        ("name.0.period", {"start": "2024-01-02T00:00:00Z", "end": "2024-01-01T23:00:00Z"}, "name[0].period", "per-1"),
    ),
    *_put(
        CONDITION,
        *(("subject.reference", text, "subject.reference", "value")
          for text in ("Patient/p1/", "/Patient/p1", "Patient", "patient/p1", "Patient/" + "a" * 65, "Patient/p 1", "Patient/1/_history/")),
    ),
    *_put(
        OBSERVATION,
        *(("effectiveDateTime", text, "effective", "value")
          for text in ("2024-02-30T10:00:00Z", "2024-02-20t10:00:00z", "2024-02-20T10:00:00+14:30", "2024-02-20T10:00:00+0200", "2024-02-20T10:00:00.Z", "2024-02Z")),
        ("issued", "2024-02-20T10:00:00", "issued", "value"),
        ("valueQuantity.comparator", "=<", "value.comparator", "code-invalid"),
        ("referenceRange.0.low.comparator", "<", "referenceRange[0].low.comparator", "sqty-1"),
        ("valueQuantity.value", "1e3", "value.value", "structure"),
    ),
    *_put(
        DOCUMENT_REFERENCE,
        ("content.0.attachment", {"data": "SGVsbG8="}, "content[0].attachment", "att-1"),
        ("content.0.attachment.data", "-_-_", "content[0].attachment.data", "value"),
        ("content.0.attachment.size", -1, "content[0].attachment.size", "value"),
        ("content.0.attachment", {}, "content[0].attachment", "structure"),
    ),
    *_put(MEDICATION_STATEMENT, ("dosage.0.sequence", 1e2, "dosage[0].sequence", "value")),
    *_put(BUNDLE, ("contained", [PATIENT], "contained", "structure"), ("entry.0", {}, "entry[0]", "structure")),
    *_values(
        ("Time", "24:00:00"), ("Time", "10:00"), ("Time", "10:00:00Z"), ("Date", "20240401"), ("Date", "2024-W01"),
        ("Uuid", "urn:uuid:3288B938-4670-47EB-91E5-E0CE3DF71405"), ("Uuid", "3288b938-4670-47eb-91e5-e0ce3df71405"),
        ("Oid", "urn:oid:1.02.3"), ("Oid", "urn:oid:3.1"), ("Oid", "1.2.3"), ("Canonical", "http://example.org/v |1"),
        ("Url", "http://a b"), ("Uri", "http://a\n"), ("Markdown", ""), ("Markdown", " \n\t"), ("String", "\u00a0"),
        ("Code", "a "), ("UnsignedInt", -1), ("Integer", -(2**31) - 1),
    ),
    *_narratives(
        "<div>a</div>", f"{ROOT}a</div>{ROOT}b</div>", f"{ROOT}a</div>b", f'<p xmlns="{NAMESPACE}">a</p>',
        f'<!DOCTYPE div [<!ENTITY x SYSTEM "file:///etc/hosts">]>{ROOT}&x;</div>',
    ),
    *_within(
        '<iframe src="http://example.org"></iframe>a', "<style>p {}</style>a", '<form action="x">a</form>', '<p onClick="x()">a</p>',
        '<a href="java\tscript:x">a</a>', '<img src="data:text/html,x"/>a', '<p class="a" class="b">a</p>', "a & b", "<P>a</P>",
        "a&nope;", "<![CDATA[a]]>", "<?x y?>a", "<p><b>a</p></b>", "<table><tr><td>a</th></tr></table>", '<p style="width: expression(x)">a</p>',
    ),
    *_bundles(
        ("transaction", HERE, "bdl-3"), ("collection", HERE | {"request": POST}, "bdl-3"), ("transaction-response", HERE, "bdl-4"),
        ("searchset", HERE | {"response": {"status": "200"}}, "bdl-4"), ("collection", HERE | {"search": {"mode": "match"}}, "bdl-2"),
        ("collection", HERE | {"total": 1}, "bdl-1"), ("collection", {"fullUrl": "urn:oid:1.2"}, "bdl-5"),
        ("collection", HERE | {"fullUrl": "http://example.org/Patient/p1/_history/1"}, "bdl-8"), ("message", HERE, "bdl-12"),
        ("document", HERE | IDENTIFIED | {"timestamp": "2024-02-20T10:00:00Z"}, "bdl-11"), ("document", HERE | IDENTIFIED, "bdl-10"),
    ),
]  # fmt: skip


def _key(text: str) -> str:
    return text.partition(":")[0]


@pytest.mark.parametrize("probe", WRONG, ids=lambda probe: f"{probe[2]} {probe[1]}"[:60])
def test_wrong_is_told_at_its_place(probe: tuple[Json, str, str]) -> None:
    resource, place, told = probe
    assert not accepted(resource)
    issues = validate(resource)
    found = {(i.expression, _key(i.text) if i.code == "invariant" else i.code) for i in issues}
    assert (place, told) in found


@pytest.mark.parametrize(
    "value", [1e-7, 1e22, 12345678901234567890123, -0.0, 0], ids=lambda value: f"decimal {value}"
)
def test_decimals_of_any_size_are_right(value: float) -> None:
    assert validate(changed(OBSERVATION, "valueQuantity.value", value)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [("language", tag) for tag in ("en", "en-US", "sv-FI", "zh-Hant-TW", "es-419", "i-klingon")]
    + [("extension.0", {"url": "http://a", "valueMoney": {"currency": c}}) for c in ("EUR", "XAF", "DEM", "EEK")]
    + [
        ("extension.0", {"url": "http://a", "valueDuration": {"value": 1, "system": UCUM, "code": c}})
        for c in ("h", "us", "10.s", "a_j")
    ],
)  # fmt: skip
def test_what_grammars_give_is_right(path: str, value: object) -> None:
    assert validate(changed(PATIENT, path, value)) == []
