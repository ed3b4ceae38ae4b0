"""A memory that two threads share: each takes the next piece of work from it, and adds what it found."""

import time
from concurrent.futures import ThreadPoolExecutor

import linocut.extras

# Counts primes. At 0 is the next number that nobody looks at yet, at 4 how many primes there are.
TEXT = """(module (import "env" "memory" (memory 1 1 shared))
  (func (export "work") (param $end i32) (local $n i32) (local $d i32)
    (loop $next
      (local.set $n (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (if (i32.ge_u (local.get $n) (local.get $end)) (then (return)))
      (local.set $d (i32.const 2))
      (loop $divide
        (if (i32.le_u (i32.mul (local.get $d) (local.get $d)) (local.get $n)) (then
          (br_if $next (i32.eqz (i32.rem_u (local.get $n) (local.get $d))))
          (local.set $d (i32.add (local.get $d) (i32.const 1)))
          (br $divide))))
      (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
      (br $next))))"""
linocut.extras.require("wasmtime")  # or say which extra brings it: it reads the text
MODULE = linocut.load(TEXT)


def count(threads: int, end: int = 1_500_000) -> tuple[int, float]:
    """How many primes there are, and in how many seconds; each thread has an instance and a store."""
    memory = linocut.Memory(1, 1, shared=True)
    memory.write(0, (2).to_bytes(4, "little"))
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(threads):
            pool.submit(MODULE.instantiate({"env": {"memory": memory}}).exports.work, end)
    return int.from_bytes(memory.read(4, 4), "little"), time.perf_counter() - start


if __name__ == "__main__":
    (primes, alone), (same, together) = count(1), count(2)
    print(f"{primes} primes, {same} with two threads: {alone / together:.1f} times as fast as with one")
