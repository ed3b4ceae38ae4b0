"""A worker: PyPI's wasm3, which compiles a function when it is first called."""

from __future__ import annotations

from pathlib import Path

import wasm3

from linocut.engines.workers.check_jobs import WrongValue, proc_exit, serve

_STACK = 1 << 20


class RejectedError(Exception):
    """The module was refused."""


class Session:
    """A runtime, for one module: wasm3 does not link."""

    def provide(self, name: str, file: str) -> None:
        """It cannot; the worker does not say that it could."""
        raise NotImplementedError

    def instantiate(self, file: str) -> None:
        """Parse and load; the start function is run by the first call."""
        environment = wasm3.Environment()
        self._runtime = environment.new_runtime(_STACK)
        self._wrong: WrongValue | None = None
        try:
            module = environment.parse_module(Path(file).read_bytes())
            self._runtime.load(module)
        except RuntimeError as error:
            raise RejectedError(str(error)) from None
        module.link_function("wasi_snapshot_preview1", "proc_exit", "v(i)", self._exit)

    def call(self, name: str) -> object:
        """Call. An exit goes through wasm3 as a trap of its own."""
        try:
            return self._runtime.find_function(name)()
        except RuntimeError:
            if self._wrong:
                raise self._wrong from None
            raise

    def _exit(self, code: int) -> None:
        try:
            proc_exit(code)
        except WrongValue as wrong:
            self._wrong = wrong
            raise


def tell(error: Exception) -> str:
    """The answer for what it raised."""
    said = str(error)
    if "[trap]" in said:
        return f"exhaustion {said}" if "stack overflow" in said else f"trap {said}"
    if isinstance(error, RejectedError):
        return f"rejected {said}"
    if "missing imported function" in said:
        return f"unlinkable {said}"
    # What is left of its RuntimeErrors are refusals of a function that is compiled at last.
    return f"rejected {said}" if isinstance(error, RuntimeError) else f"unknown {said}"


if __name__ == "__main__":
    serve("pack", Session, tell)
