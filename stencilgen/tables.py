"""Write the C++ tables: forms and stencils, opcode facts, handlers, the interpreter's rows, those of constant
expressions, trap codes; and docs/opcodes.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from linocut_isa import FEATURES, OPCODES, Encoding, Feature, Immediate, Opcode, Space, Trap, Use, supported
from linocut_isa.row import PREFIXES
from stencilgen.checkers import CPP_TYPES, checker, write_checkers
from stencilgen.constants import write_constants
from stencilgen.interpreter import translator, write_rows
from stencilgen.stencil import Stencil
from stencilgen.targets import TARGET
from stencilgen.variants import BETTER, DETERMINISTIC, StencilSet, Variant

_SOURCE = "linocut_isa, abi and stencilgen by `python -m stencilgen`"


def write_tables(stencils: StencilSet) -> dict[str, str]:
    """File name → text of every generated header."""
    head = f"// Written from {_SOURCE}; never edited.\n"
    return {
        "immediates.inc": head + _immediates(),
        "opcodes.inc": head + _opcodes(),
        **{name: head + text for name, text in _Stencils(stencils).texts().items()},
        "handlers.inc": head + _handlers(stencils),
        "checkers.inc": head
        + write_checkers(supported())
        + _table("CHECKERS", "Checker", checker, "check_illegal", "check_prefixed"),
        "rows.inc": head + write_rows(supported()),
        "constants.inc": head + write_constants(supported()),
        "translators.inc": head
        + _table("TRANSLATORS", "Translate", translator, "translate_nothing", "translate_prefixed"),
        "traps.inc": head + _traps(),
        "features.inc": head + _features(),
        "form_names.inc": head + _form_names(stencils),
    }


# ── immediates.inc, opcodes.inc ──────────────────────────────────────────────
def _immediates() -> str:
    """The enumerations of linocut_isa/immediate.py."""
    kinds = {
        "Space": [space.cpp for space in Space],
        "Use": [use.value.title() or "None" for use in Use],
        "Encoding": [encoding.value for encoding in Encoding],
    }
    lines = [f"enum class {kind} : uint8_t {{ {', '.join(names)} }};" for kind, names in kinds.items()]
    return "\n".join([*lines, ""])


def _opcodes() -> str:
    rows = sorted(OPCODES, key=lambda opcode: opcode.number)
    lines = ["enum class Opcode : uint32_t {"]
    lines += [f"    {_cpp_ident(o)} = {o.number:#x}," for o in rows]
    lines += ["};", "", "inline constexpr OpcodeFacts OPCODE_FACTS[] = {"]
    lines += [f"    {_facts(o)}," for o in rows]
    return "\n".join([*lines, "};", ""])


def _cpp_ident(opcode: Opcode) -> str:
    return f"op_{opcode.ident}"


def _facts(opcode: Opcode) -> str:
    plain = opcode.is_plain
    params = [_val_type(o.type) for o in opcode.params] if plain else []
    params += ["ValType::None"] * (3 - len(params))
    result = _val_type(opcode.results[0].type) if plain and opcode.results else "ValType::None"
    missing = opcode.missing or FEATURES[0]
    return (
        f'{{Opcode::{_cpp_ident(opcode)}, "{opcode.name}", {len(opcode.immediates)}, '
        f"{{{', '.join(map(_immediate, opcode.immediates))}}}, {_bool(opcode.missing is None)}, "
        f"{_feature(missing)}, {_bool(plain)}, {_bool(opcode.constant)}, "
        f"{len(opcode.params) if plain else 0}, {{{', '.join(params)}}}, {result}, "
        f"{opcode.align}, {opcode.lanes}}}"
    )


def _immediate(immediate: Immediate) -> str:
    use = immediate.use.value.title() or "None"
    return f"{{Space::{immediate.space.cpp}, Use::{use}, Encoding::{immediate.encoding.value}}}"


def _bool(value: bool) -> str:
    return str(value).lower()


def _feature(feature: Feature) -> str:
    return f"Feature::{feature.ident}"


def _val_type(name: str) -> str:
    """The enumerator of a type; an address has none of its own, since its memory decides."""
    return "ValType::None" if name == "$address" else f"ValType::{CPP_TYPES[name]}"


# ── forms.inc, stencils.inc ──────────────────────────────────────────────────
class _Stencils:
    """The forms, the shapes, the fixed stencils."""

    def __init__(self, stencils: StencilSet) -> None:
        self._set = stencils
        self._forms = TARGET.form_writer()

    def texts(self) -> dict[str, str]:
        """File name → text.

        What every row brings has a file of its own, since most of core/ needs only the others, which a change
        of a row seldom touches.
        """
        forms = self._forms
        support = [f"inline constexpr auto {form.name} = {forms.form(form)};" for form in self._set.support]
        rows = [self._variant(v) for v in _all_variants(self._set)]
        shapes = [line for shape in TARGET.shape_structs for line in self._struct(shape)]
        return {
            "forms.inc": "\n".join([*forms.tables(), *_in_forms(support)]),
            "shapes.inc": "\n".join([*shapes, ""]),
            "stencils.inc": "\n".join(_in_forms(rows)),
        }

    def _variant(self, variant: Variant) -> str:
        if variant.stencil:
            return _fixed_variant(variant, variant.stencil)
        struct = TARGET.shape_structs[variant.shape]
        facts = _shape_facts(variant)
        fields = [f".{name} = {facts[name]}" for name in struct.facts if name in facts]
        fields += [f".{n} = {self._forms.form(variant.forms[n])}" for n in struct.forms if n in variant.forms]
        return f"inline constexpr {struct.name} {variant.ident}{{{', '.join(fields)}}};"

    def _struct(self, shape: str) -> list[str]:
        struct = TARGET.shape_structs[shape]
        variants = [v for v in _all_variants(self._set) if v.shape == shape]
        lines = [f"struct {struct.name} {{"]
        lines += [f"    {type_} {fact}{{}};" for fact, type_ in struct.facts.items()]
        for name in struct.forms:
            (type_,) = {self._forms.type(v.forms[name]) for v in variants if name in v.forms}
            lines.append(f"    {type_} {name}{{}};")
        return [*lines, "};"]


def _all_variants(stencils: StencilSet) -> list[Variant]:
    return [*stencils.variants, *stencils.better, *stencils.deterministic]


def _shape_facts(variant: Variant) -> dict[str, str]:
    """All facts about the row that shapes may ask for; the shape's struct says which of them it takes."""
    opcode = variant.opcode
    operand = opcode.params[-1 if opcode.is_access else 0]
    facts = {
        "operand": _val_type(operand.type),
        "value": _val_type(opcode.params[-1].type),
        "bytes_log2": str(opcode.align),
        "commutative": _bool(opcode.commutative),
        "lanes": str(opcode.lanes),
        **variant.facts,
    }
    if opcode.results:
        facts["result"] = _val_type(opcode.results[0].type)
    return facts


