"""Atomic accesses (the threads repository)."""

from __future__ import annotations

from typing import Final

from linocut_isa.row import define

_F, _PREFIX = "threads", 0xFE
_WIDTHS: Final = (
    ("i32", 32), ("i64", 64), ("i32", 8), ("i32", 16), ("i64", 8), ("i64", 16), ("i64", 32),
)  # fmt: skip
"""The type of the value and the bits in memory, in the order in which every kind's opcodes are numbered."""


def _define_access(name: str, number: int, signature: str, body: str = "", *, imm: str, bits: int) -> None:
    align = bits.bit_length() - 4
    define(name, (_PREFIX, number), signature, body, imm=imm, align=align, atomic=True, feature=_F)


def _define_accesses(first: int, operation: str, signature: str, body: str, use: str) -> None:
    """One opcode for each of the widths; `{t}` stands for the type, `{u}` for that of the bits in memory."""
    for number, (t, bits) in enumerate(_WIDTHS, first):
        is_whole = t == f"i{bits}"
        prefix, dot, name = operation.rpartition(".")  # i32.atomic.load8_u, but i32.atomic.rmw8.add_u
        width = "" if is_whole else str(bits)
        suffix = "" if is_whole or use == "memarg:write" and not dot else "_u"
        full = f"{t}.atomic.{prefix}{width}{dot}{name}" if dot else f"{t}.atomic.{name}{width}"
        texts = (text.format(t=t, u=f"u{bits}") for text in (signature, body))
        _define_access(full + suffix, number, *texts, imm=use, bits=bits)


_define_access("memory.atomic.notify", 0, "p:$address n:i32 -- r:i32", imm="memarg:write", bits=32)
_define_access("memory.atomic.wait32", 1, "p:$address e:i32 t:i64 -- r:i32", imm="memarg:write", bits=32)
_define_access("memory.atomic.wait64", 2, "p:$address e:i64 t:i64 -- r:i32", imm="memarg:write", bits=64)
define("atomic.fence", (_PREFIX, 3), "--", imm="order", feature=_F)
_define_accesses(0x10, "load", "p:$address -- r:{t}", "r = ATOMIC_LOAD({u}, p)", "memarg:read")
_define_accesses(0x17, "store", "p:$address v:{t} --", "ATOMIC_STORE({u}, p, v)", "memarg:write")
for _number, _operation in enumerate(("add", "sub", "and", "or", "xor", "xchg")):
    _define_accesses(
        0x1E + 7 * _number, f"rmw.{_operation}", "p:$address v:{t} -- r:{t}",
        f"r = ATOMIC_{_operation.upper()}({{u}}, p, v)", "memarg:write",
    )  # fmt: skip
_define_accesses(
    0x48, "rmw.cmpxchg", "p:$address e:{t} v:{t} -- r:{t}", "r = ATOMIC_CMPXCHG({u}, p, e, v)", "memarg:write"
)
