// Constants, locals, globals: mostly no code at all.
#pragma once

#include "jit/hot.hpp"

namespace linocut {

// The general case of local.set and local.tee, for the local `set_index`.
void set_local(FunctionCompiler& c);

HOT void push_constant(HotState& s, ValType type, uint64_t bits) {
    s.top->bits = bits;
    push_header(s, Operand::header(type, Kind::Constant, kNoTemporary));
    if (is_off(s, Switch::LazyOperands)) materialise_top(s);
}

HOT void push_integer(HotState& s, ValType type, int64_t value) {
    push_constant(s, type,
                  type == ValType::I32 ? static_cast<uint32_t>(value) : static_cast<uint64_t>(value));
}

template <ValType Type>
HOT void visit_long_constant(HotState& s) {
    push_integer(s, Type, read_long_constant<Type == ValType::I32 ? 32 : 64>(s));
}

template <ValType Type>
HOT void visit_integer_constant(HotState& s) {
    int64_t value;
    if (read_short_constant(s, value))
        push_integer(s, Type, value);
    else
        s.next = handler<visit_long_constant<Type>>;
}

HOT void visit_i32_const(HotState& s) { visit_integer_constant<ValType::I32>(s); }
HOT void visit_i64_const(HotState& s) { visit_integer_constant<ValType::I64>(s); }

template <typename Bits>
HOT void float_constant(HotState& s, ValType type) {
    if (s.c.last - s.pc < static_cast<int64_t>(sizeof(Bits))) [[unlikely]]
        refuse();
    Bits bits;
    std::memcpy(&bits, s.pc, sizeof bits);
    s.pc += sizeof bits;
    if (bits != 0 && s.c.constant_room) {  // zero is made as cheaply as it is copied
        const auto index = static_cast<uint32_t>(
            s.call_rare<rare::pin_constant>(static_cast<uint64_t>(type), uint64_t{bits}));
        if (index != FunctionCompiler::kNoLocal) return push_local(s, s.c.locals[index], index);
    }
    push_constant(s, type, bits);
}

HOT void visit_f32_const(HotState& s) { float_constant<uint32_t>(s, ValType::F32); }
HOT void visit_f64_const(HotState& s) { float_constant<uint64_t>(s, ValType::F64); }

HOT uint32_t read_local_index(HotState& s) {
    const uint32_t index = read_index(s);
    if (index >= s.c.local_count) [[unlikely]]
        refuse();
    return index;
}

// Is the index that follows one byte, and is there such a local?
HOT bool has_short_local(const HotState& s) { return *s.pc < s.c.short_locals && s.pc < s.c.last; }

HOT void get_any_local(HotState& s) {
    const uint32_t index = read_local_index(s);
    Local& local = s.c.locals[index];
    if (local.kind == Kind::Barrier) s.call_rare<rare::touch_local>(index, true);
    push_local(s, local, index);
}

HOT void visit_local_get(HotState& s) {
    const uint32_t index = *s.pc;
    Local& local = s.c.locals[index];
    if (!has_short_local(s) || local.kind == Kind::Barrier) [[unlikely]] {
        s.next = handler<get_any_local>;
        return;
    }
    s.pc++;
    push_local(s, local, index);
}

// The value goes to a pinned local that no other operand refers to.
HOT void set_pinned(HotState& s, const Local& local, const Operand& value) {
    if (value.in_register()) {
        if (value.reg == local.reg) return;
        s.out = emit::move(s.out, local.type, value.reg, local.reg);
        return;
    }
    move_any(s, local.type, local.reg, value);
}

// With the lazy operand stack off: what local.tee leaves stays where it is.
HOT bool keeps_value(const HotState& s, const Operand& value) {
    return is_off(s, Switch::LazyOperands) && value.kind == Kind::Register;
}

template <bool IsTee>
HOT void set_any_local(HotState& s) {
    const uint32_t index = read_local_index(s);
    Local& local = s.c.locals[index];
    if (local.kind == Kind::Barrier) s.call_rare<rare::touch_local>(index, false);
    Operand value = s.top[-1];
    expect(value, local.type);
    if (local.pending != 0 || local.kind != Kind::Local) {
        s.c.set_index = index;
        s.c.set_is_tee = IsTee;
        s.next = handler<set_local>;
        return;
    }
    s.top--;
    unlink(s, value);
    set_pinned(s, local, value);
    if (IsTee && keeps_value(s, value)) return push_temporary(s, value.type, value.reg);
    give_back(s, value);
    if (IsTee) push_local(s, local, index);
}

template <bool IsTee>
HOT void write_local(HotState& s) {
    const uint32_t index = *s.pc;
    Local& local = s.c.locals[index];
    Operand value = s.top[-1];
    const bool is_plain = has_short_local(s) && local.kind == Kind::Local && local.pending == 0;
    if (!is_plain || value.type != local.type) [[unlikely]] {
        s.next = handler<set_any_local<IsTee>>;
        return;
    }
    s.pc++;
    s.top--;
    unlink(s, value);
    set_pinned(s, local, value);
    if (IsTee && keeps_value(s, value)) return push_temporary(s, value.type, value.reg);
    give_back(s, value);
    if (IsTee) push_local(s, local, index);
}

HOT void visit_local_set(HotState& s) { write_local<false>(s); }
HOT void visit_local_tee(HotState& s) { write_local<true>(s); }

// The general cases of global.get and global.set.
void get_any_global(FunctionCompiler& c);
void set_any_global(FunctionCompiler& c);

// The global that the index names, if it is a plain one and the index is short. Else null: nothing is read then.
HOT const GlobalHome* read_plain_global(HotState& s) {
    const uint8_t* after = s.pc + 1;
    uint32_t index = s.pc[0];
    if (index >= 0x80) {
        if (s.pc[1] >= 0x80) return nullptr;
        index = (index & 0x7F) | uint32_t{s.pc[1]} << 7;
        after++;
    }
    if (after > s.c.last || index >= s.c.globals.size()) return nullptr;
    const GlobalHome& global = s.c.globals[index];
    if (!global.is_plain) return nullptr;
    s.pc = after;
    return &global;
}

HOT void visit_global_get(HotState& s) {
    const GlobalHome* global = read_plain_global(s);
    if (!global) {
        s.next = handler<get_any_global>;
        return;
    }
    const Register d = take<ValueClass::Int>(s);
    s.out = global->type == ValType::I32 ? emit::load_context(s.out, ValType::I32, d, global->cell)
                                         : emit::load_context(s.out, ValType::I64, d, global->cell);
    push_temporary(s, global->type, d);
}

template <ValType Type>
HOT void store_global(HotState& s, Operand& value, int32_t cell) {
    const Register reg = in_register<Type>(s, value);
    s.out = emit::store_context(s.out, Type, reg, cell);
}

HOT void visit_global_set(HotState& s) {
    const uint8_t* const at = s.pc;
    const GlobalHome* global = read_plain_global(s);
    Operand value = s.top[-1];
    if (!global || !global->is_mutable || value.type != global->type || value.kind == Kind::Constant) {
        s.pc = at;
        s.next = handler<set_any_global>;
        return;
    }
    s.top--;
    unlink(s, value);
    if (global->type == ValType::I32)
        store_global<ValType::I32>(s, value, global->cell);
    else
        store_global<ValType::I64>(s, value, global->cell);
    give_back(s, value);
}

}  // namespace linocut
