// What the one pass keeps: operands that are not code yet, locals, control frames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "jit/emit.hpp"
#include "wasm/types.hpp"

namespace linocut {

// Where an operand's value is. The order lets "is it in a register?" be one comparison.
enum class Kind : uint8_t {
    Barrier,    // no value: the bottom of a block
    LocalSlot,  // a local whose home is the frame: its value at the time of local.get
    Local,      // a pinned local, likewise
    Register,   // a temporary register of its own
    Slot,       // its slot in the frame
    Constant,
    Memory,  // a load that the next instruction takes as its memory operand
};

// An entry of the operand stack: nothing is emitted for it until it is consumed.
struct Operand {
    ValType type;
    Kind kind;
    Register reg;         // Local, Register; of the address: Memory; else none of the temporaries
    uint16_t is_flushed;  // this one and all below it are constants or in their slots
    union {
        uint64_t bits;  // Constant
        struct {
            uint32_t local;     // Local, LocalSlot
            uint32_t previous;  // position + 1 of the next older pending reference to that local, or 0
        };
        int32_t displacement;  // Slot: from rsp; Memory: from the address
    };

    bool in_register() const { return (static_cast<uint8_t>(kind) | 1) == 3; }
    bool is_local() const { return kind == Kind::Local || kind == Kind::LocalSlot; }

    // The first eight bytes of one that is not flushed.
    static constexpr uint64_t header(ValType type, Kind kind, Register reg) {
        return static_cast<uint32_t>(type) | uint64_t{static_cast<uint8_t>(kind)} << 32 | uint64_t{reg} << 40;
    }
};
static_assert(sizeof(Operand) == 16);

// A local. Its first eight bytes are the first eight bytes of an operand that refers to it.
struct Local {
    ValType type;  // known once it is touched
    Kind kind;     // Barrier = not touched yet, Local = pinned, LocalSlot = in the frame
    Register reg;  // of one that is pinned, or will be; else NO_REGISTER
    uint16_t zero;
    int32_t displacement;  // LocalSlot: from rsp
    uint32_t pending;      // position + 1 of the newest operand that refers to it, or 0
};
static_assert(sizeof(Local) == 16);
constexpr Local UNTOUCHED{.type = ValType::None,
                          .kind = Kind::Barrier,
                          .reg = NO_REGISTER,
                          .zero = 0,
                          .displacement = 0,
                          .pending = 0};

enum class ControlKind : uint8_t { Function, Block, Loop, If, Else };

// A span of value types: a block's parameters or results.
struct TypeSpan {
    const ValType* data = nullptr;
    uint32_t size = 0;
    ValType operator[](uint32_t i) const { return data[i]; }
};
inline TypeSpan span(const std::vector<ValType>& types) {
    return {types.data(), static_cast<uint32_t>(types.size())};
}

// A control frame (spec: appendix A.3) and its label's jumps.
struct Control {
    ControlKind kind;
    bool is_unreachable;  // after an unconditional branch: only the end can be reached
    uint32_t base;        // position of the first operand above the barrier
    TypeSpan params, results;
    uint8_t* loop_start;  // Loop: the target
    uint8_t* jumps;       // newest rel32 field that waits for the end, linked through the fields; or null
    uint8_t* else_jump;   // If: the field of the jump to the else part

    TypeSpan label_types() const { return kind == ControlKind::Loop ? params : results; }
};
static_assert(sizeof(Control) == 64);  // a br_table finds thousands of labels, each with a shift

// The control frames of one function. Room for all that its body can open is reserved beforehand.
class ControlStack {
public:
    void reset(size_t most) {
        if (most > capacity_) {
            const size_t capacity = most + most / 2;
            storage_.reset(new std::byte[capacity * sizeof(Control)]);
            capacity_ = capacity;
        }
        end_ = begin();
    }
    size_t capacity() const { return capacity_; }
    size_t size() const { return static_cast<size_t>(end_ - begin()); }
    bool empty() const { return end_ == begin(); }
    Control& back() { return end_[-1]; }
    Control& front() { return *begin(); }
    Control& at_depth(uint32_t depth) { return end_[-1 - static_cast<ptrdiff_t>(depth)]; }
    // How many frames lie around this one, which is on the stack.
    size_t depth_of(const Control& control) const { return static_cast<size_t>(&control - begin()); }
    void push(const Control& control) { *end_++ = control; }
    void pop() { end_--; }

private:
    Control* begin() const { return reinterpret_cast<Control*>(storage_.get()); }

    std::unique_ptr<std::byte[]> storage_;
    size_t capacity_ = 0;
    Control* end_ = nullptr;
};

}  // namespace linocut
