"""What names no drug though it has drugs' words in it: a class of drugs, a drug that is denied."""

from __future__ import annotations

import re

# what patients call classes: neither water nor cholesterol is meant
_BY_PATIENTS = (
    r"(?:water|fluid|sugar|cholesterol|blood|acid|thyroid|hormone)"
    r" (?:pills?|thinners?|reducers?)"
)
# what clinicians name classes by, most of which is itself the name of a drug
_TARGET = """
beta alpha calcium channel ace angiotensin converting enzyme receptor proton pump histamine
dopamine serotonin reuptake norepinephrine vitamin k factor xa thrombin aldosterone xanthine oxidase
carbonic anhydrase aromatase testosterone estrogen opioid muscarinic adrenergic leukotriene
somatostatin insulin glucagon cholinesterase acetylcholinesterase protease integrase
"""
_TARGETS = rf"(?:(?:{'|'.join(_TARGET.split())}|ii|[1-5]|[bh][1-4]|5-ht[1-4]?|glp-?1)[ -]+){{1,6}}"
_CLASS = re.compile(
    rf"\b(?:{_BY_PATIENTS}|{_TARGETS}(?:blockers?|blockade|inhibitors?|agonists?|antagonists?)"
    r"|potassium[ -]sparing(?: diuretics?)?|statins?|triptans?|opiates|noacs?|doacs?)\b"
)
_WHO = r"(?:(?:(?:the )?(?:pt|patient|client)|he|she|they|i) )?"
_NONE = (
    r"(?:denies|denied|denying|(?:ha[sd] )?never (?:took|taken|used|had|tried|on|been on|received)"
    r"|refus(?:es|ed|ing)|declin(?:es|ed|ing)|(?:ha[sd] |is |was )?not (?:received|receiving|given)"
    r"|(?:is |are |am |was )?not (?:currently )?(?:on|taking|using)"
    r"|(?:does|do|did) ?n(?:o| ?)t (?:take|use|receive|want)"
    r"|(?:is|are|was) ?n ?t (?:on|taking|using|given)|without"
    r"|no(?! (?:refills?|substitut\w+|generics?|drip|doz|more than)\b| \d))"
)
# what was not done with a dose, told behind it; one that is held is the patient's all the same
_NOT_DONE = (
    r"(?:(?:was |were |is )?(?:refused|declined|denied|not (?:given|taken|administered|received))"
    r"|never (?:taken|given|started|received))"
)
_DENIED = re.compile(rf"{_WHO}{_NONE} (?P<what>.+)|.+ {_NOT_DONE}(?: (?:by|per) (?:the )?\w+)?")
_THERE = re.compile(r"\b(?:but|however|only|except)\b")


def without_classes(plain: str) -> str:
    """A normalised text less its classes of drugs: "beta blocker", "water pill"."""
    return _CLASS.sub("", plain)


def denied(normal: str) -> bool:
    """Whether a phrase, as phrase_of makes it, says of all its drugs that none is taken."""
    return _DENIED.fullmatch(normal) is not None and not _THERE.search(normal)
