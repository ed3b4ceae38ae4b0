#include "jit/dispatch.hpp"

#include "jit/visit_control.hpp"
#include "jit/visit_memory.hpp"
#include "jit/visit_numeric.hpp"
#include "jit/visit_other.hpp"
#include "jit/visit_variable.hpp"

namespace linocut {

namespace {

void dispatch_prefix_fc(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top, uint64_t free,
                        const DispatchTable* table);

#include "handlers.inc"

constexpr DispatchTable make_table() {
    DispatchTable table{};
    for (unsigned i = 0; i < 256; i++) table.by_byte[i] = HANDLERS[i];
    return table;
}

constexpr DispatchTable PLAIN = make_table();

void dispatch_prefix_fc(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top, uint64_t free,
                        const DispatchTable* table) {
    c.state = State{pc, out, top, free};
    const uint32_t number = c.read_u32();
    if (c.state.pc > c.last) c.fail_malformed("unexpected end", pc);
    if (number >= sizeof HANDLERS_FC / sizeof *HANDLERS_FC)
        c.fail_malformed("illegal opcode 0xFC " + std::to_string(number), pc - 1);
    return HANDLERS_FC[number](c, c.state.pc, out, top, free, table);
}

// While positions are recorded or room for code is scarce, every opcode first comes by here.
void careful(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top, uint64_t free,
             const DispatchTable* table) {
    c.state = State{pc, out, top, free};
    c.ensure_room(0);
    // A load that this opcode takes as its memory operand has emitted nothing yet: what comes is its code too.
    const bool completes_load = top[-1].kind == Kind::Memory;
    if (c.positions && !completes_load) {
        c.positions->push_back({static_cast<uint32_t>(out - c.code_base), c.offset_of(pc - 1), pc[-1]});
    }
    return HANDLERS[pc[-1]](c, pc, out, top, free, table);
}

constexpr DispatchTable make_careful_table() {
    DispatchTable table{};
    for (Handler& entry : table.by_byte) entry = careful;
    return table;
}

constexpr DispatchTable CAREFUL = make_careful_table();

// The most machine code that a byte of wasm becomes, but for what calls ensure_room() itself.
constexpr size_t MOST_CODE_PER_BYTE = 256;

}  // namespace

const uint8_t* const FOLDS_LOAD = FOLDS_LOAD_OF;

void run(FunctionCompiler& c) {
    const auto body = static_cast<size_t>(c.last - c.state.pc + 1);
    const auto room = static_cast<size_t>(c.limit - c.state.out);
    const bool is_careful = c.positions || room / MOST_CODE_PER_BYTE < body + OPCODE_BYTES;
    const DispatchTable* table = is_careful ? &CAREFUL : &PLAIN;
    const State s = c.state;
    table->by_byte[*s.pc](c, s.pc + 1, s.out, s.top, s.free, table);
}

}  // namespace linocut
