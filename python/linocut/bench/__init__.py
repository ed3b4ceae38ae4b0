"""Compile time, execution time, calls and start beside other engines.

Every number comes from a fresh process of an engine (engines/), interleaved with the others::

    run(Request(…)) → selection.py      what is asked for, found and built
      (harness.py)      └→ programs/    our suites, a user's folder, published modules
                    → measures/         rows of results.py and the steps that fill them; steps.py takes them
                    → Results, report/  tables, plots, JSON and HTML of results.py alone

`ablation.py` makes engines that lack one check or trick.
"""

from __future__ import annotations

from linocut.bench.harness import has_failed, has_measured, run
from linocut.bench.request import Request
from linocut.bench.results import Results

__all__ = ["Request", "Results", "has_failed", "has_measured", "run"]
