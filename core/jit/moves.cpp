// Values between registers, slots and constants, with the type known only at this point. Nothing here
// changes the flags: a comparison's result survives it.
#include <bit>
#include <stdexcept>

#include "jit/function_compiler.hpp"

namespace linocut {

namespace {

int32_t displacement_of(const FunctionCompiler& c, const Operand& operand) {
    return operand.kind == Kind::Slot ? operand.displacement : c.locals[operand.local].displacement;
}

}  // namespace

void FunctionCompiler::move_between(Register s, Register d, ValType type) {
    if (s != d) state.out = emit::move(state.out, type, s, d);
}

void FunctionCompiler::move_to_register(Register d, const Operand& operand) {
    if (operand.in_register()) return move_between(operand.reg, d, operand.type);
    if (operand.kind != Kind::Constant) {
        state.out = emit::load_frame(state.out, operand.type, d, displacement_of(*this, operand));
    } else if (class_of(operand.type) == ValueClass::Int) {
        state.out = emit::constant_keeping_flags(state.out, d, operand.bits);
    } else if (width_of(operand.type) == 16) {
        move_wide(d, operand.wide());
    } else if (operand.bits == 0) {
        state.out = emit::clear(state.out, ValueClass::Vector, d);
    } else {
        state.out = emit::load_literal(state.out, operand.type, d);
        literals.push_back({emit::site_before(state.out), operand.bits});
    }
}

void FunctionCompiler::move_wide(Register d, const Wide& value) {
    if (value == Wide{}) {
        state.out = emit::clear(state.out, ValueClass::Vector, d);
    } else if (value == Wide{UINT64_MAX, UINT64_MAX}) {
        state.out = emit::set_all_bits(state.out, d);
    } else {
        state.out = emit::load_literal(state.out, ValType::V128, d);
        wide_literals.push_back({emit::site_before(state.out), value});
    }
}

void FunctionCompiler::store_at_slot(const Operand& operand, int32_t displacement) {
    if (operand.in_register()) {
        state.out = emit::store_frame(state.out, operand.type, operand.reg, displacement);
    } else if (operand.kind == Kind::Constant) {
        store_constant(operand, displacement);
    } else if (const int32_t from = displacement_of(*this, operand); from != displacement) {
        for (int32_t word = 0; word < byte_count(operand.type); word += kWordBytes) {
            state.out = emit::load_frame(state.out, ValType::I64, kScratch, from + word);
            state.out = emit::store_frame(state.out, ValType::I64, kScratch, displacement + word);
        }
    }
}

void FunctionCompiler::store_constant(const Operand& constant, int32_t displacement) {
    const ValType type = width_of(constant.type) == 4 ? constant.type : ValType::I64;
    for (unsigned word = 0; word < words_of(constant.type); word++, displacement += kWordBytes) {
        const uint64_t bits = constant.word(word);
        if (emit::fits_store(type, bits) && !is_off(Switch::Immediates)) {
            state.out = emit::store_frame_constant(state.out, type, bits, displacement);
            continue;
        }
        state.out = emit::constant_keeping_flags(state.out, kScratch, bits);
        state.out = emit::store_frame(state.out, ValType::I64, kScratch, displacement);
    }
}

// ── the operand stack ──
void FunctionCompiler::release(const Operand& operand) {
    if (operand.kind == Kind::Register || operand.kind == Kind::Memory) {
        state.free |= bit(operand.reg) & kTemporaries;
    }
}

Operand FunctionCompiler::pop_any() {
    const Operand operand = *--state.top;
    if (operand.is_local()) locals[operand.local].pending = operand.previous;
    return operand;
}

Operand FunctionCompiler::pop(ValType type) {
    if (state.top[-1].type != type) refuse();
    return pop_any();
}

void FunctionCompiler::discard() { release(pop_any()); }

void FunctionCompiler::push_register(ValType type, Register reg) {
    owners[reg] = state.top;
    state.free &= ~bit(reg);
    *state.top++ = Operand{.type = type, .kind = Kind::Register, .reg = reg, .is_flushed = 0, .bits = 0};
}

void FunctionCompiler::push_constant(ValType type, uint64_t bits) {
    *state.top++ =
        Operand{.type = type, .kind = Kind::Constant, .reg = kNoTemporary, .is_flushed = 0, .bits = bits};
}

Register FunctionCompiler::load(Operand& operand) {
    if (operand.in_register()) return operand.reg;
    const Register reg = take(class_of(operand.type));
    move_to_register(reg, operand);
    operand.kind = Kind::Register;
    operand.reg = reg;
    return reg;
}

// ── spilling ──
void FunctionCompiler::move_to_slot(Operand* operand) {
    const int32_t displacement = slot_of(operand, operand->type);
    store_at_slot(*operand, displacement);
    release(*operand);
    operand->kind = Kind::Slot;
    operand->reg = kNoTemporary;
    operand->displacement = displacement;
}

void FunctionCompiler::spill(Operand* operand) { move_to_slot(operand); }

Register FunctionCompiler::take(ValueClass value_class) {
    const RegisterSet free = state.free & temporaries(value_class);
    const Register reg = free ? static_cast<Register>(std::countr_zero(free)) : spill_one(value_class);
    state.free &= ~bit(reg);
    return reg;
}

// The oldest operand goes: it is wanted last. Operands that are popped but in use lie above the top.
Register FunctionCompiler::spill_one(ValueClass value_class) {
    Operand* oldest = nullptr;
    for (RegisterSet set = temporaries(value_class); set; set &= set - 1) {
        Operand* owner = owners[std::countr_zero(set)];
        const bool is_valid = owner && owner < state.top && owner->kind == Kind::Register &&
                              owner->reg == std::countr_zero(set);
        if (is_valid && (!oldest || owner < oldest)) oldest = owner;
    }
    if (!oldest) throw std::logic_error("internal error: no temporary register is left");
    const Register reg = oldest->reg;
    spill(oldest);
    state.free &= ~bit(reg);
    return reg;
}

void FunctionCompiler::spill_temporaries(const Operand* below, RegisterSet which) {
    for (RegisterSet set = which & kTemporaries & ~state.free; set; set &= set - 1) {
        const auto reg = static_cast<Register>(std::countr_zero(set));
        Operand* owner = owners[reg];
        if (owner && owner < below && owner->kind == Kind::Register && owner->reg == reg) spill(owner);
    }
}

// Free is what no operand on the stack holds.
void FunctionCompiler::recount_free() {
    for (RegisterSet set = kTemporaries & ~state.free; set; set &= set - 1) {
        const auto reg = static_cast<Register>(std::countr_zero(set));
        const Operand* owner = owners[reg];
        const bool is_held = owner && owner < state.top && owner->kind == Kind::Register && owner->reg == reg;
        if (!is_held) state.free |= bit(reg);
    }
}

// The newest reference to a local comes first.
void FunctionCompiler::settle(Operand* operand) {
    if (operand->kind == Kind::Slot) return;
    const Operand before = *operand;
    move_to_slot(operand);
    if (before.is_local()) locals[before.local].pending = before.previous;
}

// Everything down to the first operand known to be flushed, so that the work is linear over a function:
// constants stay, all else goes to its slot, on every path the same.
void FunctionCompiler::flush() {
    Operand* first = state.top;
    while (first > base() && !first[-1].is_flushed) first--;
    ensure_room(static_cast<size_t>(state.top - first) * 32);
    for (Operand* operand = state.top; operand-- > first;) {
        if (operand->kind != Kind::Constant) settle(operand);
        operand->is_flushed = 1;
    }
}

// A local is about to change: what was read of it before gets a place of its own.
void FunctionCompiler::settle_local(uint32_t index) {
    Local& local = locals[index];
    for (uint32_t position = local.pending; position;) {
        Operand* operand = stack + position - 1;
        position = operand->previous;
        const RegisterSet free = state.free & temporaries(class_of(local.type));
        if (free) {
            const auto reg = static_cast<Register>(std::countr_zero(free));
            move_to_register(reg, *operand);
            state.free &= ~bit(reg);
            owners[reg] = operand;
            operand->kind = Kind::Register;
            operand->reg = reg;
        } else {
            ensure_room(64);
            move_to_slot(operand);
        }
    }
    local.pending = 0;
}

void FunctionCompiler::ensure_room(size_t bytes) {
    if (limit - state.out < static_cast<ptrdiff_t>(bytes + kOpcodeBytes)) throw OutOfRoom{};
}

}  // namespace linocut
