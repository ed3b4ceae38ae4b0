"""Non-atomic loads and stores: every opcode, all sizes of offsets, all places of addresses and values."""

from __future__ import annotations

import struct

import linocut
import pytest

from linocut_isa import supported

pytest.importorskip("wasmtime")

from little_space import run_in_little_space

pytestmark = pytest.mark.usefixtures("both_ways")

SCALARS = {"i32", "i64", "f32", "f64", "$address"}
ROWS = [
    row
    for row in supported()
    if row.is_access
    and row.is_plain
    and not row.is_atomic
    and {o.type for o in row.params + row.results} <= SCALARS
]
PAGE = 65536
# Two pages beyond 2 GiB, so that a large offset can be in bounds; pages that are never used cost nothing.
PAGES = 2**31 // PAGE + 2
END = PAGES * PAGE
FREE = linocut.Limits(memory=None)
PATTERN = bytes(range(0x79, 0x79 + 32))  # signs differ among its bytes
ADDRESSES = {
    "pinned": "(local.get $p)",
    "temporary": "({a}.or (local.get $p) (local.get $zero))",
    "slot": "({a}.or (local.get $p) (local.get $zero)) (block)",
    "memory": "({a}.load (local.get $zero))",
    "local": "(local.get $far)",
}
VALUES = {
    "pinned": "(local.get $v)",
    "temporary": "({t}.{op} (local.get $v) ({t}.const 0))",
    "slot": "({t}.{op} (local.get $v) ({t}.const 0)) (block)",
    "memory": "({t}.load offset=8 (local.get $zero))",
}
OFFSETS = [0, 1, 127, 128, 0x12345, 0x7FFFFFFF, 0x80000000, 0x80000008, 0xFFFFFFF0, 0xFFFFFFFF]
LONG_OFFSETS = [2**32, 2**32 + 64, 2**48, 2**63, 2**64 - 16, 2**64 - 1]
CROWD = " ".join(f"(local $c{n} i64)" for n in range(8))
USES = " ".join(f"(local.set $c{n} (i64.add (local.get $c{n}) (local.get $c{n})))" for n in range(8))


def is_load(name: str) -> bool:
    return ".load" in name


def offsets(address: str) -> list[int]:
    return OFFSETS + LONG_OFFSETS * (address == "i64")


def text_of(row_name: str, a: str) -> str:
    """A module with a function for each way the operands may arrive; addresses have type `a`."""
    row = next(r for r in ROWS if r.name == row_name)
    functions = []
    type = (row.results or row.params[1:])[0].type
    value = f"(param $v {type})" if not is_load(row_name) else ""
    result = f"(result {type})" if is_load(row_name) else ""
    locals_ = f"(local $zero {a}) {CROWD} (local $far {a})"
    setup = f"""{USES} (local.set $far (local.get $p)) ({a}.store ({a}.const 0) (local.get $p))
      {f"({type}.store ({a}.const 8) (local.get $v))" if value else ""}"""
    values = VALUES if value else {"": ""}
    for offset in offsets(a):
        for way, address in ADDRESSES.items():
            address = address.format(a=a)
            for value_way, operand in values.items():
                operand = operand.format(t=type, op="mul" if type.startswith("i") else "add")
                if operand.startswith(f"({type}.mul"):
                    operand = operand.replace("const 0", "const 1")
                functions.append(f"""(func (export "{way} {value_way} {offset}") (param $p {a}) {value} {result} {locals_}
                  {setup} {address} {operand} {row_name} offset={offset})""")
        if is_load(row_name) and type in ("i32", "i64"):
            functions.append(f"""(func (export "folded  {offset}") (param $p {a}) (result {type})
              ({type}.add (i64.const 0) ({row_name} offset={offset} (local.get $p))))""".replace(
                "i64.const 0", f"{type}.const 0"))  # fmt: skip
    return f'(module (memory (export "memory") {a} {PAGES}) {" ".join(functions)})'


def loaded(name: str, content: bytes) -> int:
    """The bits that the load gives for these bytes."""
    wide = 64 if name[1:3] == "64" else 32
    width = name.partition("load")[2]
    if not width:
        return int.from_bytes(content, "little")
    value = int.from_bytes(content, "little", signed=width.endswith("s"))
    return value & ((1 << wide) - 1)


