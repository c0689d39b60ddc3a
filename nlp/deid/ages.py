"""Ages over 89, which Safe Harbor counts among the identifiers; younger ones stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.deid.types import Category, Phi

_NUMBER = r"(?P<age>9\d|1[01]\d|12[0-5])"
_AFTER = re.compile(
    rf"(?<![\w./$-]){_NUMBER}(?:"
    r"(?:\s*(?:-\s*)?(?:years?|yrs?\.?)(?:\s*-?\s*|\s+of\s+)(?:old|age)\b)"
    r"|\s*-?\s*(?:(?i:y\.?/?o)\b|y\.o\.|yo[mfw]\b|year-old|yr-old)"
    r"|[ -]?(?:fe)?male\b|(?<=[a-z]\s\d\d)[MF](?=\s(?:from|with|w/|who|here|s/p|admitted|presents))"
    r"|(?<!\d)(?:(?<![Tt]\s\d\d)(?<!re\s\d\d)(?<!emp\s\d\d))[MF]\b"
    r"|\s?(?:years?|yrs?|y)(?=\))"
    r"|(?<=[a-z],[ ]\d\d)(?=,[ ](?:of|from|at|who|in|is|was|with|a)[ ])"
    r"|(?<=[a-z],[ ]\d\d\d)(?=,[ ](?:of|from|at|who|in|is|was|with|a)[ ])"
    r"|(?:-|\s)(?:year|yr)(?=\s+(?:man|woman|male|female|gentleman|lady|patient)\b))"
)
_BEFORE = re.compile(
    r"\b(?:age[ds]?|turn(?:ed|s|ing)?|AGE|Age[ds]?)(?:\s*[:=]\s*|\s+(?:of\s+|is\s+)?)"
    rf"{_NUMBER}(?![\w%/.-]?\d|\+)(?!\s*(?:%|mg|mm|kg|lb))"
)
_DECADE = re.compile(
    r"\b(?:in\s+(?:his|her|their)\s+(?:early\s+|mid[- ]|late\s+)?)(?P<age>90s|nineties|100s)\b"
)
_WORDS = re.compile(
    r"(?i)\b(?P<age>ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:a |one )hundred(?:[- ](?:and[- ])?(?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|centenarian|nonagenarian)(?=[- ](?:years?|yr)[- ](?:old|of age)\b|\b(?<=arian))"
)
_TURNED = re.compile(
    r"(?i)\b(?:turned|turning|turns|age|aged)\s+(?P<age>ninety(?:[- ](?:one|two|three|four|five|"
    r"six|seven|eight|nine))?|one hundred)\b"
)


def find(text: str) -> Iterator[Phi]:
    """The numbers of ages over 89, in figures or words, without their unit."""
    for pattern in (_AFTER, _BEFORE, _DECADE, _WORDS, _TURNED):
        for match in pattern.finditer(text):
            yield Phi(*match.span("age"), Category.AGE)
