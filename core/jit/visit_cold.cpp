// The halves of hot visitors that are rarely needed, and globals.
#include "jit/arch/address.hpp"
#include "jit/arch/atomic.hpp"
#include "jit/arch/division.hpp"
#include "jit/arch/vector.hpp"
#include "jit/calls.hpp"
#include "jit/fixed.hpp"
#include "jit/parallel_move.hpp"
#include "jit/visit_memory.hpp"
#include "jit/visit_numeric.hpp"
#include "jit/visit_variable.hpp"
#include "validation/immediates.hpp"

namespace linocut {

// ── rare cases of many opcodes ──
void prepare_carefully(FunctionCompiler& c) {
    c.ensure_room(0);
    // A load that this opcode takes as its memory operand has emitted nothing yet: what comes is its code too.
    const bool completes_load = c.state.top[-1].kind == Kind::Memory;
    if (!c.positions || completes_load) return;
    const uint8_t* const at = c.state.pc - 1;
    c.positions->push_back({static_cast<uint32_t>(c.state.out - c.code_base), c.offset_of(at), *at});
}

namespace rare {

uint64_t note_literal(FunctionCompiler& c, uint64_t bits, uint64_t) {
    c.literals.push_back({emit::site_before(c.state.out), bits});
    return 0;
}

uint64_t move_wide(FunctionCompiler& c, uint64_t d, uint64_t bytes) {
    const Operand constant{
        .type = ValType::V128, .kind = Kind::Constant, .reg = kNoTemporary, .is_flushed = 0, .bits = bytes};
    c.move_wide(static_cast<Register>(d), constant.wide());
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
uint64_t pin_constant(FunctionCompiler& c, uint64_t type, uint64_t bits) {
    return c.pin_constant(static_cast<ValType>(type), bits);
}
uint64_t read_address(FunctionCompiler& c, uint64_t natural, uint64_t) {
    c.opcode_at = c.state.pc - 1;
    const MemArg memarg = read_checked_memarg(c, static_cast<uint8_t>(natural));
    c.rare_address = resolve(c, c.rare_address.operand, memarg.offset, 1u << natural);
    return 0;
}

}  // namespace rare

uint64_t rare::canonicalise(FunctionCompiler& c, uint64_t lane, uint64_t) {
    Operand result = c.pop_any();
    linocut::canonicalise(c, static_cast<ValType>(lane), c.load(result));
    c.push_register(result.type, result.reg);
    return 0;
}

// ── locals ──
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

// ── results that go straight to a local ──
Register FunctionCompiler::find_target(ValType type) {
    if (is_off(Switch::LazyOperands) || is_off(Switch::FreeChoices)) return kNoRegister;
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

}  // namespace

void get_any_global(FunctionCompiler& c) {
    uint32_t index;
    const ValType type = read_global(c, index).type.value;
    const Register d = c.take(class_of(type));
    const auto cell = static_cast<int32_t>(c.layout.globals[index]);
    if (index < c.module.imported_globals) {
        c.state.out = emit::load_pointer(c.state.out, cell);
        c.state.out = emit::load_scratch(c.state.out, type, d, 0);
    } else {
        c.state.out = emit::load_context(c.state.out, type, d, cell);
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
        c.state.out = emit::load_pointer(c.state.out, cell);
        c.state.out = emit::store_scratch(c.state.out, type, s, 0);
    } else {
        c.state.out = emit::store_context(c.state.out, type, s, cell);
    }
    c.release(value);
}

// ── rows from their C bodies ──
namespace {

// Moves the operands into the first temporaries of their class, which is where the stencil wants them. What
// it destroys goes to slots. They are popped but still there: each has its slot by where it stands.
void place_operands(FunctionCompiler& c, const Fixed& stencil) {
    Operand* const operands = c.state.top;
    Places places;
    ParallelMove moves;
    RegisterSet used = stencil.clobbers | bit(result_register(stencil.result));
    for (int i = 0; i < stencil.param_count; i++) {
        const Register home = register_of(places.next(stencil.params[i]));
        moves.add(operands[i], home);
        used |= bit(home);
    }
    c.spill_temporaries(c.state.top, used);
    moves.carry_out(c);
}

void pop_operands(FunctionCompiler& c, const Fixed& stencil) {
    for (int i = stencil.param_count; i-- > 0;) {
        const ValType type = stencil.params[i];
        c.pop(type == ValType::None ? c.address_type : type);
    }
}

// Of the opcode at `module_offset`, whose operands have been popped.
void copy_popped(FunctionCompiler& c, const Fixed& stencil, uint32_t module_offset) {
    place_operands(c, stencil);
    uint8_t* const start = c.state.out;
    std::memcpy(start, stencil.code, stencil.code_length);
    c.state.out += stencil.code_length;
    for (unsigned i = 0; i < stencil.hole_count; i++) {
        const Hole& hole = stencil.holes[i];
        const Site site(start + hole.offset);
        if (hole.kind == HoleKind::Trap) {
            c.traps.push_back({site, module_offset, static_cast<TrapKind>(hole.value)});
        } else {
            c.constants.push_back({site, stencil.constants, hole.value, stencil.constant_length});
        }
    }
    c.recount_free();
    if (stencil.result != ValType::None) c.push_register(stencil.result, result_register(stencil.result));
}

}  // namespace

void copy_stencil(FunctionCompiler& c, const Fixed& checked) {
    if (checked.division != Division::None && divide_by_constant(c, checked)) return;
    const bool is_unchecked = checked.unchecked && c.is_off(Switch::DivisionChecks);
    const Fixed& stencil = is_unchecked ? *checked.unchecked : checked;
    const uint32_t module_offset = c.offset_of(c.state.pc - 1);
    pop_operands(c, stencil);
    copy_popped(c, stencil, module_offset);
}

// The address becomes a pointer, where it stands.
void access_atomically(FunctionCompiler& c, const Fixed& stencil) {
    const uint32_t module_offset = c.offset_of(c.opcode_at);
    const uint64_t offset = read_atomic_memarg(c, stencil.bytes_log2).offset;
    pop_operands(c, stencil);
    Operand& address = *c.state.top;
    check_alignment(c, address, offset, stencil.bytes_log2);
    const Register pointer = point_at(c, resolve(c, address, offset, 1u << stencil.bytes_log2));
    address = {.type = ValType::I64, .kind = Kind::Register, .reg = pointer, .is_flushed = 0, .bits = 0};
    copy_popped(c, stencil, module_offset);
}

}  // namespace linocut
