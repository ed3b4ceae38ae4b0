"""WebAssembly calls Python: plain callables, a typed one, and an exception on its way out."""

import linocut.extras

TEXT = """(module
  (import "env" "log" (func $log (param i32)))
  (import "env" "minmax" (func $minmax (param i32 i32) (result i32 i32)))
  (func (export "spread") (param i32 i32) (result i32) (local $low i32)
    (call $minmax (local.get 0) (local.get 1))
    local.set 1
    local.set $low
    (local.set 1 (i32.sub (local.get 1) (local.get $low)))
    (call $log (local.get 1))
    local.get 1))"""


def log(value: int) -> None:
    """Print what WebAssembly says; refuse what is too large."""
    if value > 100:
        raise ValueError(f"{value} is too much")
    print("wasm says", value)


def main() -> None:
    """Link two functions, call through both, and see a host function fail."""
    minmax = linocut.Func(lambda a, b: (min(a, b), max(a, b)), linocut.FuncType(["i32"] * 2, ["i32"] * 2))
    instance = linocut.load(TEXT).instantiate({"env": {"log": log, "minmax": minmax}})
    print("Python gets", instance.exports.spread(30, -12))
    try:
        instance.exports.spread(0, 1000)
    except ValueError as error:  # as it was raised; the instance stays usable
        print("Python gets", repr(error))


if __name__ == "__main__":
    linocut.extras.require("wasmtime")  # or say which extra brings it: it reads the text
    main()
