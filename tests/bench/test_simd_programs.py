"""The SIMD kernels and their scalar twins compute what Python computes by other means, on every engine."""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.bench.programs import suites
from linocut.bench.programs.output import read
from linocut.engines.found import Absent
from linocut.engines.process import Finished
from linocut.engines.registry import MEASURED
from linocut.wasi import Wasi

pytest.importorskip("ziglang", reason="compiles C")
pytest.importorskip("numpy")

from simd_reference import SIMD_REFERENCES

if TYPE_CHECKING:
    from linocut.engines.program import WasiProgram

SOURCES = suites.find_sources(["simd"], "MINI")
# Small sizes that take no time, odd ones among them: points that fill no vector, pieces of every length.
SIZES = {
    "base64": (0, 1, 20),
    "blur": (0, 1, 3),
    "mandelbrot": (0, 1, 40, 43),
    "matmul": (0, 1, 3),
    "memchr": (0, 1, 300),
    "sha256": (0, 1, 3),
    "utf8": (0, 1, 1000),
}
CASES = [(source.name, n) for source in SOURCES for n in SIZES[source.name.split("-")[0]]]


@pytest.fixture(scope="module")
def programs() -> dict[str, WasiProgram]:
    built = suites.build_programs(SOURCES, lambda _: None)
    return {program.name: program for program in built}


@pytest.fixture(scope="module")
def expected() -> dict[tuple[str, int], str]:
    return {(name, n): f"{SIMD_REFERENCES[name](n):016x}" for name, sizes in SIZES.items() for n in sizes}


def checksum(program: WasiProgram, n: int, interpret: bool = False) -> str:
    out = io.BytesIO()
    module = linocut.load(program.wasm, interpret=interpret)
    assert Wasi([program.name, str(n)], stdout=out).run(module) == 0
    return read(Finished(out.getvalue().decode(), "", 0.0, 0.0)).checksum


def test_every_kernel_has_a_twin_and_a_reference() -> None:
    names = {source.name for source in SOURCES}
    assert names == {f"{name}-{form}" for name in SIMD_REFERENCES for form in ("simd", "scalar")}
    assert SIZES.keys() == SIMD_REFERENCES.keys()


def test_only_kernels_need_simd(programs: dict[str, WasiProgram]) -> None:
    wasmtime = pytest.importorskip("wasmtime")
    config = wasmtime.Config()
    config.wasm_relaxed_simd = False
    config.wasm_simd = False
    engine = wasmtime.Engine(config)
    for name, program in programs.items():
        if name.endswith("-scalar"):
            wasmtime.Module.validate(engine, program.wasm.read_bytes())
        else:
            with pytest.raises(wasmtime.WasmtimeError, match="SIMD"):
                wasmtime.Module.validate(engine, program.wasm.read_bytes())


@pytest.mark.parametrize(("name", "n"), CASES)
def test_kernel_computes_what_python_computes(
    programs: dict[str, WasiProgram], expected: dict[tuple[str, int], str], name: str, n: int
) -> None:
    assert checksum(programs[name], n) == expected[name.split("-")[0], n]


@pytest.mark.parametrize("name", [source.name for source in SOURCES])
def test_interpreter_computes_the_same(
    programs: dict[str, WasiProgram], expected: dict[tuple[str, int], str], name: str
) -> None:
    kernel = name.split("-")[0]
    assert checksum(programs[name], 1, interpret=True) == expected[kernel, 1]


@pytest.mark.parametrize("engine", ["gcc", "clang", "liftoff"])
@pytest.mark.parametrize("name", [source.name for source in SOURCES])
def test_kernel_computes_the_same_elsewhere(
    programs: dict[str, WasiProgram], expected: dict[tuple[str, int], str], name: str, engine: str
) -> None:
    try:
        other = MEASURED[engine][1]()
    except Absent as absent:
        pytest.skip(f"{engine}: {absent}")
    kernel = name.split("-")[0]
    n = SIZES[kernel][-1]
    program = dataclasses.replace(programs[name], arguments=(str(n),))
    assert read(other.run(program, timeout=60)).checksum == expected[kernel, n]
