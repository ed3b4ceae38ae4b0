// What stands for the compiler where there is none yet: modules are validated, and interpreted.
#include "base/errors.hpp"
#include "jit/compiler.hpp"
#include "jit/form_names.hpp"
#include "validation/validator.hpp"

namespace linocut {

namespace {

[[noreturn]] void fail() {
    throw NoCompiler("there is no compiler for aarch64 yet: modules are interpreted");
}

}  // namespace

bool has_compiler() { return false; }

void validate(const Module& module) { validate_bodies(module); }

Code compile(const Module&, const CompileOptions&) { fail(); }
std::vector<Position> record_positions(const Module&, const Code&, uint32_t, const CompileOptions&) {
    fail();
}

std::vector<FormName> forms_of(std::span<const uint8_t>) { fail(); }
std::vector<FormCode> all_forms() { fail(); }
std::vector<StencilCode> all_stencils() { fail(); }

}  // namespace linocut
