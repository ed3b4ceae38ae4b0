#include "jit/inlining.hpp"

#include <algorithm>

#include "jit/function_compiler.hpp"
#include "jit/labels.hpp"
#include "jit/visit_variable.hpp"
#include "wasm/opcode.hpp"

namespace linocut {

namespace {

// ── what a callee is ──
using Local = Callee::Local;

// Reads bytes that nobody has validated: where they make no sense it fails, and stays within the body.
class Bytes {
public:
    Bytes(const uint8_t* at, const uint8_t* last) : at(at), last_(last) {}

    // One that takes two bytes at most.
    bool small(uint32_t& value) {
        if (at >= last_) return false;
        value = *at++;
        if (value < 0x80) return true;
        if (at >= last_ || *at >= 0x80) return false;
        value = (value & 0x7F) | uint32_t{*at++} << 7;
        return true;
    }
    bool skip(size_t count) {
        if (static_cast<size_t>(last_ - at) < count) return false;
        at += count;
        return true;
    }
    bool skip_leb() {
        while (at < last_ && *at >= 0x80) at++;
        return skip(1);
    }

    const uint8_t* at;

private:
    const uint8_t* last_;
};

// What follows an opcode that may be inlined.
enum class Tail : uint8_t { Unfit, Nothing, Local, Leb, TwoLebs, Byte, Bytes4, Bytes8, Bytes16 };

constexpr Tail tail_of(const Immediate& immediate) {
    switch (immediate.encoding) {
    case Encoding::U32: return immediate.space == Space::Local ? Tail::Local : Tail::Leb;
    case Encoding::S32:
    case Encoding::S33:
    case Encoding::S64: return Tail::Leb;
    case Encoding::MemArg: return Tail::TwoLebs;
    case Encoding::Byte: return Tail::Byte;
    case Encoding::Bytes4: return Tail::Bytes4;
    case Encoding::Bytes8: return Tail::Bytes8;
    case Encoding::Bytes16: return Tail::Bytes16;
    default: return Tail::Unfit;
    }
}

// Neither a call nor control flow, and nothing that keeps a pointer to its immediates.
constexpr bool is_fit(const OpcodeFacts& facts) {
    if (!facts.is_supported) return false;
    if (facts.is_plain) return true;
    switch (facts.code) {
    case Opcode::op_nop:
    case Opcode::op_drop:
    case Opcode::op_select:
    case Opcode::op_local_get:
    case Opcode::op_local_set:
    case Opcode::op_local_tee:
    case Opcode::op_global_get:
    case Opcode::op_global_set:
    case Opcode::op_i32_const:
    case Opcode::op_i64_const:
    case Opcode::op_f32_const:
    case Opcode::op_f64_const: return true;
    default: return false;
    }
}

constexpr Tail tail_of(const OpcodeFacts& facts) {
    if (!is_fit(facts) || facts.immediate_count > 1) return Tail::Unfit;
    return facts.immediate_count ? tail_of(facts.immediates[0]) : Tail::Nothing;
}

struct TailTable {
    Tail by_byte[256] = {};
    constexpr TailTable() {
        for (const OpcodeFacts& facts : OPCODE_FACTS)
            if (!facts.is_prefixed()) by_byte[facts.byte()] = tail_of(facts);
    }
};
constexpr TailTable kTails;

// The byte has been read.
Tail read_tail(Bytes& in, uint8_t byte) {
    if (!is_prefix(byte)) return kTails.by_byte[byte];
    uint32_t number;
    if (!in.small(number)) return Tail::Unfit;
    const OpcodeFacts* const facts = facts_of(byte, number);
    return facts ? tail_of(*facts) : Tail::Unfit;
}

bool skip_tail(Bytes& in, Tail tail) {
    switch (tail) {
    case Tail::Nothing: return true;
    case Tail::Leb: return in.skip_leb();
    case Tail::TwoLebs: return in.skip_leb() && in.skip_leb();
    case Tail::Byte: return in.skip(1);
    case Tail::Bytes4: return in.skip(4);
    case Tail::Bytes8: return in.skip(8);
    case Tail::Bytes16: return in.skip(16);
    case Tail::Local:
    case Tail::Unfit: return false;
    }
    return false;
}

bool note_access(Callee& callee, const uint8_t* at, Bytes& in) {
    uint32_t index;
    if (!in.small(index) || index >= callee.local_count) return false;
    Local& local = callee.locals[index];
    if (*at == kByteLocalGet) {
        local.reads++;
        local.is_read_first |= !local.is_set;
    } else {
        local.is_set = true;
    }
    callee.accesses[callee.access_count++] = {static_cast<uint8_t>(at - callee.code),
                                              static_cast<uint8_t>(in.at - at), static_cast<uint8_t>(index)};
    return true;
}

bool read_locals(Bytes& in, Callee& callee) {
    constexpr uint8_t kLeastNumber = 0x7C, kMostNumber = 0x7F;
    for (const ValType type : callee.type->params) callee.locals[callee.local_count++].type = type;
    uint32_t runs;
    if (!in.small(runs)) return false;
    for (; runs; runs--) {
        uint32_t count;
        if (!in.small(count) || count > Callee::kMostLocals - callee.local_count) return false;
        const uint8_t type = *in.at;
        if (!in.skip(1) || type < kLeastNumber || type > kMostNumber) return false;
        for (; count; count--) callee.locals[callee.local_count++].type = static_cast<ValType>(type);
    }
    return true;
}

bool read_callee(const Module& module, uint32_t defined, Callee& callee) {
    const FuncBody& body = module.bodies[defined];
    callee.type = &module.type_of_function(module.imported_functions + defined);
    if (callee.param_count() > Callee::kMostLocals) return false;
    const uint8_t* const start = module.bytes.data() + body.offset;
    callee.last = start + body.size - 1;
    Bytes in(start, callee.last);
    if (*callee.last != kByteEnd || !read_locals(in, callee)) return false;
    callee.code = in.at;
    while (in.at < callee.last) {
        const uint8_t* const at = in.at++;
        const Tail tail = read_tail(in, *at);
        if (!(tail == Tail::Local ? note_access(callee, at, in) : skip_tail(in, tail))) return false;
    }
    return true;
}

constexpr uint32_t kUnknown = 0, kUnfit = Inlining::kUnfit, kFirst = 2;

// What is then known of the function.
uint32_t look_at_callee(FunctionCompiler& c, uint32_t defined) {
    const uint32_t bytes = c.module.bodies[defined].size;
    if (bytes == 0 || bytes > Callee::kMostBytes) return kUnfit;
    std::vector<Callee>& callees = c.inlining.callees;
    callees.emplace_back();
    if (read_callee(c.module, defined, callees.back()))
        return kFirst + static_cast<uint32_t>(callees.size() - 1);
    callees.pop_back();
    return kUnfit;
}

// Null if its body is none for that.
const Callee* find_callee(FunctionCompiler& c, uint32_t defined) {
    uint32_t& known = c.inlining.known[defined];
    if (known == kUnknown) known = look_at_callee(c, defined);
    return known == kUnfit ? nullptr : &c.inlining.callees[known - kFirst];
}

// ── what its locals become ──
struct Home {
    enum class Kind : uint8_t {
        None,
        Given,
        Own,
        Constant
    } kind = Kind::None;  // Given: the argument's local
    ValType type = ValType::None;
    uint32_t local = 0;
    uint64_t bits = 0;  // of a constant
};

// Parameters that the body begins with, in their order, stay on the operand stack. So many accesses are done then.
uint32_t count_left(const Callee& callee) {
    uint32_t count = 0;
    for (uint32_t at = 0; count < std::min(callee.param_count(), callee.access_count); count++) {
        const Callee::Access& access = callee.accesses[count];
        const Local& local = callee.locals[count];
        const bool is_next = access.at == at && access.index == count && callee.code[at] == kByteLocalGet;
        if (!is_next || local.reads != 1 || local.is_set) break;
        at += access.length;
    }
    return count;
}

// A local behind the caller's that no value which this call still wants is in.
class OwnLocals {
public:
    explicit OwnLocals(FunctionCompiler& c) : c_(c) {}

