// Loads and stores of memory 0: one instruction each behind guard regions.
#pragma once

#include "jit/arch/row_forms.hpp"
#include "jit/hot.hpp"

namespace linocut {

// The popped address operand, of an access that needs no check, as an addressing mode: base + index + displacement, or
// without an index when that is kNoRegister. The operand is unlinked; its register is still taken.
HOT Register resolve_plain(HotState& s, Operand& address, uint32_t offset, int32_t& displacement) {
    displacement = static_cast<int32_t>(offset);
    materialise_constant<ValType::I32>(s, address);
    if (!address.in_register()) {
        if (address.kind == Kind::Constant && address.bits + offset <= INT32_MAX) {
            displacement = static_cast<int32_t>(address.bits + offset);
            return kNoRegister;
        }
        in_register<ValType::I32>(s, address);
    }
    if (address.reg > R15 || address.reg == kScratch) __builtin_unreachable();
    return address.reg;
}

// Whether the opcode that takes the load can have it as its memory operand.
template <const Load& F>
HOT bool can_fold(Register index) {
    return F.folds && index != kNoRegister && index != kScratch;
}

template <const Load& F>
HOT void load_value(HotState& s, Register d, Register index, int32_t displacement) {
    if (is_off(s, Switch::FoldedAddresses)) {
        s.out = encode::one(s.out, F.pointed, d);
        return;
    }
    s.out = index == kNoRegister ? encode::at(s.out, F.absolute, d, displacement)
                                 : encode::at(s.out, F.indexed, index, d, displacement);
}

template <const Store& F>
HOT bool store_immediate(HotState& s, const Operand& value, Register index, int32_t displacement) {
    if constexpr (F.immediate_bytes == 0) {
        return false;
    } else {
        if (value.kind != Kind::Constant) return false;
        if (is_off(s, Switch::FoldedAddresses))
            s.out = encode::head(s.out, F.pointed_imm, F.pointed_imm.head);
        else
            s.out = index == kNoRegister ? encode::at(s.out, F.absolute_imm, displacement)
                                         : encode::at(s.out, F.indexed_imm, index, displacement);
        encode::store(s.out, static_cast<uint32_t>(value.bits));
        s.out += F.immediate_bytes;
        return true;
    }
}

// The value as an immediate or in a register.
template <const Store& F>
HOT void prepare_stored(HotState& s, Operand& value) {
    materialise_constant<F.operand>(s, value);
    if (value.kind == Kind::Constant && F.immediate_bytes != 0) {
        const bool is_wide = F.operand == ValType::I64 && F.bytes_log2 == 3 &&
                             static_cast<int64_t>(value.bits) != static_cast<int32_t>(value.bits);
        if (!is_wide) return;
    }
    in_register<F.operand>(s, value);
}

// Stores a value that has been prepared.
template <const Store& F>
HOT void store_value(HotState& s, const Operand& value, Register index, int32_t displacement) {
    if (store_immediate<F>(s, value, index, displacement)) return;
    if (is_off(s, Switch::FoldedAddresses))
        s.out = encode::one(s.out, F.pointed, value.reg);
    else
        s.out = index == kNoRegister ? encode::at(s.out, F.absolute, value.reg, displacement)
                                     : encode::at(s.out, F.indexed, value.reg, index, displacement);
}

}  // namespace linocut
