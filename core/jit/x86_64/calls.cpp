#include "jit/arch/calls.hpp"

#include "jit/arch/row_forms.hpp"
#include "jit/calls.hpp"

namespace linocut {

namespace {

constexpr int32_t kEntry = offsetof(LcFuncRef, entry), kContext = offsetof(LcFuncRef, context),
                  kTypeId = offsetof(LcFuncRef, type_id);

}  // namespace

void load_table_element(FunctionCompiler& c, Register index, Register clamped, uint32_t table,
                        uint32_t module_offset) {
    uint8_t*& out = c.state.out;
    out = emit::load_pointer(out, static_cast<int32_t>(c.layout.table(table)));
    out = encode::at(out, forms::compare_table_size, index, offsetof(LcTable, size));
    trap_if(c, Condition::AboveEqual, TrapKind::UndefinedElement, module_offset);
    if (!c.is_off(Switch::IndexClamp)) {
        out = encode::one(out, forms::borrow_mask, clamped);
        out = encode::two(out, forms::i64_and.rr, index, clamped);
        index = clamped;
    }
    out = emit::load_scratch(out, ValType::I64, kScratch, offsetof(LcTable, elements));
    out = encode::two(out, forms::load_element, index, kScratch);
}

void check_function_type(FunctionCompiler& c, uint32_t type_index, Register spare, uint32_t module_offset) {
    const auto wanted = static_cast<int32_t>(c.layout.type_id(type_index));
    c.state.out = emit::load_context(c.state.out, ValType::I32, spare, wanted);
    c.state.out = encode::at(c.state.out, forms::compare_type_id, spare, kTypeId);
    trap_if(c, Condition::NotEqual, TrapKind::IndirectCallTypeMismatch, module_offset);
}

Site call_in_own_context(FunctionCompiler& c) {
    c.state.out = encode::at(c.state.out, forms::compare_scratch_context, kContext);
    c.state.out = emit::jump_if(c.state.out, Condition::NotEqual);
    const Site other_context = emit::site_before(c.state.out);
    c.state.out = encode::at(c.state.out, forms::call_scratch, kEntry);
    return other_context;
}

}  // namespace linocut
