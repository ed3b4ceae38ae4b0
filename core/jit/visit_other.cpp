#include "jit/visit_other.hpp"

#include "jit/arch/address.hpp"
#include "jit/arch/atomic.hpp"
#include "jit/arch/row_forms.hpp"
#include "jit/bulk.hpp"
#include "jit/calls.hpp"
#include "validation/immediates.hpp"

namespace linocut {

namespace {

constexpr ValType I32 = ValType::I32, I64 = ValType::I64;

uint64_t pack(uint32_t low, uint32_t high) { return low | static_cast<uint64_t>(high) << 32; }

ValType element_type(const FunctionCompiler& c, uint32_t table) {
    return c.module.tables[table].type.element;
}
// Of addresses in it.
ValType table_address(const FunctionCompiler& c, uint32_t table) {
    return c.module.tables[table].type.address();
}
ValType memory_address(const FunctionCompiler& c, uint32_t memory) {
    return c.module.memories[memory].address();
}

}  // namespace

// ── references: one word each, null = 0 ──
void visit_ref_null(FunctionCompiler& c) {
    c.push_constant(read_heap_type(c), 0);
    if (!c.is_off(Switch::LazyOperands)) return;
    Operand null = c.pop_any();
    c.push_register(null.type, c.load(null));
}

void visit_ref_is_null(FunctionCompiler& c) {
    if (!is_reference(c.state.top[-1].type)) refuse();
    Operand reference = c.pop_any();
    reference.type = I64;  // the same word
    const Register reg = c.load(reference);
    c.state.out = emit::test(c.state.out, I64, reg);
    c.release(reference);
    const Register d = c.take(ValueClass::Int);
    c.state.out = emit::set_condition(c.state.out, Condition::Equal, d);
    c.push_register(I32, d);
}

void visit_ref_func(FunctionCompiler& c) {
    const uint32_t index = read_declared_function(c);
    const Register d = c.take(ValueClass::Int);
    if (index < c.module.imported_functions) {
        const auto cell = static_cast<int32_t>(c.layout.import_func(index));
        c.state.out = emit::load_context(c.state.out, I64, d, cell);
    } else {
        const auto declared = static_cast<uint32_t>(c.module.declared_position[index]);
        c.state.out =
            emit::context_address(c.state.out, d, static_cast<int32_t>(c.layout.func_ref(declared)));
    }
    c.push_register(ValType::FuncRef, d);
}

// ── tables ──
void visit_table_get(FunctionCompiler& c) {
    const uint32_t table = read_table(c);
    c.push_constant(I32, table);
    call_helper(c, LC_HELPER_table_get, {table_address(c, table), I32}, {element_type(c, table)});
}

void visit_table_set(FunctionCompiler& c) {
    const uint32_t table = read_table(c);
    c.push_constant(I32, table);
    call_helper(c, LC_HELPER_table_set, {table_address(c, table), element_type(c, table), I32}, {});
}

void visit_table_init(FunctionCompiler& c) {
    const uint8_t* at = c.state.pc;
    const uint32_t elem = read_elem(c), table = read_table(c);
    check_elem_fits(c, c.module.elems[elem].element, element_type(c, table), at);
    c.push_constant(I64, pack(elem, table));
    call_helper(c, LC_HELPER_table_init, {table_address(c, table), I32, I32, I64}, {});
}

void visit_elem_drop(FunctionCompiler& c) {
    c.push_constant(I32, read_elem(c));
    call_helper(c, LC_HELPER_elem_drop, {I32}, {});
}

void visit_table_copy(FunctionCompiler& c) {
    const uint8_t* at = c.state.pc;
    const uint32_t to = read_table(c), from = read_table(c);
    check_elem_fits(c, element_type(c, from), element_type(c, to), at);
    c.push_constant(I64, pack(to, from));
    const ValType target = table_address(c, to), source = table_address(c, from);
    call_helper(c, LC_HELPER_table_copy, {target, source, narrower(target, source), I64}, {});
}

void visit_table_grow(FunctionCompiler& c) {
    const uint32_t table = read_table(c);
    const ValType address = table_address(c, table);
    c.push_constant(I32, table);
    call_helper(c, LC_HELPER_table_grow, {element_type(c, table), address, I32}, {address});
}

// A number of the type that the word behind the pointer in the context is to have.
static void push_word_behind(FunctionCompiler& c, uint32_t pointer, int32_t offset, ValType type) {
    const Register d = c.take(ValueClass::Int);
    c.state.out = emit::load_pointer(c.state.out, static_cast<int32_t>(pointer));
    c.state.out = emit::load_scratch(c.state.out, type, d, offset);
    c.push_register(type, d);
}

void visit_table_size(FunctionCompiler& c) {
    const uint32_t table = read_table(c);
    push_word_behind(c, c.layout.table(table), offsetof(LcTable, size), table_address(c, table));
}

void visit_table_fill(FunctionCompiler& c) {
    const uint32_t table = read_table(c);
    const ValType address = table_address(c, table);
    c.push_constant(I32, table);
    call_helper(c, LC_HELPER_table_fill, {address, element_type(c, table), address, I32}, {});
}

// ── memory ──
void visit_memory_size(FunctionCompiler& c) {
    const uint32_t memory = read_memory(c);
    push_word_behind(c, c.layout.memory(memory), offsetof(LcMemory, pages), memory_address(c, memory));
}

// ── atomic, but no access that a stencil carries out ──
void visit_atomic_fence(FunctionCompiler& c) {
    read_order(c);
    c.state.out = emit::fence(c.state.out);
}

namespace {

// The offset becomes part of the address, which lies below so many other operands. Whether it is aligned is asked
// first.
void add_to_address(FunctionCompiler& c, size_t others, uint64_t offset, uint8_t bytes_log2) {
    Operand* const end = c.state.top;
    for (size_t i = 0; i < others; i++) c.pop_any();
    Operand address = c.pop(ValType::I64);
    check_alignment(c, address, offset, bytes_log2);
    *c.state.top = add_offset(c, address, offset, 1u << bytes_log2);
    c.owners[c.state.top->reg] = c.state.top;
    c.state.top = end;
}

// Operands and the offset, to a helper that gives a number. It has room for an offset of 32 bits; a larger one belongs
// to a memory of 64, and is added to an address that has been found to be there.
void call_atomic_helper(FunctionCompiler& c, LcHelper helper, uint8_t bytes_log2,
                        const std::vector<ValType>& others) {
    const MemArg memarg = read_atomic_memarg(c, bytes_log2);
    if (memarg.offset > UINT32_MAX) add_to_address(c, others.size(), memarg.offset, bytes_log2);
    std::vector<ValType> types{memory_address(c, memarg.memory)};
    types.insert(types.end(), others.begin(), others.end());
    c.push_constant(
        I64, pack(memarg.offset > UINT32_MAX ? 0 : static_cast<uint32_t>(memarg.offset), memarg.memory));
    types.push_back(I64);
    call_helper(c, helper, types, {I32});
}

}  // namespace

void visit_memory_atomic_notify(FunctionCompiler& c) {
    call_atomic_helper(c, LC_HELPER_atomic_notify, 2, {I32});
}
void visit_memory_atomic_wait32(FunctionCompiler& c) {
    call_atomic_helper(c, LC_HELPER_atomic_wait32, 2, {I32, I64});
}
void visit_memory_atomic_wait64(FunctionCompiler& c) {
    call_atomic_helper(c, LC_HELPER_atomic_wait64, 3, {I64, I64});
}

void visit_memory_grow(FunctionCompiler& c) {
    const uint32_t memory = read_memory(c);
    const ValType address = memory_address(c, memory);
    c.push_constant(I32, memory);
    call_helper(c, LC_HELPER_memory_grow, {address, I32}, {address});
}

void visit_memory_init(FunctionCompiler& c) {
    const uint32_t data = read_data(c), memory = read_memory(c);
    c.push_constant(I64, pack(data, memory));
    call_helper(c, LC_HELPER_memory_init, {memory_address(c, memory), I32, I32, I64}, {});
}

void visit_data_drop(FunctionCompiler& c) {
    c.push_constant(I32, read_data(c));
    call_helper(c, LC_HELPER_data_drop, {I32}, {});
}

void visit_memory_copy(FunctionCompiler& c) {
    const uint32_t to = read_memory(c), from = read_memory(c);
    if (copy_few_bytes(c)) return;
    c.push_constant(I64, pack(to, from));
    const ValType target = memory_address(c, to), source = memory_address(c, from);
    call_helper(c, LC_HELPER_memory_copy, {target, source, narrower(target, source), I64}, {});
}

void visit_memory_fill(FunctionCompiler& c) {
    const uint32_t memory = read_memory(c);
    if (fill_few_bytes(c)) return;
    const ValType address = memory_address(c, memory);
    c.push_constant(I32, memory);
    call_helper(c, LC_HELPER_memory_fill, {address, I32, address, I32}, {});
}

}  // namespace linocut
