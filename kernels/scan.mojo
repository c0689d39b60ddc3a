"""The rows of an int8 matrix with the largest dot products with an int8 query.

Rows are stored as value + 128 in unsigned bytes, which is what the dot-product instructions take; the
constant that this adds is the same for every row. Plain C ABI, caller-owned buffers, no heap.
"""
from std.sys.info import CompilationTarget
from std.sys.intrinsics import llvm_intrinsic

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Signed = MutPointer[Int8, MutUntrackedOrigin]
comptime Ints = MutPointer[Int32, MutUntrackedOrigin]
comptime Sums = SIMD[DType.int32, 16]
comptime HalfSums = SIMD[DType.int32, 8]
comptime Row = SIMD[DType.uint8, 64]
comptime Query = SIMD[DType.int8, 64]
comptime STEP = 64


@always_inline
def dot(sums: Sums, row: Row, query: Query) -> Sums:
    """Adds the products of 64 bytes, four to a lane."""
    comptime if CompilationTarget._has_feature["avx512vnni"]():
        return llvm_intrinsic["llvm.x86.avx512.vpdpbusd.512", Sums](sums, row, query)
    elif CompilationTarget._has_feature["avx2"]():
        var lower = HalfSums(0)
        var upper = HalfSums(0)
        comptime for quarter in range(4):
            var a = row.slice[16, offset = 16 * quarter]().cast[DType.int16]()
            var b = query.slice[16, offset = 16 * quarter]().cast[DType.int16]()
            var products = llvm_intrinsic["llvm.x86.avx2.pmadd.wd", HalfSums](a, b)
            comptime if quarter % 2 == 0:
                lower += products
            else:
                upper += products
        return sums + lower.join(upper)
    else:
        var even, odd = (row.cast[DType.int16]() * query.cast[DType.int16]()).deinterleave()
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
](codes: Bytes, rows: Int, dim: Int, query: Signed, room: Int, scores: Ints, ids: Ints):
    """The scan; DIM is the row's length where it is known to the compiler, else 0."""
    var worst = Int32.MIN
    comptime STEPS = DIM // STEP
    var held = Array[Query, max(STEPS, 1)](fill=Query(0))
    comptime for step in range(STEPS):
        held[step] = query.unsafe_load[width=64](step * STEP)
    for row in range(rows):
        var at = codes.unsafe_offset(row * dim)
        var even = Sums(0)
        var odd = Sums(0)
        comptime if DIM > 0:
            comptime for step in range(STEPS):
                comptime if step % 2 == 0:
                    even = dot(even, at.unsafe_load[width=64](step * STEP), held[step])
                else:
                    odd = dot(odd, at.unsafe_load[width=64](step * STEP), held[step])
        else:
            for step in range(0, dim, STEP):
                even = dot(even, at.unsafe_load[width=64](step), query.unsafe_load[width=64](step))
        var score = (even + odd).reduce_add()
        if score > worst:
            worst = insert(scores, ids, room, score, row)


@export
def shortlist(
    codes: Bytes, rows: Int64, dim: Int64, query: Signed, room: Int64, scores: Ints, ids: Ints
) abi("C") -> Int64:
    """Writes the `room` best rows, best first; `room` is at most `rows`, `dim` a multiple of 64."""
    for place in range(Int(room)):
        scores[unsafe_offset=place] = Int32.MIN
        ids[unsafe_offset=place] = -1
    if dim == 256:
        scan[256](codes, Int(rows), 256, query, Int(room), scores, ids)
    else:
        scan[0](codes, Int(rows), Int(dim), query, Int(room), scores, ids)
    return room
