"""A worker: linocut, `--interpret` or not."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import linocut
from linocut.engines.workers.check_jobs import proc_exit, serve
from linocut.text.wat import wat_to_wasm

# The first that fits: an exhaustion is a trap too.
_ANSWERS: tuple[tuple[type[Exception], str], ...] = (
    (linocut.StackExhausted, "exhaustion"),
    (linocut.Trap, "trap"),
    (linocut.MalformedError, "malformed"),
    (linocut.InvalidError, "invalid"),
    # "unsupported" would excuse it from any file; which features are not there, the probes ask.
    (linocut.UnsupportedError, "malformed"),
    (linocut.LinkError, "unlinkable"),
)


class HostReference:
    """What host.externref gives for a number."""


class Session:
    """A store."""

    def __init__(self, interpret: bool) -> None:
        self._interpret = interpret
        self._store = linocut.Store()
        self._references: dict[int, HostReference] = {}
        self._offers: dict[str, dict[str, object]] = {}

    def provide(self, name: str, file: str) -> None:
        """Instantiate."""
        exports = self._make(file).exports
        self._offers[name] = {field: exports[field] for field in exports}

    def instantiate(self, file: str) -> None:
        """Instantiate."""
        self._exports = self._make(file).exports

    def call(self, name: str) -> object:
        """Call."""
        return self._exports[name]()

    def load(self, wasm: bytes) -> linocut.Module:
        """Compile."""
        return linocut.load(wasm, interpret=self._interpret)

    def _make(self, file: str) -> linocut.Instance:
        data = Path(file).read_bytes()
        wasm = wat_to_wasm(data) if file.endswith(".wat") else data
        module = self.load(wasm)
        wanted = {import_.module for import_ in module.imports}
        offers = {name: offer for name, offer in (self._offers | self._host()).items() if name in wanted}
        return module.instantiate(offers, store=self._store)

    def _host(self) -> dict[str, dict[str, object]]:
        return {
            "wasi_snapshot_preview1": {"proc_exit": proc_exit},
            "host": {"externref": lambda number: self._references.setdefault(number, HostReference())},
        }


def tell(error: Exception) -> str:
    """The answer for what it raised."""
    word = next((word for kind, word in _ANSWERS if isinstance(error, kind)), "unknown")
    return f"{word} {error}" if word != "unknown" else f"unknown {type(error).__name__}: {error}"


if __name__ == "__main__":
    text = "text " if find_spec("wasmtime") else ""  # whose parser it is
    serve(f"{text}link host pack", lambda: Session("--interpret" in sys.argv), tell)
