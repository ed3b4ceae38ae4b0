#include "jit/arch/atomic.hpp"

#include "jit/arch/row_forms.hpp"
#include "jit/calls.hpp"

namespace linocut {

// Memory begins at a page, so that the base does not matter, and of the offset only the lowest bits do.
void check_alignment(FunctionCompiler& c, Operand& address, uint64_t offset, unsigned bytes_log2) {
    const uint64_t mask = (uint64_t{1} << bytes_log2) - 1;
    const bool is_known = address.kind == Kind::Constant && !c.is_off(Switch::Immediates);
    if (mask == 0 || (is_known && ((address.bits + offset) & mask) == 0)) return;
    Register tested = c.load(address);
    if (const uint64_t low = offset & mask) {
        c.state.out = encode::at(c.state.out, forms::add64_disp, tested, kScratch, static_cast<int32_t>(low));
        tested = kScratch;
    }
    c.state.out =
        encode::immediate(encode::one(c.state.out, forms::test8_imm, tested), static_cast<uint8_t>(mask));
    trap_if(c, Condition::NotEqual, TrapKind::UnalignedAtomic, c.offset_of(c.opcode_at));
}

Register point_at(FunctionCompiler& c, const Address& address) {
    const bool has_register = address.operand.kind == Kind::Register;
    const Register d = has_register ? address.operand.reg : c.take(ValueClass::Int);
    if (c.is_off(Switch::FoldedAddresses))
        c.state.out = encode::two(c.state.out, forms::move64, kScratch, d);
    else if (address.index == kNoRegister)
        c.state.out = encode::at(c.state.out, forms::host_address_absolute, d, address.displacement);
    else
        c.state.out = encode::at(c.state.out, forms::host_address, address.index, d, address.displacement);
    return d;
}

}  // namespace linocut
