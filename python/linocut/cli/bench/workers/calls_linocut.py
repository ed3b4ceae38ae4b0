"""Measures linocut's calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut import load
from linocut.cli.bench.workers.calls import serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.cli.bench.workers.calls import Add, CallMany


def open_guest(wasm: bytes, call: Callable[[int], int]) -> tuple[Add, CallMany]:
    """Its exports, as they are."""
    exports = load(wasm).instantiate({"host": {"call": call}}).exports
    return exports.add, exports.call_many


if __name__ == "__main__":
    serve(open_guest)