    void keep(const Operand& operand) {
        if (operand.is_local() && operand.local >= c_.first_own)
            is_kept_[operand.local - c_.first_own] = true;
    }
    // kNoLocal if there is none.
    uint32_t take(ValType type) {
        uint32_t& count = c_.inlining.own_count;
        for (uint32_t i = 0; i < count; i++) {
            if (is_kept_[i] || c_.locals[c_.first_own + i].type != type) continue;
            is_kept_[i] = true;
            return c_.first_own + i;
        }
        if (count == Inlining::kOwnLocals) return FunctionCompiler::kNoLocal;
        is_kept_[count] = true;
        const uint32_t index = c_.first_own + count++;
        c_.add_local(index, type);
        return index;
    }

private:
    FunctionCompiler& c_;
    bool is_kept_[Inlining::kOwnLocals] = {};
};

void set_top(FunctionCompiler& c, uint32_t local) {
    c.checked_locals.forget(local);
    c.set_index = local;
    c.set_is_tee = false;
    set_local(c);
}

constexpr bool is_number(ValType type) { return type >= ValType::F64 && type <= ValType::I32; }

// Where the parameter is already, if the callee does not change it.
Home given_home(const Operand& argument) {
    if (argument.is_local()) return {Home::Kind::Given, argument.type, argument.local};
    if (argument.kind == Kind::Constant && is_number(argument.type))
        return {Home::Kind::Constant, argument.type, 0, argument.bits};
    return {};
}

// Chooses locals for what needs one. False if there are too few, and then nothing has changed.
bool choose_homes(FunctionCompiler& c, const Callee& callee, const Operand* arguments, uint32_t left,
                  Home* homes) {
    OwnLocals own(c);
    for (uint32_t i = 0; i < callee.param_count(); i++) own.keep(arguments[i]);
    for (uint32_t i = left; i < callee.local_count; i++) {
        const Local& use = callee.locals[i];
        if (i < callee.param_count() && !use.is_set) homes[i] = given_home(arguments[i]);
        if (homes[i].kind != Home::Kind::None || (!use.reads && !use.is_set)) continue;
        homes[i] = {Home::Kind::Own, use.type, own.take(use.type)};
        if (homes[i].local == FunctionCompiler::kNoLocal) return false;
    }
    return true;
}

// Pops what does not stay on the operand stack, the last argument first.
void give_arguments(FunctionCompiler& c, const Callee& callee, uint32_t left, const Home* homes) {
    for (uint32_t i = callee.param_count(); i-- > left;) {
        if (homes[i].kind == Home::Kind::Own)
            set_top(c, homes[i].local);
        else
            c.discard();
    }
    for (uint32_t i = callee.param_count(); i < callee.local_count; i++) {
        if (!callee.locals[i].is_read_first) continue;
        c.push_constant(callee.locals[i].type, 0);
        set_top(c, homes[i].local);
    }
}

// ── its bytes ──
class Writer {
public:
    explicit Writer(FunctionCompiler& c)
        : inlining_(c.inlining), module_(c.module), is_recorded_(c.positions != nullptr) {}

