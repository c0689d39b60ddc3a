"""Engine llm: the real mlx-lm path on a tiny random checkpoint: load → grammar → generate → spans."""

from __future__ import annotations

import resource
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest

from nlp.document import read as read_document
from nlp.engines.llm import folder
from nlp.engines.llm.blas import file_limit_kept, prepare
from nlp.engines.llm.engine import LlmEngine, Passage, items, locate, read, split
from nlp.engines.llm.text import flat
from nlp.engines.llm.worker import Request, Worker
from nlp.types import Correcting, Document, Fault, ModelMissing, Sentence
from tests.nlp import checkpoint

if find_spec("mlx_lm") is None:
    pytest.skip("the extra mlx is not installed", allow_module_level=True)
NOTE = 'HPI: 61 y/o with "type 2" diabetes\nand asthma. Takes metformin 500 mg BID.\nNo chest pain.'


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    prepare()
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with file_limit_kept():
        import mlx_lm  # noqa: F401 - its import lowers the limit
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
    made = tmp_path_factory.mktemp("model")
    checkpoint.make(made, [NOTE, '{"conditions":[{"quote":"x","assertion":"present","code":""}]}'])
    return made


@pytest.fixture(scope="module")
def engine(model: Path) -> LlmEngine:
    return LlmEngine(Worker(folder.check(model)), model.name)


def test_every_candidate_quotes_the_note(engine: LlmEngine) -> None:
    document = read_document(NOTE)
    for candidate in engine.extract(document):
        span = candidate.span
        assert document.text[span.start : span.end] == span.quote
        assert candidate.source == "llm"


def test_requests_of_many_threads_are_answered_alike(engine: LlmEngine) -> None:
    document = read_document(NOTE)
    alone = engine.extract(document)
    with ThreadPoolExecutor(4) as pool:
        for together in pool.map(lambda _: engine.extract(document), range(4)):
            assert together == alone


def test_the_answer_holds_to_the_grammar(model: Path) -> None:
    words = flat(NOTE)
    request = Request(({"role": "user", "content": words},), words, max_tokens=64)
    worker = Worker(model)
    answer = worker.submit(request).result(120)
    assert answer.startswith('{"conditions":[')
    for _, item in items(answer):
        assert item["quote"] in words
    assert threading.active_count() < 20


def test_it_can_be_asked_again(engine: LlmEngine) -> None:
    assert isinstance(engine, Correcting)
    document = read_document(NOTE)
    candidates = engine.extract(document)
    faults = [Fault(c, "code", "no such code") for c in candidates[:1]]
    for candidate in engine.correct(document, faults):
        assert candidate.span.start < faults[0].candidate.span.end


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda f: (f / "config.json").unlink(), "has no configuration"),
        (lambda f: (f / "model.safetensors").unlink(), "has no weights"),
        (lambda f: [t.unlink() for t in f.glob("tokenizer*")], "has no tokenizer"),
        (lambda f: (f / "config.json").write_text("{"), "is not JSON"),
        (lambda f: (f / "config.json").write_text("{}"), "names no model_type"),
    ],
)
def test_a_broken_folder_says_what_is_missing(
    break_it: object, said: str, model: Path, tmp_path: Path
) -> None:
    for file in model.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert callable(break_it)
    break_it(tmp_path)
    with pytest.raises(ModelMissing, match=said):
        folder.check(tmp_path)


@pytest.mark.parametrize("name", ["", None, "no-such-folder"])
def test_no_model_says_how_to_name_one(name: str | None) -> None:
    with pytest.raises(ModelMissing, match="MEDPARSER_MODEL"):
        folder.check(name)


def test_weights_that_do_not_load_are_told_and_tried_again(model: Path, tmp_path: Path) -> None:
    for file in model.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    worker = Worker(tmp_path)
    request = Request(({"role": "user", "content": "x"},), "x", max_tokens=8)
    for _ in range(2):
        with pytest.raises(ModelMissing, match="can't be loaded"):
            worker.submit(request).result(120)


def test_quotes_are_found_across_line_ends_and_in_order() -> None:
    passage = Passage(10, "asthma and\nasthma")
    first = locate(passage, "asthma", 0)
    assert first is not None
    second = locate(passage, "asthma", first.end - 10)
    assert second is not None
    assert (first.start, second.start) == (10, 21)
    across = locate(passage, "and asthma", 0)
    assert across is not None
    assert across.quote == "and\nasthma"
    assert locate(passage, "gout", 0) is None


def test_an_answer_that_was_cut_short_keeps_its_whole_items() -> None:
    passage = Passage(0, "asthma, gout. Takes aspirin.")
    answer = (
        '{"conditions":[{"quote":"asthma","assertion":"present","code":"J45.909"},'
        '{"quote":"gout","assertion":"neg'
    )
    (found,) = read(passage, answer)
    assert (found.span.quote, found.code) == ("asthma", "J45.909")
    whole = '{"conditions":[],"medications":[{"quote":"aspirin","status":"active"}]}'
    (drug,) = read(passage, whole)
    assert (drug.kind, drug.span.start) == ("medication", 20)


def test_passages_are_whole_sentences_and_lose_nothing() -> None:
    text = "word " * 3000
    cut = tuple(Sentence(n, n + 50) for n in range(0, 15000, 50))
    for document in (Document(text, (), cut), Document(text, (), (Sentence(0, 15000),))):
        passages = list(split(document))
        assert "".join(p.text for p in passages) == text
        assert all(len(p.text) <= 2400 for p in passages)
