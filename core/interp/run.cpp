#include "interp/run.hpp"

#include <algorithm>

#include <alloca.h>

#include "code/stubs.hpp"
#include "interp/handler.hpp"

namespace linocut::interp {

namespace {

const LcContext& context_at(const uint8_t* end) { return reinterpret_cast<const LcContext*>(end)[-1]; }

ThreadHead& thread_of(const uint8_t* end) { return *static_cast<StoreHead*>(context_at(end).store)->running; }

const InterpretedCode& code_of(const uint8_t* end) {
    return *static_cast<const InterpretedCode*>(context_at(end).interpreted);
}

const InterpretedFunction& function_of(const LcFuncRef& reference) {
    const InterpretedCode& code = code_of(static_cast<const uint8_t*>(reference.context));
    return code.functions[reference.index - code.imported_functions];
}

// Between the words of a call and the frame in which they travel (code/signature.hpp): what has no place in
// registers is in the store's buffer.
class Words {
public:
    Words(uint64_t* registers, const uint8_t* end)
        : registers_(registers), buffer_(context_at(end).argument_buffer) {}

    void put(const std::vector<ValType>& types, const std::vector<uint32_t>& places, const uint64_t* values) {
        for (size_t i = 0; i < types.size(); i++)
            for (uint32_t word = 0; word < words_of(types[i]); word++) at(places[i] + word) = *values++;
    }
    void take(const std::vector<ValType>& types, const std::vector<uint32_t>& places, uint64_t* values) {
        for (size_t i = 0; i < types.size(); i++)
            for (uint32_t word = 0; word < words_of(types[i]); word++) *values++ = at(places[i] + word);
    }

private:
    uint64_t& at(uint32_t place) {
        return place < kFrameRegisters ? registers_[place] : buffer_[place - kFrameRegisters];
    }

    uint64_t* registers_;
    uint64_t* buffer_;
};

// Whether there is room for a frame of `slots` above the limit.
bool has_room(uint64_t limit, uint64_t slots) {
    const auto here = reinterpret_cast<uint64_t>(__builtin_frame_address(0));
    return here > limit && (here - limit) / sizeof(uint64_t) > slots;
}

// With tail calls the first handler returns when the function is left.
void run_instructions(const Instruction* at, uint64_t* frame, Run& run) {
    do {
        at = at->handler(at, frame, run.memory, run);
    } while (at);
}

// Machine code is entered from here as from any C++: with an activation of its own.
uint32_t call_machine_code(const LcFuncRef& function, uint64_t* registers, const Run& run) {
    Activation activation;
    activation.previous = run.thread.activation;
    static_cast<LcContext*>(function.context)[-1].stack_limit = run.stack_limit;
    run.thread.activation = &activation;
    const uint32_t status = linocut_enter(&activation, &function, registers, false);
    run.thread.activation = activation.previous;
    return status;
}

}  // namespace

Run::Run(uint8_t* context, Activation& activation, uint64_t left_at)
    : context(context),
      code(code_of(context)),
      memory(context_at(context).memory),
      thread(thread_of(context)),
      activation(activation),
      left_at(left_at),
      stack_limit(context_at(context).stack_limit) {}

bool Run::pause(const Instruction* at) {
    leave(at);
    return came_back(linocut_on_safepoint(context));
}

bool Run::fail(const Instruction* at, TrapKind kind) {
    leave(at);
    return came_back(linocut_raise_trap(static_cast<uint32_t>(kind), context));
}

// The frame is on the C stack, as machine code's are: there the limit is known, and a sweep finds references.
bool Run::call(const InterpretedFunction& function, uint64_t* values) {
    const Instruction* const first = function.code.data();
    InterpretedFrame record{frame, &function, context, first};
    frame = &record;
    if (!has_room(stack_limit, function.slots)) [[unlikely]]
        return fail(first, TrapKind::StackExhausted);
    if (must_pause() && !pause(first)) [[unlikely]]
        return false;
    auto* slots = static_cast<uint64_t*>(alloca(function.slots * sizeof(uint64_t)));
    std::copy_n(values, function.params, slots);
    std::fill(slots + function.params, slots + function.locals, 0);
    run_instructions(first, slots, *this);
    std::copy_n(slots, function.results, values);
    frame = record.caller;
    return status == 0;
}

bool Run::call(const LcFuncRef& function, const Signature& signature, uint64_t* values) {
    if (function.kind != LC_FUNC_INTERPRETED) return call_outside(function, signature, values);
    if (function.context == context) return call(function_of(function), values);
    return call_other_instance(function, values);
}

bool Run::call_other_instance(const LcFuncRef& function, uint64_t* values) {
    auto* const end = static_cast<uint8_t*>(function.context);
    reinterpret_cast<LcContext*>(end)[-1].stack_limit = stack_limit;
    Run other(end, activation, left_at);
    other.frame = frame;
    return other.call(function_of(function), values) || came_back(other.status);
}

bool Run::call_outside(const LcFuncRef& function, const Signature& signature, uint64_t* values) {
    uint64_t registers[kFrameRegisters]{};
    Words words(registers, context);
    words.put(signature.type->params, signature.params, values);
    activation.leave(left_at, frame);
    const bool is_host = function.kind == LC_FUNC_HOST;
    const uint32_t with = is_host ? linocut_call_host(&function, registers, context)
                                  : call_machine_code(function, registers, *this);
    words.take(signature.type->results, signature.results, values);
    return came_back(with);
}

}  // namespace linocut::interp

uint32_t linocut_on_interpreted_call(const LcFuncRef* reference, uint64_t* registers, uint8_t*,
                                     uint64_t sp) noexcept {
    using namespace linocut;
    using namespace interp;
    auto* const end = static_cast<uint8_t*>(reference->context);
    const InterpretedFunction& function = function_of(*reference);
    const Signature& signature = *function.signature;
    auto* values =
        static_cast<uint64_t*>(alloca(std::max(function.params, function.results) * sizeof(uint64_t)));
    Words words(registers, end);
    words.take(signature.type->params, signature.params, values);
    Run run(end, *thread_of(end).activation, sp);
    run.call(function, values);
    words.put(signature.type->results, signature.results, values);
    return run.status;
}
