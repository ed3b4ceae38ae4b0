#include "jit/function_compiler.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "code/cpu.hpp"
#include "jit/arch/frame.hpp"
#include "jit/arch/jump_table.hpp"
#include "jit/calls.hpp"
#include "jit/dispatch.hpp"

namespace linocut {

static std::vector<GlobalHome> homes_of_globals(const Module& module, const ContextLayout& layout) {
    std::vector<GlobalHome> homes;
    homes.reserve(module.globals.size());
    for (const GlobalDef& global : module.globals) {
        const size_t index = homes.size();
        const ValType type = global.type.value;
        const bool is_integer = type == ValType::I32 || type == ValType::I64;
        homes.push_back({type, global.type.is_mutable, is_integer && index >= module.imported_globals,
                         static_cast<int32_t>(layout.globals[index])});
    }
    return homes;
}

FunctionCompiler::FunctionCompiler(const Module& module, const ContextLayout& layout,
                                   const CompileOptions& options)
    : BodyReader(module),
      Workspace(take_workspace()),
      layout(layout),
      options(options),
      globals(homes_of_globals(module, layout)),
      is_better(has_better_instructions()),
      visitors((options.without.empty() ? PRODUCT_VISITORS : ABLATION_VISITORS)[is_better]) {
    inlining.known.resize(module.bodies.size());
}

FunctionCompiler::~FunctionCompiler() { keep_workspace(std::move(*this)); }

void refuse() { throw Refused{}; }

void FunctionCompiler::lead_to_function(Site site, uint32_t callee) {
    if (callee >= first && callee < current) return site.lead_to(code_base + functions[callee].entry);
    calls.push_back({static_cast<uint32_t>(site.field() - code_base), callee});
}

// ── one function ──
// Every byte of wasm pushes one operand at most; what pushes more reserves the room itself.
void FunctionCompiler::reserve(size_t body_bytes) {
    constexpr size_t kMargin = 4096;
    if (operands.capacity() < body_bytes + kMargin) operands.allocate(body_bytes + kMargin);
    controls.reset(body_bytes / 2 + 2);  // a block takes two bytes at least
    stack = operands.begin();
}

void FunctionCompiler::reserve_operands(size_t count) {
    check_height(static_cast<size_t>(state.top - stack) - controls.size(), count);
    const auto height = static_cast<size_t>(state.top - stack);
    const auto still_to_come = static_cast<size_t>(last - state.pc + 1);
    const size_t needed = height + count + still_to_come + 64;
    if (needed <= operands.capacity()) return;
    OperandStorage larger;
    larger.allocate(2 * needed);
    Operand* const moved = larger.begin();
    std::memcpy(static_cast<void*>(moved), stack, height * sizeof(Operand));
    for (Operand*& owner : owners) {
        if (owner) owner = moved + (owner - stack);
    }
    state.top = moved + height;
    stack = moved;
    operands = std::move(larger);
}

void FunctionCompiler::begin(uint32_t defined, uint8_t* out) {
    open(defined);
    current = defined;
    reserve(module.bodies[defined].size);
    traps.clear();
    constants.clear();
    literals.clear();
    wide_literals.clear();
    switches.clear();
    jump_tables.clear();
    landings.clear();
    landing_bytes = 0;
    tries.reset();
    for (const Touched& local : touched) local_storage[local.index] = kUntouched;
    for (const uint32_t index : chosen) local_storage[index] = kUntouched;
    touched.clear();
    chosen.clear();
    for (std::vector<int32_t>& known : slots) known.clear();
    frame_bytes = 0;
    saved = 0;
    int_pins = vector_pins = 0;
    makes_calls = false;
    constant_room = constant_count = 0;
    zero_flag_at = nullptr;
    checked_locals.forget();
    inlining.begin(module.bodies[defined].size);
    std::fill(std::begin(owners), std::end(owners), nullptr);
    state = State{state.pc, out, stack, kTemporaries};
}

void FunctionCompiler::make_locals() {
    read_locals();
    first_constant = local_count;
    first_own = first_constant + kVectorPinCount;
    const size_t most = first_own + Inlining::kOwnLocals;
    if (local_storage.size() < most) local_storage.resize(most, kUntouched);
    locals = local_storage.data();
    short_locals = std::min(local_count, 0x80u);
}

// The most machine code that a byte of wasm becomes, but for what calls ensure_room() itself.
static constexpr size_t kMostCodePerByte = 256;

bool FunctionCompiler::has_plenty_of_room() const {
    const auto bytes = static_cast<size_t>(last - state.pc + 1);
    return static_cast<size_t>(limit - state.out) / kMostCodePerByte >= bytes + kOpcodeBytes;
}

// Runs the visitors from `state.pc` to `last`.
void FunctionCompiler::visit_body() {
    is_careful = positions || !has_plenty_of_room();
    const DispatchTable& table = is_careful ? visitors.careful : visitors.plain;
    linocut_enter_visitors(*this, state.pc + 1, state.out, state.top, state.free, &table,
                           table.by_byte[*state.pc]);
}

void FunctionCompiler::visit_inlined(const uint8_t* first, const uint8_t* end) {
    const uint8_t* const pc = std::exchange(state.pc, first);
    const uint8_t* const caller_last = std::exchange(last, end);
    const uint32_t count = std::exchange(local_count, first_own + inlining.own_count);
    const uint32_t caller_short = std::exchange(short_locals, std::min(local_count, 0x80u));
    const bool was_careful = is_careful;
    checked_locals.go_on(pc, first);
    visit_body();
    checked_locals.go_on(state.pc, pc);
    state.pc = pc;
    last = caller_last;
    local_count = count;
    short_locals = caller_short;
    is_careful = was_careful;
    if (!is_careful && !has_plenty_of_room()) throw OutOfRoom{};
}

uint8_t* FunctionCompiler::compile(uint32_t defined, uint8_t* out, uint8_t* end_of_room, FunctionCode& code) {
    limit = end_of_room;
    begin(defined, out);
    make_locals();
    prescan(*this);

    start = out;
    ensure_room(prologue_room());
    uint8_t* const body = out + prologue_room();
    emit::fill(start, body);
    state.out = body;
    *state.top++ =
        Operand{.type = ValType::None, .kind = Kind::Barrier, .reg = 0, .is_flushed = 1, .bits = 0};
    const TypeSpan results = span(type->results);
    controls.push({ControlKind::Function, false, 1, {}, results, body, nullptr, nullptr});
    if (state.pc > last) fail_malformed("unexpected end", last);
    visit_body();

    const bool calls_before = makes_calls;
    pass_arguments(*this, type->results);
    makes_calls = calls_before;
    lay_out_frame(*this, code);
    out = leave_frame(state.out, *this, code);
    if (!jump_tables.empty()) complete_tables(*this);
    out = write_cold_code(out);
    out = write_prologue(start, body, out, code);
    code.handlers = tries.take_table();
    code.start = static_cast<uint32_t>(start - code_base);
    code.body = static_cast<uint32_t>(body - code_base);
    code.end = static_cast<uint32_t>(out - code_base);
    return out;
}

}  // namespace linocut
