// The visitors and nothing else: what is compiled here keeps no callee-saved register (CMakeLists.txt), so
// only linocut_enter_visitors may call it. Compiled twice (dispatch.hpp).
#include "jit/dispatch.hpp"

#include <span>

#include "jit/visit_control.hpp"
#include "jit/visit_exceptions.hpp"
#include "jit/visit_memory.hpp"
#include "jit/visit_numeric.hpp"
#include "jit/visit_other.hpp"
#include "jit/visit_variable.hpp"
#include "jit/visit_vector.hpp"
#include "wasm/opcode.hpp"

namespace linocut {

namespace {

template <uint8_t Prefix>
VISITOR void dispatch_prefixed(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top,
                               uint64_t free, const DispatchTable* table);

// What takes a visitor's place where the processor can do more.
struct BetterHandler {
    uint8_t byte;
    Handler handler;
};

#include "handlers.inc"

constexpr DispatchTable make_table(bool is_better) {
    DispatchTable table{};
    for (unsigned i = 0; i < 256; i++) table.by_byte[i] = HANDLERS[i];
    if (!is_better) return table;
    for (const BetterHandler& better : BETTER_HANDLERS) table.by_byte[better.byte] = better.handler;
    return table;
}
constexpr DispatchTable kPlain[2] = {make_table(false), make_table(true)};

template <uint8_t Prefix>
VISITOR void dispatch_prefixed(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top,
                               uint64_t free, const DispatchTable* table) {
    c.state = State{pc, out, top, free};
    c.opcode_at = pc - 1;
    const auto& handlers = NUMBERED_HANDLERS[Prefix - kFirstPrefix];
    const uint32_t number = c.read_u32();
    if (c.state.pc > c.last || number >= handlers.size()) refuse();
    return handlers[number](c, c.state.pc, out, top, free, table);
}

// While positions are recorded or room for code is scarce, every opcode first passes through here.
template <bool IsBetter>
VISITOR void careful(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top, uint64_t free,
                     const DispatchTable* table) {
    c.state = State{pc, out, top, free};
    prepare_carefully(c);
    return kPlain[IsBetter].by_byte[pc[-1]](c, pc, out, top, free, table);
}

constexpr DispatchTable make_careful_table(Handler careful) {
    DispatchTable table{};
    for (Handler& entry : table.by_byte) entry = careful;
    return table;
}

}  // namespace

#ifdef LINOCUT_ABLATION
const Visitors ABLATION_VISITORS[2] = {{kPlain[0], make_careful_table(careful<false>)},
                                       {kPlain[1], make_careful_table(careful<true>)}};
#else
const Visitors PRODUCT_VISITORS[2] = {{kPlain[0], make_careful_table(careful<false>)},
                                      {kPlain[1], make_careful_table(careful<true>)}};
const uint8_t* const FOLDS_LOAD = FOLDS_LOAD_OF;
const std::span<const bool> FOLDS_VECTOR_LOAD = FOLDS_VECTOR_LOAD_OF;
#endif

}  // namespace linocut
