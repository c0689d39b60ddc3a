"""Other ways to write the name of a diagnosis: shorter, in another order, spelled otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from terminology.coding.diagnoses.codewords import SEVENTH
from terminology.entry import Entry, Name

LONGEST = 90  # characters: longer phrases are not rewritten, nobody writes them

_PARENTHESES = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_BRACKETED = re.compile(r"(.+?)\s*\[([^\[\]]+)\]$")
_PLAIN = re.compile(
    r"(?<! of)(?<! to)(?<! in)(?<! on)(?<! at)(?<! by)(?<! with)(?<! from)"
    r",? (?:unspecified|nos|nec|uncomplicated|without complications?|not otherwise specified)"
    r"(?: (?:site|type|cause|part|location|organism|side|eye|ear|limb|etiology|degree|severity))?$"
    r"|,? not intractable, without status migrainosus$"
    r"|,? without (?:gangrene|exacerbation|bleeding|hematuria|perforation)"
    r"(?: or (?:rupture|abscess|perforation|obstruction))?$"
    r"|(?:^|(?<= ))unspecified ",
    re.I,
)
_OF = re.compile(
    r"^(?P<head>[a-z -]+?) of (?:the )?(?P<site>[a-z]+(?: [a-z]+){0,2})$",
    re.I,
)
_COMMA = re.compile(r"^(?P<head>[^,]+), (?P<rest>[^,]+)$")
_NOT_BEFORE = re.compile(r"^(?:with|without|due|in|of|on|by|for|and|or|not|any|except|as)\b", re.I)
_CANCER = re.compile(r"^malignant neoplasms? of (?:the )?(.+)$", re.I)
_CARCINOMA = re.compile(
    r"(?:^|(?<= ))(?P<of>adeno)?(?:carcinoma|cancer)(?: of (?:the )?(?=\w)|$)", re.I
)
_TYPE = re.compile(r"\btype (1|2|3)\b", re.I)
_LATIN = ("embolus", "thrombus", "calculus", "nevus", "tophus", "fungus")
_NO_NOUN = re.compile(
    r"(?:[^ius]s|ed|ing|out|up|ly|\W|\d)$|^\w{1,3}$|\b(?:in|with|my|on|to)\b", re.I
)
_ROMAN = {"1": "I", "2": "II", "3": "III"}
_POSSESSIVE = re.compile(r"['’]s\b")
_BRITISH = (
    (re.compile(r"(?<!o)edema"), "oedema"),
    (re.compile(r"(?<=[a-z]o)esoph"), "-oesoph"),
    (re.compile(r"(?<!o)esoph"), "oesoph"),
    (re.compile(r"(?<!o)estrogen"), "oestrogen"),
    (re.compile(r"\banemi"), "anaemi"),
    (re.compile(r"\bhem(?=[aeiort])"), "haem"),
    (re.compile(r"\bleukemi"), "leukaemi"),
    (re.compile(r"\bleuk(?=ocyt|open)"), "leuc"),
    (re.compile(r"(?<=[b-z])emia\b"), "aemia"),
    (re.compile(r"(?<=[bcf-su-z])emic\b"), "aemic"),
    (re.compile(r"esthes"), "aesthes"),
    (re.compile(r"pnea\b"), "pnoea"),
    (re.compile(r"\btumor"), "tumour"),
    (re.compile(r"\blabor\b"), "labour"),
    (re.compile(r"\bbehavior"), "behaviour"),
    (re.compile(r"diarrhea"), "diarrhoea"),
    (re.compile(r"(?<=[a-z])rrhe(?=a\b|ic\b)"), "rrhoe"),
    (re.compile(r"\bfetal"), "foetal"),
    (re.compile(r"\bfec(?=al|es)"), "faec"),
    (re.compile(r"\bcec(?=al|um)"), "caec"),
    (re.compile(r"\bnev(?=us|i\b)"), "naev"),
    (re.compile(r"\bceliac"), "coeliac"),
    (re.compile(r"\bgoiter"), "goitre"),
    (re.compile(r"\borthoped"), "orthopaed"),
    (re.compile(r"\bpediatric"), "paediatric"),
    (re.compile(r"\bgynec"), "gynaec"),
    (re.compile(r"\bpheochrom"), "phaeochrom"),
)


def ways(entry: Entry, name: Name) -> Iterator[Name]:
    """A name of a code, then other ways to write it; nobody writes a code with a 7th character."""
    yield Name(name.text, name.kind)
    if len(entry.code) < SEVENTH:
        for text in diagnosis(name.text):
            yield Name(text, name.kind)


def diagnosis(title: str) -> Iterator[str]:
    """Other ways to write a diagnosis; none is empty, some may repeat."""
    found = {title: None}
    for rewrite in (_shorter, _reordered, _respelled):
        for text in list(found):
            if len(text) <= LONGEST:
                found |= dict.fromkeys(filter(None, map(_tidy, rewrite(text))))
    yield from list(found)[1:]


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" ,;-")


def _shorter(text: str) -> Iterator[str]:
    """Without nonessential modifiers in parentheses and without what only says "unspecified"."""
    if bracketed := _BRACKETED.match(text):
        head, other = bracketed.groups()
        yield head
        # an abbreviation in brackets may be that of the last words alone
        initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", head)).upper()
        if other == initials or (other.upper() != other and head.count(" ") < 3):
            yield other
    bare = _PARENTHESES.sub("", text)
    yield bare
    plain = bare
    while (shorter := _PLAIN.sub("", plain, count=1)) != plain:
        plain = shorter
        yield plain


def _reordered(text: str) -> Iterator[str]:
    """Pneumonia, bacterial → bacterial Pneumonia; Abscess of lung → lung Abscess."""
    comma = _COMMA.match(text)
    if comma and not _NOT_BEFORE.match(comma["rest"]):
        yield f"{comma['rest']} {comma['head']}"
    if cancer := _CANCER.match(text):
        site = cancer[1]
        yield from (f"cancer of {site}", f"{site} cancer", f"carcinoma of {site}")
        yield from (f"{site} carcinoma", f"malignant tumor of {site}")
    elif found := _OF.match(text):
        yield f"{found['site']} {found['head']}"


def _respelled(text: str) -> Iterator[str]:
    """Roman numerals, eponyms without 's, British spelling, the other grammatical number."""
    if _TYPE.search(text):
        yield _TYPE.sub(lambda found: f"type {_ROMAN[found[1]]}", text)
    if _POSSESSIVE.search(text):
        yield _POSSESSIVE.sub("", text)
        yield _POSSESSIVE.sub("s", text)
    yield british(text)
    if text.count(" ") < 4 and text[-1:].islower() and "," not in text:
        yield _other_number(text)


