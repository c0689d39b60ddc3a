"""The rows of an int8 matrix whose dot products with queries come near the largest ones.

An int8 row is stored as value + 128 in unsigned bytes, which is what the AVX-512 dot-product
instructions take; the constant that this adds is the same for every row. A batch of 64 queries is
multiplied tile by tile: 6 rows by 64 queries stay in registers, with AVX2 2 rows by 16. That sums
products of SUMMED elements in 16 bits, which the queries must leave room for. Plain C ABI,
caller-owned buffers, no heap.
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
comptime BLOCK = 64  # rows that stay near while each query of a batch passes over them
comptime AHEAD = 8192  # bytes: beyond where the hardware looks
comptime VNNI = CompilationTarget._has_feature["avx512vnni"]()
comptime AVX2 = CompilationTarget._has_feature["avx2"]() and not VNNI
comptime LANES = 16 if VNNI else 8  # queries in a register
comptime TILE = 6 if VNNI else 2  # rows of a tile
comptime COLUMNS = 4 if VNNI else 2  # registers of queries in a tile
comptime CHUNK = 2  # steps of four elements after which 16 bits are full
comptime SUMMED = 2 * CHUNK
comptime Tile[rows: Int] = Array[SIMD[DType.int32, LANES], rows * COLUMNS]


@always_inline
def dot(sums: Sums, row: Row, query: Query) -> Sums:
    """Adds the products of 64 bytes, four to a lane; of row - 128 unless there is VNNI."""
    comptime if VNNI:
        return llvm_intrinsic["llvm.x86.avx512.vpdpbusd.512", Sums](sums, row, query)
    var signed = bitcast[DType.int8, 64](row ^ Row(128))
    comptime if AVX2:
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


@fieldwise_init
struct Near(Copyable, Movable):
    """The rows whose scores come within a margin of a query's k-th best so far.

    `its` has the margin, the score that a row must exceed, the number of rows (-1 where there is no
    room for all), the k best scores in falling order, then scores and ids of up to `room` rows.
    """

    var its: Ints
    var k: Int
    var room: Int

    @always_inline
    def bar(self) -> Int32:
        """The score that a row must exceed."""
        return self.its[unsafe_offset=1]

    def admit(self, score: Int32, row: Int):
        """Takes in a row that exceeds the bar, and raises the bar where it is one of the k best."""
        var count = Int(self.its[unsafe_offset=2])
        if count == self.room:
            count = self.weeded()
        if count == self.room:
            self.its[unsafe_offset=1] = Int32.MAX
            self.its[unsafe_offset=2] = -1
            return
        var scores = self.its.unsafe_offset(3 + self.k)
        scores[unsafe_offset=count] = score
        scores[unsafe_offset = self.room + count] = Int32(row)
        self.its[unsafe_offset=2] = Int32(count + 1)
        var best = self.its.unsafe_offset(3)
        var at = self.k - 1
        if score <= best[unsafe_offset=at]:
            return
        while at > 0 and best[unsafe_offset=at - 1] < score:
            best[unsafe_offset=at] = best[unsafe_offset=at - 1]
            at -= 1
        best[unsafe_offset=at] = score
        var last = best[unsafe_offset = self.k - 1]
        if last > Int32.MIN:
            self.its[unsafe_offset=1] = max(self.bar(), last - self.its[unsafe_offset=0])

    def weeded(self) -> Int:
        """Drops the rows that are below the bar by now; gives how many are left."""
        var scores = self.its.unsafe_offset(3 + self.k)
        var left = 0
        for at in range(self.room):
            if scores[unsafe_offset=at] > self.bar():
                scores[unsafe_offset=left] = scores[unsafe_offset=at]
                scores[unsafe_offset = self.room + left] = scores[unsafe_offset = self.room + at]
                left += 1
        return left


@always_inline
def scan[DIM: Int](codes: Bytes, first: Int, last: Int, dim: Int, query: Signed, near: Near):
    """Scans some rows; DIM is the row's length where it is known to the compiler, else 0."""
    comptime STEPS = DIM // STEP
    comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
    var bar = near.bar()
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
        if score > bar:
            near.admit(score, row)
            bar = near.bar()


@always_inline
def scan_any(codes: Bytes, first: Int, last: Int, dim: Int, query: Signed, near: Near):
    """Scans some rows of any length, those of usual lengths faster."""
    if dim == 256:
        scan[256](codes, first, last, 256, query, near)
    elif dim == 128:
        scan[128](codes, first, last, 128, query, near)
    else:
        scan[0](codes, first, last, dim, query, near)


