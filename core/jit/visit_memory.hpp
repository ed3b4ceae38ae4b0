// Loads and stores of memory 0: one instruction each behind guard regions.
#pragma once

#include "jit/hot.hpp"

namespace linocut {

// FOLDS_LOAD_OF[opcode]: the type whose load that opcode takes as its memory operand, or 0.
extern const uint8_t* const FOLDS_LOAD;

// Where an access goes: base + index + displacement, or base + displacement.
struct Address {
    Register index = NO_REGISTER;
    int32_t displacement = 0;
    bool is_absolute() const { return index == NO_REGISTER; }
};

// The general case: any flags and offset, with every check.
uint64_t read_checked_memarg(FunctionCompiler& c, uint8_t natural);
// Emits the explicit check of an access (CompileOptions::explicit_bounds).
void check_bounds(FunctionCompiler& c, Operand& address, uint64_t offset, unsigned bytes, const uint8_t* opcode_at);
// An offset that does not fit a displacement: index + offset in the scratch register.
void add_large_offset(FunctionCompiler& c, Register index, uint64_t offset);

HOT uint64_t read_memarg(HotState& s, uint8_t natural) {
    const uint32_t alignment = *s.pc;
    uint64_t offset = s.pc[1];
    if (alignment > natural || offset >= 0x80 || s.c.module.memories.empty()) [[unlikely]] {
        s.park();
        offset = read_checked_memarg(s.c, natural);
        s.unpark();
    } else {
        s.pc += 2;
    }
    check_end(s);
    return offset;
}

// The popped address operand as an addressing mode. It is unlinked; its register is still taken.
HOT Address resolve(HotState& s, Operand& address, uint64_t offset, unsigned bytes, const uint8_t* opcode_at) {
    if (s.c.options.explicit_bounds) [[unlikely]] {
        s.park();
        check_bounds(s.c, address, offset, bytes, opcode_at);
        s.unpark();
    }
    if (address.kind == Kind::Constant && address.bits + offset <= INT32_MAX) {
        return {NO_REGISTER, static_cast<int32_t>(address.bits + offset)};
    }
    const Register index = in_register<ValType::I32>(s, address);
    if (offset <= INT32_MAX) [[likely]] return {index, static_cast<int32_t>(offset)};
    s.park();
    add_large_offset(s.c, index, offset);
    s.unpark();
    return {SCRATCH, 0};
}

template <const Load& F>
HOT void visit_load(HotState& s) {
    const uint8_t* opcode_at = s.pc - 1;
    const uint64_t offset = read_memarg(s, F.bytes_log2);
    Operand address = s.top[-1];
    expect(s, address, ValType::I32);
    s.top--;
    unlink(s, address);
    const Address from = resolve(s, address, offset, 1u << F.bytes_log2, opcode_at);
    if constexpr (F.folds) {
        const bool is_wanted = FOLDS_LOAD[*s.pc] == (static_cast<uint32_t>(F.result) & 0xFF);
        if (is_wanted && !from.is_absolute() && from.index != SCRATCH) {
            *s.top = Operand{.type = F.result, .kind = Kind::Memory, .reg = from.index, .is_flushed = 0, .bits = 0};
            s.top->displacement = from.displacement;
            s.top++;
            return;
        }
    }
    constexpr bool to_float = is_float(F.result);
    const Target target = find_target(s, F.result);
    const bool reuses = !to_float && !target.exists() && address.kind == Kind::Register;
    const Register d = target.exists() ? target.reg : reuses ? address.reg : take<to_float>(s);
    s.out = from.is_absolute() ? emit::at(s.out, F.absolute, d, from.displacement)
                               : emit::at(s.out, F.indexed, from.index, d, from.displacement);
    if (!reuses) give_back(s, address);
    finish(s, F.result, target, d);
}

template <const Store& F>
HOT bool store_immediate(HotState& s, const Address& to, const Operand& value) {
    if constexpr (F.immediate_bytes == 0) {
        return false;
    } else {
        if (value.kind != Kind::Constant) return false;
        if (F.operand == ValType::I64 && F.bytes_log2 == 3 &&
            static_cast<int64_t>(value.bits) != static_cast<int32_t>(value.bits)) return false;
        s.out = to.is_absolute() ? emit::at(s.out, F.absolute_imm, to.displacement)
                                 : emit::at(s.out, F.indexed_imm, to.index, to.displacement);
        emit::store(s.out, static_cast<uint32_t>(value.bits));
        s.out += F.immediate_bytes;
        return true;
    }
}

template <const Store& F>
HOT void visit_store(HotState& s) {
    const uint8_t* opcode_at = s.pc - 1;
    const uint64_t offset = read_memarg(s, F.bytes_log2);
    Operand value = s.top[-1], address = s.top[-2];
    expect(s, value, F.operand);
    expect(s, address, ValType::I32);
    s.top -= 2;
    unlink(s, value);
    unlink(s, address);
    if (value.kind != Kind::Constant || F.immediate_bytes == 0) in_register<F.operand>(s, value);
    else if (F.operand == ValType::I64 && F.bytes_log2 == 3 &&
             static_cast<int64_t>(value.bits) != static_cast<int32_t>(value.bits)) in_register<F.operand>(s, value);
    const Address to = resolve(s, address, offset, 1u << F.bytes_log2, opcode_at);
    if (!store_immediate<F>(s, to, value)) {
        s.out = to.is_absolute() ? emit::at(s.out, F.absolute, value.reg, to.displacement)
                                 : emit::at(s.out, F.indexed, value.reg, to.index, to.displacement);
    }
    give_back(s, value);
    give_back(s, address);
}

}  // namespace linocut
