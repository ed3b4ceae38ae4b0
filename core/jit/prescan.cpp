// Which locals deserve a register: counts their uses in loops, one level of loop weighing eight times the level
// outside it. Only done when there are more locals than registers; else all get one (frame.cpp). What loops leave
// of the registers goes to the locals that are touched first.
#include <algorithm>
#include <bit>
#include <cstring>

#include "jit/function_compiler.hpp"
#include "wasm/opcode.hpp"

namespace linocut {

namespace {

constexpr unsigned kLoopWeightShift = 3;
constexpr unsigned kMostLoopsWeighed = 6;
constexpr uint8_t kByteLoop = 0x03, kByteLocalGet = 0x20;  // set and tee follow
constexpr uint8_t kFirstAccess = 0x28, kLastAccess = 0x3E;
constexpr bool is_local(uint8_t byte) { return byte >= kByteLocalGet && byte < kByteLocalGet + 3; }

// What the steps share beside their parameters.
struct Scan {
    uint32_t local_count, short_locals;
    uint32_t depth = 0;  // of blocks
    uint32_t loops = 0;  // those that are weighed
    uint32_t loop_depths[kMostLoopsWeighed] = {};
    const uint8_t* end = nullptr;  // of the outermost loop, once it has been left
};

// A step passes over one opcode's immediates and ends in a call of the next one, as the visitors do
// (dispatch.hpp): twice as fast as a loop with a switch. `pc` is at the immediates, `weight` is what a use
// counts here. This is no validator: on nonsense the scan stops, and the compiler proper finds the error.
using Step = void (*)(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                      const void* steps);

[[gnu::always_inline]] inline void go_on(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses,
                                         uint64_t weight, const void* steps) {
    // The last byte is an end, the function's own: there the scan is over.
    if (pc < last) return static_cast<const Step*>(steps)[*pc](scan, pc + 1, last, uses, weight, steps);
}

// Never reads beyond the end. Linkers write indices in five bytes, however small they are.
inline const uint8_t* pass_leb(const uint8_t* pc, const uint8_t* last) {
    if (last - pc >= 8) {
        uint64_t word;
        std::memcpy(&word, pc, sizeof word);
        const uint64_t ends = ~word & 0x8080808080808080;
        if (ends) return pc + static_cast<unsigned>(std::countr_zero(ends)) / 8 + 1;
    }
    while (pc < last && *pc >= 0x80) pc++;
    return pc + 1;
}

inline uint32_t read_leb(const uint8_t*& pc, const uint8_t* last) {
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 35 && pc < last; shift += 7) {
        const uint8_t byte = *pc++;
        value |= static_cast<uint32_t>(byte & 0x7F) << shift;
        if (byte < 0x80) break;
    }
    return value;
}

void stop(Scan&, const uint8_t*, const uint8_t*, uint64_t*, uint64_t, const void*) {}

template <unsigned Bytes>
void pass_bytes(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                const void* steps) {
    if (last - pc >= static_cast<ptrdiff_t>(Bytes)) return go_on(scan, pc + Bytes, last, uses, weight, steps);
}

// Rare steps stand apart, so that the common ones need no stack frame.
[[gnu::noinline]] void count_distant_local(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses,
                                           uint64_t weight, const void* steps) {
    const uint32_t index = read_leb(pc, last);
    if (index >= scan.local_count) return;
    uses[index] += weight;
    return go_on(scan, pc, last, uses, weight, steps);
}

void count_local(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                 const void* steps) {
    if (*pc >= scan.short_locals) return count_distant_local(scan, pc, last, uses, weight, steps);
    uses[*pc++] += weight;
    // Such opcodes come in runs.
    while (pc < last && is_local(*pc) && pc[1] < scan.short_locals) {
        uses[pc[1]] += weight;
        pc += 2;
    }
    return go_on(scan, pc, last, uses, weight, steps);
}

template <unsigned Count>
[[gnu::noinline]] void pass_long_indices(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses,
                                         uint64_t weight, const void* steps) {
    for (unsigned i = 0; i < Count; i++) pc = pass_leb(pc, last);
    return go_on(scan, pc, last, uses, weight, steps);
}

void pass_index(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                const void* steps) {
    if (*pc >= 0x80) return pass_long_indices<1>(scan, pc, last, uses, weight, steps);
    return go_on(scan, pc + 1, last, uses, weight, steps);
}

void pass_two_indices(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                      const void* steps) {
    const bool are_short = pc < last && pc[0] < 0x80 && pc[1] < 0x80;
    if (!are_short) return pass_long_indices<2>(scan, pc, last, uses, weight, steps);
    return go_on(scan, pc + 2, last, uses, weight, steps);
}

void enter_block(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                 const void* steps) {
    scan.depth++;
    return go_on(scan, pass_leb(pc, last), last, uses, weight, steps);
}

// Two of the four clauses name a tag before their label.
void enter_try_table(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                     const void* steps) {
    constexpr uint8_t kTakesAll = 2;
    pc = pass_leb(pc, last);
    for (uint32_t count = read_leb(pc, last); count && pc < last; count--) {
        const bool names_tag = !(*pc++ & kTakesAll);
        for (unsigned i = 0; i < 1u + names_tag; i++) pc = pass_leb(pc, last);
    }
    scan.depth++;
    return go_on(scan, pc, last, uses, weight, steps);
}

void enter_loop(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                const void* steps) {
    if (scan.loops < kMostLoopsWeighed) {
        scan.loop_depths[scan.loops++] = scan.depth;
        weight <<= kLoopWeightShift;
    }
    scan.depth++;
    return go_on(scan, pass_leb(pc, last), last, uses, weight, steps);
}

void leave(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
           const void* steps) {
    if (scan.depth == 0) return;
    scan.depth--;
    if (scan.loops && scan.loop_depths[scan.loops - 1] == scan.depth) {
        scan.loops--;
        weight >>= kLoopWeightShift;
        if (scan.depth == 0) {
            scan.end = pc;
            return;
        }
    }
    return go_on(scan, pc, last, uses, weight, steps);
}

// It ends a block, too.
void pass_delegate(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                   const void* steps) {
    return leave(scan, pass_leb(pc, last), last, uses, weight, steps);
}

void pass_labels(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                 const void* steps) {
    for (uint64_t n = uint64_t{read_leb(pc, last)} + 1; n && pc < last; n--) pc = pass_leb(pc, last);
    return go_on(scan, pc, last, uses, weight, steps);
}

// The types of select: there must be one.
void pass_types(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                const void* steps) {
    if (read_leb(pc, last) == 1) return go_on(scan, pc + 1, last, uses, weight, steps);
}

// Of an access to one lane: its memarg and the lane.
void pass_memarg_and_lane(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                          const void* steps) {
    for (unsigned i = 0; i < 2; i++) pc = pass_leb(pc, last);
    return go_on(scan, pc + 1, last, uses, weight, steps);
}

constexpr Step step_of_one(const Immediate& immediate) {
    switch (immediate.encoding) {
    case Encoding::BlockType: return enter_block;
    case Encoding::Labels: return pass_labels;
    case Encoding::Types: return pass_types;
    case Encoding::Bytes4: return pass_bytes<4>;
    case Encoding::Bytes8: return pass_bytes<8>;
    case Encoding::Bytes16: return pass_bytes<16>;
    case Encoding::Byte: return pass_bytes<1>;
    case Encoding::MemArg: return pass_two_indices;
    case Encoding::U32: return immediate.space == Space::Local ? count_local : pass_index;
    case Encoding::S32:
    case Encoding::S33:
    case Encoding::S64:
    case Encoding::HeapType: return pass_index;
    case Encoding::Catches:
    case Encoding::Handlers: return stop;
    }
    return stop;
}

constexpr Step step_of_two(const Immediate& first, const Immediate& second) {
    if (first.encoding == Encoding::U32 && second.encoding == Encoding::U32) return pass_two_indices;
    return first.encoding == Encoding::MemArg && second.encoding == Encoding::Byte ? pass_memarg_and_lane
                                                                                   : stop;
}

constexpr Step step_of(const OpcodeFacts& facts) {
    if (!facts.is_supported) return stop;
    if (facts.code == Opcode::op_loop) return enter_loop;
    if (facts.code == Opcode::op_end) return leave;
    if (facts.code == Opcode::op_delegate) return pass_delegate;
    if (facts.code == Opcode::op_try_table) return enter_try_table;
    const auto immediates = facts.listed();
    if (immediates.empty()) return pass_bytes<0>;
    if (immediates.size() == 1) return step_of_one(immediates[0]);
    return immediates.size() == 2 ? step_of_two(immediates[0], immediates[1]) : stop;
}

void pass_prefixed(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                   const void* steps);

// What stands behind a prefix has one of few steps: a byte says which, where a pointer would be one for the loader to
// fill in.
constexpr Step kStepsBehindPrefix[] = {stop,       pass_bytes<0>,    pass_bytes<1>,       pass_bytes<16>,
                                       pass_index, pass_two_indices, pass_memarg_and_lane};
constexpr uint8_t number_of(Step step) {
    uint8_t number = 0;
    while (kStepsBehindPrefix[number] != step) number++;
    return number;
}

constexpr unsigned kMostNumbers = 0x120;

struct StepTable {
    Step by_byte[256];
    uint8_t by_number[kPrefixes][kMostNumbers] = {};
    constexpr StepTable() : by_byte() {
        for (Step& step : by_byte) step = stop;
        for (const OpcodeFacts& facts : OPCODE_FACTS) {
            if (!facts.is_prefixed())
                by_byte[facts.byte()] = step_of(facts);
            else
                by_number[facts.byte() - kFirstPrefix][facts.number()] = number_of(step_of(facts));
        }
        for (unsigned i = 0; i < kPrefixes; i++) by_byte[kFirstPrefix + i] = pass_prefixed;
    }
};
constexpr StepTable STEPS;

void pass_prefixed(Scan& scan, const uint8_t* pc, const uint8_t* last, uint64_t* uses, uint64_t weight,
                   const void* steps) {
    const auto& numbered = STEPS.by_number[pc[-1] - kFirstPrefix];
    const uint32_t number = read_leb(pc, last);
    if (number < kMostNumbers && pc <= last)
        return kStepsBehindPrefix[numbered[number]](scan, pc, last, uses, weight, steps);
}

// Whether a loop seems to begin here: its opcode, and a type that is one byte. It may be an immediate and an opcode;
// then some uses count that should not, and only the choice of registers is worse.
bool looks_like_loop(const uint8_t* first, const uint8_t* pc) {
    constexpr uint8_t kEmpty = 0x40, kLeastValueType = 0x7B, kMostValueType = 0x7F;
    if (pc[1] != kEmpty && (pc[1] < kLeastValueType || pc[1] > kMostValueType)) return false;
    if (pc == first) return true;
    // i64.load align=8 offset=64
    const bool is_access = pc[-1] >= kFirstAccess && pc[-1] <= kLastAccess;
    if (is_access && !(pc - first >= 2 && is_local(pc[-2]))) return false;
    // local.get 3, i64.add
    return pc[1] == kEmpty || !is_local(pc[-1]);
}

// Counts the uses in loops; whether there are any. Blocks around loops are not looked at.
bool scan_loops(FunctionCompiler& c) {
    const uint8_t* const first = c.state.pc;
    bool has_loops = false;
    for (const uint8_t* pc = first; pc < c.last;) {
        pc = static_cast<const uint8_t*>(std::memchr(pc, kByteLoop, static_cast<size_t>(c.last - pc)));
        if (!pc) break;
        if (!looks_like_loop(first, pc++)) continue;
        if (!has_loops) c.uses.assign(c.local_count, 0);
        has_loops = true;
        Scan scan{c.local_count, c.short_locals};
        enter_loop(scan, pc, c.last, c.uses.data(), 1, STEPS.by_byte);
        if (!scan.end) break;
        pc = scan.end;
    }
    return has_loops;
}

// The most used locals of a class get its registers.
void choose(FunctionCompiler& c, ValueClass value_class) {
    const std::vector<uint64_t>& uses = c.uses;
    std::vector<uint32_t>& best = c.ranked;
    best.clear();
    uint32_t i = 0;
    for (const LocalRun& run : c.local_runs) {
        if (class_of(run.type) != value_class) i = run.end;
        for (; i < run.end; i++) {
            if (uses[i]) best.push_back(i);
        }
    }
    const auto by_use = [&uses](uint32_t a, uint32_t b) {
        return uses[a] != uses[b] ? uses[a] > uses[b] : a < b;
    };
    const size_t chosen = std::min<size_t>(pin_count(value_class), best.size());
    std::partial_sort(best.begin(), best.begin() + static_cast<ptrdiff_t>(chosen), best.end(), by_use);
    for (size_t n = 0; n < chosen; n++) {
        c.chosen.push_back(best[n]);
        c.locals[best[n]].reg = pin(value_class, n);
    }
    c.pins(value_class) = static_cast<uint8_t>(chosen);
}

}  // namespace

void prescan(FunctionCompiler& c) {
    if (c.is_off(Switch::PinnedLocals)) {
        c.int_pins = kIntPinCount;
        c.vector_pins = kVectorPinCount;
        return;
    }
    // A use takes two bytes: if there are more locals than bytes, most are never used, and counting would
    // take longer than compiling.
    if (static_cast<ptrdiff_t>(c.local_count) > c.last - c.state.pc) return;
    unsigned vectors = 0;
    uint32_t start = 0;
    for (const LocalRun& run : c.local_runs) {
        if (class_of(run.type) == ValueClass::Vector) vectors += run.end - start;
        start = run.end;
    }
    c.constant_room = static_cast<uint8_t>(kVectorPinCount - std::min(vectors, kVectorPinCount));
    const unsigned ints = c.local_count - vectors;
    if (ints <= kIntPinCount && vectors <= kVectorPinCount) return;
    if (!scan_loops(c)) return;
    if (ints > kIntPinCount) choose(c, ValueClass::Int);
    if (vectors > kVectorPinCount) choose(c, ValueClass::Vector);
}

}  // namespace linocut
