"""The terms of an index, and the phrases that they read as."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from terminology.entry import Name
from terminology.index import KINDS, Array, pack_rows, pack_strings, phrase_hash, phrase_of


def terms_of(terms: list[tuple[int, Name]], arrays: dict[str, Array]) -> list[str]:
    """Adds the term table and the phrases that its terms read as; gives the phrases in order."""
    by_phrase: dict[str, list[int]] = defaultdict(list)
    for number, (_, name) in enumerate(terms):
        by_phrase[phrase_of(name.text)].append(number)
    by_phrase.pop("", None)
    hashes = {phrase: phrase_hash(phrase) for phrase in by_phrase}
    phrases = sorted(by_phrase, key=hashes.__getitem__)
    arrays |= pack_strings("term.text", (name.text for _, name in terms))
    arrays["term.concept"] = np.array([concept for concept, _ in terms], np.uint32)
    arrays["term.kind"] = np.array([KINDS.index(name.kind) for _, name in terms], np.uint8)
    arrays["term.ambiguous"] = np.array([name.ambiguous for _, name in terms], np.uint8)
    arrays |= pack_strings("phrase.text", phrases)
    arrays |= pack_rows("phrase.terms", (by_phrase[phrase] for phrase in phrases))
    arrays["phrase.hash"] = np.array([hashes[phrase] for phrase in phrases], np.uint64)
    return phrases
