"""An invented `Results`, filled like that of a full run: every plot and table has something to show.

The figures are drawn from a fixed seed around plausible speeds. They include all that goes wrong in a
real run: absent engines, errors, a wrong checksum, a single sample, a sample that is NaN, hostile names.
"""

from __future__ import annotations

import math
import random

from linocut.bench.results import (
    Call,
    Compilation,
    EngineInfo,
    Execution,
    ModuleInfo,
    Results,
    Start,
    Variant,
)
from linocut.bench.samples import Samples

POLYBENCH = (
    "2mm 3mm adi atax bicg cholesky correlation covariance deriche doitgen durbin fdtd-2d floyd-warshall gemm "
    "gemver gesummv gramschmidt heat-3d jacobi-1d jacobi-2d lu ludcmp mvt nussinov seidel-2d symm syr2k syrk "
    "trisolv trmm"
).split()
EVERYDAY = (
    "base64 bytecode collatz fannkuch fib huffman json levenshtein mandelbrot nbody quicksort regex sha256 sieve "
    "wordcount"
).split()
HOSTILE = "<script>alert(1)</script>"

# name, kind, execution and compilation relative to Liftoff (None: no compile time), code bytes, version, flags
ENGINES = (
    ("wasm3", "interpreter", 14.0, None, 0, "0.5.0", ()),
    ("wizard", "interpreter", 24.0, None, 0, "24β.2813", ("--mode=int",)),
    ("linocut", "copy-and-patch", 0.62, 0.15, 1.4, "0.3.0", ()),
    ("liftoff", "baseline", 1.0, 1.0, 2.9, "node 24.19.0", ("--liftoff-only", "--single-threaded")),
    ("winch", "baseline", 1.16, 1.7, 3.2, "wasmtime 50.0.0", ()),
    ("cranelift", "optimising", 0.56, 14.0, 2.0, "wasmtime 50.0.0", ()),
    ("turbofan", "optimising", 0.51, 22.0, 1.9, "node 24.19.0", ("--no-liftoff",)),
    ("wavm", "LLVM", 0.47, 95.0, 1.8, "nightly 2022-05-14", ()),
    ("wasmedge", "LLVM", 0.49, 80.0, 0, "0.14.1", ()),
    ("wasm2c+gcc", "native", 0.48, None, 0, "wabt 1.0.32, gcc 12.2.0", ("-O2",)),
    ("gcc", "native", 0.42, None, 0, "gcc 12.2.0", ("-O2", "-ffp-contract=off", "-fno-math-errno")),
    ("clang", "native", 0.40, None, 0, "clang 21.1.0", ("-O2", "-ffp-contract=off", "-fno-math-errno")),
)
SWITCHES = (
    ("stack check", "no check of the stack's limit in prologues", 0.985, 0.97, 0.95),
    ("division checks", "divisors are not compared with zero", 0.993, 1.0, 0.995),
    ("guard pages", "explicit bounds checks instead of guard pages", 1.23, 1.12, 1.31),
    ("index clamping", "table indices are not masked after their check", 0.998, 1.0, 0.999),
    ("pinned locals", "all locals live in the frame", 1.74, 0.92, 1.42),
    ("lazy operand stack", "every operand is loaded at once", 1.22, 1.05, 1.18),
    ("immediates", "constants are put in registers first", 1.08, 1.03, 1.12),
    ("folded addresses", "offsets are added by an instruction of their own", 1.05, 1.02, 1.07),
    ("compare and branch", "a comparison makes a number before its branch tests it", 1.12, 1.04, 1.09),
    ("interrupts", "loops do not ask whether to stop", 0.97, 0.98, 0.96),
)


def synthetic(seed: int = 1, repeat: int = 5) -> Results:
    """One invented run."""
    chance = random.Random(seed)
    results = Results(
        machine={"cpu": "AMD EPYC 7B13", "cores": "2", "system": "Linux 6.18", "python": "3.11.9"},
        date="2026-11-23 12:00 UTC",
        command="linocut bench --ablate",
        noise="the same loop took between 1.00 and 1.14 of its least time: other work runs on this machine",
        engines=[EngineInfo(name, kind, version, flags) for name, kind, _, _, _, version, flags in ENGINES],
        modules=_modules(chance),
    )
    results.engines += [
        EngineInfo(
            "wasmnow",
            "copy-and-patch",
            absent="build it (https://github.com/sillycross/WasmNow), then --wasmnow PATH",
        ),
        EngineInfo("wamr", "interpreter", absent="iwasm in PATH, or --wamr PATH"),
    ]
    _run(results, chance, repeat)
    _compile(results, chance, repeat)
    _borders(results, chance, repeat)
    _ablate(results, chance, repeat)
    _spoil(results)
    return results


def _modules(chance: random.Random) -> list[ModuleInfo]:
    suites = {"polybench": POLYBENCH, "coremark": ["coremark"], "everyday": EVERYDAY}
    small = [
        ModuleInfo(name, suite, size := chance.randint(21_000, 64_000), int(size * 0.8))
        for suite, names in suites.items()
        for name in names
    ]
    big = {"esbuild": (12_400_000, 0.74), "cpython": (20_500_000, 0.25), "yosys": (51_000_000, 0.66)}
    return small + [
        ModuleInfo(name, "corpora", size, int(size * share)) for name, (size, share) in big.items()
    ]


