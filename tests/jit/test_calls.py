"""Arguments and results: more than the registers carry, in any order, to every kind of callee."""

from __future__ import annotations

import itertools
import random

import linocut
import pytest

pytest.importorskip("wasmtime")

from twins import Twins, agree

pytestmark = pytest.mark.usefixtures("both_ways")

TYPES = ["i32", "i64", "f32", "f64"]
SIGNATURES = [
    ["i32"] * 4,
    ["i32"] * 5,
    ["i64"] * 9,
    ["f64"] * 4,
    ["f64"] * 5,
    ["f32"] * 17,
    TYPES * 1,
    TYPES * 3,
    TYPES * 10,
    ["i32", "f32"] * 6 + ["i64"] * 7,
    ["f64"] * 12 + ["i32"] * 12,
]
WAYS = ["direct", "indirect", "imported"]


def constant(type: str, n: int) -> str:
    return f"({type}.const {n}{'.5' if type.startswith('f') else ''})"


def value(type: str, n: int) -> int | float:
    return n + 0.5 if type.startswith("f") else n


def call(way: str, arguments: str) -> str:
    if way == "indirect":
        return f"(call_indirect (type $t) {arguments} (i32.const 1))"
    return f"(call ${'host' if way == 'imported' else 'callee'} {arguments})"


def module(signature: list[str], body: str, caller: str) -> str:
    """A module with a callee, a table that holds it, an import of its type, and an exported caller."""
    types = " ".join(signature)
    return f"""(module
      (type $t (func (param {types}) (result {types})))
      (import "host" "host" (func $host (type $t)))
      (table funcref (elem $host $callee))
      (func $callee (export "callee") (type $t) {body})
      {caller})"""


def rotated(signature: list[str]) -> str:
    """The parameters, with each replaced by the next one of its type."""
    places = {t: [i for i, s in enumerate(signature) if s == t] for t in signature}
    gets = []
    for i, type in enumerate(signature):
        own = places[type]
        gets.append(f"(local.get {own[(own.index(i) + 1) % len(own)]})")
    return " ".join(gets)


def python_rotated(signature: list[str]):  # type: ignore[no-untyped-def]
    def host(*args: object) -> tuple[object, ...]:
        places = {t: [i for i, s in enumerate(signature) if s == t] for t in signature}
        return tuple(
            args[places[t][(places[t].index(i) + 1) % len(places[t])]] for i, t in enumerate(signature)
        )

    return host


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda s: f"{len(s)}-{s[0]}-{s[-1]}")
def test_constants_locals_and_temporaries_as_arguments(signature: list[str], way: str) -> None:
    types = " ".join(signature)
    constants = " ".join(constant(t, n) for n, t in enumerate(signature))
    gets = " ".join(f"(local.get {n})" for n in range(len(signature)))
    sums = " ".join(f"({t}.add (local.get {n}) {constant(t, n)})" for n, t in enumerate(signature))
    callers = "\n".join(
        f'(func (export "{name}") (param {types}) (result {types}) {call(way, arguments)})'
        for name, arguments in (
            ("constants", constants),
            ("locals", gets),
            ("sums", sums),
            ("rotated", rotated(signature)),
        )
    )
    host = {"host": (types, types, python_rotated(signature))}
    twins = Twins(module(signature, rotated(signature), callers), host)
    arguments = [value(t, 100 + n) for n, t in enumerate(signature)]
    for name in ("callee", "constants", "locals", "sums", "rotated"):
        twins.agree([(name, *arguments)])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda s: f"{len(s)}-{s[0]}-{s[-1]}")
def test_results_become_arguments(signature: list[str], way: str) -> None:
    types = " ".join(signature)
    gets = " ".join(f"(local.get {n})" for n in range(len(signature)))
    caller = f"""(func (export "f") (param {types}) (result {types} i32)
      (i32.add (i32.const 3) (i32.const 4)) (block) (drop) (i32.const 1) (i32.add (i32.const 5))
      (block (param i32) (result {types} i32) (drop)
        {call(way, call(way, call(way, gets)))} (i32.const 9)))"""
    host = {"host": (types, types, python_rotated(signature))}
    twins = Twins(module(signature, rotated(signature), caller), host)
    twins.agree([("f", *(value(t, n) for n, t in enumerate(signature)))])


@pytest.mark.parametrize("type", TYPES)
def test_every_permutation_of_temporaries(type: str) -> None:
    # All four argument registers hold temporaries that must change places, in cycles of every kind.
    permutations = list(itertools.permutations(range(4)))
    one = "1.0" if type.startswith("f") else "1"
    digits = [f"({type}.mul (local.get {n}) ({type}.const {one}))" for n in range(4)]
    callers = []
    for n, p in enumerate(permutations):
        # The callee gives its parameters back in another order, and is called with its own results.
        callee = " ".join(f"(local.get {i})" for i in p)
        callers.append(f"""(func $c{n} (param {type} {type} {type} {type}) (result {type} {type} {type} {type}) {callee})
          (func (export "p{n}") (param {type} {type} {type} {type}) (result {type} {type} {type} {type})
            {" ".join(digits)} (call $c{n}) (call $c{n}) (call $c{n}))""")
    arguments = [value(type, n) for n in (1, 2, 3, 4)]
    agree(f"(module {' '.join(callers)})", [(f"p{n}", *arguments) for n in range(len(permutations))])


