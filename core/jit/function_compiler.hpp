// Compiles one function body after the other: the state that the visitors share.
//
// A visitor is a function per opcode. Hot ones take the State, which lives in registers from one
// visitor to the next (see dispatch.hpp); the others take the FunctionCompiler, whose `state` is then up to date.
#pragma once

#include <cstdint>
#include <vector>

#include "code/code.hpp"
#include "context.h"
#include "jit/checked_locals.hpp"
#include "jit/compiler.hpp"
#include "jit/inlining.hpp"
#include "jit/operand.hpp"
#include "jit/workspace.hpp"
#include "validation/body_reader.hpp"
#include "wasm/module.hpp"
#include "wasm/value_class.hpp"

namespace linocut {

// More machine code than this for one opcode is checked for where it is emitted.
constexpr uint32_t kOpcodeBytes = 512;

// Thrown when a module has more machine code than room was made for: it is compiled again with more.
struct OutOfRoom {};
// Thrown when what is being compiled is not valid. The validator says why, and where.
struct Refused {};
[[noreturn, gnu::cold]] void refuse();

struct FunctionCompiler;
struct Visitors;

// What code that reads or writes a global must know of it.
struct GlobalHome {
    ValType type;
    bool is_mutable;
    bool is_plain;  // an integer in a cell of the context
    int32_t cell;
};

// Where the one result of a function or a block travels.
constexpr Register result_register(ValType type) { return result_register(class_of(type)); }

struct FunctionCompiler : BodyReader, Workspace {
    FunctionCompiler(const Module& module, const ContextLayout& layout, const CompileOptions& options);
    ~FunctionCompiler();
    FunctionCompiler(const FunctionCompiler&) = delete;
    FunctionCompiler& operator=(const FunctionCompiler&) = delete;

    // Makes room for functions of up to so many bytes, at once instead of step by step.
    void reserve(size_t body_bytes);
    // Validates and compiles defined function `defined` to `out`; returns the end of its code.
    // `limit` is the end of the room for code.
    uint8_t* compile(uint32_t defined, uint8_t* out, uint8_t* limit, FunctionCode& code);

    // ── inputs ──
    const ContextLayout& layout;
    const CompileOptions options;
    bool is_off(Switch which) const { return options.without.has(which); }
    // ── memory 0 ──
    const ValType address_type = module.memories.empty() ? ValType::I32 : module.memories[0].address();
    const bool checks_bounds = options.explicit_bounds || address_type == ValType::I64;
    // Its accesses are an instruction each.
    const bool has_plain_memory =
        !module.memories.empty() && !checks_bounds && !is_off(Switch::FoldedAddresses);
    const std::vector<GlobalHome> globals;
    const bool is_better;      // the processor can do more than the baseline (code/cpu.hpp)
    const Visitors& visitors;  // which of the two builds (dispatch.hpp), and for which processor
    std::vector<Position>* positions = nullptr;  // recording is on when set
    const uint8_t* code_base = nullptr;

    // ── the function ──
    Local* locals = nullptr;
    uint32_t short_locals = 0;  // those whose index takes one byte
    // Behind the function's own locals: pinned constants, then those of callees (inlining.hpp).
    uint32_t first_constant = 0, first_own = 0;
    Operand* stack = nullptr;  // position 0
    uint8_t* limit = nullptr;  // end of the room for code
    bool is_careful = false;   // every opcode looks at the room
    uint8_t* start = nullptr;  // of the function's code

    uint8_t* zero_flag_at = nullptr;  // the zero flag describes `zero_flag_register` at this output position
    Register zero_flag_register = kNoRegister;
    // What a hot visitor hands to the colder one that goes on with its opcode.
    Condition condition{};
    uint32_t branch_depth = 0;
    uint32_t set_index = 0;
    bool set_is_tee = false;
    Address rare_address{};
    const uint8_t* opcode_at = nullptr;  // of a prefixed opcode, and of an access that is read the long way

    Operand* owners[kRegisterCount] = {};  // the operand that a temporary holds, if it is taken

    uint32_t frame_bytes = 0;  // slots given out so far
    RegisterSet saved = 0;     // pinned registers in use
    CheckedLocals checked_locals;
    uint8_t int_pins = 0, vector_pins = 0;  // how many are given out
    uint8_t& pins(ValueClass value_class) {
        return value_class == ValueClass::Vector ? vector_pins : int_pins;
    }
    bool makes_calls = false;
    // Float constants that loops use, where registers are left: locals behind the function's own, which the
    // prologue loads and nothing sets.
    uint8_t constant_room = 0;  // how many there may be
    uint8_t constant_count = 0;
    uint64_t constant_bits[kVectorPinCount] = {};

