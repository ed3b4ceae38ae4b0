#include "jit/arch/address.hpp"

#include <algorithm>

#include "jit/arch/row_forms.hpp"
#include "jit/calls.hpp"

namespace linocut {

// ── bounds ──
namespace {

// How far an access reaches beyond its index; what no memory can have stays that.
uint64_t reach_of(uint64_t offset, unsigned bytes) {
    constexpr uint64_t kBeyond = uint64_t{1} << 62;
    return std::min(offset, kBeyond) + bytes;
}

bool is_constant(const FunctionCompiler& c, const Operand& address) {
    return address.kind == Kind::Constant && !c.is_off(Switch::Immediates);
}

// Memories never shrink, so that what is there at first is there always.
bool is_there_at_first(const FunctionCompiler& c, const Operand& address, uint64_t reach) {
    constexpr uint64_t kMostPages = uint64_t{1} << 40;
    const MemoryType& memory = c.module.memories[0];
    const uint64_t bytes = std::min(memory.limits.min, kMostPages) << memory.page_shift;
    return is_constant(c, address) && reach <= bytes && address.bits <= bytes - reach;
}

// What lies behind the memory's end is inaccessible for longer than the access reaches.
void check_index(FunctionCompiler& c, Operand& address) {
    const bool is_local = address.is_local();
    const uint32_t local = address.local;
    if (is_local && c.checked_locals.covers(local, c.state.pc)) return;
    const Register index = c.load(address);
    c.state.out =
        encode::at(c.state.out, forms::compare_register_context, index, LC_CONTEXT_OFFSET(memory_bytes));
    trap_if(c, Condition::Above, TrapKind::OutOfBoundsMemory, c.offset_of(c.opcode_at));
    if (is_local) c.checked_locals.add(local, c.state.pc);
}

// Compares the index with what the memory has beyond the reach, if it has that: no sum can wrap.
void check_reach(FunctionCompiler& c, Operand& address, uint64_t reach) {
    const uint32_t module_offset = c.offset_of(c.opcode_at);
    const Register index = c.load(address);
    c.state.out = emit::constant_keeping_flags(c.state.out, kScratch, -reach);
    c.state.out = encode::at(c.state.out, forms::add_context, kScratch, LC_CONTEXT_OFFSET(memory_bytes));
    trap_if(c, Condition::AboveEqual, TrapKind::OutOfBoundsMemory, module_offset);
    c.state.out = encode::two(c.state.out, forms::compare_registers64, kScratch, index);
    trap_if(c, Condition::Above, TrapKind::OutOfBoundsMemory, module_offset);
}

void check_bounds(FunctionCompiler& c, Operand& address, uint64_t offset, unsigned bytes) {
    const uint64_t reach = reach_of(offset, bytes);
    if (is_there_at_first(c, address, reach)) return;
    if (reach <= c.options.guard_bytes) return check_index(c, address);
    check_reach(c, address, reach);
}

}  // namespace

// ── what an instruction has of it ──
namespace {

// Base, index and offset added up in the scratch register.
Address add_up(FunctionCompiler& c, Operand address, uint64_t offset) {
    uint8_t*& out = c.state.out;
    const Register index = c.load(address);
    if (offset > INT32_MAX) {
        out = emit::constant_keeping_flags(out, kScratch, offset);
        out = encode::two(out, forms::i64_add.rr, index, kScratch);
        if (c.is_off(Switch::FoldedAddresses)) out = encode::one(out, forms::memory_address, kScratch);
        return {address, kScratch, 0};
    }
    out = encode::one(out, forms::memory_address, index);
    if (offset)
        out = encode::shortest(out, forms::i64_add.ri8, forms::i64_add.ri32, kScratch,
                               static_cast<int32_t>(offset));
    return {address, kScratch, 0};
}

}  // namespace

Address resolve(FunctionCompiler& c, Operand address, uint64_t offset, unsigned bytes) {
    if (c.checks_bounds) check_bounds(c, address, offset, bytes);
    if (offset > INT32_MAX || c.is_off(Switch::FoldedAddresses)) return add_up(c, address, offset);
    if (is_constant(c, address) && address.bits <= INT32_MAX - offset)
        return {address, kNoRegister, static_cast<int32_t>(address.bits + offset)};
    const Register index = c.load(address);
    return {address, index, static_cast<int32_t>(offset)};
}

Operand add_offset(FunctionCompiler& c, Operand address, uint64_t offset, unsigned bytes) {
    check_bounds(c, address, offset, bytes);
    const bool has_register = address.kind == Kind::Register;
    const Register index = c.load(address);
    const Register d = has_register ? index : c.take(ValueClass::Int);
    c.state.out = emit::constant_keeping_flags(c.state.out, kScratch, offset);
    c.state.out = encode::two(c.state.out, forms::i64_add.rr, index, kScratch);
    c.state.out = encode::two(c.state.out, forms::move64, kScratch, d);
    return {.type = ValType::I64, .kind = Kind::Register, .reg = d, .is_flushed = 0, .bits = 0};
}

}  // namespace linocut
