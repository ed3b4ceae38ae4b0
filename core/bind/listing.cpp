#include "bind/listing.hpp"

#include "bind/raise.hpp"
#include "engine/options.hpp"

namespace linocut::bind {

namespace {

nb::object to_bytes(std::span<const uint8_t> bytes) { return new_bytes(bytes.data(), bytes.size()); }

nb::list origins(const ListingHandle& self) {
    nb::list found = new_list();
    for (const Listing::Origin& at : self.listing.origins)
        found.append(nb::make_tuple(at.code_offset, at.module_offset));
    return found;
}

// (kind, index or name or None) of what the context has at that offset, or None.
nb::object context_slot_at(const ListingHandle& self, int32_t offset) {
    const ContextSlot slot = context_slot(*self.loaded->module, self.loaded->code.layout, offset);
    if (!slot.kind) return nb::none();
    if (slot.name) return nb::make_tuple(slot.kind, slot.name);
    return nb::make_tuple(slot.kind, slot.index < 0 ? nb::none() : nb::cast(slot.index));
}

// (form, opcode or "") for each form that the instruction could be.
nb::list form_names(nb::bytes instruction) {
    nb::list found = new_list();
    const auto* data = reinterpret_cast<const uint8_t*>(instruction.c_str());
    for (const FormName& name : forms_of({data, instruction.size()}))
        found.append(nb::make_tuple(name.form, name.opcode));
    return found;
}

// (form, opcode or "", template, head, by operand the head's bits that say which register) of all forms.
nb::list forms() {
    nb::list found = new_list();
    for (const FormCode& form : all_forms()) {
        nb::list operands = new_list();
        for (const auto& bits : form.operands) operands.append(to_bytes(bits));
        found.append(nb::make_tuple(form.name.form, form.name.opcode, form.name.text, to_bytes(form.head),
                                    nb::tuple(operands)));
    }
    return found;
}

// (stencil, opcode, C source, code, its constants, (kind, offset, value) of each hole) of all stencils.
nb::list stencils() {
    nb::list found = new_list();
    for (const StencilCode& stencil : all_stencils()) {
        nb::list holes = new_list();
        for (const auto& [kind, offset, value] : stencil.holes)
            holes.append(nb::make_tuple(kind, offset, value));
        found.append(nb::make_tuple(stencil.name, stencil.opcode, stencil.source, to_bytes(stencil.code),
                                    to_bytes(stencil.constants), nb::tuple(holes)));
    }
    return found;
}

template <auto Field>
auto field(const ListingHandle& self) {
    return self.listing.*Field;
}

}  // namespace

uint32_t defined_index(const Module& module, uint32_t function) {
    if (function < module.imported_functions || function >= module.functions.size()) {
        PyErr_Format(PyExc_IndexError, "no function %u is defined here", function);
        rethrow();
    }
    return function - module.imported_functions;
}

ListingHandle listing_of(const CodeHandle& self, uint32_t function) {
    if (self.loaded->interpreted && has_compiler()) {
        PyErr_SetString(PyExc_ValueError, "an interpreted module has no machine code");
        rethrow();
    }
    return {self.loaded, listing(*self.loaded, defined_index(*self.loaded->module, function))};
}

void bind_listing(nb::module_& module) {
    nb::class_<ListingHandle>(module, "Listing")
        .def_prop_ro("bytes", [](const ListingHandle& self) { return to_bytes(self.listing.bytes); })
        .def_prop_ro("code_offset", field<&Listing::code_offset>)
        .def_prop_ro("entry", field<&Listing::entry>)
        .def_prop_ro("body", field<&Listing::body>)
        .def_prop_ro("module_offset", field<&Listing::module_offset>)
        .def_prop_ro("wasm_bytes", field<&Listing::wasm_bytes>)
        .def_prop_ro("frame_bytes", field<&Listing::frame_bytes>)
        .def_prop_ro("saved", field<&Listing::saved>)
        .def_prop_ro("origins", origins)
        .def("context_slot", context_slot_at, nb::arg("offset"))
        .def_static("form_names", form_names, nb::arg("instruction"))
        .def_static("forms", forms)
        .def_static("stencils", stencils);
}

}  // namespace linocut::bind
