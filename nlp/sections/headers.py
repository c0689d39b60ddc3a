"""Where titles stand, by layout: markup, capitals, colons, lines of their own, SOAP letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from nlp.sections.titles import PARTS, WEAK, fold, key
from nlp.tables import compiled

# A title is markup, or a short run of words up to a colon or a dash, or a whole line. Gaps are
# taken whole (*+), else a line of spaces would cost the square of its length.
_TITLE = r"[A-Za-z][\w&/'’,.()+ -]{0,70}?"
_LINE = re.compile(
    r"[ \t]*(?P<mark>#{1,6}[ \t]+|\d{1,2}[.)][ \t]+|[-*•][ \t]+)?(?:"
    r"(?P<bold>\*\*|__)(?P<strong>[A-Za-z][^*_:\n]{0,78}?)[ \t]*+"
    r"(?::[ \t]*+(?P=bold)|(?P=bold)[ \t]*+(?::|$))"
    rf"|(?P<title>{_TITLE})[ \t]*+(?P<stop>:+(?![/\d])|(?<=[ \t])[-–—]{{1,2}}(?=[ \t])"
    r"|#*[ \t]*+$))",
    re.M,
)
# Within a line: a known title after the end of a sentence, a gap or a bar.
_INLINE = re.compile(r"(?P<title>[A-Z](?:(?<=[.;)|] .)|(?<=[ \t|]{2}.))[A-Za-z&/ ]{1,40}):(?!\d)")
# One line of labels without full stops: "Allergies: penicillin Meds: metformin PMH: asthma".
_RUN_ON = re.compile(
    r"(?<=[A-Za-z0-9)\]%] )(?P<title>PMHx?|PSHx?|FHx?|SHx?|HPI|ROS|Rx|(?:Home )?[Mm]ed(?:ication)?s"
    r"|Allergies|Social|Assessment|Plan|Impression|Exam|Labs):(?!\d)"
)
# The letters of a SOAP note, where both what is told and what is found have one.
_SOAP = {"s": "hpi", "o": "physical_exam", "a": "assessment", "p": "plan"}
_LETTERS = re.compile(r"[ \t]*(S|O|A|P)[:.)/][ \t]")
# What follows the colon of a template's item: "Glaucoma: Yes", "Reflux: (x) yes ( ) no".
_FILLED = re.compile(
    r"[ \t]*(?:[(\[][ \t]*[xX✓✔]?[ \t]*[)\]]|[☐☒☑✓✔]|(?:yes|no|y|n|positive|negative|pos|neg"
    r"|present|absent|\+|-)[ \t]*(?:[,;.(|]|$))",
    re.I | re.M,
)
# A sentence up to its colon: "Patient refused: …", "She reports:".
_STATED = compiled(
    r"\b(?:patient|pt|he|she|mother|mom|father|they|we)\s(?:also\s|has\s"
    r"|had\s)?(?:<states>)\w*$",
    re.I,
)
_ANSWERED = re.compile(
    r"[ \t]*(?:yes|no|y|n)[ \t]*(?:[,;.(|]|$)", re.I | re.M
)  # "HTN: yes, DM: no"
_INK = re.compile(r"\S")
Level = Literal["known", "part", "unknown"]


@dataclass(frozen=True, slots=True)
class Header:
    """A title in its place, start..end; what it is the title of begins at `body`."""

    start: int
    end: int
    body: int
    key: str
    level: Level
    capitals: bool
    spaced: bool  # set apart: in bold, or below a blank line


def headers(text: str) -> Iterator[Header]:
    """The titles of a text: those of lines in their order, then those within lines."""
    taken: list[range] = []
    lines = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))[:-1]
    soap = {"S", "O"} <= {m[1] for at in lines if (m := _LETTERS.match(text, at))}
    for match in [m for at in lines if (m := _LINE.match(text, at))]:
        name = "title" if match["title"] else "strong"
        title = match[name].rstrip()
        letter = _SOAP.get(title.lower(), "") if soap else ""
        level = "known" if letter else _level(text, match, title)
        if level:
            taken.append(range(match.start(name), match.end(name)))
            yield _header(text, match, name, level, letter)
    covered = {offset for title in taken for offset in title}
    for match in (*_INLINE.finditer(text), *_RUN_ON.finditer(text)):
        title = match["title"]
        if match.start("title") not in covered and key(title) and fold(title) not in WEAK:
            yield _header(text, match, "title", "known")


def _header(text: str, match: re.Match[str], name: str, level: Level, letter: str = "") -> Header:
    title = match[name].rstrip()
    start = match.start(name)
    spaced = name == "strong" or _blank_above(text, match.start())
    known = (letter or key(title)) if level == "known" else ""
    return Header(start, start + len(title), match.end(), known, level, title.isupper(), spaced)


def _level(text: str, match: re.Match[str], title: str) -> Level | None:
    """What kind of title the line opens with; None for running text, list items and values."""
    words, count = fold(title), len(title.split())
    marked = bool(match["bold"]) or (match["mark"] or "").startswith("#")
    stop = (match["stop"] or "")[:1]
    listed = bool(match["mark"]) and not marked
    shaped = title[0].isupper() or marked
    alone = stop in ("", "#")
    if key(title) and (shaped or stop == ":") and not (listed and stop != ":"):
        weak = words in WEAK and not (title.isupper() or marked or alone)
        return None if weak else "known"
    if words in PARTS and shaped and not listed:
        return "part"
    filled = _ANSWERED if title.isupper() else _FILLED
    if stop == ":" and filled.match(text, match.end()):
        return None
    if stop == ":" and _STATED.search(title):
        return None
    if marked or (stop == ":" and shaped and not listed and count <= 9 and title.isupper()):
        return "unknown"
    if stop == ":" and shaped and not listed:
        return "unknown" if count <= 4 and not re.search(r"[,.\d]", title) else None
    heading = alone and title.isupper() and count <= 6 and len(title) > 3 and not listed
    if heading and title.replace(" ", "").isalpha() and _blank_above(text, match.start()):
        return "unknown" if _INK.search(text, match.end()) else None
    return None


def _blank_above(text: str, start: int) -> bool:
    """Whether the line that starts there is the first one or follows a blank one."""
    above = max(0, start - 1)
    return not text[text.rfind("\n", 0, above) + 1 : above].strip()
