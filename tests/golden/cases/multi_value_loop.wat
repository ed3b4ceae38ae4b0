;; A loop with parameters: its merge moves two values at once.
(module (func (param $n i32) (result i32) (local $a i32) (local $b i32)
  (i32.const 0) (i32.const 1)
  (loop $fib (param i32 i32) (result i32)
    local.set $b
    local.set $a
    local.get $b
    (i32.add (local.get $a) (local.get $b))
    (br_if $fib (local.tee $n (i32.sub (local.get $n) (i32.const 1))))
    drop)))
