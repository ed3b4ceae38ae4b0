"""Function bodies that have made one-pass compilers quadratic, each as a module of about `n` operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.text.binary import unsigned
from modules import (
    ADD,
    BLOCK,
    BR,
    BR_IF,
    BR_TABLE,
    CALL,
    DROP,
    ELSE,
    EMPTY,
    END,
    F64,
    I32,
    I64,
    IF,
    LOOP,
    UNREACHABLE,
    body,
    const,
    function_type,
    get,
    module,
    set_,
)

if TYPE_CHECKING:
    from collections.abc import Callable

VOID = function_type([], [])
INT = function_type([I32], [I32])
I32_BLOCK = b"\x7f"
THOUSAND = [I32] * 1000


DEPTH = 100_000  # the deepest nesting; a larger shape repeats it


def deep(n: int, opening: bytes, closing: bytes, inner: bytes = b"") -> bytes:
    """`n` levels of nesting in all, at most DEPTH inside one another."""
    rounds = -(-n // DEPTH)
    depth = n // rounds
    return (opening * depth + inner + closing * depth) * rounds


def single(
    code: bytes, locals: list[tuple[int, bytes]] | None = None, types: list[bytes] | None = None
) -> bytes:
    """A module with one function without parameters."""
    return module(types or [VOID], [0], [body(code, locals)])


def nested_blocks(n: int) -> bytes:
    """Blocks in blocks."""
    return single(deep(n // 2, BLOCK + EMPTY, END))


def nested_blocks_left_from_inside(n: int) -> bytes:
    """Each block has a branch to the outermost one."""
    n //= 4
    depth = min(n, DEPTH)
    code = b"".join(BLOCK + EMPTY + get(0) + BR_IF + unsigned(i) for i in range(depth)) + END * depth
    return single(code * (n // depth), [(1, I32)])


def nested_loops(n: int) -> bytes:
    """Loops in loops, deeper than the weight of a loop can grow."""
    return single(deep(n // 4, LOOP + EMPTY + get(0) + set_(0), END), [(20, I32)])


def nested_blocks_with_values(n: int) -> bytes:
    """Nested blocks, each with an operand beneath it and a result."""
    code = deep(n // 4, get(0) + BLOCK + I32_BLOCK, END + ADD, const(1))
    return single(code + DROP * -(-(n // 4) // DEPTH), [(1, I32)])


def nested_ifs(n: int) -> bytes:
    """Ifs nested in then parts."""
    return single(deep(n // 3, get(0) + IF + EMPTY, END), [(1, I32)])


def if_else_chain(n: int) -> bytes:
    """Ifs nested in else parts."""
    code = deep(n // 5, get(0) + IF + EMPTY + get(0) + set_(0) + ELSE, END)
    return single(code, [(1, I32)])


def pending_reads(n: int) -> bytes:
    """Many reads of a local are pending when it is written."""
    n //= 2
    return single(get(0) * n + const(1) + set_(0) + DROP * n, [(1, I32)])


def pending_reads_of_many(n: int) -> bytes:
    """The same with fifty locals in turn, and writes to others in between."""
    n //= 4
    code = b"".join(get(i % 50) + const(i) + set_((i * 7 + 1) % 50) for i in range(n))
    return single(code + DROP * n, [(50, I32)])


def reads_and_writes_in_turn(n: int) -> bytes:
    """A growing pile of operands: each write of the local follows two more reads of it."""
    n //= 6
    return single((get(0) + get(0) + const(1) + set_(0)) * n + DROP * (2 * n), [(1, I32)])


def blocks_above_operands(n: int) -> bytes:
    """Merges with `n // 4` operands beneath them."""
    n //= 4
    return single(get(0) * n + (BLOCK + EMPTY + END) * n + DROP * n, [(1, I32)])


def operands_and_blocks_in_turn(n: int) -> bytes:
    """Merges, each with one operand more beneath it."""
    n //= 6
    return single((get(0) + BLOCK + EMPTY + get(0) + BR_IF + b"\0" + END) * n + DROP * n, [(1, I32)])


def temporaries_above_operands(n: int) -> bytes:
    """Sums that take every temporary over and over and stay on the operand stack."""
    n //= 4
    return single((get(0) + get(0) + ADD) * n + ADD * (n - 1) + DROP, [(1, I32)])


def br_table_of_one_label(n: int) -> bytes:
    """A long table whose entries all lead to one label."""
    return single(BLOCK + EMPTY + get(0) + BR_TABLE + unsigned(n) + b"\0" * (n + 1) + END, [(1, I32)])


def br_table_of_many_labels(n: int) -> bytes:
    """A long table to forty labels in turn."""
    code = (
        (BLOCK + EMPTY) * 40
        + get(0)
        + BR_TABLE
        + unsigned(n)
        + bytes(i % 40 for i in range(n + 1))
        + END * 40
    )
    return single(code, [(1, I32)])


def br_table_with_a_value(n: int) -> bytes:
    """The same with an operand for the label."""
    table = get(0) + get(0) + BR_TABLE + unsigned(n) + bytes(i % 40 for i in range(n + 1))
    return single((BLOCK + I32_BLOCK) * 40 + table + (END + DROP + const(1)) * 40 + DROP, [(1, I32)])


def br_table_to_loops(n: int) -> bytes:
    """A long table to loops with a parameter, whose slot differs from label to label."""
    table = get(0) + BR_TABLE + unsigned(n) + bytes(i % 40 for i in range(n + 1))
    return single(get(0) + (LOOP + b"\1") * 40 + table + END * 40 + DROP, [(1, I32)], [VOID, INT])


def many_br_tables(n: int) -> bytes:
    """Short tables to labels far out."""
    table = BLOCK + EMPTY + get(0) + BR_TABLE + b"\4" + b"\1\2\3\4\5" + END
    return single((BLOCK + EMPTY) * 60 + table * (n // 8) + END * 60, [(1, I32)])


def locals_of_many_functions(n: int) -> bytes:
    """Functions that each declare 50,000 locals and use none."""
    count = max(n // 500, 1)
    return module([VOID], [0] * count, [body(b"", [(50_000, I64)])] * count)


def many_locals(n: int) -> bytes:
    """One function that uses all of its 50,000 locals over and over."""
    code = b"".join(get(i * 17 % 50_000) + set_(i * 31 % 50_000) for i in range(n // 2))
    return single(code, [(50_000, I32)])


def many_locals_of_many_types(n: int) -> bytes:
    """Functions that declare their locals one by one."""
    declared = [(1, I32), (1, F64)] * 500
    return module([VOID], [0] * (n // 1000), [body(b"", declared)] * (n // 1000))


def tiny_functions(n: int) -> bytes:
    """Functions that do nothing."""
    return module([VOID], [0] * n, [body(b"")] * n)


def tiny_functions_with_calls(n: int) -> bytes:
    """Functions that each call the first one."""
    return module([VOID], [0] * n, [body(CALL + b"\0")] * n)


def tiny_functions_after_a_big_one(n: int) -> bytes:
    """The room that a large function needed must cost the small ones after it nothing."""
    big = body(get(0) * n + DROP * n, [(50_000, I32)])
    return module([VOID], [0] * (n // 4 + 1), [big, *[body(b"")] * (n // 4)])


def blocks_of_a_thousand_results(n: int) -> bytes:
    """Blocks with a thousand results, left by a branch that carries them."""
    code = BLOCK + b"\1" + const(1) * 1000 + BR + b"\0" + END + DROP * 1000
    return single(code * max(n // 2000, 1), None, [VOID, function_type([], THOUSAND)])


def calls_with_a_thousand_parameters(n: int) -> bytes:
    """Calls with far more arguments than the registers carry."""
    types = [VOID, function_type(THOUSAND, [])]
    caller = body((get(0) * 1000 + CALL + b"\1") * max(n // 1000, 1), [(1, I32)])
    return module(types, [0, 1], [caller, body(b"")])


def returned_calls(n: int) -> bytes:
    """Calls whose results are the arguments of the next call."""
    types = [VOID, function_type([I32] * 10, [I32] * 10)]
    caller = body(get(0) * 10 + (CALL + b"\1") * n + DROP * 10, [(1, I32)])
    return module(types, [0, 1], [caller, body(b"".join(get(i) for i in range(10)))])


def dead_code(n: int) -> bytes:
    """Unreachable code with blocks in it."""
    n //= 4
    return single(UNREACHABLE + (BLOCK + I32_BLOCK + const(1) + END) * n + DROP * n)


def dead_blocks(n: int) -> bytes:
    """Blocks that are left at once by a branch."""
    return single((BLOCK + EMPTY + BR + b"\0" + END) * (n // 3))


def nested_dead_blocks(n: int) -> bytes:
    """Nested blocks that cannot be reached."""
    return single(UNREACHABLE + deep(n // 2, BLOCK + EMPTY, END))


def trap_sites(n: int) -> bytes:
    """Divisions, each of which has a cold part."""
    return single((get(0) + get(1) + b"\x6d" + set_(0)) * (n // 4), [(2, I32)])


def jumps_to_one_end(n: int) -> bytes:
    """One label, many branches."""
    return single(BLOCK + EMPTY + (get(0) + BR_IF + b"\0") * (n // 2) + END, [(1, I32)])


def float_constants(n: int) -> bytes:
    """Opcodes whose stencils bring float constants of their own."""
    return single((get(0) + b"\xb3" + b"\xa9" + set_(0)) * (n // 4), [(1, I32)])


BOMBS: list[Callable[[int], bytes]] = [
    value for name, value in list(globals().items())
    if callable(value) and getattr(value, "__module__", "") == __name__ and name not in ("single", "deep")
]  # fmt: skip