    // The opcode that follows comes from there.
    void begin(const uint8_t* from, uint32_t mark) {
        inlining_.offsets[at_] = static_cast<uint32_t>(from - module_.bytes.data()) | mark;
    }
    void byte(uint8_t value) { inlining_.bytes[at_++] = value; }
    void copy(const uint8_t* from, const uint8_t* to, uint32_t mark) {
        for (; from < to; byte(*from++))
            if (is_recorded_) begin(from, mark);
    }
    void unsigned_leb(uint32_t value) {
        for (; value >= 0x80; value >>= 7) byte(static_cast<uint8_t>(value | 0x80));
        byte(static_cast<uint8_t>(value));
    }
    void constant(ValType type, uint64_t bits) {
        switch (type) {
        case ValType::I32: return integer(Opcode::op_i32_const, static_cast<int32_t>(bits));
        case ValType::I64: return integer(Opcode::op_i64_const, static_cast<int64_t>(bits));
        case ValType::F32: return floating(Opcode::op_f32_const, bits, 4);
        default: return floating(Opcode::op_f64_const, bits, 8);
        }
    }
    const uint8_t* last() const { return inlining_.bytes + at_ - 1; }

private:
    void integer(Opcode code, int64_t value) {
        byte(static_cast<uint8_t>(code));
        while (value < -0x40 || value >= 0x40) {
            byte(static_cast<uint8_t>(value | 0x80));
            value >>= 7;
        }
        byte(static_cast<uint8_t>(value & 0x7F));
    }
    void floating(Opcode code, uint64_t bits, unsigned count) {
        byte(static_cast<uint8_t>(code));
        for (unsigned i = 0; i < count; i++) byte(static_cast<uint8_t>(bits >> 8 * i));
    }

