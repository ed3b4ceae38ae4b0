// Loads and stores of memory 0: one instruction each behind guard regions.
#pragma once

#include "jit/hot.hpp"

namespace linocut {

// FOLDS_LOAD_OF[opcode]: the type whose load that opcode takes as its memory operand, or 0.
extern const uint8_t* const FOLDS_LOAD;

namespace rare {

uint64_t read_memarg(FunctionCompiler& c, uint64_t natural, uint64_t);
// Emits the explicit check of an access (CompileOptions::explicit_bounds) by `rare_access` at `rare_operand`.
uint64_t check_bounds(FunctionCompiler& c, uint64_t distance, uint64_t);
// An offset that does not fit a displacement: index + offset in the scratch register.
uint64_t add_large_offset(FunctionCompiler& c, uint64_t index, uint64_t offset);

}  // namespace rare

// Flags and offset that need no more than this. False for others: nothing is read then.
HOT bool read_plain_memarg(HotState& s, uint8_t natural, uint32_t& offset) {
    if (s.pc[0] > natural || !s.c.has_plain_memory) [[unlikely]]
        return false;
    const uint8_t* after = s.pc + 2;
    offset = s.pc[1];
    if (offset >= 0x80) {
        if (s.pc + 5 > s.c.last) return false;
        uint32_t word;
        std::memcpy(&word, s.pc + 1, sizeof word);
        const uint32_t ends = ~word & 0x80808000;
        if (!ends) return false;
        word &= ends ^ (ends - 1);
        offset = (word & 0x7F) | (word >> 1 & 0x3F80) | (word >> 2 & 0x1FC000) | (word >> 3 & 0xFE00000);
        after += static_cast<unsigned>(std::countr_zero(ends)) / 8;
    }
    if (after > s.c.last) [[unlikely]]
        return false;
    s.pc = after;
    return true;
}

// Without folded addresses: base, index and offset added up in the scratch register.
HOT Register add_up(HotState& s, Operand& address, uint32_t offset) {
    const Register index = in_register<ValType::I32>(s, address);
    s.out = emit::one(s.out, forms::memory_address, index);
    if (offset == 0) return SCRATCH;
    const auto& add = forms::i64_add;
    s.out = emit::shortest(s.out, add.ri8, add.ri32, emit::field(add.ri8, 0, SCRATCH),
                           emit::field(add.ri32, 0, SCRATCH), static_cast<int32_t>(offset));
    return SCRATCH;
}

// The popped address operand as an addressing mode: base + index + displacement, or without an index when
// that is NO_REGISTER. The operand is unlinked; its register is still taken.
HOT Register resolve_plain(HotState& s, Operand& address, uint32_t offset, int32_t& displacement) {
    displacement = static_cast<int32_t>(offset);
    materialise_constant<ValType::I32>(s, address);
    if (is_off(s, Switch::FoldedAddresses)) return add_up(s, address, offset);
    if (!address.in_register()) {
        if (address.kind == Kind::Constant && address.bits + offset <= INT32_MAX) {
            displacement = static_cast<int32_t>(address.bits + offset);
            return NO_REGISTER;
        }
        in_register<ValType::I32>(s, address);
    }
    if (address.reg > R15 || address.reg == SCRATCH) __builtin_unreachable();
    return address.reg;
}

// With every check, for every offset.
HOT Register resolve(HotState& s, Operand& address, uint64_t offset, unsigned bytes, int32_t& displacement) {
    if (s.c.options.explicit_bounds) {
        s.c.rare_operand = address;
        s.call_rare<rare::check_bounds>(offset + bytes);
        address = s.c.rare_operand;
    }
    if (offset <= INT32_MAX) return resolve_plain(s, address, static_cast<uint32_t>(offset), displacement);
    displacement = 0;
    s.call_rare<rare::add_large_offset>(in_register<ValType::I32>(s, address), offset);
    if (is_off(s, Switch::FoldedAddresses)) s.out = emit::one(s.out, forms::memory_address, SCRATCH);
    return SCRATCH;
}

template <const Load& F>
HOT void load_from(HotState& s, const Operand& address, Register index, int32_t displacement) {
    if constexpr (F.folds) {
        const bool is_wanted =
            FOLDS_LOAD[*s.pc] == (static_cast<uint32_t>(F.result) & 0xFF) && !is_off(s, Switch::LazyOperands);
        if (is_wanted && index != NO_REGISTER && index != SCRATCH) {
            s.top->displacement = displacement;
            return push_header(s, Operand::header(F.result, Kind::Memory, index));
        }
    }
    constexpr ValueClass result_class = class_of(F.result);
    const auto load_to = [&](Register d) __attribute__((always_inline)) {
        if (is_off(s, Switch::FoldedAddresses)) {
            s.out = emit::one(s.out, F.pointed, d);
            return;
        }
        s.out = index == NO_REGISTER ? emit::at(s.out, F.absolute, d, displacement)
                                     : emit::at(s.out, F.indexed, index, d, displacement);
    };
    if (const Target target = find_target(s, F.result); target.exists()) {
        load_to(target.reg);
        give_back(s, address);
        return finish_set(s);
    }
    const bool reuses = result_class == ValueClass::Int && address.kind == Kind::Register;
    const Register d = reuses ? address.reg : take<result_class>(s);
    load_to(d);
    if (!reuses) give_back(s, address);
    push_temporary(s, F.result, d);
}

template <const Load& F>
HOT void visit_any_load(HotState& s) {
    const uint64_t offset = s.call_rare<rare::read_memarg>(F.bytes_log2);
    check_end(s);
    Operand address = s.top[-1];
    expect(address, ValType::I32);
    s.top--;
    unlink(s, address);
    int32_t displacement;
    const Register index = resolve(s, address, offset, 1u << F.bytes_log2, displacement);
    load_from<F>(s, address, index, displacement);
}

template <const Load& F>
HOT void visit_load(HotState& s) {
    uint32_t offset;
    if (!read_plain_memarg(s, F.bytes_log2, offset)) [[unlikely]] {
        s.next = handler<visit_any_load<F>>;
        return;
    }
    Operand address = s.top[-1];
    expect(address, ValType::I32);
    s.top--;
    unlink(s, address);
    int32_t displacement;
    const Register index = resolve_plain(s, address, offset, displacement);
    load_from<F>(s, address, index, displacement);
}

template <const Store& F>
HOT bool store_immediate(HotState& s, const Operand& value, Register index, int32_t displacement) {
    if constexpr (F.immediate_bytes == 0) {
        return false;
    } else {
        if (value.kind != Kind::Constant) return false;
        if (is_off(s, Switch::FoldedAddresses))
            s.out = emit::head(s.out, F.pointed_imm, F.pointed_imm.head);
        else
            s.out = index == NO_REGISTER ? emit::at(s.out, F.absolute_imm, displacement)
                                         : emit::at(s.out, F.indexed_imm, index, displacement);
        emit::store(s.out, static_cast<uint32_t>(value.bits));
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

template <const Store& F>
HOT void store_register(HotState& s, Register value, Register index, int32_t displacement) {
    if (is_off(s, Switch::FoldedAddresses))
        s.out = emit::one(s.out, F.pointed, value);
    else
        s.out = index == NO_REGISTER ? emit::at(s.out, F.absolute, value, displacement)
                                     : emit::at(s.out, F.indexed, value, index, displacement);
}

template <const Store& F>
HOT void store_to(HotState& s, const Operand& value, const Operand& address, Register index,
                  int32_t displacement) {
    if (!store_immediate<F>(s, value, index, displacement))
        store_register<F>(s, value.reg, index, displacement);
    give_back(s, value);
    give_back(s, address);
}

// The value and the address below it.
template <const Store& F>
HOT void pop_stored(HotState& s, Operand& value, Operand& address) {
    value = s.top[-1];
    address = s.top[-2];
    expect(value, F.operand);
    expect(address, ValType::I32);
    s.top -= 2;
    unlink(s, value);
    unlink(s, address);
    prepare_stored<F>(s, value);
}

template <const Store& F>
HOT void visit_any_store(HotState& s) {
    const uint64_t offset = s.call_rare<rare::read_memarg>(F.bytes_log2);
    check_end(s);
    Operand value, address;
    pop_stored<F>(s, value, address);
    int32_t displacement;
    const Register index = resolve(s, address, offset, 1u << F.bytes_log2, displacement);
    store_to<F>(s, value, address, index, displacement);
}

template <const Store& F>
HOT void visit_store(HotState& s) {
    uint32_t offset;
    if (!read_plain_memarg(s, F.bytes_log2, offset)) [[unlikely]] {
        s.next = handler<visit_any_store<F>>;
        return;
    }
    Operand value, address;
    pop_stored<F>(s, value, address);
    int32_t displacement;
    const Register index = resolve_plain(s, address, offset, displacement);
    store_to<F>(s, value, address, index, displacement);
}

}  // namespace linocut
