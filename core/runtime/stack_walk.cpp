#include "runtime/stack_walk.hpp"

#include <bit>

#include "code/code_registry.hpp"
#include "code/stubs.hpp"

namespace linocut {

namespace {

uint64_t word_at(uint64_t address) { return *reinterpret_cast<const uint64_t*>(address); }

uint64_t address_of(void (*stub)()) { return reinterpret_cast<uint64_t>(stub); }

uint64_t frame_size(const FunctionCode& function) {
    return function.frame_bytes + 8 * std::popcount(function.saved & 0xFFFF);
}

class StackWalk {
public:
    StackWalk(const Thread& thread, uint64_t rsp)
        : bottom_(rsp), top_(thread.stack_top), activation_(thread.activation), at_(rsp) {}

    // The next frame of machine code, or false at the end.
    bool next(MachineFrame& frame, bool has_frame) {
        while (on_stack(at_)) {
            const uint64_t pc = word_at(at_);
            if (pc == address_of(linocut_enter_return)) {
                if (!leave_activation()) return false;
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

    bool machine_frame(uint64_t pc, MachineFrame& frame, bool has_frame) {
        CodePlace place = find_code(pc);
        if (!place) return false;
        at_ += 8 + (has_frame ? frame_size(place.code->functions[place.defined]) : 0);
        frame = {std::move(place.owner), place.defined, place.offset};
        return true;
    }

    // To where the enclosing activation called the host. A greenlet's switch may have left a link to a
    // stack that lies elsewhere now: an activation is live only if its entry stub's call is still there.
    bool leave_activation() {
        const Activation* outer = activation_->previous;
        const auto address = reinterpret_cast<uint64_t>(outer);
        if (address % 8 != 0 || !on_stack(address) || !on_stack(address + sizeof(Activation) - 8))
            return false;
        if (!on_stack(outer->entry_rsp - 8) || !on_stack(outer->leave_rsp)) return false;
        if (word_at(outer->entry_rsp - 8) != address_of(linocut_enter_return)) return false;
        activation_ = outer;
        if (outer->leave_rsp <= at_) return false;
        at_ = outer->leave_rsp;
        return true;
    }

    uint64_t bottom_;
    uint64_t top_;
    const Activation* activation_;
    uint64_t at_;  // where the next return address is
};

}  // namespace

void walk_stack(const Thread& thread, uint64_t rsp, bool has_frame, TrapRecord& record) {
    StackWalk walk(thread, rsp);
    MachineFrame frame;
    while (walk.next(frame, has_frame)) {
        if (record.frames.size() == kMaxFrames) {
            record.truncated = true;
            return;
        }
        record.frames.push_back(std::move(frame));
        has_frame = true;
    }
}

}  // namespace linocut
