;; A loop whose locals stay in registers; compare and branch without a materialised condition.
(module (func (param $x i64) (result i64) (local $steps i64)
  (block $done (loop $step
    (br_if $done (i64.le_u (local.get $x) (i64.const 1)))
    (local.set $steps (i64.add (local.get $steps) (i64.const 1)))
    (local.set $x (if (result i64) (i64.eqz (i64.and (local.get $x) (i64.const 1)))
      (then (i64.shr_u (local.get $x) (i64.const 1)))
      (else (i64.add (i64.mul (local.get $x) (i64.const 3)) (i64.const 1)))))
    (br $step)))
  local.get $steps))
