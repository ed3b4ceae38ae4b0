;; Float constants of a loop have registers, which the prologue loads; one behind it is read from memory.
(module
  (func (param f64 i32) (result f64)
    (loop
      (local.set 0 (f64.add (f64.mul (local.get 0) (f64.const 1.5)) (f64.const 0.25)))
      (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
    (f64.div (local.get 0) (f64.const 3))))
