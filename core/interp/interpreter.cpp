#include "interp/interpreter.hpp"

#include "code/type_registry.hpp"
#include "interp/translate_control.hpp"
#include "interp/translate_exceptions.hpp"
#include "interp/translate_other.hpp"
#include "interp/translate_rows.hpp"

namespace linocut::interp {

namespace {

// For opcodes that valid code does not have.
void translate_nothing(Translator&) {}

template <uint8_t Prefix>
void translate_prefixed(Translator& t);

#include "translators.inc"

template <uint8_t Prefix>
void translate_prefixed(Translator& t) {
    NUMBERED_TRANSLATORS[Prefix - kFirstPrefix][t.in.u32()](t);
}

}  // namespace

void translate_opcode(Translator& t) { TRANSLATORS[t.in.u8()](t); }

std::unique_ptr<const InterpretedCode> translate(const Module& module, const ContextLayout& layout,
                                                 std::span<const uint32_t> type_ids, bool is_deterministic) {
    auto code = std::make_unique<InterpretedCode>();
    code->imported_functions = module.imported_functions;
    code->is_deterministic = is_deterministic;
    for (const uint32_t id : type_ids) code->signatures.push_back(&signature_of(id));
    code->functions.resize(module.bodies.size());
    Translator translator(module, layout, *code);
    for (uint32_t i = 0; i < module.bodies.size(); i++) translator.translate(i, code->functions[i]);
    return code;
}

uint32_t offset_of_instruction(const Module& module, const ContextLayout& layout, const InterpretedCode& code,
                               uint32_t defined, uint32_t instruction) {
    std::vector<uint32_t> offsets;
    Translator translator(module, layout, code);
    translator.offsets = &offsets;
    InterpretedFunction again;
    translator.translate(defined, again);
    return offsets[instruction];
}

}  // namespace linocut::interp
