"""Measures linocut's calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut import load
from linocut.engines.workers.call_jobs import serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.engines.workers.call_jobs import Add, CallMany


def open_guest(wasm: bytes, call: Callable[[int], int]) -> tuple[Add, CallMany]:
    """Its exports, as they are."""
    exports = load(wasm).instantiate({"host": {"call": call}}).exports
    return exports.add, exports.call_many


if __name__ == "__main__":
    serve(open_guest)
