// A constant expression (§3.3), already validated: what initialises globals, tables and segments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace linocut {

struct ConstOp {
    uint32_t opcode;  // as in Opcode (wasm/opcode.hpp)
    uint64_t
        immediate;  // value's bits, index, (v128.const) module offset of the value, or (ref.null) ValType
};

// The operations without the final `end`; none at all where a module leaves the expression out. One
// operation, by far the most common, lies in place: Go's modules have 100,000 segments, an allocation for
// each doubles the time to decode them.
class ConstExpr {
public:
    ConstExpr() = default;
    explicit ConstExpr(const ConstOp& operation) : only_(operation) {}
    explicit ConstExpr(std::span<const ConstOp> operations) {
        if (operations.size() > 1)
            allocate(operations);
        else if (!operations.empty())
            only_ = operations[0];
    }
    ConstExpr(ConstExpr&& other) noexcept : only_(std::exchange(other.only_, {none, 0})) {}
    ConstExpr& operator=(ConstExpr&& other) noexcept {
        std::swap(only_, other.only_);
        return *this;
    }
    ~ConstExpr() {
        if (only_.opcode == several) release();
    }

    bool empty() const { return only_.opcode == none; }
    size_t size() const { return only_.opcode == several ? array()->immediate : !empty(); }
    const ConstOp* begin() const { return only_.opcode == several ? array() + 1 : &only_; }
    const ConstOp* end() const { return begin() + size(); }
    const ConstOp& operator[](size_t i) const { return begin()[i]; }

private:
    enum : uint32_t { none = 0xFFFFFFFE, several = 0xFFFFFFFF };  // no opcodes
    // For several: the first element is not an operation but holds their number.
    const ConstOp* array() const { return reinterpret_cast<const ConstOp*>(only_.immediate); }
    void allocate(std::span<const ConstOp> operations);
    void release();

    ConstOp only_ = {none, 0};
};

}  // namespace linocut
