"""Compiled without one thing (linocut.experiments): other machine code, as promised, and the same results."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import linocut
import pytest
from linocut import experiments
from linocut.spec import suite
from linocut.spec.run.runner import run_script

pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")
pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
from linocut.inspecting.listing.listing import Listing

GOLDEN = sorted((Path(__file__).resolve().parent.parent / "golden" / "cases").glob("*.wat"))
# Interrupts are switched off for a whole process, so that is tested in a process of its own.
IN_PROCESS = [name for name in experiments.SWITCHES if name != "interrupts"]
# The scripts of the official suite that the switches affect.
SCRIPTS = (
    "address align block br_if br_table call_indirect endianness f32_cmp f64 float_exprs i32 i64 if int_exprs "
    "labels left-to-right local_get local_set local_tee loop memory_grow memory_redundancy memory_trap ref_null "
    "select stack store switch traps unwind"
).split()

SUM = """(module (memory 1)
  (func (export "f") (param $p i32) (param $end i32) (result i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (i32.load offset=8 (local.get $p))))
      (i32.store offset=8 (local.get $p) (i32.const 7))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $p) (local.get $end))))
    (local.get $sum)))"""
DIVIDE = """(module (func (export "f") (param i32 i32) (result i32)
    (i32.div_s (local.get 0) (local.get 1))))"""
INDIRECT = """(module (table 2 funcref) (elem (i32.const 0) $one $two)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func (export "f") (param i32 i32) (result i32)
    (i32.add (local.get 1) (call_indirect (result i32) (local.get 0)))))"""
SWITCH = f"""(module (func (export "f") (param i32 i32) (result i32)
    {"(block " * 40} (br_table {" ".join(str(n % 40) for n in range(80))} (local.get 0))
    {"".join(f") (return (i32.const {n}))" for n in range(40))}))"""

CALL = """(module (func $next (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "f") (param i32 i32) (result i32) (call $next (local.get 1))))"""

FLOATS = """(module (func (export "f") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1))))"""

# For each switch: a module, the forms that only its normal code has, and those that only the other code has.
DIFFERENCES = {
    "stack-check": (INDIRECT, {"compare_stack_limit"}, set()),
    "division-checks": (DIVIDE, {"i32_div_s+2"}, set()),
    "guard-pages": (SUM, set(), {"compare_register_context"}),
    "index-clamp": (INDIRECT, {"borrow_mask"}, set()),
    "pinned-locals": (SUM, {"push"}, {"load_frame_32", "store_frame_32"}),
    "lazy-operands": (SUM, {"i32_add_rm", "i32_add_ri8"}, {"i32_load_indexed", "i32_add_rr", "constant32"}),
    "immediates": (SUM, {"i32_add_ri8", "i32_store_indexed_imm"}, {"i32_add_rr", "i32_store_indexed"}),
    "folded-addresses": (
        SUM,
        {"i32_add_rm", "i32_store_indexed_imm"},
        {"memory_address", "i32_load_pointed"},
    ),
    "free-choices": (FLOATS, set(), {"f64x2_ne_rr", "v128_andnot_rr", "v128_or_rr"}),
    "inlining": (CALL, {"add32_disp"}, {"call"}),
    "fused-branches": (SUM, set(), {"set_condition", "widen_byte", "test32"}),
}


def load(source: str | Path, name: str) -> linocut.Module:
    return experiments.load(source, [name], unsafe=True)


def machine_code(module: linocut.Module) -> list[bytes]:
    first, end = module._code.defined_functions()
    return [module._code.listing(function).bytes for function in range(first, end)]


def forms(module: linocut.Module) -> set[str]:
    """The names of the forms and stencils that the last function was copied from."""
    listing = Listing.of(module, module._code.defined_functions()[1] - 1)
    lines = [line for section in listing.sections for piece in section.pieces for line in piece.code]
    return {line.stencil for line in lines if line.stencil}


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run the code in a process of its own."""
    head = "import linocut, signal, os\nfrom linocut import experiments\n"
    return subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True, timeout=60)


# ── what is compiled ─────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", DIFFERENCES)
def test_the_code_differs_as_promised(name: str) -> None:
    source, before, after = DIFFERENCES[name]
    product, other = forms(linocut.load(source)), forms(load(source, name))
    assert before <= product
    assert not before & other
    assert after <= other
    assert not after & product


def test_every_switch_is_looked_at() -> None:
    same = {"nothing", "interrupts"}  # these do not change the code
    assert set(DIFFERENCES) | same == set(experiments.SWITCHES)


@pytest.mark.compiled
@pytest.mark.parametrize("name", ["nothing", "interrupts"])
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_visitors_that_ask_write_the_product(path: Path, name: str) -> None:
    program = f"""
module = lambda m: [m._code.listing(f).bytes for f in range(*m._code.defined_functions())]
assert module(linocut.load({str(path)!r})) == module(experiments.load({str(path)!r}, [{name!r}], unsafe=True))"""
    assert run(program).stderr == ""


def test_without_the_clamp_a_jump_table_is_guarded_by_its_branch_alone() -> None:
    """The clamp keeps a processor from running ahead speculatively with an index beyond the table."""
    mask = "i32_and_ri8"  # 127: there are 80 labels
    assert mask in forms(linocut.load(SWITCH))
    assert mask not in forms(load(SWITCH, "index-clamp"))


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_pickled_module_stays_what_it_is(name: str) -> None:
    module = load(DIFFERENCES[name][0], name)
    assert machine_code(pickle.loads(pickle.dumps(module))) == machine_code(module)
    assert machine_code(module) != machine_code(linocut.load(DIFFERENCES[name][0]))


