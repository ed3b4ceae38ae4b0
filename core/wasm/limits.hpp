// Implementation limits, those of the JavaScript API (js-api, "Implementation-defined Limits"), so that
// what runs in browsers runs here. What a limit keeps out is invalid, not malformed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/leb128.hpp"

namespace linocut::limits {

constexpr size_t kModuleBytes = 1u << 30;
constexpr uint32_t kTypes = 1'000'000;
constexpr uint32_t kFunctions = 1'000'000;  // index spaces count imports, too
constexpr uint32_t kImports = 1'000'000;
constexpr uint32_t kExports = 1'000'000;
constexpr uint32_t kGlobals = 1'000'000;
constexpr uint32_t kTags = 1'000'000;
constexpr uint32_t kTables = 100'000;
constexpr uint32_t kElemSegments = 10'000'000;
constexpr uint32_t kElements = 10'000'000;
constexpr uint32_t kDataSegments = 100'000;
constexpr uint32_t kParams = 1'000;
constexpr uint32_t kResults = 1'000;
constexpr uint32_t kBodyBytes = 7'654'321;
constexpr uint64_t kMemoryPages = 65'536;         // §3.2 (memory types), for 32-bit addresses
constexpr uint64_t kTableElements = 0xFFFF'FFFF;  // §3.2 (table types), ditto
constexpr uint64_t kMemoryPages64 = uint64_t{1} << 48;

// Throws InvalidError unless `found` things are within the limit.
void check(const char* things, uint64_t found, uint64_t limit, size_t offset);

// Reads the count of a list; `present` things of the kind are there already.
uint32_t read_count(Reader& reader, const char* things, uint64_t limit, size_t present = 0);

// How many elements to make room for: a count is only a claim, but every element takes some bytes.
size_t credible(uint32_t count, const Reader& reader, size_t bytes_each = 1);

}  // namespace linocut::limits