@export
def nearest(
    codes: Bytes, rows: Int64, dim: Int64, query: Signed, near: Ints, k: Int64, room: Int64
) abi("C") -> Int64:
    """Fills in which rows come near the best, as Near says; `dim` is a multiple of 64.

    Gives what the scores are too high by for each unit of the query's sum.
    """
    scan_any(codes, 0, Int(rows), Int(dim), query, Near(near, Int(k), Int(room)))
    return 128 if VNNI else 0


@export
def nearest_many(
    codes: Bytes,
    rows: Int64,
    dim: Int64,
    queries: Signed,
    packed: Signed,
    near: Ints,
    k: Int64,
    room: Int64,
) abi("C") -> Int64:
    """The same for 64 queries [64, dim], one after the other in `near`; `packed` is scratch [64, dim]."""
    var all = AllNear(near, Int(k), Int(room))
    comptime if VNNI or AVX2:
        for query in range(BATCH):
            for step in range(Int(dim)):
                # four elements of each query together
                var place = (step // 4 * BATCH + query) * 4 + step % 4
                packed[unsafe_offset=place] = queries[unsafe_offset=query * Int(dim) + step]
        var bars = stack_allocation[BATCH, Int32]()
        for query in range(BATCH):
            bars[unsafe_offset=query] = all.of(query).bar()
        var done = Int(rows) // TILE * TILE
        for row in range(0, done, TILE):
            multiply[TILE](codes, row, Int(dim), packed, all, bars)
        for row in range(done, Int(rows)):
            multiply[1](codes, row, Int(dim), packed, all, bars)
        return 128
    for first in range(0, Int(rows), BLOCK):
        var last = min(first + BLOCK, Int(rows))
        for query in range(BATCH):
            scan_any(codes, first, last, Int(dim), queries.unsafe_offset(query * Int(dim)), all.of(query))
    return 0


@fieldwise_init
struct AllNear(Copyable, Movable):
    """What comes near the best of many queries, one after the other."""

    var its: Ints
    var k: Int
    var room: Int

    @always_inline
    def of(self, query: Int) -> Near:
        """What comes near the best of one."""
        return Near(self.its.unsafe_offset(query * (3 + self.k + 2 * self.room)), self.k, self.room)


@always_inline
def multiply[
    ROWS: Int
](codes: Bytes, first: Int, dim: Int, queries: Signed, near: AllNear, bars: Ints):
    """Multiplies some rows with 64 queries and takes in what exceeds each query's bar."""
    comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
    var at = codes.unsafe_offset(first * dim)
    for begin in range(0, BATCH, COLUMNS * LANES):
        var sums = Tile[ROWS](fill=SIMD[DType.int32, LANES](0))
        for chunk in range(dim // (4 * CHUNK)):
            if begin == 0 and chunk % (16 // CHUNK) == 0:
                comptime for row in range(ROWS):
                    prefetch[options](at.unsafe_offset((ROWS + row) * dim + 4 * CHUNK * chunk))
            var four = queries.unsafe_offset((CHUNK * chunk * BATCH + begin) * 4)
            add_chunk[ROWS](sums, at.unsafe_offset(4 * CHUNK * chunk), dim, four)
        enter[ROWS](sums, first, begin, near, bars)


@always_inline
def add_chunk[ROWS: Int](mut sums: Tile[ROWS], rows: Bytes, dim: Int, queries: Signed):
    """Adds the products of 4 * CHUNK elements of some rows and queries."""
    comptime WIDTH = 4 * LANES
    comptime Pairs = SIMD[DType.int16, 2 * LANES]
    comptime Part = SIMD[DType.int32, LANES]
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
](sums: Tile[ROWS], first: Int, begin: Int, near: AllNear, bars: Ints):
    """Takes in what exceeds the bars of the queries of a tile, the first of which is `begin`."""
    comptime MASK = DType.uint16 if LANES == 16 else DType.uint8
    comptime for column in range(COLUMNS):
        var queries = begin + LANES * column
        var least = bars.unsafe_load[width=LANES](queries)
        comptime for row in range(ROWS):
            var found = sums[row * COLUMNS + column]
            var bits = pack_bits[dtype=MASK, width=1](found.gt(least))[0]
            while bits:
                var lane = Int(count_trailing_zeros(bits))
                bits &= bits - 1
                var its = near.of(queries + lane)
                its.admit(found[lane], first + row)
                least[lane] = its.bar()
        bars.unsafe_store(queries, least)


@export
def summed() abi("C") -> Int64:
    """How many elements of a query have their products with a row summed in 16 bits, 0 for none.

    They are pairs, of each four in a row; the sum of their absolute values may be at most 128.
    """
    return SUMMED if AVX2 else 0
