"""What the generator asks of a processor: each package of stencilgen.targets answers with one of these."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from stencilgen.objfile import Function, ObjectFile
from stencilgen.stencil import Form, Stencil


class FormWriter(Protocol):
    """Forms as C++, for `core/jit/PROCESSOR/form.hpp`."""

    def type(self, form: Form) -> str:
        """The C++ type of a form."""
        ...

    def form(self, form: Form) -> str:
        """A form's initialiser."""
        ...

    def tables(self) -> list[str]:
        """Declarations that the forms written so far refer to."""
        ...


@dataclass(frozen=True)
class Struct:
    """The C++ struct of a shape."""

    name: str
    facts: Mapping[str, str]  # name → C++ type
    forms: Sequence[str]


@dataclass(frozen=True)
class Target:
    """A processor's registers, templates and shapes, and who makes stencils and forms for it."""

    # ── registers ──
    registers: Sequence[str]  # their names, by the numbers that they have in sets of registers
    # For each parameter of a stencil, class Int: the register, and its name in the C function.
    c_parameters: Sequence[tuple[str, str]]
    c_vector_parameters: Sequence[tuple[str, str]]
    int_temporaries: tuple[str, ...]  # names of the parameters in which operands come and results go
    vector_temporaries: tuple[str, ...]
    kept: str  # a register that no parameter names and that a stencil must leave as it is

    # ── stencils ──
    compiler_flags: Sequence[str]
    vocabulary: Path  # a C header: abi/stencil.h, with some words defined in the processor's own way
    faulting: Collection[str]  # opcodes whose instruction faults where the row traps, so needs no check
    # Takes a function, the source that it was compiled from, and the registers of its results.
    make_stencil: Callable[[Function, str, ObjectFile, set[str]], Stencil]

    # ── forms: a template is the target's own matter, made of a form's name and its assembly ──
    template: Callable[[str, str], Any]
    support: Sequence[Any]  # templates that no opcode owns
    make_forms: Callable[[list[Any]], list[Form]]
    form_writer: Callable[[], FormWriter]
    any_condition: Collection[str]  # forms that are emitted with their condition changed

    # ── shapes ──
    # For each opcode: its shape, its forms' assembly, and facts that the shape's visitor wants to know.
    shapes: Mapping[str, tuple[str, Mapping[str, str], Mapping[str, str]]]
    # The same for opcodes that are compiled in another way where the processor has more than the baseline.
    better_shapes: Mapping[str, tuple[str, Mapping[str, str], Mapping[str, str]]]
    shape_structs: Mapping[str, Struct]  # by shape
    folding_form: str  # the form in which an opcode takes a load as its operand; empty if there is none
    vector_folding_form: str  # the same for one that takes a v128
