"""wabt's interpreter and its translator to C."""

from __future__ import annotations

from linocut.engines import found
from linocut.engines.checked.engine import Engine
from linocut.engines.checked.program import program_engine
from linocut.engines.process import first_line, python
from linocut.spec.check.outcome import Kind

_GET = "apt-get install wabt"
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


def find_interpreter(signal: str, entry: str) -> Engine:
    """wasm-interp calls whatever is exported, exits with 0 when that traps, and says so."""
    path = found.program("LINOCUT_WASM_INTERP", "wasm-interp", get=_GET)
    call = "--wasi" if signal == "wasi" else "--run-all-exports"
    return program_engine(
        "wasm-interp",
        first_line([path, "--version"]),
        (path, *_FEATURES, call, "{file}"),
        {
            Kind.EXHAUSTION: rf"(?m)^{entry}\(\) => error: call stack exhausted",
            Kind.TRAP: rf"(?m)^{entry}\(\) => error: ",
            Kind.WRONG: rf"(?m)^{entry}\(\) => i32:1$",
        },
    )


def find_wasm2c(_signal: str, _entry: str) -> Engine:
    """Its C, compiled for every file: some files a second."""
    path = found.program("LINOCUT_WASM2C", "wasm2c", get=_GET)
    gcc = found.program("LINOCUT_GCC", "gcc", get="apt-get install gcc")
    words = (*python("engines.workers.wasm2c_check"), path, gcc, "{file}")
    return program_engine("wasm2c", first_line([path, "--version"]), words)
