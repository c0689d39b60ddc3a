"""The tables of further names that ship: shorthand, lay terms, and the alphabetic index.

A table has lines that start with # and tell where it comes from, then a line of column names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from terminology.errors import SourceError
from terminology.source import Name
from terminology.types import ICD10CM, RXNORM, TermKind

DATA = Path(__file__).parents[1] / "data"
SYNONYMS = {ICD10CM: "icd10cm_synonyms.tsv", RXNORM: "rxnorm_synonyms.tsv"}
AMBIGUOUS = "abbreviation-ambiguous"
INDEX = "icd10cm_index.tsv"
ALLERGENS = "allergens.tsv"
PLAIN = "plain_words.tsv"
_SKIN = (" skin extract", " epithelia extract", " epithelium extract", " dander extract")
_FOOD = (" extract", " allergenic extract", " fruit extract", " seed extract")
# how RxNorm ends the name of an extract: how those go on that tell the species
EXTRACTS = {
    "pollen": ((" pollen extract", (" pollen extract",)),),
    "animal": (
        (" skin extract", _SKIN),
        (" epithelia extract", _SKIN),
        (" hair extract", (" hair extract",)),
        (" feather extract", (" feather extract", " feathers extract")),
        (" allergenic extract", _FOOD[:2]),
    ),
    "matter": ((" allergenic extract", _FOOD), (" extract", _FOOD)),
}

# the six columns of the table of neoplasms, as people write them
BEHAVIOURS = (
    ("malignant neoplasm of {}", "cancer of {}", "{} cancer", "carcinoma of {}", "{} carcinoma"),
    ("secondary malignant neoplasm of {}", "metastasis to {}", "{} metastasis"),
    ("carcinoma in situ of {}",),
    ("benign neoplasm of {}", "benign tumor of {}"),
    ("neoplasm of uncertain behavior of {}",),
    ("neoplasm of {}", "tumor of {}", "{} tumor"),
)
# the final characters of the table of drugs and chemicals
INTENTS = {
    "1": ("poisoning by {}", "{} poisoning", "{} overdose"),
    "2": ("poisoning by {}, intentional self-harm",),
    "3": ("poisoning by {}, assault",),
    "5": ("adverse effect of {}",),
    "6": ("underdosing of {}",),
}


def rows(path: Path, columns: list[str]) -> Iterator[list[str]]:
    """The rows of a table; raises SourceError, with file and line, where one is broken."""
    head = False
    with path.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            cells = line.rstrip("\r\n").split("\t")
            if line.startswith("#"):
                continue
            if not head:
                head = True
                if cells != columns:
                    raise SourceError(f"{path.name}:{number}: columns must be {' '.join(columns)}")
            elif len(cells) != len(columns) or not all(cells):
                raise SourceError(f"{path.name}:{number}: not a row of {' '.join(columns)}")
            else:
                yield cells


def further_names(url: str, folder: Path = DATA) -> Iterator[tuple[str, Name]]:
    """(code, name) from every table of a system; a code may be unknown to the loaded release."""
    path = folder / SYNONYMS.get(url, "")
    if path.is_file():
        column = "code" if url == ICD10CM else "rxcui"
        told: Counter[str] = Counter()
        for term, code, kind in rows(path, ["term", column, "kind"]):
            if kind == AMBIGUOUS:
                told[term.casefold()] += 1
            ambiguous = told[term.casefold()]
            yield code, Name(term, TermKind(kind.partition("-")[0]), ambiguous)
    if url == ICD10CM and (folder / INDEX).is_file():
        for kind, term, codes in rows(folder / INDEX, ["kind", "term", "codes"]):
            yield from indexed(kind, term, codes.split())


def plain_words(folder: Path = DATA) -> frozenset[str]:
    """English words, in lower case, that a search by spelling would take for drugs."""
    return frozenset(
        word for _, own in rows(folder / PLAIN, ["initial", "words"]) for word in own.split()
    )


def allergens(folder: Path = DATA) -> dict[str, list[str]]:
    """RxNorm's extracts for allergy, in lower case, each by the scientific names of the species."""
    found: dict[str, list[str]] = defaultdict(list)
    for species, name, kind in rows(folder / ALLERGENS, ["species", "name", "kind"]):
        for theirs, ours in EXTRACTS[kind]:
            found[(name + theirs).lower()] += [species + each for each in ours]
    return found


def indexed(kind: str, term: str, codes: list[str]) -> Iterator[tuple[str, Name]]:
    """(code, name) of an entry of the alphabetic index, by its kind: cause, neoplasm, drug.

    `codes`: one; the six of a row of neoplasms, "-" for none; the stem and the final characters.
    """
    if kind == "cause":
        yield codes[0], Name(term, TermKind.INDEX)
    elif kind == "neoplasm":
        for code, phrases in zip(codes, BEHAVIOURS, strict=True):
            for phrase in phrases if code != "-" else ():
                yield code, Name(phrase.format(term), TermKind.INDEX)
    else:
        stem, finals = codes
        for final in finals:
            for phrase in INTENTS.get(final, ()):
                yield stem + final, Name(phrase.format(term), TermKind.INDEX)
