// Why a module cannot be used. Messages open with the official test suite's text where it has one, then
// say what was found and what was expected; the place comes last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace linocut {

class ModuleError : public std::runtime_error {
public:
    const std::optional<size_t> offset;      // of the byte at fault, in the module
    const std::optional<uint32_t> function;  // index of the function at fault, imports counted

protected:
    ModuleError(const std::string& message, std::optional<size_t> offset, std::optional<uint32_t> function)
        : std::runtime_error(message + place(offset, function)), offset(offset), function(function) {}

private:
    static std::string place(std::optional<size_t> offset, std::optional<uint32_t> function) {
        if (!offset && !function) return "";
        std::string text = " (";
        if (function) text += "function " + std::to_string(*function);
        if (function && offset) text += ", ";
        if (offset) text += "byte " + std::to_string(*offset);
        return text + ")";
    }
};

// The bytes are no module: the binary format (§5) is broken.
struct MalformedError : ModuleError {
    explicit MalformedError(const std::string& message, std::optional<size_t> offset = {},
                            std::optional<uint32_t> function = {})
        : ModuleError(message, offset, function) {}
};

// A module that breaks a rule of validation (§3) or a limit of this implementation.
struct InvalidError : ModuleError {
    explicit InvalidError(const std::string& message, std::optional<size_t> offset = {},
                          std::optional<uint32_t> function = {})
        : ModuleError(message, offset, function) {}
};

// An import that is missing or of another type (§4.5).
struct LinkError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace linocut
