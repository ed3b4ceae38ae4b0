"""Which locals get a register if there are too few: the most used in loops, then the first."""

from __future__ import annotations

import linocut
import pytest

pytest.importorskip("wasmtime")
pytest.importorskip("capstone", reason="the choice is seen in the machine code")

from linocut.inspecting.listing.listing import Listing
from linocut.text.wat import wat_to_wasm
from refusals import ENVIRONMENT, TEXTS, written

from linocut_isa import supported

MARK = 0x5A00  # each local is set once, to a constant that identifies it in the machine code


def use(local: int, times: int = 1) -> str:
    return f"local.get {local} drop " * times


def in_loops(code: str, depth: int) -> str:
    return "loop " * depth + code + " end" * depth + " "


def sets(count: int) -> str:
    return " ".join(f"(local.set {n} (i64.const {MARK + n}))" for n in range(count))


def in_frame(code: str, count: int = 9, others: int = 1_000, first_set: str | None = None) -> set[int]:
    """The locals kept in the frame. All but 0 and 8 have many uses in a loop besides those in `code`."""
    many = in_loops(" ".join(use(n, others) for n in range(1, count) if n != 8), 1)
    body = f"{sets(count) if first_set is None else first_set} {many} {code}"
    return stored(wat_to_wasm(f"(module (func (local {'i64 ' * count}) {body}))"), 0)


def stored(wasm: bytes, function: int) -> set[int]:
    """The locals whose marks are written into the frame."""
    listing = Listing.of(linocut.load(wasm), function)
    lines = [line for section in listing.sections for piece in section.pieces for line in piece.code]
    texts = [line.machine.text for line in lines if line.machine.text.startswith("mov qword ptr [rsp")]
    values = [int(text.rpartition(", ")[2], 0) for text in texts if text.rpartition(", ")[2][0].isdigit()]
    return {value - MARK for value in values if value >= MARK}


def test_only_uses_in_loops_count() -> None:
    assert in_frame(use(0, 1_000) + in_loops(use(8), 1)) == {0}


def test_what_loops_leave_goes_to_the_first_touched() -> None:
    assert in_frame(in_loops(use(8), 1), others=0) == {7}


@pytest.mark.parametrize(("outside", "loser"), [(7, 0), (9, 8)])
@pytest.mark.parametrize("depth", range(1, 6))
def test_a_use_weighs_as_much_as_eight_in_the_loop_around(depth: int, outside: int, loser: int) -> None:
    code = in_loops(use(0, outside) + "loop " + use(8) + "end", depth)
    assert in_frame(code, others=0, first_set=ALL_IN_LOOPS) == {loser}


ALL_IN_LOOPS = sets(9) + in_loops(" ".join(use(n, 9) for n in range(1, 8)), 7)


@pytest.mark.parametrize(("times", "loser"), [(2, 8), (0, 0)])
def test_a_seventh_loop_weighs_no_more_than_the_sixth(times: int, loser: int) -> None:
    code = in_loops(use(0, times) + "loop " + use(8) + "end", 6)
    assert in_frame(code, others=0, first_set=ALL_IN_LOOPS) == {loser}


@pytest.mark.parametrize("depth", [1, 2, 7])
def test_behind_a_loop_its_weight_ends(depth: int) -> None:
    assert in_frame(in_loops(in_loops("nop", depth) + use(8) + use(0, 2), 1)) == {8}


@pytest.mark.parametrize(
    "inner", ["block end", "i32.const 0 if end", "i32.const 0 if else end", "block block end end"]
)
def test_other_blocks_do_not_end_a_loop(inner: str) -> None:
    assert in_frame(f"loop {use(0)} {inner} {use(8, 2)} end") == {0}
    assert in_frame(f"loop {use(0)} {inner} end " + use(8, 2)) == {8}


@pytest.mark.parametrize("opening", ["block", "i32.const 0 if"])
def test_other_blocks_do_not_weigh(opening: str) -> None:
    assert in_frame(in_loops(f"{opening} {use(8)} end " + use(0, 2), 1)) == {8}


def test_of_equals_the_first_ones_win() -> None:
    assert in_frame("", others=0) == {8}


@pytest.mark.parametrize("write", ["i64.const 1 local.set 8 ", "i64.const 1 local.tee 8 drop "])
def test_writes_are_uses(write: str) -> None:
    assert in_frame(in_loops(use(0) + write * 2, 1)) == {0}


def test_where_all_have_a_register_nothing_is_chosen() -> None:
    assert in_frame("", count=8, others=1) == set()


def test_beyond_the_first_128_locals_uses_count_too() -> None:
    """The index of such a local takes two bytes."""
    count = 200
    chosen = [150 + n for n in range(8)]
    code = in_loops(" ".join(use(n, 2) for n in chosen), 1)
    assert in_frame(code, count, others=1) == set(range(count)) - set(chosen)


