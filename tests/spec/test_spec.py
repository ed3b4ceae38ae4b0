"""The official suite: every command passes or needs a later feature, and the listed number needs one."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.spec import suite
from linocut.spec.run.expectations import surprises
from linocut.spec.run.runner import run_script
from linocut.text.script import script_files

if TYPE_CHECKING:
    from pathlib import Path

    from linocut.spec.run.outcome import ScriptReport

SUITE = suite.find_suite()
if SUITE is None:
    pytest.skip(
        f"the official suite is not here: set {suite.VARIABLE} to its folder", allow_module_level=True
    )
pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")
SCRIPTS = list(script_files([SUITE]))


both_ways = pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])


@cache
def report(path: Path, interpret: bool) -> ScriptReport:
    return run_script(path, suite.name_in_suite(path, SUITE), partial(linocut.load, interpret=interpret))


@both_ways
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: suite.name_in_suite(path, SUITE))
def test_script(path: Path, interpret: bool):
    assert report(path, interpret).failures == []


@both_ways
def test_as_many_commands_need_a_later_feature_as_are_listed(interpret: bool):
    assert SUITE is not None
    assert list(surprises([report(path, interpret) for path in SCRIPTS], SUITE)) == []
