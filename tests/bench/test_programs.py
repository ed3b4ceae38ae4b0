"""The programs of bench/programs compute what Python computes by other means, on every engine."""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.bench.programs import suites
from linocut.engines import build
from linocut.engines.found import Absent
from linocut.engines.program import WasiProgram
from linocut.engines.registry import MEASURED
from linocut.wasi import Wasi

pytest.importorskip("ziglang", reason="compiles C")
pytest.importorskip("numpy")

from program_reference import REFERENCES, SHOWN_REFERENCES, Outcome

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = {source.name: source for source in suites.find_sources(["coremark", "everyday"], "MINI")}

# Small sizes that take no time, odd ones among them.
SIZES = {
    "base64": (0, 1, 20),
    "bytecode": (0, 1, 1000),
    "calls": (0, 1, 1000),
    "chain": (0, 1),
    "classes": (0, 1, 3),
    "collatz": (0, 2, 28, 3000),
    "collatz32": (0, 2, 28, 1000),
    "coremark": (0, 1, 2, 20),
    "fib": (0, 1, 2, 17),
    "json": (0, 1, 7),
    "lists": (0, 1, 2),
    "lz": (0, 1, 9),
    "mandelbrot": (0, 1, 40),
    "nbody": (0, 1000),
    "quicksort": (0, 1, 2),
    "regex": (0, 1, 200),
    "sha256": (0, 1, 2, 17),
    "sieve": (0, 1, 3),
    "trees": (0, 1, 30000),
    "utf8": (1,),
    "words": (0, 1, 20000),
}
CASES = [(name, n) for name, sizes in SIZES.items() for n in sizes]


@pytest.fixture(scope="module")
def programs() -> dict[str, WasiProgram]:
    built = suites.build_programs(list(SOURCES.values()), lambda _: None)
    return {program.name: program for program in built}


def run(program: WasiProgram, *arguments: str) -> tuple[int, bytes, str]:
    """The exit code and both outputs of the program's WebAssembly."""
    out, errors = io.BytesIO(), io.BytesIO()
    code = Wasi([program.name, *arguments], stdout=out, stderr=errors).run(linocut.load(program.wasm))
    return code, out.getvalue(), errors.getvalue().decode()


def read(output: str) -> Outcome:
    lines = dict(line.split(" ", 1) for line in output.splitlines())
    assert float(lines["kernel_seconds"]) >= 0
    return Outcome(int(lines["checksum"], 16), lines.get("answer"))


def outcome(program: WasiProgram, n: int) -> Outcome:
    code, output, errors = run(program, str(n))
    assert (code, errors) == (0, "")
    return read(output.decode())


def test_every_program_has_sizes_and_a_reference() -> None:
    assert set(SOURCES) == set(SIZES) == REFERENCES.keys() | SHOWN_REFERENCES.keys()


@pytest.mark.parametrize(("name", "n"), CASES)
def test_program_computes_what_python_computes(programs: dict[str, WasiProgram], name: str, n: int) -> None:
    if name in REFERENCES:
        expected = REFERENCES[name](n)
    else:
        code, shown, _ = run(programs[name], str(n), "show")
        assert code == 0
        expected = SHOWN_REFERENCES[name](n, shown)
    found = outcome(programs[name], n)
    if expected.checksum is not None:
        assert found.checksum == expected.checksum
    assert found.answer == expected.answer


@pytest.mark.parametrize("engine", ["gcc", "liftoff"])
@pytest.mark.parametrize(("name", "n"), [(name, sizes[-1]) for name, sizes in SIZES.items()])
def test_program_computes_the_same_elsewhere(
    programs: dict[str, WasiProgram], name: str, n: int, engine: str
) -> None:
    try:
        other = MEASURED[engine][1]()
    except Absent as absent:
        pytest.skip(f"{engine}: {absent}")
    program = dataclasses.replace(programs[name], arguments=(str(n),))
    assert read(other.run(program, timeout=60).output) == outcome(program, n)


def test_work_depends_on_the_size(programs: dict[str, WasiProgram]) -> None:
    for name, sizes in SIZES.items():
        found = [outcome(programs[name], n).checksum for n in {*sizes, 3}]
        assert len(set(found)) > 1, name


@pytest.mark.parametrize("size", ["", "abc", "7x", "-1", "99999999999999999999", "2147483647"])
def test_sizes_out_of_range_are_refused(programs: dict[str, WasiProgram], size: str) -> None:
    for program in programs.values():
        code, output, errors = run(program, size)
        assert (code, output) == (2, b""), program.name
        assert errors.startswith("expected a whole number from 0 to ") and f"not '{size}'" in errors


def test_only_show_may_follow_the_size(programs: dict[str, WasiProgram]) -> None:
    for name in SHOWN_REFERENCES:
        code, _, errors = run(programs[name], "1", "shew")
        assert (code, errors) == (2, "expected 'show' or nothing after the number, not 'shew'\n")


def test_coremark_refuses_wrong_results(tmp_path: Path) -> None:
    """Data from another random seed gives other CRCs than those that CoreMark has to find."""
    source = SOURCES["coremark"].path
    changed = tmp_path / "coremark.c"
    changed.write_text(source.read_text().replace("random = 2024", "random = 2025"))
    module = build.wasm(changed, (*build.COMMAND_FLAGS, f"-I{source.parent}"))
    code, output, errors = run(WasiProgram("coremark", "coremark", module), "1")
    assert (code, output) == (4, b"")
    assert "expected fb51" in errors
