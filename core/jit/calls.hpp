// The calling convention (abi/context.h) from the caller's side.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

// Walks a signature: each value's place by class and order.
class Places {
public:
    // Nothing but integers, one register each: the common case.
    static bool are_plain(TypeSpan types) {
        bool has_float = false;
        for (uint32_t i = 0; i < types.size; i++) has_float |= is_float(types[i]);
        return !has_float && types.size <= LC_INT_ARGUMENTS;
    }

    Place next(ValType type) {
        if (is_float(type)) {
            if (floats_ < LC_FLOAT_ARGUMENTS) return {static_cast<Register>(XMM0 + floats_++), 0};
        } else if (ints_ < LC_INT_ARGUMENTS) {
            return {INT_ARGUMENTS[ints_++], 0};
        }
        return {NO_REGISTER, 8 * buffered_++};
    }
    bool is_registers_only() const { return buffered_ == 0; }

private:
    unsigned ints_ = 0, floats_ = 0;
    int32_t buffered_ = 0;
};

// Moves the top operands to where arguments, or a function's results, travel; pops them. Temporaries that
// hold anything else go to their slots.
void pass_arguments(FunctionCompiler& c, const std::vector<ValType>& types);
// The same in halves. The scratch register is changed only while arguments beyond the registers are
// moved, which is the first half.
void begin_arguments(FunctionCompiler& c, const std::vector<ValType>& types);
void finish_arguments(FunctionCompiler& c, const std::vector<ValType>& types);

// The results stand where a call leaves them: they become operands.
void push_results(FunctionCompiler& c, const std::vector<ValType>& types);

// Calls a runtime helper with the top operands; `types` are theirs.
void call_helper(FunctionCompiler& c, LcHelper helper, const std::vector<ValType>& types,
                 const std::vector<ValType>& results);

}  // namespace linocut
