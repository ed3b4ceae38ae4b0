#include "jit/arch/vector.hpp"

#include "jit/arch/row_forms.hpp"
#include "jit/visit_numeric.hpp"
#include "jit/visit_vector.hpp"

namespace linocut {

namespace {

uint8_t* with_byte(uint8_t* out, unsigned value) {
    return encode::immediate(out, static_cast<uint8_t>(value));
}

}  // namespace

// ── calculations ──
namespace {

void note_literal(FunctionCompiler& c, const Operand& constant) {
    c.wide_literals.push_back({emit::site_before(c.state.out), constant.wide()});
}

// The literal has to be the last field of the instruction.
bool is_literal(const FunctionCompiler& c, const VectorBinary& shape, const Operand& b) {
    return b.kind == Kind::Constant && shape.rc.exists() && !c.is_off(Switch::Immediates);
}

void compute_into_first(FunctionCompiler& c, const VectorBinary& shape, Register d, const Operand& a,
                        Operand& b) {
    if (is_literal(c, shape, b)) {
        c.move_to_register(d, a);
        c.state.out = encode::without_displacement(c.state.out, shape.rc, d);
        return note_literal(c, b);
    }
    const Register s = c.load(b);
    c.move_to_register(d, a);
    c.state.out = encode::two(c.state.out, shape.rr, s, d);
}

// Into any register: a's stays as it is.
void compute_elsewhere(FunctionCompiler& c, const VectorBinary& shape, Register d, Register a, Operand& b) {
    uint8_t*& out = c.state.out;
    if (is_literal(c, shape, b)) {
        out = encode::without_displacement(out, shape.rrc, a, d);
        return note_literal(c, b);
    }
    if (b.kind == Kind::Memory) {
        out = encode::at(out, shape.rrm, b.reg, a, d, b.displacement);
        return;
    }
    const bool is_slot = b.kind == Kind::Slot || b.kind == Kind::LocalSlot;
    if (is_slot && shape.rrs.exists()) {
        const int32_t at = b.kind == Kind::Slot ? b.displacement : c.locals[b.local].displacement;
        out = encode::at(out, shape.rrs, a, d, at);
        return;
    }
    const Register s = c.load(b);
    out = encode::three(out, shape.rrr, s, a, d);
}

}  // namespace

bool goes_anywhere(const FunctionCompiler& c, const VectorBinary& shape, const Operand& a) {
    return c.is_better && a.in_register() && shape.rrr.exists();
}

void compute(FunctionCompiler& c, const VectorBinary& shape, Register d, const Operand& a, Operand& b) {
    if (goes_anywhere(c, shape, a) && (a.reg != d || b.kind == Kind::Memory))
        compute_elsewhere(c, shape, d, a.reg, b);
    else
        compute_into_first(c, shape, d, a, b);
}

void convert(FunctionCompiler& c, const VectorUnary& shape, Register d, Register s) {
    c.state.out = encode::two(c.state.out, shape.rr, s, d);
}

namespace {

// An instruction takes all 64 bits of its count: those beyond a lane's width go.
Register load_count(FunctionCompiler& c, Operand& count, unsigned mask) {
    const Register masked = c.take(ValueClass::Int), vector = c.take(ValueClass::Vector);
    c.move_to_register(masked, count);
    c.state.out = encode::shortest(c.state.out, forms::i32_and.ri8, forms::i32_and.ri32, masked,
                                   static_cast<int32_t>(mask));
    c.state.out = encode::two(c.state.out, forms::f32_reinterpret_i32.rr, masked, vector);
    c.state.free |= bit(masked) | bit(vector);
    return vector;
}

}  // namespace

void shift(FunctionCompiler& c, const VectorShift& shape, Register d, const Operand& a, Operand& count) {
    const unsigned mask = 8 * sizeof(Wide) / shape.lanes - 1;
    if (count.kind == Kind::Constant && !c.is_off(Switch::Immediates)) {
        c.move_to_register(d, a);
        if (const auto amount = static_cast<unsigned>(count.bits & mask))
            c.state.out = with_byte(encode::one(c.state.out, shape.by_imm, d), amount);
        return;
    }
    const Register by = load_count(c, count, mask);
    c.move_to_register(d, a);
    c.state.out = encode::two(c.state.out, shape.by_vector, by, d);
}

void fuse(FunctionCompiler& c, const VectorFused& shape, Register d, Register a, Register b) {
    c.state.out = encode::three(c.state.out, shape.rrr, b, a, d);
}

// d = is NaN ? canonical : d, with a mask for each lane. Of a scalar the other lanes mean nothing.
void canonicalise(FunctionCompiler& c, ValType lane, Register d) {
    const bool is_narrow = lane == ValType::F32;
    constexpr uint64_t kNan32 = 0x7FC000007FC00000, kNan64 = 0x7FF8000000000000;
    const uint64_t nan = is_narrow ? kNan32 : kNan64;
    const Register mask = c.take(ValueClass::Vector), rest = c.take(ValueClass::Vector);
    uint8_t*& out = c.state.out;
    out = encode::two(out, forms::move_vector, d, mask);
    out = encode::two(out, is_narrow ? forms::f32x4_ne.rr : forms::f64x2_ne.rr, mask, mask);
    out = encode::two(out, forms::move_vector, mask, rest);
    out = encode::two(out, forms::v128_andnot.rr, d, rest);
    out = encode::without_displacement(out, forms::v128_and.rc, mask);
    c.wide_literals.push_back({emit::site_before(out), Wide{{nan, nan}}});
    out = encode::two(out, forms::v128_or.rr, mask, rest);
    out = encode::two(out, forms::move_vector, rest, d);
    c.state.free |= bit(mask) | bit(rest);
}

// ── lanes ──
void extract(FunctionCompiler& c, const ExtractLane& shape, Register d, Register s, unsigned lane) {
    uint8_t*& out = c.state.out;
    if (lane == 0 && shape.low.exists())
        out = encode::two(out, shape.low, s, d);
    else
        out = with_byte(encode::two(out, shape.by_lane, s, d), lane * shape.step);
    if (shape.extend.exists()) out = encode::two(out, shape.extend, d, d);
}

void replace(FunctionCompiler& c, const ReplaceLane& shape, Register d, const Operand& a, Register value,
             unsigned lane) {
    c.move_to_register(d, a);
    uint8_t*& out = c.state.out;
    if (lane == 0 && shape.low.exists())
        out = encode::two(out, shape.low, value, d);
    else
        out = with_byte(encode::two(out, shape.by_lane, value, d), lane * shape.step);
}

// ── memory 0 ──
namespace {

// The form for that address, with the register that is moved. `indexed` and `absolute` reach all of memory 0, `pointed`
// goes where the scratch register points.
template <typename Access>
void access(FunctionCompiler& c, const Access& shape, Register reg, const Address& at, bool stores) {
    uint8_t*& out = c.state.out;
    if (c.is_off(Switch::FoldedAddresses))
        out = encode::one(out, shape.pointed, reg);
    else if (at.index == kNoRegister)
        out = encode::at(out, shape.absolute, reg, at.displacement);
    else if (stores)
        out = encode::at(out, shape.indexed, reg, at.index, at.displacement);
    else
        out = encode::at(out, shape.indexed, at.index, reg, at.displacement);
}

}  // namespace

void load_from(FunctionCompiler& c, const VectorLoad& shape, Register d, const Address& from) {
    access(c, shape, d, from, false);
}
void store_at(FunctionCompiler& c, const VectorStore& shape, Register s, const Address& to) {
    access(c, shape, s, to, true);
}
void load_vector(FunctionCompiler& c, Register d, const Address& from) {
    load_from(c, forms::v128_load, d, from);
}
void store_vector(FunctionCompiler& c, Register s, const Address& to) {
    store_at(c, forms::v128_store, s, to);
}

// ── one lane in memory ──
namespace {

// By bytes_log2: on their way narrow lanes are integers; wide ones need not leave the vector registers.
constexpr const Load* kLoads[] = {&forms::i32_load8_u, &forms::i32_load16_u, &forms::f32_load,
                                  &forms::f64_load};
constexpr const Store* kStores[] = {&forms::i32_store8, &forms::i32_store16, &forms::f32_store,
                                    &forms::f64_store};
constexpr const ExtractLane* kGetters[] = {&forms::i8x16_extract_lane_u, &forms::i16x8_extract_lane_u,
                                           &forms::f32x4_extract_lane, &forms::f64x2_extract_lane};
constexpr const ReplaceLane* kSetters[] = {&forms::i8x16_replace_lane, &forms::i16x8_replace_lane,
                                           &forms::f32x4_replace_lane, &forms::f64x2_replace_lane};

}  // namespace

ValType type_of_lane(unsigned bytes_log2) { return kLoads[bytes_log2]->result; }
const ExtractLane& lane_getter(unsigned bytes_log2) { return *kGetters[bytes_log2]; }
const ReplaceLane& lane_setter(unsigned bytes_log2) { return *kSetters[bytes_log2]; }

Register load_scalar(FunctionCompiler& c, unsigned bytes_log2, const Address& from) {
    const Load& load = *kLoads[bytes_log2];
    const Register d = c.take(class_of(load.result));
    access(c, load, d, from, false);
    c.release(from.operand);
    return d;
}

void store_scalar(FunctionCompiler& c, unsigned bytes_log2, Register s, const Address& to) {
    access(c, *kStores[bytes_log2], s, to, true);
}

void splat(FunctionCompiler& c, unsigned bytes_log2) {
    switch (bytes_log2) {
    case 0: return copy_stencil(c, forms::i8x16_splat);
    case 1: return copy_stencil(c, forms::i16x8_splat);
    case 2: return calculate(c, forms::f32x4_splat);
    default: return calculate(c, forms::f64x2_splat);
    }
}

}  // namespace linocut
