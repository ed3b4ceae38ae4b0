"""The pages that machine code is written to."""

from __future__ import annotations

import resource
from pathlib import Path

import linocut
import pytest
from modules import ADD, DROP, I32, body, const, function_type, get, module, set_

HUGE = Path("/sys/kernel/mm/transparent_hugepage/enabled")
FUNCTIONS = 4_000


def faults_of_a_load(wasm: bytes) -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    linocut.load(wasm, threads=1)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.compiled
@pytest.mark.skipif(not HUGE.exists() or "[never]" in HUGE.read_text(), reason="no huge pages here")
def test_a_large_module_loaded_again_finds_huge_pages() -> None:
    """When the module goes, its huge pages are split; they must not come back as small ones, one by one."""
    one = body(b"".join(get(0) + const(n) + ADD + set_(0) for n in range(100)), [(1, I32)])
    wasm = module([function_type([], [])], [0] * FUNCTIONS, [one] * FUNCTIONS)
    pages = len(wasm) // 4096
    assert pages > 400
    assert min(faults_of_a_load(wasm) for _ in range(4)) < pages // 4


def small_module(number: int) -> bytes:
    bodies = [
        body(const(number + n) + const(n) + ADD + DROP + get(0) + const(n) + ADD + set_(0), [(1, I32)])
        for n in range(300)
    ]
    return module([function_type([], [])], [0] * 300, bodies)


def test_a_small_module_takes_the_pages_of_one_that_is_gone() -> None:
    for number in range(3):
        linocut.load(small_module(number))
    assert min(faults_of_a_load(small_module(number)) for number in range(4)) < 3


def executable_bytes() -> int:
    """The size of the executable mappings that belong to no file."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    found = [line.split() for line in lines if line.split()[1] == "r-xp" and line.split()[4] == "0"]
    return sum(int(end, 16) - int(start, 16) for start, end in (fields[0].split("-") for fields in found))


@pytest.mark.compiled
def test_what_is_gone_cannot_be_run() -> None:
    """In whatever order modules go, their pages are then writable or unmapped."""
    linocut.load(small_module(0))
    before = executable_bytes()
    kept = [linocut.load(small_module(number)) for number in range(6)]
    assert executable_bytes() > before
    for index in (5, 0, 3, 4, 1, 2):
        kept[index] = linocut.load(small_module(index + 10))
    assert executable_bytes() > before
    kept.clear()
    assert executable_bytes() == before


def test_equal_modules_have_equal_code_wherever_they_are() -> None:
    """Also where another module's code was before."""
    first = linocut.load(small_module(1))
    expected = whole_code(first)
    others = [linocut.load(module([function_type([], [])], [0], [body(const(7) + DROP)])) for _ in range(5)]
    del first
    assert whole_code(linocut.load(small_module(1))) == expected
    del others
    assert whole_code(linocut.load(small_module(1))) == expected


def whole_code(loaded: linocut.Module) -> list[bytes]:
    return [
        bytes(loaded._code.listing(function).bytes) for function in range(*loaded._code.defined_functions())
    ]
