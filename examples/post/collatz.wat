;; The Collatz sequence: how many steps until 1, halving what is even, else times three plus one.
;;   linocut inspect collatz.wat --func steps --against liftoff
;;   linocut diff collatz.wat --func steps --without pinned-locals
(module
  (memory (export "memory") 1)

  (func $steps (export "steps") (param $n i32) (result i32)
    (local $count i32)
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $n) (i32.const 1)))
        (if (i32.and (local.get $n) (i32.const 1))
          (then (local.set $n (i32.add (i32.mul (local.get $n) (i32.const 3)) (i32.const 1))))
          (else (local.set $n (i32.div_u (local.get $n) (i32.const 2)))))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (br $next)))
    (local.get $count))

  ;; The steps of 1 to $last, one after the other from address 8 on; the result is the most of them.
  (func $table (export "table") (param $last i32) (result i32)
    (local $n i32) (local $most i32)
    (local.set $n (i32.const 1))
    (loop $each
      (i32.store offset=4
        (i32.shl (local.get $n) (i32.const 2))
        (call $steps (local.get $n)))
      (local.set $most
        (select
          (local.get $most)
          (i32.load offset=4 (i32.shl (local.get $n) (i32.const 2)))
          (i32.gt_s (local.get $most) (i32.load offset=4 (i32.shl (local.get $n) (i32.const 2))))))
      (br_if $each
        (i32.le_s
          (local.tee $n (i32.add (local.get $n) (i32.const 1)))
          (local.get $last))))
    (local.get $most)))