def _in_forms(lines: list[str]) -> list[str]:
    return ["namespace forms {", *lines, "}  // namespace forms", ""]


def _fixed_variant(variant: Variant, stencil: Stencil) -> str:
    if variant.unchecked is None:
        return _fixed(variant.opcode, variant.opcode.ident, stencil)
    unchecked = f"{variant.opcode.ident}_unchecked"
    without = _fixed(variant.opcode, unchecked, variant.unchecked)
    more = _division(variant.opcode, unchecked)
    return f"{without}\n{_fixed(variant.opcode, variant.opcode.ident, stencil, more)}"


_DIVISIONS = {"div_s": "Signed", "div_u": "Unsigned", "rem_s": "Remainder", "rem_u": "UnsignedRemainder"}


def _division(opcode: Opcode, unchecked: str) -> str:
    """What core/jit/fixed.hpp knows of a division besides."""
    return f"&{unchecked}, Division::{_DIVISIONS[opcode.name.partition('.')[2]]}"


def _fixed(opcode: Opcode, ident: str, stencil: Stencil, unchecked: str = "nullptr") -> str:
    params = [_val_type(o.type) for o in opcode.params]
    result = _val_type(opcode.results[0].type) if opcode.results else "ValType::None"
    holes = ", ".join(f"{{HoleKind::{h.kind.value}, {h.offset}, {h.value}}}" for h in stencil.holes)
    lines = [f"inline constexpr uint8_t {ident}_code[] = {{{_bytes(stencil.code)}}};"]
    if stencil.constants:
        lines.append(
            f"alignas(16) inline constexpr uint8_t {ident}_constants[] = {{{_bytes(stencil.constants)}}};"
        )
    if holes:
        lines.append(f"inline constexpr Hole {ident}_holes[] = {{{holes}}};")
    lines.append(
        f'inline constexpr Fixed {ident}{{"{opcode.name}", {len(params)}, {{{", ".join(params)}}}, '
        f"{result}, {opcode.align}, {len(stencil.code)}, {len(stencil.holes)}, "
        f"{len(stencil.constants)}, {_register_bits(stencil.clobbers):#x}, {ident}_code, "
        f"{f'{ident}_constants' if stencil.constants else 'nullptr'}, "
        f"{f'{ident}_holes' if holes else 'nullptr'}, {unchecked}}};"
    )
    return "\n".join(lines)


