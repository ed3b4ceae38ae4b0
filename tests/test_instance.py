from __future__ import annotations

import gc
import weakref

import linocut
import pytest
from linocut import FuncType, GlobalType

COUNTER = """(module
  (global $n (mut i32) (i32.const 0))
  (func (export "next") (result i32)
    global.get $n i32.const 1 i32.add global.set $n global.get $n)
  (global (export "n") (mut i32) (i32.const 7))
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (func (export "__class__") (result i32) i32.const 3)
  (func (export "not an identifier") (result i32) i32.const 4))
"""


def test_exports_are_attributes_and_items() -> None:
    exports = linocut.load(COUNTER).instantiate().exports
    assert list(exports) == ["next", "n", "memory", "table", "__class__", "not an identifier"]
    assert len(exports) == 6
    assert "next" in exports
    assert "previous" not in exports
    assert exports.next is exports["next"]
    assert isinstance(exports.memory, linocut.Memory)
    assert isinstance(exports.table, linocut.Table)
    assert isinstance(exports.n, linocut.Global)
    assert exports["__class__"]() == 3
    assert exports["not an identifier"]() == 4


def test_missing_export_is_a_key_or_attribute_error() -> None:
    exports = linocut.load(COUNTER).instantiate().exports
    with pytest.raises(AttributeError):
        exports.previous  # noqa: B018
    with pytest.raises(KeyError):
        exports["previous"]


def test_exports_cannot_be_set() -> None:
    exports = linocut.load(COUNTER).instantiate().exports
    with pytest.raises(AttributeError, match="cannot be set"):
        exports.next = None
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del exports.next


def test_two_instances_share_nothing() -> None:
    module = linocut.load(COUNTER)
    one, two = module.instantiate().exports, module.instantiate().exports
    assert [one.next(), one.next(), two.next()] == [1, 2, 1]
    one.memory.write(0, b"one")
    one.n.value = 99
    assert two.memory.read(0, 3) == b"\0\0\0"
    assert two.n.value == 7


def test_start_function_runs_at_instantiation() -> None:
    calls: list[int] = []
    text = '(module (import "m" "f" (func $f (param i32))) (func $s i32.const 5 call $f) (start $s))'
    module = linocut.load(text)
    module.instantiate({"m": {"f": calls.append}})
    assert calls == [5]


def test_missing_import_is_a_link_error() -> None:
    module = linocut.load('(module (import "m" "f" (func)))')
    for imports in (None, {}, {"m": {}}, {"n": {"f": print}}):
        with pytest.raises(linocut.LinkError, match='unknown import: "m" "f"'):
            module.instantiate(imports)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("(func (param i32))", linocut.Func(print, FuncType(["i64"]))),
        ("(func)", linocut.Memory(1)),
        ("(func)", 5),
        ("(memory 1)", print),
        ("(memory 2)", linocut.Memory(1)),
        ("(memory 1 2)", linocut.Memory(1)),
        ("(memory 1 2)", linocut.Memory(1, 3)),
        ("(table 1 funcref)", linocut.Table("externref", 1)),
        ("(table 2 funcref)", linocut.Table("funcref", 1)),
        ("(global i32)", linocut.Global(GlobalType("i64"), 0)),
        ("(global i32)", linocut.Global(GlobalType("i32", mutable=True), 0)),
        ("(global i32)", 0),
    ],
)
def test_unfit_import_is_a_link_error(wanted: str, given: object) -> None:
    module = linocut.load(f'(module (import "m" "x" {wanted}))')
    with pytest.raises(linocut.LinkError, match="incompatible import type"):
        module.instantiate({"m": {"x": given}})


