"""`--ablate`: what each check and each trick is worth, by engines that lack one of them.

A row for each switch, of linocut and of V8's Liftoff, and an engine for each row. Such an engine is measured
in turn with the one that it differs from; its rows go to `Results.ablation`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from linocut.bench.results import Compilation, Execution, Variant
from linocut.engines import linocut, node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linocut.bench.results import Results
    from linocut.engines.engine import Engine


OURS, LIFTOFF = "linocut", "liftoff"
# Nothing is off, but our compiler asks at every step, as it does for all other rows: what their compile times
# compare to.
ASKING = "only asking"


@dataclass(frozen=True)
class Switch:
    """One thing that is changed of an engine, and by what; `says` is what happens then."""

    engine: str
    name: str
    flags: tuple[str, ...]
    says: str

    @property
    def variant(self) -> str:
        """The name of the engine with the switch."""
        return f"{self.engine}, {self.name}"


def our_switches() -> tuple[Switch, ...]:
    """Those of linocut.experiments, which knows them from the compiler."""
    # Here, since it loads the extension, which may be missing: then linocut is one of the absent engines.
    from linocut.experiments import SWITCHES

    return tuple(
        Switch(OURS, _name(switch.name), ("--without", switch.name), switch.says)
        for switch in SWITCHES.values()
    )


def _name(switch: str) -> str:
    return ASKING if switch == "nothing" else f"no {switch.replace('-', ' ')}"


# Flags of node 24 (V8 13.6) that change the code which Liftoff makes; most others are TurboFan's.
LIFTOFF_SWITCHES = (
    Switch(
        LIFTOFF,
        "inlining counters",
        ("--wasm-inlining",),
        "direct calls are counted for TurboFan's inlining, and each function's entry fetches the counters: "
        "node's default",
    ),
    Switch(
        LIFTOFF,
        "counters for all calls",
        ("--wasm-inlining", "--wasm-inlining-call-indirect"),
        "indirect calls are counted, too",
    ),
    Switch(
        LIFTOFF,
        "checks for tiering up",
        ("--wasm-dynamic-tiering",),
        "returns and jumps back use up a budget, and what has used it up is compiled by TurboFan",
    ),
    Switch(
        LIFTOFF,
        "no stack checks",
        ("--no-wasm-stack-checks",),
        "neither functions nor loops compare the stack pointer with its limit; V8 interrupts by that check",
    ),
    Switch(
        LIFTOFF,
        "explicit bounds checks",
        ("--wasm-enforce-bounds-checks",),
        "every access is compared with the memory's size instead of running into guard pages",
    ),
)


def all_switches() -> tuple[Switch, ...]:
    """In the order of tables and plots."""
    return our_switches() + LIFTOFF_SWITCHES


Row = TypeVar("Row", Execution, Compilation)


def variants_of(engines: Iterable[Engine]) -> list[Engine]:
    """Those of the engines that there are, to be measured beside them."""
    names = {engine.name for engine in engines}
    return [_MAKERS[switch.engine](switch) for switch in all_switches() if switch.engine in names]


def separate(results: Results) -> None:
    """Takes the rows of variants out of those of engines: they are not compared with other engines."""
    for switch in all_switches():
        execution = _take(results.execution, switch.variant)
        compilation = _take(results.compilation, switch.variant)
        if execution or compilation:
            results.ablation.append(Variant(switch.name, switch.engine, switch.says, execution, compilation))


def _take(rows: list[Row], engine: str) -> list[Row]:
    """Removes them from the list."""
    own = [row for row in rows if row.engine == engine]
    rows[:] = [row for row in rows if row.engine != engine]
    return own


def _ours(switch: Switch) -> Engine:
    return linocut.engine(switch.variant, switch.flags)


def _liftoff(switch: Switch) -> Engine:
    return node.liftoff(switch.variant, switch.flags)


_MAKERS: dict[str, Callable[[Switch], Engine]] = {OURS: _ours, LIFTOFF: _liftoff}
