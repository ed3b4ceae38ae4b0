// The tries that are open where a function is being compiled or translated, and the table that comes of them.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "code/handler_table.hpp"

namespace linocut {

class TryStack {
public:
    static constexpr uint32_t kNoSlot = UINT32_MAX;

    struct Try {
        size_t block;  // how many are open, its own counted
        uint32_t handler;
        uint32_t outer;                // the handler around it
        bool is_in_body;               // else in one of its catch clauses
        uint32_t reference = kNoSlot;  // there: the slot that keeps the exception
    };

    void reset() {
        tries_.clear();
        table_ = {};
        current_ = HandlerTable::kNone;
    }

    void open(size_t block) {
        const auto handler = static_cast<uint32_t>(table_.handlers.size());
        tries_.push_back({block, handler, current_, true});
        table_.handlers.push_back({current_, {}});
        current_ = handler;
    }
    void add_clause(const HandlerTable::Clause& clause) {
        table_.handlers[tries_.back().handler].clauses.push_back(clause);
    }
    // The innermost try goes on with a catch clause.
    Try& begin_catch() {
        tries_.back().is_in_body = false;
        current_ = tries_.back().outer;
        return tries_.back();
    }
    // What the innermost try's body throws is as if the block threw it.
    void delegate_to(size_t block) { table_.handlers[tries_.back().handler].outer = handler_within(block); }
    void close() {
        current_ = tries_.back().outer;
        tries_.pop_back();
    }

    Try& innermost() { return tries_.back(); }
    // That of the block, which is one.
    Try& of_block(size_t block) { return *std::prev(after(block)); }

    uint32_t current() const { return current_; }
    // An exception may come out of what is called there.
    void note_call(uint32_t place, uint32_t handler) {
        if (handler != HandlerTable::kNone) table_.calls.push_back({place, handler});
    }

    size_t clauses_of(uint32_t handler) const { return table_.handlers[handler].clauses.size(); }
    HandlerTable::Clause& clause(uint32_t handler, size_t index) {
        return table_.handlers[handler].clauses[index];
    }
    // Null if the function has no try.
    std::unique_ptr<const HandlerTable> take_table() {
        if (table_.handlers.empty()) return nullptr;
        return std::make_unique<const HandlerTable>(std::exchange(table_, {}));
    }

private:
    std::vector<Try>::iterator after(size_t block) {
        return std::upper_bound(tries_.begin(), tries_.end(), block,
                                [](size_t at, const Try& entry) { return at < entry.block; });
    }
    // The innermost handler of code that stands in this block, which is open, and in none within it.
    uint32_t handler_within(size_t block) {
        const auto next = after(block);
        if (next == tries_.begin()) return HandlerTable::kNone;
        const Try& around = *std::prev(next);
        return around.is_in_body ? around.handler : around.outer;
    }

    std::vector<Try> tries_;
    HandlerTable table_;
    uint32_t current_ = HandlerTable::kNone;
};

}  // namespace linocut
