"""Regexes of values that are certainly right, as the schemas use them.

Narrower than R4's own: what they decline (years before 1000, second 60, white space amid four
symbols of base64 …) is for `primitives` to judge.
"""

from __future__ import annotations

from capability.definitions import RESOURCE_TYPES

ID = r"[A-Za-z0-9\-.]{1,64}"
YEAR = r"[12][0-9]{3}"
MONTH = r"(?:0[1-9]|1[0-2])"
DAY = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
LEAP = r"(?:[12][0-9](?:0[48]|[2468][048]|[13579][26])|(?:12|16|20|24|28)00)"
DATE = f"(?:{YEAR}-{DAY}|{LEAP}-02-29)"
TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
ZONE = r"(?:Z|[+\-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
B64 = "[A-Za-z0-9+/]"
TEXT = r"[\t\n\r ]*[^\x00-\x20\s][^\x00-\x08\x0b\x0c\x0e-\x1f]*"
CODE = r"[!-~]+(?: [!-~]+)*"
URI = r"[^\s\x00-\x1f]+"
SEGMENT = "[!-.0-~]"  # of a URL, which has slashes between
PATTERNS = {
    "base64Binary": rf"(?:{B64}{{4}}\s*)*(?:{B64}{{4}}|{B64}{{3}}=|{B64}{{2}}==)\s*",
    "canonical": URI,
    "code": CODE,
    "date": f"(?:{YEAR}(?:-{MONTH})?|{DATE})",
    "dateTime": f"(?:{YEAR}(?:-{MONTH})?|{DATE}(?:T{TIME}{ZONE})?)",
    "id": ID,
    "instant": f"{DATE}T{TIME}{ZONE}",
    "markdown": TEXT,
    "oid": r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+",
    "string": TEXT,
    "time": TIME,
    "uri": URI,
    "url": URI,
    "uuid": "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
}


TERMS = "http://terminology.hl7.org/CodeSystem/"
# the systems met most often: to find one here takes a quarter of the pattern's time
SYSTEMS = (
    "http://hl7.org/fhir/sid/cvx",
    "http://hl7.org/fhir/sid/icd-10",
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://hl7.org/fhir/sid/ndc",
    "http://hl7.org/fhir/sid/us-npi",
    "http://hl7.org/fhir/sid/us-ssn",
    "http://loinc.org",
    "http://snomed.info/sct",
    "http://unitsofmeasure.org",
    "http://www.ama-assn.org/go/cpt",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "urn:ietf:bcp:47",
    "urn:ietf:rfc:3986",
    "urn:oid:2.16.840.1.113883.6.238",
    *(
        TERMS + name
        for name in (
            *("adjudication", "allergyintolerance-clinical", "allergyintolerance-verification"),
            *("claim-type", "condition-category", "condition-clinical", "condition-ver-status"),
            *("data-absent-reason", "diagnosis-role", "ex-diagnosistype", "observation-category"),
            *("organization-type", "processpriority", "service-type", "v2-0074", "v2-0131"),
            *("v2-0203", "v3-ActCode", "v3-MaritalStatus", "v3-NullFlavor"),
            *("v3-ObservationInterpretation", "v3-ParticipationType", "v3-RoleCode"),
        )
    ),
)


def anchored(pattern: str) -> str:
    """Anchored; alternatives in a group (the validator knows `^\\S*$` by heart)."""
    return f"^(?:{pattern})$" if "|" in pattern else f"^{pattern}$"


def reference(targets: tuple[str, ...], conditional: bool) -> str:
    """References whose syntax tells that they are fine; of URLs, those that end in Type/id, or in
    something/else: no type begins with a small letter or a digit.

    A version (`/_history/`) is for `points_to` to judge: a bound on its length costs memory.
    """
    names = "|".join(targets or RESOURCE_TYPES)
    search = rf"|(?:{names})\?[!-~]+" if conditional else ""
    rest = rf"(?:https?://[!-~]+/)?(?:{names})/{ID}"
    other = rf"https?://(?:{SEGMENT}+/)*[a-z0-9]{SEGMENT}*/{SEGMENT}+"
    return rf"^(?:{rest}|{other}|urn:(?:uuid|oid):[!-~]+{search})$"
