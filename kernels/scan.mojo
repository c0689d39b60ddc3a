"""The rows of an int8 matrix with the largest dot products with queries.

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
comptime Sums = SIMD[DType.int32, 16]
comptime Row = SIMD[DType.uint8, 64]
comptime Query = SIMD[DType.int8, 64]
comptime STEP = 64
comptime BATCH = 64  # queries that are multiplied together
comptime TILE = 6  # rows by BATCH queries: 24 of 32 registers
comptime BLOCK = 64  # rows that stay near while each query of a batch passes over them
comptime AHEAD = 8192  # bytes: beyond where the hardware looks
comptime VNNI = CompilationTarget._has_feature["avx512vnni"]()


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
def insert(scores: Ints, ids: Ints, room: Int, score: Int32, id: Int) -> Int32:
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
    enter[ROWS, COLUMNS](sums, first, worst, room, scores, ids)


@always_inline
def enter[
    ROWS: Int, COLUMNS: Int
](sums: Array[Sums, ROWS * COLUMNS], first: Int, worst: Ints, room: Int, scores: Ints, ids: Ints):
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
                least[lane] = insert(
                    scores.unsafe_offset(place), ids.unsafe_offset(place), room, found[lane], first + row
                )
        worst.unsafe_store(16 * column, least)
