// Control frames (spec: appendix A.3): of a compiler, which has jumps to patch in them, and of the validator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "wasm/types.hpp"

namespace linocut {

// The opcodes that end a frame, or a part of it.
constexpr uint8_t kByteEnd = 0x0B, kByteElse = 0x05;
constexpr uint8_t kByteCatch = 0x07, kByteDelegate = 0x18, kByteCatchAll = 0x19;

// Those from TryTable on have to do with exceptions: the last three are the parts of a legacy try.
enum class ControlKind : uint8_t { Function, Block, Loop, If, Else, TryTable, Try, Catch, CatchAll };

constexpr bool has_handler(ControlKind kind) { return kind >= ControlKind::TryTable; }
constexpr bool is_catch(ControlKind kind) { return kind >= ControlKind::Catch; }

// Whether the opcode ends what is at hand of a frame of that kind, if it does not open another one before.
constexpr bool ends_part(uint8_t byte, ControlKind kind) {
    if (byte == kByteEnd || byte == kByteElse) return true;
    return kind >= ControlKind::Try && (byte == kByteCatch || byte == kByteCatchAll || byte == kByteDelegate);
}

// A span of value types: a block's parameters or results.
struct TypeSpan {
    const ValType* data = nullptr;
    uint32_t size = 0;
    ValType operator[](uint32_t i) const { return data[i]; }
};
inline TypeSpan span(const std::vector<ValType>& types) {
    return {types.data(), static_cast<uint32_t>(types.size())};
}

inline bool matches(TypeSpan subs, TypeSpan supers) {
    if (subs.size != supers.size) return false;
    for (uint32_t i = 0; i < subs.size; i++)
        if (!matches(subs[i], supers[i])) return false;
    return true;
}

// A control frame (spec: appendix A.3) and its label's jumps.
struct Control {
    ControlKind kind;
    bool is_unreachable;  // after an unconditional branch: only the end can be reached
    uint32_t base;        // position of the first operand above the barrier
    TypeSpan params, results;
    uint8_t* loop_start;  // Loop: the target
    uint8_t*
        jumps;  // where the site of the newest jump is that waits for the end (jit/arch/emit.hpp); or null
    uint8_t* else_jump;  // If: that of the jump to the else part

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
    std::span<const Control> frames() const { return {begin(), size()}; }  // the outermost first
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