def test_imports_are_shared_between_instances() -> None:
    store = linocut.Store()
    memory = linocut.Memory(1, 5)
    table = linocut.Table("funcref", 2)
    counter = linocut.Global(GlobalType("i32", mutable=True), 10)
    module = linocut.load("""(module
      (import "m" "memory" (memory 1)) (import "m" "table" (table 2 funcref))
      (import "m" "counter" (global $c (mut i32)))
      (type $next (func (result i32)))
      (func $next (export "next") (result i32)
        (global.set $c (i32.add (global.get $c) (i32.const 1)))
        (i32.store (i32.const 0) (global.get $c))
        global.get $c)
      (func (export "publish") (table.set (i32.const 1) (ref.func $next)))
      (func (export "through_table") (result i32) (call_indirect (type $next) (i32.const 1)))
      (func (export "peek") (result i32) (i32.load (i32.const 0)))
      (func (export "pages") (result i32) memory.size)
      (func (export "grow") (result i32) (memory.grow (i32.const 1))))""")
    shared = {"m": {"memory": memory, "table": table, "counter": counter}}
    one = module.instantiate(shared, store=store).exports
    two = module.instantiate(shared, store=store).exports
    assert one.next() == 11
    assert two.next() == 12
    assert one.peek() == two.peek() == 12
    assert counter.value == 12
    assert int.from_bytes(memory.read(0, 4), "little") == 12
    one.publish()
    assert two.through_table() == 13
    assert table[1] == one.next
    assert one.grow() == 1
    assert two.pages() == one.pages() == memory.size == 2


def test_instances_of_two_stores_cannot_be_linked() -> None:
    module = linocut.load('(module (memory (export "m") 1) (func (export "f")))')
    one, two = module.instantiate().exports, module.instantiate().exports
    taker = linocut.load('(module (import "a" "m" (memory 1)) (import "a" "f" (func)))')
    taker.instantiate({"a": {"m": one.m, "f": one.f}})
    with pytest.raises(linocut.LinkError, match="store"):
        taker.instantiate({"a": {"m": one.m, "f": two.f}})
    with pytest.raises(linocut.LinkError, match="store"):
        taker.instantiate({"a": {"m": one.m, "f": one.f}}, store=two_store(module))


def two_store(module: linocut.Module) -> linocut.Store:
    return module.instantiate().store


def test_instance_lives_in_the_store_of_its_imports() -> None:
    first = linocut.load('(module (func (export "f") (result i32) i32.const 1))').instantiate()
    second = linocut.load('(module (import "m" "f" (func)))')
    with pytest.raises(linocut.LinkError, match="incompatible"):
        second.instantiate({"m": {"f": first.exports.f}})
    third = linocut.load('(module (import "m" "f" (func (result i32))) (export "g" (func 0)))')
    linked = third.instantiate({"m": {"f": first.exports.f}})
    assert linked.store is first.store
    assert linked.exports.g() == 1
    assert linked.exports.g == first.exports.f


def test_exports_outlive_their_instance() -> None:
    instance = linocut.load(COUNTER).instantiate()
    next_, memory = instance.exports.next, instance.exports.memory
    del instance
    gc.collect()
    assert next_() == 1
    memory.write(0, b"x")


def test_closure_over_its_own_instance_is_collected() -> None:
    module = linocut.load(
        '(module (import "m" "f" (func $f (result i32))) (func (export "g") (result i32) call $f))'
    )

    class Marker:
        pass

    def make() -> weakref.ref[Marker]:
        marker = Marker()
        box: list[linocut.Instance] = []

        def callback(keep: Marker = marker) -> int:
            return len(box)

        box.append(module.instantiate({"m": {"f": callback}}))
        assert box[0].exports.g() == 1
        return weakref.ref(marker)

    watched = make()
    gc.collect()
    assert watched() is None


def test_externref_to_its_own_instance_is_collected() -> None:
    module = linocut.load(
        '(module (table (export "t") 1 externref) (global (export "g") (mut externref) (ref.null extern)))'
    )
    instance = module.instantiate()
    watched = weakref.ref(instance)
    instance.exports.t[0] = instance
    instance.exports.g.value = instance
    del instance
    gc.collect()
    assert watched() is None


def test_trap_in_start_leaves_what_was_written() -> None:
    memory = linocut.Memory(1)
    module = linocut.load(
        '(module (import "m" "m" (memory 1)) (data (i32.const 0) "abc") (func $s unreachable) (start $s))'
    )
    with pytest.raises(linocut.Trap, match="unreachable"):
        module.instantiate({"m": {"m": memory}})
    assert memory.read(0, 3) == b"abc"
