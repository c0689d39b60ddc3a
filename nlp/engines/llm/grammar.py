"""What may be sampled: JSON whose quotes are words of the note. A hallucinated quote can't be.

llguidance computes the mask of allowed tokens; its own MLX helper is a Metal kernel, so the bits
are unpacked with numpy here, which works on every MLX back end.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

import llguidance
import llguidance.hf
import mlx.core as mx
import numpy as np

from nlp.types import Assertion, MedicationStatus

MAX_ITEMS = 40  # of each kind in one passage


def _any(names: type[StrEnum]) -> str:
    return " | ".join(f'"{name.value}"' for name in names)


LARK = rf"""%llguidance {{}}
start: "{{\"conditions\":[" conds? "],\"medications\":[" meds? "]}}"
conds: cond ("," cond){{0,{MAX_ITEMS - 1}}}
meds: med ("," med){{0,{MAX_ITEMS - 1}}}
cond: "{{\"quote\":\"" QUOTE "\",\"assertion\":\"" ASSERTION "\",\"code\":\"" CODE? "\"}}"
med: "{{\"quote\":\"" QUOTE "\",\"status\":\"" STATUS "\"}}"
ASSERTION: {_any(Assertion)}
STATUS: {_any(MedicationStatus)}
CODE: /[A-Z][0-9A-Z][0-9A-Z](\.[0-9A-Z]{{1,4}})?/
QUOTE: %regex {{ "substring_words": PASSAGE }}
"""


class Grammars:
    """Builds processors for one model; the tokenizer's tables are made once (seconds at 262k)."""

    def __init__(self, tokenizer: Any) -> None:
        inner = getattr(tokenizer, "_tokenizer", tokenizer)
        self._eos = sorted(tokenizer.eos_token_ids)
        self._tokenizer = llguidance.hf.from_tokenizer(inner, eos_token=self._eos)

    def quotes(self, passage: str) -> Processor:
        """The processor for one passage; `passage` as text.flat gives it."""
        lark = LARK.replace("PASSAGE", json.dumps(passage))
        grammar = llguidance.LLMatcher.grammar_from_lark(lark)
        return Processor(llguidance.LLMatcher(self._tokenizer, grammar), self._eos[0])


class Processor:
    """A logits processor of mlx-lm: gets all tokens so far and the logits [1, vocabulary]."""

    def __init__(self, matcher: Any, eos: int) -> None:
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        self._matcher, self._eos = matcher, eos
        self._seen: int | None = None

    def __call__(self, tokens: mx.array, logits: mx.array) -> mx.array:
        if self._seen is not None and tokens.size > self._seen:
            self._matcher.consume_tokens(tokens[self._seen :].tolist())
        self._seen = tokens.size
        width = logits.shape[-1]
        if self._matcher.is_stopped():  # the grammar is complete: say so, or the model talks on
            allowed = np.zeros(width, bool)
            allowed[self._eos] = True
        else:
            bits = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
            allowed = np.unpackbits(bits, bitorder="little").astype(bool)[:width]
            allowed = np.pad(allowed, (0, width - allowed.size))
        return mx.where(mx.array(allowed), logits, mx.array(-mx.inf, logits.dtype))
