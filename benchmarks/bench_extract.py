"""Notes to findings: the engine "rules" against a plain tagger in Python, in KB/s of text.

The reference is the tagger that one writes with `re`: every run of up to six words is looked up in
a dictionary of the same displays, then the cues of the same table are searched for in the sentence
one by one, as the Python NegEx of Chapman does. It has no sections, sigs, statuses, qualifiers or
merge. medSpaCy, which has some of them, read 5 to 32 KB/s on another machine of this kind.
"""

from __future__ import annotations

import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from race import claim, race

from nlp import linking
from nlp.batch import Workers
from nlp.cues import CUES
from nlp.pipeline import Pipeline
from terminology.building.build import build
from terminology.service import Terminology

DATA = Path(os.environ.get("MEDPARSER_DATA", Path(__file__).parents[1] / ".data"))
EXAMPLES = Path(__file__).parents[1] / "examples"
WORD = re.compile(r"[A-Za-z0-9]+")
SENTENCE = re.compile(r"[^.\n]+")
LONGEST = 6  # words
LARGE = 16_000_000  # code points
CONDITIONS = """
    hypertension; type 2 diabetes mellitus; asthma; atrial fibrillation; migraine without aura; gout
    COPD; osteoarthritis of the right knee; hypothyroidism; CKD stage 3; iron deficiency anemia
    coronary artery disease; major depressive disorder; obesity; pneumonia; low back pain; psoriasis
"""
DRUGS = """
    lisinopril 10 mg; metformin 500 mg; atorvastatin 40 mg; amlodipine 5 mg; omeprazole 20 mg
    sertraline 50 mg; levothyroxine 75 mcg; gabapentin 300 mg; Eliquis 5 mg; albuterol 90 mcg
"""
FRAMES = """
    The patient is a {age}-year-old {sex} who returns for follow-up of {condition}.
    She denies {condition}, chest pain or shortness of breath.
    He takes {drug} by mouth {often} and tolerates it well.
    There is a family history of {condition} in the mother.
    We discussed the results of the laboratory studies, which were drawn last week at this office.
    Blood pressure is {age}/72, pulse 74, weight {age} kg, and the lungs are clear bilaterally.
    Her weight has been steady since the last visit and her appetite remains good overall.
    He lives with his family, works full time, and walks the dog for half an hour most days.
    All questions were answered and a copy of this note was sent to the referring physician.
    The abdomen is soft with normal bowel sounds, and the neck is supple without masses.
    Creatinine was 0.9, potassium 4.1, hemoglobin 13.2, and the lipid panel is pending today.
    We will repeat the blood work before the next visit, which is scheduled for early spring.
    The plan was reviewed at length, questions were answered, and the patient agrees with it.
    {condition}: continue {drug} {often}, recheck in three months.
"""


def notes(count: int, seed: int = 5) -> list[str]:
    """Made-up notes of about 3,000 characters with sections, lists and running text."""
    draw = random.Random(seed)  # noqa: S311 - made-up data
    conditions, drugs, frames = (
        [each.strip() for each in re.split(r"[;\n]", table) if each.strip()]
        if ";" in table
        else [line.strip() for line in table.strip().splitlines()]
        for table in (CONDITIONS, DRUGS, FRAMES)
    )

    def line() -> str:
        return draw.choice(frames).format(
            age=draw.randint(30, 90),
            sex=draw.choice(["man", "woman"]),
            condition=draw.choice(conditions),
            drug=draw.choice(drugs),
            often=draw.choice(["daily", "twice daily", "q.6h. p.r.n.", "at bedtime"]),
        )

    out = []
    for _ in range(count):
        history = " ".join(line() for _ in range(18))
        listed = "\n".join(f"- {draw.choice(drugs)} PO daily" for _ in range(6))
        plan = "\n".join(f"{n}. {line()}" for n in range(1, 7))
        out.append(
            f"HISTORY:\n{history}\n\nMEDICATIONS:\n{listed}\n\nASSESSMENT AND PLAN:\n{plan}\n"
        )
    return out


def dictionary(terminology: Terminology) -> set[str]:
    """All displays of the loaded systems as lower-case words."""
    return {
        " ".join(WORD.findall(terminology.display(system.url, code).lower()))
        for system in terminology.systems()
        for code in terminology.codes(system.url)
    }


def cues() -> list[tuple[str, re.Pattern[str]]]:
    """The words of the cue table, each with its category."""
    return [
        (kind.category, re.compile(rf"\b{re.escape(phrase)}\b", re.I))
        for kind, phrases in CUES.items()
        for phrase in phrases
        if phrase[:1].isalpha()
    ]


