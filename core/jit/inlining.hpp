// Calls of tiny functions without calls and control flow: their bodies are compiled where the calls stand.
//
// The callee's bytes are written anew for the caller. What was a parameter becomes the caller's local or the constant
// that it was given, and otherwise a local of its own behind the caller's; then the visitors visit these bytes as if
// they stood in the caller. Nothing but the positions of traps tells them apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "wasm/types.hpp"

namespace linocut {

struct FunctionCompiler;
struct Position;

// Compiles the callee's body, if it is one for that; the call, which begins at `call`, has been read. Else false, and
// nothing has happened.
bool inline_call(FunctionCompiler& c, uint32_t defined, const uint8_t* call);

// A function that may be inlined.
struct Callee {
    static constexpr uint32_t kMostBytes = 40;  // of its body
    static constexpr uint32_t kMostLocals = 8;  // parameters included

    struct Local {
        ValType type = ValType::None;
        uint8_t reads = 0;
        bool is_set = false;
        bool is_read_first = false;
    };
    // A local.get, .set or .tee.
    struct Access {
        uint8_t at, length, index;  // `at`: from the first opcode
    };

    const FuncType* type = nullptr;
    const uint8_t* code = nullptr;  // its first opcode
    const uint8_t* last = nullptr;  // its end
    uint32_t local_count = 0;
    uint32_t access_count = 0;
    Local locals[kMostLocals];
    Access accesses[kMostBytes / 2];

    uint32_t param_count() const { return static_cast<uint32_t>(type->params.size()); }
    size_t bytes() const { return static_cast<size_t>(last - code); }
};

// What inlined calls need, and leave, while functions are compiled.
struct Inlining {
    static constexpr uint32_t kOwnLocals = 16;  // for callees, in a caller
    // Two bytes become a constant of eleven at most, and a local.set of the caller follows.
    static constexpr size_t kRewrittenBytes = Callee::kMostBytes / 2 * 11 + 16;
    // Visitors look at bytes beyond the last one.
    static constexpr size_t kMargin = 16;

    // ── the callee that is being compiled ──
    bool holds(const uint8_t* pc) const { return static_cast<size_t>(pc - bytes) < sizeof bytes; }
    // Where the opcode came from; while positions are recorded, as a place that complete() knows more of.
    uint32_t offset_of(const uint8_t* pc, bool is_recorded);
    uint8_t bytes[kRewrittenBytes + kMargin] = {};
    uint32_t offsets[kRewrittenBytes + kMargin] = {};  // by byte: in the module, kIsInlined if in the callee
    uint32_t call_offset = 0;                          // in the module

    // ── places in inlined bodies, while positions are recorded ──
    struct Origin {
        uint32_t module_offset, call_offset;
    };
    static constexpr uint32_t kIsInlined = uint32_t{1} << 31;  // no module is so long
    std::vector<Origin> origins;                               // by place, without that bit
    void complete(Position& position) const;

    // ── the caller ──
    void begin(size_t body_bytes);
    uint32_t own_count = 0;  // of its locals for callees
    size_t budget = 0;       // bytes that may still be inlined

    static constexpr uint32_t kUnfit = 1;
    bool is_unfit(uint32_t defined) const { return known[defined] == kUnfit; }
    std::vector<uint32_t> known;  // by defined function: what find_callee() knows of it
    std::vector<Callee> callees;
};

}  // namespace linocut
