"""The rows of an int8 matrix whose dot products with queries come near the largest ones.

Plain C ABI, caller-owned buffers, no heap.
"""
from scan_batch import BATCH, scan_batch, SUMMED
from scan_near import AllNear, Floats, Near
from scan_planes import AVX2, Bytes, Planes, Query, Signed, VNNI
from scan_query import scan_any

comptime BLOCK = 64  # rows that stay near while each query of a batch passes over them


@export
def nearest(
    high: Bytes,
    low: Bytes,
    scales: Floats,
    rests: Floats,
    rows: Int64,
    width: Int64,
    query: Signed,
    near: Floats,
    k: Int64,
    room: Int64,
) abi("C") -> Int64:
    """Fills in which rows come near the best, as Near says, for a query [2 * width]; gives 0.

    The rows are as Planes says, with as many more as make the last group whole: of these the rest
    is minus infinity.
    """
    var planes = Planes(high, low, scales, rests, Int(rows), Int(width))
    scan_any(planes, 0, Int(rows), Query.of(query, 2 * Int(width)), Near(near, Int(k), Int(room)))
    return 0


@export
def nearest_many(
    high: Bytes,
    low: Bytes,
    scales: Floats,
    rests: Floats,
    rows: Int64,
    width: Int64,
    queries: Signed,
    scratch: Signed,
    near: Floats,
    k: Int64,
    room: Int64,
) abi("C") -> Int64:
    """The same for 64 queries [64, dim], one after the other in `near`; `scratch` is [70, dim]."""
    var planes = Planes(high, low, scales, rests, Int(rows), Int(width))
    var all = AllNear(near, Int(k), Int(room))
    comptime if VNNI or AVX2:
        scan_batch(planes, queries, scratch, all)
        return 0
    var dim = 2 * Int(width)
    for first in range(0, Int(rows), BLOCK):
        for query in range(BATCH):
            var asked = Query.of(queries.unsafe_offset(query * dim), dim)
            scan_any(planes, first, min(first + BLOCK, Int(rows)), asked, all.of(query))
    return 0


@export
def summed() abi("C") -> Int64:
    """How many elements of a query have their products with a row summed in 16 bits, 0 for none.

    They are pairs, of each four in a row; the sum of their absolute values may be at most 128.
    """
    return SUMMED if AVX2 else 0
