"""Compiles the Mojo kernels: `python -m kernels.build [--target-cpu CPU] [--out FOLDER]`.

With --target-triple for another platform too: Mojo and its linker cross-compile.

Only the mojo-compiler wheel is needed: its compiler writes LLVM bitcode and its linker optimises
that into a library without any run-time dependency. No C compiler takes part.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import os
import platform
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from kernels.native import FOLDER, HERE, KERNELS, digest, required, this_cpu

PLATFORMS = {("linux", "x86_64"), ("linux", "aarch64")}
OLDEST_GLIBC = (2, 34)
# without assertions no library of Mojo's run time is pulled in
COMPILE = ("build", "-D", "ASSERT=none", "--emit", "llvm-bitcode")
LINK = ("-flavor", "gnu", "-shared", "-s", "--lto-O3", "--gc-sections")

# LLVM's names of the features its code generators use, where /proc/cpuinfo spells them otherwise
CPUINFO_NAMES = {
    "x87": "fpu", "sse3": "pni", "sse4.1": "sse4_1", "sse4.2": "sse4_2", "crc32": "sse4_2",
    "lzcnt": "abm", "bmi": "bmi1", "pclmul": "pclmulqdq", "sahf": "lahf_lm", "sha": "sha_ni",
    "avxvnni": "avx_vnni", "avx512vbmi2": "avx512_vbmi2", "avx512vnni": "avx512_vnni",
    "avx512bf16": "avx512_bf16", "avx512bitalg": "avx512_bitalg",
    "avx512vpopcntdq": "avx512_vpopcntdq", "avx512fp16": "avx512_fp16",
    "avx512vp2intersect": "avx512_vp2intersect",
    "fp-armv8": "fp", "neon": "asimd", "dotprod": "asimddp", "fullfp16": "asimdhp",
    "fp16fml": "asimdfhm", "complxnum": "fcma", "jsconv": "jscvt", "lse": "atomics",
    "rdm": "asimdrdm", "crc": "crc32", "rcpc": "lrcpc", "altnzcv": "flagm2", "fptoint": "frint",
    "pauth": "paca", "rand": "rng", "ccdp": "dcpop",
}  # fmt: skip
# features of systems and of single instructions that no code generator chooses by itself
UNUSED = frozenset(
    """clflushopt cldemote clwb clzero enqcmd fxsr invpcid mwaitx pconfig pku prfchw ptwrite rdpid
    rdpru rdrnd rdseed serialize shstk tsxldtrk uintr waitpkg wbnoinvd xsave xsavec xsaveopt xsaves
    amx-bf16 amx-complex amx-fp16 amx-int8 amx-tile
    ccidx ete perfmon predres ras spe specrestrict""".split()  # noqa: SIM905
)

log = logging.getLogger(__name__)


class CannotBuild(RuntimeError):
    """Why the kernels can't be compiled here, in a sentence."""


def check_platform() -> None:
    """Raises CannotBuild where the compiler is absent or doesn't run."""
    if (sys.platform, platform.machine()) not in PLATFORMS:
        raise CannotBuild(f"Mojo has no compiler for {sys.platform} {platform.machine()}")
    name, number = platform.libc_ver()
    if name != "glibc" or tuple(map(int, number.split(".")[:2])) < OLDEST_GLIBC:
        raise CannotBuild(f"Mojo needs glibc 2.34 or newer, this is {name or 'another libc'}")
    if importlib.util.find_spec("mojo") is None:
        raise CannotBuild("no Mojo compiler: pip install 'medparser[kernels]'")


