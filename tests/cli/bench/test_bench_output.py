"""What programs print about their time and their result."""

from __future__ import annotations

import pytest
from linocut.bench.programs.output import read
from linocut.engines.process import Finished

COREMARK = """2K performance run parameters for coremark.
CoreMark Size    : 666
Total ticks      : 14005
Total time (secs): 14.005000
Iterations/Sec   : 4000.000000
Iterations       : {iterations}
Compiler version : Clang 22.1.8
Memory location  : STACK
seedcrc          : 0xe9f5
[0]crclist       : 0xe714
[0]crcmatrix     : {matrix}
[0]crcstate      : 0x8e3a
[0]crcfinal      : {final}
Correct operation validated. See README.md for run and reporting rules.
"""


def finished(output: str, errors: str = "", wall: float = 10.0) -> Finished:
    return Finished(output, errors, cpu=2.5, wall=wall)


def coremark(matrix: str = "0x1fd7", iterations: str = "60000", final: str = "0x5275") -> str:
    return COREMARK.format(matrix=matrix, iterations=iterations, final=final)


def test_our_programs_print_three_lines_among_others() -> None:
    text = "answer 55\nkernel_seconds 0.012345678\nkernel_clock monotonic\nchecksum 00ff\n"
    reading = read(finished(text))
    assert (reading.seconds, reading.clock, reading.checksum) == (0.012345678, "monotonic", "00ff")


def test_coremark_is_measured_per_iteration() -> None:
    assert read(finished(coremark())).seconds == pytest.approx(1 / 4000)


def test_coremark_checksum_is_the_same_for_any_number_of_iterations() -> None:
    long, short = coremark(iterations="60000", final="0x5275"), coremark(iterations="3000", final="0xcc42")
    assert read(finished(long)).checksum == read(finished(short)).checksum


def test_coremark_checksum_has_each_part_of_the_work() -> None:
    assert read(finished(coremark(matrix="0x1fd8"))).checksum != read(finished(coremark())).checksum


def test_polybench_time_is_one_number() -> None:
    reading = read(finished("0.123456\n"))
    assert (reading.seconds, reading.checksum) == (0.123456, "")


def test_polybench_dump_is_the_checksum_whatever_stands_around_it() -> None:
    dump = "==BEGIN DUMP_ARRAYS==\nbegin dump: C\n1.00 2.00\nend   dump: C\n==END   DUMP_ARRAYS==\n"
    plain, noisy = read(finished("0.123456\n", dump)), read(finished("0.200000\n", f"warning!\n{dump}"))
    other = read(finished("0.200000\n", dump.replace("2.00", "2.01")))
    assert plain.checksum == noisy.checksum != other.checksum


def test_a_number_that_cannot_be_a_time_is_a_result() -> None:
    reading = read(finished("3.141593\n", wall=0.2))
    assert reading.clock == "whole process"


def test_a_program_that_times_nothing_is_measured_from_outside() -> None:
    one, other = read(finished("hello\n")), read(finished("hullo\n"))
    assert (one.seconds, one.clock) == (2.5, "whole process")
    assert one.checksum != other.checksum
