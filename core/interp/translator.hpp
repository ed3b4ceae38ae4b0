// Translates one function body after the other: the state that the translate_… functions share.
//
// The operand stack holds what is not an instruction yet: a read of a local, a constant. Whoever consumes it
// names the local's slot or takes the constant as an immediate. Every position of the stack has a slot of
// its own, its home, where the operand goes when it must be somewhere.
//
// Slots and positions are words, and so are all counts here: a value of two words (wasm/value_class.hpp) is two
// operands of the same kind, next to each other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/leb128.hpp"
#include "code/context_layout.hpp"
#include "code/interpreted_code.hpp"
#include "code/try_stack.hpp"
#include "wasm/module.hpp"
#include "wasm/opcode.hpp"

namespace linocut::interp {

struct Operand {
    enum class Kind : uint8_t { Home, Local, Constant };
    Kind kind;
    bool is_upper = false;  // the second word of its value
    uint32_t local = 0;     // Local: its slot
    union {
        uint64_t bits;   // Constant
        uint32_t older;  // Local: position + 1 of the next older operand that reads the same local, or 0
    };
};

// Of a legacy try there are two parts: its body, and where something has been caught.
enum class BlockKind : uint8_t { Block, Loop, If, TryTable, Try, Catch };

// A clause of try_table.
struct CatchClause {
    uint32_t tag;  // or HandlerTable::kAnyTag
    bool takes_reference;
    uint32_t label;  // a depth, as outside of the block
};

// Values, and the words that they take.
struct Values {
    Values() = default;
    explicit Values(std::span<const ValType> types);

    std::span<const ValType> types;
    uint32_t words = 0;
};

// What a block takes and gives.
struct Arity {
    Values params, results;
};

struct Block {
    BlockKind kind;
    Arity arity;
    uint32_t base;             // position of the first of its values
    uint32_t start;            // its first instruction
    uint32_t newest_jump = 0;  // number + 1 of the newest jump to its end; each has that of the one before it
    uint32_t else_jump = 0;    // If: number + 1 of the jump to what is done otherwise
    bool is_left = false;      // after an unconditional branch: its end is reached by jumps only

    uint32_t label_arity() const {
        return kind == BlockKind::Loop ? arity.params.words : arity.results.words;
    }
};

class Translator {
public:
    Translator(const Module& module, const ContextLayout& layout, const InterpretedCode& code)
        : module(module), layout(layout), code(code) {}

    // `function` is the place of the defined function in `code`, or another one for the same result.
    void translate(uint32_t defined, InterpretedFunction& function);

    const Module& module;
    const ContextLayout& layout;
    const InterpretedCode& code;
    Reader in{{}};
    std::vector<Block> blocks;  // the first one is the function
    TryStack tries;
    std::vector<std::vector<CatchClause>> catches;  // of each try_table that is open
    std::vector<uint32_t>* offsets = nullptr;       // takes each instruction's opcode's offset in the module

    // ── operands ──
    uint32_t height() const { return static_cast<uint32_t>(operands_.size()); }
    uint32_t home(uint32_t position) const { return locals_ + position; }
    const Operand& operand(uint32_t depth) const { return operands_[operands_.size() - 1 - depth]; }
    uint32_t words_of_top() const { return 1 + operand(0).is_upper; }
    void push_constant(uint64_t bits) { push_constant_word(bits, false); }
    void push_constant(uint64_t low, uint64_t high);
    void push_home(uint32_t words);
    void push_homes(const Values& values);
    uint32_t pop();                     // the slot where the value begins
    bool pop_constant(uint64_t& bits);  // if it is one of one word
    void drop(uint32_t count);
    void settle(uint32_t count);  // the topmost ones go home
    // Before control flow: all paths must agree on where operands are.
    void settle_all() { settle(height() - settled_); }
    // Where a result goes, its operands being popped: home, or into the local that the next opcode sets.
    uint32_t destination(uint32_t words);
    void get_local(uint32_t index);
    void set_local(uint32_t index, bool is_tee);

    // ── instructions ──
    void emit(const Instruction& instruction);
    uint32_t position() const { return static_cast<uint32_t>(instructions_.size()); }
    void bring_values(const Block& block);  // copies a label's values to where they are after a jump to it
    void emit_jump(Block& block, Instruction jump);  // to its label
    void bind(uint32_t jump);                        // leads it to what comes next

    // An exception may come out of the instruction that comes next.
    void note_call() { tries.note_call(position(), tries.current()); }

    // ── blocks ──
    Arity read_block_arity();
    void open(BlockKind kind, Arity arity);  // all operands are at home
    void begin_else();
    void close();
    // The operands of the innermost block are these, all at home, above so many words that are no operands.
    void restart(const Values& values, uint32_t hidden = 0);
    void leave_block();  // what follows in the innermost one cannot be reached, and is passed over
    Block& target(uint32_t depth) { return blocks[blocks.size() - 1 - depth]; }

    // ── what comes next ──
    bool take(Opcode opcode);       // a single-byte one: if it comes next, passes it
    Block* take_plain_branch_if();  // a br_if to a label without values

private:
    void begin(const FuncBody& body, const FuncType& type);
    void read_locals(const std::vector<ValType>& params);
    void add_locals(uint32_t count, ValType type);
    uint32_t slot_of_local(uint32_t index) const { return all_narrow() ? index : slots_of_locals_[index]; }
    uint32_t words_of_local(uint32_t index) const;
    bool all_narrow() const { return slots_of_locals_.empty(); }
    void push_constant_word(uint64_t bits, bool is_upper);
    void push_local(uint32_t slot, uint32_t words);
    void bring(uint32_t position, uint32_t slot);  // the operand's value
    void settle_reads(uint32_t slot, uint32_t words);
    void settle_reads(uint32_t slot);

    std::vector<Instruction> instructions_;
    std::vector<Operand> operands_;
    std::vector<uint32_t> newest_reads_;  // by slot: position + 1 of the newest operand that reads it, or 0
    std::vector<uint32_t> slots_of_locals_;  // by index, and where the last one ends; empty: each is one word
    uint32_t locals_ = 0;                    // their words
    uint32_t settled_ = 0;                   // operands below this position are at home
    uint32_t most_operands_ = 0;
    uint32_t opcode_offset_ = 0;
};

// One for each opcode, in the generated tables.
using Translate = void (*)(Translator& t);
void translate_opcode(Translator& t);

}  // namespace linocut::interp
