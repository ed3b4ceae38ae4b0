from __future__ import annotations

import pickle

import linocut
import pytest
from linocut import ExportType, FuncType, GlobalType, ImportType, MemoryType, TableType

EXAMPLES = [
    FuncType(["i32", "f64"], ["i64"]),
    FuncType(),
    MemoryType(1),
    MemoryType(1, 2),
    TableType("funcref", 0),
    TableType("externref", 1, 5),
    GlobalType("v128"),
    GlobalType("i32", mutable=True),
    ImportType("env", "memory", MemoryType(1)),
    ExportType("f", FuncType(["i32"])),
]


@pytest.mark.parametrize("value", EXAMPLES, ids=repr)
def test_is_a_value(value: object) -> None:
    copy = pickle.loads(pickle.dumps(value))
    assert copy == value
    assert hash(copy) == hash(value)
    names = {name: getattr(linocut, name) for name in linocut.__all__}
    assert eval(repr(value), names) == value


@pytest.mark.parametrize("value", EXAMPLES, ids=repr)
def test_cannot_be_changed(value: object) -> None:
    for name in type(value).__slots__:  # type: ignore[attr-defined]
        with pytest.raises(AttributeError, match="cannot be changed"):
            setattr(value, name, None)
        with pytest.raises(AttributeError, match="cannot be changed"):
            delattr(value, name)


def test_examples_differ() -> None:
    assert len(set(EXAMPLES)) == len(EXAMPLES)
    assert MemoryType(1) != TableType("funcref", 1)


@pytest.mark.parametrize(
    "make", [lambda: FuncType(["int"]), lambda: GlobalType("i31"), lambda: TableType("", 1)]
)
def test_refuses_unknown_value_types(make: object) -> None:
    with pytest.raises(ValueError, match="is not a value type"):
        make()  # type: ignore[operator]
