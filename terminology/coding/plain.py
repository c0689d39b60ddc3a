"""Words of plain language, which a search by spelling would take for names."""

from __future__ import annotations

from bisect import bisect_left

from terminology.coding.canonical import stem
from terminology.facts import DATA, rows
from terminology.index import Strings


def plain_words() -> frozenset[str]:
    """English words, in lower case, that a search by spelling would take for drugs."""
    return frozenset(
        word
        for _, own in rows(DATA / "plain_words.tsv", ["initial", "words"])
        for word in own.split()
    )


class Plain:
    """The stems of words of plain language, from several ascending lists of them."""

    def __init__(self, *lists: Strings) -> None:
        self._lists = lists

    def has(self, word: str) -> bool:
        """Whether this word, or another of its stem, is a plain one."""
        wanted = stem(word)
        for stems in self._lists:
            at = bisect_left(stems, wanted)
            if at < len(stems) and stems[at] == wanted:
                return True
        return False
