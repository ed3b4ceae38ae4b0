;; The wrong `if`: a compiler that forgets the jump over `else` runs both arms. Then `sign` is always -1, and
;; `counted` counts both arms.
;;   linocut inspect branch.wat --func sign --against liftoff
;;   linocut diff branch.wat --func sign --without fused-branches
(module
  (func $sign (export "sign") (param $n i32) (result i32)
    (local $found i32)
    (if (i32.ge_s (local.get $n) (i32.const 0))
      (then (local.set $found (i32.const 1)))
      (else (local.set $found (i32.const -1))))
    (local.get $found))

  ;; How many arms have been run, of two tests one inside the other.
  (func $counted (export "counted") (param $a i32) (param $b i32) (result i32)
    (local $arms i32)
    (if (local.get $a)
      (then
        (if (local.get $b)
          (then (local.set $arms (i32.add (local.get $arms) (i32.const 1))))
          (else (local.set $arms (i32.add (local.get $arms) (i32.const 10))))))
      (else (local.set $arms (i32.add (local.get $arms) (i32.const 100)))))
    (local.get $arms)))
