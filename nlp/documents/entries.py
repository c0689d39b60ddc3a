"""What C-CDA's entries state of the words of the narrative: negated, over, stopped.

C-CDA R2.1: a problem is negated by its observation's `negationInd`, and over by its status, by the
end of its time or by its concern's status (the observation's own says only that it was made).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nlp.documents.tree import Node
from nlp.types import Assertion, Claim, MedicationStatus

Range = tuple[int, int]

PROBLEMS = frozenset(
    {
        "2.16.840.1.113883.10.20.22.4.4",
        "2.16.840.1.113883.10.20.1.28",  # the same in CCD
        "1.3.6.1.4.1.19376.1.5.3.1.4.5",  # the same in IHE PCC
    }
)
PLANNED = "2.16.840.1.113883.10.20.22.4.42"  # planned medication activity
STATUS = "33999-4"
OVER = frozenset({"413322009", "73425007", "277022003"})  # SNOMED CT: resolved, inactive, remission
ACTIVE = "55561003"
# ActStatus of a medication activity; what is active or new is as the text says.
DRUG_STATUS: dict[str, MedicationStatus] = {
    "completed": MedicationStatus.COMPLETED,
    "aborted": MedicationStatus.STOPPED,
    "suspended": MedicationStatus.HELD,
    "held": MedicationStatus.HELD,
    "cancelled": MedicationStatus.NOT_TAKING,
    "nullified": MedicationStatus.NOT_TAKING,
}
_PRODUCT = ("consumable", "manufacturedProduct", "manufacturedMaterial")
_WORDS = (
    ("text",),
    ("value", "originalText"),
    ("code", "originalText"),
    (*_PRODUCT, "code", "originalText"),
    (*_PRODUCT, "name"),
)
_CODES = (("value",), (*_PRODUCT, "code"))


def claims(section: Node, ids: Mapping[str, Range], text: str, within: Range) -> Iterator[Claim]:
    """The claims of a section's entries.

    `ids` are the ranges of the narrative's rows, items and phrases by their ID; an entry that
    refers to none of them is of the place within the section where its words stand, if they stand
    in one only.
    """
    for entry in section.nodes("entry"):
        for node in entry.all():
            assertion = _assertion(node) if node.name == "observation" else None
            status = _status(node) if node.name == "substanceAdministration" else None
            if assertion or status:
                for start, end in _places(node, ids, text, within):
                    yield Claim(start, end, assertion, status)


def _assertion(node: Node) -> Assertion | None:
    if node.attributes.get("negationInd") in ("true", "1"):
        return Assertion.NEGATED
    if not PROBLEMS.isdisjoint(_templates(node)) and _over(node):
        return Assertion.HISTORICAL
    return None


def _over(problem: Node) -> bool:
    for node in problem.all():
        if node.name == "observation" and node.get("code", "code") == STATUS:
            code = node.get("code", "value")
            if code in OVER or code == ACTIVE:
                return code in OVER
    high = problem.first("effectiveTime", "high")
    if high and (high.attributes.get("value") or high.attributes.get("nullFlavor") == "UNK"):
        return True
    concern = problem.under.under if problem.under else None
    stated = concern.get("code", "statusCode") if concern and concern.name == "act" else ""
    return stated in ("completed", "aborted")


def _status(node: Node) -> MedicationStatus | None:
    if node.attributes.get("negationInd") in ("true", "1"):
        return MedicationStatus.NOT_TAKING
    stated = DRUG_STATUS.get(node.get("code", "statusCode"))
    if stated is None and PLANNED in _templates(node):
        return MedicationStatus.PLANNED
    return stated


def _templates(node: Node) -> set[str]:
    return {t.attributes.get("root", "") for t in node.nodes("templateId")}


def _places(node: Node, ids: Mapping[str, Range], text: str, within: Range) -> list[Range]:
    """Where the entry's own words stand, else those of its concern."""
    concern = node.under.under if node.under else None
    own = _referred(node, ids) or _named(node, text, within)
    return own or (_referred(concern, ids) if concern and concern.name == "act" else [])


def _referred(node: Node, ids: Mapping[str, Range]) -> list[Range]:
    """The narrowest of the ranges that the entry refers to."""
    names = (node.get("value", *path, "reference").removeprefix("#") for path in _WORDS)
    found = {ids[name] for name in names if name in ids}
    return sorted(
        (start, end)
        for start, end in found
        if not any(start <= a and b <= end and (a, b) != (start, end) for a, b in found)
    )


def _named(node: Node, text: str, within: Range) -> list[Range]:
    """The one place of the section where the entry's words stand."""
    said = [node.get("displayName", *path) for path in _CODES]
    for path in _WORDS[1:]:
        if original := node.first(*path):
            said.append("".join(t.text for t in original.texts()))
    passage = text[slice(*within)].casefold()
    if len(passage) != within[1] - within[0]:
        return []  # folding moved the offsets
    for each in said:
        words = " ".join(each.split()).casefold()
        if len(words) > 2 and passage.count(words) == 1:
            start = within[0] + passage.index(words)
            return [(start, start + len(words))]
    return []