def _samples(chance: random.Random, middle: float, repeat: int, noise: float = 0.02) -> Samples:
    return Samples([middle * (1 + abs(chance.gauss(0, noise))) for _ in range(repeat)])


def _run(results: Results, chance: random.Random, repeat: int) -> None:
    for module in results.modules:
        if module.suite == "corpora":
            continue
        base, checksum = math.exp(chance.uniform(-4, 0)), f"{chance.getrandbits(64):016x}"
        for name, _, speed, *_ in ENGINES:
            own = speed * math.exp(chance.gauss(0, 0.22)) if name != "liftoff" else 1.0
            seconds = _samples(chance, base * own, repeat)
            results.execution.append(Execution(module.name, name, seconds, "process_cpu", checksum))


def _compile(results: Results, chance: random.Random, repeat: int) -> None:
    for module in results.modules:
        for name, _, _, cost, code, *_ in ENGINES:
            if cost is None or (module.suite == "corpora" and cost > 50):
                continue
            middle = cost * (0.4e-3 + module.code_section / 17e6) * math.exp(chance.gauss(0, 0.08))
            one = Compilation(module.name, name, memory_bytes=int(module.size * (2 + cost / 10)))
            one.warm, one.cold = (
                _samples(chance, middle, repeat),
                _samples(chance, middle * 1.3 + 2e-4, repeat),
            )
            one.warm_wall, one.cold_wall = one.warm, one.cold
            one.validate = (
                _samples(chance, module.code_section / 150e6, repeat)
                if name in ("linocut", "liftoff")
                else Samples()
            )
            one.code_bytes = int(module.code_section * code * chance.uniform(0.9, 1.1))
            results.compilation.append(one)
            if name == "linocut" and module.suite == "corpora":
                two = Samples([value / 1.86 for value in one.warm.values])
                results.compilation.append(Compilation(module.name, name, 2, warm_wall=two, cold_wall=two))


def _borders(results: Results, chance: random.Random, repeat: int) -> None:
    starts = {"wasm3": 0.004, "linocut": 0.021, "liftoff": 0.041, "cranelift": 0.032, "gcc": 0.0008}
    results.start = [Start(name, _samples(chance, middle, repeat, 0.08)) for name, middle in starts.items()]
    costs = {"linocut": (48, 62), "liftoff": (11, 14), "cranelift": (1450, 2900), "wasm3": (820, 1500)}
    yardsticks = {
        "linocut": (33.6, 41.0),
        "liftoff": (4.0, 4.0),
        "cranelift": (33.6, 41.0),
        "wasm3": (33.6, 41.0),
    }
    for name, both in costs.items():
        for i, direction in enumerate(("host to wasm", "wasm to host")):
            cost = _samples(chance, both[i], repeat)
            results.calls.append(Call(name, direction, cost, yardsticks[name][i]))


def _ablate(results: Results, chance: random.Random, repeat: int) -> None:
    runs = [run for run in results.execution if run.engine == "linocut"]
    compiled = [one for one in results.compilation if one.engine == "linocut" and one.threads == 1]
    for name, says, execution, compilation, code in SWITCHES:
        variant = Variant(name, "linocut", says)
        for run in runs:
            factor = execution ** math.exp(chance.gauss(0, 0.7)) * math.exp(chance.gauss(0, 0.004))
            seconds = _samples(chance, run.seconds.least * factor, repeat)
            variant.execution.append(Execution(run.program, "linocut", seconds, run.clock, run.checksum))
        for one in compiled:
            other = Compilation(one.module, "linocut")
            other.warm = _samples(chance, one.warm.least * compilation, repeat, 0.01)
            other.code_bytes = int(one.code_bytes * code * chance.uniform(0.99, 1.01))
            variant.compilation.append(other)
        results.ablation.append(variant)


def _spoil(results: Results) -> None:
    """Put in what goes wrong in a real run."""
    runs = {(run.program, run.engine): run for run in results.execution}
    runs["sieve", "wavm"].checksum = "00000000deadbeef"
    runs["adi", "wizard"].error = "wizard: exit code 139: Segmentation fault"
    runs["adi", "wizard"].seconds = Samples()
    runs["gemm", "turbofan"].seconds = Samples(runs["gemm", "turbofan"].seconds.values[:1])
    runs["lu", "winch"].seconds.values[0] = math.nan
    runs["mvt", "wasmedge"].seconds = Samples([math.nan])
    compiled = {(one.module, one.engine): one for one in results.compilation}
    compiled["yosys", "cranelift"].error = "cranelift: no answer in 900 s"
    compiled["yosys", "cranelift"].warm = Samples()
    results.start.append(Start("wavm", error="wavm: no such option: \x1b[31m--quiet"))
    results.engines.append(EngineInfo(HOSTILE, "interpreter", "1 & 2", ('"quoted"',)))
    results.modules.append(ModuleInfo(f"{HOSTILE}.wasm", "mine | & yours", 1000, 400))
    results.execution += [
        Execution(f"{HOSTILE}.wasm", "liftoff", Samples([0.5, 0.51, 0.52]), "monotonic", "1"),
        Execution(f"{HOSTILE}.wasm", HOSTILE, Samples([6.5]), "monotonic", "1"),
    ]
