"""The engines that are known by name, one file each.

Their functions `find…(signal, entry)` raise Absent with the text how to get the engine, EngineError where it
cannot take files of that signal mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.engines.checked import linocut, node, wabt, wasm3, wasmtime, wizard

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.engines.checked.engine import Engine

# Each is told the folder's signal mode and entry: a command line may depend on them.
FINDERS: dict[str, Callable[[str, str], Engine]] = {
    "linocut": linocut.find,
    "linocut-interpreter": linocut.find_interpreter,
    "wasmtime": wasmtime.find,
    "wasmtime-cli": wasmtime.find_program,
    "node": node.find,
    "wasm3": wasm3.find,
    "wasm3-cli": wasm3.find_program,
    "wasm-interp": wabt.find_interpreter,
    "wasm2c": wabt.find_wasm2c,
    "wizard": wizard.find,
}