def _bytes(data: bytes) -> str:
    return ", ".join(map(str, data))


def _register_bits(names: Iterable[str]) -> int:
    return sum(1 << TARGET.registers.index(name) for name in names)


# ── form_names.inc ───────────────────────────────────────────────────────────
def _form_names(stencils: StencilSet) -> str:
    """Every form and stencil by name, with what each was made from: for listings of machine code."""
    named = [(form, "", form.name) for form in stencils.support]
    for variant in _all_variants(stencils):
        name = variant.opcode.name
        named += [(form, name, f"{variant.ident}.{key}") for key, form in variant.forms.items()]
    lines = ["constexpr NamedForm NAMED_FORMS[] = {"]
    for form, opcode_name, place in named:
        any_condition = str(form.name in TARGET.any_condition).lower()
        name = f'{{"{form.name}", "{opcode_name}", "{form.text}"}}'
        lines.append(f"    {{{name}, {any_condition}, any(forms::{place})}},")
    lines += ["};", "constexpr NamedStencil NAMED_STENCILS[] = {"]
    compiled = [s for v in _all_variants(stencils) for s in (v.stencil, v.unchecked) if s]
    lines += [f'    {{"{s.name}", &forms::{s.name}, R"({s.source})"}},' for s in compiled]
    return "\n".join([*lines, "};", ""])


# ── handlers.inc, checkers.inc ───────────────────────────────────────────────
def _handlers(stencils: StencilSet) -> str:
    shapes = {v.opcode.name: v.shape for v in stencils.variants}

    def handler(opcode: Opcode) -> str:
        shape = shapes.get(opcode.name)
        visitor = f"visit_{shape}<forms::{opcode.ident}>" if shape else f"visit_{opcode.ident}"
        if opcode.fused:
            visitor = f"visit_better<{visitor}, visit_vector_fused<forms::{opcode.ident}{BETTER}>>"
        if opcode.deterministic:
            visitor = f"visit_chosen<{visitor}, forms::{opcode.ident}{DETERMINISTIC}>"
        return _handler(opcode, visitor)

    foldable = [str(_folds_into(v)) for v in _by_byte(stencils.variants)]
    folds = f"constexpr uint8_t FOLDS_LOAD_OF[256] = {{{', '.join(foldable)}}};\n"
    folds += _vector_folds(stencils.variants)
    better = [
        f"    {{{v.opcode.code[0]:#x}, {_handler(v.opcode, f'visit_{v.shape}<forms::{v.ident}>')}}},"
        for v in stencils.better
        if len(v.opcode.code) == 1
    ]
    replaced = "\n".join(["constexpr BetterHandler BETTER_HANDLERS[] = {", *better, "};", ""])
    handlers = _table("HANDLERS", "Handler", handler, "handler<visit_illegal>", "dispatch_prefixed")
    return handlers + replaced + folds


def _handler(opcode: Opcode, visitor: str) -> str:
    """The visitor, and what kind of NaN its result may be."""
    return f"handler<{visitor}, {_val_type(opcode.nan)}>" if opcode.nan else f"handler<{visitor}>"


def _by_byte(variants: list[Variant]) -> list[Variant | None]:
    by_code = {v.opcode.code: v for v in variants}
    return [by_code.get((byte,)) for byte in range(256)]


def _vector_folds(variants: list[Variant]) -> str:
    """Which opcodes take a v128 from memory as their second operand, by the number behind the prefix."""
    prefix = 0xFD
    takes = {
        v.opcode.code[1]
        for v in variants
        if v.opcode.code[0] == prefix
        and TARGET.vector_folding_form in v.forms
        and v.facts.get("is_swapped") != "true"
    }
    flags = [_bool(number in takes) for number in range(max(takes, default=0) + 1)]
    return f"constexpr bool FOLDS_VECTOR_LOAD_OF[] = {{{', '.join(flags)}}};\n"


def _folds_into(variant: Variant | None) -> int:
    """The type of load (its code's byte) that the opcode takes as a memory operand, or 0."""
    if variant is None or TARGET.folding_form not in variant.forms:
        return 0
    return {"i32": 0x7F, "i64": 0x7E, "f32": 0x7D, "f64": 0x7C}[variant.opcode.params[1].type]


