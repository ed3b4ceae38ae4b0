"""Machine code compared with the row's own C body: every opcode, with operands that arrive in every way."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import linocut
import pytest
from arrivals import Case, cases_of, module_of
from operands import CONSTANTS, are_equal, pick
from reference import ROWS, Reference, compile_rows

from linocut_isa import Space

if TYPE_CHECKING:
    from linocut_isa import Opcode

pytest.importorskip("wasmtime")

pytestmark = pytest.mark.usefixtures("both_ways")

CALLS_PER_FUNCTION = 12
# Operations on bits rather than numbers: a NaN's payload and sign matter.
EXACT = {"abs", "neg", "copysign"}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return compile_rows(tmp_path_factory.mktemp("rows"))


# One operand as it is, the other backwards, both in turn, no pattern, one byte many times.
SHUFFLES = [
    bytes(range(16)), bytes(range(31, 15, -1)), bytes(lane for n in range(8) for lane in (n, 16 + n)),
    bytes(7 * n % 32 for n in range(16)), bytes([5] * 16),
]  # fmt: skip


def immediates_of(row: Opcode) -> list[bytes]:
    """The immediates with which the row is tried: the first lane, the last, and others."""
    if Space.LANES in row.spaces:
        return SHUFFLES
    if Space.LANE in row.spaces:
        return [bytes([lane]) for lane in sorted({0, 1, row.lanes // 2, row.lanes - 1})]
    return [b""]


TRIED = [(row, immediate) for row in ROWS for immediate in immediates_of(row)]


@pytest.mark.parametrize(
    ("row", "immediate"), TRIED, ids=[f"{row.name} {immediate.hex()}".strip() for row, immediate in TRIED]
)
def test_every_arrival_gives_what_the_body_gives(row: Opcode, immediate: bytes, reference: Reference) -> None:
    cases = list(cases_of(row, immediate, CONSTANTS))
    exports = linocut.load(module_of(cases)).instantiate().exports
    chooser = random.Random(row.name)
    wrong = []
    for case in cases:
        call = exports[case.name].call_bits
        for _ in range(CALLS_PER_FUNCTION):
            drawn = [pick(chooser, p.type) for p in row.params]
            operands = tuple(d if c is None else c for d, c in zip(drawn, case.constants, strict=True))
            expected = _expected(case, reference, operands)
            try:
                got: int | str = call(*operands)[0]
            except linocut.Trap as trap:
                got = trap.kind
            if got != expected and not _are_alike(row, got, expected):
                wrong.append(f"{case.name} of {[hex(o) for o in operands]}: {got} instead of {expected}")
                break
    assert not wrong, f"{len(wrong)} of {len(cases)} functions, such as\n" + "\n".join(wrong[:8])


def _expected(case: Case, reference: Reference, operands: tuple[int, ...]) -> int | str:
    result = reference.result(case.opcode, case.immediate, operands)
    return int(result != 0) if case.is_test and isinstance(result, int) else result


def _are_alike(row: Opcode, a: int | str, b: int | str) -> bool:
    """Whether the results differ only in the sign and payload of NaNs."""
    shape, _, operation = row.name.partition(".")
    if operation in EXACT or isinstance(a, str) or isinstance(b, str):
        return False
    kind = row.results[0].type
    return are_equal(shape if kind == "v128" and shape != kind else kind, a, b)
