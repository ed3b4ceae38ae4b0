#include "jit/compiler.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <new>
#include <stdexcept>
#include <thread>

#include "jit/function_compiler.hpp"
#include "validation/validator.hpp"

namespace linocut {

namespace {

// Machine code is seldom more than four times its wasm. What is not touched costs address space only, and is
// given back afterwards. A module that needs more is compiled again, with as much as it may have.
constexpr size_t kRoomFactor = 16;
constexpr size_t kScarceRoomFactor = 4;  // where address space is scarce
// Enough that no function of a small module needs the careful visitors, which look at the room for each opcode.
constexpr size_t kExtraRoom = 12 << 20;
constexpr size_t kLeastExtraRoom = 8 << 20;
// The most it may have: a few bytes of wasm can move a thousand values, but must not fill gigabytes.
constexpr size_t kMostRoomFactor = 64;
constexpr size_t kMostExtraRoom = 64 << 20;
constexpr size_t kMostRoom = emit::kMostCode;

size_t body_bytes(const Module& module) {
    size_t total = 0;
    for (const FuncBody& body : module.bodies) total += body.size + 16;
    return total;
}

// Functions begin at multiples of this, so that moving a chunk changes nothing in it.
constexpr size_t kFunctionAlignment = 16;

uint8_t* align_up(uint8_t* at) { return at + (-reinterpret_cast<uintptr_t>(at) & (kFunctionAlignment - 1)); }

// A run of functions that one thread compiles into room of its own.
struct Chunk {
    uint32_t first, last;  // functions [first, last)
    uint8_t* start = nullptr;
    uint8_t* end = nullptr;
    uint8_t* limit = nullptr;
    std::vector<WaitingCall> calls;
    ptrdiff_t moved = 0;
    std::exception_ptr error;
};

// The number of threads decides no more than where chunks are compiled, and code does not depend on where it
// is: so it comes out the same.
std::vector<Chunk> make_chunks(const Module& module, unsigned count) {
    const size_t share = body_bytes(module) / count + 1;
    std::vector<Chunk> chunks;
    size_t bytes = 0;
    uint32_t first = 0;
    for (uint32_t i = 0; i < module.bodies.size(); i++) {
        bytes += module.bodies[i].size + 16;
        if (bytes < share && i + 1 < module.bodies.size()) continue;
        chunks.push_back({.first = first, .last = i + 1});
        first = i + 1;
        bytes = 0;
    }
    return chunks;
}

size_t largest_body(const Module& module, const Chunk& chunk) {
    size_t largest = 0;
    for (uint32_t i = chunk.first; i < chunk.last; i++)
        largest = std::max<size_t>(largest, module.bodies[i].size);
    return largest;
}

void compile_chunk(const Module& module, Code& code, const CompileOptions& options, Chunk& chunk) {
    try {
        FunctionCompiler compiler(module, code.layout, options);
        compiler.code_base = code.region.base();
        compiler.functions = code.functions.data();
        compiler.first = chunk.first;
        compiler.reserve(largest_body(module, chunk));
        uint8_t* out = chunk.start;
        for (uint32_t i = chunk.first; i < chunk.last; i++) {
            out = compiler.compile(i, emit::fill(out, align_up(out)), chunk.limit, code.functions[i]);
        }
        chunk.end = out;
        chunk.calls = std::move(compiler.calls);
    } catch (const ModuleError&) {
        chunk.error = std::make_exception_ptr(Refused{});  // thrown by what visitors share with the validator
    } catch (...) {
        chunk.error = std::current_exception();
    }
}

// Gives every chunk room in proportion to its wasm, and some more: a small one's prologues and cold code
// may be large.
void share_room(const Module& module, const Code& code, std::vector<Chunk>& chunks) {
    size_t total = 1;
    const auto bytes_of = [&module](const Chunk& chunk) {
        size_t bytes = 0;
        for (uint32_t i = chunk.first; i < chunk.last; i++) bytes += module.bodies[i].size + 16;
        return bytes;
    };
    for (const Chunk& chunk : chunks) total += bytes_of(chunk);
    constexpr size_t kLeastRoom = 32 << 10;
    const double per_byte =
        static_cast<double>(code.region.size() - chunks.size() * kLeastRoom) / static_cast<double>(total);
    uint8_t* at = code.region.base();
    for (Chunk& chunk : chunks) {
        chunk.start = align_up(at);
        at += kLeastRoom + static_cast<size_t>(per_byte * static_cast<double>(bytes_of(chunk)));
        chunk.limit = at - emit::kSlack;
    }
}

void run_threads(unsigned count, std::vector<Chunk>& chunks, const std::function<void(Chunk&)>& work) {
    std::atomic<size_t> next{0};
    const auto worker = [&] {
        for (size_t i = next++; i < chunks.size(); i = next++) work(chunks[i]);
    };
    std::vector<std::thread> threads;
    try {
        while (threads.size() + 1 < count) threads.emplace_back(worker);
    } catch (const std::exception&) {
        // The system gives no more threads, or memory for them: the existing ones do the work.
    }
    worker();
    for (std::thread& thread : threads) thread.join();
}

// The chunks close up; returns the end of the code.
uint8_t* close_up(Code& code, std::vector<Chunk>& chunks) {
    uint8_t* out = code.region.base();
    for (Chunk& chunk : chunks) {
        out = align_up(out);
        const ptrdiff_t moved = chunk.moved = out - chunk.start;
        const auto bytes = static_cast<size_t>(chunk.end - chunk.start);
        if (moved) {
            std::memmove(out, chunk.start, bytes);
            for (uint32_t i = chunk.first; i < chunk.last; i++) {
                FunctionCode& function = code.functions[i];
                for (uint32_t* offset : {&function.start, &function.entry, &function.body, &function.end}) {
                    *offset = static_cast<uint32_t>(*offset + moved);
                }
            }
        }
        out += bytes;
    }
    return out;
}

void resolve_calls(const Code& code, const Chunk& chunk) {
    uint8_t* const base = code.region.base();
    for (const WaitingCall& call : chunk.calls)
        Site(base + chunk.moved + call.at).lead_to(base + code.functions[call.callee].entry);
}

unsigned choose_threads(const Module& module, unsigned wanted) {
    constexpr size_t kWorthAThread = 256 << 10;
    const size_t useful = body_bytes(module) / kWorthAThread + 1;
    const unsigned available = wanted ? wanted : std::max(1u, std::thread::hardware_concurrency());
    return static_cast<unsigned>(std::min<size_t>(available, useful));
}

}  // namespace

namespace {

Code compile_into(CodeRegion region, const Module& module, const CompileOptions& options) {
    Code code{std::move(region), {}, ContextLayout(module)};
    code.functions.resize(module.bodies.size());
    const unsigned threads = choose_threads(module, options.threads);
    std::vector<Chunk> chunks = make_chunks(module, threads == 1 ? 1 : 4 * threads);
    share_room(module, code, chunks);
    run_threads(threads, chunks, [&](Chunk& chunk) { compile_chunk(module, code, options, chunk); });
    for (const Chunk& chunk : chunks) {
        if (chunk.error) std::rethrow_exception(chunk.error);
    }
    uint8_t* const end = close_up(code, chunks);
    for (const Chunk& chunk : chunks) resolve_calls(code, chunk);
    code.region.shrink(static_cast<size_t>(end - code.region.base()) + emit::kSlack, chunks.size() == 1);
    emit::fill(end, code.region.base() + code.region.size());  // of what was there before nothing can be run
    return code;
}

CodeRegion reserve(size_t bodies) {
    const size_t expected = bodies + bodies / 2;
    const size_t most = std::min(bodies * kRoomFactor + kExtraRoom, kMostRoom);
    try {
        return CodeRegion(most - kExtraRoom + kLeastExtraRoom, most, expected);
    } catch (const std::bad_alloc&) {
        const size_t scarce = bodies * kScarceRoomFactor + kExtraRoom;
        return CodeRegion(scarce, scarce, expected);
    }
}

}  // namespace

namespace {

// Compiles in as much room as it takes, as long as that is in proportion.
Code compile_in_any_room(const Module& module, const CompileOptions& options) {
    const size_t bodies = body_bytes(module);
    try {
        return compile_into(reserve(bodies), module, options);
    } catch (const OutOfRoom&) {
    }
    const size_t most = std::min(bodies * kMostRoomFactor + kMostExtraRoom, kMostRoom);
    try {
        CompileOptions with_all_room = options;
        with_all_room.threads = 1;  // one function may want it all
        return compile_into(CodeRegion(most, most, bodies), module, with_all_room);
    } catch (const OutOfRoom&) {
    }
    throw InvalidError("implementation limit: more than " + std::to_string(most) +
                       " bytes of machine code for " + std::to_string(bodies) + " bytes of function bodies");
}

// Whether its machine code could exceed the limit: where types have few values, no opcode becomes that large.
bool moves_many_values(const Module& module) {
    constexpr size_t kMany = 16;
    return std::any_of(module.types.begin(), module.types.end(), [](const FuncType& type) {
        return type.params.size() > kMany || type.results.size() > kMany;
    });
}

// Says what is wrong with a module that a visitor refused.
[[noreturn]] void fail(const Module& module) {
    validate_bodies(module);
    throw std::logic_error("internal error: the compiler refuses what the validator accepts");
}

}  // namespace

bool has_compiler() { return true; }

Code compile(const Module& module, const CompileOptions& options) {
    try {
        return compile_in_any_room(module, options);
    } catch (const Refused&) {
        fail(module);
    }
}

void validate(const Module& module) {
    validate_bodies(module);
    if (moves_many_values(module)) compile(module, {});
}

std::vector<Position> record_positions(const Module& module, const Code& code, uint32_t defined,
                                       const CompileOptions& options) {
    std::vector<Position> positions;
    const FunctionCode& original = code.functions[defined];
    const size_t room =
        2 * (original.end - original.start) + module.bodies[defined].size * kRoomFactor + kExtraRoom;
    const std::unique_ptr<uint8_t[]> scratch(new uint8_t[room]);
    FunctionCompiler compiler(module, code.layout, options);
    compiler.positions = &positions;
    compiler.first = defined;
    // Code does not depend on where it is: offsets are made to agree with the original's.
    compiler.code_base = scratch.get() - original.start;
    FunctionCode again{};
    compiler.compile(defined, scratch.get(), scratch.get() + room - emit::kSlack, again);
    for (Position& position : positions) compiler.inlining.complete(position);
    return positions;
}

}  // namespace linocut
