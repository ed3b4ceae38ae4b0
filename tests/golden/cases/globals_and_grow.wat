;; A global's cell in the context; a helper call.
(module (memory 1) (global $g (mut i32) (i32.const 0))
  (func (result i32)
    (global.set $g (i32.add (global.get $g) (memory.grow (i32.const 1))))
    global.get $g))
