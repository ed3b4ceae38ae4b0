// Where locals and operands live, and the code around a body: prologue, epilogue, cold sites.
//
// A local gets its register or slot when the code first touches it. The prologue is therefore written
// last, into room kept in front of the body, and knows what was used: an untouched local costs nothing.
#include <algorithm>
#include <bit>

#include "jit/calls.hpp"

namespace linocut {

namespace {

constexpr uint32_t SLOT_BYTES = kWordBytes;
// Of a saved vector pin only what scalars have in it: v128 values will want all of the register.
constexpr uint32_t SAVED_VECTOR_BYTES = 8;
constexpr size_t FLOAT_BYTES = 8;  // of a constant, whichever type
// Frames up to this size are covered by the reserve below the stack limit (256 KiB, for helpers and the host).
constexpr uint32_t SMALL_FRAME = 64 * 1024;

bool is_parameter(const FunctionCompiler& c, uint32_t index) { return index < c.param_count; }

// The next multiple of `alignment`, a power of two. What lies between is written, too: equal modules have
// equal code to the last byte.
uint8_t* pad(uint8_t* out, size_t alignment) {
    uint8_t* const end = out + (-reinterpret_cast<uintptr_t>(out) & (alignment - 1));
    return std::fill(out, end, emit::BREAKPOINT), end;
}

// Calls visit(register) for each one of a set, the lowest first.
template <typename Visit>
void for_each(RegisterSet set, Visit visit) {
    for (; set; set &= set - 1) visit(static_cast<Register>(std::countr_zero(set)));
}

constexpr RegisterSet INT_REGISTERS = 0xFFFF;

}  // namespace

// ── homes ───────────────────────────────────────────────────────────────────
int32_t FunctionCompiler::allocate_slot(ValType type) {
    const auto displacement = static_cast<int32_t>(frame_bytes);
    frame_bytes += SLOT_BYTES * words_of(type);
    return displacement;
}

// Where a value of that width is at that height: another width has another slot there.
int32_t FunctionCompiler::slot_at(size_t height, ValType type) {
    std::vector<int32_t>& known = slots[words_of(type) - 1];
    if (height >= known.size()) known.resize(height + 16, -1);
    if (known[height] < 0) known[height] = allocate_slot(type);
    return known[height];
}

// Below it lie the other operands and a barrier for each open block.
int32_t FunctionCompiler::slot_of(const Operand* operand, ValType type) {
    return slot_at(static_cast<size_t>(operand - stack) - controls.size(), type);
}

void FunctionCompiler::touch_local(uint32_t index, bool is_read) {
    // Outside of all blocks every path comes by here: a write makes the initial zero unobservable.
    const bool is_surely_written = !is_read && controls.size() == 1;
    touched.push_back({index, !is_parameter(*this, index) && !is_surely_written});
    Local& local = locals[index];
    local.type = type_of_local(index);
    if (local.reg == NO_REGISTER) local.reg = next_pin(class_of(local.type));
    const bool is_pinned = local.reg != NO_REGISTER;
    local.kind = is_pinned ? Kind::Local : Kind::LocalSlot;
    if (is_pinned)
        saved |= bit(local.reg);
    else
        local.displacement = allocate_slot(local.type);
}

// First come, first served, unless prescan() has chosen. NO_REGISTER when none is left.
Register FunctionCompiler::next_pin(ValueClass value_class) {
    const bool is_vector = value_class == ValueClass::Vector;
    if (is_vector ? vector_pins_are_chosen : int_pins_are_chosen) return NO_REGISTER;
    if (is_vector && next_vector_pin < VECTOR_PIN_COUNT)
        return static_cast<Register>(FIRST_VECTOR_PIN + next_vector_pin++);
    if (!is_vector && next_int_pin < INT_PIN_COUNT) return INT_PINS[next_int_pin++];
    return NO_REGISTER;
}

// ── epilogue ────────────────────────────────────────────────────────────────
uint8_t* FunctionCompiler::write_epilogue(uint8_t* out, FunctionCode& code) {
    code.vector_save = frame_bytes;
    const RegisterSet ints = saved & INT_REGISTERS, vectors = saved & ~INT_REGISTERS;
    uint32_t frame = frame_bytes + SAVED_VECTOR_BYTES * static_cast<uint32_t>(std::popcount(vectors));
    const uint32_t pushed = SLOT_BYTES * (1 + static_cast<uint32_t>(std::popcount(ints)));
    if (makes_calls && (frame + pushed) % 16) frame += 8;
    code.frame_bytes = frame;
    code.saved = static_cast<uint32_t>(saved);
    int32_t at = static_cast<int32_t>(code.vector_save);
    for_each(vectors, [&](Register reg) {
        out = emit::at(out, forms::load_frame_f64, reg, at);
        at += SAVED_VECTOR_BYTES;
    });
    if (frame)
        out =
            emit::shortest(out, forms::shrink_frame8, forms::shrink_frame, 0, 0, static_cast<int32_t>(frame));
    for (RegisterSet left = ints; left;) {
        const auto reg = static_cast<Register>(std::bit_width(left) - 1);
        out = emit::one(out, forms::pop, reg);
        left ^= bit(reg);
    }
    *out++ = emit::RETURN;
    return out;
}

// ── cold code: trap sites, calls into other instances, constants ────────────
uint8_t* FunctionCompiler::write_cold_code(uint8_t* out) {
    state.out = out;
    // A trap site is a call, a switch site a call and a jump; a stencil's constants are written once.
    constexpr size_t MOST_CONSTANTS = 4096;
    ensure_room(traps.size() * 8 + switches.size() * 16 + MOST_CONSTANTS + (floats.size() + 1) * FLOAT_BYTES);
    for (const TrapSite& site : traps) {
        emit::patch_relative(site.field, out);
        out = emit::at(out, forms::call_context,
                       LC_CONTEXT_OFFSET(traps) + 8 * static_cast<int32_t>(site.kind));
        // The return address is what finds the site again; it belongs to the call.
        if (positions)
            positions->push_back({static_cast<uint32_t>(out - 1 - code_base), site.module_offset, 0});
    }
    for (const SwitchSite& site : switches) {
        emit::patch_relative(site.field, out);
        if (positions) positions->push_back({static_cast<uint32_t>(out - code_base), site.module_offset, 0});
        out = emit::at(out, forms::call_context, LC_CONTEXT_OFFSET(switch_context));
        out = emit::jump(out);
        emit::patch_relative(out - 4, site.resume);
    }
    return write_floats(write_constants(out));
}

// Each stencil's constants once per function.
uint8_t* FunctionCompiler::write_constants(uint8_t* out) {
    std::vector<std::pair<const uint8_t*, uint8_t*>> written;
    for (const ConstantSite& site : constants) {
        uint8_t* home = nullptr;
        for (const auto& [constants, at] : written) {
            if (constants == site.constants) home = at;
        }
        if (!home) {
            home = out = pad(out, 16);  // andps and its kind want alignment
            std::memcpy(home, site.constants, site.length);
            out += site.length;
            written.push_back({site.constants, home});
        }
        emit::patch_relative(site.field, home + site.offset);
    }
    return out;
}

// Each float once per function, but for those that a later one has driven out of the small table.
uint8_t* FunctionCompiler::write_floats(uint8_t* out) {
    constexpr size_t REMEMBERED = 64;
    const uint8_t* homes[REMEMBERED] = {};
    if (!floats.empty()) out = pad(out, FLOAT_BYTES);
    for (const FloatSite& site : floats) {
        const uint8_t*& home = homes[(site.bits * 0x9E3779B97F4A7C15ull) >> 58];
        if (!home || std::memcmp(home, &site.bits, FLOAT_BYTES) != 0) {
            home = out;
            std::memcpy(out, &site.bits, FLOAT_BYTES);
            out += FLOAT_BYTES;
        }
        emit::patch_relative(site.field, home);
    }
    return out;
}

// ── prologue ────────────────────────────────────────────────────────────────
bool FunctionCompiler::needs_stack_check(uint32_t frame) const {
    return (makes_calls || frame > SMALL_FRAME) && !is_off(Switch::StackCheck);
}

// An estimate of the prologue's size; a longer one goes out of line.
unsigned FunctionCompiler::prologue_room() const {
    return 24 + 5 * std::min(param_count, 12u) + 3 * std::min(local_count, 16u);
}

// Writes it right before `body` if there is room after `start`, else at `out` with a jump to the body.
uint8_t* FunctionCompiler::write_prologue(uint8_t* start, uint8_t* body, uint8_t* out, FunctionCode& code) {
    prologue.resize(256 + 32 * touched.size());
    uint8_t* p = prologue.data();
    uint8_t* check = nullptr;
    const auto frame = static_cast<int32_t>(code.frame_bytes);
    if (needs_stack_check(code.frame_bytes)) {
        if (code.frame_bytes > SMALL_FRAME) {
            p = emit::at(p, forms::load_frame_address, SCRATCH, -frame);
            p = emit::at(p, forms::compare_register_context, SCRATCH, LC_CONTEXT_OFFSET(stack_limit));
        } else {
            p = emit::at(p, forms::compare_stack_limit, LC_CONTEXT_OFFSET(stack_limit));
        }
        p = emit::jump_if(p, Condition::Below);
        check = p - 4;
    }
    for_each(code.saved & INT_REGISTERS, [&](Register reg) { p = emit::one(p, forms::push, reg); });
    if (frame) p = emit::shortest(p, forms::grow_frame8, forms::grow_frame, 0, 0, frame);
    auto at = static_cast<int32_t>(code.vector_save);
    for_each(code.saved & ~INT_REGISTERS, [&](Register reg) {
        p = emit::at(p, forms::store_frame_f64, reg, at);
        at += SAVED_VECTOR_BYTES;
    });
    p = receive_parameters(p);
    p = clear_locals(p);

    const auto size = static_cast<size_t>(p - prologue.data());
    const bool fits = size <= static_cast<size_t>(body - start);
    uint8_t* exhausted = out;
    if (check) {
        out = emit::at(out, forms::call_context,
                       LC_CONTEXT_OFFSET(traps) + 8 * static_cast<int32_t>(TrapKind::StackExhausted));
        if (positions) positions->push_back({static_cast<uint32_t>(out - 1 - code_base), offset_of(last), 0});
    }
    uint8_t* home = fits ? body - size : out;
    state.out = out;
    ensure_room(size + 16);
    std::memcpy(home, prologue.data(), size);
    if (check) emit::patch_relative(home + (check - prologue.data()), exhausted);
    if (!fits) {
        out = emit::jump(home + size);
        emit::patch_relative(out - 4, body);
    }
    code.entry = static_cast<uint32_t>(home - code_base);
    return out;
}

// Parameters arrive in the first temporaries by class, the rest in the argument buffer (abi/context.h).
uint8_t* FunctionCompiler::receive_parameters(uint8_t* out) {
    arrivals.clear();
    Places places;
    for (const ValType param : type->params) arrivals.push_back(places.next(param));
    state.out = out;
    for (const auto& [index, zero] : touched) {
        if (index >= param_count || !arrivals[index].is_register()) continue;
        const Local& local = locals[index];
        const Operand value{.type = local.type,
                            .kind = Kind::Register,
                            .reg = register_of(arrivals[index]),
                            .is_flushed = 0,
                            .bits = 0};
        if (local.kind == Kind::Local)
            move_to_register(local.reg, value);
        else
            store_at_slot(value, local.displacement);
    }
    out = state.out;
    if (places.buffered_words() == 0) return out;
    bool has_pointer = false;
    for (const auto& [index, zero] : touched) {
        if (index >= param_count || arrivals[index].is_register()) continue;
        if (!has_pointer) {
            out = emit::at(out, forms::load_context_64, SCRATCH, LC_CONTEXT_OFFSET(argument_buffer));
            has_pointer = true;
        }
        const Local& local = locals[index];
        const int32_t buffer = displacement_of(arrivals[index]);
        if (local.kind == Kind::LocalSlot) {
            out = emit::at(out, forms::load_scratch_64, RAX, buffer);
            out = emit::at(out, forms::store_frame_64, RAX, local.displacement);
        } else {
            const bool is_vector = class_of(local.type) == ValueClass::Vector;
            out = emit::at(out, is_vector ? forms::load_scratch_f64 : forms::load_scratch_64, local.reg,
                           buffer);
        }
    }
    return out;
}

uint8_t* FunctionCompiler::clear_locals(uint8_t* out) {
    bool has_zero = false;
    for (const auto& [index, needs_zero] : touched) {
        if (!needs_zero) continue;
        const Local& local = locals[index];
        if (local.kind == Kind::Local) {
            const bool is_vector = class_of(local.type) == ValueClass::Vector;
            out = emit::one(out, is_vector ? forms::zero_vector : forms::zero_int, local.reg);
            continue;
        }
        if (!has_zero) out = emit::one(out, forms::zero_int, RAX);
        has_zero = true;
        out = emit::at(out, forms::store_frame_64, RAX, local.displacement);
    }
    return out;
}

}  // namespace linocut
