"""Every form, with every assignment of its registers, is disassembled to what its template says."""

from __future__ import annotations

import itertools
import re
from functools import cache
from pathlib import Path

import pytest

capstone = pytest.importorskip("capstone")
pytest.importorskip("elftools")

from stencilgen.clang import ClangError, find_clang
from stencilgen.targets.x86_64.forms import Encoding, FormError, Template, make_forms
from stencilgen.targets.x86_64.registers import ALLOWED_REGISTERS, REGISTER_NAMES
from stencilgen.targets.x86_64.shapes import BETTER_SHAPES, SHAPES
from stencilgen.targets.x86_64.templates import SUPPORT
from stencilgen.variants import BETTER, StencilSet, make_stencil_set

ABI = Path(__file__).resolve().parents[2] / "abi"
DISPLACEMENTS = {"none": 0, "byte": -0x35, "word": 0x12345678}
IMMEDIATES = {
    "imm8": (1, 0x5A),
    "imm16": (2, 0x5A5B),
    "imm32": (4, 0x5A5B5C5D),
    "imm64": (8, 0x5A5B5C5D5E5F5051),
}


def templates() -> dict[str, Template]:
    found = {t.name: t for t in SUPPORT}
    for shapes, suffix in ((SHAPES, ""), (BETTER_SHAPES, BETTER)):
        for opcode, (_, texts, _) in shapes.items():
            for key, text in texts.items():
                found[f"{opcode.replace('.', '_')}{suffix}_{key}"] = Template(f"{opcode}{suffix}_{key}", text)
    return found


@cache
def stencils() -> StencilSet:
    try:
        find_clang()
    except ClangError as error:
        pytest.skip(str(error))
    return make_stencil_set(str(ABI))


@cache
def forms() -> dict[str, Encoding]:
    made = stencils()
    shaped = [form for variant in (*made.variants, *made.better) for form in variant.forms.values()]
    return {form.name: form for form in (*shaped, *made.support) if isinstance(form, Encoding)}


def encode(form: Encoding, registers: tuple[int, ...], displacement: int | None, immediate: bytes) -> bytes:
    """What core/jit/x86_64/encode.hpp writes, once more in Python."""
    head = form.head
    for mask, register in zip(form.masks, registers, strict=True):
        head |= mask.bits[register]
    tail = b""
    if displacement is not None:
        tail = displacement.to_bytes(4, "little", signed=True)
        if form.can_omit and displacement == 0:
            head &= ~(0x80 << (8 * form.modrm))
            tail = b""
        elif -128 <= displacement < 128:
            head ^= 0xC0 << (8 * form.modrm)
            tail = displacement.to_bytes(1, "little", signed=True)
    out = head.to_bytes(form.length, "little")
    if form.is_vex:
        out = short_vex(out)
    if out[0] == 0:
        out = out[1:]
    return (bytes([form.prefix]) if form.prefix else b"") + out + tail + immediate


def short_vex(out: bytes) -> bytes:
    """A prefix of two bytes where W, X and B are not needed and the map is 0F (Intel's volume 2, §2.3.5)."""
    if out[1] & 0x7F != 0x61 or out[2] & 0x80:
        return out
    return bytes([0xC5, out[1] & 0x80 | out[2] & 0x7F]) + out[3:]


def assignments(template: Template) -> list[tuple[int, ...]]:
    """All assignments; of three registers, only those in which one is the lowest or the highest."""
    kinds = dict(reversed([(n, k) for n, k in re.findall(r"\{(\w+)(?::(\w))?\}", template.text) if k]))
    choices = [
        [r for r in ALLOWED_REGISTERS[kinds[n]] if r != template.without.get(n)] for n in template.operands
    ]
    found = itertools.product(*choices)
    return [registers for registers in found if len(registers) < 3 or {0, 15} & set(registers)]


def expected(template: Template, registers: dict[str, int], displacement: int | None) -> str:
    def fill(match: re.Match[str]) -> str:
        name, kind = match.groups()
        if kind:
            return "%" + REGISTER_NAMES[kind][registers[name]]
        if name == "disp":
            assert displacement is not None
            return str(displacement)
        return f"${IMMEDIATES[name][1]}"

    return normal(re.sub(r"\{(\w+)(?::(\w))?\}", fill, template.text))


def normal(text: str) -> str:
    """The text in one spelling: decimal numbers, no zero displacement, one order where two are possible."""
    mnemonic, _, operands = text.strip().partition(" ")
    operands = operands.replace(" ", "").replace("\t", "")
    operands = re.sub(r"-?0x[0-9a-f]+", lambda m: str(int(m.group(), 16)), operands)
    operands = re.sub(r"(^|[,*])0\(", r"\1(", operands)
    operands = re.sub(r",1\)", ")", operands)
    if mnemonic.startswith(("xchg", "test")):  # the order of the operands makes no difference
        operands = ",".join(sorted(operands.split(",")))
    return f"{mnemonic.replace('movabsq', 'movabs')} {operands}".strip()


@pytest.mark.parametrize("name", sorted(templates()))
def test_every_assignment_reads_as_the_template(name: str) -> None:
    template, form = templates()[name], forms()[name]
    decoder = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    decoder.syntax = capstone.CS_OPT_SYNTAX_ATT
    immediate = b""
    for kind, (size, number) in IMMEDIATES.items():
        if f"{{{kind}}}" in template.text:
            immediate = number.to_bytes(size, "little")
    displacements: list[int | None] = list(DISPLACEMENTS.values()) if template.has_displacement else [None]
    if "%rip" in template.text:
        displacements = [0x12345678]  # always four bytes, which are patched
    for registers in assignments(template):
        named = dict(zip(template.operands, registers, strict=True))
        for displacement in displacements:
            code = encode(form, registers, displacement, immediate)
            found = list(decoder.disasm(code, 0))
            assert len(found) == 1 and found[0].size == len(code), f"{code.hex()} is not one instruction"
            text = normal(f"{found[0].mnemonic} {found[0].op_str}")
            assert text == expected(template, named, displacement), code.hex()


def test_a_register_behind_the_displacement_is_seen():
    """The head alone would look linear, and the byte with the register would be taken for part of it."""
    stencils()  # skips without clang
    template = Template("blend", "vpblendvb {m:x}, {disp}(%r12,{i:q}), {a:x}, {d:x}")
    with pytest.raises(FormError, match="behind its displacement"):
        make_forms([template])
