// select, and a comparison of floats for equality that becomes a value.
#include "jit/condition.hpp"

namespace linocut {

namespace {

// d = source, if the condition holds.
void move_if(FunctionCompiler& c, Condition condition, Operand& source, Register d) {
    if (class_of(source.type) == ValueClass::Vector) {
        c.state.out = emit::jump_if(c.state.out, opposite(condition));
        uint8_t* const skip = c.state.out - 4;
        c.move_to_register(d, source);
        emit::patch_relative(skip, c.state.out);
        c.zero_flag_at = nullptr;
        return;
    }
    const auto& form = width_of(source.type) == 4 ? forms::move_if32 : forms::move_if64;
    c.state.out = emit::move_if(c.state.out, form, condition, c.load(source), d);
}

// A register that one of the operands leaves to the result, or a new one.
Register choose_result(FunctionCompiler& c, const Operand& a, const Operand& b) {
    if (a.kind == Kind::Register) return a.reg;
    if (b.kind == Kind::Register) return b.reg;
    return c.take(class_of(a.type));
}

void select_of_type(FunctionCompiler& c, Condition condition, ValType type) {
    Operand b = c.pop(type), a = c.pop(type);
    const Register target = c.find_target(type);
    const Register d = target != NO_REGISTER ? target : choose_result(c, a, b);
    if (b.in_register() && b.reg == d) {
        move_if(c, condition, a, d);
    } else {
        c.move_to_register(d, a);
        move_if(c, opposite(condition), b, d);
    }
    c.release(b);
    c.release(a);
    if (target != NO_REGISTER) return c.finish_set();
    c.push_register(type, d);
}

}  // namespace

void select_by_condition(FunctionCompiler& c) {
    const ValType type = c.state.top[-1].type;
    if (type == ValType::None || is_reference(type)) refuse();
    select_of_type(c, c.condition, type);
}

void visit_select_t(FunctionCompiler& c) {
    if (c.read_u32() != 1) refuse();
    const ValType type = c.read_value_type();
    Operand condition = c.pop(ValType::I32);
    const Register reg = c.load(condition);
    c.state.out = emit::two(c.state.out, forms::i32_eq.test, reg, reg);
    c.release(condition);
    select_of_type(c, Condition::NotEqual, type);
}

// ucomis: equal is ZF and not PF. As a branch two jumps, as a value two bytes.
void use_float_equality(FunctionCompiler& c) {
    Condition condition = c.condition;
    while (*c.state.pc == BYTE_I32_EQZ) {
        c.state.pc++;
        condition = opposite(condition);
    }
    // A value first: the rare case is not worth more code here.
    const bool equal = condition == Condition::Equal;
    Operand none{
        .type = ValType::I32, .kind = Kind::Constant, .reg = NO_TEMPORARY, .is_flushed = 0, .bits = 0};
    const Register d = c.load(none);
    Operand other{
        .type = ValType::I32, .kind = Kind::Constant, .reg = NO_TEMPORARY, .is_flushed = 0, .bits = 0};
    const Register e = c.load(other);
    uint8_t* out = c.state.out;
    out = emit::set_condition(out, equal ? Condition::NoParity : Condition::Parity, d);
    out = emit::set_condition(out, condition, e);
    out = emit::two(out, equal ? forms::and_condition : forms::or_condition, e, d);
    c.zero_flag_at = out;
    c.zero_flag_register = d;
    c.state.out = out;
    c.release(other);
    c.state.free &= ~bit(d);
    c.push_register(ValType::I32, d);
}

}  // namespace linocut
