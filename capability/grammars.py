"""Value sets that a grammar or another standard lists: MIME types, languages, currencies, units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from capability.patterns import anchored
from capability.shape import Field
from terminology import lists
from terminology.grammars import languagetags, mimetypes, ucum

Json = dict[str, Any]
# where data is described; formats that are offered (CapabilityStatement.format, Endpoint) are
# written in short as well, json and any, in R4's own examples
DATA = frozenset({"contentType", "sigFormat", "targetFormat", "language"})
# types and tags met most often, which nobody has to look into
TYPES = [
    *("application/dicom", "application/fhir+json", "application/json", "application/pdf"),
    *("application/xml", "image/jpeg", "image/png", "text/html", "text/plain", "text/xml"),
]
TAGS = (
    "ar cs da de de-AT de-CH de-DE el en en-AU en-CA en-GB en-IE en-IN en-NZ en-US es es-ES "
    "es-US fi fr fr-CA fr-FR he hi hr hu it it-IT ja ko nb nl nl-BE nl-NL nn no pl pt pt-BR "
    "ru sl sv sv-SE tr zh"
)


@dataclass(frozen=True, slots=True)
class Grammar:
    """`schema` (draft 4) accepts what certainly holds; `formats` are the tests that it names."""

    wanted: str
    holds: Callable[[str], bool]
    schema: Json
    formats: dict[str, Callable[[str], bool]] = field(default_factory=dict)


def _is_tag(code: str) -> bool:
    return languagetags.written(code) is not None


MIME = Grammar(
    "a MIME type such as text/plain",
    mimetypes.is_type,
    {"anyOf": [{"enum": TYPES}, {"type": "string", "pattern": anchored(mimetypes.PATTERN)}]},
)
LANGUAGE = Grammar(
    "a language tag such as en or en-US",
    _is_tag,
    {"type": "string", "anyOf": [{"enum": TAGS.split()}, {"format": "language"}]},
    {"language": _is_tag},
)
CURRENCIES = lists.codes("urn:iso:std:iso:4217")
CURRENCY = Grammar(
    "a currency of ISO 4217 such as EUR",
    frozenset(CURRENCIES).__contains__,
    {"enum": CURRENCIES},
)
GRAMMARS = {
    "http://hl7.org/fhir/ValueSet/mimetypes": MIME,
    "http://www.rfc-editor.org/bcp/bcp13.txt": MIME,
    "http://hl7.org/fhir/ValueSet/all-languages": LANGUAGE,
    "http://hl7.org/fhir/ValueSet/currencies": CURRENCY,
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What units of UCUM a type of quantity may have; `codes` are those met most often."""

    wanted: str
    base: str
    codes: tuple[str, ...]

    def holds(self, quantity: Json) -> bool:
        """Whether the unit is of that kind; of systems other than UCUM other rules know."""
        code = quantity.get("code")
        if code is None or quantity.get("system") != ucum.SYSTEM:
            return True
        unit = ucum.unit(code)
        return unit is not None and unit.base is not None and unit.base.unit == self.base


TIME = Measure("a unit of time of UCUM", "s", ("a", "mo", "wk", "d", "h", "min", "s", "ms"))
LENGTH = Measure("a unit of length of UCUM", "m", ("m", "km", "cm", "mm", "[mi_i]", "[ft_i]"))
MEASURES = {"Age": TIME, "Duration": TIME, "Distance": LENGTH}  # their largest value sets


def grammar(at: Field) -> Grammar | None:
    """What the codes of an element have to be like; None where nothing is said."""
    found = GRAMMARS.get(at.element.codes)
    return None if found is MIME and at.name not in DATA else found
