// What the hot visitors are made of: everything here is inlined into them and keeps the state in registers.
#pragma once

#include <bit>
#include <utility>

#include "base/leb128_word.hpp"
#include "jit/dispatch.hpp"

namespace linocut {

constexpr uint8_t kByteIf = 0x04, kByteBrIf = 0x0D, kByteSelect = 0x1B;
constexpr uint8_t kByteLocalGet = 0x20, kByteLocalSet = 0x21, kByteLocalTee = 0x22, kByteI32Eqz = 0x45;

HOT bool is_off(const HotState& s, Switch which) { return kCanSwitchOff && s.c.is_off(which); }

// ── reading immediates ──
HOT void check_end(const HotState& s) {
    if (s.pc > s.c.last) [[unlikely]]
        refuse();
}

// The rare halves: each has the signature that call_rare() wants (visit_cold.cpp).
namespace rare {

uint64_t read_u32(FunctionCompiler& c, uint64_t, uint64_t);
uint64_t read_signed(FunctionCompiler& c, uint64_t bits, uint64_t);
uint64_t spill_one(FunctionCompiler& c, uint64_t value_class, uint64_t);
uint64_t touch_local(FunctionCompiler& c, uint64_t index, uint64_t is_read);
uint64_t pin_constant(FunctionCompiler& c, uint64_t type, uint64_t bits);
// Notes that the instruction just emitted loads a literal of these bits.
uint64_t note_literal(FunctionCompiler& c, uint64_t bits, uint64_t);
// A constant of 16 bytes to a register.
uint64_t move_wide(FunctionCompiler& c, uint64_t d, uint64_t bytes);

}  // namespace rare

HOT uint32_t read_index(HotState& s) {
    uint32_t index = *s.pc;
    if (index < 0x80) [[likely]] {
        s.pc++;
    } else if (s.pc[1] < 0x80) {
        index = (index & 0x7F) | static_cast<uint32_t>(s.pc[1]) << 7;
        s.pc += 2;
    } else {
        index = static_cast<uint32_t>(s.call_rare<rare::read_u32>());
    }
    check_end(s);
    return index;
}

// A signed integer of one or two bytes. False for longer ones: nothing is read then.
HOT bool read_short_constant(HotState& s, int64_t& value) {
    value = *s.pc;
    if (value < 0x80) [[likely]] {
        value = static_cast<int64_t>(static_cast<uint64_t>(value) << 57) >> 57;
        s.pc++;
    } else if (s.pc[1] < 0x80) {
        value = static_cast<int64_t>((static_cast<uint64_t>(value) & 0x7F) << 50 |
                                     static_cast<uint64_t>(s.pc[1]) << 57) >>
                50;
        s.pc += 2;
    } else {
        return false;
    }
    check_end(s);
    return true;
}

template <unsigned Bits>
HOT int64_t read_long_constant(HotState& s) {
    int64_t value;
    if (!read_leb128_quickly(s.pc, s.c.last, Bits, value)) {
        value = static_cast<int64_t>(s.call_rare<rare::read_signed>(Bits));
        check_end(s);
    }
    return value;
}

// ── registers ──
template <ValueClass Class>
HOT Register take(HotState& s) {
    const RegisterSet free = s.free & temporaries(Class);
    if (free) [[likely]] {
        const auto reg = static_cast<uint64_t>(std::countr_zero(free));
        s.free &= ~(uint64_t{1} << reg);
        return static_cast<Register>(reg);
    }
    return static_cast<Register>(s.call_rare<rare::spill_one>(static_cast<uint64_t>(Class)));
}

// Takes a popped operand off its local's list of pending references: newest first.
HOT void unlink(HotState& s, const Operand& operand) {
    // What lies below the locals' kinds is a barrier, which is never popped.
    if (operand.kind <= Kind::Local) s.c.locals[operand.local].pending = operand.previous;
}

// Gives back the temporary that a popped operand held, if it held one.
HOT void give_back(HotState& s, const Operand& operand) {
    s.free |= uint64_t{1} << (uint64_t{operand.reg} & 63);
}

HOT void push_header(HotState& s, uint64_t header) {
    std::memcpy(static_cast<void*>(s.top), &header, sizeof header);
    s.top++;
}

HOT void push_temporary(HotState& s, ValType type, Register reg) {
    s.c.owners[reg] = s.top;
    push_header(s, Operand::header(type, Kind::Register, reg));
}

HOT void materialise_top(HotState& s);

HOT void push_local(HotState& s, Local& local, uint32_t index) {
    s.top->local = index;
    s.top->previous = local.pending;
    std::memcpy(static_cast<void*>(s.top), &local, 8);
    s.top++;
    local.pending = static_cast<uint32_t>(s.top - s.c.stack);
    if (is_off(s, Switch::LazyOperands)) materialise_top(s);
}

HOT int32_t displacement_of(const HotState& s, const Operand& operand) {
    return operand.kind == Kind::Slot ? operand.displacement : s.c.locals[operand.local].displacement;
}

// ── moves: operands of a type that the opcode knows ──
template <ValType Type>
HOT void move_constant(HotState& s, Register d, uint64_t bits) {
    if constexpr (class_of(Type) == ValueClass::Int) {
        s.out = emit::constant(s.out, Type, d, bits);
    } else if (width_of(Type) == 16) {
        s.call_rare<rare::move_wide>(d, bits);
    } else if (bits == 0) {
        s.out = emit::clear(s.out, ValueClass::Vector, d);
    } else {
        s.out = emit::load_literal(s.out, Type, d);
        s.call_rare<rare::note_literal>(bits);
    }
}

// May change the flags.
template <ValType Type>
HOT void move_to(HotState& s, Register d, const Operand& operand) {
    if (operand.in_register()) {
        if (operand.reg != d) s.out = emit::move(s.out, Type, operand.reg, d);
    } else if (operand.kind == Kind::Constant) {
        move_constant<Type>(s, d, operand.bits);
    } else {
        s.out = emit::load_frame(s.out, Type, d, displacement_of(s, operand));
    }
}

// The type is known only when the module is compiled.
HOT void move_any(HotState& s, ValType type, Register d, const Operand& operand) {
    switch (type) {
    case ValType::I32: return move_to<ValType::I32>(s, d, operand);
    case ValType::F32: return move_to<ValType::F32>(s, d, operand);
    case ValType::F64: return move_to<ValType::F64>(s, d, operand);
    case ValType::V128: return move_to<ValType::V128>(s, d, operand);
    default: return move_to<ValType::I64>(s, d, operand);
    }
}

// Brings the operand into a register.
template <ValType Type>
HOT Register in_register(HotState& s, Operand& operand) {
    if (!operand.in_register()) {
        const Register reg = take<class_of(Type)>(s);
        move_to<Type>(s, reg, operand);
        operand.kind = Kind::Register;
        operand.reg = reg;
    }
    return operand.reg;
}

// With the lazy operand stack off: what was pushed gets a temporary of its own.
HOT void materialise_top(HotState& s) {
    const Operand value = *--s.top;
    unlink(s, value);
    const bool is_vector = class_of(value.type) == ValueClass::Vector;
    const Register d = is_vector ? take<ValueClass::Vector>(s) : take<ValueClass::Int>(s);
    move_any(s, value.type, d, value);
    push_temporary(s, value.type, d);
}

// With immediates off: a constant is loaded before it is used.
template <ValType Type>
HOT void materialise_constant(HotState& s, Operand& operand) {
    if (is_off(s, Switch::Immediates) && operand.kind == Kind::Constant) in_register<Type>(s, operand);
}

// ── results ──
// Where a result goes: into the local that the next opcode sets, or into a temporary.
struct Target {
    Register reg = kNoRegister;
    bool exists() const { return reg != kNoRegister; }
};

// A following local.set or local.tee of a pinned local gives the destination, if nothing else on the stack
// still wants the local's old value. The operands must have been unlinked.
HOT Target find_target(HotState& s, ValType type) {
    if (s.pc[0] != kByteLocalSet && s.pc[0] != kByteLocalTee) return {};
    if (is_off(s, Switch::LazyOperands) || is_off(s, Switch::FreeChoices)) return {};
    const uint32_t index = s.pc[1];
    if (index >= s.c.short_locals || s.pc + 2 > s.c.last) return {};
    Local& local = s.c.locals[index];
    if (local.kind != Kind::Local) {
        if (local.kind != Kind::Barrier) return {};
        s.call_rare<rare::touch_local>(index, false);
        if (local.kind != Kind::Local) return {};
    }
    if (local.type != type || local.pending != 0) return {};
    if (local.reg == kNoRegister) __builtin_unreachable();
    return {local.reg};
}

// The result is in a local's register: the set that named it is done.
HOT void finish_set(HotState& s) {
    const uint32_t index = s.pc[1];
    const bool is_tee = s.pc[0] == kByteLocalTee;
    s.pc += 2;
    if (is_tee) push_local(s, s.c.locals[index], index);
}

// The result is in `target`, and the set that named it is done; or in the temporary `d`.
HOT void finish(HotState& s, ValType type, Target target, Register d) {
    if (!target.exists()) return push_temporary(s, type, d);
    finish_set(s);
}

HOT void expect(const Operand& operand, ValType type) {
    if (operand.type != type) [[unlikely]]
        refuse();
}

}  // namespace linocut
