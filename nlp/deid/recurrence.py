"""Where the names that were found recur in a text without anything beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.deid.lexicon import Lexicon
from nlp.deid.types import Category, Phi
from nlp.deid.words import EPONYMOUS, NEXT, NO_NAME

_SENTENCE = re.compile(r"(?:^|[.!?:\n\]])[\s\"'*-]*$")
_VERB = re.compile(r" (?:is|was|has|had|did|will|does|says|said|states|denies|reports|returns)\b")
LEFT = 40  # characters before a word that tell the start of a sentence


def again(
    text: str, found: list[tuple[int, int, bool]], lex: Lexicon, lower: bool, upper: bool
) -> Iterator[Phi]:
    """Every further place of a name's parts; of a part that is a word too, only written as name."""
    parts: dict[str, bool] = {}
    for start, end, sure in found:
        for match in re.finditer(r"[^\W\d_](?:[\w'’-]*\w)", text[start:end]):
            part = match.group()
            fold = part.casefold()
            if len(part) >= 3 and fold not in NO_NAME and (sure or not lex.ordinary(fold)):
                parts[fold] = lex.ordinary(fold) or fold in lex.eponyms
    if not parts:
        return
    forms = {f for fold in parts for f in (fold.title(), fold.upper(), fold[:1].upper() + fold[1:])}
    forms |= {text[a:b] for a, b, _ in found if re.fullmatch(r"[^\W\d_][\w'’-]{2,}", text[a:b])}
    forms |= {f for f, plain in parts.items() if lower and not plain}
    ordered = sorted((re.escape(f) for f in forms), key=len, reverse=True)
    for match in re.finditer(rf"(?<![\w'’-])(?:{'|'.join(ordered)})(?![\w-])", text):
        after = NEXT.match(text, match.end())
        if after is not None and after[1].casefold() in EPONYMOUS:
            continue
        if parts.get(match.group().casefold(), False):
            left = text[max(0, match.start() - LEFT) : match.start()]
            opens = _SENTENCE.search(left) and not _VERB.match(text, match.end())
            if upper or match.group().isupper() or opens:
                continue
        yield Phi(*match.span(), Category.NAME)
