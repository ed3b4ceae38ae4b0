"""`--ablate`: what each check and each trick is worth, by engines that lack one of them.

An ablation, of linocut or of V8's Liftoff, makes an engine. It is measured in turn with the engine that it
differs from, and its rows go to `Results.ablation`.
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
Row = TypeVar("Row", Execution, Compilation)

OURS, LIFTOFF = "linocut", "liftoff"
# With this one nothing is off, but our compiler asks at every step, as it does with all the others, whose
# compile times are therefore compared to this one's.
ASKING = "only asking"


@dataclass(frozen=True)
class Ablation:
    """One thing that is changed in an engine, and by what; `says` is what happens then."""

    engine: str
    name: str
    flags: tuple[str, ...]
    says: str

    @property
    def variant(self) -> str:
        """The name of the changed engine."""
        return f"{self.engine}, {self.name}"


def our_ablations() -> tuple[Ablation, ...]:
    """One for each switch of linocut.experiments, which knows them from the compiler."""
    # Here, since it loads the extension, which may be missing: then linocut is one of the absent engines.
    from linocut.experiments import SWITCHES

    return tuple(
        Ablation(OURS, _name(switch.name), ("--without", switch.name), switch.says)
        for switch in SWITCHES.values()
    )


def _name(switch: str) -> str:
    return ASKING if switch == "nothing" else f"no {switch.replace('-', ' ')}"


# Flags of node 24 (V8 13.6) that change the code which Liftoff makes; most others are TurboFan's.
LIFTOFF_ABLATIONS = (
    Ablation(
        LIFTOFF,
        "inlining counters",
        ("--wasm-inlining",),
        "direct calls are counted for TurboFan's inlining, and each function's entry fetches the counters: "
        "node's default",
    ),
    Ablation(
        LIFTOFF,
        "counters for all calls",
        ("--wasm-inlining", "--wasm-inlining-call-indirect"),
        "indirect calls are counted, too",
    ),
    Ablation(
        LIFTOFF,
        "checks for tiering up",
        ("--wasm-dynamic-tiering",),
        "returns and jumps back use up a budget, and what has used it up is compiled by TurboFan",
    ),
    Ablation(
        LIFTOFF,
        "no stack checks",
        ("--no-wasm-stack-checks",),
        "neither functions nor loops compare the stack pointer with its limit; V8 interrupts by that check",
    ),
    Ablation(
        LIFTOFF,
        "explicit bounds checks",
        ("--wasm-enforce-bounds-checks",),
        "every access is compared with the memory's size instead of running into guard pages",
    ),
)


def all_ablations() -> tuple[Ablation, ...]:
    """In the order of tables and plots."""
    return our_ablations() + LIFTOFF_ABLATIONS


def variants_of(engines: Iterable[Engine]) -> list[Engine]:
    """The ablations of the engines found, to be measured beside them."""
    names = {engine.name for engine in engines}
    return [_MAKERS[ablation.engine](ablation) for ablation in all_ablations() if ablation.engine in names]


def separate(results: Results) -> None:
    """Moves the rows of variants to `ablation`: they are not compared with other engines."""
    for ablation in all_ablations():
        execution = _take(results.execution, ablation.variant)
        compilation = _take(results.compilation, ablation.variant)
        if execution or compilation:
            results.ablation.append(
                Variant(ablation.name, ablation.engine, ablation.says, execution, compilation)
            )


def _take(rows: list[Row], engine: str) -> list[Row]:
    """Removes an engine's rows from the list and gives them."""
    own = [row for row in rows if row.engine == engine]
    rows[:] = [row for row in rows if row.engine != engine]
    return own


def _ours(ablation: Ablation) -> Engine:
    return linocut.engine(ablation.variant, ablation.flags)


def _liftoff(ablation: Ablation) -> Engine:
    return node.liftoff(ablation.variant, ablation.flags)


_MAKERS: dict[str, Callable[[Ablation], Engine]] = {OURS: _ours, LIFTOFF: _liftoff}
