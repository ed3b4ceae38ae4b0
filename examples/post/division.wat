;; Safe division: a divisor of 0 and the one quotient that does not fit must trap.
;;   linocut inspect division.wat --func divide --against liftoff
;;   linocut diff division.wat --func divide --without division-checks
(module
  (func $divide (export "divide") (param $a i32) (param $b i32) (result i32)
    (i32.div_s (local.get $a) (local.get $b)))

  (func $divide_unsigned (export "divide_unsigned") (param $a i32) (param $b i32) (result i32)
    (i32.div_u (local.get $a) (local.get $b)))

  ;; By Euclid: a remainder in a loop.
  (func $common_divisor (export "common_divisor") (param $a i64) (param $b i64) (result i64)
    (local $rest i64)
    (loop $again
      (if (i64.ne (local.get $b) (i64.const 0))
        (then
          (local.set $rest (i64.rem_u (local.get $a) (local.get $b)))
          (local.set $a (local.get $b))
          (local.set $b (local.get $rest))
          (br $again))))
    (local.get $a)))
