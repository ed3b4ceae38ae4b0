;; Arguments beyond the registers travel through the context's buffer.
(module (func $f (param i32 i32 i32 i32 i32 i32 f64 f64 f64 f64 f64) (result i32) (local.get 5))
  (func (result i32) (call $f (i32.const 0) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)
    (i32.const 5) (f64.const 0) (f64.const 1) (f64.const 2) (f64.const 3) (f64.const 4))))
