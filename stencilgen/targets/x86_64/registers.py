"""The registers of x86-64, and what each carries in a stencil's C function."""

from __future__ import annotations

from typing import Final

_GENERAL = "rax rcx rdx rbx rsp rbp rsi rdi".split() + [f"r{n}" for n in range(8, 16)]


def _narrow(name: str, kind: str) -> str:
    if name[1:].isdigit():
        return name + {"k": "d", "b": "b", "w": "w"}[kind]
    if kind == "b":
        return name[1:2] + "l" if name.endswith("x") else name[1:] + "l"
    return {"k": "e", "w": ""}[kind] + name[1:]


REGISTER_NAMES: Final = {
    "q": _GENERAL,
    **{kind: [_narrow(name, kind) for name in _GENERAL] for kind in "kwb"},
    "x": [f"xmm{n}" for n in range(16)],
}
# Never operands: rsp (frame), r12 (memory base), r13 (context).
_OPERANDS: Final = [n for n in range(16) if n not in (4, 12, 13)]
ALLOWED_REGISTERS: Final = {
    "q": _OPERANDS,
    "k": _OPERANDS,
    "w": _OPERANDS,
    "b": _OPERANDS,
    "x": list(range(16)),
}

# By number, as core/jit/x86_64/registers.hpp counts them.
REGISTERS: Final = [*REGISTER_NAMES["q"], *REGISTER_NAMES["x"]]

# preserve_none's parameters in order, and what each carries in our convention (abi/context.h).
C_PARAMETERS: Final = [
    ("r12", "memory"), ("r13", "context"), ("r14", "p0"), ("r15", "p1"), ("rdi", "p2"), ("rsi", "p3"),
    ("rdx", "t2"), ("rcx", "t1"), ("r8", "p4"), ("r9", "p5"), ("r11", "t3"), ("rax", "t0"),
]  # fmt: skip
C_VECTOR_PARAMETERS: Final = [(f"xmm{n}", f"f{n}") for n in range(8)]
INT_TEMPORARIES: Final = ("t0", "t1", "t2", "t3")  # operands a, b, c and a result of a C stencil
VECTOR_TEMPORARIES: Final = ("f0", "f1", "f2", "f3")
# Pinned by us, but scratch to preserve_none; c_source.py keeps it live throughout.
KEPT: Final = "rbx"
MAY_CLOBBER: Final = frozenset({"rax", "rcx", "rdx", "r11", "r10", "xmm0", "xmm1", "xmm2", "xmm3"})
