"""Cosines of float32 vectors: of a pair, of a query with rows, of a query with chosen rows.

So short a job that ctypes would cost more than it: these are functions in CPython's own calling
convention (METH_FASTCALL), made callable by fastcall.py, and they read NumPy arrays where its C
API lays them out (PyArrayObject_fields), which fastcall.py checks when it makes them. What isn't a
contiguous float32 array of fitting shape is refused, and the Python form serves. No heap.
"""
from std.ffi import external_call
from std.math import iota, sqrt
from std.memory import stack_allocation
from std.sys.info import simd_width_of
from std.sys.intrinsics import masked_load

comptime Floats = MutPointer[Float32, MutUntrackedOrigin]
comptime Ids = MutPointer[Int64, MutUntrackedOrigin]
comptime Fields = MutPointer[Int64, MutUntrackedOrigin]
comptime Flags = MutPointer[Int32, MutUntrackedOrigin]
comptime WIDTH = simd_width_of[DType.float32]()
comptime Lanes = SIMD[DType.float32, WIDTH]

comptime REFUSED = Float64(-2)
comptime BLOCK = 64  # rows whose lengths are taken together
comptime TOGETHER = 4  # rows that share the loads of the query
comptime LONG = 1 << 18  # elements to read from which on other threads may run meanwhile

# fields of a NumPy array, in words of 8 bytes
comptime TYPE = 1
comptime DATA = 2
comptime DIMENSIONS = 3
comptime SHAPE = 4
comptime KIND = 7
comptime FLAGS = 8
comptime CONTIGUOUS = Int32(0x101)  # NPY_ARRAY_C_CONTIGUOUS, NPY_ARRAY_ALIGNED


@always_inline
def is_array(array: Fields, known: Fields, kind: Int, dimensions: Int64) -> Bool:
    """Whether an object is a contiguous array of a kind: 1 for float32, 2 for int64."""
    return (
        array[unsafe_offset=TYPE] == fields(known[unsafe_offset=DATA])[unsafe_offset=0]
        and array[unsafe_offset=KIND] == fields(known[unsafe_offset=DATA])[unsafe_offset=kind]
        and (array[unsafe_offset=DIMENSIONS] & 0xFFFFFFFF) == dimensions
        and (array.unsafe_bitcast[Int32]()[unsafe_offset=2 * FLAGS] & CONTIGUOUS) == CONTIGUOUS
    )


@always_inline
def fields(object: Int64) -> Fields:
    """The fields of an object, or whatever else stands at an address."""
    return Fields(unsafe_from_address=Int(object))


@always_inline
def size(array: Fields, axis: Int) -> Int:
    """An array's length along an axis."""
    return Int(fields(array[unsafe_offset=SHAPE])[unsafe_offset=axis])


@always_inline
def floats(array: Fields) -> Floats:
    """An array's elements."""
    return Floats(unsafe_from_address=Int(array[unsafe_offset=DATA]))


@always_inline
def across[COUNT: Int](lanes: SIMD[DType.float32, _]) -> SIMD[DType.float32, COUNT]:
    """The sums of COUNT vectors that lie one after the other."""
    comptime if lanes.length == COUNT:
        return rebind[SIMD[DType.float32, COUNT]](lanes)
    var even, odd = lanes.deinterleave()
    return across[COUNT](even + odd)


@always_inline
def part(vector: Floats, at: Int, count: Int) -> Lanes:
    """Fewer elements than a register has, zeros behind them."""
    var those = iota[DType.int32, WIDTH]().lt(Int32(count))
    return masked_load[WIDTH](vector.unsafe_offset(at), those, Lanes(0))


