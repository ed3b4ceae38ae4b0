#include "wasm/types.hpp"

#include <algorithm>
#include <iterator>

namespace linocut {

const ValType* list_of(ValType type) {
    static constexpr ValType kTypes[] = {ValType::I32,       ValType::I64,   ValType::F32,
                                         ValType::F64,       ValType::V128,  ValType::FuncRef,
                                         ValType::ExternRef, ValType::ExnRef};
    return std::find(std::begin(kTypes), std::end(kTypes), type);
}

const char* name_of(ValType type) {
    switch (type) {
    case ValType::None: return "none";
    case ValType::I32: return "i32";
    case ValType::I64: return "i64";
    case ValType::F32: return "f32";
    case ValType::F64: return "f64";
    case ValType::V128: return "v128";
    case ValType::FuncRef: return "funcref";
    case ValType::ExternRef: return "externref";
    case ValType::ExnRef: return "exnref";
    }
    return "unknown";
}

const char* name_of(ExternKind kind) {
    constexpr const char* kNames[] = {"function", "table", "memory", "global", "tag"};
    return kNames[static_cast<uint8_t>(kind)];
}

}  // namespace linocut
