#include "wasm/const_expr.hpp"

#include <algorithm>

namespace linocut {

void ConstExpr::allocate(std::span<const ConstOp> operations) {
    auto* array = new ConstOp[1 + operations.size()];
    array[0] = {several, operations.size()};
    std::copy(operations.begin(), operations.end(), array + 1);
    only_ = {several, reinterpret_cast<uintptr_t>(array)};
}

void ConstExpr::release() { delete[] array(); }

}  // namespace linocut
