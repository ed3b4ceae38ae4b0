// Why a module cannot be used. Messages open with the official test suite's text where it has one, then
// say what was found and what was expected; the place comes last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace linocut {

enum class Refusal : uint8_t {
    Malformed,    // the bytes are no module: the binary format (§5) is broken
    Invalid,      // a rule of validation (§3) is broken, or a limit of this implementation
    Unsupported,  // it needs a known part of WebAssembly that is not supported yet
};

class ModuleError : public std::runtime_error {
public:
    const Refusal refusal;
    const std::optional<size_t> offset;      // of the byte at fault, in the module
    const std::optional<uint32_t> function;  // index of the function at fault, imports counted
    const std::string feature;               // the name of what it needs and is not supported, if known

    ModuleError(Refusal refusal, const std::string& message, std::optional<size_t> offset,
                std::optional<uint32_t> function, const std::string& feature = "")
        : std::runtime_error(message + place(offset, function)),
          refusal(refusal),
          offset(offset),
          function(function),
          feature(feature),
          message_(message) {}

    // The same error, located in that function.
    ModuleError in_function(uint32_t index) const {
        return ModuleError(refusal, message_, offset, function ? function : index, feature);
    }

private:
    static std::string place(std::optional<size_t> offset, std::optional<uint32_t> function) {
        if (!offset && !function) return "";
        std::string text = " (";
        if (function) text += "function " + std::to_string(*function);
        if (function && offset) text += ", ";
        if (offset) text += "byte " + std::to_string(*offset);
        return text + ")";
    }

    const std::string message_;  // without the place
};

struct MalformedError : ModuleError {
    explicit MalformedError(const std::string& message, std::optional<size_t> offset = {},
                            std::optional<uint32_t> function = {})
        : ModuleError(Refusal::Malformed, message, offset, function) {}
};

struct InvalidError : ModuleError {
    explicit InvalidError(const std::string& message, std::optional<size_t> offset = {},
                          std::optional<uint32_t> function = {})
        : ModuleError(Refusal::Invalid, message, offset, function) {}
};

// An import that is missing or of another type (§4.5).
struct LinkError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Machine code was asked for, but there is no compiler for the processor.
struct NoCompiler : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace linocut
