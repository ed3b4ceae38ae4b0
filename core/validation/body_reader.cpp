#include "validation/body_reader.hpp"

#include <algorithm>

#include "wasm/type_reader.hpp"

namespace linocut {

// ── errors ──
void BodyReader::fail_invalid(const std::string& message, const uint8_t* at) const {
    throw InvalidError(message, offset_of(at), function);
}

void BodyReader::fail_malformed(const std::string& message, const uint8_t* at) const {
    throw MalformedError(message, offset_of(at), function);
}

// ── immediates: the general case of what the hot visitors read ──
uint64_t BodyReader::read_unsigned(unsigned bits) {
    uint64_t value = 0;
    if (read_leb128_quickly(state.pc, last, bits, value)) return value;
    const uint8_t* const at = state.pc;
    for (unsigned shift = 0; shift < bits; shift += 7) {
        if (state.pc > last) fail_malformed("unexpected end", at);
        const uint8_t byte = *state.pc++;
        value |= static_cast<uint64_t>(byte & 0x7F) << shift;
        const unsigned left = bits - shift;
        if (left < 7) {
            if (byte & 0x80) fail_malformed("integer representation too long", at);
            if (byte >> left) fail_malformed("integer too large", at);
        }
        if (byte < 0x80) return value;
    }
    fail_malformed("integer representation too long", at);
}

int64_t BodyReader::read_signed(unsigned bits) {
    if (int64_t value; read_leb128_quickly(state.pc, last, bits, value)) return value;
    const uint8_t* const at = state.pc;
    uint64_t value = 0;
    for (unsigned shift = 0; shift < bits; shift += 7) {
        if (state.pc > last) fail_malformed("unexpected end", at);
        const uint8_t byte = *state.pc++;
        value |= static_cast<uint64_t>(byte & 0x7F) << shift;
        const unsigned left = bits - shift;
        if (left < 7) {
            // The bits beyond the type repeat its sign.
            if (byte & 0x80) fail_malformed("integer representation too long", at);
            const auto extended = static_cast<int8_t>(byte << 1) >> 1;
            const int sign = extended >> (left - 1);
            if (sign != 0 && sign != -1) fail_malformed("integer too large", at);
        }
        if (byte < 0x80) {
            const unsigned used = shift + 7;
            return used >= 64 ? static_cast<int64_t>(value)
                              : static_cast<int64_t>(value << (64 - used)) >> (64 - used);
        }
    }
    fail_malformed("integer representation too long", at);
}

// The last byte is an end, and belongs to nothing else.
const uint8_t* BodyReader::read_bytes(ptrdiff_t count) {
    const uint8_t* const bytes = state.pc;
    if (last - bytes < count) fail_malformed("unexpected end", last);
    state.pc += count;
    return bytes;
}

ValType BodyReader::read_value_type() {
    return read_with([](Reader& reader) { return linocut::read_value_type(reader); });
}

// ── one function ──
void BodyReader::open(uint32_t defined) {
    function = module.imported_functions + defined;
    type = &module.type_of_function(function);
    const FuncBody& body = module.bodies[defined];
    state.pc = module.bytes.data() + body.offset;
    last = state.pc + body.size - 1;
}

void BodyReader::read_locals() {
    param_count = static_cast<uint32_t>(type->params.size());
    const auto append = [this](ValType value_type, uint32_t count) {
        local_count += count;
        if (local_runs.empty() || local_runs.back().type != value_type)
            local_runs.push_back({local_count, value_type});
        else
            local_runs.back().end = local_count;
    };
    local_runs.clear();
    local_count = 0;
    for (const ValType param : type->params) append(param, 1);
    uint64_t total = local_count;
    for (uint32_t groups = read_u32(); groups; groups--) {
        const uint8_t* at = state.pc;
        const uint32_t count = read_u32();
        const ValType value_type = read_value_type();
        total += count;
        // Beyond 2^32 - 1 it is no module (§5.5.13), below a limit of ours: so all groups are read first.
        if (total > UINT32_MAX) fail_malformed("too many locals", at);
        if (total > kMaxLocals) continue;
        append(value_type, count);
    }
    if (total > kMaxLocals) fail_invalid("implementation limit: more than 50,000 locals", state.pc);
}

ValType BodyReader::type_of_local(uint32_t index) const {
    const auto run = std::upper_bound(local_runs.begin(), local_runs.end(), index,
                                      [](uint32_t at, const LocalRun& r) { return at < r.end; });
    return run->type;
}

// A few bytes can push thousands of values at a time, and so fill any memory.
void BodyReader::check_height(size_t height, size_t count) const {
    const size_t most = module.bodies[function - module.imported_functions].size + kMostSpareOperands;
    if (count <= 1 || height + count <= most) return;
    fail_invalid("implementation limit: more than " + std::to_string(most) + " values on the operand stack",
                 state.pc - 1);
}

}  // namespace linocut