def test_of_more_locals_than_bytes_the_first_touched_ones_get_registers() -> None:
    count = 200
    code = " ".join(f"(local.set {n} (i64.const {MARK + n}))" for n in range(100, 110)) + use(109, 5)
    assert stored(wat_to_wasm(f"(module (func (local {'i64 ' * count}) {code}))"), 0) == {108, 109}


@pytest.mark.parametrize(("outside", "loser"), [(7, 0), (9, 12)])
def test_floats_have_registers_of_their_own(outside: int, loser: int) -> None:
    """Thirteen floats compete for twelve registers; the eight integers beside them lose none of theirs."""
    floats = range(13)
    many = " ".join(f"local.get {n} drop " * 100 for n in range(1, 12))
    code = in_loops(f"{many} {'local.get 0 drop ' * outside} loop local.get 12 drop end", 1)
    marks = " ".join(f"(local.set {13 + n} (i64.const {MARK + n}))" for n in range(8))
    reads = " ".join(f"(f64.store (i32.const {8 * n}) (local.get {n}))" for n in floats)
    wasm = wat_to_wasm(
        f"(module (memory 1) (func (local {'f64 ' * 13} {'i64 ' * 8}) {marks} {code} {reads}))"
    )
    assert stored(wasm, 0) == set()
    listing = Listing.of(linocut.load(wasm), 0)
    lines = [line for section in listing.sections for piece in section.pieces for line in piece.code]
    # The stores come last, one for each local in order; the one that is kept in the frame
    # is loaded just before its store.
    storing = [i for i, line in enumerate(lines) if line.machine.text.startswith("movsd qword ptr [r12")]
    assert len(storing) == 13
    loaded = [n for n, i in enumerate(storing) if "[rsp" in lines[i - 1].machine.text]
    assert loaded == [loser]


# Immediates that would be opcodes: loop (3), after which uses would weigh more, and local.get (32).
MISLEADING = [
    *(
        f"{written(row, 'offset=3', 3 % max(row.lanes, 1))} {'drop ' * len(row.results)}"
        for row in supported()
        if row.is_access
    ),
    f"i8x16.shuffle {'3 ' * 16} drop",
    f"(v128.const i8x16 {'3 ' * 8} {'32 ' * 8}) drop",
    "(i8x16.extract_lane_s 3 (v128.const i64x2 0 0)) drop",
    *(
        f"({'block ' * 40} (i32.const 0) (br_table 0 {n}) {'end ' * 40}".replace("(block", "block", 1)
        for n in (3, 32)
    ),
    "(i64.const 0x2003) drop",
    "(f64.const 0x1.3030303030303p-975) drop",
]


@pytest.mark.parametrize(("behind", "loser"), [("loop {} end", 0), ("{}", 8)], ids=["in a loop", "outside"])
def test_no_opcode_leads_the_count_astray(behind: str, loser: int) -> None:
    """Behind each snippet, which cannot be reached, a use of the last local counts for what it is."""
    wrong = []
    for snippet in dict.fromkeys([*MISLEADING, *(refusal.valid for refusal in TEXTS)]):
        many = " ".join(use(n, 20) for n in range(4, 11))
        code = f"""(local $i i32) (local $l i64) (local $e externref) (local {"i64 " * 9})
          {" ".join(f"(local.set {n + 3} (i64.const {MARK + n}))" for n in range(9))}
          loop {many} {use(3, 7)} block unreachable {snippet} end {behind.format(use(11))} end"""
        text = ENVIRONMENT.replace("(local $i i32) (local $l i64) (local $e externref) {code}", code)
        found = stored(wat_to_wasm(text), 3)
        if loser not in found or 8 - loser in found:
            wrong.append((snippet, found))
    assert wrong == []


LOOKALIKES = [
    "(drop (i64.load offset=64 align=8 (i32.const 0)))",  # 29 03 40: loop
    "(drop (i64.add (i64.const 1) (local.get 3)))",  # 20 03 7C: loop (result f64)
]


@pytest.mark.parametrize("code", LOOKALIKES)
def test_what_looks_like_a_loop_is_none(code: str) -> None:
    """If it were taken for one, the uses of local 0 would count as uses in a loop."""
    body = f"{sets(9)} {code} {use(0, 100)} loop {' '.join(use(n, 5) for n in range(1, 9))} end"
    assert stored(wat_to_wasm(f"(module (memory 1) (func (local {'i64 ' * 9}) {body}))"), 0) == {0}


def test_a_loop_behind_a_local_that_is_numbered_like_a_load_is_one() -> None:
    """The bytes 20 29 03 40 are local.get 41 and loop."""
    body = f"{sets(9)} local.get 41 loop {use(8)} end drop"
    assert stored(wat_to_wasm(f"(module (func (local {'i64 ' * 42}) {body}))"), 0) == {7}
