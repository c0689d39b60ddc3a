"""Claim: the exact ten nearest of 200,000 vectors come faster than faiss finds approximate ones."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import faiss
import numpy as np
from race import Job, claim, race

from kernels.native import backend
from kernels.scan import Scan

ROWS, DIM, BATCH, BEST = 200_000, 256, 64, 10


def unblocked(flat: faiss.IndexFlatIP, queries: np.ndarray) -> None:
    """A batch without BLAS, which faiss uses from 20 queries on and which may be the slower."""
    usual = faiss.cvar.distance_compute_blas_threshold
    faiss.cvar.distance_compute_blas_threshold = BATCH + 1
    flat.search(queries, BEST)
    faiss.cvar.distance_compute_blas_threshold = usual


def recall(found: np.ndarray, exact: np.ndarray) -> float:
    """How much of the exact ten was found."""
    pairs = zip(found, exact, strict=True)
    return sum(len({*a.tolist()} & {*b.tolist()}) for a, b in pairs) / exact.size


def main() -> None:
    """Races one query and 64 on one thread; ours include the rescore in double precision."""
    faiss.omp_set_num_threads(1)
    draw = np.random.default_rng(0)
    vectors = draw.standard_normal((ROWS, DIM), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    queries = draw.standard_normal((BATCH, DIM), dtype=np.float32)
    few = queries[:8]
    scan = Scan.build(vectors)
    kinds = {"SQ8": "QT_8bit", "SQ8 uniform": "QT_8bit_uniform"}
    flat = faiss.IndexFlatIP(DIM)
    flat.add(vectors)
    theirs = {"Flat": flat}
    for name, kind in kinds.items():
        quantiser = getattr(faiss.ScalarQuantizer, kind)
        theirs[name] = faiss.IndexScalarQuantizer(DIM, quantiser, faiss.METRIC_INNER_PRODUCT)
        theirs[name].train(vectors[:20_000])
        theirs[name].add(vectors)
    exact = np.argsort(-(queries.astype(np.float64) @ vectors.T.astype(np.float64)))[:, :BEST]
    assert recall(scan.topk_many(queries, BEST)[1], exact) == 1.0
    one: dict[str, Job] = {"ours": lambda: [scan.topk(query, BEST) for query in few]}
    one |= {
        name: lambda index=index: [index.search(query[None], BEST) for query in few]
        for name, index in theirs.items()
    }
    many: dict[str, Job] = {"ours": lambda: scan.topk_many(queries, BEST)}
    many |= {
        name: lambda index=index: index.search(queries, BEST) for name, index in theirs.items()
    }
    many["Flat without BLAS"] = lambda: unblocked(flat, queries)
    for jobs, count in ((one, len(few)), (many, BATCH)):
        taken = {name: 1e3 * seconds / count for name, seconds in race(jobs).items()}
        taken["Flat"] = min(taken["Flat"], taken.pop("Flat without BLAS", taken["Flat"]))
        asked = "one query" if jobs is one else f"{BATCH} queries, each"
        for its, kept in (("SQ8", "int8"), ("SQ8 uniform", "int8"), ("Flat", "float32")):
            name = f"exact, {asked}: top 10 of 200,000 x 256 ({backend('scan')} vs faiss {its}"
            claim(f"{name}, {kept})", taken["ours"], taken[its], "ms")


if __name__ == "__main__":
    main()
