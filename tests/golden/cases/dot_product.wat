;; Float arithmetic with a folded memory operand.
(module (memory 1) (func (param $a i32) (param $b i32) (param $n i32) (result f64) (local $sum f64)
  (loop $next
    (local.set $sum (f64.add (local.get $sum)
      (f64.mul (f64.load (local.get $a)) (f64.load (local.get $b)))))
    (local.set $a (i32.add (local.get $a) (i32.const 8)))
    (local.set $b (i32.add (local.get $b) (i32.const 8)))
    (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  local.get $sum))
