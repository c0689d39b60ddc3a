"""De-identification: what was found is masked, replaced or removed, and the offsets kept."""

from __future__ import annotations

from collections.abc import Iterable

from nlp.deid.dates import day_first
from nlp.deid.known import Fact
from nlp.deid.safe_harbor import find
from nlp.deid.surrogate import Surrogates
from nlp.deid.types import Deidentified, Mode, Replaced


def deidentify(
    text: str,
    mode: Mode | str = Mode.MASK,
    key: str = "",
    patient: str = "",
    known: Iterable[Fact] = (),
) -> Deidentified:
    """The text without the identifiers that were found; offsets are code points.

    Mode surrogate needs a secret `key`: the same key gives the same name the same surrogate in
    every document, and with the same `patient` every date the same shift. What is `known` of the
    person is an identifier wherever it stands. Who knows the key can
    guess its way back. Raises ValueError for an unknown mode and for a surrogate without a key.
    """
    mode = Mode(mode)
    if mode is Mode.SURROGATE and not key:
        raise ValueError("mode surrogate needs a key: a secret text, the same for all documents")
    surrogates = Surrogates(key, patient, day_first(text))
    out: list[str] = []
    spans: list[Replaced] = []
    at = length = 0
    for phi in find(text, known):
        kept = text[at : phi.start]
        match mode:
            case Mode.MASK:
                new = f"[{phi.category}]"
            case Mode.SURROGATE:
                new = surrogates.of(phi.category, text[phi.start : phi.end])
            case Mode.REMOVE:
                new = ""
        out += (kept, new)
        length += len(kept)
        spans.append(Replaced(phi.category, phi.start, phi.end, length, length + len(new), new))
        length += len(new)
        at = phi.end
    out.append(text[at:])
    return Deidentified("".join(out), mode, tuple(spans))
