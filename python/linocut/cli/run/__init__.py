"""`linocut run FILE`: a WASI program, or one function of any module.

`options.py` reads the command line, `values.py` what `--invoke` passes and prints, `ending.py` knows how runs
end, `stopwatch.py` how long what took; `command.py` runs.
"""

from __future__ import annotations

from linocut.cli.run.command import main
from linocut.cli.run.ending import OUTCOMES
from linocut.cli.run.options import HELP

__all__ = ["HELP", "OUTCOMES", "main"]
