"""All rows multiplied with 64 queries, tile by tile: 6 rows by 64 queries stay in registers.

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


@fieldwise_init
struct Asked(Copyable, Movable):
    """64 queries, and what the scores of each begin with and are compared with.

    Of `codes` four elements of each query are together, [dim / 4, 64, 4]. `errors` says what a
    score is off by for each unit of the row's scale, `bars` what score and error must exceed.
    """

    var codes: Signed
    var starts: Ints
    var errors: Floats
    var bars: Floats
    var near: AllNear

    def pack(self, queries: Signed, dim: Int):
        """Takes in queries [64, dim]."""
        for query in range(BATCH):
            var total = Int32(0)
            for step in range(dim):
                var code = queries[unsafe_offset = query * dim + step]
                self.codes[unsafe_offset = (step // 4 * BATCH + query) * 4 + step % 4] = code
                total += code.cast[DType.int32]()
            var its = self.near.of(query)
            self.starts[unsafe_offset=query] = -136 * total
            self.errors[unsafe_offset=query] = its.off(1) - its.lost()
            self.bars[unsafe_offset=query] = its.bar() - its.lost()


@always_inline
def scan_batch(planes: Planes, queries: Signed, scratch: Signed, near: AllNear):
    """Scans all rows for 64 queries [64, dim]; `scratch` is [64 + 6, dim]."""
    var dim = 2 * planes.width
    var asked = Asked(
        scratch,
        stack_allocation[BATCH, Int32](),
        stack_allocation[BATCH, Float32](),
        stack_allocation[BATCH, Float32](),
        near.copy(),
    )
    asked.pack(queries, dim)
    var codes = scratch.unsafe_offset(BATCH * dim).unsafe_bitcast[UInt8]()
    var done = planes.rows // TILE * TILE
    for row in range(0, done, TILE):
        multiply[TILE](planes, row, codes, asked)
    for row in range(done, planes.rows):
        multiply[1](planes, row, codes, asked)


@always_inline
def multiply[ROWS: Int](planes: Planes, first: Int, codes: Bytes, asked: Asked):
    """Multiplies some rows with 64 queries and takes in what exceeds each query's bar."""
    var dim = 2 * planes.width
    join(planes, first, ROWS, codes)
    for begin in range(0, BATCH, COLUMNS * LANES):
        var sums = Tile[ROWS](fill=Part(0))
        comptime for column in range(COLUMNS):
            var start = asked.starts.unsafe_load[width=LANES](begin + LANES * column)
            comptime for row in range(ROWS):
                sums[row * COLUMNS + column] = start
        for chunk in range(dim // (4 * CHUNK)):
            var four = asked.codes.unsafe_offset((CHUNK * chunk * BATCH + begin) * 4)
            add_chunk[ROWS](sums, codes.unsafe_offset(4 * CHUNK * chunk), dim, four)
        enter[ROWS](sums, planes.scales.unsafe_offset(first), first, begin, asked)


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
                    pairs[place] += llvm_intrinsic["llvm.x86.avx2.pmadd.ub.sw", Pairs](
                        spread, held[column]
                    )
    comptime if not VNNI:
        comptime for place in range(ROWS * COLUMNS):
            sums[place] += llvm_intrinsic["llvm.x86.avx2.pmadd.wd", Part](pairs[place], Pairs(1))


@always_inline
def enter[ROWS: Int](sums: Tile[ROWS], scales: Floats, first: Int, begin: Int, asked: Asked):
    """Takes in what exceeds the bars of the queries of a tile, the first of which is `begin`."""
    comptime MASK = DType.uint16 if LANES == 16 else DType.uint8
    comptime for column in range(COLUMNS):
        var queries = begin + LANES * column
        var bar = asked.bars.unsafe_load[width=LANES](queries)
        var error = asked.errors.unsafe_load[width=LANES](queries)
        comptime for row in range(ROWS):
            var scale = scales[unsafe_offset=row]
            var score = sums[row * COLUMNS + column].cast[DType.float32]() * scale
            var most = score + error * abs(scale)
            var bits = pack_bits[dtype=MASK, width=1](most.gt(bar))[0]
            while bits:
                var lane = Int(count_trailing_zeros(bits))
                bits &= bits - 1
                var its = asked.near.of(queries + lane)
                its.admit(score[lane], its.off(scale), first + row)
                bar[lane] = its.bar() - its.lost()
        asked.bars.unsafe_store(queries, bar)
