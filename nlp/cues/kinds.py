"""How a cue works: what it says of a mention, on which side of it, and how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Category = Literal[
    "negated",
    "possible",
    "opinion",  # "I think": possible in writing, a diagnosis in speech
    "hypothetical",
    "conditional",  # hypothetical for what is done as well: "if", "would"
    "history",  # told as history, perhaps still so: "history of"
    "past",  # over: "status post", "resolved"
    "family",
    "pseudo",  # looks like a cue and is none
    "stop",  # ends the scope of every cue
    "dated",  # told with a date: over, unless the condition is one that lasts
    "stop-found",  # as stop, but for a condition: "if the scan shows"
    "stop-reason",  # a ground follows: ends what comes before it, and the doubt behind it
    "stop-claim",  # as stop, but for a date that opens the sentence: "in 2009 he had"
    "stop-list",  # ends only that of negated and possible
    "stop-past",  # ends only that of history and past
    "stop-family",  # ends only that of family
    "stop-of",  # ends those of negated, possible and history that come after
    "stop-with",  # ends those that come after, but for a date
    "stop-back",  # ends only the scope of cues that come after
]
Side = Literal["before", "after"]  # where the cue stands, seen from the mention
Reach = Literal["clause", "list", "phrase", "next"]
# clause: to a stop; list: also at most 8 words off; phrase: also no comma between; next: beside it


@dataclass(frozen=True, slots=True)
class CueKind:
    """Phrases of one kind work alike."""

    category: Category
    side: Side
    reach: Reach
