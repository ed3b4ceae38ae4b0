"""No object of the extension can be half made, or be passed off as one of another class."""

from __future__ import annotations

import copy
import copyreg
import pickle
import subprocess
import sys

import linocut
import pytest
from linocut import _core

CLASSES = [value for value in vars(_core).values() if isinstance(value, type)]
MADE = [
    linocut.Store(),
    linocut.Memory(1),
    linocut.Table("funcref", 1),
    linocut.Global(linocut.GlobalType("i32"), 1),
    linocut.Func(len, linocut.FuncType(["externref"], ["i32"])),
    linocut.Tag(linocut.TagType(["i32"])),
]


def test_all_classes_are_here() -> None:
    names = {"Store", "Memory", "Table", "Global", "Func", "Tag", "Instance", "Code", "Listing", "Backtrace"}
    assert {kind.__name__ for kind in CLASSES} == names


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_new_makes_nothing(kind: type) -> None:
    for make in (kind.__new__, object.__new__, lambda k: type.__call__(k)):
        with pytest.raises(TypeError):
            make(kind)
    with pytest.raises(TypeError):
        copyreg.__newobj__(kind)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_there_are_no_subclasses(kind: type) -> None:
    for meta in (type, type(kind)):
        with pytest.raises(TypeError):
            meta("Sub", (kind,), {"__init__": lambda self: None})
        with pytest.raises(TypeError):
            meta.__new__(meta, "Sub", (kind,), {})


@pytest.mark.parametrize("made", MADE, ids=lambda made: type(made).__name__)
def test_an_object_stays_what_it_is(made: object) -> None:
    for kind in CLASSES:
        if kind is not type(made):
            with pytest.raises(TypeError):
                made.__class__ = kind
    with pytest.raises(TypeError):
        type(made).__init__ = object.__init__  # type: ignore[method-assign]


@pytest.mark.filterwarnings("ignore:nanobind:RuntimeWarning")
@pytest.mark.parametrize("made", MADE[:4], ids=lambda made: type(made).__name__)
def test_an_object_is_initialized_once(made: object) -> None:
    for given in ((), (1,), ("funcref", 1), (linocut.GlobalType("i32"), 1)):
        with pytest.raises(TypeError):
            type(made).__init__(made, *given)
    assert repr(made)


@pytest.mark.parametrize("made", MADE, ids=lambda made: type(made).__name__)
@pytest.mark.parametrize("act", [copy.copy, copy.deepcopy, pickle.dumps], ids=lambda act: act.__name__)
def test_copies_are_refused(made: object, act: object) -> None:
    with pytest.raises(TypeError):
        act(made)  # type: ignore[operator]


def test_a_failed_construction_leaves_nothing() -> None:
    for make in (
        lambda: linocut.Memory(-1),
        lambda: linocut.Table("i32", 1),
        lambda: linocut.Global(linocut.GlobalType("i32"), "x"),
        lambda: linocut.Func(1, linocut.FuncType()),  # type: ignore[arg-type]
        lambda: _core.Code(b"", 0, 0, False),
    ):
        with pytest.raises((TypeError, ValueError, linocut.Error)):
            make()


SUBINTERPRETER = """
import sys
CODE = f'''import sys
sys.path[:] = {sys.path!r}
try:
    import linocut
    linocut.load(b"\\\\0asm\\\\1\\\\0\\\\0\\\\0")
except ImportError as error:
    print(error, flush=True)
'''
BEFORE
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
HOW
interpreters.run_string(made, CODE)
interpreters.destroy(made)
import linocut
print(linocut.load("(module)").instantiate())
"""
SHARED_LOCK = """
made = interpreters.create("legacy") if hasattr(interpreters, "new_config") else interpreters.create(isolated=False)
"""


@pytest.mark.parametrize("before", ["", "import linocut; linocut.load('(module)')"])
@pytest.mark.parametrize("how", ["made = interpreters.create()", SHARED_LOCK], ids=["default", "shared lock"])
def test_a_subinterpreter_is_refused_in_one_line(how: str, before: str) -> None:
    program = SUBINTERPRETER.replace("HOW", how).replace("BEFORE", before)
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and len(lines) == 2, done.stderr
    assert "subinterpreter" in lines[0]
    assert lines[1].startswith("<linocut.Instance")
