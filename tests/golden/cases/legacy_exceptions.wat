(module (import "" "f" (func $f (param i32))) (tag $t (param i32))
  (func (param i32) (result i32)
    (try (result i32) (do (call $f (local.get 0)) (i32.const 0)) (catch $t) (catch_all (rethrow 0)))))
