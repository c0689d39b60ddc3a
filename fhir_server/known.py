"""What a Patient resource tells of its person, as facts that no de-identified text may keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nlp.deid import Category, Fact

Resource = dict[str, Any]

SSN = "http://hl7.org/fhir/sid/us-ssn"
# the kinds of identifiers (HL7 table 0203) that have a category of their own
IDENTIFIERS = {
    **dict.fromkeys(("MR", "MRT", "PI", "PT"), Category.MRN),
    **dict.fromkeys(("SS", "SB"), Category.SSN),
    **dict.fromkeys(("MB", "MA", "MC", "MCN", "SN", "NH"), Category.HEALTH_PLAN),
    "AN": Category.ACCOUNT,
    **dict.fromkeys(("DL", "LN", "PPN"), Category.LICENSE),
}
TELECOMS = {
    "phone": Category.PHONE,
    "sms": Category.PHONE,
    "pager": Category.PHONE,
    "fax": Category.FAX,
    "email": Category.EMAIL,
    "url": Category.URL,
}


def facts(patient: Resource) -> Iterator[Fact]:
    """Names, addresses, numbers and the day of birth, of the person and of those to contact."""
    yield from _person(patient, patient.get("name", ()), patient.get("address", ()))
    for each in patient.get("contact", ()):
        yield from _person(each, [each.get("name", {})], [each.get("address", {})])
    for each in patient.get("identifier", ()):
        yield from identifier(each)
    if born := patient.get("birthDate"):
        yield Category.DATE, born


def identifier(given: Resource) -> Iterator[Fact]:
    """An Identifier's value, in the category of its type."""
    codes = [c.get("code", "") for c in given.get("type", {}).get("coding", ())]
    kind = next((IDENTIFIERS[code] for code in codes if code in IDENTIFIERS), Category.ID)
    if value := given.get("value"):
        yield (Category.SSN if given.get("system") == SSN else kind), value


def _person(holder: Resource, names: list[Resource], places: list[Resource]) -> Iterator[Fact]:
    for name in names:
        given = name.get("given", [])
        for text in (name.get("text"), name.get("family"), *given):
            if text:
                yield Category.NAME, text
    for telecom in holder.get("telecom", ()):
        if value := telecom.get("value"):
            yield TELECOMS.get(telecom.get("system", ""), Category.ID), value
    for place in places:
        lines = (*place.get("line", ()), place.get("city"), place.get("district"))
        yield from ((Category.LOCATION, text) for text in lines if text)
        if code := place.get("postalCode"):
            yield from ((Category.LOCATION, text) for text in {code, code.partition("-")[0]})
