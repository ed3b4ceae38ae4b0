// Control: blocks, branches, select, calls.
#pragma once

#include "jit/condition.hpp"
#include "jit/hot.hpp"

namespace linocut {

void visit_unreachable(FunctionCompiler& c);
void visit_block(FunctionCompiler& c);
void visit_loop(FunctionCompiler& c);
void visit_else(FunctionCompiler& c);
bool visit_end(FunctionCompiler& c);  // false: the function is complete
void visit_br(FunctionCompiler& c);
void visit_br_table(FunctionCompiler& c);
void visit_return(FunctionCompiler& c);
void visit_call(FunctionCompiler& c);
void visit_call_indirect(FunctionCompiler& c);
void visit_select_t(FunctionCompiler& c);
void visit_illegal(FunctionCompiler& c);

HOT void visit_nop(HotState&) {}

HOT void visit_drop(HotState& s) {
    if (s.top[-1].kind == Kind::Barrier) [[unlikely]] expect(s, s.top[-1], ValType::I32);
    const Operand operand = *--s.top;
    unlink(s, operand);
    give_back(s, operand);
}

// Pops an i32 and leaves "it is not zero" in the flags.
HOT void pop_condition(HotState& s) {
    Operand a = s.top[-1];
    expect(s, a, ValType::I32);
    s.top--;
    unlink(s, a);
    test_zero<ValType::I32>(s, a);
    give_back(s, a);
}

HOT void visit_br_if(HotState& s) {
    pop_condition(s);
    branch_if(s, Condition::NotEqual);
}

HOT void visit_if(HotState& s) {
    pop_condition(s);
    s.park();
    begin_if(s.c, Condition::NotEqual);
    s.unpark();
}

HOT void visit_select(HotState& s) {
    pop_condition(s);
    s.park();
    select_by_condition(s.c, Condition::NotEqual);
    s.unpark();
}

// Shared by the visitors of control and by dead_code.cpp.
struct BlockType {
    TypeSpan params, results;
};
BlockType read_block_type(FunctionCompiler& c);

}  // namespace linocut
