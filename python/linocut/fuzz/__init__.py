"""Differential fuzzing: random valid modules, run here and in a reference engine.

The pieces, in the order in which a seed passes through them::

    generate.py → program.py → encode.py → harness.py    → compare.py
      (body.py →   a module     its bytes   *_executor.py   verdict
       throws.py → as a tree                               └→ minimise.py, save.py, wat.py
       blocks.py →
       operands.py →
       places.py →
       stack.py)

`sources.py` says what makes modules: the above, or binaryen's generator (`binaryen.py`).
`vocabulary.py` sorts the opcode table for them, `relaxed.py` has operands on which engines agree, `lanes.py`
draws what a vector's lanes hold and which of them a shuffle takes. Vectors stay within a module: Python has
no values for them in every engine.
`stock.py` has modules to break, `mutate.py` (`framed.py`) breaks them and compares only the verdicts
(`verdict.py`): the two engines', and linocut's own, which must not depend on how it is asked.
`campaign.py` runs many seeds in worker processes that are allowed to crash, `fuzzing.py` says what they ask.
"""

from __future__ import annotations

from linocut.fuzz.campaign import Plan, Summary
from linocut.fuzz.fuzzing import minimised, open_pair, open_source, run
from linocut.fuzz.stock import Stock, read_stock

__all__ = ["Plan", "Stock", "Summary", "minimised", "open_pair", "open_source", "read_stock", "run"]
