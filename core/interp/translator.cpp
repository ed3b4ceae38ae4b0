#include "interp/translator.hpp"

#include <algorithm>

#include "interp/handlers.hpp"
#include "interp/pass_opcode.hpp"
#include "wasm/type_reader.hpp"
#include "wasm/value_class.hpp"

namespace linocut::interp {

namespace {

// Bodies are valid, so that only what says where things are needs to be read.
uint32_t read_locals(Reader& in, uint32_t params) {
    uint32_t words = params;
    for (uint32_t groups = in.u32(); groups; groups--) {
        const uint32_t count = in.u32();
        words += count * words_of(read_value_type(in));
    }
    return words;
}

}  // namespace

// ── one function ──
void Translator::begin(const FuncBody& body, const FuncType& type) {
    in = Reader(module.bytes.subspan(body.offset, body.size), body.offset);
    locals_ = read_locals(in, words_of(type.params));
    drop(height());  // which leaves no local with a read
    if (newest_reads_.size() < locals_) newest_reads_.resize(locals_);
    instructions_.clear();
    blocks.clear();
    most_operands_ = 0;
    open(BlockKind::Block, {0, words_of(type.results)});
}

void Translator::translate(uint32_t defined, InterpretedFunction& function) {
    const uint32_t type = module.functions[module.imported_functions + defined];
    begin(module.bodies[defined], module.types[type]);
    while (!blocks.empty()) {
        opcode_offset_ = static_cast<uint32_t>(in.offset());
        translate_opcode(*this);
    }
    function.code.assign(instructions_.begin(), instructions_.end());
    function.signature = code.signatures[type];
    function.params = words_of(module.types[type].params);
    function.results = words_of(module.types[type].results);
    function.locals = locals_;
    function.slots = std::max(locals_ + most_operands_, function.results);
    function.defined = defined;
}

// ── operands ──
void Translator::push_constant(uint64_t bits) {
    operands_.push_back({.kind = Operand::Kind::Constant, .bits = bits});
    most_operands_ = std::max(most_operands_, height());
}

void Translator::push_local(uint32_t local) {
    operands_.push_back({.kind = Operand::Kind::Local, .local = local, .older = newest_reads_[local]});
    newest_reads_[local] = height();
    most_operands_ = std::max(most_operands_, height());
}

void Translator::push_homes(uint32_t count) {
    operands_.resize(operands_.size() + count, {.kind = Operand::Kind::Home, .bits = 0});
    most_operands_ = std::max(most_operands_, height());
}

void Translator::drop(uint32_t count) {
    for (; count; count--) {
        const Operand& operand = operands_.back();
        // Newest first: so each is the head of its local's list.
        if (operand.kind == Operand::Kind::Local) newest_reads_[operand.local] = operand.older;
        operands_.pop_back();
    }
    settled_ = std::min(settled_, height());
}

uint32_t Translator::pop() {
    const Operand operand = operands_.back();
    const uint32_t position = height() - 1;
    if (operand.kind == Operand::Kind::Constant) bring(position, home(position));
    drop(1);
    return operand.kind == Operand::Kind::Local ? operand.local : home(position);
}

bool Translator::pop_constant(uint64_t& bits) {
    if (operands_.back().kind != Operand::Kind::Constant) return false;
    bits = operands_.back().bits;
    drop(1);
    return true;
}

void Translator::bring(uint32_t position, uint32_t slot) {
    const Operand& operand = operands_[position];
    const uint32_t from = operand.kind == Operand::Kind::Local ? operand.local : home(position);
    if (operand.kind == Operand::Kind::Constant)
        emit({.handler = set_constant, .result = slot, .immediate = operand.bits});
    else if (from != slot)
        emit({.handler = copy, .result = slot, .a = from});
}

// From the top down, so that each read is the newest of its local.
void Translator::settle(uint32_t count) {
    const uint32_t end = std::max(height() - count, settled_);
    for (uint32_t position = height(); position-- > end;) {
        Operand& operand = operands_[position];
        bring(position, home(position));
        if (operand.kind == Operand::Kind::Local) newest_reads_[operand.local] = operand.older;
        operand.kind = Operand::Kind::Home;
    }
    if (end == settled_) settled_ = height();
}

// The local is about to change: what reads it gets its value now.
void Translator::settle_reads(uint32_t local) {
    for (uint32_t next = newest_reads_[local]; next;) {
        Operand& operand = operands_[next - 1];
        bring(next - 1, home(next - 1));
        operand.kind = Operand::Kind::Home;
        next = operand.older;
    }
    newest_reads_[local] = 0;
}

uint32_t Translator::destination() {
    const bool is_set = take(Opcode::op_local_set);
    const bool is_tee = !is_set && take(Opcode::op_local_tee);
    if (!is_set && !is_tee) {
        push_homes(1);
        return home(height() - 1);
    }
    const uint32_t local = slot_of_local(in.u32());
    settle_reads(local);
    if (is_tee) push_local(local);
    return local;
}

void Translator::set_local(uint32_t local, bool is_tee) {
    uint64_t bits;
    if (pop_constant(bits)) {
        settle_reads(local);
        emit({.handler = set_constant, .result = local, .immediate = bits});
    } else if (const uint32_t slot = pop(); slot != local) {
        settle_reads(local);
        emit({.handler = copy, .result = local, .a = slot});
    }
    if (is_tee) push_local(local);
}

// ── instructions ──
void Translator::emit(const Instruction& instruction) {
    instructions_.push_back(instruction);
    if (offsets) offsets->push_back(opcode_offset_);
}

void Translator::bring_values(const Block& block) {
    const uint32_t count = block.label_arity(), from = height() - count;
    if (count == 0) return;
    if (count == 1) return bring(from, home(block.base));
    settle(count);
    if (from != block.base)
        emit({.handler = copy_many, .result = home(block.base), .a = home(from), .b = count});
}

void Translator::emit_jump(Block& block, Instruction jump) {
    if (block.kind == BlockKind::Loop) {
        jump.result = block.start - position();
    } else {
        jump.result = block.newest_jump;
        block.newest_jump = position() + 1;
    }
    emit(jump);
}

void Translator::bind(uint32_t jump) { instructions_[jump].result = position() - jump; }

// ── blocks ──
Arity Translator::read_block_arity() {
    constexpr int64_t kNoType = -0x40;
    const Reader before = in;
    const int64_t type = in.s33();
    if (type == kNoType) return {0, 0};
    if (type < 0) {
        in = before;
        return {0, words_of(read_value_type(in))};
    }
    const FuncType& function = module.types[static_cast<size_t>(type)];
    return {words_of(function.params), words_of(function.results)};
}

void Translator::open(BlockKind kind, Arity arity) {
    blocks.push_back({kind, arity, height() - arity.params, position()});
}

void Translator::restart(uint32_t values) {
    drop(height() - blocks.back().base);
    push_homes(values);
    settled_ = height();
}

void Translator::begin_else() {
    Block& block = blocks.back();
    if (!block.is_left) {
        settle_all();
        emit_jump(block, {.handler = jump<false>});
    }
    bind(block.else_jump - 1);
    block.else_jump = 0;
    block.is_left = false;
    restart(block.arity.params);
}

// The results are at home, whichever way the end was reached.
void Translator::close() {
    const Block& block = blocks.back();
    if (!block.is_left) settle_all();
    for (uint32_t jump = block.newest_jump; jump;) {
        const uint32_t older = instructions_[jump - 1].result;
        bind(jump - 1);
        jump = older;
    }
    if (block.else_jump) bind(block.else_jump - 1);
    restart(block.arity.results);
    blocks.pop_back();
}

void Translator::leave_block() {
    drop(height() - blocks.back().base);
    blocks.back().is_left = true;
    for (uint32_t depth = 0;;) {
        const uint8_t byte = in.peek();
        const bool is_end = byte == static_cast<uint8_t>(Opcode::op_end);
        if (depth == 0 && (is_end || byte == static_cast<uint8_t>(Opcode::op_else))) return;
        depth -= is_end;
        depth += pass_opcode(in).opens_block();
    }
}

// ── what comes next ──
bool Translator::take(Opcode opcode) {
    if (in.peek() != static_cast<uint8_t>(opcode)) return false;
    in.u8();
    return true;
}

Block* Translator::take_plain_branch_if() {
    const Reader before = in;
    if (take(Opcode::op_br_if)) {
        Block& block = target(in.u32());
        if (block.label_arity() == 0) return &block;
    }
    in = before;
    return nullptr;
}

}  // namespace linocut::interp
