"""No test depends on the speed of the machine: time limits in tests only catch hangs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
LEAST = 30  # seconds
WAITING = {"communicate", "join", "wait", "check_output", "check_call", "create_connection", "HTTPConnection"}
CLOCKS = {"monotonic", "perf_counter", "process_time", "thread_time", "time"}
CLOCKS |= {f"{name}_ns" for name in CLOCKS}


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def is_process(call: ast.Call) -> bool:
    return name_of(call) in WAITING or ast.unparse(call.func) == "subprocess.run"


def number(node: ast.expr) -> float | None:
    """The value of an expression of literals, in seconds; None for other expressions."""
    try:
        value = eval(compile(ast.Expression(node), "", "eval"), {"__builtins__": {}})
    except Exception:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value / 1e9 if value >= 1e9 else value


def short_waits(tree: ast.AST) -> Iterator[int]:
    """The lines that give a process, thread or socket less than LEAST seconds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and is_process(node):
            given = [keyword.value for keyword in node.keywords if keyword.arg == "timeout"]
            given += node.args[:1] if name_of(node) in ("join", "wait") else []
            # Less than a second is a short wait in a loop.
            if any((seconds := number(value)) is not None and 1 <= seconds < LEAST for value in given):
                yield node.lineno


def speed_claims(tree: ast.AST) -> Iterator[int]:
    """The lines that claim that something takes less than LEAST seconds."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            bound = number(right)
            is_short = bound is None or bound < LEAST
            if isinstance(operator, ast.Lt | ast.LtE) and reads_clock(left) and is_short:
                yield node.lineno


def reads_clock(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.BinOp)
        and isinstance(part.op, ast.Sub)
        and isinstance(part.left, ast.Call)
        and name_of(part.left) in CLOCKS
        for part in ast.walk(node)
    )


@pytest.mark.parametrize("search", [short_waits, speed_claims])
def test_no_test_needs_a_fast_machine(search) -> None:
    found = [
        f"{path.relative_to(TESTS)}:{line}"
        for path in sorted(TESTS.rglob("*.py"))
        for line in search(ast.parse(path.read_text()))
    ]
    assert found == []


def test_the_search_finds() -> None:
    claims = "assert time.monotonic() - begin < 2\nassert 1 <= perf_counter() - x <= n\nassert time_ns() - x < 60 * 10**9"
    assert [*speed_claims(ast.parse(claims))] == [1, 2]
    waits = (
        "subprocess.run(x, timeout=5)\np.communicate(timeout=10)\nt.join(10)\n','.join(x)\np.wait(timeout=30)"
    )
    assert [*short_waits(ast.parse(waits))] == [1, 2, 3]
