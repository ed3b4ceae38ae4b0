// The calling convention (code/places.hpp) from the caller's side.
#pragma once

#include "code/places.hpp"
#include "jit/function_compiler.hpp"

namespace linocut {

// The register that the place names.
inline Register register_of(Place place) {
    return place.kind == Place::Kind::IntRegister ? kIntArguments[place.index]
                                                  : static_cast<Register>(kFirstVectorArgument + place.index);
}
// The type as which a word of the argument buffer is read and written: an i32 is zero-extended there, an f32
// may have anything above it.
constexpr ValType whole_word(ValType type) {
    if (width_of(type) == 16) return type;
    return class_of(type) == ValueClass::Vector ? ValType::F64 : ValType::I64;
}
// The place's distance from the beginning of the argument buffer.
inline int32_t displacement_of(Place place) { return static_cast<int32_t>(kWordBytes * place.index); }

// Moves the top operands to where arguments, or a function's results, travel; pops them. Temporaries that
// hold anything else go to their slots.
void pass_arguments(FunctionCompiler& c, const std::vector<ValType>& types);
// The same in halves. The scratch register is changed only while arguments beyond the registers are
// moved, which is the first half.
void begin_arguments(FunctionCompiler& c, const std::vector<ValType>& types);
void finish_arguments(FunctionCompiler& c, const std::vector<ValType>& types);

// One of them goes to the argument buffer, so many bytes from its beginning; it stays what it is.
void store_in_buffer(FunctionCompiler& c, const Operand& operand, int32_t at);

// The results stand where a call leaves them: they become operands.
void push_results(FunctionCompiler& c, const std::vector<ValType>& types);

// Traps if the condition holds, on behalf of the opcode at that offset.
void trap_if(FunctionCompiler& c, Condition condition, TrapKind kind, uint32_t module_offset);

// Calls a runtime helper with the top operands; `types` are theirs.
void call_helper(FunctionCompiler& c, LcHelper helper, const std::vector<ValType>& types,
                 const std::vector<ValType>& results);

}  // namespace linocut
