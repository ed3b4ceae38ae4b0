"""The official test scripts of WebAssembly: run, exploded into files for any engine, and those checked.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from linocut import spec
>>> from linocut.engines.registry import CHECKED
>>> with TemporaryDirectory() as folder:
...     script = Path(folder, "two.wast")
...     _ = script.write_text('(assert_invalid (module (func (result i32))) "type mismatch")')
...     _ = spec.explode_scripts([script], Path(folder, "two"))
...     with spec.open_folder(Path(folder, "two")) as files:
...         checked = spec.check_folder(files, CHECKED["linocut"]())
>>> [str(verdict.result) for verdict in checked.verdicts]
['passed']
"""

from __future__ import annotations

from linocut.spec.check.checking import check_folder
from linocut.spec.check.manifest import open_folder
from linocut.spec.explode.exploding import explode_scripts
from linocut.spec.run.running import run_scripts

__all__ = ["check_folder", "explode_scripts", "open_folder", "run_scripts"]
