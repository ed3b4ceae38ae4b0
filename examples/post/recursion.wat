;; Calls: two functions that call themselves, and one that never stops (`call stack exhausted`).
;;   linocut run --invoke fibonacci recursion.wat 30
;;   linocut inspect recursion.wat --func fibonacci --against liftoff
;;   linocut diff recursion.wat --func forever --without stack-check
(module
  (func $fibonacci (export "fibonacci") (param $n i32) (result i32)
    (if (result i32) (i32.lt_s (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else
        (i32.add
          (call $fibonacci (i32.sub (local.get $n) (i32.const 1)))
          (call $fibonacci (i32.sub (local.get $n) (i32.const 2)))))))

  (func $factorial (export "factorial") (param $n i64) (result i64)
    (if (result i64) (i64.eqz (local.get $n))
      (then (i64.const 1))
      (else
        (i64.mul
          (local.get $n)
          (call $factorial (i64.sub (local.get $n) (i64.const 1)))))))

  (func $forever (export "forever") (param $n i64) (result i64)
    (i64.add
      (call $forever (i64.add (local.get $n) (i64.const 1)))
      (i64.const 1))))