def places(size: int, offset: int, a: str) -> set[int]:
    """Sums of an address and the offset, in bounds and out of them."""
    found = {64, offset + 64, END - size, END - size + 1, END, 2**32 - 1 + offset, 2**31 + 64}
    return found | {offset + 2**63, 2**64 - 1, 2**64, 2**64 + 64, 2**64 - 1 + offset} if a == "i64" else found


def check(row_name: str, a: str) -> None:
    row = next(r for r in ROWS if r.name == row_name)
    size = 1 << row.align
    e = linocut.load(text_of(row_name, a)).instantiate(limits=FREE).exports
    memory, bits = e.memory, int(a[1:])
    for name in e:
        if name == "memory":
            continue
        offset = int(name.rpartition(" ")[2])
        f = e[name].call_bits
        for at in places(size, offset, a):
            address = at - offset
            if not 16 <= address < 2**bits:
                continue
            in_bounds = at + size <= END
            if in_bounds:
                memory.write(at, PATTERN[:size])
            value = int.from_bytes(PATTERN[1 : 1 + 8], "little") & (2**64 - 1)
            arguments = [address] if is_load(row_name) else [address, _fit(row.params[1].type, value)]
            try:
                result = f(*arguments)
            except linocut.Trap as trap:
                assert not in_bounds and trap.kind == "out_of_bounds_memory", (name, hex(address))
                continue
            assert in_bounds, f"{row_name} {name} of {address:#x}: no trap"
            if is_load(row_name):
                assert result == (loaded(row_name, PATTERN[:size]),), (name, hex(address))
            else:
                assert memory.read(at, size) == struct.pack("<Q", arguments[1])[:size], (name, hex(address))


def _fit(type: str, bits: int) -> int:
    return bits & (0xFFFFFFFF if type in ("i32", "f32") else 2**64 - 1)


@pytest.mark.parametrize("address", ["i32", "i64"])
@pytest.mark.parametrize("name", [row.name for row in ROWS])
def test_every_arrival_and_offset(name: str, address: str) -> None:
    check(name, address)


@pytest.mark.parametrize("a", ["i32", "i64"])
def test_constant_addresses(a: str) -> None:
    functions = []
    places = [(0, 0), (16, 1), (127, 1), (0x7FFFFFF0, 0), (0x7FFFFFF0, 16), (0x80000000, 0), (0x40000000, 0x40000000),
              (0xFFFFFFFF, 0), (0xFFFFFFFF, 0xFFFFFFFF), (0x80000000, 0x80000000), (1, 0xFFFFFFFF)]  # fmt: skip
    if a == "i64":
        places += [
            (1, 2**64 - 1),
            (2**63, 2**63),
            (2**64 - 1, 0),
            (0, 2**64 - 1),
            (END - 8, 0),
            (END - 7, 0),
            (0, END),
        ]
    for address, offset in places:
        functions.append(f"""(func (export "{address} {offset}") (result i64)
          (i64.store offset={offset} ({a}.const {address}) (i64.const 0x123456789abcdef0))
          (i32.store8 offset={offset} ({a}.const {address}) (i32.const 0x1ff))
          (i64.load offset={offset} ({a}.const {address})))""")
    e = linocut.load(f"(module (memory {a} {PAGES}) {' '.join(functions)})").instantiate(limits=FREE).exports
    for address, offset in places:
        f = e[f"{address} {offset}"]
        if address + offset + 8 <= END:
            assert f() == 0x123456789ABCDEFF
        else:
            with pytest.raises(linocut.Trap, match="out of bounds memory access"):
                f()


def test_the_same_with_explicit_bounds() -> None:
    # Where address space is scarce, the engine checks every access in code (core/runtime/reservation.cpp).
    script = "import test_accesses as t\nt.PAGES, t.END = 3, 3 * t.PAGE\nfor row in t.ROWS: t.check(row.name, 'i32'), t.check(row.name, 'i64')\n"
    run_in_little_space(script, __file__)
