"""Numbers and addresses of machines that name a person: by their shape, or by the label before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.deid.types import Category, Phi

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+(?<!\.)")
_URL = re.compile(
    r"(?i)\b(?:https?://|ftp://|www\.)[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]"
    r"|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io|info|health|us)(?:/[^\s<>\"')\]]*"
    r"[^\s<>\"')\].,;:!?])?(?![\w@-]|\.\w)"
)
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IP = re.compile(
    rf"(?<![\w.])(?:{_OCTET}\.){{3}}{_OCTET}(?![\w.]*\d)"
    r"|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}(?![\w:])"
    r"|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){3,7}(?::?[0-9A-Fa-f]{1,4}){1,4}(?![\w:])"
    r"|(?<![\w:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\w:-])"
)
_TIME = re.compile(r"[\d:]+")
_SSN = re.compile(
    r"(?<![\w-])\d{3}([- ])\d{2}\1\d{4}(?![\w-])|(?i:\b(?:xxx|\*\*\*)-(?:xx|\*\*)-(\d{4})\b)"
)
_PHONE = re.compile(
    r"(?<![\w.+/-])(?:\+?\d{1,3}[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .–-])\d{3}[ .–-]\d{4}"
    r"(?:,?\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\w]|-\d|\.\d)"
    r"|(?<![\w.+/-])0\d{4}[ ]\d{3}[ ]?\d{3}(?!\w|-\d)"
    r"|(?<![\w.+/-])\+\d{1,3}(?:[ .-]\(?\d{1,5}\)?|\d{3,}){2,5}(?!\w)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?i)\b(?P<l>tel(?:ephone)?|phone|ph|cell(?:ular| ?phone)?|mobile|fax|facsimile|pager|beeper|"
    r"paged?|call(?:ed|ing|back)?|reached?|contact|vocera|spectralink|ext(?:ension|\.)?|x|"
    r"dial|text)(?:\s*(?:#|no\.?|number))?(?:\s+(?:at|is|on))?\s*[:=#.]?\s*"
    r"(?P<n>\+?\(?\d[\d().– -]{2,18}\d)(?![\w/]|\.\d)"
)
_STRICT = frozenset(("ext", "ext.", "extension", "x", "pager", "beeper", "vocera", "spectralink"))
_LABELS: tuple[tuple[Category, str], ...] = (
    (Category.SSN, r"ssn|social security(?: number)?|ss|last (?:four|4)"),
    (
        Category.MRN,
        r"mrn|mr|nhi|chi|phn|ohip|med(?:ical)?\.? ?rec(?:ord)?s?|emrn|empi|chart|patient id|pt id|"
        r"patient identifier|"
        r"unit|hospital (?:id|number)|patient",
    ),
    (
        Category.HEALTH_PLAN,
        r"policy|member(?: id)?|subscriber(?: id)?|group(?: id)?|medicare|medicaid|"
        r"insurance(?: id)?|"
        r"beneficiary(?: id)?|plan(?: id)?|health plan|mbi|hicn?|payer id|nhs|claim|prior auth(?:"
        r"orization)?|auth(?:orization)?|rx ?bin|rx ?grp|pcn",
    ),
    (
        Category.ACCOUNT,
        r"acc(?:oun)?t|a/c|bank account|routing|credit card|card|invoice|bill(?:ing)?|csn|fin|har|"
        r"guarantor|iban",
    ),
    (
        Category.LICENSE,
        r"licen[cs]e|lic|dea|npi|certificate|cert|upin|state id|passport|driver'?s? licen[cs]e|dl|"
        r"green card|alien|visa|medical licen[cs]e|registration|(?:id )?badge|"
        r"gmc|nmc|gphc|hcpc|ahpra|employee(?: id)?|student id",
    ),
    (Category.VEHICLE, r"vin|license plate|licence plate|plate|vehicle(?: id)?|tag|reg"),
    (
        Category.DEVICE,
        r"serial|s/n|sn|device sn|device(?: id)?|udi|imei|imsi|mac|model sn|implant|lot|"
        r"generator|lead serial|asset",
    ),
    (Category.BIOMETRIC, r"fingerprint|voice ?print|retina(?:l)? scan|iris scan|face ?id|biometric|"
     r"palm ?print|dna profile|genome id"),
    (
        Category.ID,
        r"id|accession|acc|case|specimen|encounter|visit|order|reference|ref|study|subject|"
        r"participant|enrollment|protocol|trial|requisition|req|report|file|record|ticket|tracking|"
        r"confirmation|job|document|doc|transcription|dictation|conf|d|t|identifier|identification|"
        r"pathology|slide|cassette|sample|barcode|user(?:name)?|login|portal id|code|pin|nct|"
        r"prescription|rx|curp|aadhaar",
    ),
)  # fmt: skip
_WEAK = re.compile(
    r"(?i)^(?:mr|ss|unit|patient|group|plan|card|d|t|tag|reg|device|lot|id|case|order|study|"
    r"subject|report|file|record|code|lead serial|implant|generator|visit|claim|acc|fin|har|hic|"
    r"chart|cert|slide|sample|doc|document|job|ref|reference|medicare|medicaid|dl|alien|visa|bill|"
    r"billing|invoice|protocol|trial|auth|specimen|pathology|registration|rx|prescription|"
    r"insurance|conf|pin|asset|mac|encounter|req|ticket|identification|guarantor|routing|badge)$"
)
_NUMBERED = r"(?:[ ]*(?:#|no\b\.?|nos\b\.?|num\b\.?|number\b|id\b|identifier\b|code\b))*"
_LABEL = re.compile(
    r"(?i)(?<![\w/])(?:"
    + "|".join(f"(?P<{c.name}>{labels})" for c, labels in _LABELS)
    + rf")(?P<mark>{_NUMBERED}\s*(?:[:=]|\bis\b|\bending in\b|\(|)\s*#?[ \t]*)$"
)
_TOKEN = re.compile(
    r"(?<![\w@.])(?:(?:[A-Z]{2,4}[ ])?\d{3,5}(?:[ ]\d{2,5}){1,4}(?![\w/-]|\.\d)|"
    r"(?:[A-Z]{2}-(?=[A-Z]\d))?[A-Za-z]{0,6}(?:[-/][A-Za-z]{1,4}[-/])?[-]?\d[A-Za-z0-9]*(?:[-/.][A-Za-z0-9]+)*)"
)
_BARE = re.compile(
    r"(?<![\w./-])(?:[A-Z]{1,3}\d{2}-\d{4,7}|[A-Z]{1,2}-\d{2}-\d{3,6}|\d{8,}|[A-Z]{1,4}-?\d{7,}|"
    r"(?=[A-Z0-9]*\d[A-Z0-9]*\d)"
    r"(?=[A-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|(?<=#)\d{6,}|\(01\)\d{14}(?:\(\d\d\)[A-Za-z0-9]+)*|NCT\d{8})(?![\w/-]|\.\d)"
)
_CODE_SYSTEM = re.compile(
    r"(?i)(?:snomed(?:[ -]?ct)?|sctid|rxnorm|rxcui|loinc|ndc|icd(?:-?\d+)?(?:-?cm)?|cpt|hcpcs|umls|"
    r"pmid|doi|isbn)(?: code)?\s*[:#=(]?\s*$"
)
_MEASURE = re.compile(
    r"\s?(?:copies|cells?|iu|units?|/|cfu|x\s?10|mg|mcg|ml|%|k\b|platelets)", re.I
)


def find(text: str) -> Iterator[Phi]:
    """Identifiers other than names, places and dates."""
    if "@" in text:
        yield from (Phi(*m.span(), Category.EMAIL) for m in _EMAIL.finditer(text))
    yield from (Phi(*m.span(), Category.URL) for m in _URL.finditer(text))
    for match in _IP.finditer(text):
        enzyme = text[max(0, match.start() - 3) : match.start()] == "EC "
        if not enzyme and (not _TIME.fullmatch(match.group()) or match.group().count(":") > 4):
            yield Phi(*match.span(), Category.IP)
    for match in _SSN.finditer(text):
        yield Phi(*match.span(2 if match[2] else 0), Category.SSN)
    yield from _phones(text)
    yield from _labelled(text)
    for match in _BARE.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if not _CODE_SYSTEM.search(before) and not _MEASURE.match(text, match.end()):
            yield Phi(*match.span(), Category.ID)


def _phones(text: str) -> Iterator[Phi]:
    for match in _PHONE.finditer(text):
        before = text[max(0, match.start() - 16) : match.start()].casefold()
        fax = "fax" in before or "facsimile" in before
        yield Phi(*match.span(), Category.FAX if fax else Category.PHONE)
    for match in _CALLED.finditer(text):
        label, number = match["l"].casefold(), match["n"]
        digits = sum(c.isdigit() for c in number)
        if digits >= 7 or (label in _STRICT and digits >= (3 if label != "x" else 4)):
            fax = label in ("fax", "facsimile")
            yield Phi(*match.span("n"), Category.FAX if fax else Category.PHONE)


def _labelled(text: str) -> Iterator[Phi]:
    """Tokens with a digit whose label says what they number; a weak label needs a mark too."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        if len(token) < 4 or token.isalpha():
            continue
        label = _LABEL.search(text, max(0, match.start() - 36), match.start())
        if label is None or label.lastgroup is None:
            continue
        group = next(c for c, _ in _LABELS if label[c.name])
        marked = bool(re.search(r"[:=#]|(?i:\bno\b|number|\bid\b|num\b)", label["mark"]))
        sure = marked or not _WEAK.match(label[group.name]) or _lettered(token)
        if sure and _numbering(token, group):
            yield Phi(match.start(), match.end(), group)


def _lettered(token: str) -> bool:
    """So many digits, or digits and letters, that it can be nothing but somebody's number."""
    digits = sum(map(str.isdigit, token))
    return digits >= 7 or (digits >= 5 and any(map(str.isupper, token)))


def _numbering(token: str, group: Category) -> bool:
    """The token may number something: enough digits, and no dose, date or time."""
    digits = sum(c.isdigit() for c in token)
    if re.fullmatch(
        r"\d+(?:\.\d+)?(?:mg|mcg|ml|mL|g|kg|cm|mm|th|st|nd|rd|x|F|Fr|G|h|hr|am|pm)", token
    ):
        return False
    return digits >= 3 or (digits >= 2 and group is not Category.ID and len(token) >= 5)
