"""Assembly templates → forms: find the register bits by diffing clang's own encodings.

A template is AT&T assembly with holes: ``{d:k}`` a register operand (``k`` 32-bit,
``q`` 64-bit, ``b`` byte, ``x`` vector), ``{disp}`` a displacement, ``{imm8}``,
``{imm16}``, ``{imm32}``, ``{imm64}`` an immediate. An instruction whose name begins with
``v`` is one of AVX, and is assembled with the long VEX prefix. Registers are masks over the
head of the instruction: `head | mask[register]` gives the bytes, a register number
only ever sets bits of its own. Every assignment of registers is assembled by clang and
compared with what the masks predict, so that no encoding is believed untested; where there
are three registers, every pair of them is tried.
"""

from __future__ import annotations

import functools
import itertools
import operator
import re
from dataclasses import dataclass, field
from functools import cached_property

from stencilgen.clang import compile_object
from stencilgen.objfile import ObjectFile
from stencilgen.stencil import Form
from stencilgen.targets.x86_64.compiling import ASSEMBLER_FLAGS
from stencilgen.targets.x86_64.registers import ALLOWED_REGISTERS, REGISTER_NAMES

_HOLE = re.compile(r"\{(\w+)(?::(\w))?\}")
_DISPLACEMENT = 0x12345678
_IMMEDIATES = {"imm8": 0x5A, "imm16": 0x5A5B, "imm32": 0x5A5B5C5D, "imm64": 0x5A5B5C5D5E5F5051}
_IMMEDIATE_BYTES = {"imm8": 1, "imm16": 2, "imm32": 4, "imm64": 8}
_LEGACY_PREFIXES = {0x66, 0xF2, 0xF3}
_VEX = 0xC4  # of three bytes: the templates ask for it, so that all encodings are of one length
_BASE_REGISTER = 1  # not 0: the accumulator has encodings of its own


REGISTER_COUNT = 16  # of a class


@dataclass(frozen=True)
class RegisterMask:
    """The bits that a register number sets in a form's head."""

    bits: tuple[int, ...]  # by register number


@dataclass(frozen=True)
class Encoding(Form):
    """Prefix, head (REX slot, opcode, ModRM, SIB), displacement, immediate."""

    prefix: int  # 0x66, 0xF2, 0xF3, or 0
    head: int  # little-endian, REX in the low byte (0 = none)
    length: int  # bytes of the head, the REX slot included
    modrm: int  # index of the ModRM byte in the head
    has_displacement: bool
    can_omit: bool  # a zero displacement may be left out of the encoding
    masks: tuple[RegisterMask, ...]  # one per register operand, in the order of the template
    is_vex: bool = False  # the head begins with a VEX prefix of three bytes, and there is no REX slot


class FormError(Exception):
    """A template does not encode as head + displacement + immediate with linear register fields."""


@dataclass(frozen=True)
class Template:
    """One instruction to be made into a form."""

    name: str
    text: str
    without: dict[str, int] = field(default_factory=dict)  # operand → a register that it never is

    @cached_property
    def operands(self) -> list[str]:
        """The names of the register operands, in order of first appearance."""
        found = (name for name, kind in _HOLE.findall(self.text) if kind)
        return list(dict.fromkeys(found))

    @cached_property
    def has_displacement(self) -> bool:
        """Whether the instruction addresses memory with a displacement."""
        return "{disp}" in self.text

    @cached_property
    def tail(self) -> bytes:
        """What follows the head in every encoding: displacement and immediate, as `assembly` has them."""
        found = [name for name, kind in _HOLE.findall(self.text) if not kind]
        displacement = _DISPLACEMENT.to_bytes(4, "little") if self.has_displacement else b""
        constants = [_IMMEDIATES[n].to_bytes(_IMMEDIATE_BYTES[n], "little") for n in found if n != "disp"]
        return displacement + b"".join(constants)

    def assembly(self, registers: dict[str, int]) -> str:
        """The instruction with those registers and recognisable constants."""

        def fill(match: re.Match[str]) -> str:
            name, kind = match.groups()
            if kind:
                return "%" + REGISTER_NAMES[kind][registers[name]]
            return hex(_DISPLACEMENT) if name == "disp" else f"${_IMMEDIATES[name]:#x}"

        long_prefix = "{vex3} " if self.text.startswith("v") else ""
        return long_prefix + _HOLE.sub(fill, self.text)


def make_forms(templates: list[Template]) -> list[Form]:
    """Assemble every template with every assignment of registers and derive its form."""
    jobs = [(t, a) for t in templates for a in _assignments(t)]
    lines = [t.assembly(a) for t, a in jobs]
    encodings = _assemble(lines)
    forms: list[Form] = []
    position = 0
    for template in templates:
        count = sum(1 for _ in _assignments(template))
        span = slice(position, position + count)
        own = {tuple(a.values()): e for (_, a), e in zip(jobs[span], encodings[span], strict=True)}
        forms.append(_derive(template, own))
        position += count
    return forms


