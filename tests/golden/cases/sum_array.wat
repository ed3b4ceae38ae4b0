;; A load folded into the addition, one addressing mode per access.
(module (memory 1) (func (param $at i32) (param $count i32) (result i32) (local $total i32)
  (loop $next
    (local.set $total (i32.add (local.get $total) (i32.load offset=16 (local.get $at))))
    (local.set $at (i32.add (local.get $at) (i32.const 4)))
    (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
  local.get $total))
