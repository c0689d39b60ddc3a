"""Runs every task on every set of a folder, by every engine that the task knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.pipeline import Pipeline
from nlp.predict import TASKS, read_rows
from nlp.quality.errors import classes
from nlp.quality.intervals import interval
from nlp.quality.measures import MEASURES, Counts, Row

OWN = Path(__file__).parent / "notes"  # notes and dialogues written for this project
# How a file of gold is called: its task.
SETS: dict[str, str] = {
    "docs_": "docs",
    "transcripts_": "docs",
    "notes": "docs",
    "dialogues": "docs",
    "med_sentences": "meds",
    "assertion_negex": "assertion",
    "sections_": "sections",
    "ner_": "ner",
    "deid_": "deid",
    "synthea_": "codes",
}
BY_ENGINE = ("docs", "ner")  # the other tasks read no engine's mentions or only the rules'
ENGINES = ("rules", "tagger", "auto")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one set by one engine; `low..high` is the 95 % interval of its F1."""

    task: str
    name: str
    documents: int
    engine: str
    measure: str
    counts: Counts
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors of one class in one set by one engine; `of` is 0 where nothing bounds them."""

    name: str
    engine: str
    cause: str
    count: int
    of: int


def sets(folder: Path) -> list[tuple[str, Path]]:
    """The tasks and files of a folder, sorted; what a model learns from ("train") is left out."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        task = next((t for start, t in SETS.items() if path.name.startswith(start)), "")
        if task and ".train" not in path.name:
            found.append((task, path))
    return found


def run(
    pipeline: Pipeline, folder: Path, engines: Sequence[str] = ENGINES
) -> Iterator[tuple[list[Figure], list[Errors]]]:
    """Figures and classes of errors, set by set. Raises ValueError for what is no gold, and at once
    where there is none."""
    if not (found := sets(folder)):
        raise ValueError(f"no sets of gold in {folder}: {'*.jsonl, '.join(SETS)}*.jsonl")
    return (each for task, path in found for each in _scored(pipeline, task, path, engines))


def _scored(
    pipeline: Pipeline, task: str, path: Path, engines: Sequence[str]
) -> Iterator[tuple[list[Figure], list[Errors]]]:
    """Of one set, engine by engine."""
    gold = read_rows(path)
    for engine in engines:
        if engine != "rules" and task not in BY_ENGINE:
            continue
        said = [TASKS[task](row, pipeline, engine) for row in gold]
        figures = list(_figures(task, path, engine, gold, said))
        found = classes(gold, said) if task == "docs" else []
        name = path.name.partition(".")[0]
        yield figures, [Errors(name, engine, *each) for each in found]


def _figures(
    task: str, path: Path, engine: str, gold: list[Row], said: list[Row]
) -> Iterator[Figure]:
    each = [MEASURES[task](want, got) for want, got in zip(gold, said, strict=True)]
    for measure in dict.fromkeys(name for one in each for name in one):
        counts = [one.get(measure, Counts()) for one in each]
        whole = sum(counts, Counts())
        low, high = interval(counts)
        name = path.name.partition(".")[0]
        yield Figure(task, name, len(gold), engine, measure, whole, low, high)
