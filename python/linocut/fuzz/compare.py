"""Whether two engines saw the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linocut.fuzz.harness import ANY_EXCEPTION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linocut.fuzz.harness import Outcome

_NONE: Mapping[str, str] = {}
# One engine's word for another's: call_indirect beyond the table is "undefined element" in the test suite. Of
# an atomic access that is beyond the memory and unaligned, too, engines notice one or the other first.
_ALIKE = {
    "undefined_element": "out_of_bounds_table",
    "unaligned_atomic": "out_of_bounds_memory",
}


def difference(expected: Outcome, got: Outcome, alike: Mapping[str, str] = _NONE) -> str | None:
    """The first thing that differs, in words, or None. `alike`: kinds of traps that stand for others."""
    if expected.exhausted or got.exhausted:
        return None
    traps = {f"trap: {kind}": f"trap: {other}" for kind, other in {**_ALIKE, **alike}.items()}
    for name in [*expected.seen, *(got.seen.keys() - expected.seen.keys())]:
        left, right = expected.seen.get(name, "absent"), got.seen.get(name, "absent")
        if _differ(left, right, traps):
            return f"{name}: {_describe(left, right)}"
    return None


def _differ(left: Any, right: Any, traps: Mapping[str, str]) -> bool:
    if left == right:
        return False
    if ANY_EXCEPTION in (left, right):  # one of the engines does not tell which
        return not (str(left).startswith(ANY_EXCEPTION) and str(right).startswith(ANY_EXCEPTION))
    if isinstance(left, str) and isinstance(right, str):
        return traps.get(left, left) != traps.get(right, right)
    return True


def _describe(left: Any, right: Any) -> str:
    if isinstance(left, bytes) and isinstance(right, bytes):
        if len(left) != len(right):
            return f"expected {len(left)} bytes, got {len(right)}"
        at = next(i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b)
        return f"at {at:#x} expected {left[at : at + 8].hex()}, got {right[at : at + 8].hex()}"
    return f"expected {left!r}, got {right!r}"
