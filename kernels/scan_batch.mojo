"""The rows multiplied with 64 queries at once, tile by tile: 6 rows by 64 queries stay in registers.

With AVX2 they are 2 rows by 16. That sums products of SUMMED elements in 16 bits, which the queries
must leave room for.
"""
from std.bit import count_trailing_zeros
from std.memory import bitcast, pack_bits, stack_allocation
from std.sys.intrinsics import llvm_intrinsic, prefetch

from scan_near import AllNear, Floats, Ints
from scan_planes import AVX2, Bytes, Planes, Signed, STEP, VNNI
from scan_query import NEAR_CACHE

comptime BATCH = 64  # queries that are multiplied together
comptime LANES = 16 if VNNI else 8  # queries in a register
comptime TILE = 6 if VNNI else 2  # rows of a tile
comptime COLUMNS = 4 if VNNI else 2  # registers of queries in a tile
comptime CHUNK = 2  # steps of four elements after which 16 bits are full
comptime SUMMED = 2 * CHUNK
comptime Part = SIMD[DType.int32, LANES]
comptime Tile[rows: Int] = Array[Part, rows * COLUMNS]


@always_inline
def scan_batch(planes: Planes, queries: Signed, scratch: Signed, near: AllNear):
    """Scans all rows for 64 queries [64, dim]; `scratch` is [64 + 6, dim]."""
    var dim = 2 * planes.width
    var codes = scratch.unsafe_offset(BATCH * dim).unsafe_bitcast[UInt8]()
    var starts = stack_allocation[BATCH, Int32]()
    var errors = stack_allocation[BATCH, Float32]()
    var bars = stack_allocation[BATCH, Float32]()
    for query in range(BATCH):
        var total = Int32(0)
        for step in range(dim):
            var code = queries[unsafe_offset = query * dim + step]
            # four elements of each query together
            scratch[unsafe_offset = (step // 4 * BATCH + query) * 4 + step % 4] = code
            total += code.cast[DType.int32]()
        starts[unsafe_offset=query] = -136 * total
        errors[unsafe_offset=query] = near.of(query).off(1) - near.of(query).lost()
        bars[unsafe_offset=query] = near.of(query).bar() - near.of(query).lost()
    var done = planes.rows // TILE * TILE
    for row in range(0, done, TILE):
        multiply[TILE](planes, row, codes, scratch, starts, errors, bars, near)
    for row in range(done, planes.rows):
        multiply[1](planes, row, codes, scratch, starts, errors, bars, near)


@always_inline
def multiply[
    ROWS: Int
](planes: Planes, first: Int, codes: Bytes, queries: Signed, starts: Ints, errors: Floats, bars: Floats, near: AllNear):
    """Multiplies some rows with 64 queries and takes in what exceeds each query's bar."""
    var dim = 2 * planes.width
    join(planes, first, ROWS, codes)
    for begin in range(0, BATCH, COLUMNS * LANES):
        var sums = Tile[ROWS](fill=Part(0))
        comptime for column in range(COLUMNS):
            var start = starts.unsafe_load[width=LANES](begin + LANES * column)
            comptime for row in range(ROWS):
                sums[row * COLUMNS + column] = start
        for chunk in range(dim // (4 * CHUNK)):
            var four = queries.unsafe_offset((CHUNK * chunk * BATCH + begin) * 4)
            add_chunk[ROWS](sums, codes.unsafe_offset(4 * CHUNK * chunk), dim, four)
        enter[ROWS](sums, planes.scales, first, begin, near, errors, bars)


@always_inline
def join(planes: Planes, first: Int, rows: Int, codes: Bytes):
    """The codes of some rows, each with 136 added, in bytes; fetches the next rows' planes."""
    var begin = first * planes.width
    for at in range(0, rows * planes.width, STEP):
        prefetch[NEAR_CACHE](planes.high.unsafe_offset(begin + rows * planes.width + at))
        prefetch[NEAR_CACHE](planes.low.unsafe_offset(begin + rows * planes.width + at))
        var high = planes.high.unsafe_load[width=STEP](begin + at)
        var low = planes.low.unsafe_load[width=STEP](begin + at)
        codes.unsafe_store(2 * at, (high << 4) | (low & 15))
        codes.unsafe_store(2 * at + STEP, (high & 240) | (low >> 4))


@always_inline
def add_chunk[ROWS: Int](mut sums: Tile[ROWS], rows: Bytes, dim: Int, queries: Signed):
    """Adds the products of 4 * CHUNK elements of some rows and queries."""
    comptime WIDTH = 4 * LANES
    comptime Pairs = SIMD[DType.int16, 2 * LANES]
    var pairs = Array[Pairs, ROWS * COLUMNS](fill=Pairs(0))
    comptime for step in range(CHUNK):
        var held = Array[SIMD[DType.int8, WIDTH], COLUMNS](fill=SIMD[DType.int8, WIDTH](0))
        comptime for column in range(COLUMNS):
            held[column] = queries.unsafe_load[width=WIDTH](step * 4 * BATCH + column * WIDTH)
        comptime for row in range(ROWS):
            var word = rows.unsafe_offset(row * dim + 4 * step).unsafe_bitcast[Int32]()[]
            var spread = bitcast[DType.uint8, WIDTH](Part(word))
            comptime for column in range(COLUMNS):
                comptime place = row * COLUMNS + column
                comptime if VNNI:
                    sums[place] = llvm_intrinsic["llvm.x86.avx512.vpdpbusd.512", Part](
                        sums[place], spread, held[column]
                    )
                else:
                    pairs[place] += llvm_intrinsic["llvm.x86.avx2.pmadd.ub.sw", Pairs](spread, held[column])
    comptime if not VNNI:
        comptime for place in range(ROWS * COLUMNS):
            sums[place] += llvm_intrinsic["llvm.x86.avx2.pmadd.wd", Part](pairs[place], Pairs(1))


@always_inline
def enter[
    ROWS: Int
](sums: Tile[ROWS], scales: Floats, first: Int, begin: Int, near: AllNear, errors: Floats, bars: Floats):
    """Takes in what exceeds the bars of the queries of a tile, the first of which is `begin`."""
    comptime MASK = DType.uint16 if LANES == 16 else DType.uint8
    comptime for column in range(COLUMNS):
        var queries = begin + LANES * column
        var least = bars.unsafe_load[width=LANES](queries)
        var error = errors.unsafe_load[width=LANES](queries)
        comptime for row in range(ROWS):
            var scale = scales[unsafe_offset = first + row]
            var found = sums[row * COLUMNS + column].cast[DType.float32]() * scale
            var most = found + error * abs(scale)
            var bits = pack_bits[dtype=MASK, width=1](most.gt(least))[0]
            while bits:
                var lane = Int(count_trailing_zeros(bits))
                bits &= bits - 1
                var its = near.of(queries + lane)
                its.admit(found[lane], its.off(scale), first + row)
                least[lane] = its.bar() - its.lost()
        bars.unsafe_store(queries, least)
