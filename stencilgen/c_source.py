"""Opcode rows → C: one function per row, its operands in the first temporaries.

The function takes every register of our convention as a preserve_none parameter
and passes it on to its continuation, so that clang must leave alone what we pin.
A temporary that is dead afterwards is passed on uninitialised: clang may use it.
"""

from __future__ import annotations

from linocut_isa import Opcode, Operand
from stencilgen.x86_64 import C_FLOAT_PARAMETERS, C_PARAMETERS, FLOAT_TEMPORARIES, INT_TEMPORARIES

_C_TYPES = {"i32": "u32", "i64": "u64", "f32": "f32", "f64": "f64"}
_PARAMETERS = [f"u64 {name}" for _, name in C_PARAMETERS] + [
    f"f64x2 {name}" for _, name in C_FLOAT_PARAMETERS
]
_SIGNATURE = ", ".join(_PARAMETERS)
CONTINUATION = "stencil_continue"
TRAP_PREFIX = "stencil_trap_"
FUNCTION_PREFIX = "stencil_"

_HEAD = f"""
typedef double f64x2 __attribute__((vector_size(16)));
#define PRESERVE_NONE __attribute__((preserve_none))
#define JUMP __attribute__((musttail)) return
extern PRESERVE_NONE void {CONTINUATION}({_SIGNATURE});
"""


def write_stencils(opcodes: list[Opcode]) -> str:
    """C text with one function per opcode."""
    traps = sorted({trap.number for opcode in opcodes for trap in opcode.trap_if.values()})
    parts = ['#include "stencil.h"', _HEAD]
    parts += [f"extern PRESERVE_NONE void {TRAP_PREFIX}{n}({_SIGNATURE});" for n in traps]
    parts += [_function(opcode) for opcode in opcodes]
    return "\n".join(parts) + "\n"


def homes(operands: tuple[Operand, ...]) -> list[str]:
    """The temporary in which each operand travels: by class, in order."""
    counts = {True: 0, False: 0}
    found = []
    for operand in operands:
        is_float = operand.type in ("f32", "f64")
        found.append((FLOAT_TEMPORARIES if is_float else INT_TEMPORARIES)[counts[is_float]])
        counts[is_float] += 1
    return found


def _function(opcode: Opcode) -> str:
    lines = [f"PRESERVE_NONE void {FUNCTION_PREFIX}{opcode.ident}({_SIGNATURE}) {{"]
    # rbx is pinned by us but scratch in preserve_none: make it live throughout.
    lines += ['register u64 kept __asm__("rbx");', '__asm__ volatile("" : "=r"(kept));']
    lines += [_receive(o, home) for o, home in zip(opcode.params, homes(opcode.params), strict=True)]
    lines += [
        f"if (UNLIKELY({c})) {{ {_jump(f'{TRAP_PREFIX}{t.number}', {})} }}" for c, t in opcode.trap_if.items()
    ]
    lines += [f"{_C_TYPES[r.type]} {r.name};" for r in opcode.results]
    lines += [f"{opcode.body};"]
    results = dict(zip(homes(opcode.results), opcode.results, strict=True))
    lines += ["{", _jump(CONTINUATION, results), "}", "}"]
    return "\n    ".join(lines)


def _receive(operand: Operand, home: str) -> str:
    c_type = _C_TYPES[operand.type]
    if operand.type == "f32":
        return f"f32 {operand.name} = ((union {{ f64x2 v; f32 f; }}){{.v = {home}}}).f;"
    if operand.type == "f64":
        return f"f64 {operand.name} = {home}[0];"
    return f"{c_type} {operand.name} = ({c_type}){home};"


def _jump(target: str, results: dict[str, Operand]) -> str:
    lines = ['__asm__ volatile("" : : "r"(kept));', "u64 dead; f64x2 dead_float;"]
    arguments = []
    for _, name in C_PARAMETERS:
        arguments.append(f"(u64){results[name].name}" if name in results else _pass_on(name, "dead"))
    for _, name in C_FLOAT_PARAMETERS:
        if name in results:
            lines.append(_vector(results[name]))
            arguments.append("result")
        else:
            arguments.append(_pass_on(name, "dead_float"))
    return " ".join([*lines, f"JUMP {target}({', '.join(arguments)});"])


def _pass_on(name: str, dead: str) -> str:
    return dead if name in INT_TEMPORARIES or name in FLOAT_TEMPORARIES else name


def _vector(result: Operand) -> str:
    if result.type == "f32":
        return (
            f"typedef f32 f32x4 __attribute__((vector_size(16))); f32x4 low; low[0] = {result.name}; "
            "f64x2 result = (f64x2)low;"
        )
    return f"f64x2 result; result[0] = {result.name};"