def tag(
    phrases: set[str], rules: list[tuple[str, re.Pattern[str]]], text: str
) -> list[tuple[int, int, set[str]]]:
    """The reference: hits of the dictionary, longest first, with the categories of their cues."""
    found = []
    for sentence in SENTENCE.finditer(text):
        spans = [m.span() for m in WORD.finditer(text, *sentence.span())]
        low = [text[a:b].lower() for a, b in spans]
        at = 0
        while at < len(low):
            for size in range(min(LONGEST, len(low) - at), 0, -1):
                if " ".join(low[at : at + size]) in phrases:
                    said = {name for name, rule in rules if rule.search(sentence[0])}
                    found.append((spans[at][0], spans[at + size - 1][1], said))
                    at += size - 1
                    break
            at += 1
    return found


def in_parallel(texts: list[str]) -> None:
    """Notes a second by two worker processes against one, by the clock: wants two idle cores."""
    rate = {}
    for count in (1, 2):
        answers = Workers(DATA, count).map(_claimed, texts * 12)
        for _ in range(len(texts)):
            next(answers)  # workers that are still opening
        began = time.perf_counter()
        done = sum(1 for _ in answers)
        rate[count] = done / (time.perf_counter() - began)
    claim("notes a second, two processes against one", rate[2], rate[1], "notes/s")


def _claimed(pipeline: Pipeline, text: str) -> int:
    return len(pipeline.extract(text).findings)


def one_by_one(pipeline: Pipeline, engine: str, texts: list[str]) -> None:
    """CPU time of single notes: how many a second of one core, and the slowest twentieth."""
    pipeline.extract(texts[0], engine)
    taken = []
    for text in texts * 3:
        began = time.thread_time()
        pipeline.extract(text, engine)
        taken.append(time.thread_time() - began)
    taken.sort()
    claim(f"notes a second of one core, engine {engine}", len(taken) / sum(taken), 150, "notes/s")
    claim(f"95 % of the notes, engine {engine}", 1000 * taken[len(taken) * 19 // 20], 25, "ms")


def cold_start() -> None:
    """A new process that imports, opens the index and reads a note; compiled, as when installed."""
    code = (
        "from pathlib import Path; from nlp.pipeline import Pipeline; "
        "from terminology.service import Terminology; import resource, sys; "
        "Pipeline(Terminology.open(Path(sys.argv[1]))).extract('Gout. Lisinopril 10 mg daily.'); "
        "used = resource.getrusage(resource.RUSAGE_SELF); print(used.ru_utime + used.ru_stime)"
    )
    with tempfile.TemporaryDirectory() as compiled:
        place = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        told = [
            float(
                subprocess.run(
                    [sys.executable, "-c", code, str(DATA)],
                    env=place,
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
            )
            for _ in range(6)
        ]
    claim("cold start to the first findings, CPU time", statistics.median(told[1:]), 0.5, "s")


def soak(pipeline: Pipeline, count: int = 4000, engine: str = "rules") -> None:
    """Resident memory after `count` notes, each another, against that after a quarter of them."""
    sizes = []
    for number in range(count):
        text = f"Seen by Dr. {number:x}qu. {notes(1, seed=1000 + number)[0]}"
        pipeline.extract(text, engine)
        if number in (count // 4, count - 1):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            sizes.append(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
    claim(f"memory after {count} notes against a quarter of them", sizes[1], sizes[0], "MB")


def main() -> None:
    """Prints one line a claim; `soak COUNT` reads as many notes by the engine auto, no more."""
    build(DATA)
    if sys.argv[1:2] == ["soak"]:
        soak(Pipeline(Terminology.open(DATA)), int(sys.argv[2]), "auto")
        return
    cold_start()
    terminology = Terminology.open(DATA)
    pipeline = Pipeline(terminology)
    pipeline.extract("Hypertension.")
    phrases, rules = dictionary(terminology), cues()
    texts = notes(80) + [p.read_text(encoding="utf-8") for p in sorted(EXAMPLES.glob("*.txt"))]
    size = sum(map(len, texts)) / 1024

    def ours() -> None:
        for text in texts:
            pipeline.extract(text)

    def cold() -> None:
        linking.found.cache_clear()
        ours()

    def reference() -> None:
        for text in texts:
            tag(phrases, rules, text)

    taken = race({"ours": ours, "cold": cold, "reference": reference})
    rate = {name: size / seconds for name, seconds in taken.items()}
    claim("notes to findings, engine rules", rate["ours"], rate["reference"], "KB/s")
    claim("the same, nothing remembered of other notes", rate["cold"], rate["reference"], "KB/s")
    one_by_one(pipeline, "rules", texts)
    one_by_one(pipeline, "tagger", texts)
    in_parallel(texts)
    soak(pipeline)
    large = ("\n\n".join(texts) * (1 + LARGE // int(1024 * size)))[:LARGE]
    began = time.process_time()
    pipeline.extract(large)
    alone = LARGE / 1024 / (time.process_time() - began)
    claim("one note of 16 MB against short notes", alone, rate["ours"], "KB/s")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    claim("memory at most, against that of the note's own size", memory, LARGE / 1e6, "MB")


if __name__ == "__main__":
    main()
