"""Annotated texts: one JSON object a line with its text and gold spans (BC5CDR, Li 2016)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlp.engines.tagger.features import Encoded, encode
from nlp.engines.tagger.lexicon import Lexicon
from nlp.engines.tagger.tags import Mention, Tags, tags_of
from nlp.engines.tagger.words import Words
from nlp.types import Assertion, Kind

LABELS: dict[str, Kind] = {"Chemical": "medication", "Disease": "condition"}


@dataclass(frozen=True, slots=True)
class Gold:
    """A mention with what is claimed of it; offsets are code points."""

    start: int
    end: int
    kind: Kind
    assertion: Assertion | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text with all its mentions."""

    text: str
    gold: tuple[Gold, ...]


def read(path: Path) -> list[Text]:
    """The texts of a file; raises ValueError that names the line that has another form."""
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            gold = tuple(Gold(g["start"], g["end"], LABELS[g["label"]]) for g in row["gold"])
            out.append(Text(row["text"], gold))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name}:{number}: no text with gold spans") from error
    return out


def encoded(texts: Iterable[Text], lexicon: Lexicon) -> list[tuple[Encoded, Tags]]:
    """The features and tags of texts."""
    words = Words()
    pairs = ((encode(each.text, words, lexicon), each) for each in texts)
    return [(e, tags_of(mentions(e, each), len(e.places))) for e, each in pairs if len(e.places)]


def mentions(encoded: Encoded, text: Text) -> list[Mention]:
    """The gold mentions by their tokens, disjoint."""
    out: list[Mention] = []
    for gold in sorted(text.gold, key=lambda g: (g.start, -g.end)):
        first = int(np.searchsorted(encoded.places[:, 1], gold.start, side="right"))
        last = int(np.searchsorted(encoded.places[:, 0], gold.end, side="left")) - 1
        if first <= last and (not out or first > out[-1][1]):
            out.append((first, last, gold.kind))
    return out
