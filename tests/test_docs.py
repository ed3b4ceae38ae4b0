"""What docstrings and the README show is run."""

from __future__ import annotations

import doctest
from types import ModuleType

import linocut
import pytest
from linocut import _bridge, errors, instance, module, types

CLASSES = [_bridge.Func, _bridge.Global, _bridge.Memory, _bridge.Store, _bridge.Table]


def run(test: doctest.DocTest) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(test)
    assert runner.failures == 0


@pytest.mark.parametrize("source", [linocut, errors, instance, module, types], ids=lambda m: m.__name__)
def test_module_docstrings(source: ModuleType) -> None:
    tests = [test for test in doctest.DocTestFinder().find(source) if test.examples]
    for test in tests:
        run(test)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_extension_docstrings(cls: type) -> None:
    test = doctest.DocTestParser().get_doctest(cls.__doc__ or "", {}, cls.__name__, None, None)
    assert test.examples
    run(test)


def test_every_public_class_and_method_has_a_docstring() -> None:
    for name in linocut.__all__:
        value = getattr(linocut, name)
        if name.startswith("_"):
            continue
        assert value.__doc__, name
        for member in vars(value):
            if (
                isinstance(value, type)
                and not member.startswith("_")
                and member not in value.__dict__.get("__slots__", ())
            ):
                assert getattr(value, member).__doc__, f"{name}.{member}"
