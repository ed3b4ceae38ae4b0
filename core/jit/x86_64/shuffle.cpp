#include "jit/arch/shuffle.hpp"

#include <algorithm>
#include <optional>

#include "jit/arch/encode.hpp"
#include "jit/arch/row_forms.hpp"

namespace linocut {

namespace {

constexpr unsigned kLanes = sizeof(Wide);
using Lanes = uint8_t[kLanes];

template <typename Predicate>
bool all_lanes(const Lanes& lanes, Predicate predicate) {
    for (unsigned i = 0; i < kLanes; i++)
        if (!predicate(lanes[i], i)) return false;
    return true;
}

bool is_from_a(uint8_t lane) { return lane < kLanes; }

// ── whole elements of several bytes ──
// The lanes as numbers of elements, if none is torn apart.
template <unsigned Bytes>
std::optional<std::array<uint8_t, kLanes / Bytes>> elements(const Lanes& lanes) {
    std::array<uint8_t, kLanes / Bytes> found;
    for (unsigned i = 0; i < kLanes; i++) {
        if (lanes[i] % Bytes != i % Bytes || lanes[i] / Bytes != lanes[i - i % Bytes] / Bytes) return {};
        found[i / Bytes] = lanes[i] / Bytes;
    }
    return found;
}

// pshufd and shufps select each dword of the result by two bits.
int select_dwords(const std::array<uint8_t, 4>& dwords) {
    int selection = 0;
    for (unsigned i = 0; i < 4; i++) selection |= (dwords[i] & 3) << (2 * i);
    return selection;
}

// ── instructions of two operands ──
// Elements of a half of both, in turns.
template <unsigned Bytes>
bool is_unpack(const Lanes& lanes, bool high) {
    const auto found = elements<Bytes>(lanes);
    if (!found) return false;
    constexpr unsigned count = kLanes / Bytes;
    for (unsigned i = 0; i < count; i++)
        if ((*found)[i] != i / 2 + (high ? count / 2 : 0) + (i % 2 ? count : 0)) return false;
    return true;
}

const Form<2, false>* find_unpack(const Lanes& lanes) {
    if (is_unpack<1>(lanes, false)) return &forms::punpcklbw;
    if (is_unpack<1>(lanes, true)) return &forms::punpckhbw;
    if (is_unpack<2>(lanes, false)) return &forms::punpcklwd;
    if (is_unpack<2>(lanes, true)) return &forms::punpckhwd;
    if (is_unpack<4>(lanes, false)) return &forms::punpckldq;
    if (is_unpack<4>(lanes, true)) return &forms::punpckhdq;
    if (is_unpack<8>(lanes, false)) return &forms::punpcklqdq;
    if (is_unpack<8>(lanes, true)) return &forms::punpckhqdq;
    return nullptr;
}

// palignr takes sixteen bytes in a row out of b's and, above them, a's.
bool is_align(const Lanes& lanes) {
    const unsigned first = (lanes[0] + kLanes) % (2 * kLanes);
    return first < kLanes &&
           all_lanes(
               lanes, [&](uint8_t lane, unsigned i) { return (lane + kLanes) % (2 * kLanes) == first + i; });
}

// pblendw takes each word from where it stands in one of the two.
std::optional<int> find_blend(const Lanes& lanes) {
    const auto words = elements<2>(lanes);
    if (!words) return {};
    int from_b = 0;
    for (unsigned i = 0; i < words->size(); i++) {
        if ((*words)[i] % words->size() != i) return {};
        from_b |= ((*words)[i] >= words->size()) << i;
    }
    return from_b;
}

// shufps takes two dwords of a, then two of b.
std::optional<int> find_dword_pairs(const Lanes& lanes) {
    const auto dwords = elements<4>(lanes);
    if (!dwords) return {};
    for (unsigned i = 0; i < 4; i++)
        if (((*dwords)[i] < 4) != (i < 2)) return {};
    return select_dwords(*dwords);
}

bool find_instruction(Shuffling& found) {
    found.kind = Shuffling::Kind::Instruction;
    if (const auto* unpack = find_unpack(found.lanes)) return found.form = unpack, true;
    if (is_align(found.lanes))
        return found.form = &forms::palignr, found.immediate = found.lanes[0] - 16, true;
    if (const auto words = find_blend(found.lanes))
        return found.form = &forms::pblendw, found.immediate = *words, true;
    if (const auto pairs = find_dword_pairs(found.lanes))
        return found.form = &forms::shufps, found.immediate = *pairs, true;
    return false;
}

// ── one operand ──
Shuffling plan_single(Shuffling found) {
    const bool is_whole = all_lanes(found.lanes, [](uint8_t lane, unsigned i) { return lane == i; });
    const auto dwords = elements<4>(found.lanes);
    found.kind = is_whole ? Shuffling::Kind::Move : dwords ? Shuffling::Kind::Dwords : Shuffling::Kind::Bytes;
    if (dwords) found.immediate = select_dwords(*dwords);
    return found;
}

void swap_operands(Shuffling& shuffling) {
    shuffling.is_swapped = !shuffling.is_swapped;
    for (uint8_t& lane : shuffling.lanes) lane ^= kLanes;
}

}  // namespace

Shuffling plan_shuffle(const uint8_t* lanes, bool are_same) {
    Shuffling found{.kind = Shuffling::Kind::General};
    for (unsigned i = 0; i < kLanes; i++) found.lanes[i] = are_same ? lanes[i] % kLanes : lanes[i];
    if (!is_from_a(found.lanes[0])) swap_operands(found);
    if (all_lanes(found.lanes, [](uint8_t lane, unsigned) { return is_from_a(lane); }))
        return plan_single(found);
    if (find_instruction(found)) return found;
    swap_operands(found);
    if (find_instruction(found)) return found;
    swap_operands(found);
    found.kind = Shuffling::Kind::General;
    return found;
}

namespace {

// Bytes of the operand that the lanes from `first` on name; others become 0.
void shuffle_bytes(FunctionCompiler& c, Register d, const Lanes& lanes, unsigned first) {
    uint8_t selection[kLanes];
    for (unsigned i = 0; i < kLanes; i++) {
        const unsigned lane = lanes[i] - first;
        selection[i] = lane < kLanes ? static_cast<uint8_t>(lane) : 0x80;
    }
    Wide literal;
    std::memcpy(&literal, selection, sizeof literal);
    c.state.out = encode::without_displacement(c.state.out, forms::shuffle_by_literal, d);
    c.wide_literals.push_back({emit::site_before(c.state.out), literal});
}

void shuffle_both(FunctionCompiler& c, Register d, const Operand& a, const Operand& b, const Lanes& lanes) {
    const Register t = c.take(ValueClass::Vector);
    c.move_to_register(t, b);
    c.move_to_register(d, a);
    shuffle_bytes(c, t, lanes, kLanes);
    shuffle_bytes(c, d, lanes, 0);
    c.state.out = encode::two(c.state.out, forms::v128_or.rr, t, d);
    c.state.free |= bit(t);
}

}  // namespace

void shuffle(FunctionCompiler& c, const Shuffling& shuffling, Register d, Operand& a, Operand& b) {
    switch (shuffling.kind) {
    case Shuffling::Kind::Move: return c.move_to_register(d, a);
    case Shuffling::Kind::Dwords:
        c.state.out = encode::two(c.state.out, forms::pshufd, c.load(a), d);
        *c.state.out++ = static_cast<uint8_t>(shuffling.immediate);
        return;
    case Shuffling::Kind::Bytes: c.move_to_register(d, a); return shuffle_bytes(c, d, shuffling.lanes, 0);
    case Shuffling::Kind::Instruction: {
        const Register s = c.load(b);
        c.move_to_register(d, a);
        c.state.out = encode::two(c.state.out, *shuffling.form, s, d);
        if (shuffling.immediate >= 0) *c.state.out++ = static_cast<uint8_t>(shuffling.immediate);
        return;
    }
    case Shuffling::Kind::General: return shuffle_both(c, d, a, b, shuffling.lanes);
    }
}

}  // namespace linocut
