;; The checksum of shards, on a memory of the caller's: of 32-bit words w_0, w_1, ... the sum of w_i (1 + K (p + i))
;; modulo 2^64, where p is the place of w_0 and K = 0x9E3779B97F4A7C15.
;;
;; Four words are taken at a time. The loop only adds: A of each lane is the sum of its words, and B the sum of all
;; earlier values of A, which counts every word as often as words follow it.
(module
  (import "env" "memory" (memory 1))

  (func (export "checksum") (param $at i32) (param $words i32) (param $place i32) (result i64)
    (local $x v128) (local $a01 v128) (local $a23 v128) (local $b01 v128) (local $b23 v128)
    (local $end i32) (local $whole i32) (local $sum i64) (local $weight i64) (local $last i64)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $words) (i32.const 2))))
    (local.set $whole (i32.add (local.get $at) (i32.shl (i32.and (local.get $words) (i32.const -4)) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $whole)))
        (local.set $x (v128.load (local.get $at)))
        (local.set $b01 (i64x2.add (local.get $b01) (local.get $a01)))
        (local.set $b23 (i64x2.add (local.get $b23) (local.get $a23)))
        (local.set $a01 (i64x2.add (local.get $a01) (i64x2.extend_low_i32x4_u (local.get $x))))
        (local.set $a23 (i64x2.add (local.get $a23) (i64x2.extend_high_i32x4_u (local.get $x))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))

    ;; The word of lane l in the n-th of N steps has the weight 1 + K (p + l + 4 n), and B has it N - 1 - n times.
    (local.set $last (i64.sub (i64.extend_i32_u (i32.shr_u (local.get $words) (i32.const 2))) (i64.const 1)))
    (local.set $weight (i64.add
      (i64.const 1)
      (i64.mul
        (i64.const 0x9E3779B97F4A7C15)
        (i64.add (i64.extend_i32_u (local.get $place)) (i64.shl (local.get $last) (i64.const 2))))))
    (local.set $sum (i64.mul (i64x2.extract_lane 0 (local.get $a01)) (local.get $weight)))
    (local.set $weight (i64.add (local.get $weight) (i64.const 0x9E3779B97F4A7C15)))
    (local.set $sum (i64.add (local.get $sum) (i64.mul (i64x2.extract_lane 1 (local.get $a01)) (local.get $weight))))
    (local.set $weight (i64.add (local.get $weight) (i64.const 0x9E3779B97F4A7C15)))
    (local.set $sum (i64.add (local.get $sum) (i64.mul (i64x2.extract_lane 0 (local.get $a23)) (local.get $weight))))
    (local.set $weight (i64.add (local.get $weight) (i64.const 0x9E3779B97F4A7C15)))
    (local.set $sum (i64.add (local.get $sum) (i64.mul (i64x2.extract_lane 1 (local.get $a23)) (local.get $weight))))
    (local.set $x (i64x2.add (local.get $b01) (local.get $b23)))
    (local.set $sum (i64.sub
      (local.get $sum)
      (i64.mul
        (i64.const 0x78DDE6E5FD29F054)
        (i64.add (i64x2.extract_lane 0 (local.get $x)) (i64x2.extract_lane 1 (local.get $x))))))

    ;; Up to three words are left; $weight is that of the last word before them.
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (local.set $weight (i64.add (local.get $weight) (i64.const 0x9E3779B97F4A7C15)))
        (local.set $sum (i64.add (local.get $sum) (i64.mul (i64.load32_u (local.get $at)) (local.get $weight))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next)))
    (local.get $sum)))
