;; The inner loops of trainings of shallow models, on a memory that holds a table's values and, in the same order behind
;; them, the gradient and Adam's two moments. All places and lengths are in bytes, `delta` from a value to its gradient.
(module
  (import "env" "memory" (memory 1))

  ;; Where the vectors of a row are, into `at`. `slots` has three integers for each: the place of its id behind `ids`,
  ;; the place of the vector of id 0, and the distance to that of id 1.
  (func (export "find") (param $slots i32) (param $end i32) (param $ids i32) (param $at i32)
    (block $done
      (loop $slot
        (br_if $done (i32.ge_u (local.get $slots) (local.get $end)))
        (i32.store (local.get $at)
          (i32.add
            (i32.load offset=4 (local.get $slots))
            (i32.mul
              (i32.load (i32.add (local.get $ids) (i32.load (local.get $slots))))
              (i32.load offset=8 (local.get $slots)))))
        (local.set $slots (i32.add (local.get $slots) (i32.const 12)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $slot))))

  ;; The sum over pairs of <a, b>. `pairs` has for each pair the places in `at` of its two vectors, `at` where these
  ;; are; `width` is that of a vector.
  (func (export "products")
    (param $pairs i32) (param $end i32) (param $width i32) (result f32)
    (local $a i32) (local $b i32) (local $stop i32) (local $sum v128) (local $rest f32)
    (block $done
      (loop $pair
        (br_if $done (i32.ge_u (local.get $pairs) (local.get $end)))
        (local.set $a (i32.load (i32.load (local.get $pairs))))
        (local.set $b (i32.load (i32.load offset=4 (local.get $pairs))))
        (local.set $stop (i32.add (local.get $a) (local.get $width)))
        (block $tail
          (loop $four
            (br_if $tail (i32.gt_u (i32.add (local.get $a) (i32.const 16)) (local.get $stop)))
            (local.set $sum
              (f32x4.add
                (local.get $sum)
                (f32x4.mul (v128.load (local.get $a)) (v128.load (local.get $b)))))
            (local.set $a (i32.add (local.get $a) (i32.const 16)))
            (local.set $b (i32.add (local.get $b) (i32.const 16)))
            (br $four)))
        (block $next
          (loop $each
            (br_if $next (i32.ge_u (local.get $a) (local.get $stop)))
            (local.set $rest
              (f32.add (local.get $rest) (f32.mul (f32.load (local.get $a)) (f32.load (local.get $b)))))
            (local.set $a (i32.add (local.get $a) (i32.const 4)))
            (local.set $b (i32.add (local.get $b) (i32.const 4)))
            (br $each)))
        (local.set $pairs (i32.add (local.get $pairs) (i32.const 8)))
        (br $pair)))
    (f32.add
      (local.get $rest)
      (f32.add
        (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
        (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum))))))

  ;; The gradient of that sum times `residual`, and of share / 2 (|a|^2 + |b|^2): to the gradient of a comes
  ;; residual b + share a, to that of b residual a + share b.
  (func (export "gradient")
    (param $pairs i32) (param $end i32) (param $width i32) (param $delta i32) (param $residual f32) (param $share f32)
    (local $a i32) (local $b i32) (local $da i32) (local $db i32) (local $stop i32) (local $r v128) (local $s v128)
    (local $x v128) (local $y v128) (local $one f32) (local $other f32)
    (local.set $r (f32x4.splat (local.get $residual)))
    (local.set $s (f32x4.splat (local.get $share)))
    (block $done
      (loop $pair
        (br_if $done (i32.ge_u (local.get $pairs) (local.get $end)))
        (local.set $a (i32.load (i32.load (local.get $pairs))))
        (local.set $b (i32.load (i32.load offset=4 (local.get $pairs))))
        (local.set $stop (i32.add (local.get $a) (local.get $width)))
        (local.set $da (i32.add (local.get $a) (local.get $delta)))
        (local.set $db (i32.add (local.get $b) (local.get $delta)))
        (block $tail
          (loop $four
            (br_if $tail (i32.gt_u (i32.add (local.get $a) (i32.const 16)) (local.get $stop)))
            (local.set $x (v128.load (local.get $a)))
            (local.set $y (v128.load (local.get $b)))
            (v128.store (local.get $da)
              (f32x4.add
                (v128.load (local.get $da))
                (f32x4.add (f32x4.mul (local.get $r) (local.get $y)) (f32x4.mul (local.get $s) (local.get $x)))))
            (v128.store (local.get $db)
              (f32x4.add
                (v128.load (local.get $db))
                (f32x4.add (f32x4.mul (local.get $r) (local.get $x)) (f32x4.mul (local.get $s) (local.get $y)))))
            (local.set $a (i32.add (local.get $a) (i32.const 16)))
            (local.set $b (i32.add (local.get $b) (i32.const 16)))
            (local.set $da (i32.add (local.get $da) (i32.const 16)))
            (local.set $db (i32.add (local.get $db) (i32.const 16)))
            (br $four)))
        (block $next
          (loop $each
            (br_if $next (i32.ge_u (local.get $a) (local.get $stop)))
            (local.set $one (f32.load (local.get $a)))
            (local.set $other (f32.load (local.get $b)))
            (f32.store (local.get $da)
              (f32.add
                (f32.load (local.get $da))
                (f32.add
                  (f32.mul (local.get $residual) (local.get $other))
                  (f32.mul (local.get $share) (local.get $one)))))
            (f32.store (local.get $db)
              (f32.add
                (f32.load (local.get $db))
                (f32.add
                  (f32.mul (local.get $residual) (local.get $one))
                  (f32.mul (local.get $share) (local.get $other)))))
            (local.set $a (i32.add (local.get $a) (i32.const 4)))
            (local.set $b (i32.add (local.get $b) (i32.const 4)))
            (local.set $da (i32.add (local.get $da) (i32.const 4)))
            (local.set $db (i32.add (local.get $db) (i32.const 4)))
            (br $each)))
        (local.set $pairs (i32.add (local.get $pairs) (i32.const 8)))
        (br $pair))))

  ;; Adds share a to b, vectors of `width`.
  (func $addTo (export "addTo") (param $a i32) (param $b i32) (param $width i32) (param $share f32)
    (local $stop i32)
    (local.set $stop (i32.add (local.get $a) (local.get $width)))
    (block $tail
      (loop $four
        (br_if $tail (i32.gt_u (i32.add (local.get $a) (i32.const 16)) (local.get $stop)))
        (v128.store (local.get $b)
          (f32x4.add
            (v128.load (local.get $b))
            (f32x4.mul (f32x4.splat (local.get $share)) (v128.load (local.get $a)))))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (br $four)))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $a) (local.get $stop)))
        (f32.store (local.get $b)
          (f32.add (f32.load (local.get $b)) (f32.mul (local.get $share) (f32.load (local.get $a)))))
        (local.set $a (i32.add (local.get $a) (i32.const 4)))
        (local.set $b (i32.add (local.get $b) (i32.const 4)))
        (br $each))))

  ;; Adds share a to the gradient of a, for each of the vectors in `at`.
  (func (export "penalty") (param $at i32) (param $end i32) (param $width i32) (param $delta i32) (param $share f32)
    (local $a i32)
    (block $done
      (loop $slot
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $a (i32.load (local.get $at)))
        (call $addTo (local.get $a) (i32.add (local.get $a) (local.get $delta)) (local.get $width) (local.get $share))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $slot)))))
