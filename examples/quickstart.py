"""Calls in both directions, and memory that both sides see."""

import linocut

TEXT = """(module
  (import "env" "log" (func $log (param i32)))
  (memory (export "memory") 1)
  (func (export "sum") (param $at i32) (param $count i32) (result i32)
    (local $total i32)
    (loop $next
      (local.set $total (i32.add (local.get $total) (i32.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (call $log (local.get $total))
    local.get $total))"""


def main() -> None:
    """Sum ten integers that Python has written."""
    instance = linocut.load(TEXT).instantiate({"env": {"log": lambda total: print("wasm says", total)}})
    numbers = memoryview(instance.exports.memory).cast("i")
    for i in range(10):
        numbers[i] = i * i
    print("Python gets", instance.exports.sum(0, 10))


if __name__ == "__main__":
    main()
