;; lea and shl in place of multiplications by small constants.
(module (func (param i32) (result i32)
  (i32.add (i32.mul (local.get 0) (i32.const 9)) (i32.mul (local.get 0) (i32.const 8)))))
