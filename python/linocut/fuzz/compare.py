"""Whether two engines saw the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linocut.fuzz.harness import ANY_EXCEPTION

if TYPE_CHECKING:
    from linocut.fuzz.harness import Outcome

# One engine's word for another's: call_indirect beyond the table is "undefined element" in the test suite. Of
# an atomic access that is beyond the memory and unaligned, too, engines notice one or the other first.
_ALIKE = {
    "trap: undefined_element": "trap: out_of_bounds_table",
    "trap: unaligned_atomic": "trap: out_of_bounds_memory",
}


def difference(expected: Outcome, got: Outcome) -> str | None:
    """The first thing that differs, in words, or None."""
    if expected.exhausted or got.exhausted:
        return None
    for name in expected.seen.keys() | got.seen.keys():
        left, right = expected.seen.get(name, "absent"), got.seen.get(name, "absent")
        if _differ(left, right):
            break
    else:
        return None
    for name in [*expected.seen, *got.seen]:
        left, right = expected.seen.get(name, "absent"), got.seen.get(name, "absent")
        if _differ(left, right):
            return f"{name}: {_describe(left, right)}"
    return None


def _differ(left: Any, right: Any) -> bool:
    if ANY_EXCEPTION in (left, right):  # one of the engines does not tell which
        return not (str(left).startswith(ANY_EXCEPTION) and str(right).startswith(ANY_EXCEPTION))
    return bool(_canonical(left) != _canonical(right))


def _canonical(value: Any) -> Any:
    return _ALIKE.get(value, value) if isinstance(value, str) else value


def _describe(left: Any, right: Any) -> str:
    if isinstance(left, bytes) and isinstance(right, bytes):
        if len(left) != len(right):
            return f"expected {len(left)} bytes, got {len(right)}"
        at = next(i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b)
        return f"at {at:#x} expected {left[at : at + 8].hex()}, got {right[at : at + 8].hex()}"
    return f"expected {left!r}, got {right!r}"
