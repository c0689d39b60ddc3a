"""Numbers and units of time in words: "two", "1/2", "1,000"; "hrs", "weekly"."""

from __future__ import annotations

from typing import Literal

Unit = Literal["s", "min", "h", "d", "wk", "mo", "a"]
_COUNTS = "one two three four five six seven eight nine ten eleven twelve"
WORDS = {
    **{word: float(value) for value, word in enumerate(_COUNTS.split(), 1)},
    **{"a": 1.0, "an": 1.0, "half": 0.5, "once": 1.0, "twice": 2.0, "thrice": 3.0, "single": 1.0},
    **{"other": 2.0, "second": 2.0, "third": 3.0, "fourteen": 14.0, "twenty": 20.0, "thirty": 30.0},
    **{"fifteen": 15.0, "forty": 40.0, "sixty": 60.0, "ninety": 90.0},
}
UNITS: dict[str, Unit] = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "hourly", "°"), "h"),
    **dict.fromkeys(("d", "day", "days", "daily"), "d"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks", "weekly"), "wk"),
    **dict.fromkeys(("mo", "mos", "month", "months", "monthly"), "mo"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("year", "years", "yr", "yrs", "yearly", "annually"), "a"),
}


def number(text: str) -> float:
    """The value of a count word, numeral, or fraction: "two", "1.5", "1/2", "1,000"."""
    word = text.strip().lower().replace(",", "")
    if word in WORDS:
        return WORDS[word]
    top, _, bottom = word.partition("/")
    return float(top) / (float(bottom) or 1.0) if bottom else float(word)
