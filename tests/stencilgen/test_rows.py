"""A row that contradicts itself or another row is refused where it is defined."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from linocut_isa import OPCODES, Immediate, Opcode, Space, Trap, by_code, by_name, define
from linocut_isa.row import RowError
from stencilgen.checkers import checker, write_checkers

FREE = 0xF7  # a code that no row has


def refused(
    message: str, name: str, code: int | tuple[int, int], signature: str, body: str = "", **facts: bool
) -> None:
    count = len(OPCODES)
    with pytest.raises(RowError, match=message):
        define(name, code, signature, body, **facts)
    assert len(OPCODES) == count, "a refused row leaves no trace"


def test_a_taken_code() -> None:
    refused("taken by i32.add", "i32.plus", 0x6A, "a:i32 b:i32 -- r:i32", "r = a + b")
    refused("taken by memory.copy", "memory.move", (0xFC, 10), "a:i32 --")


def test_a_taken_name() -> None:
    refused("defined twice", "i32.add", FREE, "a:i32 b:i32 -- r:i32", "r = a + b")


def test_an_unset_result() -> None:
    refused("never sets 'r'", "i32.nothing", FREE, "a:i32 -- r:i32", "a + 1")


def test_a_misspelt_type() -> None:
    refused("i23", "i32.odd", FREE, "a:i23 -- r:i32", "r = a")
    refused("int", "i32.odd", FREE, "a:i32 -- r:int", "r = a")


def test_an_operand_without_a_type() -> None:
    refused("name:type", "i32.odd", FREE, "a -- r:i32", "r = a")


def test_a_body_over_types_that_depend_on_the_stack() -> None:
    refused("plain types only", "odd", FREE, "a:$any -- r:i32", "r = 1")


def test_a_prefix_that_is_none() -> None:
    refused("not a prefix", "odd", (0xF0, 1), "--")


def test_a_commutative_row_of_two_types() -> None:
    refused("commutative", "odd", FREE, "a:i32 b:i64 -- r:i64", "r = a + b", commutative=True)


def test_rows_are_found_by_name_and_code() -> None:
    for row in OPCODES:
        assert by_name(row.name) is row
        assert by_code(*row.code) is row


def test_every_row_that_traps_says_so_in_the_suite_s_words() -> None:
    assert {trap for row in OPCODES for trap in row.trap_if.values()} <= set(Trap)
    assert by_name("i32.div_s").trap_if["b == 0"].value == "integer divide by zero"


def test_accesses_have_a_natural_alignment() -> None:
    for row in OPCODES:
        if row.is_access and row.is_plain:
            type_, _, operation = row.name.partition(".")
            width, lanes = re.fullmatch(
                r"(?:atomic\.)?[a-z]+(\d*)(?:x(\d))?(?:\.[a-z]+)?(?:_[a-z]+)?", operation
            ).groups()
            assert 8 << row.align == int(width or type_[1:]) * int(lanes or 1), row.name


def test_what_opens_a_block_and_what_never_goes_on() -> None:
    opening = {row.name for row in OPCODES if row.opens_block}
    assert opening == {"block", "loop", "if", "try", "try_table"}
    leaving = {row.name for row in OPCODES if row.never_goes_on}
    assert {"br", "br_table", "return", "unreachable", "return_call", "throw", "rethrow"} <= leaving
    assert not leaving & {"br_if", "call", "br_on_null", "drop", *opening}


def test_an_immediate_that_no_validator_reads() -> None:
    row = replace(by_name("drop"), immediates=(Immediate(Space.CAST),))
    with pytest.raises(ValueError, match="drop: nothing says how the immediate cast is checked"):
        write_checkers([row])


@pytest.mark.parametrize(
    "row", [row for row in OPCODES if row.is_plain and row.immediates], ids=lambda row: row.name
)
def test_all_immediates_of_a_row_with_a_body_are_read(row: Opcode) -> None:
    text = write_checkers([row])
    assert checker(row) == f"check_{row.ident}"
    assert text.count("read_") == len(row.immediates)
