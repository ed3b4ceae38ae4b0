// select: one of two values by a condition.
#include "jit/arch/comparison.hpp"
#include "jit/condition.hpp"

namespace linocut {

namespace {

// A register that one of the operands leaves to the result, or a new one.
Register choose_result(FunctionCompiler& c, const Operand& a, const Operand& b) {
    if (a.kind == Kind::Register) return a.reg;
    if (b.kind == Kind::Register) return b.reg;
    return c.take(class_of(a.type));
}

void select_of_type(FunctionCompiler& c, Condition condition, ValType type) {
    Operand b = c.pop(type), a = c.pop(type);
    const Register target = c.find_target(type);
    const Register d = target != kNoRegister ? target : choose_result(c, a, b);
    if (b.in_register() && b.reg == d) {
        move_if(c, condition, a, d);
    } else {
        c.move_to_register(d, a);
        move_if(c, opposite(condition), b, d);
    }
    c.release(b);
    c.release(a);
    if (target != kNoRegister) return c.finish_set();
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
    c.state.out = emit::test(c.state.out, ValType::I32, reg);
    c.release(condition);
    select_of_type(c, Condition::NotEqual, type);
}

}  // namespace linocut
