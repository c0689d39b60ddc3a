"""What a text has in signs and letters, in words: "#NOF", "OA L>R knees", "walking aids"."""

from __future__ import annotations

import re

from terminology.coding.lexicon import STOP

_FRACTURE = re.compile(r"#\s?(?=[A-Za-z]{2}|[CTLS]\d)")
_COMPARED = re.compile(
    r"\b(?:l(?:t|eft)?\s*[<>]+\s*r(?:t|ight)?|r(?:t|ight)?\s*[<>]+\s*l(?:t|eft)?)\b", re.IGNORECASE
)
# the acronym is written in capitals; the word is it alone, or after what says who has it
_AIDS = re.compile(r"\b(\w+) (aids?)\b")
_OF_AIDS = STOP.difference(("and",)).union(
    ("has", "have", "had", "got", "about", "hearing", "hiv", "blown", "the", "no", "not")
)
# what claims write behind a dash: the site of a joint by its limb, an injury that broke no skin,
# and a wound that is complicated, of which no code tells
_LIMB = re.compile(
    r"-(?P<limb>up(?:per)?/arm|shlder|forearm|pelvis|l/leg|low(?:er)?/leg)$", re.IGNORECASE
)
_LIMBS = {"u": "upper arm", "s": "shoulder", "f": "forearm", "p": "pelvis", "l": "lower leg"}
_JOINT = re.compile(
    r"arth(?!rodes)|osteoart|\bj(?:oin)?ts?\b|ankylos|synov|\bphos\b|ligam|\bcryst", re.IGNORECASE
)
_JOINTS = {**_LIMBS, "u": "elbow", "f": "wrist", "p": "hip", "l": "knee"}
_SKIN_WHOLE = re.compile(r"(?<=inj)(?:ury)?(?P<nos>(?: NOS| NEC)?)-clos(?:ed?)?$", re.IGNORECASE)
_COMPLICATED = re.compile(r"-compl?(?:ic)?$", re.IGNORECASE)
_OPEN_WOUND = re.compile(r"\bop(?:e?n)? w(?:ou)?nds?\b", re.IGNORECASE)


def in_words(text: str) -> str:
    """A text with its signs in words, and what is no acronym as something else.

    The sign for a fracture, sides of which one is worse, and aids that are devices.
    """
    if "#" in text:
        text = _FRACTURE.sub("fx ", text)
    if ">" in text or "<" in text:
        text = _COMPARED.sub("bilateral", text)
    if "-" in text:
        text = _behind_dash(text)
    if " aid" in text and "hiv" not in text.lower():
        text = _AIDS.sub(_device, text)
    return text


def _device(found: re.Match[str]) -> str:
    before = found[1]
    return found[0] if before.lower() in _OF_AIDS else f"{before} device{found[2][3:]}"


def _behind_dash(text: str) -> str:
    said = _JOINTS if _JOINT.search(text) else _LIMBS
    text = _LIMB.sub(lambda found: f" {said[found['limb'][0].lower()]}", text)
    text = _SKIN_WHOLE.sub(r"ury\g<nos>", text)
    if (end := _COMPLICATED.search(text)) and _OPEN_WOUND.search(text, 0, end.start()):
        text = text[: end.start()]
    return text