def clipped(text: str) -> Iterator[str]:
    """What notes make of a cancer and its site: "CA of the breast", "CA breast", "lung adenoca"."""
    found = _CARCINOMA.search(text)
    if found and found[0] != text and "," not in text:
        short = (found["of"] or "") + "ca"
        before, site = text[: found.start()], text[found.end() :]
        yield f"{before}{short} {site}".rstrip()
        if site:
            yield from (f"{before}{short} of {site}", f"{before}{short} of the {site}")


def british(text: str) -> str:
    """The phrase as it is written in Britain; empty where that is no other way, or it is long."""
    said = text.lower()
    if said.count(" ") > 5:
        return ""
    written = said
    for american, spelling in _BRITISH:
        written = american.sub(spelling, written)
    return written if written != said else ""


def plurals(text: str) -> Iterator[str]:
    """What people call several of what a phrase names: "lung abscesses", "fractures of the hip"."""
    head, of, site = text.partition(" of ")
    if not text or "," in text or text.count(" ") > 3 or _NO_NOUN.search(head):
        return
    several = _other_number(head)
    if several:
        yield several + of + site


def _other_number(text: str) -> str:
    lower = text.lower()
    if lower.endswith(_LATIN):
        return text[:-2] + "i"
    if lower.endswith(("ness", "less", "us")):
        return ""
    if lower.endswith("ies"):
        return text[:-3] + "y"
    if lower.endswith(("xes", "ches", "shes", "sses")):
        return text[:-2]
    if lower.endswith("is"):
        return text[:-2] + "es"
    if lower.endswith("ss"):
        return text + "es"
    if lower.endswith("s"):
        return text[:-1]
    if lower.endswith("y") and lower[-2:-1] not in "aeiou":
        return text[:-1] + "ies"
    if lower.endswith(("x", "ch", "sh")):
        return text + "es"
    return text + "s"
