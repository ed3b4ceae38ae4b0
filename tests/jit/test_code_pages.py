"""The pages that machine code is written to."""

from __future__ import annotations

import resource
from pathlib import Path

import linocut
import pytest
from modules import ADD, I32, body, const, function_type, get, module, set_

HUGE = Path("/sys/kernel/mm/transparent_hugepage/enabled")
FUNCTIONS = 4_000


def faults_of_a_load(wasm: bytes) -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    linocut.load(wasm, threads=1)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.skipif(not HUGE.exists() or "[never]" in HUGE.read_text(), reason="no huge pages here")
def test_a_large_module_loaded_again_finds_huge_pages() -> None:
    """What it left was split into small ones: they must not come back one by one."""
    one = body(b"".join(get(0) + const(n) + ADD + set_(0) for n in range(100)), [(1, I32)])
    wasm = module([function_type([], [])], [0] * FUNCTIONS, [one] * FUNCTIONS)
    pages = len(wasm) // 4096
    assert pages > 400
    assert min(faults_of_a_load(wasm) for _ in range(4)) < pages // 4
