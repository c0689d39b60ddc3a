"""The recipe of the shipped weights: every number that decides them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from nlp.training.crf import Settings


@dataclass(frozen=True, slots=True)
class Recipe:
    """What goes in and how it is trained; written into the weights' metadata."""

    name: str = "tagger-1"
    article: Settings = field(default_factory=Settings)
    article_bias: float = 0.5
    article_agreement: float = 0.4
    note: Settings = field(
        default_factory=lambda: Settings(rows=45_000, seeds=(1,), epochs=8, least=3)
    )
    note_bias: float = 0.5
    note_agreement: float = 0.3
    notes: int = 1500  # composed
    note_seed: int = 7
    claim_rows: int = 10_000

    def plain(self) -> dict[str, object]:
        """The recipe as plain values."""
        return asdict(self)
