"""The rows of a matrix with the largest dot products with queries, in int8 and in float32.

An int8 row is stored as value + 128 in unsigned bytes, which is what the AVX-512 dot-product
instructions take; the constant that this adds is the same for every row. A batch of 64 queries is
multiplied tile by tile: 6 rows by 64 queries stay in registers. Plain C ABI, caller-owned buffers,
no heap.
"""
from std.sys.info import CompilationTarget
from std.sys.intrinsics import PrefetchOptions, llvm_intrinsic, prefetch
from std.bit import count_trailing_zeros
from std.memory import bitcast, pack_bits, stack_allocation

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Signed = MutPointer[Int8, MutUntrackedOrigin]
comptime Ints = MutPointer[Int32, MutUntrackedOrigin]
comptime Floats = MutPointer[Float32, MutUntrackedOrigin]
comptime Sums = SIMD[DType.int32, 16]
comptime Row = SIMD[DType.uint8, 64]
comptime Query = SIMD[DType.int8, 64]
comptime Singles = SIMD[DType.float32, 16]
comptime STEP = 64
comptime BATCH = 64  # queries that are multiplied together
comptime TILE = 6  # rows by BATCH queries: 24 of 32 registers
comptime BLOCK = 64  # rows that stay near while each query of a batch passes over them
comptime AHEAD = 8192  # bytes: beyond where the hardware looks
comptime VNNI = CompilationTarget._has_feature["avx512vnni"]()
comptime WIDE = CompilationTarget._has_feature["avx512f"]()


@always_inline
def dot(sums: Sums, row: Row, query: Query) -> Sums:
    """Adds the products of 64 bytes, four to a lane; of row - 128 unless there is VNNI."""
    comptime if VNNI:
        return llvm_intrinsic["llvm.x86.avx512.vpdpbusd.512", Sums](sums, row, query)
    var signed = bitcast[DType.int8, 64](row ^ Row(128))
    comptime if CompilationTarget._has_feature["avx2"]():
        comptime Half = SIMD[DType.int8, 32]
        comptime Pairs = SIMD[DType.int16, 16]
        comptime HalfSums = SIMD[DType.int32, 8]
        var parts = Array[HalfSums, 2](fill=HalfSums(0))
        comptime for half in range(2):
            var q = query.slice[32, offset = 32 * half]()
            var r = llvm_intrinsic["llvm.x86.avx2.psign.b", Half](signed.slice[32, offset = 32 * half](), q)
            # at most 2 * 127 * 128: no pair can overflow
            var pairs = llvm_intrinsic["llvm.x86.avx2.pmadd.ub.sw", Pairs](abs(q), r)
            parts[half] = llvm_intrinsic["llvm.x86.avx2.pmadd.wd", HalfSums](pairs, Pairs(1))
        return sums + parts[0].join(parts[1])
    elif CompilationTarget._has_feature["dotprod"]():
        comptime Quarter = SIMD[DType.int32, 4]
        var parts = Array[Quarter, 4](fill=Quarter(0))
        comptime for part in range(4):
            parts[part] = llvm_intrinsic["llvm.aarch64.neon.sdot.v4i32.v16i8", Quarter](
                sums.slice[4, offset = 4 * part](),
                signed.slice[16, offset = 16 * part](),
                query.slice[16, offset = 16 * part](),
            )
        return parts[0].join(parts[1]).join(parts[2].join(parts[3]))
    else:
        var even, odd = (signed.cast[DType.int16]() * query.cast[DType.int16]()).deinterleave()
        var pairs = even.cast[DType.int32]() + odd.cast[DType.int32]()
        var left, right = pairs.deinterleave()
        return sums + left + right


@always_inline
def insert[
    KIND: DType
](
    scores: MutPointer[Scalar[KIND], MutUntrackedOrigin], ids: Ints, room: Int, score: Scalar[KIND], id: Int
) -> Scalar[KIND]:
    """Puts a row in its place among the best, the last falling out; gives the last one's score."""
    var at = room - 1
    while at > 0 and scores[unsafe_offset=at - 1] < score:
        scores[unsafe_offset=at] = scores[unsafe_offset=at - 1]
        ids[unsafe_offset=at] = ids[unsafe_offset=at - 1]
        at -= 1
    scores[unsafe_offset=at] = score
    ids[unsafe_offset=at] = Int32(id)
    return scores[unsafe_offset=room - 1]


