// Constants, locals, globals: mostly no code at all.
#pragma once

#include "jit/hot.hpp"

namespace linocut {

// The general case of local.set and local.tee: of the local `set_index`.
void set_local(FunctionCompiler& c);

HOT void push_constant(HotState& s, ValType type, uint64_t bits) {
    *s.top = Operand{.type = type, .kind = Kind::Constant, .reg = 0, .is_flushed = 0, .bits = bits};
    s.top++;
}

HOT void visit_i32_const(HotState& s) {
    push_constant(s, ValType::I32, static_cast<uint32_t>(read_constant<32>(s)));
}

HOT void visit_i64_const(HotState& s) {
    push_constant(s, ValType::I64, static_cast<uint64_t>(read_constant<64>(s)));
}

template <typename Bits>
HOT void float_constant(HotState& s, ValType type) {
    if (s.c.last - s.pc < static_cast<int64_t>(sizeof(Bits))) [[unlikely]]
        fail_unexpected_end(s.c);
    Bits bits;
    std::memcpy(&bits, s.pc, sizeof bits);
    s.pc += sizeof bits;
    push_constant(s, type, bits);
}

HOT void visit_f32_const(HotState& s) { float_constant<uint32_t>(s, ValType::F32); }
HOT void visit_f64_const(HotState& s) { float_constant<uint64_t>(s, ValType::F64); }

HOT uint32_t read_local_index(HotState& s) {
    const uint32_t index = read_index(s);
    if (index >= s.c.local_count) [[unlikely]]
        fail_unknown(s.c, "local", s.pc - 1);
    return index;
}

HOT void visit_local_get(HotState& s) {
    const uint32_t index = read_local_index(s);
    Local& local = s.c.locals[index];
    if (local.kind == Kind::Barrier) [[unlikely]]
        s.call_rare<rare::touch_local>(index, true);
    push_local(s, local, index);
}

template <ValType Type>
HOT void set_pinned(HotState& s, const Local& local, const Operand& value) {
    move_to<Type>(s, local.reg, value);
}

HOT void write_local(HotState& s, bool is_tee) {
    const uint32_t index = read_local_index(s);
    Local& local = s.c.locals[index];
    if (local.kind == Kind::Barrier) [[unlikely]]
        s.call_rare<rare::touch_local>(index, false);
    Operand value = s.top[-1];
    expect(s, value, local.type);
    const bool only_own = local.pending == 0;
    if (!only_own || local.kind != Kind::Local) {
        s.c.set_index = index;
        s.c.set_is_tee = is_tee;
        s.next = handler<set_local>;
        return;
    }
    s.top--;
    unlink(s, value);
    switch (local.type) {
    case ValType::I32: set_pinned<ValType::I32>(s, local, value); break;
    case ValType::F32: set_pinned<ValType::F32>(s, local, value); break;
    case ValType::F64: set_pinned<ValType::F64>(s, local, value); break;
    default: set_pinned<ValType::I64>(s, local, value); break;
    }
    give_back(s, value);
    if (is_tee) push_local(s, local, index);
}

HOT void visit_local_set(HotState& s) { write_local(s, false); }
HOT void visit_local_tee(HotState& s) { write_local(s, true); }

void visit_global_get(FunctionCompiler& c);
void visit_global_set(FunctionCompiler& c);

}  // namespace linocut
