"""`linocut bench`: its kernels compute the same everywhere, its numbers and tables are right."""

import ctypes
import json
import math
import shutil
import sys
from pathlib import Path

import linocut
import pytest
from linocut.cli.bench import report
from linocut.cli.bench.compile_time import measure_compile
from linocut.cli.bench.engines import Engine, EngineError
from linocut.cli.bench.execution import measure_run
from linocut.cli.bench.kernels import Kernel, find_kernels
from linocut.cli.bench.samples import Samples, geometric_mean

KERNELS = find_kernels()
# Sizes that take no time, and the odd ones among them
SIZES = {"fib": (0, 1, 2, 9, 17), "collatz": (0, 2, 27, 3000), "collatz32": (0, 2, 27, 3000)}


def fake(name: str, answer: str) -> Engine:
    """An engine whose worker prints that text."""
    return Engine(name, "1", (sys.executable, "-c", f"print({answer!r})"))


@pytest.mark.skipif(not shutil.which("gcc"), reason="needs gcc for the native build")
@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
def test_kernel_computes_what_native_code_computes(kernel: Kernel) -> None:
    pytest.importorskip("ziglang")
    native = ctypes.CDLL(str(kernel.native())).run
    native.argtypes = [ctypes.c_int32]
    native.restype = ctypes.c_int32 if kernel.result == "i32" else ctypes.c_int64
    run = linocut.load(kernel.wasm()).instantiate().exports.run
    # One after the other in one instance: kernels keep their memory from run to run.
    for n in SIZES.get(kernel.name, (0, 1, 2, 3)):
        assert run(n) == native(n), n


def test_worker_output_may_have_noise_around_the_answer() -> None:
    engine = fake("noisy", 'hello\n{"cpu": [1.5]}\nbye')
    assert engine.ask({}) == {"cpu": [1.5]}


def test_worker_without_answer_is_an_error_with_its_last_words() -> None:
    engine = Engine("broken", "1", (sys.executable, "-c", "raise SystemExit('out of luck')"))
    with pytest.raises(EngineError, match="broken: out of luck"):
        engine.ask({})


def test_checksums_that_differ_are_shown() -> None:
    kernel = next(kernel for kernel in KERNELS if kernel.name == "fib")
    engines = [
        fake("liftoff", '{"cpu": [2.0, 1.0], "results": ["55"]}'),
        fake("linocut", '{"cpu": [0.5], "results": ["56"]}'),
    ]
    result = measure_run(kernel, engines, 2, "cpu", lambda _: None)
    assert result.times["liftoff"].values == [1.0, 1.0]
    assert not result.agree
    text = report.describe_run([result], engines)
    assert "fib (!)" in text
    assert "checksums differ" in text
    assert "0.50" in text


def test_compile_times_are_cold_first_and_warm_after(tmp_path: Path) -> None:
    module = tmp_path / "m.wasm"
    module.write_bytes(b"\0asm\1\0\0\0")
    engines = [fake("liftoff", '{"cpu": [3.0, 2.0, 2.0]}'), fake("linocut", '{"cpu": [1.0, 0.5, 0.5]}')]
    result = measure_compile("m", module, engines, 2, 2, "cpu", lambda _: None)
    assert result.cold["liftoff"].values == [3.0, 3.0]
    assert result.warm["linocut"].values == [0.5] * 4
    line = report.describe_compile([result], engines).splitlines()[2]
    assert line.split()[-2:] == ["3.00", "4.00"]


def test_samples() -> None:
    samples = Samples([1.0, 2.0, 3.0, 2.0, 100.0])
    assert samples.median == 2.0
    assert samples.least == 1.0
    assert samples.spread == 0.25
    assert json.loads(json.dumps(samples.as_json()))["median"] == 2.0
    assert geometric_mean([0.5, 2.0]) == pytest.approx(1.0)
    assert math.isnan(geometric_mean([]))