@always_inline
def products[
    ROWS: Int
](query: Floats, rows: Array[Floats, ROWS], dim: Int, sums: Floats, squares: Floats):
    """The inner products of some vectors with a query, and of each with itself."""
    var sum = Array[Lanes, ROWS](fill=Lanes(0))
    var square = Array[Lanes, ROWS](fill=Lanes(0))
    # a register that crosses two cache lines takes twice as long to load
    var at = min(-(Int(rows[0]) // 4) % WIDTH, dim)
    if at > 0:
        var its = part(query, 0, at)
        comptime for row in range(ROWS):
            var ours = part(rows[row], 0, at)
            sum[row] = ours * its
            square[row] = ours * ours
    while at + WIDTH <= dim:
        var its = query.unsafe_load[width=WIDTH](at)
        comptime for row in range(ROWS):
            var ours = rows[row].unsafe_load[width=WIDTH](at)
            sum[row] = ours.fma(its, sum[row])
            square[row] = ours.fma(ours, square[row])
        at += WIDTH
    if at < dim:
        var its = part(query, at, dim - at)
        comptime for row in range(ROWS):
            var ours = part(rows[row], at, dim - at)
            sum[row] = ours.fma(its, sum[row])
            square[row] = ours.fma(ours, square[row])
    var all = SIMD[DType.float32, 2 * ROWS * WIDTH](0)
    comptime for row in range(ROWS):
        all = all.insert[offset = row * WIDTH](sum[row])
        all = all.insert[offset = (ROWS + row) * WIDTH](square[row])
    var found = across[2 * ROWS](all)
    sums.unsafe_store(found.slice[ROWS]())
    squares.unsafe_store(found.slice[ROWS, offset=ROWS]())


@always_inline
def norm(vector: Floats, dim: Int) -> Float32:
    """A vector's length."""
    var both = stack_allocation[2, Float32]()
    products[1](vector, Array[Floats, 1](fill=vector), dim, both, both.unsafe_offset(1))
    return sqrt(both[unsafe_offset=0])


@always_inline
def score[
    CHOSEN: Bool
](query: Floats, length: Float32, rows: Floats, dim: Int, ids: Ids, count: Int, scores: Floats):
    """The cosines of a query of this length with up to BLOCK rows: those of `ids`, or the first ones.

    They are 0 where either vector has no length.
    """
    var squares = stack_allocation[BLOCK, Float32]()
    var at = 0
    while at < count:
        var four = Array[Floats, TOGETHER](fill=rows)
        comptime for i in range(TOGETHER):
            var place = min(at + i, count - 1)
            comptime if CHOSEN:
                place = Int(ids[unsafe_offset=place])
            four[i] = rows.unsafe_offset(place * dim)
        if at + TOGETHER <= count:
            products[TOGETHER](query, four, dim, scores.unsafe_offset(at), squares.unsafe_offset(at))
            at += TOGETHER
        else:
            var one = Array[Floats, 1](fill=four[0])
            products[1](query, one, dim, scores.unsafe_offset(at), squares.unsafe_offset(at))
            at += 1
    # the roots of many rows at once
    for row in range(count):
        var scale = length * sqrt(squares[unsafe_offset=row])
        var cosine = scores[unsafe_offset=row] / scale
        scores[unsafe_offset=row] = cosine if scale > 0 else Float32(0)


@export
def cosine(known: Fields, arguments: Fields, count: Int64) abi("C") -> Int64:
    """`cosine(a, b)`: a float, REFUSED where the arguments don't fit."""
    var a = fields(arguments[unsafe_offset=0])
    var b = fields(arguments[unsafe_offset=1])
    var found = REFUSED
    if count == 2 and is_array(a, known, 1, 1) and is_array(b, known, 1, 1):
        var dim = size(a, 0)
        if dim == size(b, 0):
            var both = Array[Floats, 2](fill=floats(a))
            both[1] = floats(b)
            var sums = stack_allocation[2, Float32]()
            var squares = stack_allocation[2, Float32]()
            products[2](floats(a), both, dim, sums, squares)
            var scale = sqrt(squares[unsafe_offset=0]) * sqrt(squares[unsafe_offset=1])
            found = Float64(sums[unsafe_offset=1] / scale) if scale > 0 else 0.0
    return external_call["PyFloat_FromDouble", Int64](found)


@export
def cosines(known: Fields, arguments: Fields, count: Int64) abi("C") -> Int64:
    """`cosines(query, rows, out)` fills out[n] of float32; 1, or 0 where the arguments don't fit."""
    var query = fields(arguments[unsafe_offset=0])
    var rows = fields(arguments[unsafe_offset=1])
    var scores = fields(arguments[unsafe_offset=2])
    var fits = (
        count == 3
        and is_array(query, known, 1, 1)
        and is_array(rows, known, 1, 2)
        and is_array(scores, known, 1, 1)
        and size(rows, 1) == size(query, 0)
        and size(rows, 0) == size(scores, 0)
    )
    if fits:
        var dim = size(query, 0)
        var total = size(rows, 0)
        var state = pause(total * dim)
        var length = norm(floats(query), dim)
        var none = Ids(unsafe_from_address=Int(rows[unsafe_offset=DATA]))
        for begin in range(0, total, BLOCK):
            var part = floats(rows).unsafe_offset(begin * dim)
            var to = floats(scores).unsafe_offset(begin)
            score[False](floats(query), length, part, dim, none, min(BLOCK, total - begin), to)
        resume(state)
    return external_call["PyLong_FromLong", Int64](Int64(fits))


@always_inline
def pause(elements: Int) -> Int64:
    """Lets other threads run if there is much to read; gives what resume() wants."""
    if elements < LONG:
        return 0
    return external_call["PyEval_SaveThread", Int64]()


@always_inline
def resume(state: Int64):
    """Waits for the turn of this thread."""
    if state != 0:
        external_call["PyEval_RestoreThread", NoneType](state)


@always_inline
def insert(scores: Floats, ids: Ids, last: Int, score: Float32, id: Int64):
    """Puts a row in its place among the best, what stood in the last place falling out."""
    var at = last
    while at > 0 and scores[unsafe_offset=at - 1] < score:
        scores[unsafe_offset=at] = scores[unsafe_offset=at - 1]
        ids[unsafe_offset=at] = ids[unsafe_offset=at - 1]
        at -= 1
    scores[unsafe_offset=at] = score
    ids[unsafe_offset=at] = id


@export
def rerank(known: Fields, arguments: Fields, count: Int64) abi("C") -> Int64:
    """`rerank(query, rows, ids, scores, best)` fills scores[k] and best[k], best first.

    Of equal scores the one that came first in `ids` stays first. Gives k, or -1 where the arguments
    don't fit: `ids` and `best` are int64, k is at most the number of ids, and each names a row.
    """
    var query = fields(arguments[unsafe_offset=0])
    var rows = fields(arguments[unsafe_offset=1])
    var ids = fields(arguments[unsafe_offset=2])
    var scores = fields(arguments[unsafe_offset=3])
    var best = fields(arguments[unsafe_offset=4])
    var fits = (
        count == 5
        and is_array(query, known, 1, 1)
        and is_array(rows, known, 1, 2)
        and is_array(ids, known, 2, 1)
        and is_array(scores, known, 1, 1)
        and is_array(best, known, 2, 1)
        and size(rows, 1) == size(query, 0)
        and size(scores, 0) == size(best, 0)
        and size(scores, 0) <= size(ids, 0)
    )
    var room = size(scores, 0) if fits else 0
    if room > 0:
        var dim = size(query, 0)
        var limit = Int64(size(rows, 0))
        var chosen = Ids(unsafe_from_address=Int(ids[unsafe_offset=DATA]))
        var kept = Ids(unsafe_from_address=Int(best[unsafe_offset=DATA]))
        var total = size(ids, 0)
        for place in range(total):
            var id = chosen[unsafe_offset=place]
            fits = fits and id >= 0 and id < limit
        var state = pause(total * dim)
        var length = norm(floats(query), dim)
        var block = stack_allocation[BLOCK, Float32]()
        var held = 0
        for begin in range(0, total if fits else 0, BLOCK):
            var count = min(BLOCK, total - begin)
            var part = chosen.unsafe_offset(begin)
            score[True](floats(query), length, floats(rows), dim, part, count, block)
            for place in range(count):
                var new = block[unsafe_offset=place]
                if held == room and new <= floats(scores)[unsafe_offset=room - 1]:
                    continue
                held += 1 if held < room else 0
                insert(floats(scores), kept, held - 1, new, part[unsafe_offset=place])
        resume(state)
    return external_call["PyLong_FromLong", Int64](Int64(room) if fits else Int64(-1))
