#include "runtime/stack_walk.hpp"

#include <bit>
#include <new>

#include "code/code_registry.hpp"
#include "code/interpreted_code.hpp"
#include "code/stubs.hpp"
#include "runtime/context.hpp"

namespace linocut {

namespace {

uint64_t word_at(uint64_t address) { return *reinterpret_cast<const uint64_t*>(address); }

uint64_t address_of(void (*stub)()) { return reinterpret_cast<uint64_t>(stub); }

uint64_t frame_size(const FunctionCode& function) { return function.frame_bytes + function.pushed_bytes; }

class StackWalk {
public:
    // Through one activation, or also through those around it.
    enum class Extent { Activation, Thread };
    StackWalk(const Thread& thread, uint64_t sp, const InterpretedFrame* interpreted, Extent extent)
        : extent_(extent),
          bottom_(sp),
          top_(thread.stack_top),
          activation_(thread.activation),
          interpreted_(interpreted),
          at_(sp) {}

    // The next frame, or false at the end.
    bool next(CodeFrame& frame, bool has_frame) {
        if (interpreted_) return interpreted_frame(frame);
        while (on_stack(at_)) {
            const uint64_t pc = word_at(at_);
            if (pc == address_of(linocut_enter_return)) {
                if (!leave_activation()) return false;
                if (interpreted_) return interpreted_frame(frame);
            } else if (pc == address_of(linocut_switch_return)) {
                at_ += 8 + kSwitchFrame;
            } else {
                return machine_frame(pc - 1, frame, has_frame);  // a call's last byte
            }
        }
        return false;
    }

private:
    bool on_stack(uint64_t address) const { return address >= bottom_ && address + 8 <= top_; }

    bool interpreted_frame(CodeFrame& frame) {
        const auto& instance = *static_cast<Instance*>(context_of(interpreted_->context).instance);
        const InterpretedFunction& function = *interpreted_->function;
        frame = {instance.share_loaded(), function.defined,
                 static_cast<uint32_t>(interpreted_->at - function.code.data())};
        interpreted_ = interpreted_->caller;
        return true;
    }

    bool machine_frame(uint64_t pc, CodeFrame& frame, bool has_frame) {
        CodePlace place = find_code(pc);
        if (!place) return false;
        at_ += 8 + (has_frame ? frame_size(place.code->functions[place.defined]) : 0);
        frame = {std::move(place.owner), place.defined, place.offset};
        return true;
    }

    // To where the enclosing activation was left. A greenlet's switch may have left a link to a
    // stack that lies elsewhere now: an activation is live only if its entry stub's call is still there.
    bool leave_activation() {
        if (extent_ == Extent::Activation) return false;
        const Activation* outer = activation_->previous;
        const auto address = reinterpret_cast<uint64_t>(outer);
        if (address % 8 != 0 || !on_stack(address) || !on_stack(address + sizeof(Activation) - 8))
            return false;
        if (!on_stack(outer->entry_sp - 8) || !on_stack(outer->leave_sp)) return false;
        if (word_at(outer->entry_sp - 8) != address_of(linocut_enter_return)) return false;
        activation_ = outer;
        if (outer->leave_sp <= at_) return false;
        at_ = outer->leave_sp;
        interpreted_ = outer->interpreted;
        return true;
    }

    Extent extent_;
    uint64_t bottom_;
    uint64_t top_;
    const Activation* activation_;
    const InterpretedFrame* interpreted_;  // the next one, before what is at `at_`
    uint64_t at_;                          // where the next return address is
};

bool add_frame(TrapRecord& record, CodeFrame& frame) {
    if (record.frames.size() == kMaxFrames) return false;
    try {
        record.frames.push_back(std::move(frame));
        return true;
    } catch (const std::bad_alloc&) {
        return false;
    }
}

// Machine code lies above: nothing may be thrown.
void walk(StackWalk walk, bool has_frame, TrapRecord& record) noexcept {
    CodeFrame frame;
    while (walk.next(frame, has_frame)) {
        if (!add_frame(record, frame)) {
            record.truncated = true;
            return;
        }
        has_frame = true;
    }
}

StackWalk left(const Thread& thread, StackWalk::Extent extent) {
    return {thread, thread.activation->leave_sp, thread.activation->interpreted, extent};
}

}  // namespace

void walk_stack(const Thread& thread, uint64_t sp, bool has_frame, TrapRecord& record) {
    walk({thread, sp, nullptr, StackWalk::Extent::Thread}, has_frame, record);
}

void walk_left_stack(const Thread& thread, TrapRecord& record) {
    walk(left(thread, StackWalk::Extent::Thread), true, record);
}

void walk_left_activation(const Thread& thread, TrapRecord& record) {
    walk(left(thread, StackWalk::Extent::Activation), true, record);
}

// Machine code reaches a host function by way of linocut_switch_context only, which keeps the caller's context
// between two words of its own.
Instance* calling_instance(const Thread& thread) {
    const Activation& activation = *thread.activation;
    void* end = nullptr;
    if (activation.interpreted)
        end = activation.interpreted->context;
    else if (word_at(activation.leave_sp) == address_of(linocut_switch_return))
        end = reinterpret_cast<void*>(word_at(activation.leave_sp + 16));
    return end ? static_cast<Instance*>(context_of(end).instance) : nullptr;
}

}  // namespace linocut