def _table(name: str, type_: str, entry: Callable[[Opcode], str], illegal: str, prefixed: str) -> str:
    """Dispatch tables of what is supported: by the first byte, and by prefix and number."""
    single = {o.code[0]: entry(o) for o in supported() if len(o.code) == 1}
    single |= {prefix: f"{prefixed}<{prefix:#x}>" for prefix in PREFIXES}
    lines = [f"constexpr {type_} {name}[256] = {{"]
    lines += [f"    {single.get(byte, illegal)}," for byte in range(256)]
    lines += ["};"]
    spans = []
    for prefix in PREFIXES:
        numbered = {o.code[1]: entry(o) for o in supported() if len(o.code) == 2 and o.code[0] == prefix}
        if not numbered:
            spans.append("{}")
            continue
        spans.append(f"{name}_{prefix:X}")
        lines += [f"constexpr {type_} {name}_{prefix:X}[] = {{"]
        lines += [f"    {numbered.get(number, illegal)}," for number in range(max(numbered) + 1)]
        lines += ["};"]
    lines += [f"constexpr Numbered<{type_}> NUMBERED_{name} = {{{', '.join(spans)}}};", ""]
    return "\n".join(lines)


# ── features.inc ─────────────────────────────────────────────────────────────
def _features() -> str:
    missing = [feature for feature in FEATURES if not feature.is_supported]
    lines = ["enum class Feature : uint8_t {", *(f"    {f.ident}," for f in FEATURES), "};"]
    lines += ["struct FeatureFacts {", "    const char *name, *title;", "    bool is_supported;", "};"]
    lines += ["inline constexpr FeatureFacts FEATURE_FACTS[] = {"]
    lines += [f'    {{"{f.name}", "{f.title}", {_bool(f.is_supported)}}},' for f in FEATURES]
    lines += ["};", "struct LaterByte {", "    uint8_t byte;", "    Feature feature;", "};"]
    lines += ["inline constexpr LaterByte LATER_TYPES[] = {"]
    lines += [f"    {{{byte:#x}, {_feature(f)}}}," for f in missing for byte in f.types]
    lines += ["};", "inline constexpr LaterByte LATER_FORMS[] = {"]
    lines += [f"    {{{byte:#x}, {_feature(f)}}}," for f in missing for byte in f.forms]
    return "\n".join([*lines, "};", ""])


# ── traps.inc ────────────────────────────────────────────────────────────────
def _traps() -> str:
    lines = ["enum class TrapKind : uint8_t {"]
    lines += ["    " + "".join(word.title() for word in trap.name.split("_")) + "," for trap in Trap]
    lines += ["};", f"inline constexpr unsigned TRAP_KINDS = {len(Trap)};"]
    lines += ["inline constexpr const char* TRAP_NAMES[] = {"]
    lines += [f'    "{trap.name.lower()}",' for trap in Trap]
    lines += ["};", "inline constexpr const char* TRAP_MESSAGES[] = {"]
    lines += [f'    "{trap.value}",' for trap in Trap]
    return "\n".join([*lines, "};", ""])


# ── docs/opcodes.md ──────────────────────────────────────────────────────────
def write_docs(stencils: StencilSet) -> str:
    """docs/opcodes.md: every row and how it is compiled."""
    by_name = {v.opcode.name: v for v in stencils.variants}
    lines = [
        "# Opcodes",
        "",
        f"Written from {_SOURCE} `--docs`; edit the rows instead. A *shape* with its forms is compiled",
        "from assembly templates; *fixed* from the row's C body, with its size in bytes; *control* by a",
        "visitor in `core/jit`.",
        "",
        "| opcode | code | stack | immediate | compiled as | body |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_docs_row(opcode, by_name.get(opcode.name)) for opcode in OPCODES]
    return "\n".join([*lines, ""])


def _docs_row(opcode: Opcode, variant: Variant | None) -> str:
    code = " ".join(f"{part:#04x}" for part in opcode.code)
    immediates = " ".join(str(immediate) for immediate in opcode.immediates)
    body = f"`{opcode.body}`".replace("|", "\\|") if opcode.body else ""
    how = f"later: {opcode.missing.name}" if opcode.missing else _how(variant)
    return f"| `{opcode.name}` | {code} | `{opcode.signature}` | {immediates} | {how} | {body} |"


def _how(variant: Variant | None) -> str:
    if variant is None:
        return "control"
    if variant.stencil:
        return f"{variant.shape}, {len(variant.stencil.code)} B"
    return f"{variant.shape}: {', '.join(variant.forms)}" if variant.forms else variant.shape
