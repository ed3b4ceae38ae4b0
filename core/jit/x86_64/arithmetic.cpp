#include "jit/arch/arithmetic.hpp"

namespace linocut {

// The count must be in rcx: the value first leaves it, then the count moves there.
void shift_by_rcx(FunctionCompiler& c, ValType type, const Form<1, false>& form) {
    Operand count = c.pop(type), a = c.pop(type);
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
    c.state.out = encode::one(c.state.out, form, d);
    c.state.free |= bit(RCX);
    c.push_register(type, d);
}

}  // namespace linocut
