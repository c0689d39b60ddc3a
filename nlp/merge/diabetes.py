"""Complications of diabetes by the type that the patient has."""

from __future__ import annotations

import re

from msgspec.structs import replace

from nlp.merge.mention import Mention
from nlp.types import Assertion, Finding
from terminology.service import Terminology

A = Assertion
DIABETES = frozenset(("E08", "E09", "E10", "E11", "E13"))
# Codes that can't stand first, and a retinopathy, which the classification takes for diabetic
# ("with", guideline I.A.15): their ends in the categories of diabetes.
MANIFEST = {"N08": "21", "H36": "319", "H35.00": "319", "G63": "42", "G99.0": "43"}
_TYPED = re.compile(r"\b(?:type\s?(?:1|2|i{1,2})|t[12]dm|dm\s?[12]|iddm|niddm)\b", re.I)


def one_type(terminology: Terminology, mentions: list[Mention]) -> list[Mention]:
    """Diabetic complications by the type that the patient has, where only another line names it."""
    present = [m.finding for m in mentions if m.finding.assertion is A.PRESENT]
    category = next((_diabetes(f) for f in present if _diabetes(f)), "")
    if category:
        mentions = [
            replace(m, finding=_manifest(terminology, m.finding, category)) for m in mentions
        ]
    types = {_type(f) for f in present} - {""}
    if types != {"E10"}:
        return mentions
    return [replace(m, finding=_retyped(terminology, m.finding)) for m in mentions]


def _diabetes(finding: Finding) -> str:
    code = finding.codings[0].code[:3] if finding.codings else ""
    return code if code in DIABETES else ""


def _manifest(terminology: Terminology, finding: Finding, category: str) -> Finding:
    """A manifestation, coded "in diseases classified elsewhere", by the diabetes' code."""
    coding = finding.codings[0] if finding.codings else None
    code = f"{category}.{MANIFEST.get(coding.code, '')}" if coding else ""
    if coding is None or coding.code not in MANIFEST or not terminology.exists(coding.system, code):
        return finding
    display = terminology.display(coding.system, code)
    return replace(finding, codings=(replace(coding, code=code, display=display),))


def _type(finding: Finding) -> str:
    """The category of a diabetes whose type the text names."""
    code = finding.codings[0].code[:3] if finding.codings else ""
    return code if code in DIABETES and _TYPED.search(finding.span.quote) else ""


def _retyped(terminology: Terminology, finding: Finding) -> Finding:
    if finding.assertion is A.FAMILY or not finding.codings or _type(finding):
        return finding
    coding = finding.codings[0]
    code = coding.code.replace("E11", "E10", 1)
    if not coding.code.startswith("E11") or not terminology.exists(coding.system, code):
        return finding
    display = terminology.display(coding.system, code)
    return replace(finding, codings=(replace(coding, code=code, display=display),))
