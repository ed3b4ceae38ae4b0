;; Edit this: it is compiled at every pause.
(module
  (func $fib (export "fib")
    (param $n i32) (result i32)
    (if (result i32)
      (i32.lt_s (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else
        (i32.add
          (call $fib
            (i32.sub (local.get $n) (i32.const 1)))
          (call $fib
            (i32.sub (local.get $n) (i32.const 2)))))))

  (func $mean (export "mean")
    (param $sum i32) (param $count i32) (result i32)
    (i32.div_s (local.get $sum) (local.get $count)))

  (memory 1)
  (func $total (export "total")
    (param $from i32) (param $to i32) (result i64)
    (local $sum i64)
    (loop $next
      (local.set $sum
        (i64.add
          (local.get $sum)
          (i64.load (local.get $from))))
      (local.set $from
        (i32.add (local.get $from) (i32.const 8)))
      (br_if $next
        (i32.lt_u (local.get $from) (local.get $to))))
    (local.get $sum)))
