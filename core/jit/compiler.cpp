#include "jit/compiler.hpp"

#include <algorithm>
#include <new>

#include "jit/function_compiler.hpp"

namespace linocut {

namespace {

// Machine code is seldom more than four times its wasm. What is not touched costs address space only,
// and is given back afterwards.
constexpr size_t ROOM_FACTOR = 16, LEAST_ROOM_FACTOR = 4;
constexpr size_t EXTRA_ROOM = 4 << 20, LEAST_EXTRA_ROOM = 256 << 10;

size_t body_bytes(const Module& module) {
    size_t total = 0;
    for (const FuncBody& body : module.bodies) total += body.size + 16;
    return total;
}

CodeRegion reserve_code(const Module& module) {
    const size_t bodies = body_bytes(module);
    try {
        return CodeRegion(bodies * ROOM_FACTOR + EXTRA_ROOM);
    } catch (const std::bad_alloc&) {
        return CodeRegion(bodies * LEAST_ROOM_FACTOR + LEAST_EXTRA_ROOM);
    }
}

void resolve_calls(const Code& code, const std::vector<CallSite>& calls) {
    const uint8_t* base = code.region.base();
    for (const CallSite& call : calls) emit::patch_relative(call.field, base + code.functions[call.defined].entry);
}

}  // namespace

Code compile(const Module& module, const CompileOptions& options) {
    Code code{reserve_code(module), {}, ContextLayout(module)};
    code.functions.resize(module.bodies.size());
    FunctionCompiler compiler(module, code.layout, options);
    compiler.code_base = code.region.base();
    uint8_t* out = code.region.base();
    uint8_t* const limit = out + code.region.size() - EMIT_SLACK;
    for (uint32_t i = 0; i < module.bodies.size(); i++) out = compiler.compile(i, out, limit, code.functions[i]);
    resolve_calls(code, compiler.calls);
    code.region.shrink(static_cast<size_t>(out - code.region.base()) + EMIT_SLACK);
    return code;
}

std::vector<Position> record_positions(const Module& module, const Code& code, uint32_t defined,
                                       const CompileOptions& options) {
    std::vector<Position> positions;
    const FunctionCode& original = code.functions[defined];
    const size_t room = module.bodies[defined].size * ROOM_FACTOR + EXTRA_ROOM;
    const std::unique_ptr<uint8_t[]> scratch(new uint8_t[room]);
    FunctionCompiler compiler(module, code.layout, options);
    compiler.positions = &positions;
    // Code does not depend on where it is: offsets are made to agree with the original's.
    compiler.code_base = scratch.get() - original.start;
    FunctionCode again{};
    compiler.compile(defined, scratch.get(), scratch.get() + room - EMIT_SLACK, again);
    return positions;
}

}  // namespace linocut
