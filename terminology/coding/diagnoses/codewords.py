"""The words of each code as the index keeps them: of its title, of its names, of all above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from terminology.coding.canonical import lexemes
from terminology.index import Array, Rows, Strings, pack_rows
from terminology.types import TermKind

SEVENTH = 8  # characters, with the dot, of a code with its 7th character


def build(words: Mapping[str, Array], phrases: Sequence[int], arrays: dict[str, Array]) -> None:
    """Adds the words of each concept: of its title, of its names, and of all above it.

    `words` are the arrays of a Ranker over the phrases with those numbers.
    """
    count = len(arrays["concept.parent"])
    codes = Strings(arrays["concept.code.blob"], arrays["concept.code.offsets"]).all()
    shown = Strings(arrays["concept.display.blob"], arrays["concept.display.offsets"]).all()
    known = Strings(words["vocabulary.blob"], words["vocabulary.offsets"]).all()
    numbers = {word: number for number, word in enumerate(known)}
    documents: list[list[int]] = [[] for _ in words["totals"]]
    postings = Rows(words["postings.numbers"], words["postings.offsets"])
    for word in range(len(known)):
        for place in postings[word]:
            documents[place].append(word)
    alike = Rows(words["alike.numbers"], words["alike.offsets"])
    terms = Rows(arrays["phrase.terms.numbers"], arrays["phrase.terms.offsets"])
    concepts = arrays["term.concept"].tolist()
    parents, defaults = arrays["concept.parent"].tolist(), arrays["concept.default"].tolist()
    kinds, title_kind = arrays["term.kind"].tolist(), tuple(TermKind).index(TermKind.TITLE)
    own: dict[int, set[int]] = defaultdict(set)
    for place, document in enumerate(documents):
        for phrase in alike[place]:
            for term in terms[phrases[phrase]]:
                concept = concepts[term]
                own[concept].update(document)
                # what people call a plain code is a name of what it is the plain one of
                above = parents[concept] if kinds[term] != title_kind else -1
                while above >= 0 and defaults[above] == concept:
                    own[above].update(document)
                    above = parents[above]
    context: list[set[int]] = []
    title: list[list[int]] = []
    for concept, parent in enumerate(parents):
        plain = concept in own and len(codes[concept]) < SEVENTH
        context.append(
            own[concept] | (context[parent] if parent >= 0 else set()) if plain else set()
        )
        said = lexemes(shown[concept]) if plain else ()
        title.append(sorted(numbers[word] for word in said if word in numbers))
    # one list after the other, so that those of a phrase's candidates are gathered at once
    lists = (sorted(own.get(each, ())) for each in range(count)), map(sorted, context), title
    arrays |= pack_rows("weigh.words", chain(*lists))
    shapes = [_shape(code, display) for code, display in zip(codes, shown, strict=True)]
    arrays["weigh.shape"] = np.array(shapes, np.uint8)


def _shape(code: str, display: str) -> tuple[int, int, int]:
    """The length of a code, the number of its letter, and what its title says: bits."""
    low = display.lower()
    letter = ord(code[0]) - ord("A")
    return (
        len(code),
        letter if 0 <= letter < 26 else 0,
        ("unspecified" in low) + 2 * ("other" in low),
    )