def build(out: Path = FOLDER, target_cpu: str = "", target_triple: str = "") -> dict[str, float]:
    """Compiles every kernel that is not current; gives the seconds each took, 0 if it was current.

    Writes `<name>.so` and its record `<name>.json` into `out`, each at once, so that processes may
    build side by side. `target_cpu` is an LLVM name such as "x86-64-v3", by default this CPU;
    `target_triple` one such as "aarch64-unknown-linux-gnu", by default this platform, and wants a
    CPU with it. Raises CannotBuild.
    """
    check_platform()
    if target_triple and not target_cpu:
        raise CannotBuild(f"for {target_triple} name a CPU too, for instance neoverse-n1")
    out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        seconds = pool.map(lambda name: _build(name, out, target_cpu, target_triple), KERNELS)
        return dict(zip(KERNELS, seconds, strict=True))


def _build(name: str, out: Path, target_cpu: str, target_triple: str) -> float:
    began = time.perf_counter()
    library, record = out / f"{name}.so", out / f"{name}.json"
    wanted = {
        "source": digest(name),
        "flags": [*COMPILE, *LINK],
        "compiler": version("mojo-compiler"),
        "machine": target_triple.partition("-")[0] or platform.machine(),
        "cpu": target_cpu or this_cpu(),
    }
    if library.exists() and record.exists():
        kept = json.loads(record.read_text())
        if {key: kept.get(key) for key in wanted} == wanted:
            return 0.0
    target = ["--target-cpu", target_cpu] if target_cpu else []
    target += ["--target-triple", target_triple] if target_triple else []
    with tempfile.TemporaryDirectory(dir=out, prefix=f".{name}-") as scratch:
        bitcode, linked, written = (Path(scratch, f"{name}.{end}") for end in ("bc", "so", "json"))
        _mojo(*COMPILE, *target, str(HERE / f"{name}.mojo"), "-o", str(bitcode))
        _lld(*LINK, str(bitcode), "-o", str(linked))
        written.write_text(json.dumps({**wanted, "features": _features(target)}))
        linked.replace(library)
        written.replace(record)
    return time.perf_counter() - began


def _features(target: list[str]) -> list[str]:
    """The CPU features that code for this target may use, as /proc/cpuinfo spells them.

    A feature that isn't known here keeps LLVM's name: then only the CPU that built loads the code.
    """
    for line in _mojo("build", *target, "--print-effective-target").splitlines():
        flag, _, names = line.strip().partition(" ")
        if flag == "--target-features":
            found = {name[1:] for name in names.split(",") if name.startswith("+")}
            return sorted({CPUINFO_NAMES.get(name, name) for name in found - UNUSED})
    raise CannotBuild("the Mojo compiler doesn't say which CPU features it compiles for")


def _mojo(*arguments: str) -> str:
    from mojo.run import subprocess_run_mojo

    done = subprocess_run_mojo(list(arguments), capture_output=True, text=True)
    return _output("mojo", done)


def _lld(*arguments: str) -> str:
    from mojo._package_root import get_package_root

    linker = Path(get_package_root(), "bin", "lld")
    done = subprocess.run([linker, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    return _output("lld", done)


def _output(tool: str, done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode:
        raise CannotBuild(f"{tool} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status is 0 also where Mojo can't build, unless that is required."""
    parser = argparse.ArgumentParser(prog="python -m kernels.build", description=__doc__)
    parser.add_argument("--target-cpu", default="", help="LLVM CPU name, for instance x86-64-v3")
    parser.add_argument("--target-triple", default="", help="aarch64-unknown-linux-gnu, say")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the libraries")
    options = parser.parse_args(arguments)
    try:
        seconds = build(options.out, options.target_cpu, options.target_triple)
    except CannotBuild as reason:
        if required():
            log.error("kernels not built, and MEDPARSER_REQUIRE_MOJO=1: %s", reason)
            return 1
        log.warning("kernels not built, the slower Python forms will serve: %s", reason)
        return 0
    for name, took in seconds.items():
        size = (options.out / f"{name}.so").stat().st_size
        state = f"built in {took:.1f} s" if took else "current"
        sys.stdout.write(f"kernel {name}: {state}, {size:,} bytes\n")
    return 0


if __name__ == "__main__":
    logging.basicConfig(format="%(levelname)s: %(message)s")
    sys.exit(main())
