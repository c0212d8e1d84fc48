;; What a step does to a whole table, on the memory of shallow.wat: the values and, in the same order behind them, the
;; gradient and Adam's two moments. All places and lengths are in bytes, `delta` from a value to its gradient.
(module
  (import "env" "memory" (memory 1))

  ;; One step of Adam on the values at [w, end), with the penalty decay / 2 |w|^2; the gradient becomes 0:
  ;; g += decay w, m = beta1 m + rest1 g, v = beta2 v + rest2 g g, w -= rate m / (sqrt(v) + epsilon).
  ;; The result is |w|^2 before the step.
  (func (export "adam")
    (param $w i32) (param $end i32) (param $delta i32)
    (param $beta1 f32) (param $rest1 f32) (param $beta2 f32) (param $rest2 f32) (param $rate f32) (param $epsilon f32)
    (param $decay f32) (result f64)
    (local $g i32) (local $m i32) (local $v i32) (local $x v128) (local $first v128) (local $second v128)
    (local $four_w v128) (local $squares v128) (local $sum v128) (local $until i32) (local $last i32)
    (local $one f32) (local $one_w f32) (local $mean f32) (local $square f32) (local $rest_sum f64)
    (local.set $g (i32.add (local.get $w) (local.get $delta)))
    (local.set $m (i32.add (local.get $g) (local.get $delta)))
    (local.set $v (i32.add (local.get $m) (local.get $delta)))
    (block $rest
      (loop $block
        (br_if $rest (i32.gt_u (i32.add (local.get $w) (i32.const 16)) (local.get $end)))
        ;; The squares of 64 vectors are added up in float32 first.
        (local.set $until (i32.add (local.get $w) (i32.const 1024)))
        (local.set $last (i32.sub (local.get $end) (i32.const 15)))
        (local.set $until
          (select
            (local.get $until)
            (local.get $last)
            (i32.lt_u (local.get $until) (local.get $last))))
        (local.set $squares (v128.const i32x4 0 0 0 0))
        (loop $four
          (local.set $four_w (v128.load (local.get $w)))
          (local.set $squares
            (f32x4.add (local.get $squares) (f32x4.mul (local.get $four_w) (local.get $four_w))))
          (local.set $x
            (f32x4.add
              (v128.load (local.get $g))
              (f32x4.mul (f32x4.splat (local.get $decay)) (local.get $four_w))))
          (local.set $first
            (f32x4.add
              (f32x4.mul (f32x4.splat (local.get $beta1)) (v128.load (local.get $m)))
              (f32x4.mul (f32x4.splat (local.get $rest1)) (local.get $x))))
          (local.set $second
            (f32x4.add
              (f32x4.mul (f32x4.splat (local.get $beta2)) (v128.load (local.get $v)))
              (f32x4.mul (f32x4.splat (local.get $rest2)) (f32x4.mul (local.get $x) (local.get $x)))))
          (v128.store (local.get $m) (local.get $first))
          (v128.store (local.get $v) (local.get $second))
          (v128.store (local.get $g) (f32x4.splat (f32.const 0)))
          (v128.store (local.get $w)
            (f32x4.sub
              (local.get $four_w)
              (f32x4.div
                (f32x4.mul (f32x4.splat (local.get $rate)) (local.get $first))
                (f32x4.add (f32x4.sqrt (local.get $second)) (f32x4.splat (local.get $epsilon))))))
          (local.set $w (i32.add (local.get $w) (i32.const 16)))
          (local.set $g (i32.add (local.get $g) (i32.const 16)))
          (local.set $m (i32.add (local.get $m) (i32.const 16)))
          (local.set $v (i32.add (local.get $v) (i32.const 16)))
          (br_if $four (i32.lt_u (local.get $w) (local.get $until))))
        (local.set $sum (f64x2.add (local.get $sum) (f64x2.promote_low_f32x4 (local.get $squares))))
        (local.set $sum
          (f64x2.add
            (local.get $sum)
            (f64x2.promote_low_f32x4
              (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $squares) (local.get $squares)))))
        (br $block)))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $w) (local.get $end)))
        (local.set $one_w (f32.load (local.get $w)))
        (local.set $rest_sum
          (f64.add
            (local.get $rest_sum)
            (f64.mul (f64.promote_f32 (local.get $one_w)) (f64.promote_f32 (local.get $one_w)))))
        (local.set $one
          (f32.add (f32.load (local.get $g)) (f32.mul (local.get $decay) (local.get $one_w))))
        (local.set $mean
          (f32.add
            (f32.mul (local.get $beta1) (f32.load (local.get $m)))
            (f32.mul (local.get $rest1) (local.get $one))))
        (local.set $square
          (f32.add
            (f32.mul (local.get $beta2) (f32.load (local.get $v)))
            (f32.mul (local.get $rest2) (f32.mul (local.get $one) (local.get $one)))))
        (f32.store (local.get $m) (local.get $mean))
        (f32.store (local.get $v) (local.get $square))
        (f32.store (local.get $g) (f32.const 0))
        (f32.store (local.get $w)
          (f32.sub
            (local.get $one_w)
            (f32.div
              (f32.mul (local.get $rate) (local.get $mean))
              (f32.add (f32.sqrt (local.get $square)) (local.get $epsilon)))))
        (local.set $w (i32.add (local.get $w) (i32.const 4)))
        (local.set $g (i32.add (local.get $g) (i32.const 4)))
        (local.set $m (i32.add (local.get $m) (i32.const 4)))
        (local.set $v (i32.add (local.get $v) (i32.const 4)))
        (br $each)))
    (f64.add
      (local.get $rest_sum)
      (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum)))))

  ;; The gradient of the penalty decay / 2 |w - u|^2 on the steps from the values u at [w - stride, end - stride) to
  ;; those at [w, end): decay (w - u) is added to that of w and taken from that of u. The result is |w - u|^2.
  (func (export "steps")
    (param $w i32) (param $end i32) (param $stride i32) (param $delta i32) (param $decay f32) (result f64)
    (local $g i32) (local $u i32) (local $before i32) (local $x v128) (local $halves v128) (local $sum v128)
    (local $one f32) (local $rest_sum f64)
    (local.set $g (i32.add (local.get $w) (local.get $delta)))
    (local.set $u (i32.sub (local.get $w) (local.get $stride)))
    (local.set $before (i32.add (local.get $u) (local.get $delta)))
    (block $rest
      (loop $four
        (br_if $rest (i32.gt_u (i32.add (local.get $w) (i32.const 16)) (local.get $end)))
        (local.set $x (f32x4.sub (v128.load (local.get $w)) (v128.load (local.get $u))))
        (local.set $halves (f64x2.promote_low_f32x4 (local.get $x)))
        (local.set $sum (f64x2.add (local.get $sum) (f64x2.mul (local.get $halves) (local.get $halves))))
        (local.set $halves
          (f64x2.promote_low_f32x4
            (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $x) (local.get $x))))
        (local.set $sum (f64x2.add (local.get $sum) (f64x2.mul (local.get $halves) (local.get $halves))))
        (local.set $x (f32x4.mul (f32x4.splat (local.get $decay)) (local.get $x)))
        (v128.store (local.get $g) (f32x4.add (v128.load (local.get $g)) (local.get $x)))
        ;; Loaded only now: with a stride below 16 it overlaps what was stored.
        (v128.store (local.get $before) (f32x4.sub (v128.load (local.get $before)) (local.get $x)))
        (local.set $w (i32.add (local.get $w) (i32.const 16)))
        (local.set $u (i32.add (local.get $u) (i32.const 16)))
        (local.set $g (i32.add (local.get $g) (i32.const 16)))
        (local.set $before (i32.add (local.get $before) (i32.const 16)))
        (br $four)))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $w) (local.get $end)))
        (local.set $one (f32.sub (f32.load (local.get $w)) (f32.load (local.get $u))))
        (local.set $rest_sum
          (f64.add
            (local.get $rest_sum)
            (f64.mul (f64.promote_f32 (local.get $one)) (f64.promote_f32 (local.get $one)))))
        (local.set $one (f32.mul (local.get $decay) (local.get $one)))
        (f32.store (local.get $g) (f32.add (f32.load (local.get $g)) (local.get $one)))
        (f32.store (local.get $before) (f32.sub (f32.load (local.get $before)) (local.get $one)))
        (local.set $w (i32.add (local.get $w) (i32.const 4)))
        (local.set $u (i32.add (local.get $u) (i32.const 4)))
        (local.set $g (i32.add (local.get $g) (i32.const 4)))
        (local.set $before (i32.add (local.get $before) (i32.const 4)))
        (br $each)))
    (f64.add
      (local.get $rest_sum)
      (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))))
