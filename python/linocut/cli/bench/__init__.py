"""`linocut bench`: compile time, execution time, calls and start beside other engines.

Every number comes from a fresh process of the engine (`worker_*`), interleaved with the others::

    command.py → compile_time.py  execution.py  call_cost.py  start_time.py     one measurement each
                    └→ engines.py (an adapter per engine: how to find it, how to run its worker)
                    └→ kernels.py, corpora.py (what is run), samples.py (numbers), report.py (how they look)
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run `linocut bench ARGUMENTS…`; the result is the process's exit code."""
    from linocut.cli.bench.command import main

    return main(arguments)
