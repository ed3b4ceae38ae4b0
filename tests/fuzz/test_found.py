"""Bugs that the fuzzer found, as small modules, each named after what went wrong."""

import linocut
import pytest

pytest.importorskip("wasmtime")  # it assembles the text

pytestmark = pytest.mark.usefixtures("both_ways")

# Leaves ones on the stack where the next function has its slots.
DIRTY = f"(func $dirty {'i64.const -1 ' * 24} i32.const 0 if end {'drop ' * 24})"


@pytest.mark.parametrize("opcode", ["f64.convert_i32_u", "f32.convert_i32_u", "f64.convert_i32_s"])
def test_spilled_i32_is_converted_without_the_upper_half_of_its_slot(opcode: str) -> None:
    module = linocut.load(
        f"""(module {DIRTY}
          (func (export "f") (param i32) (result {opcode[:3]})
            call $dirty
            local.get 0
            i32.const 0
            if
            end
            {opcode}))"""
    )
    assert module.instantiate().exports.f(6) == 6.0


@pytest.mark.parametrize("type_", ["f32", "f64"])
def test_zero_can_be_put_into_every_float_local(type_: str) -> None:
    count = 12
    sets = "\n".join(f"{type_}.const 0 local.set {index}" for index in range(count))
    sums = "\n".join(f"local.get {index} {type_}.add" for index in range(1, count))
    module = linocut.load(
        f"""(module
          (func (export "f") {f"(param {type_})" * count} (result {type_})
            {sets}
            local.get 0 {sums}))"""
    )
    assert module.instantiate().exports.f(*[float(n + 1) for n in range(count)]) == 0.0
