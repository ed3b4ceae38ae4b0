"""The PolyBench kernels compute what their definitions say, and the same bits as when built natively."""

from __future__ import annotations

import io
import shutil
import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING

import linocut
import numpy as np
import pytest
from linocut.bench.programs import suites
from linocut.engines import build
from linocut.wasi import Wasi
from polybench_reference import REFERENCES

if TYPE_CHECKING:
    from linocut.engines.program import WasiProgram

pytest.importorskip("ziglang", reason="compiles C")

SOURCES = {source.name: source for source in suites.find_sources(["polybench"], "MINI")}
# Relative to the largest element. deriche's floats are single, and its filter adds up their errors.
TOLERANCES = {"deriche": 1e-5}


@pytest.fixture(scope="module")
def programs() -> dict[str, WasiProgram]:
    built = suites.build_programs(list(SOURCES.values()), lambda _: None)
    return {program.name: program for program in built}


def run(program: WasiProgram, *arguments: str) -> list[str]:
    """The lines that the program's WebAssembly prints."""
    out = io.BytesIO()
    code = Wasi([program.name, *arguments], stdout=out).run(linocut.load(program.wasm))
    assert code == 0
    return out.getvalue().decode().splitlines()


def read_dump(lines: list[str]) -> tuple[SimpleNamespace, dict[str, np.ndarray]]:
    """The arrays before the kernel ran, and its results."""
    found: dict[str, dict[str, np.ndarray]] = {"in": {}, "out": {}}
    rest = iter(lines)
    for line in rest:
        when, name, *lengths = line.split()
        if when in found:
            shape = tuple(map(int, lengths))
            elements = [float.fromhex(next(rest)) for _ in range(int(np.prod(shape)))]
            found[when][name] = np.array(elements).reshape(shape)
    return SimpleNamespace(**found["in"]), found["out"]


def test_every_kernel_has_a_reference() -> None:
    assert set(SOURCES) == set(REFERENCES)
    assert len(REFERENCES) == 30


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_kernel_computes_what_its_definition_says(programs: dict[str, WasiProgram], name: str) -> None:
    given, results = read_dump(run(programs[name], "dump"))
    wanted = REFERENCES[name](given)
    assert set(results) == set(wanted)
    for array, right in wanted.items():
        assert np.isfinite(right).all()
        tolerance = TOLERANCES.get(name, 1e-9) * abs(right).max()
        np.testing.assert_allclose(results[array], right, rtol=0, atol=tolerance, err_msg=array)


@pytest.mark.skipif(not shutil.which("gcc"), reason="needs gcc for the native build")
@pytest.mark.parametrize("name", sorted(SOURCES))
def test_kernel_gives_the_same_bits_natively(programs: dict[str, WasiProgram], name: str) -> None:
    native = build.native(programs[name], "gcc", ("gcc",))
    lines = subprocess.run([native], capture_output=True, text=True, check=True).stdout.splitlines()
    assert lines[-1].startswith("checksum ")
    assert run(programs[name])[-1] == lines[-1]
