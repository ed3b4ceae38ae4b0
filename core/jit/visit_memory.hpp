// Loads and stores of memory 0.
#pragma once

#include "jit/arch/access.hpp"
#include "jit/arch/arithmetic.hpp"
#include "jit/hot.hpp"

namespace linocut {

// FOLDS_LOAD_OF[opcode]: the type whose load that opcode takes as its memory operand, or 0.
extern const uint8_t* const FOLDS_LOAD;

namespace rare {

// Reads a memarg: `rare_address` is the whole address of its operand.
uint64_t read_address(FunctionCompiler& c, uint64_t natural, uint64_t);

}  // namespace rare

// Reads flags and offset in the plain case. False for others: nothing is read then.
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

template <const Load& F>
HOT void load_from(HotState& s, const Operand& address, Register index, int32_t displacement) {
    if constexpr (kFoldsLoads && F.folds) {
        const bool is_wanted =
            FOLDS_LOAD[*s.pc] == (static_cast<uint32_t>(F.result) & 0xFF) && !is_off(s, Switch::LazyOperands);
        if (is_wanted && can_fold<F>(index)) {
            s.top->displacement = displacement;
            return push_header(s, Operand::header(F.result, Kind::Memory, index));
        }
    }
    constexpr ValueClass result_class = class_of(F.result);
    if (const Target target = find_target(s, F.result); target.exists()) {
        load_value<F>(s, target.reg, index, displacement);
        give_back(s, address);
        return finish_set(s);
    }
    const bool reuses = result_class == ValueClass::Int && address.kind == Kind::Register;
    const Register d = reuses ? address.reg : take<result_class>(s);
    load_value<F>(s, d, index, displacement);
    if (!reuses) give_back(s, address);
    push_temporary(s, F.result, d);
}

HOT Operand pop_address(HotState& s, ValType type) {
    const Operand address = s.top[-1];
    expect(address, type);
    s.top--;
    unlink(s, address);
    return address;
}

// Of a popped address: as an instruction has it, with every check, for every memarg, which is read.
HOT Address read_address(HotState& s, const Operand& address, uint8_t natural) {
    s.c.rare_address.operand = address;
    s.call_rare<rare::read_address>(natural);
    check_end(s);
    return s.c.rare_address;
}

template <const Load& F>
HOT void visit_any_load(HotState& s) {
    const Address from = read_address(s, pop_address(s, s.c.address_type), F.bytes_log2);
    load_from<F>(s, from.operand, from.index, from.displacement);
}

template <const Load& F>
HOT void visit_load(HotState& s) {
    uint32_t offset;
    if (!read_plain_memarg(s, F.bytes_log2, offset)) [[unlikely]] {
        s.next = handler<visit_any_load<F>>;
        return;
    }
    Operand address = pop_address(s, ValType::I32);
    int32_t displacement;
    const Register index = resolve_plain(s, address, offset, displacement);
    load_from<F>(s, address, index, displacement);
}

template <const Store& F>
HOT void store_to(HotState& s, const Operand& value, const Operand& address, Register index,
                  int32_t displacement) {
    store_value<F>(s, value, index, displacement);
    give_back(s, value);
    give_back(s, address);
}

// The value and the address below it.
template <const Store& F>
HOT void pop_stored(HotState& s, Operand& value, Operand& address, ValType address_type) {
    value = s.top[-1];
    address = s.top[-2];
    expect(value, F.operand);
    expect(address, address_type);
    s.top -= 2;
    unlink(s, value);
    unlink(s, address);
    prepare_stored<F>(s, value);
}

template <const Store& F>
HOT void visit_any_store(HotState& s) {
    Operand value, address;
    pop_stored<F>(s, value, address, s.c.address_type);
    const Address to = read_address(s, address, F.bytes_log2);
    store_to<F>(s, value, to.operand, to.index, to.displacement);
}

template <const Store& F>
HOT void visit_store(HotState& s) {
    uint32_t offset;
    if (!read_plain_memarg(s, F.bytes_log2, offset)) [[unlikely]] {
        s.next = handler<visit_any_store<F>>;
        return;
    }
    Operand value, address;
    pop_stored<F>(s, value, address, ValType::I32);
    int32_t displacement;
    const Register index = resolve_plain(s, address, offset, displacement);
    store_to<F>(s, value, address, index, displacement);
}

}  // namespace linocut