def test_threads_change_nothing() -> None:
    one, two = (experiments.load(GOLDEN[0], ["immediates"], threads=threads) for threads in (1, 2))
    assert machine_code(one) == machine_code(two)


# ── what it does ─────────────────────────────────────────────────────────────
SUITE = suite.find_suite()


@pytest.mark.compiled
@pytest.mark.skipif(
    SUITE is None, reason=f"the official suite is not here: set {suite.VARIABLE} to its folder"
)
@pytest.mark.parametrize("name", IN_PROCESS)
def test_the_suite_passes(name: str) -> None:
    assert SUITE is not None
    without = partial(experiments.load, without=[name], unsafe=True)
    # The runaway recursion in call_indirect would end the process.
    scripts = set(SCRIPTS) - ({"call_indirect"} if name == "stack-check" else set())
    for script in sorted(scripts):
        path = SUITE / "core" / f"{script}.wast"
        assert run_script(path, suite.name_in_suite(path, SUITE), without).failures == [], script


@pytest.mark.parametrize("name", IN_PROCESS)
@pytest.mark.parametrize(
    "source", [SUM, DIVIDE, INDIRECT, SWITCH], ids=["sum", "divide", "indirect", "switch"]
)
def test_results_and_traps_are_the_same(source: str, name: str) -> None:
    product, other = linocut.load(source).instantiate().exports, load(source, name).instantiate().exports
    for a in (0, 1, 2, 39, 79, 80, 100, 65524, 65529, -(2**31), -1):
        for b in (0, 1, -1, 5, 65529):
            if source != SUM or abs(b) < 10 or 0 <= a < b:
                assert outcome(other.f, a, b) == outcome(product.f, a, b), (a, b)


def outcome(function: Any, *arguments: int) -> object:
    """The result, or the trap and where it was."""
    try:
        return function(*arguments)
    except linocut.Trap as trap:
        return trap.kind, trap.frames


@pytest.mark.parametrize("type_", ["i32", "i64"])
@pytest.mark.parametrize("op", ["div_s", "div_u", "rem_s", "rem_u"])
def test_a_divide_error_is_the_trap(type_: str, op: str) -> None:
    least = -(2 ** (int(type_[1:]) - 1))
    text = f"""(module (func (export "f") (param {type_} {type_}) (result {type_})
        ({type_}.{op} (local.get 0) (local.get 1))))"""
    product, other = (
        linocut.load(text).instantiate().exports.f,
        load(text, "division-checks").instantiate().exports.f,
    )
    for a in (least, -7, -1, 0, 1, 7, -least - 1):
        for b in (least, -3, -1, 0, 1, 3, -least - 1):
            assert outcome(other, a, b) == outcome(product, a, b), (a, b)


def test_checked_accesses_see_the_memory_grow() -> None:
    memory = linocut.Memory(1, 3)
    text = '(module (import "m" "m" (memory 1)) (func (export "f") (param i32) (result i32) (i32.load (local.get 0))))'
    function = load(text, "guard-pages").instantiate({"m": {"m": memory}}).exports.f
    assert function(65532) == 0
    with pytest.raises(linocut.Trap, match="out of bounds"):
        function(65533)
    memory.grow(1)
    assert function(65533) == 0


# ── what is unsafe, and what changes the process: in another one ─────────────
RECURSION = '(module (func $f (export "f") (result i32) (i32.add (call $f) (i32.const 1))))'


def test_an_unsafe_switch_must_be_meant() -> None:
    for switch in experiments.SWITCHES.values():
        if switch.unsafe:
            with pytest.raises(ValueError, match="unsafe"):
                experiments.bits_of([switch.name])
        assert experiments.bits_of([switch.name], unsafe=True)
    with pytest.raises(ValueError, match="no switch 'nonsense'"):
        experiments.load(RECURSION, ["nonsense"])


@pytest.mark.compiled
def test_without_the_stack_check_recursion_ends_the_process() -> None:
    call = f"experiments.load({RECURSION!r}, ['stack-check'], unsafe=True).instantiate().exports.f()"
    assert run(call).returncode == -signal.SIGSEGV


@pytest.mark.compiled
def test_without_interrupts_a_timeout_waits() -> None:
    # Counting takes at least 0.3 s; if it were interrupted, it would not finish.
    text = """(module (func (export "f") (local i32)
        (loop (br_if 0 (local.tee 0 (i32.add (local.get 0) (i32.const 1)))))))"""
    call = ".instantiate().exports.f(timeout=0.05)\n    print('done')\nexcept linocut.Timeout:\n    print('late')"
    done = run(f"try:\n    experiments.load({text!r}, ['interrupts'], unsafe=True){call}")
    assert (done.stdout, done.stderr) == ("done\n", "")
    assert run(f"try:\n    linocut.load({text!r}){call}").stdout == "late\n"


@pytest.mark.compiled
def test_divide_errors_elsewhere_are_not_ours() -> None:
    divides = f"experiments.load({DIVIDE!r}, ['division-checks']).instantiate()\n"
    assert run(divides + "os.kill(os.getpid(), signal.SIGFPE)").returncode == -signal.SIGFPE
    handled = "signal.signal(signal.SIGFPE, lambda *_: print('handled'))\n" + divides
    assert run(handled + "os.kill(os.getpid(), signal.SIGFPE)").stdout == "handled\n"
