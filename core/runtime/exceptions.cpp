#include "runtime/exceptions.hpp"

#include <utility>

namespace linocut {

Exceptions::~Exceptions() {
    handles_.each([](void* object) { delete static_cast<Exception*>(object); });
    while (gone_) delete std::exchange(gone_, gone_->next);
}

uint64_t Exceptions::add(std::unique_ptr<Exception> exception) {
    const uint64_t reference = handles_.add(exception.get());
    exception.release();
    return reference;
}

void Exceptions::remove(uint64_t reference) noexcept {
    delete &at(reference);
    handles_.remove(reference);
}

void Exceptions::absorb(Exceptions& other, Store& store) noexcept {
    other.handles_.each([&store](void* object) { static_cast<Exception*>(object)->store = &store; });
    handles_.absorb(other.handles_);
    while (other.gone_) {
        Exception* const exception = std::exchange(other.gone_, other.gone_->next);
        exception->next = gone_;
        gone_ = exception;
    }
}

void Exceptions::bury(Exception* exception) {
    if (!exception->object) {
        delete exception;
        return;
    }
    exception->next = gone_;
    gone_ = exception;
}

void Exceptions::sweep_unmarked() {
    handles_.bury_unmarked();
    while (void* object = handles_.take_dead()) bury(static_cast<Exception*>(object));
}

void* Exceptions::take_live_object() {
    void* found = nullptr;
    handles_.each([&found](void* object) {
        if (!found) found = std::exchange(static_cast<Exception*>(object)->object, nullptr);
    });
    return found;
}

void* Exceptions::take_object() {
    if (!gone_) return nullptr;
    const std::unique_ptr<Exception> exception(gone_);
    gone_ = exception->next;
    return exception->object;
}

}  // namespace linocut
