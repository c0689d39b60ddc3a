"""The most similar strings of a dictionary by longest common subsequence, 64 strings at a time.

Layout in transpose.py: groups of 64 strings of one length, symbols 1..63 transposed. The query's
match table (which positions hold symbol s) is kept as byte planes: plane p holds byte p of the
entries of all 64 symbols, so one 64-entry byte look-up serves 64 strings. Planes are interleaved
into lanes as wide as the query (16, 32 or 64 bits) and the bit-parallel recurrence of Hyyro (2004)
runs on all lanes. Groups are visited outwards from the query's length, best bound first, until no
group can reach the k-th best. Plain C ABI, caller-owned buffers, read-only index, no heap.
"""
from std.sys.intrinsics import llvm_intrinsic
from std.sys.info import CompilationTarget
from std.bit import count_trailing_zeros, pop_count
from std.memory import pack_bits, bitcast
from std.utils.index import IndexList

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Ints = MutPointer[Int32, MutUntrackedOrigin]
comptime Longs = MutPointer[Int64, MutUntrackedOrigin]
comptime Block = SIMD[DType.uint8, 64]
comptime Half = SIMD[DType.uint8, 32]
comptime LANES = 64


def interleave_mask[SIZE: Int, UPPER: Int]() -> IndexList[64]:
    """The shuffle that interleaves elements of SIZE bytes within each 16 bytes (punpckl, punpckh)."""
    var mask = IndexList[64]()
    comptime HALF = 8 // SIZE
    for block in range(4):
        for element in range(HALF):
            for byte in range(SIZE):
                var source = block * 16 + (UPPER * HALF + element) * SIZE + byte
                mask[block * 16 + 2 * element * SIZE + byte] = source
                mask[block * 16 + (2 * element + 1) * SIZE + byte] = 64 + source
    return mask


@always_inline
def interleave[SIZE: Int, UPPER: Int](a: Block, b: Block) -> Block:
    """The lower or upper elements of both, alternating."""
    comptime mask = interleave_mask[SIZE, UPPER]()
    return a.shuffle[mask=mask](b)


@always_inline
def widen[N: Int](planes: Array[Block, N]) -> Array[Block, N]:
    """N byte planes of 64 strings as N vectors of 64 / N lanes of N bytes."""
    var now = planes.copy()
    comptime if N == 2:
        now[0] = interleave[1, 0](planes[0], planes[1])
        now[1] = interleave[1, 1](planes[0], planes[1])
    elif N == 4:
        var pairs = Array[Block, 4](fill=Block(0))
        comptime for i in range(2):
            pairs[2 * i] = interleave[1, 0](planes[2 * i], planes[2 * i + 1])
            pairs[2 * i + 1] = interleave[1, 1](planes[2 * i], planes[2 * i + 1])
        comptime for i in range(2):
            now[2 * i] = interleave[2, 0](pairs[i], pairs[2 + i])
            now[2 * i + 1] = interleave[2, 1](pairs[i], pairs[2 + i])
    else:
        var pairs = Array[Block, 8](fill=Block(0))
        comptime for i in range(4):
            pairs[2 * i] = interleave[1, 0](planes[2 * i], planes[2 * i + 1])
            pairs[2 * i + 1] = interleave[1, 1](planes[2 * i], planes[2 * i + 1])
        var fours = Array[Block, 8](fill=Block(0))
        comptime for half in range(2):
            comptime for i in range(2):
                comptime at = 4 * half + 2 * i
                fours[at] = interleave[2, 0](pairs[4 * half + i], pairs[4 * half + 2 + i])
                fours[at + 1] = interleave[2, 1](pairs[4 * half + i], pairs[4 * half + 2 + i])
        comptime for i in range(4):
            now[2 * i] = interleave[4, 0](fours[i], fours[4 + i])
            now[2 * i + 1] = interleave[4, 1](fours[i], fours[4 + i])
    return now^


