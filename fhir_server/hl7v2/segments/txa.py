"""TXA → DocumentReference (v2-to-FHIR IG, segment map TXA[DocumentReference])."""

from __future__ import annotations

from fhir_server.hl7v2 import datatypes as dt
from fhir_server.hl7v2.mapping import Defaults, Resource, Row
from fhir_server.hl7v2.parse import Field

V2_0272 = "http://terminology.hl7.org/CodeSystem/v2-0272"
# table 0271 document completion → composition-status
COMPLETION = {
    "DI": "preliminary", "DO": "preliminary", "IP": "preliminary", "IN": "preliminary",
    "PA": "preliminary", "AU": "final", "LA": "final",
}  # fmt: skip
# table 0273 availability → document-reference-status
AVAILABILITY = {"AV": "current", "CA": "entered-in-error", "OB": "superseded", "UN": "current"}


def completion(field: Field, _: Defaults) -> str | None:
    return COMPLETION.get(field.component(1).upper())


def availability(field: Field, _: Defaults) -> str:
    return AVAILABILITY.get(field.component(1).upper(), "current")


def label(field: Field, defaults: Defaults) -> Resource | None:
    found = dt.cwe(field, defaults)
    code = field.component(1).upper()
    if found and code in ("V", "R", "U"):
        found["coding"] = [{"system": V2_0272, "code": code}]
    return found


def file(field: Field, defaults: Defaults) -> Resource | None:
    name = dt.st(field, defaults)
    return {"value": name} if name else None


DOCUMENT = (
    Row(2, "type", dt.cwe),
    Row(6, "date", dt.instant),
    Row(9, "author", dt.xcn, many=True),
    Row(10, "authenticator", dt.xcn),
    Row(12, "masterIdentifier", dt.ei),
    Row(16, "identifier", file, many=True),
    Row(17, "docStatus", completion, table="AU DI DO IN IP LA PA"),
    Row(18, "securityLabel", label, many=True),
    Row(19, "status", availability, table="AV CA OB UN"),
    Row(25, "description", dt.st),
)
