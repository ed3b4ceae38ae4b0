#include <string>

#include "base/errors.hpp"
#include "base/hex.hpp"
#include "wasm/const_expr_reader.hpp"
#include "wasm/declared.hpp"
#include "wasm/index_space.hpp"
#include "wasm/limits.hpp"
#include "wasm/sections.hpp"
#include "wasm/type_reader.hpp"

namespace linocut {
namespace {

// §5.5.12: the eight forms of a segment are these three bits.
enum : uint32_t {
    not_active = 1,
    explicit_table = 2,  // of an active segment
    declarative = 2,     // of one that is not active
    has_expressions = 4,
    all_bits = 7,
};

constexpr uint8_t kFunctionKind = 0x00;

class ElementReader {
public:
    ElementReader(Reader& reader, Module& module)
        : reader_(reader), module_(module), expressions_(reader, module) {}

    ElemSegment read() {
        const size_t offset = reader_.offset();
        const uint32_t flags = reader_.u32();
        if (flags > all_bits)
            throw MalformedError("malformed elements segment kind " + hex(flags) + ": expected 0x00 to 0x07",
                                 offset);
        ElemSegment segment;
        segment.mode = mode_of(flags);
        if (segment.mode == SegmentMode::Active) read_target(segment, flags);
        segment.element = read_type(flags);
        if (segment.mode == SegmentMode::Active) check_target(segment, offset);
        if (flags & has_expressions)
            read_expressions(segment);
        else
            read_functions(segment);
        return segment;
    }

private:
    static SegmentMode mode_of(uint32_t flags) {
        if (!(flags & not_active)) return SegmentMode::Active;
        return flags & declarative ? SegmentMode::Declarative : SegmentMode::Passive;
    }

    void read_target(ElemSegment& segment, uint32_t flags) {
        const size_t offset = reader_.offset();
        segment.table = flags & explicit_table ? reader_.u32() : 0;
        check_index("table", segment.table, module_.tables.size(), offset);
        segment.offset = expressions_.read(module_.tables[segment.table].type.address());
    }

    // The two shortest forms leave the type out.
    ValType read_type(uint32_t flags) {
        if (!(flags & (not_active | explicit_table))) return ValType::FuncRef;
        if (flags & has_expressions) return read_reference_type(reader_);
        const size_t offset = reader_.offset();
        const uint8_t kind = reader_.u8();
        if (kind != kFunctionKind)
            throw MalformedError("malformed element kind " + hex(kind) + ": expected 0x00 (function)",
                                 offset);
        return ValType::FuncRef;
    }

    void check_target(const ElemSegment& segment, size_t offset) const {
        const ValType wanted = module_.tables[segment.table].type.element;
        if (!matches(segment.element, wanted))
            throw InvalidError("type mismatch: element segment of " + std::string(name_of(segment.element)) +
                                   " for table " + std::to_string(segment.table) + " of " + name_of(wanted),
                               offset);
    }

    void read_functions(ElemSegment& segment) {
        const uint32_t count = limits::read_count(reader_, "elements", limits::kElements);
        segment.functions.reserve(limits::credible(count, reader_));
        for (uint32_t i = 0; i < count; i++) {
            const uint32_t function = read_index(reader_, "function", module_.functions.size());
            declare_function(module_, function);
            segment.functions.push_back(function);
        }
    }

    void read_expressions(ElemSegment& segment) {
        const uint32_t count = limits::read_count(reader_, "elements", limits::kElements);
        segment.expressions.reserve(limits::credible(count, reader_, 3));  // bytes of the shortest
        for (uint32_t i = 0; i < count; i++)
            segment.expressions.push_back(expressions_.read(segment.element));
    }

    Reader& reader_;
    Module& module_;
    ConstExprReader expressions_;
};

}  // namespace

void read_element_section(Reader& reader, Module& module) {
    const uint32_t count = limits::read_count(reader, "element segments", limits::kElemSegments);
    module.elems.reserve(limits::credible(count, reader, 3));  // bytes of the shortest segment
    ElementReader elements(reader, module);
    for (uint32_t i = 0; i < count; i++) module.elems.push_back(elements.read());
}

}  // namespace linocut
