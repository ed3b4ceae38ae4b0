"""What there is of the engines that are to be measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linocut.engines import custom
from linocut.engines.engine import Kind
from linocut.engines.found import Absent
from linocut.engines.registry import MEASURED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linocut.engines.engine import Engine


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
