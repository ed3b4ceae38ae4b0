#include "jit/visit_exceptions.hpp"

#include "jit/calls.hpp"
#include "jit/labels.hpp"
#include "jit/visit_control.hpp"
#include "validation/immediates.hpp"

namespace linocut {

namespace {

constexpr Register kSpare = result_register(ValueClass::Int);

// The operands become the exception's values, which travel in the argument buffer one behind the other.
void store_values(FunctionCompiler& c, TypeSpan types) {
    c.ensure_room(types.size * size_t{48} + 256);
    check_values(c, types);
    Operand* const values = c.state.top - types.size;
    int32_t at = 0;
    for (uint32_t i = 0; i < types.size; i++) {
        store_in_buffer(c, values[i], at);
        at += byte_count(types[i]);
    }
    for (uint32_t i = 0; i < types.size; i++) c.discard();
}

// Words from the buffer, which the scratch register points to, into the frame.
uint8_t* load_words(uint8_t* out, int32_t from, int32_t count, int32_t displacement) {
    for (int32_t word = 0; word < count; word += kWordBytes) {
        out = emit::load_scratch(out, ValType::I64, kSpare, from + word);
        out = emit::store_frame(out, ValType::I64, kSpare, displacement + word);
    }
    return out;
}

// The code that brings the values to the label is written at the function's end. Until then a word at the end of the
// room stands for its jump there, among the other jumps that wait for the label.
void add_landing(FunctionCompiler& c, const CatchClause& clause, uint32_t module_offset) {
    const uint32_t depth = clause.label + 1;  // the block itself is open by now
    if (clause.label >= c.controls.size() - 1) refuse();
    Control& control = c.controls.at_depth(depth);
    const std::vector<ValType> values = values_of(clause, c.module);
    if (!matches(span(values), control.label_types())) refuse();
    c.landing_bytes += values.size() * 32 + 64;
    c.ensure_room(c.landing_bytes);
    c.limit -= sizeof(uint64_t);
    const TryStack::Try& entry = c.tries.innermost();
    c.tries.add_clause({clause.tag, clause.takes_reference, 0});
    Landing landing{Site(c.limit), module_offset, entry.handler, c.tries.clauses_of(entry.handler) - 1, {}};
    const bool is_in_register = travels_in_register(control);
    const size_t height = height_of(c, control);
    for (size_t i = 0; i < values.size(); i++) {
        const int32_t slot = is_in_register ? kInResultRegister : c.slot_at(height + i, values[i]);
        landing.values.push_back({values[i], slot});
    }
    c.landings.push_back(std::move(landing));
    link_jump(control, Site(c.limit));
}

// ── the legacy form ──
// What is caught stands in the slots of the block's first operands, and the exception itself in one of its own.
void receive_values(FunctionCompiler& c, TypeSpan types, TryStack::Try& entry) {
    c.ensure_room(types.size * size_t{32} + 64);
    c.state.out = emit::load_pointer(c.state.out, LC_CONTEXT_OFFSET(argument_buffer));
    int32_t at = 0;
    Operand* const first = c.state.top - types.size;
    for (uint32_t i = 0; i < types.size; i++) {
        c.state.out = load_words(c.state.out, at, byte_count(types[i]), first[i].displacement);
        at += byte_count(types[i]);
    }
    if (entry.reference == TryStack::kNoSlot)
        entry.reference = static_cast<uint32_t>(c.allocate_slot(ValType::ExnRef));
    c.state.out = load_words(c.state.out, at, kWordBytes, static_cast<int32_t>(entry.reference));
}

void begin_catch(FunctionCompiler& c, ControlKind kind, uint32_t tag, TypeSpan types) {
    Control& control = c.control();
    if (control.kind != ControlKind::Try && control.kind != ControlKind::Catch) refuse();
    if (!control.is_unreachable) leave_part(c, control);
    control.kind = kind;
    control.is_unreachable = false;
    meet_paths(c);
    c.state.free = kTemporaries;
    TryStack::Try& entry = c.tries.begin_catch();
    c.tries.add_clause({tag, true, c.place(c.state.out)});
    push_slots(c, types);
    receive_values(c, types, entry);
}

}  // namespace

uint8_t* FunctionCompiler::write_landings(uint8_t* out) {
    for (const Landing& landing : landings) {
        state.out = out;
        ensure_room(landing.values.size() * 32 + 64);
        tries.clause(landing.handler, landing.clause).landing = place(out);
        if (positions)
            positions->push_back({static_cast<uint32_t>(out - code_base), landing.module_offset, 0});
        if (!landing.values.empty()) out = emit::load_pointer(out, LC_CONTEXT_OFFSET(argument_buffer));
        int32_t at = 0;
        for (const auto& [type, displacement] : landing.values) {
            if (displacement == kInResultRegister)
                out = emit::load_scratch(out, whole_word(type), result_register(type), at);
            else
                out = load_words(out, at, byte_count(type), displacement);
            at += byte_count(type);
        }
        out = emit::jump(out);
        emit::site_before(out).lead_to(landing.jump.target());
    }
    return out;
}

// ── throwing: a helper makes the exception and unwinds ──
void visit_throw(FunctionCompiler& c) {
    const uint32_t tag = c.read_u32();
    if (tag >= c.module.tags.size()) refuse();
    store_values(c, span(c.module.type_of_tag(tag).params));
    c.push_constant(ValType::I32, tag);
    call_helper(c, LC_HELPER_throw, {ValType::I32}, {});
    c.note_call(c.tries.current());
    leave_block(c);
}

void visit_throw_ref(FunctionCompiler& c) {
    call_helper(c, LC_HELPER_throw_ref, {ValType::ExnRef}, {});
    c.note_call(c.tries.current());
    leave_block(c);
}

void visit_rethrow(FunctionCompiler& c) {
    const uint32_t depth = c.read_u32();
    if (depth >= c.controls.size() || !is_catch(c.controls.at_depth(depth).kind)) refuse();
    const TryStack::Try& entry = c.tries.of_block(c.controls.size() - depth);
    Operand exception{
        .type = ValType::ExnRef, .kind = Kind::Slot, .reg = kNoTemporary, .is_flushed = 0, .bits = 0};
    exception.displacement = static_cast<int32_t>(entry.reference);
    c.reserve_operands(1);
    *c.state.top++ = exception;
    visit_throw_ref(c);
}

// ── tries ──
void visit_try_table(FunctionCompiler& c) {
    const uint32_t module_offset = c.offset_of(c.state.pc - 1);
    const BlockType type = read_block_type(c);
    const std::vector<CatchClause> clauses = read_catches(c);
    begin_block(c, ControlKind::TryTable, type);
    c.tries.open(c.controls.size());
    for (const CatchClause& clause : clauses) add_landing(c, clause, module_offset);
}

void visit_try(FunctionCompiler& c) {
    begin_block(c, ControlKind::Try, read_block_type(c));
    c.tries.open(c.controls.size());
}

void visit_catch(FunctionCompiler& c) {
    const uint32_t tag = c.read_u32();
    if (tag >= c.module.tags.size()) refuse();
    begin_catch(c, ControlKind::Catch, tag, span(c.module.type_of_tag(tag).params));
}

void visit_catch_all(FunctionCompiler& c) {
    begin_catch(c, ControlKind::CatchAll, HandlerTable::kAnyTag, {});
}

void visit_delegate(FunctionCompiler& c) {
    const uint32_t depth = c.read_u32();
    if (c.control().kind != ControlKind::Try || depth >= c.controls.size() - 1) refuse();
    c.tries.delegate_to(c.controls.size() - 1 - depth);
    close_block(c);
}

}  // namespace linocut
