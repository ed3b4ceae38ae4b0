"""The process's function types: those in use are kept, and are found quickly whatever a module chooses."""

from __future__ import annotations

import gc
import random
import shutil
import subprocess
from pathlib import Path

import linocut
import numpy as np
import pytest
from linocut import _core

ROOT = Path(__file__).parent.parent.parent
VALUES = (0x7F, 0x7E, 0x7D, 0x7C)
IDLE = 256  # types out of use that the registry keeps for the next module


def leb(number: int) -> bytes:
    low = number & 0x7F
    return bytes([low]) if number < 0x80 else bytes([low | 0x80]) + leb(number >> 7)


def module_of(types: list[bytes]) -> bytes:
    """A module with only types, which are given by their parameters."""
    contents = leb(len(types)) + b"".join(b"\x60" + leb(len(t)) + t + b"\0" for t in types)
    return b"\0asm\1\0\0\0\1" + leb(len(contents)) + contents


def count_types() -> tuple[int, int]:
    gc.collect()
    return _core.count_types()


@pytest.mark.parametrize("interpret", [False, True])
def test_types_go_with_the_last_module_that_has_them(interpret: bool) -> None:
    chance = random.Random(1)
    before, _ = count_types()
    for _ in range(5):
        types = [bytes(chance.choices(VALUES, k=20)) for _ in range(3000)]
        module = linocut.load(module_of(types), interpret=interpret)
        other = linocut.load(module_of(types[:1000]), interpret=interpret)
        assert count_types()[0] >= before + 3000 - IDLE
        del module
        assert 1000 <= count_types()[0] <= before + 1000 + IDLE
        del other
        assert count_types()[0] <= before + IDLE


def test_validating_registers_no_types() -> None:
    before, _ = count_types()
    linocut.validate(module_of([bytes([0x7E] * n) for n in range(400, 700)]))
    assert count_types()[0] == before


def test_a_function_keeps_its_type() -> None:
    text = """(module (type $t (func (param i64 f32 i64 f32) (result i64)))
      (func (export "f") (type $t) (local.get 0)) (table (export "t") 1 funcref)
      (func (export "call") (result i64)
        (call_indirect (type $t) (i64.const 5) (f32.const 0) (i64.const 0) (f32.const 0) (i32.const 0))))"""
    exports = linocut.load(text).instantiate().exports
    exports.t[0] = exports.f
    host = linocut.Func(lambda *given: given[0], exports.f.type)
    gc.collect()
    for n in range(3):  # other types come and go, and would take a free id
        linocut.load(module_of([bytes([0x7F] * k) for k in range(50 + 300 * n, 350 + 300 * n)]))
        gc.collect()
        assert exports.call() == exports.f(5, 0, 0, 0) == 5
        exports.t[0] = host
        assert exports.call() == 5
        with pytest.raises(linocut.LinkError):
            linocut.load('(module (import "m" "f" (func (param i32))))').instantiate({"m": {"f": host}})


def test_types_cannot_be_chosen_to_collide() -> None:
    # 2,000 types of 16 parameters that a plain FNV-1a would put into the same one of 4,096 buckets.
    digits = np.arange(2000 * 4096 * 3 // 2, dtype=np.uint64)
    with np.errstate(over="ignore"):
        hashes = np.full(len(digits), 0xCBF29CE484222325, dtype=np.uint64)
        for place in range(16):
            value = np.array(VALUES, dtype=np.uint64)[(digits >> np.uint64(2 * place)) & np.uint64(3)]
            hashes = (hashes ^ value) * np.uint64(0x100000001B3)
        hashes = (hashes ^ np.uint64(16)) * np.uint64(0x100000001B3)
        hashes ^= hashes >> np.uint64(32)
    chosen = digits[hashes % np.uint64(4096) == 7][:2000]
    assert len(chosen) == 2000
    types = [bytes(VALUES[int(d) >> 2 * place & 3] for place in range(16)) for d in chosen]
    module = linocut.load(module_of(types))
    assert count_types()[1] <= 16
    del module


SIP_HASH = r"""
#include "base/sip_hash.hpp"
#include <cstdio>
int main() {
    linocut::SipHash hash({0x0706050403020100, 0x0F0E0D0C0B0A0908});
    for (int words = 0; words < 3; words++) {
        linocut::SipHash copy = hash;
        std::printf("%016lx\n", copy.finish());
        hash.add(0x0706050403020100 + 0x0808080808080808 * words);
    }
    const linocut::SipKey one = linocut::SipKey::random(), other = linocut::SipKey::random();
    std::printf("%d\n", one.low != other.low && one.high != other.high);
}
"""


def sip_hash_1_3(data: bytes) -> int:
    """SipHash-1-3 as its authors define it, with the key 00 01 … 0F."""
    most = (1 << 64) - 1

    def rotated(x: int, by: int) -> int:
        return (x << by | x >> (64 - by)) & most

    def rounds(v: list[int], count: int) -> None:
        for _ in range(count):
            v[0] = v[0] + v[1] & most
            v[1] = rotated(v[1], 13) ^ v[0]
            v[0] = rotated(v[0], 32)
            v[2] = v[2] + v[3] & most
            v[3] = rotated(v[3], 16) ^ v[2]
            v[0] = v[0] + v[3] & most
            v[3] = rotated(v[3], 21) ^ v[0]
            v[2] = v[2] + v[1] & most
            v[1] = rotated(v[1], 17) ^ v[2]
            v[2] = rotated(v[2], 32)

    key = [int.from_bytes(bytes(range(8)), "little"), int.from_bytes(bytes(range(8, 16)), "little")]
    v = [int.from_bytes(b"somepseudorandomlygeneratedbytes"[i : i + 8], "big") for i in range(0, 32, 8)]
    v = [word ^ key[i % 2] for i, word in enumerate(v)]
    padded = data + bytes(-(len(data) + 1) % 8) + bytes([len(data) & 0xFF])
    for i in range(0, len(padded), 8):
        word = int.from_bytes(padded[i : i + 8], "little")
        v[3] ^= word
        rounds(v, 1)
        v[0] ^= word
    v[2] ^= 0xFF
    rounds(v, 3)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def test_the_hash_is_sip_hash_with_a_key_of_its_own(tmp_path: Path) -> None:
    compiler = shutil.which("g++") or pytest.skip("no g++")
    (tmp_path / "hash.cpp").write_text(SIP_HASH)
    command = [compiler, "-std=c++20", f"-I{ROOT / 'core'}", "-o", tmp_path / "hash", tmp_path / "hash.cpp"]
    subprocess.run(command, check=True)
    lines = subprocess.run([tmp_path / "hash"], capture_output=True, text=True, check=True).stdout.split()
    assert [int(line, 16) for line in lines[:3]] == [sip_hash_1_3(bytes(range(8 * n))) for n in range(3)]
    assert lines[3] == "1"
