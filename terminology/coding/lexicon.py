"""Words that mean the same, shorthand, and phrases for one another: the table data/lexicon.tsv.

A row `same` has words that count as its meaning when phrases are compared word by word. A row
`short` has what a word stands for, one of several between |; a meaning may be several
words. A row `letters` has what shorthand of several words stands for: "d o", as "d/o" reads. A row
`phrase` is rewritten before words are compared. A row `verb` has forms of a verb, and what it is
called when one can't do it | when one hardly can. Rows `everyday` and `part` have words of which a
phrase that has no others names no disorder; how a thing is ("severely") tells little beside other
words, too. A row `within` has parts of the body that codes may tell of by the larger part that they
belong to.
"""

from __future__ import annotations

from itertools import product

from terminology.facts import DATA, rows

_ROWS = tuple(rows(DATA / "lexicon.tsv", ["kind", "words", "meaning"]))

_PREFIXES = "non pre anti sub intra extra peri para hyper hypo"
PREFIXES = frozenset(_PREFIXES.split())
_TUMORS = "neoplasm neoplasms tumor tumors tumour tumours neo neopl"
TUMORS = frozenset(_TUMORS.split())
_STOP = (
    "an and are as at by for from in into is it my of on or s than that the this to was were which"
    " with nonrecurrent"
)
STOP = frozenset(_STOP.split())
# words that tell little of what a phrase is about
_WEAK = """
unspecified other disorder syndrome condition specified type initial encounter part site elsewhere
classified state process problem form certain due unknown related associated thi clas cause region
episode current nature when can t won haven am be been
"""
_HOW = (word for _, said, sense in _ROWS if sense == "how" for word in said.split())
WEAK = frozenset((*_WEAK.split(), *_HOW))

_NUMERALS = """
ii=2 iii=3 iv=4 vi=6 vii=7 viii=8 ix=9 xi=11 xii=12 one=1 two=2 three=3 four=4 five=5 six=6 seven=7
eight=8 nine=9 ten=10 first=1 second=2 third=3 fourth=4 fifth=5 1st=1 2nd=2 3rd=3 3d=3 4th=4 5th=5
"""
NUMERALS = dict(pair.split("=") for pair in _NUMERALS.split())

# what says before a verb that it can't be done, or hardly
_UNABLE = ("can t", "cant", "cannot", "unable to", "not able to", "inability to")
_TROUBLE = (
    *("trouble", "trouble with", "difficulty", "difficulty with", "difficult to", "hard to"),
    *("hard time", "problem", "problems", "problems with", "struggles to", "struggling to"),
)

COUNTED = frozenset(("type", "stage"))  # words whose number is a part of them
SAME = {
    word: meaning
    for kind, said, meaning in _ROWS
    if kind == "same"
    for word in (meaning, *said.split())
}
SHORT = {
    word: tuple(tuple(each.split()) for each in meanings.split("|"))
    for kind, word, meanings in _ROWS
    if kind == "short"
}
PHRASES = {
    said: tuple(meaning.split())
    for kind, row, meaning in _ROWS
    if kind == "phrase"
    for said in product(*(place.split("|") for place in row.split()))
}
EVERYDAY = frozenset(word for kind, said, _ in _ROWS if kind == "everyday" for word in said.split())
NORMAL = frozenset(
    word
    for kind, said, sense in _ROWS
    if kind == "everyday" and sense == "as it should be"
    for word in said.split()
)
MEASURED = frozenset(word for kind, said, _ in _ROWS if kind == "measured" for word in said.split())
PARTS = frozenset(word for kind, said, _ in _ROWS if kind == "part" for word in said.split())
PART_OF = {
    word: tuple(wholes.split())
    for kind, said, wholes in _ROWS
    if kind == "within"
    for word in said.split()
}
LETTERS = {said: meaning for kind, said, meaning in _ROWS if kind == "letters"}
PHRASES |= {tuple(said.split()): tuple(meaning.split()) for said, meaning in LETTERS.items()}
PHRASES |= {
    (*lead.split(), form): tuple(meaning.split())
    for kind, forms, meanings in _ROWS
    if kind == "verb"
    for leads, meaning in zip((_UNABLE, _TROUBLE), meanings.split("|"), strict=True)
    for lead in leads
    for form in forms.split()
}
# a letter alone may be a name: type O, hepatitis C
PHRASES |= {
    (short,): meanings[0]
    for short, meanings in SHORT.items()
    if len(meanings) == 1 and len(short) > 1
}
