"""Claims: the short jobs around one query are faster than the Python and NumPy forms of them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from race import claim, race, terms

from kernels.cosine import cosine, cosines, rerank
from kernels.embed import embed
from kernels.native import backend

DIM, CANDIDATES, KEPT = 256, 100, 10
Vector = NDArray[np.float32]


def by_python(a: list[float], b: list[float]) -> float:
    """The formula over lists."""
    product = sum(x * y for x, y in zip(a, b, strict=True))
    return product / (math.sqrt(sum(x * x for x in a)) * math.sqrt(sum(y * y for y in b)))


def by_numpy(a: Vector, b: Vector) -> float:
    """The formula over arrays."""
    return float(np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b)))


def by_matrix(query: Vector, rows: Vector) -> Vector:
    """All rows at once."""
    return rows @ query / (np.linalg.norm(rows, axis=1) * np.linalg.norm(query))


def embed_by_python(text: str) -> list[float]:
    """Hashed, signed 3-gram counts of one phrase, scaled to length 1."""
    padded = f" {' '.join(text.lower().split())} "
    row = [0.0] * DIM
    for at in range(len(padded) - 2):
        mixed = hash(padded[at : at + 3])
        row[mixed % DIM] += 1.0 if mixed >> 40 & 1 else -1.0
    length = math.sqrt(sum(value * value for value in row)) or 1.0
    return [value / length for value in row]


def embed_by_numpy(text: str) -> Vector:
    """The same with NumPy's array operations."""
    codes = np.frombuffer(f" {' '.join(text.lower().split())} ".encode(), np.uint8)
    wide = codes.astype(np.uint32)
    grams = (wide[:-2] | wide[1:-1] << 8 | wide[2:] << 16) * np.uint32(0x9E3779B1)
    row = np.bincount(grams >> 24, weights=1.0 - 2.0 * (grams & 1), minlength=DIM)
    return (row / np.linalg.norm(row)).astype(np.float32)


def contest(name: str, repeats: int, forms: dict[str, Callable[[], object]]) -> None:
    """Races each form many times a round and prints ours against each other."""
    jobs = {
        said: lambda form=form: [form() for _ in range(repeats)]  # type: ignore[misc]
        for said, form in forms.items()
    }
    taken = {said: 1e6 * spent / repeats for said, spent in race(jobs, limit=3.0).items()}
    for said in taken:
        if said != "ours":
            claim(f"{name} ({backend('cosine')} vs {said})", taken["ours"], taken[said], "µs")


def main() -> None:
    """Races a pair, a batch, a phrase and a reranking, each against two usual forms."""
    draw = np.random.default_rng(1)
    rows = draw.standard_normal((50_000, DIM)).astype(np.float32)
    query, batch = rows[0].copy(), rows[:CANDIDATES].copy()
    ids = draw.permutation(len(rows))[:CANDIDATES]
    lists = [query.tolist(), rows[1].tolist()]
    phrase = next(name for name in terms(1_000) if 25 < len(name) < 40)

    def rerank_by_loop() -> object:
        return sorted(((by_numpy(query, rows[id_]), id_) for id_ in ids), reverse=True)[:KEPT]

    def rerank_by_matrix() -> object:
        scores = by_matrix(query, rows[ids])
        order = np.argsort(-scores)[:KEPT]
        return scores[order], ids[order]

    contest(
        "cosine of one pair", 1_000,
        {
            "ours": lambda: cosine(query, batch[1]),
            "python": lambda: by_python(*lists),
            "numpy": lambda: by_numpy(query, batch[1]),
        },
    )  # fmt: skip
    contest(
        f"cosine of a batch of {CANDIDATES}", 200,
        {
            "ours": lambda: cosines(query, batch),
            "numpy, row by row": lambda: [by_numpy(query, row) for row in batch],
            "numpy, one matrix": lambda: by_matrix(query, batch),
        },
    )  # fmt: skip
    contest(
        "embedding of one phrase", 500,
        {
            "ours": lambda: embed([phrase]),
            "python": lambda: embed_by_python(phrase),
            "numpy": lambda: embed_by_numpy(phrase),
        },
    )  # fmt: skip
    contest(
        f"rerank of {CANDIDATES} candidates", 200,
        {
            "ours": lambda: rerank(query, rows, ids, KEPT),
            "numpy, row by row": rerank_by_loop,
            "numpy, one matrix": rerank_by_matrix,
        },
    )  # fmt: skip


if __name__ == "__main__":
    main()
