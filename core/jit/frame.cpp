// Where locals and operands live, and the code around a body: cold sites, constants, prologue.
//
// A local gets its register or slot when the code first touches it. The prologue is therefore written
// last, into room kept in front of the body, and knows what was used: an untouched local costs nothing.
#include <algorithm>
#include <bit>

#include "jit/arch/frame.hpp"
#include "jit/calls.hpp"

namespace linocut {

namespace {

bool is_parameter(const FunctionCompiler& c, uint32_t index) { return index < c.param_count; }

// The next multiple of `alignment`, a power of two. What lies between is written, too: equal modules have
// equal code to the last byte.
uint8_t* pad(uint8_t* out, size_t alignment) {
    uint8_t* const end = out + (-reinterpret_cast<uintptr_t>(out) & (alignment - 1));
    return emit::fill(out, end);
}

constexpr unsigned kRememberedBits = 6;
size_t hash_of(uint64_t bits) { return (bits * 0x9E3779B97F4A7C15ull) >> (64 - kRememberedBits); }
size_t hash_of(const Wide& value) {
    return hash_of(value.words[0] ^ std::rotl(value.words[1], 32) * 0xFF51AFD7ED558CCDull);
}

// Each literal once per function, but for those that a later one has driven out of the small table. Aligned: an
// instruction may take 16 bytes as its operand only so.
template <typename Bits>
uint8_t* write_literals(uint8_t* out, const std::vector<LiteralSite<Bits>>& literals) {
    const uint8_t* homes[1 << kRememberedBits] = {};
    if (!literals.empty()) out = pad(out, sizeof(Bits));
    for (const LiteralSite<Bits>& site : literals) {
        const uint8_t*& home = homes[hash_of(site.bits)];
        if (!home || std::memcmp(home, &site.bits, sizeof(Bits)) != 0) {
            home = out;
            std::memcpy(out, &site.bits, sizeof(Bits));
            out += sizeof(Bits);
        }
        site.site.lead_to(home);
    }
    return out;
}

}  // namespace

// ── homes ──
int32_t FunctionCompiler::allocate_slot(ValType type) {
    const auto displacement = static_cast<int32_t>(frame_bytes);
    frame_bytes += kWordBytes * words_of(type);
    return displacement;
}

// The slot of a value of that width at that height; another width has another slot there.
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
    give_home(index, type_of_local(index));
}

void FunctionCompiler::add_local(uint32_t index, ValType type) {
    touched.push_back({index, false});
    give_home(index, type);
}

void FunctionCompiler::give_home(uint32_t index, ValType type) {
    Local& local = locals[index];
    local.type = type;
    if (local.reg == kNoRegister) local.reg = next_pin(class_of(local.type));
    const bool is_pinned = local.reg != kNoRegister;
    local.kind = is_pinned ? Kind::Local : Kind::LocalSlot;
    if (is_pinned)
        saved |= bit(local.reg);
    else
        local.displacement = allocate_slot(local.type);
}

bool FunctionCompiler::is_in_loop() {
    constexpr size_t kFarthest = 32;
    const auto frames = controls.frames();
    const auto near = frames.last(std::min(frames.size(), kFarthest));
    return std::any_of(near.begin(), near.end(),
                       [](const Control& control) { return control.kind == ControlKind::Loop; });
}

// They take the registers that are never given to locals, from the last one down.
uint32_t FunctionCompiler::pin_constant(ValType type, uint64_t bits) {
    for (uint32_t i = 0; i < constant_count; i++) {
        const uint32_t index = first_constant + i;
        if (constant_bits[i] == bits && locals[index].type == type) return index;
    }
    const bool is_full = constant_count + vector_pins == kVectorPinCount;
    if (constant_count == constant_room || is_full || !is_in_loop()) return kNoLocal;
    const uint32_t index = first_constant + constant_count;
    constant_bits[constant_count++] = bits;
    Local& local = locals[index];
    local.type = type;
    local.kind = Kind::Local;
    local.reg = pin(ValueClass::Vector, kVectorPinCount - constant_count);
    saved |= bit(local.reg);
    touched.push_back({index, false});
    return index;
}

// First come, first served of what prescan() and pinned constants have left. kNoRegister when that is nothing.
Register FunctionCompiler::next_pin(ValueClass value_class) {
    uint8_t& given = pins(value_class);
    const unsigned taken = value_class == ValueClass::Vector ? constant_count : 0;
    if (given + taken == pin_count(value_class)) return kNoRegister;
    return pin(value_class, given++);
}

// ── cold code: trap sites, calls into other instances, constants ──
uint8_t* FunctionCompiler::write_cold_code(uint8_t* out) {
    state.out = out;
    // A trap site is a call, a switch site a call and a jump; a stencil's constants are written once.
    constexpr size_t kMostConstants = 4096;
    ensure_room(traps.size() * 8 + switches.size() * 16 + kMostConstants +
                (literals.size() + 1) * sizeof(uint64_t) + (wide_literals.size() + 1) * sizeof(Wide));
    for (const TrapSite& site : traps) {
        site.site.lead_to(out);
        out = emit::call_trap(out, site.kind);
        // The return address is what finds the site again; it belongs to the call.
        if (positions)
            positions->push_back({static_cast<uint32_t>(out - 1 - code_base), site.module_offset, 0});
    }
    for (const SwitchSite& site : switches) {
        site.site.lead_to(out);
        if (positions) positions->push_back({static_cast<uint32_t>(out - code_base), site.module_offset, 0});
        out = emit::call_context(out, LC_CONTEXT_OFFSET(switch_context));
        tries.note_call(place(out), site.handler);
        out = emit::jump(out);
        emit::site_before(out).lead_to(site.resume);
    }
    if (!landings.empty()) out = write_landings(out);
    state.out = out;
    return write_literals(write_literals(write_constants(out), literals), wide_literals);
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
        site.site.lead_to(home + site.offset);
    }
    return out;
}

