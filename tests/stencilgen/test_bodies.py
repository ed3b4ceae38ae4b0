"""Machine code against the row's own C: every opcode, its operands arriving in every way."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import linocut
import pytest
from arrivals import Case, cases_of, module_of
from operands import CONSTANTS, is_nan, pick
from reference import ROWS, Reference, compile_rows

if TYPE_CHECKING:
    from linocut_isa import Opcode

pytest.importorskip("wasmtime")

pytestmark = pytest.mark.usefixtures("both_ways")

CALLS_PER_FUNCTION = 12
# Bits, not numbers: a NaN's payload and sign matter.
EXACT = {"abs", "neg", "copysign"}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return compile_rows(tmp_path_factory.mktemp("rows"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_arrival_gives_what_the_body_gives(row: Opcode, reference: Reference) -> None:
    cases = list(cases_of(row, CONSTANTS))
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
            if got != expected and not _are_both_nan(row, got, expected):
                wrong.append(f"{case.name} of {[hex(o) for o in operands]}: {got} instead of {expected}")
                break
    assert not wrong, f"{len(wrong)} of {len(cases)} functions, such as\n" + "\n".join(wrong[:8])


def _expected(case: Case, reference: Reference, operands: tuple[int, ...]) -> int | str:
    result = reference.result(case.opcode, operands)
    return int(result != 0) if case.is_test and isinstance(result, int) else result


def _are_both_nan(row: Opcode, a: int | str, b: int | str) -> bool:
    kind = row.results[0].type
    if row.name.partition(".")[2] in EXACT or isinstance(a, str) or isinstance(b, str):
        return False
    return is_nan(kind, a) and is_nan(kind, b)
