"""One module, an instance in each thread: long calls give up the interpreter's lock and run in parallel."""

from concurrent.futures import ThreadPoolExecutor

import linocut.extras

# How many primes there are in [from, to), the slow way.
TEXT = """(module (func (export "primes") (param $n i32) (param $to i32) (result i32)
  (local $d i32) (local $count i32)
  (loop $next
    (block $composite
      (local.set $d (i32.const 2))
      (loop $divide
        (if (i32.le_u (i32.mul (local.get $d) (local.get $d)) (local.get $n)) (then
          (br_if $composite (i32.eqz (i32.rem_u (local.get $n) (local.get $d))))
          (local.set $d (i32.add (local.get $d) (i32.const 1)))
          (br $divide))))
      (local.set $count (i32.add (local.get $count) (i32.const 1))))
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (br_if $next (i32.lt_u (local.get $n) (local.get $to))))
  local.get $count))"""
linocut.extras.require("wasmtime")  # or say which extra brings it: it reads the text
MODULE = linocut.load(TEXT)
STEP = 50_000


def primes_from(start: int) -> int:
    """Count in an instance of this thread's own: a store runs in one thread at a time."""
    primes: int = MODULE.instantiate().exports.primes(start, start + STEP)
    return primes


def main() -> None:
    """Count eight stretches, four at a time."""
    with ThreadPoolExecutor(4) as pool:
        print(sum(pool.map(primes_from, range(2, 400_000, STEP))), "primes below 400,000")


if __name__ == "__main__":
    main()
