"""wabt: its interpreter, and wasm2c, which makes C of WebAssembly for a C compiler."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from linocut.engines import c_compilers, found
from linocut.engines.build import NATIVE_FLAGS, source_folder
from linocut.engines.cache import cached, digest
from linocut.engines.checks.command import command_checker
from linocut.engines.checks.outcome import OutcomeKind
from linocut.engines.engine import Engine, Kind
from linocut.engines.found import Absent
from linocut.engines.process import execute, first_line, python

if TYPE_CHECKING:
    from linocut.engines.checks.checker import Checker
    from linocut.engines.program import WasiProgram

_GET = "apt-get install wabt"
# The names in its C change from version to version; bench/wasm2c/host.c is written for those of Debian 12's.
_VERSION = "1.0.32"
# What wabt says gcc needs so that the C means what the WebAssembly means.
_FLAGS = (*NATIVE_FLAGS, "-fno-optimize-sibling-calls", "-frounding-math", "-fsignaling-nans")
_TIMEOUT = 600
# Not --enable-all: with its drafts of function references and of GC it refuses good modules of version 2.0.
_FEATURES = tuple(
    f"--enable-{feature}"
    for feature in (
        "exceptions",
        "extended-const",
        "memory64",
        "multi-memory",
        "relaxed-simd",
        "tail-call",
        "threads",
    )
)


def find_interpreter() -> Engine:
    """wasm-interp, for test files."""
    path = found.program("LINOCUT_WASM_INTERP", "wasm-interp", get=_GET)

    def checker(signal: str, entry: str) -> Checker:
        """It calls whatever is exported, exits with 0 when that traps, and says so."""
        call = "--wasi" if signal == "wasi" else "--run-all-exports"
        return command_checker(
            (path, *_FEATURES, call, "{file}"),
            {
                OutcomeKind.EXHAUSTION: rf"(?m)^{entry}\(\) => error: call stack exhausted",
                OutcomeKind.TRAP: rf"(?m)^{entry}\(\) => error: ",
                OutcomeKind.WRONG: rf"(?m)^{entry}\(\) => i32:1$",
            },
        )

    return Engine("wasm-interp", Kind.INTERPRETER, first_line([path, "--version"]), checker=checker)


def find_wasm2c() -> Engine:
    """For test files: its C is compiled for each of them, some files a second."""
    path = found.program("LINOCUT_WASM2C", "wasm2c", get=_GET)
    gcc = c_compilers.gcc_path()

    def checker(_signal: str, _entry: str) -> Checker:
        return command_checker((*python("engines.workers.wasm2c_check"), path, gcc, "{file}"))

    return Engine("wasm2c", Kind.NATIVE, first_line([path, "--version"]), checker=checker)


def find_wasm2c_of_programs() -> Engine:
    """For programs, which need our system around them and so this very version.

    It has its own bounds check, which is a guard region, as in the compilers that it is compared with.
    """
    path = Path(found.program("LINOCUT_WASM2C", "wasm2c", get=f"{_GET} (version {_VERSION})"))
    gcc = c_compilers.gcc_path()
    version = first_line([str(path), "--version"])
    if not version.startswith(_VERSION):
        raise Absent(f"wabt {_VERSION} is wanted, not {version}: the C of others has other names")

    def command(program: WasiProgram) -> list[str]:
        name = f"{program.name}-wasm2c-{digest(version, *_FLAGS, program.wasm.read_bytes())}"
        return [str(cached(name, lambda out: _build(path, gcc, program.wasm, out))), *program.arguments]

    said = f"wasm2c {version}, {first_line([gcc, '--version'])}"
    return Engine("wasm2c", Kind.NATIVE, said, command, flags=_FLAGS)


def _build(wasm2c: Path, gcc: str, wasm: Path, out: Path) -> None:
    """The C of wasm2c, our system around it and wabt's runtime library, linked."""
    prefix = wasm2c.resolve().parent.parent
    runtime = prefix / "share" / "wabt" / "wasm2c"
    host = source_folder() / "wasm2c" / "host.c"
    with TemporaryDirectory() as folder:
        program = Path(folder) / "program.c"
        execute([str(wasm2c), str(wasm), "-n", "program", "-o", str(program)], _TIMEOUT)
        includes = (f"-I{folder}", f"-I{prefix / 'include'}", f"-I{runtime}")
        sources = (str(program), str(host), str(runtime / "wasm-rt-impl.c"))
        execute([gcc, *_FLAGS, *includes, *sources, "-o", str(out), "-lm"], _TIMEOUT)
