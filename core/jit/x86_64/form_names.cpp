#include "jit/form_names.hpp"

#include "jit/arch/row_forms.hpp"

namespace linocut {

namespace {

// A form whose type no longer says how many operands it has.
struct AnyForm {
    uint64_t head;
    uint8_t prefix, length, modrm, operands;
    bool is_displaced, can_omit;
    uint8_t masks[3];
};

template <unsigned Operands, bool Displaced, bool Vex>
constexpr AnyForm any(const Form<Operands, Displaced, Vex>& form) {
    return {form.head, form.prefix, form.length,   form.modrm,
            Operands,  Displaced,   form.can_omit, {form.masks[0], form.masks[1], form.masks[2]}};
}

struct NamedForm {
    FormName name;
    bool any_condition;  // emitted with its condition changed (emit.hpp)
    AnyForm form;
};

struct NamedStencil {
    const char* name;
    const Fixed* stencil;
    const char* source;
};

#include "form_names.inc"

// What encode.hpp writes without a form.
struct NamedByte {
    uint8_t byte;
    const char* name;
};
constexpr NamedByte kNamedBytes[] = {
    {encode::kJump, "jump"},
    {encode::kCall, "call"},
    {encode::kReturn, "return"},
    {encode::kBreakpoint, "breakpoint"},
};

// An instruction's beginning as forms have it: prefix apart, a REX slot that is zero when there is no REX; VEX in three
// bytes.
struct Head {
    uint8_t prefix = 0;
    uint64_t bits = 0;

    explicit Head(std::span<const uint8_t> bytes) {
        if (bytes.size() > 3 && (bytes[0] == 0xC4 || bytes[0] == 0xC5)) {
            read_vex(bytes);
            return;
        }
        if (!bytes.empty() && (bytes[0] == 0x66 || bytes[0] == 0xF2 || bytes[0] == 0xF3)) {
            prefix = bytes[0];
            bytes = bytes.subspan(1);
        }
        unsigned shift = !bytes.empty() && (bytes[0] & 0xF0) == 0x40 ? 0 : 8;
        for (size_t i = 0; i < bytes.size() && shift < 64; i++, shift += 8)
            bits |= uint64_t{bytes[i]} << shift;
    }

private:
    void read_vex(std::span<const uint8_t> bytes) {
        const bool is_short = bytes[0] == 0xC5;
        if (is_short) bits = 0xC4 | ((bytes[1] & 0x80u) | 0x61u) << 8 | (bytes[1] & 0x7Fu) << 16;
        unsigned shift = is_short ? 24 : 0;
        for (size_t i = is_short ? 2 : 0; i < bytes.size() && shift < 64; i++, shift += 8)
            bits |= uint64_t{bytes[i]} << shift;
    }
};

uint64_t low_bytes(unsigned count) { return count < 8 ? (uint64_t{1} << (8 * count)) - 1 : ~uint64_t{0}; }

// Whether some registers in operands `from`… turn `bits` into `wanted`.
bool registers_explain(const AnyForm& form, unsigned from, uint64_t bits, uint64_t wanted) {
    if (from == form.operands) return bits == wanted;
    for (const uint64_t mask : REGISTER_MASKS[form.masks[from]]) {
        if ((mask & ~wanted) == 0 && registers_explain(form, from + 1, bits | mask, wanted)) return true;
    }
    return false;
}

// The ModRM byte's upper bits as the form has them: 10, a displacement of four bytes.
uint64_t with_long_displacement(const AnyForm& form, uint64_t bits) {
    const unsigned mode_at = 8 * form.modrm + 6;
    const unsigned mode = bits >> mode_at & 3;
    if ((form.head >> mode_at & 3) != 2 || mode == 3 || (mode == 0 && !form.can_omit)) return bits;
    return (bits & ~(uint64_t{3} << mode_at)) | uint64_t{2} << mode_at;
}

bool encodes(const NamedForm& named, const Head& head) {
    const AnyForm& form = named.form;
    if (form.prefix != head.prefix) return false;
    uint64_t wanted = head.bits & low_bytes(form.length), own = form.head;
    if (form.is_displaced) wanted = with_long_displacement(form, wanted);
    if (named.any_condition) {
        const uint64_t condition = uint64_t{0xF} << (8 * (form.length - 2));
        wanted &= ~condition;
        own &= ~condition;
    }
    return (own & ~wanted) == 0 && registers_explain(form, 0, own, wanted);
}

// The bytes of a head's bits: the prefix in front, the REX slot dropped unless `has_rex`.
std::vector<uint8_t> head_bytes(const AnyForm& form, uint64_t bits, bool has_rex) {
    std::vector<uint8_t> bytes;
    if (form.prefix) bytes.push_back(form.prefix);
    for (unsigned i = has_rex ? 0 : 1; i < form.length; i++) bytes.push_back(bits >> (8 * i) & 0xFF);
    return bytes;
}

// By byte of the head: which bits say the operand's register.
std::vector<uint8_t> operand_bits(const AnyForm& form, unsigned operand, bool has_rex) {
    uint64_t field = 0;
    for (const uint64_t mask : REGISTER_MASKS[form.masks[operand]]) field |= mask;
    std::vector<uint8_t> bits = head_bytes(form, field, has_rex);
    if (form.prefix) bits[0] = 0;
    return bits;
}

FormCode code_of(const NamedForm& named) {
    const AnyForm& form = named.form;
    uint64_t bits = form.head;
    for (unsigned i = 0; i < form.operands; i++) bits |= REGISTER_MASKS[form.masks[i]][i + 1];
    const bool has_rex = bits & 0xFF;
    FormCode found{named.name, head_bytes(form, bits, has_rex), {}};
    for (unsigned i = 0; i < form.operands; i++) found.operands.push_back(operand_bits(form, i, has_rex));
    return found;
}

}  // namespace

std::vector<FormName> forms_of(std::span<const uint8_t> instruction) {
    const Head head(instruction);
    std::vector<FormName> exact, loose;
    for (const NamedForm& named : NAMED_FORMS) {
        if (encodes(named, head)) (named.any_condition ? loose : exact).push_back(named.name);
    }
    exact.insert(exact.end(), loose.begin(), loose.end());
    for (const auto& [byte, name] : kNamedBytes) {
        if (!instruction.empty() && instruction[0] == byte) exact.push_back({name, ""});
    }
    if (head.prefix == 0 && (head.bits >> 8 & 0xF0FF) == encode::kJumpIf) exact.push_back({"jump_if", ""});
    return exact;
}

std::vector<FormCode> all_forms() {
    std::vector<FormCode> found;
    for (const NamedForm& named : NAMED_FORMS) found.push_back(code_of(named));
    return found;
}

std::vector<StencilCode> all_stencils() {
    std::vector<StencilCode> found;
    for (const auto& [name, stencil, source] : NAMED_STENCILS) {
        StencilCode code{name,
                         stencil->name,
                         source,
                         {stencil->code, stencil->code_length},
                         {stencil->constants, stencil->constant_length},
                         {}};
        for (const Hole& hole : std::span(stencil->holes, stencil->hole_count))
            code.holes.push_back(
                {hole.kind == HoleKind::Trap ? "trap" : "constant", hole.offset, hole.value});
        found.push_back(std::move(code));
    }
    return found;
}

}  // namespace linocut
