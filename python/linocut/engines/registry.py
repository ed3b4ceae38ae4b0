"""The engines that are known by name, by what is asked of them, in the order in which it is shown.

A finder looks for its engine on this machine, and raises Absent with the text how to get it. One name may
stand for two ways to have an engine: wasm3's own program is measured, its library takes test files.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linocut.engines import (
    c_compilers,
    custom,
    found,
    linocut,
    node,
    wabt,
    wamr,
    wasm3,
    wasmedge,
    wasmer,
    wasmnow,
    wasmtime,
    wavm,
    wizard,
)
from linocut.engines.code.foreign import NoCodeError
from linocut.engines.engine import Engine, Kind
from linocut.engines.found import Absent
from linocut.extras import missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linocut.engines.code.foreign import ForeignModule

    Finder = Callable[[], Engine]

# Run programs, and compile if they have a `compiler`: in the order of their kinds.
MEASURED: dict[str, tuple[Kind, Finder]] = {
    "wizard": (Kind.INTERPRETER, wizard.find),
    "wamr": (Kind.INTERPRETER, wamr.find),
    "wasm3": (Kind.INTERPRETER, wasm3.find),
    "interpreter": (Kind.INTERPRETER, linocut.find_interpreter),
    "linocut": (Kind.COPY_AND_PATCH, linocut.find),
    "wasmnow": (Kind.COPY_AND_PATCH, wasmnow.find),
    "liftoff": (Kind.BASELINE, node.find_liftoff),
    "winch": (Kind.BASELINE, wasmtime.find_winch),
    "turbofan": (Kind.OPTIMISING, node.find_turbofan),
    "cranelift": (Kind.OPTIMISING, wasmtime.find_cranelift),
    "wavm": (Kind.LLVM, wavm.find),
    "wasmedge": (Kind.LLVM, wasmedge.find),
    "wasmer": (Kind.LLVM, wasmer.find),
    "wasm2c": (Kind.NATIVE, wabt.find_wasm2c_of_programs),
    "gcc": (Kind.NATIVE, c_compilers.find_gcc),
    "clang": (Kind.NATIVE, c_compilers.find_clang),
}
# Have a `checker`, which takes test files.
CHECKED: dict[str, Finder] = {
    "linocut": linocut.find,
    "linocut-interpreter": lambda: replace(linocut.find_interpreter(), name="linocut-interpreter"),
    "wasmtime": wasmtime.find,
    "wasmtime-cli": wasmtime.find_program,
    "node": node.find,
    "wasm3": wasm3.find_library,
    "wasm3-cli": wasm3.find_program,
    "wasm-interp": wabt.find_interpreter,
    "wasm2c": wabt.find_wasm2c,
    "wizard": wizard.find,
}
# Have `code`, which knows the machine code of a module's functions.
SHOWN: dict[str, Finder] = {
    "liftoff": node.find_liftoff,
    "turbofan": node.find_turbofan,
    "cranelift": wasmtime.find_cranelift,
    "winch": wasmtime.find_winch,
}


@dataclass
class Engines:
    """What there is of what was asked for; `absent` says how to get the others."""

    found: list[Engine] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)


def find_engines(names: Iterable[str]) -> Engines:
    """The engines to measure of those names, in the order of the registry whatever the order asked for."""
    engines, wanted = Engines(), set(names)
    for name, (_, find) in MEASURED.items():
        if name in wanted:
            try:
                engines.found.append(find())
            except Absent as absent:
                engines.absent[name] = str(absent)
    return engines


def add_custom(engines: Engines, text: str) -> None:
    """The engine of an option NAME='COMMAND {wasm}'; ValueError for another text or a name of ours."""
    name, line = custom.parse(text)
    if name in MEASURED:
        raise ValueError(f"{name} is one of the engines that there are anyway")
    try:
        engines.found.append(custom.engine(name, line))
    except Absent as absent:
        engines.absent[name] = str(absent)


def kind_of(name: str) -> Kind:
    """The class of an engine to measure that need not be there."""
    return MEASURED[name][0] if name in MEASURED else Kind.CUSTOM


def open_code(name: str, wasm: bytes) -> ForeignModule:
    """The machine code that the engine of that name makes of a module.

    NoCodeError when there is no such engine, or it is not on this machine; MissingExtraError without
    capstone, which reads every engine's code.
    """
    if name not in SHOWN:
        raise NoCodeError(f"no engine {name!r}; there are {', '.join(SHOWN)}")
    if found.package_folder("capstone") is None:
        raise missing("capstone")
    try:
        engine = SHOWN[name]()
    except Absent as absent:
        raise NoCodeError(f"{name} needs {absent.what}: {absent}") from None
    assert engine.code is not None
    return engine.code(wasm)
