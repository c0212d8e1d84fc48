;; Sums over the products x of a tile, which products.wat makes, and dx: on the same memory, with absolute addresses.
(module
  (import "env" "memory" (memory 1))

  ;; sums_p += x_p - shift_p and squares_p += (x_p - shift_p)^2, each sum a vector. shift has one number an interaction.
  (func (export "moments") (param $x i32) (param $count i32) (param $shift i32) (param $sums i32) (param $squares i32)
    (local $end i32) (local $v v128)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $count) (i32.const 4))))
    (loop $next
      (local.set $v (f32x4.sub (v128.load (local.get $x)) (v128.load32_splat (local.get $shift))))
      (v128.store (local.get $sums) (f32x4.add (v128.load (local.get $sums)) (local.get $v)))
      (v128.store (local.get $squares)
        (f32x4.add (v128.load (local.get $squares)) (f32x4.mul (local.get $v) (local.get $v))))
      (local.set $shift (i32.add (local.get $shift) (i32.const 4)))
      (local.set $sums (i32.add (local.get $sums) (i32.const 16)))
      (local.set $squares (i32.add (local.get $squares) (i32.const 16)))
      (br_if $next (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $end)))))

  ;; y = sum_p w_p x_p, a vector.
  (func (export "weightedSum") (param $x i32) (param $count i32) (param $w i32) (param $y i32)
    (local $end i32) (local $sum v128)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $count) (i32.const 4))))
    (loop $next
      (local.set $sum
        (f32x4.add (local.get $sum) (f32x4.mul (v128.load (local.get $x)) (v128.load32_splat (local.get $w)))))
      (local.set $w (i32.add (local.get $w) (i32.const 4)))
      (br_if $next (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $end))))
    (v128.store (local.get $y) (local.get $sum)))

  ;; sums_p += g x_p, each sum a vector, g one vector.
  (func (export "correlate") (param $x i32) (param $count i32) (param $g i32) (param $sums i32)
    (local $end i32) (local $v v128)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $count) (i32.const 4))))
    (local.set $v (v128.load (local.get $g)))
    (loop $next
      (v128.store (local.get $sums)
        (f32x4.add (v128.load (local.get $sums)) (f32x4.mul (v128.load (local.get $x)) (local.get $v))))
      (local.set $sums (i32.add (local.get $sums) (i32.const 16)))
      (br_if $next (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $end)))))

  ;; x_p = w_p u - q_p x_p + r_p; u is one vector, w, q and r have one number an interaction.
  (func (export "gradient")
    (param $x i32) (param $count i32) (param $w i32) (param $u i32) (param $q i32) (param $r i32)
    (local $end i32) (local $v v128)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $count) (i32.const 4))))
    (local.set $v (v128.load (local.get $u)))
    (loop $next
      (v128.store (local.get $x) (f32x4.add
        (f32x4.sub
          (f32x4.mul (local.get $v) (v128.load32_splat (local.get $w)))
          (f32x4.mul (v128.load (local.get $x)) (v128.load32_splat (local.get $q))))
        (v128.load32_splat (local.get $r))))
      (local.set $w (i32.add (local.get $w) (i32.const 4)))
      (local.set $q (i32.add (local.get $q) (i32.const 4)))
      (local.set $r (i32.add (local.get $r) (i32.const 4)))
      (br_if $next (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $end)))))
)
