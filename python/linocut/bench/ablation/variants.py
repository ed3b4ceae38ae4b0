"""An engine for each switch, and what was measured of it as `Results.ablation`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from linocut.bench.ablation.switches import LIFTOFF, OURS, Switch, all_switches
from linocut.bench.results import Compilation, Execution, Variant
from linocut.engines import linocut, node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linocut.bench.results import Results
    from linocut.engines.engine import Engine

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
