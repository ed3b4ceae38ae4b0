// Preloaded into a test's process: of the extension's requests to the system for memory, address space or its
// protection, the n-th one fails. Requests by anybody else are not counted.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>

#include <dlfcn.h>
#include <sys/mman.h>

namespace {

long left = -1;  // requests until one fails; if negative, none does
bool failed = false;

// Whether the caller is the extension, or the C++ library, which nobody else here uses.
bool is_extension(const void* caller) {
    Dl_info found;
    if (!dladdr(caller, &found) || !found.dli_fname) return false;
    return std::strstr(found.dli_fname, "/_core.") || std::strstr(found.dli_fname, "/libstdc++.");
}

// Whether this request is the one that fails. Later ones are granted, as cleaning up may need some.
bool fails(const void* caller) {
    if (left < 0 || !is_extension(caller)) return false;
    if (left-- > 0) return false;
    failed = true;
    errno = ENOMEM;
    return true;
}

template <typename Function>
Function real(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

#define CALLER __builtin_return_address(0)

extern "C" {
void fail_at(long n) {
    left = n;
    failed = false;
}
int has_failed() {
    left = -1;
    return failed;
}

void* mmap(void* at, size_t size, int protection, int flags, int file, off_t offset) {
    static const auto original = real<void* (*)(void*, size_t, int, int, int, off_t)>("mmap");
    return fails(CALLER) ? MAP_FAILED : original(at, size, protection, flags, file, offset);
}
int mprotect(void* at, size_t size, int protection) noexcept {
    static const auto original = real<int (*)(void*, size_t, int)>("mprotect");
    return fails(CALLER) ? -1 : original(at, size, protection);
}
int madvise(void* at, size_t size, int advice) noexcept {
    static const auto original = real<int (*)(void*, size_t, int)>("madvise");
    return fails(CALLER) ? -1 : original(at, size, advice);
}
void* realloc(void* old, size_t size) noexcept {
    static const auto original = real<void* (*)(void*, size_t)>("realloc");
    return fails(CALLER) ? nullptr : original(old, size);
}
void* aligned_alloc(size_t align, size_t size) noexcept {
    static const auto original = real<void* (*)(size_t, size_t)>("aligned_alloc");
    return fails(CALLER) ? nullptr : original(align, size);
}
}

void* operator new(size_t size) {
    void* made = fails(CALLER) ? nullptr : std::malloc(size ? size : 1);
    if (!made) throw std::bad_alloc();
    return made;
}
void* operator new[](size_t size) {
    void* made = fails(CALLER) ? nullptr : std::malloc(size ? size : 1);
    if (!made) throw std::bad_alloc();
    return made;
}
void operator delete(void* made) noexcept { std::free(made); }
void operator delete[](void* made) noexcept { std::free(made); }
void operator delete(void* made, size_t) noexcept { std::free(made); }
void operator delete[](void* made, size_t) noexcept { std::free(made); }