@always_inline
def scan[
    DIM: Int
](codes: Bytes, first: Int, last: Int, dim: Int, query: Signed, room: Int, scores: Ints, ids: Ints):
    """Scans some rows; DIM is the row's length where it is known to the compiler, else 0."""
    comptime STEPS = DIM // STEP
    comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
    var worst = scores[unsafe_offset=room - 1]
    var held = Array[Query, max(STEPS, 1)](fill=Query(0))
    comptime for step in range(STEPS):
        held[step] = query.unsafe_load[width=64](step * STEP)
    for row in range(first, last):
        var at = codes.unsafe_offset(row * dim)
        var even = Sums(0)
        var odd = Sums(0)
        comptime if DIM > 0:
            comptime for step in range(STEPS):
                prefetch[options](at.unsafe_offset(AHEAD + step * STEP))
                comptime if step % 2 == 0:
                    even = dot(even, at.unsafe_load[width=64](step * STEP), held[step])
                else:
                    odd = dot(odd, at.unsafe_load[width=64](step * STEP), held[step])
        else:
            for step in range(0, dim, STEP):
                prefetch[options](at.unsafe_offset(AHEAD + step))
                even = dot(even, at.unsafe_load[width=64](step), query.unsafe_load[width=64](step))
        var score = (even + odd).reduce_add()
        if score > worst:
            worst = insert(scores, ids, room, score, row)


@always_inline
def scan_any(
    codes: Bytes, first: Int, last: Int, dim: Int, query: Signed, room: Int, scores: Ints, ids: Ints
):
    """Scans some rows of any length, those of usual lengths faster."""
    if dim == 256:
        scan[256](codes, first, last, 256, query, room, scores, ids)
    elif dim == 128:
        scan[128](codes, first, last, 128, query, room, scores, ids)
    else:
        scan[0](codes, first, last, dim, query, room, scores, ids)


@export
def shortlist(
    codes: Bytes, rows: Int64, dim: Int64, query: Signed, room: Int64, scores: Ints, ids: Ints
) abi("C") -> Int64:
    """Writes the `room` best rows, best first; `room` is at most `rows`, `dim` a multiple of 64.

    Gives what the scores are too high by for each unit of the query's sum.
    """
    for place in range(Int(room)):
        scores[unsafe_offset=place] = Int32.MIN
        ids[unsafe_offset=place] = -1
    scan_any(codes, 0, Int(rows), Int(dim), query, Int(room), scores, ids)
    return 128 if VNNI else 0


