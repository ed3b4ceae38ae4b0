from __future__ import annotations

import pickle

import linocut
import pytest
from linocut import errors

TRAPS = {
    "unreachable": "unreachable",
    "integer_divide_by_zero": "i32.const 1 i32.const 0 i32.div_s drop",
    "integer_overflow": "i32.const 0x80000000 i32.const -1 i32.div_s drop",
    "invalid_conversion": "f32.const nan i32.trunc_f32_s drop",
    "out_of_bounds_memory": "i32.const -1 i32.load drop",
    "out_of_bounds_table": "i32.const 9 table.get 0 drop",
    "undefined_element": "i32.const 9 call_indirect (type $v)",
    "uninitialized_element": "i32.const 0 call_indirect (type $v)",
    "indirect_call_type_mismatch": "i32.const 1 call_indirect (type $v)",
    "stack_exhausted": "call $inner",
}


def exports_of(body: str) -> linocut.Exports:
    return (
        linocut.load(f"""(module (type $v (func)) (memory 1) (table 2 funcref)
      (func $other (result i32) i32.const 0) (elem (i32.const 1) $other)
      (func $inner {body}) (func (export "outer") call $inner)
      (func (export "fine") (result i32) i32.const 1))""")
        .instantiate()
        .exports
    )


@pytest.mark.parametrize("kind", TRAPS)
def test_trap_says_what_and_where(kind: str) -> None:
    exports = exports_of(TRAPS[kind])
    with pytest.raises(linocut.Trap) as caught:
        exports.outer()
    trap = caught.value
    assert trap.kind == kind
    assert trap.message in str(trap)
    inner = trap.frames[0]
    assert (inner.function, inner.name) == (1, "inner")
    if kind != "stack_exhausted":
        assert [frame.function for frame in trap.frames] == [1, 2]
        assert trap.frames[1].offset > inner.offset > 0
    assert isinstance(trap, linocut.StackExhausted) == (kind == "stack_exhausted")
    assert exports.fine() == 1


def test_trap_frames_outlive_the_module() -> None:
    with pytest.raises(linocut.Trap) as caught:
        exports_of("unreachable").outer()
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.frames == caught.value.frames
    assert str(copy) == str(caught.value)
    assert copy.kind == "unreachable"


def test_tree() -> None:
    tree = {
        linocut.ModuleError: linocut.Error,
        linocut.MalformedError: linocut.ModuleError,
        linocut.InvalidError: linocut.ModuleError,
        linocut.LinkError: linocut.Error,
        linocut.Trap: linocut.Error,
        linocut.StackExhausted: linocut.Trap,
        linocut.Timeout: linocut.Error,
    }
    for error, parent in tree.items():
        assert issubclass(error, parent)
        assert error.__name__ in (errors.__doc__ or "")
    assert issubclass(linocut.Timeout, TimeoutError)


def test_trap_beneath_a_host_function_comes_out_as_itself() -> None:
    trapping = exports_of("unreachable")
    module = linocut.load('(module (import "m" "f" (func $f)) (func (export "g") call $f))')
    exports = module.instantiate({"m": {"f": lambda: trapping.outer()}}).exports
    with pytest.raises(linocut.Trap, match="unreachable"):
        exports.g()
