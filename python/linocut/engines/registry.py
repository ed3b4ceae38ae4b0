"""The engines that are known by name, by what is asked of them, in the order in which it is shown.

One name may stand for two ways to have an engine: wasm3's own program is measured, its library takes test
files.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from linocut.engines.engine import Kind

if TYPE_CHECKING:
    from linocut.engines.engine import Engine


class Finder:
    """Looks for an engine on this machine, when it is called: Absent says how to get it.

    Only then the engine's file is imported: the names alone must cost a command's start nothing.
    """

    def __init__(self, module: str, function: str = "find") -> None:
        self.module, self.function = module, function

    def __call__(self) -> Engine:
        """The engine."""
        engine: Engine = getattr(import_module(f"linocut.engines.{self.module}"), self.function)()
        return engine


# Run programs, and compile if they have a `compiler`: in the order of their kinds.
MEASURED = {
    "wizard": (Kind.INTERPRETER, Finder("wizard")),
    "wamr": (Kind.INTERPRETER, Finder("wamr")),
    "wasm3": (Kind.INTERPRETER, Finder("wasm3")),
    "interpreter": (Kind.INTERPRETER, Finder("linocut", "find_interpreter")),
    "linocut": (Kind.COPY_AND_PATCH, Finder("linocut")),
    "wasmnow": (Kind.COPY_AND_PATCH, Finder("wasmnow")),
    "liftoff": (Kind.BASELINE, Finder("node", "find_liftoff")),
    "winch": (Kind.BASELINE, Finder("wasmtime", "find_winch")),
    "turbofan": (Kind.OPTIMISING, Finder("node", "find_turbofan")),
    "cranelift": (Kind.OPTIMISING, Finder("wasmtime", "find_cranelift")),
    "wavm": (Kind.LLVM, Finder("wavm")),
    "wasmedge": (Kind.LLVM, Finder("wasmedge")),
    "wasmer": (Kind.LLVM, Finder("wasmer")),
    "wasm2c": (Kind.NATIVE, Finder("wabt", "find_wasm2c_of_programs")),
    "gcc": (Kind.NATIVE, Finder("c_compilers", "find_gcc")),
    "clang": (Kind.NATIVE, Finder("c_compilers", "find_clang")),
}
# Have a `checker`, which takes test files.
CHECKED = {
    "linocut": Finder("linocut"),
    "linocut-interpreter": Finder("linocut", "find_interpreter_to_check"),
    "wasmtime": Finder("wasmtime"),
    "wasmtime-cli": Finder("wasmtime", "find_program"),
    "node": Finder("node"),
    "wasm3": Finder("wasm3", "find_library"),
    "wasm3-cli": Finder("wasm3", "find_program"),
    "wasm-interp": Finder("wabt", "find_interpreter"),
    "wasm2c": Finder("wabt", "find_wasm2c"),
    "wizard": Finder("wizard"),
}
# Have `code`, which knows the machine code of a module's functions.
SHOWN = {
    "liftoff": Finder("node", "find_liftoff"),
    "turbofan": Finder("node", "find_turbofan"),
    "cranelift": Finder("wasmtime", "find_cranelift"),
    "winch": Finder("wasmtime", "find_winch"),
}
