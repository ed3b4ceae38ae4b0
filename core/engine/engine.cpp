#include "engine/engine.hpp"

#include <algorithm>

#include "base/errors.hpp"
#include "engine/options.hpp"
#include "interp/interpreter.hpp"
#include "runtime/signals.hpp"
#include "wasm/decoder.hpp"

namespace linocut {

namespace {

// Where an opcode is, in the module; `call` is that of the call whose callee's body was compiled in its place, else 0.
struct Origin {
    uint32_t offset, call;
};

// The opcode that the code at this offset came from: the last one that begins at or before it.
Origin origin_of(const LoadedModule& loaded, const CodeFrame& frame) {
    if (loaded.interpreted)
        return {interp::offset_of_instruction(*loaded.module, loaded.code.layout, *loaded.interpreted,
                                              frame.defined, frame.code_offset),
                0};
    const auto positions =
        record_positions(*loaded.module, loaded.code, frame.defined, compile_options(1, loaded.without));
    const auto after = std::upper_bound(positions.begin(), positions.end(), frame.code_offset,
                                        [](uint32_t at, const Position& p) { return at < p.code_offset; });
    if (after == positions.begin()) return {loaded.module->bodies[frame.defined].offset, 0};
    return {std::prev(after)->module_offset, std::prev(after)->call_offset};
}

// The function whose body the offset is in.
uint32_t function_at(const Module& module, uint32_t offset) {
    const auto after = std::ranges::upper_bound(module.bodies, offset, {}, &FuncBody::offset);
    return module.imported_functions + static_cast<uint32_t>(after - module.bodies.begin()) - 1;
}

Frame frame_of(const Module& module, uint32_t function, uint32_t offset) {
    return {function, std::string(module.function_name(function)), offset};
}

// A recursion repeats its frames: each place is looked up once.
class Origins {
public:
    Origin operator()(const LoadedModule& loaded, const CodeFrame& frame) {
        for (const auto& [known, origin] : known_)
            if (known.owner == frame.owner && known.defined == frame.defined &&
                known.code_offset == frame.code_offset)
                return origin;
        known_.emplace_back(frame, origin_of(loaded, frame));
        return known_.back().second;
    }

private:
    std::vector<std::pair<CodeFrame, Origin>> known_;
};

}  // namespace

// Makes the runtime do, or stop doing, what code that was made without something requires.
static void adapt_runtime(SwitchSet without) {
    if (without.has(Switch::DivisionChecks)) catch_divide_errors();
    if (without.has(Switch::Interrupts)) stop_ticker();
}

void initialize(const HostHooks& hooks) { set_host_hooks(hooks); }

std::shared_ptr<const LoadedModule> load(std::span<const uint8_t> bytes, std::shared_ptr<const void> owner,
                                         const LoadOptions& options) {
    auto loaded = std::make_shared<LoadedModule>();
    loaded->module = decode(bytes, std::move(owner));
    loaded->type_ids = TypeIds(loaded->module->types);
    // Without a compiler all modules are interpreted, unless `without` names what a compiler is to leave out.
    const bool is_deterministic = options.without.has(Switch::FreeChoices);
    const bool needs_compiler = !options.without.empty() && !options.without.is_only(Switch::FreeChoices);
    if (options.interpret || (!has_compiler() && !needs_compiler)) {
        validate(*loaded->module);
        loaded->code.layout = ContextLayout(*loaded->module);
        loaded->interpreted =
            interp::translate(*loaded->module, loaded->code.layout, loaded->type_ids.all(), is_deterministic);
        return loaded;
    }
    loaded->code = compile(*loaded->module, compile_options(options.threads, options.without));
    loaded->without = options.without;
    adapt_runtime(options.without);
    loaded->code.region.protect();
    loaded->registration = std::make_unique<CodeRegistration>(loaded->code, loaded);
    return loaded;
}

void check(std::span<const uint8_t> bytes) { validate(*decode(bytes, nullptr)); }

Store* home_store(std::span<const Extern> imports, Store* given) {
    Store* home = given;
    for (const Extern& import : imports) {
        Store* store = store_of(import);
        if (!store || store == home) continue;
        if (!home || (!home->has_instances() && home != given)) {
            home = store;
        } else if (store->has_instances()) {
            throw LinkError("imports belong to two stores that both have instances");
        }
    }
    return home;
}

std::vector<Frame> backtrace(const TrapRecord& trap) {
    std::vector<Frame> frames;
    Origins origins;
    for (const CodeFrame& frame : trap.frames) {
        const auto& loaded = *static_cast<const LoadedModule*>(frame.owner.get());
        const uint32_t function = loaded.module->imported_functions + frame.defined;
        const Origin origin = origins(loaded, frame);
        if (origin.call)
            frames.push_back(
                frame_of(*loaded.module, function_at(*loaded.module, origin.offset), origin.offset));
        frames.push_back(frame_of(*loaded.module, function, origin.call ? origin.call : origin.offset));
    }
    return frames;
}

}  // namespace linocut
