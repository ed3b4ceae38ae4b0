// Which locals deserve a register: counts their uses, one level of loop weighing eight times the level
// outside it. Only done when there are more locals than registers; else all get one (frame.cpp).
#include <algorithm>

#include "jit/function_compiler.hpp"

namespace linocut {

namespace {

constexpr unsigned LOOP_WEIGHT_SHIFT = 3;
constexpr unsigned MOST_LOOPS_WEIGHED = 6;

// How many bytes an opcode's immediates take: what this scan must know of it. It is not a validator:
// on nonsense it stops, and the compiler proper finds the error.
enum class Skip : uint8_t {
    Nothing,
    Local,
    Index,
    TwoIndices,
    Block,
    Loop,
    End,
    Bytes4,
    Bytes8,
    Labels,
    Types,
    PrefixFc,
    Stop
};

constexpr Skip skip_of(const OpcodeFacts& facts) {
    if (facts.code == Opcode::op_loop) return Skip::Loop;
    if (facts.code == Opcode::op_end) return Skip::End;
    switch (facts.immediate) {
    case Imm::None: return Skip::Nothing;
    case Imm::Block: return Skip::Block;
    case Imm::Local: return Skip::Local;
    case Imm::Labels: return Skip::Labels;
    case Imm::Types: return Skip::Types;
    case Imm::F32: return Skip::Bytes4;
    case Imm::F64: return Skip::Bytes8;
    case Imm::TypeTable:
    case Imm::MemArg:
    case Imm::ElemTable:
    case Imm::TableTable:
    case Imm::DataMemory:
    case Imm::MemoryMemory: return Skip::TwoIndices;
    default: return Skip::Index;
    }
}

struct SkipTable {
    Skip by_byte[256];
    Skip by_fc[32];
    constexpr SkipTable() : by_byte(), by_fc() {
        for (Skip& skip : by_byte) skip = Skip::Stop;
        for (Skip& skip : by_fc) skip = Skip::Stop;
        for (const OpcodeFacts& facts : OPCODE_FACTS) {
            const auto code = static_cast<uint16_t>(facts.code);
            if (code < 256)
                by_byte[code] = skip_of(facts);
            else
                by_fc[code & 31] = skip_of(facts);
        }
        by_byte[0xFC] = Skip::PrefixFc;
    }
};
constexpr SkipTable SKIPS;

class Scan {
public:
    Scan(FunctionCompiler& c, std::vector<uint64_t>& uses) : c_(c), uses_(uses), pc_(c.state.pc) {}

    void run() {
        // The last byte is an end: no scan runs past it unnoticed.
        const uint8_t* pc = pc_;
        const uint8_t* const last = c_.last;
        while (pc < last) {
            const Skip skip = SKIPS.by_byte[*pc++];
            if (skip == Skip::Nothing) continue;
            if (skip <= Skip::TwoIndices && *pc < 0x80) [[likely]] {
                if (skip == Skip::Local) {
                    const uint32_t index = *pc++;
                    if (index >= c_.local_count) return;
                    uses_[index] += uint64_t{1} << weight_;
                    continue;
                }
                pc++;
                if (skip == Skip::Index) continue;
                while (*pc >= 0x80 && pc < last) pc++;
                pc++;
                continue;
            }
            if (skip == Skip::End) {
                if (depth_ == 0) return;
                depth_--;
                if (weight_ && loop_depths_[weight_ / LOOP_WEIGHT_SHIFT - 1] == depth_)
                    weight_ -= LOOP_WEIGHT_SHIFT;
                continue;
            }
            if (skip == Skip::Block && *pc < 0x80) {
                pc++;
                depth_++;
                continue;
            }
            pc_ = pc;
            if (!pass(skip)) return;
            pc = pc_;
        }
    }

private:
    bool pass(Skip skip) {
        switch (skip) {
        case Skip::PrefixFc: {
            const uint32_t number = read();
            return number < 32 && SKIPS.by_fc[number] != Skip::PrefixFc && pass(SKIPS.by_fc[number]);
        }
        case Skip::Nothing: return true;
        case Skip::Local: {
            const uint32_t index = read();
            if (index < c_.local_count) uses_[index] += uint64_t{1} << weight_;
            return index < c_.local_count;
        }
        case Skip::TwoIndices: pass_leb(); [[fallthrough]];
        case Skip::Index: pass_leb(); return true;
        case Skip::Block:
            pass_leb();
            depth_++;
            return true;
        case Skip::Loop:
            pass_leb();
            if (weight_ < LOOP_WEIGHT_SHIFT * MOST_LOOPS_WEIGHED) {
                loop_depths_[weight_ / LOOP_WEIGHT_SHIFT] = depth_;
                weight_ += LOOP_WEIGHT_SHIFT;
            }
            depth_++;
            return true;
        case Skip::Bytes4: pc_ += 4; return true;
        case Skip::Bytes8: pc_ += 8; return true;
        case Skip::Labels:
            for (uint64_t n = uint64_t{read()} + 1; n && pc_ < c_.last; n--) pass_leb();
            return true;
        case Skip::Types: {
            const uint32_t count = read();
            pc_ += count;
            return count <= 1;
        }
        default: return false;
        }
    }

