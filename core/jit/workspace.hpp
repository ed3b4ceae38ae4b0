// The memory that compiling needs and that outlives it: the next compilation finds it allocated and its
// pages there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "code/places.hpp"
#include "code/try_stack.hpp"
#include "jit/operand.hpp"
#include "validation/control_stack.hpp"
#include "wasm/trap_kind.hpp"

namespace linocut {

// A jump to a cold site: what the trap needs to be found again.
struct TrapSite {
    Site site;               // of the jump
    uint32_t module_offset;  // of the opcode
    TrapKind kind;
};

// A stencil's reference to its constants, which follow the function.
struct ConstantSite {
    Site site;
    const uint8_t* constants;
    uint8_t offset, length;
};

// An instruction's reference to a constant of class Vector, which follows the function.
template <typename Bits>
struct LiteralSite {
    Site site;
    Bits bits;
};

// The slow half of an indirect call: the callee belongs to another instance.
struct SwitchSite {
    Site site;  // of the jump there
    uint8_t* resume;
    uint32_t module_offset;
    uint32_t handler;  // around the call (code/handler_table.hpp)
};

// Where a catch clause of try_table goes on: code that brings the values from the argument buffer to its label.
struct Landing {
    struct Value {
        ValType type;
        int32_t displacement;  // of its slot, or kInResultRegister
    };
    Site jump;               // leads from nowhere to the label
    uint32_t module_offset;  // of the opcode
    uint32_t handler;
    size_t clause;  // among the handler's
    std::vector<Value> values;
};
constexpr int32_t kInResultRegister = -1;

// Neighbouring indices of a br_table with one label; the last run is open-ended, it holds the default.
struct LabelRun {
    uint32_t first;
    uint32_t depth;
};

// A table of sites in the code, for a jump through it (jit/arch/jump_table.hpp).
struct JumpTable {
    uint8_t* start;
    size_t size;  // in sites
    Site site(size_t index) const { return Site(start + Site::kBytes * index); }
};

// A call of a function that has no code yet.
struct WaitingCall {
    uint32_t at;  // of its site, from the code's base
    uint32_t callee;
};

// A local that the code uses.
struct Touched {
    uint32_t index;
    bool needs_zero;  // read before it is surely written
};

// The operand stack's memory.
class OperandStorage {
public:
    size_t capacity() const { return capacity_; }
    Operand* begin() const { return reinterpret_cast<Operand*>(bytes_.get()); }
    // What was there is gone.
    void allocate(size_t capacity) {
        bytes_.reset(new std::byte[capacity * sizeof(Operand)]);
        capacity_ = capacity;
    }

private:
    std::unique_ptr<std::byte[]> bytes_;
    size_t capacity_ = 0;
};

struct Workspace {
    OperandStorage operands;
    ControlStack controls;
    std::vector<Local> local_storage;        // between functions all equal kUntouched
    std::vector<int32_t> slots[kMostWords];  // by words and height: the slot of an operand there, or -1
    std::vector<Touched> touched;            // locals in the order of first use
    std::vector<Place> arrivals;             // by parameter
    std::vector<uint64_t> uses;              // by local: how often it is used, for prescan()
    std::vector<uint32_t> ranked;            // locals, for prescan()
    std::vector<uint32_t> chosen;            // locals that prescan() gave a register
    std::vector<uint8_t> prologue;
    std::vector<uint32_t> label_depths;
    std::vector<LabelRun> label_runs;

    // ── what a function leaves to be written or patched at its end ──
    std::vector<TrapSite> traps;
    std::vector<ConstantSite> constants;
    std::vector<LiteralSite<uint64_t>> literals;
    std::vector<LiteralSite<Wide>> wide_literals;
    std::vector<SwitchSite> switches;
    std::vector<JumpTable> jump_tables;
    std::vector<Landing> landings;
    size_t landing_bytes = 0;  // of code, at most
    TryStack tries;

    size_t bytes() const;
};

// The calling thread's workspace; a second one on the same thread begins empty.
Workspace take_workspace();
// Keeps it for the thread's next compilation, unless it has become large.
void keep_workspace(Workspace workspace);

}  // namespace linocut
