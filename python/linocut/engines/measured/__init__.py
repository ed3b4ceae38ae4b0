"""The engines, one file each, in the order of their kinds.

A file has one function to the outside, `find() -> Engine`, which raises Absent with the text how to get it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linocut.engines.absent import Absent
from linocut.engines.measured import (
    clang,
    cranelift,
    custom,
    gcc,
    interpreter,
    liftoff,
    linocut,
    turbofan,
    wamr,
    wasm2c,
    wasm3,
    wasmedge,
    wasmer,
    wasmnow,
    wavm,
    winch,
    wizard,
)
from linocut.engines.measured.engine import Engine, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FINDERS: dict[str, tuple[Kind, Callable[[], Engine]]] = {
    "wizard": (Kind.INTERPRETER, wizard.find),
    "wamr": (Kind.INTERPRETER, wamr.find),
    "wasm3": (Kind.INTERPRETER, wasm3.find),
    "interpreter": (Kind.INTERPRETER, interpreter.find),
    "linocut": (Kind.COPY_AND_PATCH, linocut.find),
    "wasmnow": (Kind.COPY_AND_PATCH, wasmnow.find),
    "liftoff": (Kind.BASELINE, liftoff.find),
    "winch": (Kind.BASELINE, winch.find),
    "turbofan": (Kind.OPTIMISING, turbofan.find),
    "cranelift": (Kind.OPTIMISING, cranelift.find),
    "wavm": (Kind.LLVM, wavm.find),
    "wasmedge": (Kind.LLVM, wasmedge.find),
    "wasmer": (Kind.LLVM, wasmer.find),
    "wasm2c": (Kind.NATIVE, wasm2c.find),
    "gcc": (Kind.NATIVE, gcc.find),
    "clang": (Kind.NATIVE, clang.find),
}


@dataclass
class Engines:
    """What there is of what was asked for; `absent` says how to get the others."""

    found: list[Engine] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)


def find_engines(names: Iterable[str]) -> Engines:
    """The engines of those names, in the order of the registry whatever the order asked for."""
    engines, wanted = Engines(), set(names)
    for name, (_, find) in FINDERS.items():
        if name in wanted:
            try:
                engines.found.append(find())
            except Absent as absent:
                engines.absent[name] = str(absent)
    return engines


def add_custom(engines: Engines, text: str) -> None:
    """The engine of an option NAME='COMMAND {wasm}'; ValueError for another text or a name of ours."""
    name, line = custom.parse(text)
    if name in FINDERS:
        raise ValueError(f"{name} is one of the engines that there are anyway")
    try:
        engines.found.append(custom.engine(name, line, Kind.CUSTOM))
    except Absent as absent:
        engines.absent[name] = str(absent)


def kind_of(name: str) -> Kind:
    """The class of an engine that need not be there."""
    return FINDERS[name][0] if name in FINDERS else Kind.CUSTOM
