"""Which cues of a sentence reach a mention: their scope, and what ends it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from nlp.cues import Category, Cues
from nlp.cues.classes import CLASSES
from nlp.cues.clause import Clause, Cue, clause_of

_MARKS = frozenset("-:/,")
_RUN_ON = 14  # words that a cue reaches through where no mark parts or lists them
_LISTS = frozenset((",", "/", ":", "or", "nor", "-", "•"))
_LABEL = 3  # words before a colon, behind a comma, that name what follows it
_FAR = 8  # words between a cue and a mention, where it doesn't reach through the clause
_DOUBTS = frozenset(("likely", "possible", "probable", "suspected", "presumed"))
_AGAINST = (("unlikely",), ("improbable",), ("less", "likely"))
# "Lupus is felt unlikely despite …" speaks of the lupus, whatever follows.
_JUDGED = CLASSES["<thought>"]
# What is tested for or examined: a "negative" behind it says nothing of the illness before it.
_TESTED = frozenset(
    """ab ace afb afp alk ana anca antibodies antibody antigen assay bcr biopsy bnp braf brca
    bx ca125 ccp cea csf ct culture cultures cxr cytology dimer doppler dopplers dsdna ecg
    echo eeg egfr ekg emg enzymes er fish fobt gram guaiac hcg her2 igg igm imaging jak2 kit
    kras l1 lp margins marker markers mri mutation naat nodes nras panel pap pathology pcr
    pdl1 pet pr probe psa ret rf ros1 rpr rt scan screen screens serologies serology smear ssa
    ssb stain stool swab titer titers tox toxicology toxin trop troponin troponins trops ua
    ultrasound upt us utox vdrl workup x xray""".split()  # noqa: SIM905
)
_JOINS = frozenset(("and", "or", "nor", "&", "/"))
_OF_ONE = frozenset(("is", "was", "has", "seems", "appears", *_JUDGED))  # what says so of one thing
_AUXILIARY = ("is", "are", "was", "were", "has", "have")  # "has been sought and was not found"
_WITHOUT = frozenset(("without", "w", "w/o"))
# What is said to be absent of the illness itself: "CVA w/o residual, BPH" denies no BPH.
_OF_IT = frozenset(
    ("residual", "residuals", "deficit", "deficits", "sequelae", "complication", "complications",
     "recurrence", "issues", "problems", "disturbance", "disturbances", "features", "exacerbation",
     "obstruction", "impairment", "aura")
)  # fmt: skip
# What says how a thing is, which therefore is there: "no edema, CKD stable".
_STATES = frozenset(
    """likely probably presumably stable unchanged improving improved better worse worsening
    worsened resolving resolved controlled uncontrolled well poorly only""".split()  # noqa: SIM905
)
_AT = frozenset(("baseline", "goal"))
# What there is none of for an illness, where the illness is none either: "no evidence for PE".
_GROUNDS = frozenset(
    """basis candidate cause concern concerns criteria evidence exposure factor factors features
    findings indication indications need potential reason risk screen signs source support
    suspicion symptoms test tests""".split()  # noqa: SIM905
)
_ASIDE = frozenset(("-", "(", "w", "with", "in", "given"))  # "avoid NSAIDs - CKD"
_REASON = 4  # words up to and with a "for" that an illness stands behind
# What ends a clause or gives a ground for the doubt before it.
_CLOSES = frozenset(
    """$ . , <semi> : ) given based but and or due related secondary from in at with by as on per vs
    versus ( - / than clinically here now today this the if since because for but though""".split()  # noqa: SIM905
)


def _chosen(clause: Clause, first: int, last: int) -> list[Cue]:
    """The cues outside the mention's tokens first..last-1, none overlapping another."""
    taken = ((1 << max(0, last - first)) - 1) << first
    chosen: list[Cue] = []
    for cue in clause.cues:
        if not taken & cue.mask:
            taken |= cue.mask
            chosen.append(cue)
    return chosen


def _reaches(clause: Clause, cue: Cue, row: Cues, first: int, last: int, stops: list[Cue]) -> bool:
    """Whether the mention lies in the cue's scope."""
    low, high = (cue.end, first) if row.side == "before" else (last, cue.start)
    if low > high:
        return False
    if _of_a_test(clause, cue, row):
        return False
    if row.reach == "next":
        return high == low or (
            row.side == "after" and high - low == 1 and clause.words[low] not in _MARKS
        )
    if _weighs(clause, cue, row) and (row.side == "after") is _governs_more(clause, cue):
        return False
    if _is_there(clause, cue, row, first, last):
        return False
    between = clause.words[low:high]
    if row.side == "after" and between[-1:] == ("and",) and clause.words[cue.start] in _AUXILIARY:
        return "," not in between  # a further predicate of the same subject
    if row.reach != "clause" and high - low > _FAR:
        return False
    if row.reach == "clause" and high - low > _RUN_ON and _LISTS.isdisjoint(between):
        return False
    if _parted(row, between, clause.words[cue.start : cue.end]) or any(
        low <= point < high for point in clause.points
    ):
        return False
    return not any(
        low <= stop.start and stop.end <= high and any(_halts(r, row) for r in stop.rows)
        for stop in stops
    )


def _of_a_test(clause: Clause, cue: Cue, row: Cues) -> bool:
    """Whether "negative" tells what a test showed: "HER2 negative breast cancer"."""
    return (
        row.side == "before"
        and row.category == "negated"
        and clause.words[cue.end - 1] in ("neg", "negative")
        and cue.start > 0
        and clause.words[cue.start - 1] in _TESTED
    )


def _is_there(clause: Clause, cue: Cue, row: Cues, first: int, last: int) -> bool:
    """Whether a mention behind the cue has a predicate of its own, or is the reason for what is
    denied or avoided: "no fever, AKI likely prerenal", "no driving for epilepsy"."""
    words, said = clause.words, clause.words[cue.start : cue.end]
    if row.side == "after":  # "HTN: yes, DM: no"
        return row.category == "negated" and "yes" in words[last : cue.start]
    between = words[cue.end : first]
    if row.category == "hypothetical":
        return said[-1] == "avoid" and not _ASIDE.isdisjoint(between[1:])
    if row.category != "negated" or not between:
        return False
    if between[-1] == "," and (
        words[last] in _STATES or (words[last] == "at" and words[last + 1] in _AT)
    ):
        return True
    if said[-1] != "no" or "for" not in between[-_REASON:]:
        return False
    what, reason = between[: between.index("for")], between[between.index("for") + 1 :]
    return bool(what) and "," not in between and "<n>" not in reason and _GROUNDS.isdisjoint(what)


def _parted(row: Cues, words: tuple[str, ...], cue: tuple[str, ...]) -> bool:
    """Whether marks between a cue and a mention part them."""
    if row.side == "after" and row.category == "negated" and cue[0] in ("neg", "negative"):
        last = len(words) - words[::-1].index(",") if "," in words else 0
        return last > 0 and not _TESTED.isdisjoint(words[last:])  # "breast cancer, HER2 neg"
    if row.reach == "phrase" and "," in words:
        return True
    if words.count(")") > words.count("("):
        return True  # the cue stands inside brackets that the mention is outside of
    if row.reach == "list" and row.side == "after":
        aside = words[-1:] == ("-",) and "," in words  # "hypothyroidism, sprue - ruled out"
        if row.category == "negated" and cue[0] in _OF_ONE and _JOINS.isdisjoint(words):
            aside = aside or "," in words  # "pityriasis rosea, syphilis is unlikely"
        return aside or ("(" in words[1:] and ")" not in words)  # "vancomycin stopped (MRSA neg)"
    if row.side == "before" and cue == ("not",) and words[1:2] == (",",):
        return words[0].endswith("ed")  # "AF not anticoagulated, stroke in 2018"
    if row.side == "before" and cue[0] in _WITHOUT and "," in words:
        return not _OF_IT.isdisjoint(words[: words.index(",")])
    if ":" in words and row.side == "before" and row.category in ("negated", "possible"):
        label = words.index(":")  # an item of its own: "no mass, PR: external haemorrhoids"
        if label and (cue[0] in _WITHOUT or cue == ("no",)) and words[label - 1] != "following":
            return True  # "migraine without aura: sumatriptan"
        return "," in words[max(0, label - _LABEL) : label]
    return False


def _weighs(clause: Clause, cue: Cue, row: Cues) -> bool:
    """Whether the cue may speak of what stands before it or of what follows, but not of both."""
    said = clause.words[cue.start : cue.end]
    if row.category == "negated":
        return said[-1:] in _AGAINST or said[-2:] in _AGAINST
    return row.category == "possible" and row.side == "after"


def _governs_more(clause: Clause, cue: Cue) -> bool:
    """Whether "likely" and the like speak of what follows them: "AKI - likely ATN"."""
    said = clause.words[cue.start : cue.end]
    lone = len(said) == 1 and said[-1] in _DOUBTS
    against = (said[-1:] in _AGAINST or said[-2:] in _AGAINST) and _JUDGED.isdisjoint(said)
    doubted = said == ("?",) and clause.starts[cue.start] > clause.ends[cue.start - 1] > 0
    return (lone or against or doubted) and clause.words[cue.end] not in _CLOSES


# What goes on behind a stop that ends all else, on both sides.
_SPARED: dict[Category, tuple[Category, ...]] = {
    "stop": ("family",),
    "stop-found": ("family", "conditional"),
    "stop-claim": ("family", "dated"),
}


def _halts(stop: Cues, row: Cues) -> bool:
    if spared := _SPARED.get(stop.category):
        return row.category not in spared
    match stop.category:
        case "stop-reason":
            spared = _SPARED["stop-found"]
            return row.category == "possible" if row.side == "after" else row.category not in spared
        case "stop-list":
            return row.category in ("negated", "possible", "history", "past", "dated")
        case "stop-past":
            return row.category in ("history", "past", "dated")
        case "stop-family":
            # "was reported in her maternal aunt": who is named behind it ends nothing
            return row.category == "family" and row.side == "before"
        case "stop-of":  # of "a fracture of the foot in 2021" it is the fracture that is dated
            return row.side == "after" and row.category in ("negated", "possible", "history")
        case "stop-with":  # of "AKI with sepsis in 2021" both were then
            return row.side == "after" and row.category not in ("family", "dated")
        case "stop-back":
            return row.side == "after" and row.category != "family"
        case _:
            return False


def categories(sentence: str, start: int, end: int) -> set[Category]:
    """The categories of the cues whose scope holds the mention at sentence[start:end]."""
    clause = clause_of(sentence)
    first, last = bisect_right(clause.ends, start), bisect_left(clause.starts, end)
    chosen = _chosen(clause, first, last)
    stops = [cue for cue in chosen if cue.stops]
    return {
        row.category
        for cue in chosen
        for row in cue.claims
        if _reaches(clause, cue, row, first, last, stops)
    }
