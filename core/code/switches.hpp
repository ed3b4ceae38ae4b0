// What a module can be compiled without, one thing at a time, to learn what each is worth (`linocut bench
// --ablate`). Everybody else compiles with all of it, but that load(deterministic=True) does without free choices.
#pragma once

#include <cstdint>

namespace linocut {

// identifier, name, whether a module compiled without it can do harm, what happens without it
#define LINOCUT_SWITCHES(X)                                                                                 \
    X(Nothing, "nothing", false,                                                                            \
      "nothing is off, but the compiler asks at every step: what the other rows' compile times compare to") \
    X(StackCheck, "stack-check", true,                                                                      \
      "functions do not compare the stack pointer with its limit: a runaway recursion ends the process")    \
    X(DivisionChecks, "division-checks", false,                                                             \
      "divisors are not looked at: the processor's divide error becomes the trap")                          \
    X(GuardPages, "guard-pages", false,                                                                     \
      "every access is compared with the memory's size instead of running into inaccessible pages")         \
    X(IndexClamp, "index-clamp", true,                                                                      \
      "a checked index of a table is used as it is, also by a processor that speculates past the check")    \
    X(PinnedLocals, "pinned-locals", false, "every local lives in the frame, none in a register")           \
    X(LazyOperands, "lazy-operands", false,                                                                 \
      "every constant, local.get and load is emitted at once, into a temporary; results never go straight " \
      "to the local that is set next")                                                                      \
    X(Immediates, "immediates", false, "constants are loaded into a register before they are used")         \
    X(FoldedAddresses, "folded-addresses", false,                                                           \
      "base, index and offset are added by instructions of their own, and no arithmetic takes its operand " \
      "from linear memory")                                                                                 \
    X(FusedBranches, "fused-branches", false,                                                               \
      "a comparison makes 0 or 1, which the branch, if or select then tests; flags are never used again")   \
    X(Inlining, "inlining", false, "every call is a call, also that of a function of a few instructions")   \
    X(Interrupts, "interrupts", true,                                                                       \
      "machine code holds nothing for them, so it is the same; but no thread is ever signalled in this "    \
      "process: no timeout, no Ctrl-C and no other Python thread while a call runs")                        \
    X(FreeChoices, "free-choices", false,                                                                   \
      "nothing is left open: a NaN that arithmetic makes is the canonical one, and relaxed operations do "  \
      "what the deterministic profile says")

enum class Switch : uint8_t {
#define X(identifier, name, is_unsafe, says) identifier,
    LINOCUT_SWITCHES(X)
#undef X
};

struct SwitchRow {
    const char* name;
    bool is_unsafe;
    const char* says;
};

inline constexpr SwitchRow kSwitches[] = {
#define X(identifier, name, is_unsafe, says) {name, is_unsafe, says},
    LINOCUT_SWITCHES(X)
#undef X
};

// The switches that are off. Empty: the product.
class SwitchSet {
public:
    constexpr SwitchSet() = default;
    constexpr explicit SwitchSet(uint32_t bits) : bits_(bits) {}
    constexpr bool empty() const { return bits_ == 0; }
    constexpr bool has(Switch which) const { return bits_ >> static_cast<unsigned>(which) & 1; }

    constexpr bool is_only(Switch which) const {
        return bits_ == uint32_t{1} << static_cast<unsigned>(which);
    }

private:
    uint32_t bits_ = 0;
};

}  // namespace linocut