@always_inline
def lane[N: Int](vector: Int, place: Int) -> Int:
    """Which of the 64 strings widen() puts at a place of a vector."""
    comptime PER_BLOCK = 16 // N
    return (place // PER_BLOCK) * 16 + PER_BLOCK * vector + place % PER_BLOCK


@always_inline
def look_up_half(table: Block, symbols: Half) -> Half:
    """A look-up of 32 symbols by the 16-entry shuffle of AVX2, one quarter of the table at a time."""
    var found = Half(0)
    comptime for quarter in range(4):
        var part = table.slice[16, offset = 16 * quarter]()
        # a symbol of another quarter gets its top bit set, which the shuffle turns into 0
        var here = (symbols ^ Half(UInt8(16 * quarter))) + Half(0x70)
        found |= llvm_intrinsic["llvm.x86.avx2.pshuf.b", Half](part.join(part), here)
    return found


@always_inline
def look_up(table: Block, symbols: Block) -> Block:
    """The table's byte for each of 64 symbols below 64."""
    comptime if CompilationTarget._has_feature["avx512vbmi"]():
        return llvm_intrinsic["llvm.x86.avx512.permvar.qi.512", Block](table, symbols)
    elif CompilationTarget._has_feature["avx2"]():
        var lower = look_up_half(table, symbols.slice[32, offset=0]())
        return lower.join(look_up_half(table, symbols.slice[32, offset=32]()))
    else:
        return table._dynamic_shuffle(symbols)


@always_inline
def match_table[N: Int](query: Bytes, length: Int) -> Array[Block, N]:
    """The query's match table as N byte planes; symbol 0 is in no string and sets nothing."""
    var planes = Array[Block, N](fill=Block(0))
    for i in range(length):
        var symbol = Int(query[unsafe_offset=i])
        if symbol != 0:
            comptime for p in range(N):
                if i // 8 == p:
                    planes[p][symbol] = planes[p][symbol] | (UInt8(1) << UInt8(i % 8))
    return planes^


@always_inline
def common[
    N: Int, KIND: DType, WIDTH: Int
](planes: Array[Block, N], symbols: Bytes, length: Int, full: Scalar[KIND]) -> Array[SIMD[KIND, WIDTH], N]:
    """The length of the longest common subsequence of the query and each of 64 strings."""
    comptime Lanes = SIMD[KIND, WIDTH]
    var state = Array[Lanes, N](fill=Lanes(0) - Lanes(1))
    for i in range(length):
        var column = symbols.unsafe_load[width=64](i * LANES)
        var bytes = Array[Block, N](fill=Block(0))
        comptime for p in range(N):
            bytes[p] = look_up(planes[p], column)
        var wide = widen[N](bytes)
        comptime for v in range(N):
            var matches = bitcast[KIND, WIDTH](wide[v])
            var both = state[v] & matches
            state[v] = (state[v] + both) | (state[v] & ~matches)
    comptime for v in range(N):
        state[v] = pop_count(~state[v] & Lanes(full))
    return state^


struct Best:
    """The k best so far, best first: by similarity 2 * common / total, equal ones by id."""

    var shared: Ints
    var totals: Ints
    var ids: Ints
    var k: Int
    var count: Int

    def __init__(out self, shared: Ints, totals: Ints, ids: Ints, k: Int):
        self.shared = shared
        self.totals = totals
        self.ids = ids
        self.k = k
        self.count = 0

    @always_inline
    def least(self, total: Int, floor: Float64) -> Int:
        """The smallest common length that a string of this total length needs to be let in."""
        if self.count < self.k:
            # generous by one: the caller compares with the floor exactly
            return max(0, Int(floor * Float64(total) * 0.5) - 1)
        var last = self.k - 1
        var den = Int(self.totals[unsafe_offset=last])
        return (Int(self.shared[unsafe_offset=last]) * total + den - 1) // den

    @always_inline
    def before(self, place: Int, shared: Int, total: Int, id: Int32) -> Bool:
        """Whether a string comes before the one at a place."""
        var mine = shared * Int(self.totals[unsafe_offset=place])
        var its = Int(self.shared[unsafe_offset=place]) * total
        return mine > its or (mine == its and id < self.ids[unsafe_offset=place])

    @always_inline
    def offer(mut self, shared: Int, total: Int, id: Int32):
        """Puts a string in its place if it belongs among the best."""
        if self.count == self.k and not self.before(self.k - 1, shared, total, id):
            return
        if self.count < self.k:
            self.count += 1
        var at = self.count - 1
        while at > 0 and self.before(at - 1, shared, total, id):
            self.shared[unsafe_offset=at] = self.shared[unsafe_offset=at - 1]
            self.totals[unsafe_offset=at] = self.totals[unsafe_offset=at - 1]
            self.ids[unsafe_offset=at] = self.ids[unsafe_offset=at - 1]
            at -= 1
        self.shared[unsafe_offset=at] = Int32(shared)
        self.totals[unsafe_offset=at] = Int32(total)
        self.ids[unsafe_offset=at] = id


@always_inline
def at_least[KIND: DType, WIDTH: Int](lanes: SIMD[KIND, WIDTH], least: Int) -> UInt64:
    """A bit for each lane that reaches `least`."""
    comptime if WIDTH == 32:
        return UInt64(pack_bits[dtype=DType.uint32, width=1](lanes.ge(SIMD[KIND, WIDTH](Scalar[KIND](least))))[0])
    elif WIDTH == 16:
        return UInt64(pack_bits[dtype=DType.uint16, width=1](lanes.ge(SIMD[KIND, WIDTH](Scalar[KIND](least))))[0])
    else:
        return UInt64(pack_bits[dtype=DType.uint8, width=1](lanes.ge(SIMD[KIND, WIDTH](Scalar[KIND](least))))[0])


def search[
    N: Int, KIND: DType, WIDTH: Int
](
    symbols: Bytes,
    offsets: Longs,
    lengths: Ints,
    group_ids: Ints,
    groups: Int,
    query: Bytes,
    size: Int,
    floor: Float64,
    mut best: Best,
):
    """Visits the groups outwards from the query's length until none can be let in."""
    var planes = match_table[N](query, size)
    var full = Scalar[KIND](0) - 1
    if size < N * 8:
        full = (Scalar[KIND](1) << Scalar[KIND](size)) - 1
    var low = 0
    var high = groups
    while low < high:
        var middle = (low + high) // 2
        if Int(lengths[unsafe_offset=middle]) < size:
            low = middle + 1
        else:
            high = middle
    var right = low
    var left = low - 1
    while left >= 0 or right < groups:
        # the common length can't pass the shorter length: 2 * min / total bounds the similarity
        var take_right = left < 0
        if left >= 0 and right < groups:
            var shorter = Int(lengths[unsafe_offset=left])
            var longer = Int(lengths[unsafe_offset=right])
            take_right = size * (size + shorter) >= shorter * (size + longer)
        var group = right if take_right else left
        if take_right:
            right += 1
        else:
            left -= 1
        var length = Int(lengths[unsafe_offset=group])
        var total = size + length
        var least = best.least(total, floor)
        if least > min(size, length):
            return
        var base = symbols.unsafe_offset(Int(offsets[unsafe_offset=group]))
        var found = common[N, KIND, WIDTH](planes, base, length, full)
        comptime for v in range(N):
            var bits = at_least[KIND, WIDTH](found[v], least)
            while bits != 0:
                var place = Int(count_trailing_zeros(bits))
                bits &= bits - 1
                var shared = Int(found[v][place])
                var id = group_ids[unsafe_offset=group * LANES + lane[N](v, place)]
                if id >= 0 and 1 - Float64(total - 2 * shared) / Float64(total) >= floor:
                    best.offer(shared, total, id)


@export
def topk(
    symbols: Bytes,
    offsets: Longs,
    lengths: Ints,
    group_ids: Ints,
    groups: Int64,
    query: Bytes,
    size: Int64,
    k: Int64,
    floor: Float64,
    shared: Ints,
    totals: Ints,
    ids: Ints,
) abi("C") -> Int64:
    """Writes common length, total length and id of the k best whose similarity reaches `floor`.

    Gives their number, -1 where the query has no symbol or more than 64.
    """
    var best = Best(shared, totals, ids, Int(k))
    if size < 1 or size > 64:
        return -1
    if size <= 16:
        search[2, DType.uint16, 32](symbols, offsets, lengths, group_ids, Int(groups), query, Int(size), floor, best)
    elif size <= 32:
        search[4, DType.uint32, 16](symbols, offsets, lengths, group_ids, Int(groups), query, Int(size), floor, best)
    else:
        search[8, DType.uint64, 8](symbols, offsets, lengths, group_ids, Int(groups), query, Int(size), floor, best)
    return Int64(best.count)
