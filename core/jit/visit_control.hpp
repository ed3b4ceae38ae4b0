// Control: blocks, branches, select, calls.
#pragma once

#include "jit/condition.hpp"
#include "jit/hot.hpp"
#include "validation/immediates.hpp"

namespace linocut {

void visit_unreachable(FunctionCompiler& c);
void visit_else(FunctionCompiler& c);
void visit_br_table(FunctionCompiler& c);
void visit_return(FunctionCompiler& c);
void visit_call(FunctionCompiler& c);
void visit_call_indirect(FunctionCompiler& c);
void visit_select_t(FunctionCompiler& c);
void visit_illegal(FunctionCompiler& c);

// The general cases of the visitors below.
void open_block(FunctionCompiler& c);
void open_loop(FunctionCompiler& c);
bool close_block(FunctionCompiler& c);  // false: the function is complete
void branch(FunctionCompiler& c);

// A block of any kind; all that it finds goes to slots.
Control& begin_block(FunctionCompiler& c, ControlKind kind, const BlockType& type);
// The values of a part of it go to where they are after its end.
void leave_part(FunctionCompiler& c, Control& control);
void push_slots(FunctionCompiler& c, TypeSpan types);

HOT void visit_nop(HotState&) {}

constexpr uint8_t kByteNoType = 0x40;

HOT bool open_plain(HotState& s, ControlKind kind) {
    if (*s.pc != kByteNoType || !s.top[-1].is_flushed) return false;
    s.pc++;
    *s.top++ = Operand{.type = ValType::None, .kind = Kind::Barrier, .reg = 0, .is_flushed = 1, .bits = 0};
    const auto base = static_cast<uint32_t>(s.top - s.c.stack);
    s.c.controls.push({kind, false, base, {}, {}, s.out, nullptr, nullptr});
    return true;
}

HOT void visit_block(HotState& s) {
    if (!open_plain(s, ControlKind::Block)) s.next = handler<open_block>;
}

// Another path comes here, of which nothing is known.
HOT void meet_paths(FunctionCompiler& c) {
    c.zero_flag_at = nullptr;
    c.checked_locals.forget();
}

HOT void visit_loop(HotState& s) {
    meet_paths(s.c);
    if (!open_plain(s, ControlKind::Loop)) s.next = handler<open_loop>;
}

HOT void bind_jumps(FunctionCompiler& c, const uint8_t* target, Site newest) {
    meet_paths(c);
    while (newest) {
        const Site older = newest.next();
        newest.lead_to(target);
        newest = older;
    }
}

// One whose end concerns nothing but its jumps.
constexpr bool is_plain_block(ControlKind kind) {
    return static_cast<uint8_t>(kind) - 1u < static_cast<uint8_t>(ControlKind::Else);
}

// A block without values; its end is one of the jumps' targets.
HOT void visit_end(HotState& s) {
    Control& control = s.c.controls.back();
    const bool is_plain = control.results.size == 0 && is_plain_block(control.kind) &&
                          s.top == s.c.stack + control.base && s.pc <= s.c.last;
    if (!is_plain || (control.kind == ControlKind::If && control.params.size != 0)) {
        s.next = handler<close_block>;
        return;
    }
    if (control.kind == ControlKind::If) Site(control.else_jump).lead_to(s.out);
    bind_jumps(s.c, s.out, Site(control.jumps));
    s.c.controls.pop();
    s.top--;
    s.free = kTemporaries;
}

HOT void visit_br(HotState& s) {
    const uint32_t depth = *s.pc;
    const uint8_t follower = s.pc[1];
    if (depth < s.c.controls.size() && depth < 0x80 && follower == kByteEnd && s.pc < s.c.last) {
        Control& control = s.c.controls.at_depth(depth);
        Control& current = s.c.controls.back();
        if (control.label_types().size == 0 && s.top == s.c.stack + current.base) {
            s.pc++;
            s.out = emit::jump(s.out);
            link_jump(control, emit::site_before(s.out));
            current.is_unreachable = true;
            return;
        }
    }
    s.next = handler<branch>;
}

HOT void visit_drop(HotState& s) {
    if (s.top[-1].kind == Kind::Barrier) [[unlikely]]
        expect(s.top[-1], ValType::I32);
    const Operand operand = *--s.top;
    unlink(s, operand);
    give_back(s, operand);
}

// Pops an i32 and leaves "it is not zero" in the flags.
HOT void pop_condition(HotState& s) {
    Operand a = s.top[-1];
    expect(a, ValType::I32);
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
    s.c.condition = Condition::NotEqual;
    s.next = handler<begin_if>;
}

HOT void visit_select(HotState& s) {
    pop_condition(s);
    s.c.condition = Condition::NotEqual;
    s.next = handler<select_by_condition>;
}

}  // namespace linocut