    void pass_leb() {
        while (pc_ < c_.last && *pc_ >= 0x80) pc_++;
        pc_++;
    }

    uint32_t read() {
        uint32_t value = 0;
        for (unsigned shift = 0; shift < 35 && pc_ < c_.last; shift += 7) {
            const uint8_t byte = *pc_++;
            value |= static_cast<uint32_t>(byte & 0x7F) << shift;
            if (byte < 0x80) break;
        }
        return value;
    }

    FunctionCompiler& c_;
    std::vector<uint64_t>& uses_;
    const uint8_t* pc_;
    uint32_t depth_ = 0;
    uint32_t loop_depths_[MOST_LOOPS_WEIGHED];  // where the loops that are weighed were opened
    unsigned weight_ = 0;                       // log2 of what a use counts here
};

// The most used locals of a class get its registers; RSP marks the others as not to be pinned.
void choose(FunctionCompiler& c, const std::vector<uint64_t>& uses, bool floats, unsigned count) {
    std::vector<uint32_t> best;
    for (uint32_t i = 0; i < c.local_count; i++) {
        if (is_float(c.locals[i].type) == floats && uses[i]) best.push_back(i);
        if (is_float(c.locals[i].type) == floats) c.locals[i].reg = RSP;
    }
    const auto by_use = [&uses](uint32_t a, uint32_t b) {
        return uses[a] != uses[b] ? uses[a] > uses[b] : a < b;
    };
    const size_t chosen = std::min<size_t>(count, best.size());
    std::partial_sort(best.begin(), best.begin() + static_cast<ptrdiff_t>(chosen), best.end(), by_use);
    for (size_t i = 0; i < chosen; i++) {
        c.locals[best[i]].reg = floats ? static_cast<Register>(FIRST_FLOAT_PIN + i) : INT_PINS[i];
    }
}

}  // namespace

void prescan(FunctionCompiler& c) {
    unsigned floats = 0;
    for (uint32_t i = 0; i < c.local_count; i++) floats += is_float(c.locals[i].type);
    const unsigned ints = c.local_count - floats;
    if (ints <= INT_PIN_COUNT && floats <= FLOAT_PIN_COUNT) return;
    c.uses.assign(c.local_count, 0);
    Scan(c, c.uses).run();
    if (ints > INT_PIN_COUNT) choose(c, c.uses, false, INT_PIN_COUNT);
    if (floats > FLOAT_PIN_COUNT) choose(c, c.uses, true, FLOAT_PIN_COUNT);
}

}  // namespace linocut
