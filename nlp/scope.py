"""Which cues of a sentence reach a mention: their scope, and what ends it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from nlp.cues import Category, CueKind
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
# What is forgone because of an illness, which therefore is there: "no driving for epilepsy".
_FORGONE = CLASSES["<treatment>"] | CLASSES["<forgone>"]
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


def _reaches(
    clause: Clause, cue: Cue, kind: CueKind, first: int, last: int, stops: list[Cue]
) -> bool:
    """Whether the mention lies in the cue's scope."""
    low, high = (cue.end, first) if kind.side == "before" else (last, cue.start)
    if low > high:
        return False
    if _of_a_test(clause, cue, kind):
        return False
    if kind.reach == "next":
        return high == low or (
            kind.side == "after" and high - low == 1 and clause.words[low] not in _MARKS
        )
    if _weighs(clause, cue, kind) and (kind.side == "after") is _governs_more(clause, cue):
        return False
    if _is_there(clause, cue, kind, first, last):
        return False
    between = clause.words[low:high]
    if kind.side == "after" and between[-1:] == ("and",) and clause.words[cue.start] in _AUXILIARY:
        return "," not in between  # a further predicate of the same subject
    if kind.reach != "clause" and high - low > _FAR:
        return False
    if kind.reach == "clause" and high - low > _RUN_ON and _LISTS.isdisjoint(between):
        return False
    if _parted(kind, between, clause.words[cue.start : cue.end]) or any(
        low <= point < high for point in clause.points
    ):
        return False
    return not any(
        low <= stop.start and stop.end <= high and any(_halts(r, kind) for r in stop.kinds)
        for stop in stops
    )


def _of_a_test(clause: Clause, cue: Cue, kind: CueKind) -> bool:
    """Whether "negative" tells what a test showed: "HER2 negative breast cancer"."""
    return (
        kind.side == "before"
        and kind.category == "negated"
        and clause.words[cue.end - 1] in ("neg", "negative")
        and cue.start > 0
        and clause.words[cue.start - 1] in _TESTED
    )


def _is_there(clause: Clause, cue: Cue, kind: CueKind, first: int, last: int) -> bool:
    """Whether a mention is there in spite of the cue: an answer stands between them ("HTN: yes,
    DM: no"), it has a predicate of its own ("no fever, AKI likely prerenal"), or it is the reason
    for what is forgone or avoided ("no driving for epilepsy")."""
    words, said = clause.words, clause.words[cue.start : cue.end]
    if kind.side == "after":
        return kind.category == "negated" and "yes" in words[last : cue.start]
    between = words[cue.end : first]
    if kind.category == "hypothetical":
        return said[-1] == "avoid" and not _ASIDE.isdisjoint(between[1:])
    if kind.category != "negated" or not between:
        return False
    if between[-1] == "," and (
        words[last] in _STATES or (words[last] == "at" and words[last + 1] in _AT)
    ):
        return True
    if said[-1] != "no" or "for" not in between[-_REASON:]:
        return False
    what, reason = between[: between.index("for")], between[between.index("for") + 1 :]
    if "," in between or "<n>" in reason or not _TESTED.isdisjoint(what):
        return False
    return not _FORGONE.isdisjoint(what)


def _parted(kind: CueKind, words: tuple[str, ...], cue: tuple[str, ...]) -> bool:
    """Whether marks between a cue and a mention part them."""
    if kind.side == "after" and kind.category == "negated" and cue[0] in ("neg", "negative"):
        last = len(words) - words[::-1].index(",") if "," in words else 0
        return last > 0 and not _TESTED.isdisjoint(words[last:])  # "breast cancer, HER2 neg"
    if kind.reach == "phrase" and "," in words:
        return True
    if words.count(")") > words.count("("):
        return True  # the cue stands inside brackets that the mention is outside of
    if kind.reach == "list" and kind.side == "after":
        aside = words[-1:] == ("-",) and "," in words  # "hypothyroidism, sprue - ruled out"
        if kind.category == "negated" and cue[0] in _OF_ONE and _JOINS.isdisjoint(words):
            aside = aside or "," in words  # "pityriasis rosea, syphilis is unlikely"
        return aside or ("(" in words[1:] and ")" not in words)  # "vancomycin stopped (MRSA neg)"
    if kind.side == "before" and cue == ("not",) and words[1:2] == (",",):
        return words[0].endswith("ed")  # "AF not anticoagulated, stroke in 2018"
    if kind.side == "before" and cue[0] in _WITHOUT and "," in words:
        return not _OF_IT.isdisjoint(words[: words.index(",")])
    if ":" in words and kind.side == "before" and kind.category in ("negated", "possible"):
        label = words.index(":")  # an item of its own: "no mass, PR: external haemorrhoids"
        if label and (cue[0] in _WITHOUT or cue == ("no",)) and words[label - 1] != "following":
            return True  # "migraine without aura: sumatriptan"
        return "," in words[max(0, label - _LABEL) : label]
    return False


def _weighs(clause: Clause, cue: Cue, kind: CueKind) -> bool:
    """Whether the cue may speak of what stands before it or of what follows, but not of both."""
    said = clause.words[cue.start : cue.end]
    if kind.category == "negated":
        return said[-1:] in _AGAINST or said[-2:] in _AGAINST
    return kind.category == "possible" and kind.side == "after"


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


def _halts(stop: CueKind, kind: CueKind) -> bool:
    if spared := _SPARED.get(stop.category):
        return kind.category not in spared
    match stop.category:
        case "stop-reason":
            spared = _SPARED["stop-found"]
            return (
                kind.category == "possible" if kind.side == "after" else kind.category not in spared
            )
        case "stop-list":
            return kind.category in ("negated", "possible", "history", "past", "dated")
        case "stop-past":
            return kind.category in ("history", "past", "dated")
        case "stop-family":
            # "was reported in her maternal aunt": who is named behind it ends nothing
            return kind.category == "family" and kind.side == "before"
        case "stop-of":  # of "a fracture of the foot in 2021" it is the fracture that is dated
            return kind.side == "after" and kind.category in ("negated", "possible", "history")
        case "stop-with":  # of "AKI with sepsis in 2021" both were then
            return kind.side == "after" and kind.category not in ("family", "dated")
        case "stop-back":
            return kind.side == "after" and kind.category != "family"
        case _:
            return False


def categories(sentence: str, start: int, end: int) -> set[Category]:
    """The categories of the cues whose scope holds the mention at sentence[start:end]."""
    clause = clause_of(sentence)
    first, last = bisect_right(clause.ends, start), bisect_left(clause.starts, end)
    chosen = _chosen(clause, first, last)
    stops = [cue for cue in chosen if cue.stops]
    return {
        kind.category
        for cue in chosen
        for kind in cue.claims
        if _reaches(clause, cue, kind, first, last, stops)
    }