@pytest.mark.parametrize("type", TYPES)
def test_temporaries_that_were_made_in_another_order(type: str) -> None:
    # Dropping and making temporaries again leaves them in registers that are not in the arguments' order.
    chooser = random.Random(type)
    one = "1.0" if type.startswith("f") else "1"
    functions, calls = [], []
    for n in range(60):
        code, depth = [], 0
        while depth < 4 or chooser.random() < 0.5:
            if depth and chooser.random() < 0.35:
                code.append(f"(local.set {chooser.randrange(4)})")
                depth -= 1
            elif depth >= 2 and chooser.random() < 0.4:
                code.append(f"{type}.{chooser.choice(['add', 'sub', 'mul'])}")
                depth -= 1
            elif depth < 9:
                code.append(f"({type}.add (local.get {chooser.randrange(4)}) ({type}.const {one}))")
                depth += 1
        count = min(depth, 6)
        code += ["drop"] * (depth - count)
        types = " ".join([type] * count)
        back = " ".join(f"(local.get {i})" for i in reversed(range(count)))
        functions.append(f"""(func $c{n} (param {types}) (result {types}) {back})
          (func (export "f{n}") (param {type} {type} {type} {type}) (result {types}) {" ".join(code)} (call $c{n}))""")
        calls.append((f"f{n}", *(value(type, i) for i in (3, 5, 7, 11))))
    agree(f"(module {' '.join(functions)})", calls)


def test_one_local_as_several_arguments_and_beneath_the_call() -> None:
    agree(
        """(module
      (func $sum (param i32 i32 i32 i32 i32 i32) (result i32)
        (i32.add (local.get 0) (i32.mul (i32.const 10) (i32.add (local.get 1)
        (i32.mul (i32.const 10) (i32.add (local.get 2) (i32.mul (i32.const 10) (i32.add (local.get 3)
        (i32.mul (i32.const 10) (i32.add (local.get 4) (i32.mul (i32.const 10) (local.get 5))))))))))))
      (func (export "f") (param i32 i32) (result i32)
        (local.get 0) (i32.add (local.get 0) (local.get 1)) (i32.const 3)
        (call $sum (local.get 0) (local.get 0) (i32.const 2) (local.get 1) (local.get 0) (local.get 1))
        (i32.mul) (i32.add) (i32.sub)))""",
        [("f", a, b) for a in range(4) for b in range(4)],
    )


@pytest.mark.parametrize("type", ["i32", "f64"])
def test_a_thousand_parameters_and_results(type: str) -> None:
    types = " ".join([type] * 1000)
    gets = " ".join(f"(local.get {999 - n})" for n in range(1000))
    exports = linocut.load(
        f"""(module (type $t (func (param {types}) (result {types}))) (table funcref (elem $f))
      (func $f (export "f") (type $t) {gets})
      (func (export "g") (type $t) {gets} (call $f) (call_indirect (type $t) (i32.const 0))))"""
    ).instantiate().exports  # fmt: skip
    arguments = [value(type, n) for n in range(1000)]
    assert exports.f(*arguments) == tuple(reversed(arguments))
    assert exports.g(*arguments) == tuple(reversed(arguments))


def test_calls_into_another_instance_and_back() -> None:
    types = " ".join(TYPES * 3)
    gets = " ".join(f"(local.get {n})" for n in reversed(range(12)))
    inner = linocut.load(f"""(module (global $n (mut i32) (i32.const 0)) (memory 1)
      (func (export "f") (param {types}) (result {" ".join(reversed(TYPES * 3))} i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 10)))
        {gets} (i32.add (global.get $n) (i32.load (i32.const 0)))))""").instantiate()
    results = f"(param {types}) (result {' '.join(reversed(TYPES * 3))} i32)"
    forward = " ".join(f"(local.get {n})" for n in range(12))
    outer = linocut.load(f"""(module (import "a" "f" (func $f {results})) (type $t (func {results}))
      (memory 1) (data (i32.const 0) "\\07") (global i32 (i32.const 5)) (table funcref (elem $f))
      (func (export "direct") {results} {forward} (call $f) (i32.add (i32.add (i32.load (i32.const 0)) (global.get 0))))
      (func (export "indirect") {results} {forward} (call_indirect (type $t) (i32.const 0))
        (i32.add (i32.add (i32.load (i32.const 0)) (global.get 0)))))""")
    exports = outer.instantiate({"a": {"f": inner.exports.f}}).exports
    arguments = [value(t, n) for n, t in enumerate(TYPES * 3)]
    for n, name in enumerate(["direct", "indirect", "direct"]):
        expected = (*reversed(arguments), 11 * (n + 1) + 12)
        assert exports[name](*arguments) == expected


@pytest.mark.parametrize(
    "index", ["(local.get 0)", "(i32.add (local.get 0) (i32.const 0))", "(i32.load (i32.const 0))"]
)
def test_call_indirect_traps(index: str) -> None:
    # A null element and a wrong type are found before the callee sees anything.
    many = "i64 " * 6
    agree(
        f"""(module (memory 1) (type $t (func (param {many}) (result i64))) (table 6 funcref)
      (elem (i32.const 0) $good $bad $good)
      (func $good (type $t) (i64.add (local.get 0) (local.get 5))) (func $bad (result i64) (i64.const 1))
      (func (export "f") (param i32) (result i64)
        (i32.store (i32.const 0) (local.get 0))
        {"".join(f"(i64.add (i64.extend_i32_u (local.get 0)) (i64.const {n}))" for n in range(6))}
        (call_indirect (type $t) {index})))""",
        [("f", i) for i in (0, 1, 2, 3, 5, 6, 7, 2**31 - 1, -(2**31), -1)],
    )
