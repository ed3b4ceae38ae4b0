// Reads one function body after the other: what validating and compiling share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "base/leb128.hpp"
#include "base/leb128_word.hpp"
#include "wasm/module.hpp"

namespace linocut {

// JS-API implementation limits (§5 of its "Implementation-defined Limits").
constexpr uint32_t kMaxLocals = 50'000;
// An operand stack may exceed the number of bytes of its function by this much.
constexpr size_t kMostSpareOperands = 1'000'000;

struct Operand;

// What changes with every opcode. A reader that compiles nothing has only `pc`.
struct State {
    const uint8_t* pc;  // the next byte to read
    uint8_t* out;       // the next byte to write
    Operand* top;       // one past the top of the operand stack
    uint64_t free;      // temporaries that hold nothing; its other bits mean nothing
};

// Neighbouring locals of one type, parameters included.
struct LocalRun {
    uint32_t end;  // the first index after them
    ValType type;
};

struct BodyReader {
    explicit BodyReader(const Module& given) : module(given) {}

    // Begins with defined function `defined`, at its locals.
    void open(uint32_t defined);
    void read_locals();
    ValType type_of_local(uint32_t index) const;

    // ── immediates ──
    uint64_t read_unsigned(unsigned bits);
    uint32_t read_u32() {
        const uint8_t* const pc = state.pc;
        if (*pc < 0x80 && pc <= last) {
            state.pc = pc + 1;
            return *pc;
        }
        if (pc < last && pc[1] < 0x80) {
            state.pc = pc + 2;
            return (pc[0] & 0x7Fu) | uint32_t{pc[1]} << 7;
        }
        if (uint64_t value; read_leb128_quickly(state.pc, last, 32, value))
            return static_cast<uint32_t>(value);
        return static_cast<uint32_t>(read_unsigned(32));
    }
    int64_t read_signed(unsigned bits);
    const uint8_t* read_bytes(ptrdiff_t count);
    ValType read_value_type();
    // Continues with the decoder's reader, and adds the function to its errors.
    template <typename Read>
    auto read_with(Read read) {
        try {
            const auto left = static_cast<size_t>(last + 1 - state.pc);
            Reader reader({state.pc, left}, offset_of(state.pc));
            const auto value = read(reader);
            state.pc += left - reader.remaining();
            return value;
        } catch (const ModuleError& error) {
            throw error.in_function(function);
        }
    }

    // ── errors ──
    uint32_t offset_of(const uint8_t* pc) const { return static_cast<uint32_t>(pc - module.bytes.data()); }
    [[noreturn]] void fail_invalid(const std::string& message, const uint8_t* at) const;
    [[noreturn]] void fail_malformed(const std::string& message, const uint8_t* at) const;
    void check_height(size_t height, size_t count) const;  // may so many be pushed above so many?

    const Module& module;
    State state{};
    const uint8_t* last = nullptr;  // the body's last byte, an `end`: every opcode begins at or before it
    const FuncType* type = nullptr;
    uint32_t function = 0;  // its index in the module
    uint32_t param_count = 0;
    uint32_t local_count = 0;
    std::vector<LocalRun> local_runs;
};

}  // namespace linocut
