"""Capitalised words and the runs of them that can be one name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from nlp.deid.lexicon import UPPER, Lexicon, lexicon
from nlp.deid.words import CONTRACTION, CREDENTIAL, FUNCTION, NOBLE, PARTICLES, TITLES

_WORD = re.compile(
    rf"(?<![\w'’@/.])(?<!\w-)(?:[dl]['’]|(?:al|el|as|ad|ar|an|ash|abu)-)?"
    rf"[{UPPER}]\w*(?:['’](?![sS]\b)\w+|-\w+)*(?![\w@])"
)
_JOIN = re.compile(rf"[\"”]?[ ]{{1,2}}[\"“]?(?:{PARTICLES}[ ](?:(?:la|las|los|der|den|dem)[ ])?)?")


_SHORT = frozenset(("na", "an", "in", "so", "he", "ha", "hee", "woo"))  # parts of Asian names


@dataclass(frozen=True, slots=True)
class Word:
    """A capitalised word; `fold` is its case-folded form."""

    start: int
    end: int
    text: str
    fold: str
    known: bool
    plain: bool  # a word of prose or of a drug, or with a digit

    @property
    def initial(self) -> bool:
        """One letter."""
        return len(self.text) == 1

    @property
    def free(self) -> bool:
        """May be part of a name."""
        return self.known or not self.plain


def words(text: str, lex: Lexicon) -> list[Word]:
    """The capitalised words in order."""
    return [_read(match, lex) for match in _WORD.finditer(text)]


def _read(match: re.Match[str], lex: Lexicon) -> Word:
    said = match.group()
    fold = said.casefold().replace("’", "'")
    parts = fold.split("-") if "-" in fold else [fold]
    known = lex.known(fold) or all(lex.known(p) for p in parts)
    odd = any(c.isdigit() or c == "_" for c in said) or CONTRACTION.search(fold) is not None
    plain = odd or lex.ordinary(fold) or (len(parts) > 1 and any(_prose(p, lex) for p in parts))
    return Word(match.start(), match.end(), said, fold, known, plain)


def _prose(part: str, lex: Lexicon) -> bool:
    """A part that makes its compound no name: T-wave, non-smoker."""
    return len(part) < 2 or (lex.ordinary(part) and not lex.known(part) and part not in _SHORT)


def run(text: str, words: list[Word], at: int, comma: bool, strong: bool) -> list[Word]:
    """The words from `at` on that can be one name.

    With `comma` also "SURNAME, Given"; with `strong` a surname that is an ordinary word.
    """
    out: list[Word] = []
    ahead = words[at : at + 6]
    for word, following in zip_longest(ahead, ahead[1:]):
        if word.fold in TITLES or (out and not _joined(text, out, word, comma)):
            break
        opens = out or text[word.end : word.end + 1] == "."
        noble = following is not None and word.fold in NOBLE and following.start == word.end + 1
        if not (word.free or noble or (word.initial and opens)):
            if strong and len(out) == 1 and _surname(text, out[0], word):
                out.append(word)
            break
        out.append(word)
    while out and out[-1].initial and not _middle(text, out, comma):
        out.pop()
    return out


def _joined(text: str, out: list[Word], word: Word, comma: bool) -> bool:
    if is_credential(word):
        return False
    gap = text[out[-1].end : word.start]
    if out[-1].initial and gap in (". ", ".", " "):
        return True
    if gap == ", ":
        return sum(w.fold not in NOBLE for w in out) == 1 and (comma or is_given(word))
    return _JOIN.fullmatch(gap) is not None


def _surname(text: str, first: Word, word: Word) -> bool:
    """An ordinary word, written as a name right after one: "Daix Gum (SSN", not "Smith Age: 5"."""
    written = word.text[1:].islower() and word.text.isalpha() and len(word.text) > 2
    close = word.start == first.end + 1 and text[word.end : word.end + 1] != ":"
    return written and close and word.fold not in FUNCTION and not first.initial


def _middle(text: str, out: list[Word], comma: bool) -> bool:
    """The initial at the end belongs to the name: "Doe, John A" or "Jane Q."."""
    return len(out) > 1 and (text[out[-1].end : out[-1].end + 1] == "." or (comma and len(out) > 2))


def is_given(word: Word) -> bool:
    """A given name that is nothing else."""
    return word.fold in lexicon().given and not word.plain


def is_credential(word: Word) -> bool:
    """MD, RN and their like."""
    return CREDENTIAL.fullmatch(f" {word.text}") is not None


def personal(run: list[Word]) -> bool:
    """Some part is a known name, or no ordinary word."""
    return any(w.known or not (w.plain or w.initial) for w in run)
