"""A condition beside a pregnancy: "asthma in pregnancy, third trimester", "Anemia-delivered".

The codes of chapter O come first there (ICD-10-CM guidelines I.C.15.a.1). What that chapter has no
name for has the code of its kind in it: asthma is a respiratory disease that complicates pregnancy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from terminology.coding.diagnoses.denial import HISTORY, LONGEST
from terminology.coding.diagnoses.kinds import Kinds, number_of, of_kind
from terminology.index import Index, Row

CHAPTER, ABORTIVE = "O", "O08"  # codes up to the second are of pregnancies that ended early
_ORDINALS = {
    **dict.fromkeys(("1", "1st", "first"), "first"),
    **dict.fromkeys(("2", "2nd", "second"), "second"),
    **dict.fromkeys(("3", "3rd", "third"), "third"),
}
_PREGNANCY = r"preg(?:n|nancy|nant)?"
_TRIMESTER = rf"(?:in )?(?P<which>{'|'.join(_ORDINALS)}) tri(?:m|mester)?"
_ANTEPARTUM = (
    rf"(?:in|affecting|complicating|during|of|while) {_PREGNANCY}|antep(?:a(?:r(?:t(?:um)?)?)?)?"
)
_CHILDBIRTH = r"(?:complicating|in|during) (?:childbirth|delivery|labou?r)"
_PUERPERIUM = (
    r"(?:complicating|in|during) (?:the )?puerperium|post ?par(?:t(?:um)?)?"
    r"|(?:d(?:e?l(?:iv(?:er(?:ed)?)?)?)? )?(?:w )?p p"
)
# what claims write behind a dash, and nobody without one: "Anemia-deliv", but "cesarean deliv"
_DELIVERED = re.compile(r"\S(?:\s*[-,:]|\s+-)\s*del(?:iv(?:er(?:ed)?)?)?\W*$", re.IGNORECASE)
_TAIL = re.compile(
    rf"(?P<bare>.+?) (?:{_TRIMESTER}|(?P<before>{_ANTEPARTUM})|(?P<at>{_CHILDBIRTH})"
    rf"|(?P<after>{_PUERPERIUM}))"
)
_PREGNANT = re.compile(rf"\b{_PREGNANCY} (?=\w)|(?<=\w) {_PREGNANCY}\b")
_LEAD = re.compile(rf"{_PREGNANCY} (?:is |was )?(?:complicated by|affected by|c b) (?P<bare>.+)")
_EARLIER = re.compile(rf"(?:previous|prior|{HISTORY}(?: of)?) (?=\w)")
_STAGE = re.compile(
    r",? (?:in|complicating|associated with)(?: the)? (?:pregnancy|childbirth|puerperium)"
    r"(?:, childbirth,? and (?:the )?puerperium)?|,? (?:unspecified|first|second|third) trimester"
    r"|,? complicating puerperium"
)
# of what no condition is: "fear of pregnancy"
_NONE = "fear history hx risk termination loss supervision complication complications end"
_NO_CONDITION = frozenset(_NONE.split())
# "normal glucose in pregnancy", "asthma not in pregnancy": nothing is told to complicate it
_NOTHING = re.compile(r"(?:normal|negative|neg)\b.*|.* (?:negative|neg|normal|unremarkable|not)")
_NAMED = 0.95  # a name of its own may have such a word: "Rh negative"
_OF_MALES = (("C60", "C63"), ("D29", "D29"), ("N40", "N53"))
TRIMESTERS = ("first", "second", "third")
BEFORE, BIRTH, AFTER = "pregnancy", "childbirth", "puerperium"


class Told(NamedTuple):
    """A condition, normalised, and when it is: the stage, and which trimester if that is told."""

    bare: str
    stage: str
    trimester: str

    @property
    def phrase(self) -> str:
        """The condition as names have it: "anemia in pregnancy"."""
        return f"{self.bare} in {self.stage}"

    @property
    def itself(self) -> str:
        """The condition without what says that it was in an earlier pregnancy."""
        return _EARLIER.sub("", self.bare, count=1)

    @property
    def past(self) -> bool:
        """Whether it was in an earlier pregnancy: "previous cesarean delivery"."""
        return _EARLIER.match(self.bare) is not None

    @property
    def condition(self) -> str:
        """The condition without the pregnancy, which the stage tells as well."""
        return _PREGNANT.sub("", self.bare) or self.bare


def told(text: str, normal: str) -> Told | None:
    """What a phrase tells of a condition beside a pregnancy; None where it tells of no stage."""
    if len(normal) > LONGEST:
        return None
    bare, stage, trimester = normal, "", ""
    if _DELIVERED.search(text):
        bare, stage = normal.rpartition(" ")[0], BIRTH
    while (found := _TAIL.fullmatch(bare)) and found["bare"].split()[-1] not in _NO_CONDITION:
        bare, trimester = found["bare"], trimester or _ORDINALS.get(found["which"] or "", "")
        stage = stage or (BIRTH if found["at"] else AFTER if found["after"] else BEFORE)
    if found := _LEAD.fullmatch(bare):
        bare, stage = found["bare"], stage or BEFORE
    return Told(bare, stage, trimester) if stage and bare else None


class Pregnancies:
    """The codes of chapter O for conditions. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row

    def is_one(self, concept: int) -> bool:
        """Whether a code is of this chapter, and of a pregnancy that went on."""
        return (
            self._index.codes[concept][:3] > ABORTIVE and self._index.codes[concept][0] == CHAPTER
        )

    def tells(self, concept: int, told: Told) -> bool:
        """Whether a code's title says that it is of that stage."""
        return told.stage in self._index.displays[concept]

    def may_be(self, concept: int, score: float, told: Told) -> bool:
        """Whether a condition found with that score may be, undenied, beside a pregnancy."""
        category = self._index.codes[concept][:3]
        of_males = any(first <= category <= last for first, last in _OF_MALES)
        return not of_males and (score >= _NAMED or _NOTHING.fullmatch(told.bare) is None)

    def of_kind(self, concept: int, kinds: Kinds, told: Told) -> int:
        """The code of conditions such as this one at that stage, -1 for none."""
        base = of_kind(kinds, self._index.codes[concept])
        within = tuple(self._below(number_of(self._index, self._row, base)))
        found = self._first(within, told)
        if found < 0 and told.stage == BIRTH:  # what is of pregnancy alone is of a birth as well
            found = self._first(within, told._replace(stage=BEFORE))
        return found

    def at_stage(self, concept: int, told: Told) -> int:
        """The code that says of that stage what this one says of another; itself for none."""
        index, plain = self._index, self._index.defaults[concept]
        if not self.is_one(concept) and "trimester" not in index.displays[max(plain, 0)]:
            return concept
        concept = plain if plain >= 0 else concept
        same = _STAGE.sub("", index.displays[concept])
        above = concept
        for _ in range(3):
            beside = (
                each
                for each in self._below(above)
                if index.billable[each] and _STAGE.sub("", index.displays[each]) == same
            )
            if (found := self._first(beside, told)) >= 0:
                return found
            above = index.parents[above] if index.parents[above] >= 0 else above
        return concept

    def trimesters(self, concept: int, told: Told) -> list[int]:
        """What a code of an unspecified trimester is in each; none where one is told."""
        if told.stage != BEFORE or told.trimester:
            return []
        each = (self.at_stage(concept, told._replace(trimester=which)) for which in TRIMESTERS)
        return [other for other in each if other != concept]

    def _first(self, concepts: Iterable[int], told: Told) -> int:
        """The first billable code of a stage: that of any trimester where none is told."""
        which = f"{told.trimester or 'unspecified'} trimester"
        for each in concepts:
            shown = self._index.displays[each]
            dated = "trimester" in shown  # which are of pregnancy, said or not
            right = told.stage == BEFORE and which in shown if dated else told.stage in shown
            if right and self._index.billable[each]:
                return each
        return -1

    def _below(self, concept: int) -> Iterator[int]:
        """The codes below one, and itself."""
        if concept >= 0:
            yield concept
            for child in self._index.children[concept]:
                yield from self._below(child)
