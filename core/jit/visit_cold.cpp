// The halves of hot visitors that are rarely needed, and globals.
#include "jit/calls.hpp"
#include "jit/visit_memory.hpp"
#include "jit/visit_numeric.hpp"
#include "jit/visit_variable.hpp"
#include "validation/immediates.hpp"

namespace linocut {

// ── what is rare of many ────────────────────────────────────────────────────
void prepare_carefully(FunctionCompiler& c) {
    c.ensure_room(0);
    // A load that this opcode takes as its memory operand has emitted nothing yet: what comes is its code too.
    const bool completes_load = c.state.top[-1].kind == Kind::Memory;
    if (!c.positions || completes_load) return;
    const uint8_t* const at = c.state.pc - 1;
    c.positions->push_back({static_cast<uint32_t>(c.state.out - c.code_base), c.offset_of(at), *at});
}

namespace rare {

uint64_t note_float(FunctionCompiler& c, uint64_t bits, uint64_t) {
    c.floats.push_back({c.state.out - 4, bits});
    return 0;
}

uint64_t read_u32(FunctionCompiler& c, uint64_t, uint64_t) { return c.read_u32(); }
uint64_t read_signed(FunctionCompiler& c, uint64_t bits, uint64_t) {
    return static_cast<uint64_t>(c.read_signed(static_cast<unsigned>(bits)));
}
uint64_t spill_one(FunctionCompiler& c, uint64_t value_class, uint64_t) {
    return c.spill_one(static_cast<ValueClass>(value_class));
}
uint64_t touch_local(FunctionCompiler& c, uint64_t index, uint64_t is_read) {
    c.touch_local(static_cast<uint32_t>(index), is_read != 0);
    return 0;
}
uint64_t read_memarg(FunctionCompiler& c, uint64_t natural, uint64_t) {
    c.rare_access = c.state.pc - 1;
    return read_checked_memarg(c, static_cast<uint8_t>(natural));
}

}  // namespace rare

// ── locals ──────────────────────────────────────────────────────────────────
// The local is in the frame, or older reads of it are pending.
void set_local(FunctionCompiler& c) {
    const uint32_t index = c.set_index;
    const bool is_tee = c.set_is_tee;
    Local& local = c.locals[index];
    Operand value = c.pop_any();
    const bool is_itself = value.is_local() && value.local == index;
    if (local.pending && !is_itself) c.settle_local(index);
    if (local.kind == Kind::Local) {
        c.move_to_register(local.reg, value);
    } else if (!is_itself) {
        if (!value.in_register() && value.kind != Kind::Constant) c.load(value);
        c.store_at_slot(value, local.displacement);
    }
    if (!is_tee) return c.release(value);
    if (local.kind == Kind::LocalSlot && value.kind == Kind::Register)
        return c.push_register(value.type, value.reg);
    c.release(value);
    *c.state.top =
        Operand{.type = local.type, .kind = local.kind, .reg = local.reg, .is_flushed = 0, .bits = 0};
    c.state.top->local = index;
    c.state.top->previous = local.pending;
    c.state.top++;
    local.pending = static_cast<uint32_t>(c.state.top - c.stack);
}

// ── results that go to a local at once ──────────────────────────────────────
Register FunctionCompiler::find_target(ValType type) {
    if (is_off(Switch::LazyOperands)) return NO_REGISTER;
    HotState s(*this, state.pc, state.out, state.top, state.free);
    const Target target = linocut::find_target(s, type);
    s.park();
    return target.reg;
}

void FunctionCompiler::finish_set() {
    HotState s(*this, state.pc, state.out, state.top, state.free);
    linocut::finish_set(s);
    s.park();
}

// ── globals: own ones are cells in the context, imported ones behind a pointer ──
namespace {

const GlobalDef& read_global(FunctionCompiler& c, uint32_t& index) {
    index = c.read_u32();
    if (index >= c.module.globals.size()) refuse();
    return c.module.globals[index];
}

const Form<1, true>& pick(ValType type, const Form<1, true>& i32, const Form<1, true>& i64,
                          const Form<1, true>& f32, const Form<1, true>& f64) {
    const bool is_narrow = width_of(type) == 4;
    if (class_of(type) == ValueClass::Vector) return is_narrow ? f32 : f64;
    return is_narrow ? i32 : i64;
}

}  // namespace

void get_any_global(FunctionCompiler& c) {
    uint32_t index;
    const ValType type = read_global(c, index).type.value;
    const Register d = c.take(class_of(type));
    const auto cell = static_cast<int32_t>(c.layout.globals[index]);
    if (index < c.module.imported_globals) {
        c.state.out = emit::at(c.state.out, forms::load_context_64, SCRATCH, cell);
        c.state.out = emit::at(c.state.out,
                               pick(type, forms::load_scratch_32, forms::load_scratch_64,
                                    forms::load_scratch_f32, forms::load_scratch_f64),
                               d, 0);
    } else {
        c.state.out = emit::at(c.state.out,
                               pick(type, forms::load_context_32, forms::load_context_64,
                                    forms::load_context_f32, forms::load_context_f64),
                               d, cell);
    }
    c.push_register(type, d);
}

void set_any_global(FunctionCompiler& c) {
    uint32_t index;
    const GlobalDef& global = read_global(c, index);
    if (!global.type.is_mutable) refuse();
    const ValType type = global.type.value;
    Operand value = c.pop(type);
    const Register s = c.load(value);
    const auto cell = static_cast<int32_t>(c.layout.globals[index]);
    if (index < c.module.imported_globals) {
        c.state.out = emit::at(c.state.out, forms::load_context_64, SCRATCH, cell);
        c.state.out = emit::at(c.state.out,
                               pick(type, forms::store_scratch_32, forms::store_scratch_64,
                                    forms::store_scratch_f32, forms::store_scratch_f64),
                               s, 0);
    } else {
        c.state.out = emit::at(c.state.out,
                               pick(type, forms::store_context_32, forms::store_context_64,
                                    forms::store_context_f32, forms::store_context_f64),
                               s, cell);
    }
    c.release(value);
}

// ── memory ──────────────────────────────────────────────────────────────────
namespace rare {

uint64_t add_large_offset(FunctionCompiler& c, uint64_t index, uint64_t offset) {
    c.state.out =
        emit::immediate(emit::one(c.state.out, forms::constant32, SCRATCH), static_cast<uint32_t>(offset));
    c.state.out = emit::two(c.state.out, forms::i64_add.rr, static_cast<Register>(index), SCRATCH);
    return 0;
}

// The end of the access against the memory's size, in 64 bits: nothing can wrap.
uint64_t check_bounds(FunctionCompiler& c, uint64_t distance, uint64_t) {
    const Register index = c.load(c.rare_operand);
    const Register end = c.take(ValueClass::Int);
    if (distance <= INT32_MAX) {
        c.state.out = emit::at(c.state.out, forms::add64_disp, index, end, static_cast<int32_t>(distance));
    } else {
        c.state.out = emit::immediate(emit::one(c.state.out, forms::constant64, end), distance);
        c.state.out = emit::two(c.state.out, forms::i64_add.rr, index, end);
    }
    c.state.out = emit::at(c.state.out, forms::load_context_64, SCRATCH, LC_CONTEXT_OFFSET(memory));
    c.state.out = emit::at(c.state.out, forms::compare_bytes, end, offsetof(LcMemory, bytes));
    c.state.out = emit::jump_if(c.state.out, Condition::Above);
    c.traps.push_back({c.state.out - 4, c.offset_of(c.rare_access), TrapKind::OutOfBoundsMemory});
    c.state.free |= bit(end);
    return 0;
}

}  // namespace rare

// ── shifts: the count must be in rcx ────────────────────────────────────────
void shift_by_register(FunctionCompiler& c, ValType type, const Form<1, false>& form) {
    Operand count = c.pop(type), a = c.pop(type);
    // a first leaves rcx, then the count moves there.
    if (!(count.kind == Kind::Register && count.reg == RCX)) {
        if (a.kind == Kind::Register && a.reg == RCX) {
            const Register d = c.take(ValueClass::Int);
            c.move_between(RCX, d, type);
            a.reg = d;
        } else if (!(c.state.free & bit(RCX))) {
            c.spill_temporaries(c.state.top, bit(RCX));
        }
        c.move_to_register(RCX, count);
        c.release(count);
        c.state.free &= ~bit(RCX);
    }
    Register d = a.reg;
    if (a.kind != Kind::Register) {
        d = c.take(ValueClass::Int);
        c.move_to_register(d, a);
    }
    c.state.out = emit::one(c.state.out, form, d);
    c.state.free |= bit(RCX);
    c.push_register(type, d);
}

// ── rows from their C bodies ────────────────────────────────────────────────
namespace {

// The operands into the first temporaries of their class, which is where the stencil wants them.
void place_operands(FunctionCompiler& c, const Fixed& stencil) {
    Operand operands[3];
    for (int i = stencil.param_count; i-- > 0;) operands[i] = c.pop(stencil.params[i]);
    Register homes[3];
    Places places;
    RegisterSet used = stencil.clobbers;
    for (int i = 0; i < stencil.param_count; i++) {
        homes[i] = register_of(places.next(stencil.params[i]));
        used |= bit(homes[i]);
    }
    used |= bit(result_register(stencil.result));
    c.spill_temporaries(c.state.top, used);
    // Two operands at most share a class: if the second stands where the first must go, they change places.
    if (stencil.param_count == 2 && operands[1].kind == Kind::Register && operands[1].reg == homes[0]) {
        if (operands[0].kind == Kind::Register && operands[0].reg == homes[1] &&
            class_of_register(homes[0]) == ValueClass::Int) {
            c.state.out = emit::two(c.state.out, forms::exchange, homes[0], homes[1]);
            return;
        }
        if (operands[0].kind == Kind::Register && operands[0].reg == homes[1]) {
            const auto spare = static_cast<Register>(XMM0 + 3);
            c.spill_temporaries(c.state.top, bit(spare));
            c.move_between(homes[0], spare, operands[1].type);
            c.move_to_register(homes[0], operands[0]);
            c.move_between(spare, homes[1], operands[1].type);
            return;
        }
        c.move_to_register(homes[1], operands[1]);
        c.move_to_register(homes[0], operands[0]);
        return;
    }
    for (int i = 0; i < stencil.param_count; i++) c.move_to_register(homes[i], operands[i]);
}

}  // namespace

void copy_stencil(FunctionCompiler& c, const Fixed& checked) {
    const bool is_unchecked = checked.unchecked && c.is_off(Switch::DivisionChecks);
    const Fixed& stencil = is_unchecked ? *checked.unchecked : checked;
    const uint32_t module_offset = c.offset_of(c.state.pc - 1);
    place_operands(c, stencil);
    uint8_t* const start = c.state.out;
    std::memcpy(start, stencil.code, stencil.code_length);
    c.state.out += stencil.code_length;
    for (unsigned i = 0; i < stencil.hole_count; i++) {
        const Hole& hole = stencil.holes[i];
        uint8_t* const field = start + hole.offset;
        if (hole.kind == HoleKind::Trap) {
            c.traps.push_back({field, module_offset, static_cast<TrapKind>(hole.value)});
        } else {
            c.constants.push_back({field, stencil.constants, hole.value, stencil.constant_length});
        }
    }
    c.recount_free();
    c.push_register(stencil.result, result_register(stencil.result));
}

}  // namespace linocut