    Inlining& inlining_;
    const Module& module_;
    const bool is_recorded_;
    size_t at_ = 0;
};

void write_local(Writer& out, Opcode code, const Home& home) {
    if (home.kind == Home::Kind::Constant) return out.constant(home.type, home.bits);
    out.byte(static_cast<uint8_t>(code));
    out.unsigned_leb(home.local);
}

void write_body(Writer& out, const Callee& callee, uint32_t done, const Home* homes) {
    const uint8_t* from = callee.code;
    for (uint32_t i = 0; i < callee.access_count; i++) {
        const Callee::Access& access = callee.accesses[i];
        const uint8_t* const at = callee.code + access.at;
        out.copy(from, at, Inlining::kIsInlined);
        from = at + access.length;
        if (i < done) continue;
        out.begin(at, Inlining::kIsInlined);
        write_local(out, static_cast<Opcode>(*at), homes[access.index]);
    }
    out.copy(from, callee.last, Inlining::kIsInlined);
}

// The local.set or local.tee behind the call becomes part of the body: its value may be calculated in place.
bool write_set(FunctionCompiler& c, Writer& out, const Callee& callee) {
    const uint8_t* const pc = c.state.pc;
    const bool follows = pc + 2 <= c.last && (pc[0] == kByteLocalSet || pc[0] == kByteLocalTee);
    if (!follows || pc[1] >= c.short_locals || callee.type->results.size() != 1) return false;
    out.copy(pc, pc + 2, 0);
    c.state.pc += 2;
    return pc[0] == kByteLocalSet;
}

// Whether these types, and no more, are what is above `height`.
bool has_results(const FunctionCompiler& c, size_t height, TypeSpan types) {
    if (c.state.top != c.stack + height + types.size) return false;
    for (uint32_t i = 0; i < types.size; i++)
        if (c.stack[height + i].type != types[i]) return false;
    return true;
}

}  // namespace

uint32_t Inlining::offset_of(const uint8_t* pc, bool is_recorded) {
    if (!is_recorded) return call_offset;
    const uint32_t offset = offsets[pc - bytes];
    if (!(offset & kIsInlined)) return offset;
    origins.push_back({offset & ~kIsInlined, call_offset});
    return kIsInlined | static_cast<uint32_t>(origins.size() - 1);
}

void Inlining::complete(Position& position) const {
    if (!(position.module_offset & kIsInlined)) return;
    const Origin& origin = origins[position.module_offset & ~kIsInlined];
    position.module_offset = origin.module_offset;
    position.call_offset = origin.call_offset;
}

// A function of nothing but calls does not become many times what it was.
void Inlining::begin(size_t body_bytes) {
    constexpr size_t kAlways = 256;
    own_count = 0;
    budget = body_bytes + kAlways;
}

bool inline_call(FunctionCompiler& c, uint32_t defined, const uint8_t* call) {
    Inlining& inlining = c.inlining;
    const Callee* const found = c.is_off(Switch::Inlining) ? nullptr : find_callee(c, defined);
    if (!found || found->bytes() > inlining.budget) return false;
    const Callee& callee = *found;
    check_values(c, span(callee.type->params));
    c.reserve_operands(Callee::kMostBytes);
    const uint32_t params = callee.param_count();
    const uint32_t left = count_left(callee);
    Home homes[Callee::kMostLocals];
    if (!choose_homes(c, callee, c.state.top - params, left, homes)) return false;
    inlining.budget -= callee.bytes();
    const size_t height = static_cast<size_t>(c.state.top - c.stack) - params;
    give_arguments(c, callee, left, homes);
    Writer out(c);
    write_body(out, callee, left, homes);
    const bool is_set = write_set(c, out, callee);
    out.byte(kByteEnd);
    inlining.call_offset = c.offset_of(call);
    c.visit_inlined(inlining.bytes, out.last());
    if (!has_results(c, height, is_set ? TypeSpan{} : span(callee.type->results))) refuse();
    return true;
}

}  // namespace linocut
