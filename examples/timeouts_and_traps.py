"""Code that fails or never ends: what Python sees, and that the instance goes on."""

import linocut.extras

TEXT = """(module
  (memory (export "memory") 1)
  (func $divide (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "mean") (param $sum i32) (param $count i32) (result i32)
    (call $divide (local.get $sum) (local.get $count)))
  (func (export "peek") (param i32) (result i32) (i32.load (local.get 0)))
  (func $deep (export "deep") (param i32) (result i32)
    (i32.add (call $deep (local.get 0)) (i32.const 1)))
  (func (export "spin") (loop (br 0))))"""


def main() -> None:
    """Provoke each, catch each."""
    exports = linocut.load(TEXT).instantiate().exports
    try:
        exports.mean(10, 0)
    except linocut.Trap as trap:
        print(f"{trap.kind}: {trap.message}")
        for frame in trap.frames:  # innermost first
            print(f"  function {frame.function} ({frame.name}) at {frame.offset:#x}")
    for name, argument in (("peek", 65536), ("deep", 1)):
        try:
            exports[name](argument)
        except linocut.Trap as trap:
            print(f"{type(trap).__name__}: {trap.message}")
    try:
        exports.spin(timeout=0.05)
    except linocut.Timeout:
        print("Timeout")
    print("mean", exports.mean(10, 4))


if __name__ == "__main__":
    linocut.extras.require("wasmtime")  # or say which extra brings it: it reads the text
    main()