def _assignments(template: Template) -> list[dict[str, int]]:
    kinds = dict(reversed([(n, k) for n, k in _HOLE.findall(template.text) if k]))
    choices = [
        [r for r in ALLOWED_REGISTERS[kinds[n]] if r != template.without.get(n)] for n in template.operands
    ]
    found = list(itertools.product(*choices))
    if len(choices) == 3:
        found = [registers for registers in found if _BASE_REGISTER in registers]
    return [dict(zip(template.operands, registers, strict=True)) for registers in found]


def _assemble(lines: list[str]) -> list[bytes]:
    source = []
    for line in lines:
        source.append(f'1: {line}\n2: .pushsection .lengths,"",@progbits; .byte 2b-1b; .popsection')
    obj = ObjectFile(compile_object(".text\n" + "\n".join(source) + "\n", ".s", ASSEMBLER_FLAGS))
    text, position, encodings = obj.section(".text"), 0, []
    for length in obj.section(".lengths"):
        encodings.append(text[position : position + length])
        position += length
    return encodings


def _split(template: Template, encoding: bytes) -> tuple[int, int, int]:
    """(prefix, head, head length) of an instruction that ends in the template's tail.

    The head has a REX slot, unless a VEX prefix does what REX does.
    """
    if not encoding.endswith(template.tail):
        raise FormError(f"{template.name}: {template.text} has a register behind its displacement")
    body = encoding.removesuffix(template.tail)
    prefix = 0
    if body[0] in _LEGACY_PREFIXES:
        prefix, body = body[0], body[1:]
    if body[0] & 0xF0 != 0x40 and body[0] != _VEX:
        body = b"\0" + body
    return prefix, int.from_bytes(body, "little"), len(body)


def _derive(template: Template, encodings: dict[tuple[int, ...], bytes]) -> Encoding:
    heads = {registers: _split(template, e) for registers, e in encodings.items()}
    base = tuple(_BASE_REGISTER for _ in template.operands)
    prefix, head, length = heads[base]
    if length > 8:
        raise FormError(f"{template.name}: a head of {length} bytes")
    fields = [_fields(base, i, heads) for i in range(len(base))]
    for bits in fields:
        head &= ~functools.reduce(operator.or_, bits)
    masks = tuple(map(RegisterMask, fields))
    form = Encoding(
        template.name, template.text, prefix, head, length, _modrm(template, length),
        template.has_displacement, _can_omit(template), masks, head & 0xFF == _VEX,
    )  # fmt: skip
    _verify(template, form, heads)
    return form


def _fields(
    base: tuple[int, ...], operand: int, heads: dict[tuple[int, ...], tuple[int, int, int]]
) -> tuple[int, ...]:
    """For each register number, the bits that it sets of those that the register decides in the head.

    VEX has some of them inverted: then it is register 0 that sets them.
    """
    _, _, length = heads[base]
    found = {}
    for register in range(REGISTER_COUNT):
        head = heads.get((*base[:operand], register, *base[operand + 1 :]))
        if head and head[2] == length:
            found[register] = head[1]
    found[0] = found[1] ^ found[2] ^ found[3]  # the accumulator may have a shorter encoding of its own
    decided = functools.reduce(operator.or_, (head ^ found[0] for head in found.values()))
    return tuple(found.get(register, 0) & decided for register in range(REGISTER_COUNT))


def _verify(template: Template, form: Encoding, heads: dict[tuple[int, ...], tuple[int, int, int]]) -> None:
    for registers, found in heads.items():
        if 0 in registers and found[2] < form.length:
            continue  # as `op $imm, %eax` and `xchg %eax` have; tests/stencilgen disassembles ours instead
        predicted = form.head
        for mask, register in zip(form.masks, registers, strict=True):
            predicted |= mask.bits[register]
        if found != (form.prefix, predicted, form.length):
            raise FormError(
                f"{template.name}: {template.text} with {registers} is not linear in its registers"
            )


def _modrm(template: Template, length: int) -> int:
    """Where the ModRM byte is: with a displacement its two high bits become 01 or 00."""
    if not template.has_displacement:
        return 0
    has_sib = bool(re.search(r"\{disp\}\((?:%rsp|%r12|[^)]*,)", template.text))
    return length - 1 - has_sib


def _can_omit(template: Template) -> bool:
    """Whether `disp` may be absent when zero: not with r13 or rbp as base (Intel's volume 2, §2.2.1.2)."""
    return bool(re.search(r"\{disp\}\((?:%rsp|%r10|%r12)", template.text))
