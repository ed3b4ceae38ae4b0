#include "jit/workspace.hpp"

#include <utility>

namespace linocut {

namespace {

// More than most modules need, little enough to keep for good.
constexpr size_t kMostKept = size_t{1} << 20;

thread_local Workspace kept;

template <typename T>
size_t bytes_of(const std::vector<T>& values) {
    return values.capacity() * sizeof(T);
}

}  // namespace

size_t Workspace::bytes() const {
    return operands.capacity() * sizeof(Operand) + controls.capacity() * sizeof(Control) +
           bytes_of(local_storage) + bytes_of(slots[0]) + bytes_of(slots[1]) + bytes_of(touched) +
           bytes_of(arrivals) + bytes_of(uses) + bytes_of(ranked) + bytes_of(chosen) + bytes_of(prologue) +
           bytes_of(label_depths) + bytes_of(label_runs) + bytes_of(traps) + bytes_of(constants) +
           bytes_of(literals) + bytes_of(wide_literals) + bytes_of(switches) + bytes_of(jump_tables);
}

Workspace take_workspace() { return std::exchange(kept, {}); }

void keep_workspace(Workspace workspace) {
    if (workspace.bytes() <= kMostKept) kept = std::move(workspace);
}

}  // namespace linocut
