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
// Emits the explicit check of an access (CompileOptions::explicit_bounds) by `rare_operand`.
void check_bounds(FunctionCompiler& c, uint64_t distance);
// An offset that does not fit a displacement: index + offset in the scratch register.
void add_large_offset(FunctionCompiler& c, Register index, uint64_t offset);

namespace rare {

inline uint64_t read_memarg(FunctionCompiler& c, uint64_t natural, uint64_t) {
    return read_checked_memarg(c, static_cast<uint8_t>(natural));
}
inline uint64_t check_bounds(FunctionCompiler& c, uint64_t distance, uint64_t) {
    linocut::check_bounds(c, distance);
    return 0;
}
inline uint64_t add_large_offset(FunctionCompiler& c, uint64_t index, uint64_t offset) {
    linocut::add_large_offset(c, static_cast<Register>(index), offset);
    return 0;
}

}  // namespace rare

HOT uint64_t read_memarg(HotState& s, uint8_t natural) {
    const uint32_t alignment = s.pc[0];
    uint64_t offset = s.pc[1];
    if (alignment > natural || !s.c.has_memory) [[unlikely]] {
        offset = s.call_rare<rare::read_memarg>(natural);
    } else if (offset < 0x80) [[likely]] {
        s.pc += 2;
    } else if (s.pc[2] < 0x80 && s.pc + 3 <= s.c.last) {
        offset = (offset & 0x7F) | static_cast<uint64_t>(s.pc[2]) << 7;
        s.pc += 3;
    } else {
        offset = s.call_rare<rare::read_memarg>(natural);
    }
    check_end(s);
    return offset;
}

// The popped address operand as an addressing mode. It is unlinked; its register is still taken.
HOT Address resolve(HotState& s, Operand& address, uint64_t offset, unsigned bytes) {
    if (s.c.options.explicit_bounds) [[unlikely]] {
        s.c.rare_operand = address;
        s.call_rare<rare::check_bounds>(offset + bytes);
        address = s.c.rare_operand;
    }
    if (address.kind == Kind::Constant && address.bits + offset <= INT32_MAX) {
        return {NO_REGISTER, static_cast<int32_t>(address.bits + offset)};
    }
    const Register index = in_register<ValType::I32>(s, address);
    if (offset <= INT32_MAX) [[likely]]
        return {index, static_cast<int32_t>(offset)};
    s.call_rare<rare::add_large_offset>(index, offset);
    return {SCRATCH, 0};
}

template <const Load& F>
HOT void visit_load(HotState& s) {
    const uint64_t offset = read_memarg(s, F.bytes_log2);
    Operand address = s.top[-1];
    expect(s, address, ValType::I32);
    s.top--;
    unlink(s, address);
    const Address from = resolve(s, address, offset, 1u << F.bytes_log2);
    if constexpr (F.folds) {
        const bool is_wanted = FOLDS_LOAD[*s.pc] == (static_cast<uint32_t>(F.result) & 0xFF);
        if (is_wanted && !from.is_absolute() && from.index != SCRATCH) {
            *s.top = Operand{
                .type = F.result, .kind = Kind::Memory, .reg = from.index, .is_flushed = 0, .bits = 0};
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
            static_cast<int64_t>(value.bits) != static_cast<int32_t>(value.bits))
            return false;
        s.out = to.is_absolute() ? emit::at(s.out, F.absolute_imm, to.displacement)
                                 : emit::at(s.out, F.indexed_imm, to.index, to.displacement);
        emit::store(s.out, static_cast<uint32_t>(value.bits));
        s.out += F.immediate_bytes;
        return true;
    }
}

template <const Store& F>
HOT void visit_store(HotState& s) {
    const uint64_t offset = read_memarg(s, F.bytes_log2);
    Operand value = s.top[-1], address = s.top[-2];
    expect(s, value, F.operand);
    expect(s, address, ValType::I32);
    s.top -= 2;
    unlink(s, value);
    unlink(s, address);
    if (value.kind != Kind::Constant || F.immediate_bytes == 0)
        in_register<F.operand>(s, value);
    else if (F.operand == ValType::I64 && F.bytes_log2 == 3 &&
             static_cast<int64_t>(value.bits) != static_cast<int32_t>(value.bits))
        in_register<F.operand>(s, value);
    const Address to = resolve(s, address, offset, 1u << F.bytes_log2);
    if (!store_immediate<F>(s, to, value)) {
        s.out = to.is_absolute() ? emit::at(s.out, F.absolute, value.reg, to.displacement)
                                 : emit::at(s.out, F.indexed, value.reg, to.index, to.displacement);
    }
    give_back(s, value);
    give_back(s, address);
}

}  // namespace linocut
