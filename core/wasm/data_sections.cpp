// Data segments and their count, which comes ahead so that bodies can be validated (§5.5.15).
#include <string>

#include "base/errors.hpp"
#include "base/hex.hpp"
#include "wasm/const_expr_reader.hpp"
#include "wasm/index_space.hpp"
#include "wasm/limits.hpp"
#include "wasm/sections.hpp"

namespace linocut {
namespace {

// §5.5.14
enum : uint32_t { active = 0, passive = 1, active_explicit = 2 };

void read_segment(Reader& reader, Module& module, ConstExprReader& expressions) {
    const size_t offset = reader.offset();
    const uint32_t kind = reader.u32();
    if (kind > active_explicit)
        throw MalformedError("malformed data segment kind " + hex(kind) + ": expected 0x00 to 0x02", offset);
    DataSegment& segment = module.datas.emplace_back();
    segment.mode = kind == passive ? SegmentMode::Passive : SegmentMode::Active;
    if (segment.mode == SegmentMode::Active) {
        segment.memory = kind == active_explicit ? reader.u32() : 0;
        check_index("memory", segment.memory, module.memories.size(), offset);
        segment.offset = expressions.read(module.memories[segment.memory].address());
    }
    const uint32_t size = reader.u32();
    segment.bytes = reader.bytes(size);
}

}  // namespace

void read_data_count_section(Reader& reader, Module& module) {
    module.data_count = limits::read_count(reader, "data segments", limits::kDataSegments);
}

void read_data_section(Reader& reader, Module& module) {
    const uint32_t count = limits::read_count(reader, "data segments", limits::kDataSegments);
    module.datas.reserve(limits::credible(count, reader, 2));  // bytes of the shortest segment
    ConstExprReader expressions(reader, module);
    for (uint32_t i = 0; i < count; i++) read_segment(reader, module, expressions);
}

}  // namespace linocut
