"""Runs a WASI command by PyPI's wasm3, which gets our WASI: `wasm3_run.py FILE ARGUMENT…`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wasm3

from linocut.wasi import Exit, Wasi
from linocut.wasi.function import SIGNATURES

if TYPE_CHECKING:
    from collections.abc import Callable

_STACK = 1 << 20
_LETTERS = {"i32": "i", "i64": "I"}


class WasiProcess:
    """One run: wasm3's instance and the WASI process that it is."""

    def __init__(self, file: str, arguments: list[str]) -> None:
        self._wasi = Wasi([file, *arguments])
        environment = wasm3.Environment()
        self._runtime = environment.new_runtime(_STACK)
        module = environment.parse_module(Path(file).read_bytes())
        self._runtime.load(module)
        for namespace, functions in self._wasi.imports().items():
            for name, function in functions.items():
                module.link_function(namespace, name, _signature(name), self._linked(function))
        self._exit_code: int | None = None

    def run(self) -> int:
        """The exit code. wasm3 knows traps but no exits: what goes through it comes out as a RuntimeError."""
        try:
            self._runtime.find_function("_start")()
        except RuntimeError:
            if self._exit_code is None:
                raise
        return self._exit_code or 0

    def _linked(self, function: Callable[..., int]) -> Callable[..., int]:
        """The memory is looked up at each call: it moves when it grows."""

        def call(*arguments: int) -> int:
            self._wasi.bind(self._runtime.get_memory(0))
            try:
                return function(*arguments)
            except Exit as exit_:
                self._exit_code = exit_.code
                raise

        return call


def _signature(name: str) -> str:
    """wasm3's notation: result(parameters)."""
    parameters, results = SIGNATURES[name]
    result: Any = _LETTERS[results[0]] if results else "v"
    return f"{result}({''.join(_LETTERS[parameter] for parameter in parameters)})"


if __name__ == "__main__":
    sys.exit(WasiProcess(sys.argv[1], sys.argv[2:]).run())
