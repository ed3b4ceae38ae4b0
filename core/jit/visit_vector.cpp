#include "jit/visit_vector.hpp"

#include <utility>

#include "jit/arch/address.hpp"
#include "jit/arch/shuffle.hpp"
#include "jit/arch/vector.hpp"
#include "validation/immediates.hpp"

namespace linocut {

namespace {

constexpr ValType V128 = ValType::V128;

// ── results ──
// Where a result goes whose operands have been popped: into the local that is set next, or into a register that an
// operand leaves to it, or into a new one.
struct Destination {
    Register reg;
    bool is_local;
};

Destination find_destination(FunctionCompiler& c, ValType type, Register left) {
    const Register target = c.find_target(type);
    if (target != kNoRegister) return {target, true};
    return {left != kNoRegister ? left : c.take(class_of(type)), false};
}

Register left_by(const Operand& operand, ValType type) {
    const bool is_left = operand.kind == Kind::Register && class_of(operand.type) == class_of(type);
    return is_left ? operand.reg : kNoRegister;
}

void finish(FunctionCompiler& c, ValType type, Destination d) {
    if (d.is_local) return c.finish_set();
    c.push_register(type, d.reg);
}

bool is_in(const Operand& operand, Register reg) { return operand.in_register() && operand.reg == reg; }

// The result of two operands, computed by compute(d). Where an instruction overwrites its first operand, the second one
// must not be where the result goes.
template <typename Compute>
void finish_binary(FunctionCompiler& c, ValType type, const Operand& a, const Operand& b, Compute compute,
                   bool may_overwrite_b = false) {
    Destination d{c.find_target(type), true};
    if (d.reg == kNoRegister || (is_in(b, d.reg) && !is_in(a, d.reg) && !may_overwrite_b)) {
        const Register left = left_by(a, type);
        d = {left != kNoRegister ? left : c.take(class_of(type)), false};
    }
    compute(d.reg);
    if (!is_in(b, d.reg)) c.release(b);
    if (!is_in(a, d.reg)) c.release(a);
    finish(c, type, d);
}

}  // namespace

void visit_v128_const(FunctionCompiler& c) {
    c.push_constant(V128, reinterpret_cast<uint64_t>(c.read_bytes(sizeof(Wide))));
    if (!c.is_off(Switch::LazyOperands)) return;
    Operand constant = c.pop_any();
    c.push_register(V128, c.load(constant));
}

// ── calculations ──
void calculate(FunctionCompiler& c, const VectorBinary& shape) {
    Operand b = c.pop(V128), a = c.pop(V128);
    if (shape.is_swapped) std::swap(a, b);
    const bool b_is_better = b.kind == Kind::Register && a.kind != Kind::Register;
    if (b.kind == Kind::Memory)
        c.load(a);
    else if (shape.commutative && (b_is_better || a.kind == Kind::Constant))
        std::swap(a, b);
    const auto emit = [&](Register d) { compute(c, shape, d, a, b); };
    finish_binary(c, V128, a, b, emit, goes_anywhere(c, shape, a));
}

void calculate(FunctionCompiler& c, const VectorUnary& shape) {
    Operand a = c.pop(shape.operand);
    const Register s = c.load(a);
    const Destination d = find_destination(c, shape.result, left_by(a, shape.result));
    convert(c, shape, d.reg, s);
    if (!is_in(a, d.reg)) c.release(a);
    finish(c, shape.result, d);
}

void calculate(FunctionCompiler& c, const VectorShift& shape) {
    Operand count = c.pop(ValType::I32), a = c.pop(V128);
    finish_binary(c, V128, a, count, [&](Register d) { shift(c, shape, d, a, count); });
}

// The third operand's register takes the result: its own, or a copy.
void calculate(FunctionCompiler& c, const VectorFused& shape) {
    Operand addend = c.pop(V128), b = c.pop(V128), a = c.pop(V128);
    const Register first = c.load(a), second = c.load(b), left = left_by(addend, V128);
    const Register d = left != kNoRegister ? left : c.take(ValueClass::Vector);
    c.move_to_register(d, addend);
    fuse(c, shape, d, first, second);
    c.release(b);
    c.release(a);
    c.push_register(V128, d);
}

// ── lanes ──
void extract_lane(FunctionCompiler& c, const ExtractLane& shape) {
    const unsigned lane = read_lane(c, shape.lanes);
    Operand a = c.pop(V128);
    const Register s = c.load(a);
    const Destination d = find_destination(c, shape.result, left_by(a, shape.result));
    extract(c, shape, d.reg, s, lane);
    if (!is_in(a, d.reg)) c.release(a);
    finish(c, shape.result, d);
}

void replace_lane(FunctionCompiler& c, const ReplaceLane& shape) {
    const unsigned lane = read_lane(c, shape.lanes);
    Operand b = c.pop(shape.value), a = c.pop(V128);
    c.load(b);
    finish_binary(c, V128, a, b, [&](Register d) { replace(c, shape, d, a, b.reg, lane); });
}

void shuffle(FunctionCompiler& c) {
    const uint8_t* const lanes = read_lanes(c);
    Operand b = c.pop(V128), a = c.pop(V128);
    const bool are_same = a.in_register() && is_in(b, a.reg);
    const Shuffling shuffling = plan_shuffle(lanes, are_same);
    if (shuffling.is_swapped) std::swap(a, b);
    finish_binary(c, V128, a, b, [&](Register d) { shuffle(c, shuffling, d, a, b); });
}

// ── memory ──
namespace {

// What follows the address on the stack has been popped.
Address read_address(FunctionCompiler& c, uint64_t offset, unsigned bytes_log2) {
    return resolve(c, c.pop(c.address_type), offset, 1u << bytes_log2);
}

}  // namespace

namespace {

// Whether the opcode that comes next can have the load as its operand.
bool is_taken_by_next(const FunctionCompiler& c) {
    constexpr uint8_t kPrefix = 0xFD, kContinues = 0x80;
    const uint8_t* const pc = c.state.pc;
    if (c.last - pc < 3 || pc[0] != kPrefix) return false;
    uint32_t number = pc[1];
    if (number & kContinues) number = (number ^ kContinues) | static_cast<uint32_t>(pc[2]) << 7;
    return number < FOLDS_VECTOR_LOAD.size() && FOLDS_VECTOR_LOAD[number];
}

bool can_fold(const FunctionCompiler& c, const VectorLoad& shape, const Address& from) {
    const bool is_mode = from.index != kNoRegister && from.index != kScratch;
    return shape.folds && is_mode && c.is_better && !c.is_off(Switch::LazyOperands) && is_taken_by_next(c);
}

}  // namespace

void load(FunctionCompiler& c, const VectorLoad& shape) {
    const uint64_t offset = read_checked_memarg(c, shape.bytes_log2).offset;
    const Address from = read_address(c, offset, shape.bytes_log2);
    if (can_fold(c, shape, from)) {
        *c.state.top = {.type = V128, .kind = Kind::Memory, .reg = from.index, .is_flushed = 0, .bits = 0};
        (c.state.top++)->displacement = from.displacement;
        return;
    }
    const Destination d = find_destination(c, V128, kNoRegister);
    load_from(c, shape, d.reg, from);
    c.release(from.operand);
    finish(c, V128, d);
}

void store(FunctionCompiler& c, const VectorStore& shape) {
    const uint64_t offset = read_checked_memarg(c, shape.bytes_log2).offset;
    Operand value = c.pop(V128);
    const Register s = c.load(value);
    const Address to = read_address(c, offset, shape.bytes_log2);
    store_at(c, shape, s, to);
    c.release(value);
    c.release(to.operand);
}

void load_splat(FunctionCompiler& c, unsigned bytes_log2) {
    const uint64_t offset = read_checked_memarg(c, static_cast<uint8_t>(bytes_log2)).offset;
    const Address from = read_address(c, offset, bytes_log2);
    c.push_register(type_of_lane(bytes_log2), load_scalar(c, bytes_log2, from));
    splat(c, bytes_log2);
}

void load_lane(FunctionCompiler& c, unsigned bytes_log2) {
    const uint64_t offset = read_checked_memarg(c, static_cast<uint8_t>(bytes_log2)).offset;
    const unsigned lane = read_lane(c, sizeof(Wide) >> bytes_log2);
    Operand a = c.pop(V128);
    const Address from = read_address(c, offset, bytes_log2);
    const ValType type = type_of_lane(bytes_log2);
    const Register scalar = load_scalar(c, bytes_log2, from);
    const Operand b{.type = type, .kind = Kind::Register, .reg = scalar, .is_flushed = 0, .bits = 0};
    finish_binary(c, V128, a, b,
                  [&](Register d) { replace(c, lane_setter(bytes_log2), d, a, scalar, lane); });
}

void store_lane(FunctionCompiler& c, unsigned bytes_log2) {
    const uint64_t offset = read_checked_memarg(c, static_cast<uint8_t>(bytes_log2)).offset;
    const unsigned lane = read_lane(c, sizeof(Wide) >> bytes_log2);
    Operand a = c.pop(V128);
    const Register s = c.load(a);
    const Address to = read_address(c, offset, bytes_log2);
    const Register scalar = c.take(class_of(type_of_lane(bytes_log2)));
    extract(c, lane_getter(bytes_log2), scalar, s, lane);
    store_scalar(c, bytes_log2, scalar, to);
    c.state.free |= bit(scalar);
    c.release(a);
    c.release(to.operand);
}

}  // namespace linocut
