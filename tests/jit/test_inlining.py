"""Calls of tiny functions, whose bodies are compiled where they are called: values, traps, frames and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import linocut
import pytest
from linocut import experiments
from linocut.inspecting.listing.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBERS = ["i32", "i64", "f32", "f64"]

CALLEES = """
  (func $get (param i32) (result i32) (i32.load offset=8 (local.get 0)))
  (func $put (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func $square (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))
  (func $backwards (param i32 i32 i32) (result i32)
    (i32.sub (local.get 2) (i32.shl (local.get 1) (local.get 0))))
  (func $unused (param i32 i32) (result i32) (local.get 1))
  (func $none (param i32))
  (func $own (param i32) (result i32) (local i32 i32)
    (local.set 1 (i32.add (local.get 0) (local.get 2))) (i32.mul (local.get 1) (local.get 1)))
  (func $changes (param i32) (result i32)
    (local.set 0 (i32.add (local.get 0) (i32.const 1))) (i32.mul (local.get 0) (local.get 0)))
  (func $next (param i32) (result i32)
    (local.set 0 (i32.add (local.get 0) (i32.const 1))) (local.get 0))
  (func $two (param i32 i32) (result i32 i32) (local.get 1) (local.get 0))
  (func $divide (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $count (result i32)
    (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func $pick (param i32 i32 i32) (result i32) (select (local.get 0) (local.get 1) (local.get 2)))
  (func $zero (result i32) (local i32) (local.get 0) (local.set 0 (i32.const 9)))
"""


def module_of(body: str, params: str = "i32 i32", result: str = "i32", locals: str = "") -> str:
    return f"""(module (memory 1) (global $n (mut i32) (i32.const 0)) {CALLEES}
      (func (export "f") (param {params}) (result {result}) {locals} {body}))"""


def outcome(module: linocut.Module, arguments: Sequence[int | float]) -> object:
    try:
        return module.instantiate().exports.f(*arguments)
    except linocut.Trap as trap:
        return str(trap), [(frame.function, frame.offset) for frame in trap.frames]


ARGUMENTS = [(0, 0), (1, 2), (7, -3), (-(2**31), -1), (65528, 5), (65529, 5), (12, 100)]

BODIES = {
    "a local": "(call $get (local.get 0))",
    "a constant": "(call $get (i32.const 4))",
    "a temporary": "(call $get (i32.add (local.get 0) (local.get 1)))",
    "a store": "(call $put (local.get 0) (local.get 1)) (i32.load (local.get 0))",
    "two reads": "(call $square (i32.add (local.get 0) (local.get 1)))",
    "backwards": "(call $backwards (i32.add (local.get 0) (i32.const 1)) (local.get 1) (i32.const 5))",
    "backwards, constants": "(call $backwards (i32.const 3) (i32.const 4) (i32.const -5))",
    "unused": "(call $unused (i32.mul (local.get 0) (i32.const 3)) (local.get 1))",
    "an unused trap": "(call $unused (i32.load (local.get 0)) (local.get 1))",
    "nothing": "(call $none (i32.load (local.get 0))) (local.get 1)",
    "own locals": "(call $own (call $own (local.get 0)))",
    "own locals are zero each time": "(i32.add (call $zero) (i32.add (call $zero) (call $zero)))",
    "an argument is in the local of the callee before": """(call $backwards (call $next (local.get 0))
      (i32.mul (local.get 0) (local.get 1)) (local.get 1))""",
    "an argument is in such a local and another one changes": """(i32.sub (call $two (call $next (local.get 1))
      (call $changes (call $next (local.get 0)))))""",
    "a parameter that changes": """(i32.add (call $changes (local.get 0)) (local.get 0))""",
    "a constant that changes": "(call $changes (i32.const 6))",
    "results in other order": "(i32.sub (call $two (local.get 0) (local.get 1)))",
    "results of results": "(i32.sub (call $two (call $two (call $two (local.get 0) (i32.const 3)))))",
    "a division": "(call $divide (local.get 0) (local.get 1))",
    "a division by a constant": "(call $divide (local.get 0) (i32.const 7))",
    "a division by zero": "(call $divide (local.get 0) (i32.const 0))",
    "a global": "(i32.sub (i32.mul (call $count) (call $count)) (i32.shl (call $count) (call $count)))",
    "select": "(call $pick (call $square (local.get 0)) (call $get (i32.const 0)) (local.get 1))",
    "a result that is set": "(local.set 0 (call $square (local.get 1))) (local.get 0)",
    "a result that is teed": """(i32.add (local.tee 0 (call $square (local.get 1)))
       (call $backwards (local.get 0) (local.get 0) (local.get 1)))""",
    "an argument is the target": "(local.set 0 (call $backwards (local.get 0) (local.get 0) (local.get 1))) (local.get 0)",
    "an older read of the target": "(local.get 0) (local.set 0 (call $square (local.get 1))) (i32.sub (local.get 0))",
    "a value below": """(i32.add (local.get 0) (call $own (i32.mul (local.get 0) (local.get 1))))""",
    "many below": """(i32.sub (i32.add (local.get 0) (i32.const 1)) (i32.sub (i32.add (local.get 1) (i32.const 2))
      (i32.sub (i32.mul (local.get 0) (i32.const 3)) (i32.sub (i32.mul (local.get 1) (i32.const 4))
      (i32.sub (i32.add (local.get 1) (i32.const 5))
      (call $backwards (i32.add (local.get 0) (i32.const 6)) (i32.add (local.get 0) (i32.const 7))
        (i32.add (local.get 1) (i32.const 8))))))))""",
    "a result that is used after the next call": """(call $own (i32.add (local.get 0) (i32.const 1)))
      (call $own (i32.add (local.get 1) (i32.const 2))) (i32.sub)""",
    "the same value twice": """(i32.sub (call $changes (local.tee 0 (i32.const 5))) (call $changes (local.get 0)))""",
    "a branch's condition": "(if (result i32) (call $square (local.get 0)) (then (i32.const 1)) (else (i32.const 2)))",
    "in a loop": """(loop (local.set 0 (call $backwards (i32.const 1) (local.get 0) (local.get 1)))
      (br_if 0 (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 20)))) (local.get 0)""",
    "behind code that is not reached": "(return (local.get 0)) (call $square (local.get 1))",
    "in a block that ends": "(block (br 0) (drop (call $square))) (call $square (local.get 0))",
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_the_result_is_that_of_a_call(name: str) -> None:
    """Trap messages and both frames of a trap, too; the interpreter inlines nothing."""
    text = module_of(BODIES[name])
    modules = [linocut.load(text), linocut.load(text, interpret=True)]
    if linocut.has_compiler():
        modules.append(experiments.load(text, ["inlining"]))
        modules += [
            experiments.load(text, [switch]) for switch in ("lazy-operands", "immediates", "guard-pages")
        ]
        modules.append(experiments.load(text, ["pinned-locals"]))
    for arguments in ARGUMENTS:
        first, *others = [outcome(module, arguments) for module in modules]
        assert others == [first] * len(others), arguments


@pytest.mark.parametrize("type", [*NUMBERS, "v128", "externref", "funcref"])
def test_arguments_of_every_type_keep_their_order(type: str) -> None:
    constants = {
        "v128": "(v128.const i32x4 1 2 3 {})",
        "externref": "(ref.null extern)",
        "funcref": "(ref.null func)",
    }
    constant = constants.get(type, f"({type}.const {{}})")
    last = f"({type}.const 3)" if type in NUMBERS else constant.format(3)
    text = f"""(module (func $rotate (param {type} {type} {type}) (result {type} {type} {type})
        (local.get 1) (local.get 2) (local.get 0))
      (func (export "f") (param {type} {type}) (result {type} {type} {type} {type} {type} {type})
        (call $rotate (local.get 0) (local.get 1) {last})
        (call $rotate {constant.format(4)} (local.get 0) (local.get 1))))"""
    values: dict[str, tuple[Any, Any]] = {
        "v128": (bytes(range(16)), bytes(range(7, 23))),
        "externref": ("a", "b"),
        "funcref": (None, None),
    }
    arguments = values.get(type, (1.5, 2.5) if type[0] == "f" else (1, 2))
    expected = outcome(linocut.load(text, interpret=True), arguments)
    assert outcome(linocut.load(text), arguments) == expected


@pytest.mark.parametrize("count", [5, 100, 126, 128, 300])
def test_locals_of_the_caller_with_long_indices(count: int) -> None:
    """The callee's one byte becomes two; beyond all pins the locals are in the frame."""
    sets = "".join(f"(local.set {n + 2} (i32.add (local.get 0) (i32.const {n})))" for n in range(count))
    calls = "".join(
        f"(local.set 0 (i32.xor (local.get 0) (call $backwards (local.get {n + 2}) (local.get 1) (local.get {count - n + 1}))))"
        for n in range(count)
    )
    text = module_of(f"{sets} {calls} (local.get 0)", locals="(local " + "i32 " * count + ")")
    for arguments in [(1, 2), (-7, 9)]:
        assert outcome(linocut.load(text), arguments) == outcome(
            linocut.load(text, interpret=True), arguments
        )


def test_a_loop_s_float_constants_and_a_callee_s_locals_are_different_registers() -> None:
    text = """(module (func $mix (param f64 f64) (result f64) (local f64)
        (local.set 2 (f64.mul (local.get 0) (f64.const 0.75)))
        (f64.add (f64.sub (local.get 1) (local.get 2)) (f64.const 1.25)))
      (func (export "f") (param f64 i32) (result f64) (loop
        (local.set 0 (call $mix (f64.add (local.get 0) (f64.const 0.5)) (f64.mul (local.get 0) (f64.const 1.25))))
        (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1))))) (local.get 0)))"""
    assert outcome(linocut.load(text), (3.5, 20)) == outcome(linocut.load(text, interpret=True), (3.5, 20))


@pytest.mark.parametrize("locals", [0, 3, 6, 12, 14])
@pytest.mark.parametrize("constants", [2, 6, 10, 14])
@pytest.mark.parametrize("params", [2, 5, 8])
def test_constants_and_callees_locals_share_the_registers(locals: int, constants: int, params: int) -> None:
    """However many of the loop's constants, the caller's locals and the callee's there are of floats."""
    callee = "(local.get 0)" + "".join(f"(f64.sub (local.get {n}))" for n in range(params - 1, -1, -1))
    sums = "".join(f"(local.set {n + 2} (f64.add (local.get {n + 2}) (local.get 0)))" for n in range(locals))
    steps = "".join(f"(local.set 0 (f64.add (local.get 0) (f64.const {n}.25)))" for n in range(1, constants))
    arguments = "".join(f"(f64.mul (local.get 0) (f64.const {n}.75))" for n in range(params))
    result = "".join(f"(f64.add (f64.mul (f64.const 3.5)) (local.get {n + 2}))" for n in range(locals))
    text = f"""(module (func $mix (param {"f64 " * params}) (result f64) {callee})
      (func (export "f") (param f64 i32) (result f64) (local {"f64 " * locals}) (loop
        {sums} {steps} (local.set 0 (call $mix {arguments})) {steps}
        (local.set 0 (f64.div (local.get 0) (f64.const 1e6)))
        (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1))))) (local.get 0) {result}))"""
    assert outcome(linocut.load(text), (3.5, 5)) == outcome(linocut.load(text, interpret=True), (3.5, 5))


# ── what is inlined ──────────────────────────────────────────────────────────
def has_calls(text: str) -> bool:
    """Whether the machine code of the last function has any; only then its stack is checked."""
    module = linocut.load(text, interpret=False)
    listing = Listing.of(module, module._code.defined_functions()[1] - 1)
    pieces = [piece for section in listing.sections for piece in section.pieces]
    return any(line.machine.text.startswith("call") for piece in pieces for line in piece.code)


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("callee", "is_inlined"),
    [
        ("(local.get 0)", True),
        ("(local i32 i64 f32 f64) (local.set 1 (local.get 0)) (local.get 1)", True),
        ("(i32x4.extract_lane 1 (i32x4.splat (local.get 0)))", True),
        ("(i32.trunc_sat_f32_s (f32.convert_i32_s (local.get 0)))", True),
        ("(local.get 0) (block)", False),
        ("(if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2)))", False),
        ("(return (local.get 0))", False),
        ("(unreachable)", False),
        ("(call $self (local.get 0))", False),
        ("(local v128) (local.get 0)", False),
        ("(local.get 0)" + "(i32.add (i32.const 1))" * 12, True),
        ("(local.get 0)" + "(i32.add (i32.const 1))" * 13, False),
        ("(local i32 i32 i32 i32 i32 i32 i32) (local.get 0)", True),
        ("(local i32 i32 i32 i32 i32 i32 i32 i32) (local.get 0)", False),
        ("(i32x4.extract_lane 1 (v128.const i32x4 1 2 3 4))", False),
    ],
)
def test_what_is_inlined(callee: str, is_inlined: bool) -> None:
    text = f"""(module (func $self (param i32) (result i32) {callee})
      (func (export "f") (param i32) (result i32) (call $self (local.get 0))))"""
    assert has_calls(text) != is_inlined


@pytest.mark.compiled
def test_imports_are_called() -> None:
    text = """(module (import "" "g" (func $g (param i32) (result i32)))
      (func (export "f") (param i32) (result i32) (call $g (local.get 0))))"""
    assert has_calls(text)


@pytest.mark.compiled
def test_a_function_of_calls_does_not_become_many_times_as_large() -> None:
    """Bytes of machine code for each call, when there are many of a body with much code."""
    body = "(call $big) " * 10_000
    big = "(i64.store (i32.const 8) (i64.const 0x123456789abcdef))" * 2
    sizes = {}
    for switch in ("nothing", "inlining"):
        module = experiments.load(f"(module (memory 1) (func $big {big}) (func {body}))", [switch])
        sizes[switch] = module._code.function_sizes(1)[0]
    assert sizes["inlining"] < sizes["nothing"] < 4 * sizes["inlining"]


@pytest.mark.compiled
def test_more_locals_than_a_caller_keeps_for_callees() -> None:
    """Each result stays on the stack as a read of the callee's local, so the next call wants others."""
    kinds = [f"(func $k{n} (param {a} {b}) (result {a}) (local.get 1) (drop) (local.get 0))"
             for n, (a, b) in enumerate((a, b) for a in NUMBERS for b in NUMBERS)]  # fmt: skip
    body = "".join(
        f"(drop (call $k{n} ({a}.const {n}) ({b}.const 1)))"
        for n, (a, b) in enumerate((a, b) for a in NUMBERS for b in NUMBERS)
    )
    text = f"""(module {" ".join(kinds)} (func $many (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
        (i32.sub (i32.sub (i32.sub (local.get 7) (local.get 6)) (i32.sub (local.get 5) (local.get 4)))
        (i32.sub (i32.sub (local.get 3) (local.get 2)) (i32.sub (local.get 1) (local.get 0)))))
      (func (export "f") (param i32 i32) (result i32) {body}
        {"(i32.add (local.get 0) (i32.const 3))" * 8} (call $many) {"(i32.sub (local.get 1) (i32.const 3))" * 7}
        (call $many)))"""
    for arguments in [(5, 6), (-1, 1)]:
        assert outcome(linocut.load(text), arguments) == outcome(
            linocut.load(text, interpret=True), arguments
        )


# ── traps and errors ─────────────────────────────────────────────────────────
def test_a_trap_in_an_inlined_body_has_both_frames_and_their_names() -> None:
    text = module_of("(call $get (local.get 0))")
    with pytest.raises(linocut.Trap, match=r"function 0 \(get\)") as caught:
        linocut.load(text).instantiate().exports.f(65530, 0)
    assert [frame.name for frame in caught.value.frames] == ["get", None]
    offsets = [frame.offset for frame in caught.value.frames]
    assert 0 < offsets[0] < offsets[1]


def test_a_trap_behind_an_inlined_body_has_one_frame() -> None:
    text = module_of("(i32.load (call $square (local.get 0)))")
    with pytest.raises(linocut.Trap) as caught:
        linocut.load(text).instantiate().exports.f(-1 << 15, 0)
    assert [frame.function for frame in caught.value.frames] == [14]


def test_what_is_inlined_into_code_that_is_called_again_has_all_frames() -> None:
    text = f"""(module (memory 1) {CALLEES.split("(func $put")[0]}
      (func $middle (param i32) (result i32) (block) (i32.add (i32.const 1) (call $get (local.get 0))))
      (func (export "f") (param i32) (result i32) (call $middle (local.get 0))))"""
    with pytest.raises(linocut.Trap) as caught:
        linocut.load(text).instantiate().exports.f(-1)
    assert [frame.function for frame in caught.value.frames] == [0, 1, 2]


def of_two_functions(*bodies: bytes) -> bytes:
    """A module whose functions take and give an i32."""
    code = b"\2" + b"".join(bytes([len(body)]) + body for body in bodies)
    return bytes.fromhex("0061736d01000000 0106 01 60017f017f 0303 02 0000 0a") + bytes([len(code)]) + code


@pytest.mark.parametrize(
    "body", ["i32.add", "i64.const 1", "", "local.get 0 local.get 0", "drop drop i32.const 1"]
)
def test_an_invalid_callee_is_refused_in_its_own_words(body: str) -> None:
    """Also where the caller comes first; no error names the call."""
    code = {"i32.add": "6a", "i64.const 1": "4201", "": "", "local.get 0 local.get 0": "20002000",
            "drop drop i32.const 1": "1a1a4101"}[body]  # fmt: skip
    callee = bytes.fromhex("00" + code + "0b")
    caller = bytes.fromhex("00410541062000 1001 1a1a 0b")
    wasm = of_two_functions(caller, callee)
    verdicts = set()
    for interpret in (False, True):
        with pytest.raises(linocut.InvalidError) as caught:
            linocut.load(wasm, interpret=interpret)
        verdicts.add(str(caught.value))
    with pytest.raises(linocut.InvalidError) as caught:
        linocut.validate(wasm)
    verdicts.add(str(caught.value))
    assert len(verdicts) == 1


def test_a_set_behind_the_call_of_a_local_that_is_not_there_is_refused() -> None:
    """Its index is one of a callee's locals behind the caller's."""
    for index in range(1, 80):
        body = bytes([0]) + b"\x20\0\x41\1\x6a\x10\0\x21" + bytes([index]) + b"\x20\0\x0b"
        wasm = of_two_functions(bytes.fromhex("00200020006c0b"), body)
        with pytest.raises(linocut.InvalidError, match="local"):
            linocut.load(wasm)