@export
def shortlists(
    codes: Bytes,
    rows: Int64,
    dim: Int64,
    queries: Signed,
    packed: Signed,
    room: Int64,
    scores: Ints,
    ids: Ints,
) abi("C") -> Int64:
    """The same for 64 queries [64, dim]; scores and ids are [64, room], `packed` is scratch [64, dim]."""
    for place in range(BATCH * Int(room)):
        scores[unsafe_offset=place] = Int32.MIN
        ids[unsafe_offset=place] = -1
    comptime if VNNI:
        for query in range(BATCH):
            for step in range(Int(dim)):
                # four elements of each query together
                var place = (step // 4 * BATCH + query) * 4 + step % 4
                packed[unsafe_offset=place] = queries[unsafe_offset=query * Int(dim) + step]
        var worst = stack_allocation[BATCH, Int32]()
        for query in range(BATCH):
            worst[unsafe_offset=query] = Int32.MIN
        var done = Int(rows) // TILE * TILE
        for row in range(0, done, TILE):
            multiply[TILE](codes, row, Int(dim), packed, worst, Int(room), scores, ids)
        for row in range(done, Int(rows)):
            multiply[1](codes, row, Int(dim), packed, worst, Int(room), scores, ids)
        return 128
    for first in range(0, Int(rows), BLOCK):
        var last = min(first + BLOCK, Int(rows))
        for query in range(BATCH):
            var its = queries.unsafe_offset(query * Int(dim))
            var own = scores.unsafe_offset(query * Int(room))
            scan_any(
                codes, first, last, Int(dim), its, Int(room), own, ids.unsafe_offset(query * Int(room))
            )
    return 0


@always_inline
def multiply[
    ROWS: Int
](
    codes: Bytes, first: Int, dim: Int, queries: Signed, worst: Ints, room: Int, scores: Ints, ids: Ints
):
    """Multiplies some rows with 64 queries and enters what belongs among each query's best."""
    comptime COLUMNS = BATCH // 16
    comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
    var sums = Array[Sums, ROWS * COLUMNS](fill=Sums(0))
    var at = codes.unsafe_offset(first * dim)
    for step in range(dim // 4):
        if step % 16 == 0:
            comptime for row in range(ROWS):
                prefetch[options](at.unsafe_offset((ROWS + row) * dim + 4 * step))
        var four = queries.unsafe_offset(step * 4 * BATCH)
        var held = Array[Query, COLUMNS](fill=Query(0))
        comptime for column in range(COLUMNS):
            held[column] = four.unsafe_load[width=64](column * 64)
        comptime for row in range(ROWS):
            var word = at.unsafe_offset(row * dim + 4 * step).unsafe_bitcast[Int32]()[]
            var spread = bitcast[DType.uint8, 64](Sums(word))
            comptime for column in range(COLUMNS):
                comptime place = row * COLUMNS + column
                sums[place] = dot(sums[place], spread, held[column])
    enter[DType.int32, ROWS, COLUMNS](sums, first, worst, room, scores, ids)


@always_inline
def enter[
    KIND: DType, ROWS: Int, COLUMNS: Int
](
    sums: Array[SIMD[KIND, 16], ROWS * COLUMNS],
    first: Int,
    worst: MutPointer[Scalar[KIND], MutUntrackedOrigin],
    room: Int,
    scores: MutPointer[Scalar[KIND], MutUntrackedOrigin],
    ids: Ints,
):
    """Enters what belongs among the best of COLUMNS times 16 queries; `worst` has their last ones."""
    comptime for column in range(COLUMNS):
        var least = worst.unsafe_load[width=16](16 * column)
        comptime for row in range(ROWS):
            var found = sums[row * COLUMNS + column]
            var bits = pack_bits[dtype=DType.uint16, width=1](found.gt(least))[0]
            while bits:
                var lane = Int(count_trailing_zeros(bits))
                bits &= bits - 1
                var place = (16 * column + lane) * room
                least[lane] = insert[KIND](
                    scores.unsafe_offset(place), ids.unsafe_offset(place), room, found[lane], first + row
                )
        worst.unsafe_store(16 * column, least)


# ---- float32 ------------------------------------------------------------------------------------


@export
def nearest(
    rows: Floats, count: Int64, dim: Int64, query: Floats, room: Int64, scores: Floats, ids: Ints
) abi("C") -> Int64:
    """Writes the `room` best float32 rows, best first; `room` is at most `count`, `dim` any."""
    comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
    for place in range(Int(room)):
        scores[unsafe_offset=place] = Float32.MIN
        ids[unsafe_offset=place] = -1
    var whole = Int(dim) // 64 * 64
    var worst = Float32.MIN
    for row in range(Int(count)):
        var at = rows.unsafe_offset(row * Int(dim))
        var sums = Array[Singles, 4](fill=Singles(0))
        for step in range(0, whole, 64):
            comptime for part in range(4):
                comptime offset = 16 * part
                prefetch[options](at.unsafe_offset(AHEAD // 4 + step + offset))
                var its = query.unsafe_load[width=16](step + offset)
                sums[part] = at.unsafe_load[width=16](step + offset).fma(its, sums[part])
        var score = ((sums[0] + sums[1]) + (sums[2] + sums[3])).reduce_add()
        for step in range(whole, Int(dim)):
            score += at[unsafe_offset=step] * query[unsafe_offset=step]
        if score > worst:
            worst = insert(scores, ids, Int(room), score, row)
    return room


@export
def nearests(
    rows: Floats,
    count: Int64,
    dim: Int64,
    queries: Floats,
    packed: Floats,
    room: Int64,
    scores: Floats,
    ids: Ints,
) abi("C") -> Int64:
    """The same for 64 queries [64, dim]; scores and ids are [64, room], `packed` is scratch [64, dim]."""
    for place in range(BATCH * Int(room)):
        scores[unsafe_offset=place] = Float32.MIN
        ids[unsafe_offset=place] = -1
    var worst = stack_allocation[BATCH, Float32]()
    for query in range(BATCH):
        worst[unsafe_offset=query] = Float32.MIN
        for step in range(Int(dim)):
            packed[unsafe_offset=step * BATCH + query] = queries[unsafe_offset=query * Int(dim) + step]
    # as many sums as there are registers for
    comptime COLUMNS = 4 if WIDE else 1
    var done = Int(count) // TILE * TILE
    for row in range(0, done, TILE):
        for start in range(0, 4, COLUMNS):
            multiply_singles[TILE, COLUMNS](
                rows, row, Int(dim), packed, start, worst, Int(room), scores, ids
            )
    for row in range(done, Int(count)):
        multiply_singles[1, 4](rows, row, Int(dim), packed, 0, worst, Int(room), scores, ids)
    return room


@always_inline
def multiply_singles[
    ROWS: Int, COLUMNS: Int
](
    rows: Floats,
    first: Int,
    dim: Int,
    queries: Floats,
    start: Int,
    worst: Floats,
    room: Int,
    scores: Floats,
    ids: Ints,
):
    """Multiplies some rows with COLUMNS times 16 queries and enters what belongs among the best."""
    comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
    var sums = Array[Singles, ROWS * COLUMNS](fill=Singles(0))
    var at = rows.unsafe_offset(first * dim)
    for step in range(dim):
        if step % 16 == 0:
            comptime for row in range(ROWS):
                prefetch[options](at.unsafe_offset((ROWS + row) * dim + step))
        var its = queries.unsafe_offset(step * BATCH + 16 * start)
        comptime for row in range(ROWS):
            var spread = Singles(at[unsafe_offset=row * dim + step])
            comptime for column in range(COLUMNS):
                comptime place = row * COLUMNS + column
                sums[place] = spread.fma(its.unsafe_load[width=16](16 * column), sums[place])
    var offset = 16 * start * room
    enter[DType.float32, ROWS, COLUMNS](
        sums,
        first,
        worst.unsafe_offset(16 * start),
        room,
        scores.unsafe_offset(offset),
        ids.unsafe_offset(offset),
    )