    Inlining inlining;
    void add_local(uint32_t index, ValType type);  // behind the function's own
    // Visits the bytes as if they stood here.
    void visit_inlined(const uint8_t* first, const uint8_t* end);
    uint32_t offset_of(const uint8_t* pc) {
        return inlining.holds(pc) ? inlining.offset_of(pc, positions) : BodyReader::offset_of(pc);
    }

    // Those that have been compiled, from `first` on, are called at once; calls of others wait for the end of all.
    // (Linked by their sites they would take no memory, but walking such a list misses the caches.)
    void lead_to_function(Site site, uint32_t callee);
    const FunctionCode* functions = nullptr;
    uint32_t first = 0, current = 0;
    std::vector<WaitingCall> calls;

    // A place in the function's code, as its handler table has it.
    uint32_t place(const uint8_t* at) const { return static_cast<uint32_t>(at - start); }
    // The call that ends here stands within that handler.
    void note_call(uint32_t handler) { tries.note_call(place(state.out), handler); }

    // ── frame.cpp: locals' and operands' homes, and the code around the body ──
    void touch_local(uint32_t index, bool is_read);
    static constexpr uint32_t kNoLocal = UINT32_MAX;
    uint32_t pin_constant(ValType type, uint64_t bits);  // the local that holds it, or kNoLocal
    // Slots belong to heights, which count values and no barriers: what goes into a block or comes out of it
    // with nothing above or below it changing stays where it is.
    int32_t slot_at(size_t height, ValType type);
    int32_t slot_of(const Operand* operand,
                    ValType type);  // of the innermost block, for a value of that type
    int32_t allocate_slot(ValType type);
    // Frames up to this size are covered by the reserve below the stack limit (256 KiB, for helpers and the host).
    static constexpr uint32_t kSmallFrame = 64 * 1024;
    uint8_t* write_cold_code(uint8_t* out);
    uint8_t* write_constants(uint8_t* out);
    uint8_t* write_landings(uint8_t* out);  // visit_exceptions.cpp
    uint8_t* write_prologue(uint8_t* start, uint8_t* body, uint8_t* out, FunctionCode& code);

    // ── moves.cpp: these work on `state` ──
    void spill(Operand* operand);                // a temporary into its slot
    Register take(ValueClass value_class);       // a temporary that is free, if need be after a spill
    Register spill_one(ValueClass value_class);  // frees a temporary that no popped operand holds
    void move_to_slot(Operand* operand);         // whatever it is, into its slot
    void settle(Operand* operand);               // likewise, when it is the newest that is in none
    void flush();                                // all but constants: before control flow
    void spill_temporaries(const Operand* below, RegisterSet which = kTemporaries);
    void settle_local(uint32_t index);  // pending references get values of their own
    void move_between(Register s, Register d, ValType type);
    void move_to_register(Register d, const Operand& operand);         // never changes flags
    void move_wide(Register d, const Wide& value);                     // never changes flags
    void store_at_slot(const Operand& operand, int32_t displacement);  // never changes flags
    void release(const Operand& operand);
    void recount_free();
    void push_register(ValType type, Register reg);
    void ensure_room(size_t bytes);
    // Before more than one is pushed for a byte of wasm; moves the stack.
    void reserve_operands(size_t count);

    // ── visitors' shared parts (moves.cpp) ──
    Operand pop(ValType type);  // unlinked; a temporary that it holds stays taken until release()
    Operand pop_any();
    void discard();  // pops and releases
    void push_constant(ValType type, uint64_t bits);
    Register load(Operand& operand);  // into a temporary, if it is in no register
    // The register of the pinned local that the next opcode sets, if nothing refers to its old value; then
    // finish_set() passes that opcode. Else kNoRegister. (hot.hpp has the visitors' own.)
    Register find_target(ValType type);
    void finish_set();
    Control& control() { return controls.back(); }
    // The operands that the visitors of the current block may pop.
    Operand* base() { return stack + control().base; }

private:
    void store_constant(const Operand& constant, int32_t displacement);
    void give_home(uint32_t index, ValType type);
    bool has_plenty_of_room() const;
    void begin(uint32_t defined, uint8_t* out);
    void make_locals();
    void visit_body();
    unsigned prologue_room() const;
    bool needs_stack_check(uint32_t frame) const;
    Register next_pin(ValueClass value_class);
    uint8_t* receive_parameters(uint8_t* out);
    uint8_t* receive_registers(uint8_t* out);
    uint8_t* receive_buffer(uint8_t* out);
    uint8_t* clear_locals(uint8_t* out);
    uint8_t* load_constants(uint8_t* out);
    bool is_in_loop();
};

// Chooses which locals deserve a register when there are more locals than registers (prescan.cpp).
void prescan(FunctionCompiler& compiler);

}  // namespace linocut
