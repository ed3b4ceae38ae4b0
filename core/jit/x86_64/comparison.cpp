#include "jit/arch/comparison.hpp"

#include "jit/condition.hpp"

namespace linocut {

// There is no conditional move of vector registers: a jump goes over a plain one.
void move_if(FunctionCompiler& c, Condition condition, Operand& source, Register d) {
    if (class_of(source.type) == ValueClass::Vector) {
        c.state.out = emit::jump_if(c.state.out, opposite(condition));
        const Site skip = emit::site_before(c.state.out);
        c.move_to_register(d, source);
        skip.lead_to(c.state.out);
        c.zero_flag_at = nullptr;
        return;
    }
    const auto& form = width_of(source.type) == 4 ? forms::move_if32 : forms::move_if64;
    const Register s = c.load(source);
    c.state.out = encode::move_if(c.state.out, form, condition, s, d);
}

namespace {

// A register that is zero.
Register take_zero(FunctionCompiler& c) {
    Operand zero{
        .type = ValType::I32, .kind = Kind::Constant, .reg = kNoTemporary, .is_flushed = 0, .bits = 0};
    return c.load(zero);
}

}  // namespace

// Makes a value first, from two bytes: the rare case is not worth more code here.
void use_float_equality(FunctionCompiler& c) {
    Condition condition = c.condition;
    while (*c.state.pc == kByteI32Eqz) {
        c.state.pc++;
        condition = opposite(condition);
    }
    const bool equal = condition == Condition::Equal;
    const Register d = take_zero(c), e = take_zero(c);
    uint8_t* out = c.state.out;
    out = encode::set_condition(out, equal ? Condition::NoParity : Condition::Parity, d);
    out = encode::set_condition(out, condition, e);
    out = encode::two(out, equal ? forms::and_condition : forms::or_condition, e, d);
    c.zero_flag_at = out;
    c.zero_flag_register = d;
    c.state.out = out;
    c.state.free |= bit(e);
    c.push_register(ValType::I32, d);
}

}  // namespace linocut
