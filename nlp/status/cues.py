"""The words that tell what a patient does with a drug: before the drug, after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from nlp.tables import rows
from nlp.types import MedicationStatus

_SHORT = {
    r"\s": " ",
    # The object of a verb that may have none: "dropped her metoprolol", but "the pressure dropped".
    r"(?=\s(?:(?:the|his|her|my|your|their|all|iv|po|oral|home)\s){0,2}$)": "<object>",
    r"(?:she|he|they|we|i|mom|mum|mother|dad|father|(?:the|her|his|my)\s\w+)": "<who>",
    # Spelt out, since a word of any letters would be tried at each word of a clause.
    r"(?:not|never|(?:d(?:oes|o|id)|ha(?:s|ve|d)|is|are|w(?:as|ere|ould|o)|c(?:a|ould)|should)?"
    r"n['’]t)": "<not>",
}


def _cues(where: str) -> Iterator[tuple[MedicationStatus, str]]:
    """Each status that a table has, with one pattern of all its cues."""
    here = (row for row in rows("status_cues.tsv") if row[0] == where)
    for status, told in groupby(here, lambda row: row[1]):
        pattern = "|".join(cue for _, _, cue in told)
        for long, short in _SHORT.items():
            pattern = pattern.replace(short, long)
        yield MedicationStatus(status), pattern


# Of several cues before a drug, the one that ends nearest to it wins.
BEFORE = tuple(_cues("before"))
AFTER = tuple(_cues("after"))
# Every cue of AFTER holds one of these, and few clauses do: the table is tried in those alone.
_STEMS = """
    safe ideal great suitable advisab appropriate choice courses stomach initially unnecessar
    afford await pending bother irritat hurt gut allerg caus give gave mak made intoleran rash
    hives itch anaphyl swell cough nause angioed upset off self expired lapsed ending did but
    holiday deprescri never none must discard withdrew used worked helped chang switch replac
    substitut swap stop discontinu quit drop d/c dc ceas withdrawn abandon wean taper past
    previous help without longer not n't neither effect success benefit value useless had 19 20
    transition convert tried held hold suspend compl finish administ infus inject instill infiltr
    done increas decreas titrat adjust reduc doubl -> → provided dispensed written sent start
    initiat begin added prescri begun resum order continu refill renew which that refus declin
    contraind
    avoid too be discuss consider offer planned defer option possib alternative paus provok propos
    suggest arrang organi book decided discourag against ended discharg omit interrupt eliminat
    remov cancel terminat commenc introduc institut reinstat maintain kept retain halv escalat
    reject holiday told asked advise instructed warned return restart renew refill prescribe opened
    unused question think recall worsen aggravat exacerbat trigger precipit prolong fund authori
    reimburs denied neither formulary halt repeat stock unavail backorder back-order first react f/b
    pocket reserve issued supplied moved agrees allowed permitted suited loaded
    (n = | response relief wore until toss simplified rotat left turned
    something lowered raised upped disagree
"""
# Short words, told apart from parts of others.
_WORDS = (
    " ran out", " is out", " are out", "m out of", " list", " over", " gone", " lost", " n/a",
    " away", " received", " instead", " can go", "left over",
    "leftover", " taken", "took over", "takes over", "before that", "before this", "before giv",
    "before stop", "before quit", " under ", " plan b", " next ", " ems", "medic",
    "bystander", "ambulance", " ok", "fine", "in the ed", "in ed", " er", "cath lab", "pacu",
    "came off", "comes off", " too ", "back on", "back to", " pa ", "prior auth",
)  # fmt: skip
STEMS = (*_STEMS.split(), *_WORDS)


# Long patterns, compiled when a text first needs them. A mask may stand before a cue, another word
# or a hyphen may not.
@cache
def before() -> tuple[tuple[MedicationStatus, re.Pattern[str]], ...]:
    """What finds the cues of BEFORE."""
    return tuple((s, re.compile(rf"(?<![a-z0-9-])(?:{p})(?!\w)")) for s, p in BEFORE)


@cache
def after() -> tuple[tuple[MedicationStatus, re.Pattern[str]], ...]:
    """What finds the cues of AFTER."""
    return tuple((s, re.compile(rf"(?<![a-z0-9-])(?:{p})")) for s, p in AFTER)
