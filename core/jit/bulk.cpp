#include "jit/bulk.hpp"

#include <algorithm>
#include <bit>

#include "jit/arch/address.hpp"
#include "jit/arch/vector.hpp"

namespace linocut {

namespace {

constexpr uint32_t kMostBytes = 64;  // what all temporaries of class Vector hold at once
constexpr unsigned kMostPieces = 4;

struct Piece {
    uint8_t at, bytes_log2;
};

// They cover so many bytes; the last two may overlap.
struct Pieces {
    explicit Pieces(uint32_t bytes) {
        if (bytes == 3) {
            add(0, 1);
            add(2, 0);
            return;
        }
        const auto log2 = std::min(4, static_cast<int>(std::bit_width(bytes)) - 1);
        const uint32_t size = 1u << log2;
        for (uint32_t at = 0; at < bytes; at += size) add(std::min(at, bytes - size), log2);
    }
    void add(uint32_t at, int log2) { all[count++] = {static_cast<uint8_t>(at), static_cast<uint8_t>(log2)}; }

    Piece all[kMostPieces];
    unsigned count = 0;
};

// Popped. Nobody gives its register back but release().
struct Range {
    Operand operand;
    Address at;  // of the byte behind the last one
    uint32_t bytes;

    Range(FunctionCompiler& c, const Operand& popped, uint32_t bytes)
        : operand(popped), at(resolve(c, popped, bytes, 1)), bytes(bytes) {
        operand = at.operand;
        at.operand = Operand{
            .type = ValType::I32, .kind = Kind::Constant, .reg = kNoTemporary, .is_flushed = 0, .bits = 0};
    }
    Address piece(const Piece& piece) const {
        Address address = at;
        address.displacement += static_cast<int32_t>(piece.at) - static_cast<int32_t>(bytes);
        return address;
    }
};

bool is_few(const FunctionCompiler& c, const Operand& count) {
    return c.has_plain_memory && count.kind == Kind::Constant && count.type == ValType::I32 &&
           count.bits != 0 && count.bits <= kMostBytes && !c.is_off(Switch::Immediates);
}

bool are_addresses(const Operand& a, const Operand& b) {
    return a.type == ValType::I32 && b.type == ValType::I32;
}

Register load_piece(FunctionCompiler& c, const Piece& piece, const Range& from) {
    if (piece.bytes_log2 < 4) return load_scalar(c, piece.bytes_log2, from.piece(piece));
    const Register d = c.take(ValueClass::Vector);
    load_vector(c, d, from.piece(piece));
    return d;
}

void store_piece(FunctionCompiler& c, const Piece& piece, Register s, const Range& to) {
    if (piece.bytes_log2 < 4) return store_scalar(c, piece.bytes_log2, s, to.piece(piece));
    store_vector(c, s, to.piece(piece));
}

// A vector with that byte everywhere, or an integer for the smallest pieces.
Register load_pattern(FunctionCompiler& c, uint64_t value, const Piece& piece) {
    const uint64_t pattern = (value & 0xFF) * 0x0101010101010101;
    if (piece.bytes_log2 < 2) {
        const Register d = c.take(ValueClass::Int);
        c.state.out = emit::constant_keeping_flags(c.state.out, d, pattern & 0xFFFF);
        return d;
    }
    const Register d = c.take(ValueClass::Vector);
    c.move_wide(d, {{pattern, pattern}});
    return d;
}

}  // namespace

// All is read before anything is written, so that the two may overlap. The end is written first: where it is out of
// bounds, nothing has been written.
bool copy_few_bytes(FunctionCompiler& c) {
    const Operand* const top = c.state.top;
    if (!is_few(c, top[-1]) || !are_addresses(top[-2], top[-3])) return false;
    const auto bytes = static_cast<uint32_t>(c.pop_any().bits);
    const Operand source = c.pop_any(), target = c.pop_any();
    const Pieces pieces(bytes);
    const Range from(c, source, bytes), to(c, target, bytes);
    Register held[kMostPieces];
    for (unsigned i = 0; i < pieces.count; i++) held[i] = load_piece(c, pieces.all[i], from);
    for (unsigned i = pieces.count; i-- > 0;) {
        store_piece(c, pieces.all[i], held[i], to);
        c.state.free |= bit(held[i]);
    }
    c.release(from.operand);
    c.release(to.operand);
    return true;
}

bool fill_few_bytes(FunctionCompiler& c) {
    const Operand* const top = c.state.top;
    const bool is_constant = top[-2].kind == Kind::Constant;
    if (!is_few(c, top[-1]) || !is_constant || !are_addresses(top[-2], top[-3])) return false;
    const auto bytes = static_cast<uint32_t>(c.pop_any().bits);
    const uint64_t value = c.pop_any().bits;
    const Operand target = c.pop_any();
    const Pieces pieces(bytes);
    const Range to(c, target, bytes);
    const Register pattern = load_pattern(c, value, pieces.all[0]);
    for (unsigned i = pieces.count; i-- > 0;) store_piece(c, pieces.all[i], pattern, to);
    c.state.free |= bit(pattern);
    c.release(to.operand);
    return true;
}

}  // namespace linocut
