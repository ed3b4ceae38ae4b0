// What the one pass keeps of values: operands that are not code yet, and locals.
#pragma once

#include <cstdint>
#include <cstring>

#include "jit/arch/emit.hpp"
#include "wasm/value_class.hpp"

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
        uint64_t bits;  // Constant; of a v128 where its bytes are in the module
        struct {
            uint32_t local;     // Local, LocalSlot
            uint32_t previous;  // position + 1 of the next older pending reference to that local, or 0
        };
        int32_t displacement;  // Slot: from the stack pointer; Memory: from the address
    };

    bool in_register() const { return (static_cast<uint8_t>(kind) | 1) == 3; }
    bool is_local() const { return kind == Kind::Local || kind == Kind::LocalSlot; }

    // Of a constant.
    Wide wide() const {
        Wide value;
        std::memcpy(&value, reinterpret_cast<const void*>(bits), sizeof value);
        return value;
    }
    uint64_t word(unsigned index) const { return width_of(type) == 16 ? wide().words[index] : bits; }

    // The first eight bytes of one that is not flushed.
    static constexpr uint64_t header(ValType type, Kind kind, Register reg) {
        return static_cast<uint32_t>(type) | uint64_t{static_cast<uint8_t>(kind)} << 32 | uint64_t{reg} << 40;
    }
};
static_assert(sizeof(Operand) == 16);

// An address in memory 0 as an instruction has it.
struct Address {
    Operand operand;  // what it came from
    Register index;   // or kNoRegister
    int32_t displacement;
};

// A local. Its first eight bytes are the first eight bytes of an operand that refers to it.
struct Local {
    ValType type;  // known once it is touched
    Kind kind;     // Barrier = not touched yet, Local = pinned, LocalSlot = in the frame
    Register reg;  // of one that is pinned, or will be; else kNoRegister
    uint16_t zero;
    int32_t displacement;  // LocalSlot: from the stack pointer
    uint32_t pending;      // position + 1 of the newest operand that refers to it, or 0
};
static_assert(sizeof(Local) == 16);
constexpr Local kUntouched{.type = ValType::None,
                           .kind = Kind::Barrier,
                           .reg = kNoRegister,
                           .zero = 0,
                           .displacement = 0,
                           .pending = 0};

}  // namespace linocut
