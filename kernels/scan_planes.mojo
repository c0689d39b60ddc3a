"""Rows of int8 codes in two planes of nibbles, and their products with a query.

A code is 16 * (high - 8) + low - 8. Of each 128 codes of a row the first 64 are in the lower halves
of 64 bytes.
"""
from std.memory import bitcast
from std.sys.info import CompilationTarget
from std.sys.intrinsics import llvm_intrinsic

from scan_near import Floats

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Signed = MutPointer[Int8, MutUntrackedOrigin]
comptime Sums = SIMD[DType.int32, 16]
comptime Nibbles = SIMD[DType.uint8, 64]
comptime Codes = SIMD[DType.int8, 64]
comptime STEP = 64  # bytes of a plane that are read at once
comptime VNNI = CompilationTarget._has_feature["avx512vnni"]()
comptime AVX2 = CompilationTarget._has_feature["avx2"]() and not VNNI


@fieldwise_init
struct Planes(Copyable, Movable):
    """The rows: `scales` says what one of a code is worth, `rests` what high nibbles are off by."""

    var high: Bytes
    var low: Bytes
    var scales: Floats
    var rests: Floats
    var rows: Int
    var width: Int  # bytes of a row in each plane, a multiple of 64


@fieldwise_init
struct Query(Copyable, Movable):
    """A query's codes, and eight times their sum."""

    var codes: Signed
    var eights: Int32

    @staticmethod
    def of(codes: Signed, dim: Int) -> Self:
        """With the sum of codes [dim]."""
        var eights = Int32(0)
        for at in range(dim):
            eights += 8 * codes[unsafe_offset=at].cast[DType.int32]()
        return Self(codes, eights)


@always_inline
def dot(sums: Sums, nibbles: Nibbles, codes: Codes) -> Sums:
    """Adds the products of 64 nibbles, each in a byte of its own, some to each lane."""
    comptime if VNNI:
        return llvm_intrinsic["llvm.x86.avx512.vpdpbusd.512", Sums](sums, nibbles, codes)
    elif AVX2:
        comptime Pairs = SIMD[DType.int16, 16]
        comptime HalfSums = SIMD[DType.int32, 8]
        var pairs = Pairs(0)
        comptime for half in range(2):
            # at most 2 * 2 * 15 * 128: no pair can overflow
            pairs += llvm_intrinsic["llvm.x86.avx2.pmadd.ub.sw", Pairs](
                nibbles.slice[32, offset = 32 * half](), codes.slice[32, offset = 32 * half]()
            )
        var half = llvm_intrinsic["llvm.x86.avx2.pmadd.wd", HalfSums](pairs, Pairs(1))
        return sums + half.join(HalfSums(0))
    elif CompilationTarget._has_feature["dotprod"]():
        comptime Quarter = SIMD[DType.int32, 4]
        var parts = Array[Quarter, 4](fill=Quarter(0))
        comptime for part in range(4):
            parts[part] = llvm_intrinsic["llvm.aarch64.neon.sdot.v4i32.v16i8", Quarter](
                sums.slice[4, offset = 4 * part](),
                bitcast[DType.int8, 16](nibbles.slice[16, offset = 16 * part]()),
                codes.slice[16, offset = 16 * part](),
            )
        return parts[0].join(parts[1]).join(parts[2].join(parts[3]))
    else:
        var even, odd = (nibbles.cast[DType.int16]() * codes.cast[DType.int16]()).deinterleave()
        var left, right = (even + odd).deinterleave()
        return sums + left.cast[DType.int32]() + right.cast[DType.int32]()


@always_inline
def products[STEPS: Int](row: Bytes, width: Int, codes: Signed) -> Sums:
    """The products of a row of a plane; STEPS is its length where the compiler knows it, else 0."""
    var sums = Sums(0)
    comptime if STEPS > 0:
        comptime for step in range(STEPS):
            sums = add_step(sums, row, codes, STEP * step)
    else:
        for at in range(0, width, STEP):
            sums = add_step(sums, row, codes, at)
    return sums


@always_inline
def add_step(sums: Sums, row: Bytes, codes: Signed, at: Int) -> Sums:
    """Adds the products of 128 nibbles."""
    var both = row.unsafe_load[width=STEP](at)
    var lower = dot(sums, both & 15, codes.unsafe_load[width=STEP](2 * at))
    return dot(lower, both >> 4, codes.unsafe_load[width=STEP](2 * at + STEP))


@always_inline
def folded[ROWS: Int, STEPS: Int](rows: Bytes, width: Int, codes: Signed) -> Sums:
    """The sums of the products of ROWS rows, each in 16 / ROWS lanes side by side."""
    comptime if ROWS == 1:
        return products[STEPS](rows, width, codes)
    comptime half = ROWS // 2
    var left = folded[half, STEPS](rows, width, codes)
    var right = folded[half, STEPS](rows.unsafe_offset(half * width), width, codes)
    var even, odd = left.join(right).deinterleave()
    return even + odd