// ── prologue ──
bool FunctionCompiler::needs_stack_check(uint32_t frame) const {
    return (makes_calls || frame > kSmallFrame) && !is_off(Switch::StackCheck);
}

// An estimate of the prologue's size; a longer one goes out of line.
unsigned FunctionCompiler::prologue_room() const {
    return 24 + 5 * std::min(param_count, 12u) + 3 * std::min(local_count, 16u);
}

// Written aside first, because its size is known only then.
uint8_t* FunctionCompiler::write_prologue(uint8_t* start, uint8_t* body, uint8_t* out, FunctionCode& code) {
    prologue.resize(256 + 32 * touched.size());
    uint8_t* p = prologue.data();
    const bool is_checked = needs_stack_check(code.frame_bytes);
    if (is_checked) p = check_stack(p, code);
    const ptrdiff_t check_end = p - prologue.data();
    p = enter_frame(p, *this, code);
    p = receive_parameters(p);
    p = clear_locals(p);
    p = load_constants(p);
    const uint8_t* const exhausted = out;
    if (is_checked) {
        out = emit::call_trap(out, TrapKind::StackExhausted);
        if (positions) positions->push_back({static_cast<uint32_t>(out - 1 - code_base), offset_of(last), 0});
    }
    const auto size = static_cast<size_t>(p - prologue.data());
    const bool fits = size <= static_cast<size_t>(body - start);
    uint8_t* const home = fits ? body - size : out;
    code.entry = static_cast<uint32_t>(home - code_base);
    state.out = out;
    ensure_room(size + 16);
    std::memcpy(home, prologue.data(), size);
    if (is_checked) emit::site_before(home + check_end).lead_to(exhausted);
    if (fits) return out;
    // Too long for the room before the body: it jumps there.
    out = emit::jump(home + size);
    emit::site_before(out).lead_to(body);
    return out;
}

// Parameters arrive in the first temporaries of their class, the rest in the argument buffer (code/places.hpp). Those
// that no code uses stay where they are.
uint8_t* FunctionCompiler::receive_parameters(uint8_t* out) {
    arrivals.clear();
    Places places;
    for (const ValType param : type->params) arrivals.push_back(places.next(param));
    out = receive_registers(out);
    return places.buffered_words() ? receive_buffer(out) : out;
}

uint8_t* FunctionCompiler::receive_registers(uint8_t* out) {
    for (const auto& [index, zero] : touched) {
        if (index >= param_count || !arrivals[index].is_register()) continue;
        const Local& local = locals[index];
        const Register from = register_of(arrivals[index]);
        out = local.kind == Kind::Local ? emit::move(out, local.type, from, local.reg)
                                        : emit::store_frame(out, local.type, from, local.displacement);
    }
    return out;
}

// The registers have been received: what was in them is not needed any more.
uint8_t* FunctionCompiler::receive_buffer(uint8_t* out) {
    constexpr Register spare = result_register(ValueClass::Int);
    bool has_pointer = false;
    for (const auto& [index, zero] : touched) {
        if (index >= param_count || arrivals[index].is_register()) continue;
        if (!has_pointer) out = emit::load_pointer(out, LC_CONTEXT_OFFSET(argument_buffer));
        has_pointer = true;
        const Local& local = locals[index];
        const int32_t at = displacement_of(arrivals[index]);
        if (local.kind == Kind::Local) {
            out = emit::load_scratch(out, whole_word(local.type), local.reg, at);
        } else {
            for (int32_t word = 0; word < byte_count(local.type); word += kWordBytes) {
                out = emit::load_scratch(out, ValType::I64, spare, at + word);
                out = emit::store_frame(out, ValType::I64, spare, local.displacement + word);
            }
        }
    }
    return out;
}

uint8_t* FunctionCompiler::clear_locals(uint8_t* out) {
    constexpr Register zero = result_register(ValueClass::Int);
    bool has_zero = false;
    for (const auto& [index, needs_zero] : touched) {
        if (!needs_zero) continue;
        const Local& local = locals[index];
        if (local.kind == Kind::Local) {
            out = emit::clear(out, class_of(local.type), local.reg);
            continue;
        }
        if (!has_zero) out = emit::clear(out, ValueClass::Int, zero);
        has_zero = true;
        for (int32_t word = 0; word < byte_count(local.type); word += kWordBytes)
            out = emit::store_frame(out, ValType::I64, zero, local.displacement + word);
    }
    return out;
}

uint8_t* FunctionCompiler::load_constants(uint8_t* out) {
    for (uint32_t i = 0; i < constant_count; i++) {
        const Local& local = locals[first_constant + i];
        out = load_float(out, local.type, local.reg, constant_bits[i]);
    }
    return out;
}

}  // namespace linocut
