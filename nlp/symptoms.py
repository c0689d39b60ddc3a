"""Symptoms that a diagnosis of the same document explains, after the ICD-10-CM guidelines.

Section I.B.5 of the guidelines: signs and symptoms that are associated routinely with a disease
process should not be assigned as additional codes. What stays is a symptom that nothing explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nlp.types import Assertion, Document, Finding

CONCLUDED = frozenset({"assessment", "assessment_plan", "diagnosis"})
LOOKED = frozenset({"ros", "physical_exam"})
# Prefixes of symptoms: prefixes of the diagnoses that have them routinely.
EXPLAINED: dict[str, str] = {
    "R05 R06.2 R09.8 R07.0 J34.8 R09.3": "J00 J01 J04 J05 J06 J09 J10 J11 J12 J13"
    " J14 J15 J16 J18 J20 J21 J22 J30 J31 J32 J44 J45 B34 U07",
    "J02.9": "J00 J03 J06 J09 J10 J11 U07",
    "J98.01": "J20 J21 J44 J45",
    "R50 R68.83": "J00 J01 J02 J03 J06 J09 J10 J11 J12 J13 J14 J15 J16 J18 J20 J21 N10 N39.0 H65"
    " H66 A08 A09 A40 A41 L03 U07 K35 B34",
    "R06.0": "J44 J45 J18 J12 J15 I50 I26 J96 J90",
    "H92.0": "H60 H65 H66 H72 J00 J06",
    "R07.9 R07.8 R07.2": "I20 I21 I22 I30 I24",
    "R10": "K35 K36 K37 K25 K26 K29 K57 K80 K81 K85 K56 N20 A09 K50 K51",
    "R11 R19.7": "A08 A09 K52 K35 K56 K85 K50 K51 A04",
    "R30 R35 R39.1": "N30 N39.0 N40 N41",
    "R51 H53.1": "G43 G44",
    "R60.0 R60.9": "I50 N04 I87.2 K74 I82",
    "R42": "H81 H82",
    "R21 L29 L53.9": "L20 L23 L24 L25 L30 L50 L40 B86 B01 B02 B05 B08 B09 L03",
    "R56.9": "G40",
    "R73": "E08 E09 E10 E11 E13",
    "M25.5 M25.6 M79.6": "M05 M06 M10 M13 M15 M16 M17 M18 M19 M70 M71 M75 M76 M77 S43 S46 S53 S63"
    " S83 S93 S52 S62 S82 S92 M23 G56 M72 I70 I73 I82 M54.1",
    "M54.2 M54.5 M54.6 M54.9 R29.898": "M47 M48 M50 M46 M51 M54.1 M54.3 M54.4 S13 S33 S39",
    "M79.1": "M79.7 M60 J09 J10 J11 U07 M35.3",
    "R53 R63.4": "D50 D64 E03 C18 C34",
    "R32 N39.4": "N32.8",
    "D72.82": "A B J01 J02 J03 J12 J13 J14 J15 J16 J18 J20 K35 K36 K37 K57 K65 K80 K81 K85"
    " L02 L03 M00"
    " N10 N39.0 N70 C9",
    "R31": "N20 N30 C67 C64",
    "R68.81 R68.89": "F32 F33",
    "R45.1 R45.4": "F30 F31",
    "R06.1": "J05",
    "R25 R26 R27": "G20 G35 G25",
    "R00": "I48 I47 I49 F41",
    "R17": "K70 K72 K74 K80 B15 B16 B17 B18",
    "R18": "K70 K72 K74",
    "R04.0": "D66 D69",
    "R22 L98.9": "D17 L72",
    "R13.1": "K20 K22 C15",
    "R12": "K21",
    "R45": "F32 F33 F40 F41 F43",
    "F51.5": "F31 F32 F33 F41 F43",
    "K08.8": "J01 K02 K04 K05",
    "F30": "F31",
    "T14.8 T14.9": "S",
    "C80.1": "C0 C1 C2 C3 C40 C41 C43 C45 C46 C47 C48 C49 C5 C6 C70 C71 C72 C73 C74 C75 C81 C82"
    " C83 C84 C85 C88 C9",
    "F29": "F20 F25 F30 F31 F32 F33",
    # Injuries that no more is said of, by those of the same part.
    **{f"S{part}9.9": " ".join(f"S{part}{kind}" for kind in range(9)) for part in range(10)},
    "H53.8 H54.7 H57.1": "H1 H2 H3 H4 G43 G45 I63",
}

# What the review of systems and the examination list beside the symptoms above.
SIGNS = ("H04.12", "H53.8", "H57", "H93.1", "K59.0", "K59.1", "L65.9", "L81.9", "L85.3", "M62.83")


# Organisms "as the cause of diseases classified elsewhere": no diagnosis where a disease is named.
ORGANISMS = ("B95", "B96", "B97", "A49")
INFECTED = tuple(
    """A B G0 H0 H1 H6 H7 I0 I3 I40 I80 J0 J1 J2 J3 J4 J69 J8 J9 K0 K1 K29 K3 K57 K6 K75 K8 L0 L8
    L97 L98 M0 M4 M60 M72 M86 N1 N3 N4 N5 N6 N7 N9 O P2 P3 R78 T8 E10.6 E11.6""".split()  # noqa: SIM905
)


@lru_cache(maxsize=4096)
def explaining(code: str) -> tuple[str, ...]:
    """Prefixes of the diagnoses that explain a symptom's code; empty for a diagnosis."""
    for symptoms, diagnoses in EXPLAINED.items():
        if code.startswith(tuple(symptoms.split())):
            return tuple(diagnoses.split())
    return ()


def split(
    document: Document, findings: Sequence[Finding]
) -> tuple[list[Finding], list[tuple[Finding, str]]]:
    """The findings that stay, and the symptoms that don't with the reason.

    What the author concludes stays, whatever explains it. A pain that only the review of systems
    or the examination names is a sign, and no problem of its own.
    """
    present = {
        f.codings[0].code
        for f in findings
        if f.kind == "condition" and f.assertion is Assertion.PRESENT and f.codings
    }
    kept: list[Finding] = []
    left_out: list[tuple[Finding, str]] = []
    for finding in findings:
        reason = _reason(document, finding, present)
        if reason:
            left_out.append((finding, reason))
        else:
            kept.append(finding)
    return kept, left_out


def _reason(document: Document, finding: Finding, present: set[str]) -> str:
    """Why a symptom is left out; "" where it stays."""
    stands = finding.kind == "condition" and finding.assertion is Assertion.PRESENT
    own = finding.codings[0].code if stands and finding.codings else ""
    if own.startswith(ORGANISMS) and any(_infection(code) for code in present):
        return "an organism, which the disease that it causes is named with"
    prefixes = explaining(own)
    sign = own.startswith(SIGNS)
    if not (prefixes or sign):
        return ""
    keys = {document.key_at(span.start) for span in (finding.span, *finding.evidence)}
    if keys & CONCLUDED:
        return ""
    if keys <= LOOKED and not own.startswith("R"):
        return "only a sign or in the review of systems"
    diagnosis = min((c for c in present if prefixes and c.startswith(prefixes)), default="")
    return f"{diagnosis} explains it" if diagnosis else ""


@lru_cache(maxsize=4096)
def _infection(code: str) -> bool:
    """Whether an organism may be the cause of what the code names."""
    return code.startswith(INFECTED) and not code.startswith(ORGANISMS)
