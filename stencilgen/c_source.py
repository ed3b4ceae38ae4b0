"""Opcode rows → C: one function per row, its operands in the first temporaries.

The function takes every register of our convention as a preserve_none parameter
and passes it on to its continuation, so that clang must leave alone what we pin.
A temporary that is dead afterwards is passed on uninitialised: clang may use it.
"""

from __future__ import annotations

from linocut_isa import Opcode, Operand
from stencilgen.symbols import CONTINUATION, FUNCTION_PREFIX, TRAP_PREFIX
from stencilgen.targets import TARGET

_C_TYPES = {"i32": "u32", "i64": "u64", "f32": "f32", "f64": "f64", "v128": "v128"}
_TEMPORARIES = (*TARGET.int_temporaries, *TARGET.vector_temporaries)
_SIGNATURE = ", ".join(
    [f"u64 {name}" for _, name in TARGET.c_parameters]
    + [f"f64x2 {name}" for _, name in TARGET.c_vector_parameters]
)


def _arguments(temporaries: dict[str, str]) -> str:
    names = [name for _, name in (*TARGET.c_parameters, *TARGET.c_vector_parameters)]
    return ", ".join(temporaries.get(name, name) for name in names)


_DEAD = dict.fromkeys(TARGET.int_temporaries, "dead") | dict.fromkeys(TARGET.vector_temporaries, "dead_float")
# One register is pinned by us but scratch to preserve_none: BEGIN and the start of LEAVE keep it live.
_HEAD = f"""
#define PRESERVE_NONE __attribute__((preserve_none))
extern PRESERVE_NONE void {CONTINUATION}({_SIGNATURE});
#define STENCIL(name) PRESERVE_NONE void {FUNCTION_PREFIX}##name({_SIGNATURE})
#define BEGIN register u64 kept __asm__("{TARGET.kept}"); __asm__ volatile("" : "=r"(kept))
#define LEAVE __asm__ volatile("" : : "r"(kept)); u64 dead; f64x2 dead_float; __attribute__((musttail)) return
#define TRAP(number) {{ LEAVE {TRAP_PREFIX}##number({_arguments(_DEAD)}); }}
#define CONTINUE({", ".join(_TEMPORARIES)}) {{ LEAVE {CONTINUATION}({_arguments({})}); }}
#define READ_F32(x) (((f32x4)x)[0])
#define READ_F64(x) (x[0])
#define READ_V128(x) ((v128)x)
#define WRITE_F32(x) ({{ f32x4 low; low[0] = x; (f64x2)low; }})
#define WRITE_F64(x) ({{ f64x2 low; low[0] = x; low; }})
#define WRITE_V128(x) ((f64x2)x)
"""


def write_stencils(opcodes: list[Opcode]) -> str:
    """C text with one function per opcode."""
    traps = sorted({trap.number for opcode in opcodes for trap in opcode.trap_if.values()})
    parts = [f'#include "{TARGET.vocabulary}"', _HEAD]
    parts += [f"extern PRESERVE_NONE void {TRAP_PREFIX}{n}({_SIGNATURE});" for n in traps]
    parts += [write_function(opcode) for opcode in opcodes]
    return "\n".join(parts) + "\n"


def homes(operands: tuple[Operand, ...]) -> list[str]:
    """The temporary in which each operand travels: each class has temporaries of its own, taken in order."""
    counts = {True: 0, False: 0}
    found = []
    for operand in operands:
        is_vector = _is_vector(operand)
        found.append((TARGET.vector_temporaries if is_vector else TARGET.int_temporaries)[counts[is_vector]])
        counts[is_vector] += 1
    return found


def _is_vector(operand: Operand) -> bool:
    """Whether the operand's class is Vector (core/wasm/value_class.hpp)."""
    return operand.type in ("f32", "f64", "v128")


def write_function(opcode: Opcode) -> str:
    """The C function of one opcode: STENCIL, TRAP and CONTINUE stand for the convention's many registers."""
    lines = [f"STENCIL({opcode.ident}) {{", "BEGIN;"]
    lines += [_receive(o, home) for o, home in zip(_operands(opcode), homes(opcode.params), strict=True)]
    lines += [
        f"if (UNLIKELY({condition})) TRAP({trap.number}) // {trap.value}"
        for condition, trap in opcode.trap_if.items()
    ]
    lines += [f"{_C_TYPES[r.type]} {r.name};" for r in opcode.results]
    return "\n    ".join([*lines, f"{opcode.body};", _continue(opcode.results)]) + "\n}"


def _operands(opcode: Opcode) -> tuple[Operand, ...]:
    """An access's address arrives as a pointer, which the code in front of the stencil has made of it."""
    if not opcode.is_access:
        return opcode.params
    address, *others = opcode.params
    return (Operand(address.name, "i64"), *others)


def _receive(operand: Operand, home: str) -> str:
    c_type = _C_TYPES[operand.type]
    value = f"READ_{c_type.upper()}({home})" if _is_vector(operand) else f"({c_type}){home}"
    return f"{c_type} {operand.name} = {value};"


def _continue(results: tuple[Operand, ...]) -> str:
    """A temporary without a result is passed on uninitialised."""
    values = dict(_DEAD)
    for result, home in zip(results, homes(results), strict=True):
        is_vector = _is_vector(result)
        values[home] = f"WRITE_{result.type.upper()}({result.name})" if is_vector else f"(u64){result.name}"
    return f"CONTINUE({', '.join(values[name] for name in _TEMPORARIES)})"
