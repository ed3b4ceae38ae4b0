"""One memory, two views of it: numpy writes, WebAssembly computes in place, nothing is copied."""

import linocut.extras

linocut.extras.require("wasmtime", "numpy")  # or say which extra brings them

import numpy as np

TEXT = """(module
  (memory (export "memory") 1)
  (func (export "scale") (param $at i32) (param $count i32) (param $by f64)
    (loop $next
      (f64.store (local.get $at) (f64.mul (f64.load (local.get $at)) (local.get $by)))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))))"""


def main() -> None:
    """Scale a row of numbers, then grow the memory under the view."""
    exports = linocut.load(TEXT).instantiate().exports
    numbers = np.frombuffer(exports.memory, dtype=np.float64, count=8, offset=1024)
    numbers[:] = np.arange(8)
    exports.scale(1024, 8, 0.5)
    print(numbers)

    exports.memory.grow(100)  # the memory's address does not change: the view stays valid
    exports.scale(1024, 8, 4.0)
    print(numbers, "after growing to", exports.memory.size, "pages")


if __name__ == "__main__":
    main()
