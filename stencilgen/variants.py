"""Which opcode is compiled how: from a shape's assembly templates, or from its C body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from linocut_isa import OPCODES, Opcode
from stencilgen.c_source import homes, write_function, write_stencils
from stencilgen.clang import compile_object
from stencilgen.objfile import ObjectFile
from stencilgen.stencil import Form, Stencil
from stencilgen.symbols import FUNCTION_PREFIX
from stencilgen.targets import TARGET

BETTER, DETERMINISTIC = "_better", "_deterministic"
Shapes = Mapping[str, tuple[str, Mapping[str, str], Mapping[str, str]]]
FIXED = "fixed"  # the shape of a row that is compiled from its C body
ATOMIC = "atomic"  # the same, with the address of an atomic access as a pointer
_REGISTER = {name: register for register, name in (*TARGET.c_parameters, *TARGET.c_vector_parameters)}


@dataclass(frozen=True)
class Variant:
    """An opcode with its shape: the forms by the shape's own names for them, or a stencil.

    `unchecked` is the stencil without the row's traps, where the processor faults in their stead.
    """

    opcode: Opcode
    shape: str
    forms: dict[str, Form]
    facts: dict[str, str]
    stencil: Stencil | None = None
    unchecked: Stencil | None = None
    suffix: str = ""

    @property
    def ident(self) -> str:
        """Its name in C++: the opcode's, with a suffix if it replaces another variant."""
        return self.opcode.ident + self.suffix


@dataclass(frozen=True)
class StencilSet:
    """All that the tables are written from."""

    support: list[Form]
    variants: list[Variant]
    better: list[Variant]  # those that replace some of `variants` where the processor can do more
    deterministic: list[Variant]  # those with the bodies of the deterministic profile


def make_stencil_set(include: str) -> StencilSet:
    """Run clang and build every form and stencil; `include` is the folder of stencil.h."""
    shaped = [opcode for opcode in OPCODES if opcode.name in TARGET.shapes]
    bodied = [opcode for opcode in OPCODES if is_fixed(opcode)]
    better = [opcode for opcode in OPCODES if opcode.name in TARGET.better_shapes]
    templates = [*TARGET.support, *(t for opcode in shaped for t in _templates(opcode, TARGET.shapes))]
    templates += [t for opcode in better for t in _templates(opcode, TARGET.better_shapes, BETTER)]
    made = TARGET.make_forms(templates)
    forms = {form.name: form for form in made}
    variants = [_shaped_variant(opcode, forms, TARGET.shapes) for opcode in shaped]
    variants += _compile_bodies(bodied, include)
    support = [forms[template.name] for template in TARGET.support]
    replacing = [_shaped_variant(opcode, forms, TARGET.better_shapes, BETTER) for opcode in better]
    fixed = _compile_bodies([o for o in map(in_deterministic_profile, OPCODES) if o], include)
    return StencilSet(support, variants, replacing, fixed)


def in_deterministic_profile(opcode: Opcode) -> Opcode | None:
    """The opcode with the body that fixes what its own leaves open, if there is one."""
    if not opcode.deterministic:
        return None
    return replace(opcode, name=f"{opcode.name}{DETERMINISTIC}", body=opcode.deterministic)


def is_fixed(opcode: Opcode) -> bool:
    """Whether the opcode is compiled from its body: whether all that the body works on comes in registers."""
    in_registers = not opcode.immediates or opcode.is_atomic
    return opcode.is_plain and in_registers and opcode.name not in TARGET.shapes


def _templates(opcode: Opcode, shapes: Shapes, suffix: str = "") -> list[Any]:
    _, texts, _ = shapes[opcode.name]
    return [TARGET.template(f"{opcode.ident}{suffix}_{key}", text) for key, text in texts.items()]


def _shaped_variant(opcode: Opcode, forms: dict[str, Form], shapes: Shapes, suffix: str = "") -> Variant:
    shape, texts, facts = shapes[opcode.name]
    ident = f"{opcode.ident}{suffix}"
    return Variant(opcode, shape, {key: forms[f"{ident}_{key}"] for key in texts}, dict(facts), suffix=suffix)


def _compile_bodies(opcodes: list[Opcode], include: str) -> list[Variant]:
    flags = [*TARGET.compiler_flags, "-I", include]
    unchecked = {o.name: _without_traps(o) for o in opcodes if o.name in TARGET.faulting}
    obj = ObjectFile(compile_object(write_stencils([*opcodes, *unchecked.values()]), ".c", flags))
    by_name = {function.name: function for function in obj.functions()}

    def stencil(opcode: Opcode) -> Stencil:
        results = {_REGISTER[home] for home in homes(opcode.results)}
        function = by_name[f"{FUNCTION_PREFIX}{opcode.ident}"]
        return TARGET.make_stencil(function, write_function(opcode), obj, results)

    by_fault = {name: stencil(opcode) for name, opcode in unchecked.items()}
    shapes = {True: ATOMIC, False: FIXED}
    return [Variant(o, shapes[o.is_atomic], {}, {}, stencil(o), by_fault.get(o.name)) for o in opcodes]


def _without_traps(opcode: Opcode) -> Opcode:
    return replace(opcode, name=f"{opcode.name}_unchecked", trap_if={})
