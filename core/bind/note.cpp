#include "bind/note.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "bind/python.hpp"
#include "runtime/loaded_module.hpp"

namespace linocut::bind {

namespace {

constexpr size_t kMostFrames = 8;
constexpr size_t kLongestName = 80;  // bytes

// It has no offsets: finding one compiles a function again, and exceptions may be a program's way to jump.
std::string text_of(const CodeFrame& frame) {
    const Module& module = *static_cast<const LoadedModule*>(frame.owner.get())->module;
    const uint32_t function = module.imported_functions + frame.defined;
    std::string text = "function " + std::to_string(function);
    const std::string_view name = module.function_name(function);
    if (!name.empty()) text += " (" + std::string(name.substr(0, kLongestName)) + ")";
    return text;
}

std::string text_of(const TrapRecord& record) {
    std::string text = "in WebAssembly: ";
    const size_t shown = std::min(record.frames.size(), kMostFrames);
    for (size_t i = 0; i < shown; i++) text += (i ? ", called by " : "") + text_of(record.frames[i]);
    const size_t rest = record.frames.size() - shown;
    if (rest) text += ", and " + std::to_string(rest) + (record.truncated ? " or more others" : " others");
    return text;
}

// An exception raised again and again, or through a recursion, does not collect the same note.
bool has_it_last(nb::handle exception, nb::handle note) {
    const nb::object notes = nb::getattr(exception, "__notes__", nb::none());
    if (!PyList_Check(notes.ptr()) || !PyList_GET_SIZE(notes.ptr())) return false;
    return nb::handle(PyList_GET_ITEM(notes.ptr(), PyList_GET_SIZE(notes.ptr()) - 1)).equal(note);
}

void add_note(nb::handle exception, const TrapRecord& record) {
    const std::string text = text_of(record);
    const nb::object note = checked(PyUnicode_DecodeUTF8(text.data(), text.size(), "replace"));
    if (!has_it_last(exception, note)) exception.attr("add_note")(note);
}

}  // namespace

// A note is a courtesy: what goes wrong with it is dropped.
void note_frames(const TrapRecord& record) {
    if (record.frames.empty()) return;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    try {
        if (value) add_note(value, record);
    } catch (const std::exception&) {
        PyErr_Clear();
    }
    PyErr_Restore(type, value, traceback);
}

}  // namespace linocut::bind
