;; The products of tiles and their gradients for WebAssembly, on the memory of tfjs's own module.
;;
;; Four rows of a batch are computed side by side, one in each lane of a vector. A tile is those rows' embeddings, m * d
;; vectors; x is their products, one vector an interaction. `runs` lists the interactions by the fields that they share:
;; for each run the places in the tile, in bytes, of its first field and of its second one (-1 for pairs), how many
;; interactions it has, and the place of each one's last field. All other addresses are absolute.
(module
  ;; The build also makes a module for shared memory, with which tfjs runs threads.
  (import "env" "memory" (memory 1))

  ;; Four rows of n numbers -> n vectors.
  (func (export "load")
    (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $to i32) (param $n i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $to) (i32.shl (local.get $n) (i32.const 4))))
    (loop $next
      (v128.store (local.get $to)
        (v128.load32_lane 3 (local.get $d)
          (v128.load32_lane 2 (local.get $c)
            (v128.load32_lane 1 (local.get $b)
              (v128.load32_zero (local.get $a))))))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))
      (local.set $b (i32.add (local.get $b) (i32.const 4)))
      (local.set $c (i32.add (local.get $c) (i32.const 4)))
      (local.set $d (i32.add (local.get $d) (i32.const 4)))
      (br_if $next (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 16))) (local.get $end)))))

  ;; n vectors -> four rows of n numbers.
  (func (export "store")
    (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $from i32) (param $n i32)
    (local $end i32) (local $v v128)
    (local.set $end (i32.add (local.get $from) (i32.shl (local.get $n) (i32.const 4))))
    (loop $next
      (local.set $v (v128.load (local.get $from)))
      (v128.store32_lane 0 (local.get $a) (local.get $v))
      (v128.store32_lane 1 (local.get $b) (local.get $v))
      (v128.store32_lane 2 (local.get $c) (local.get $v))
      (v128.store32_lane 3 (local.get $d) (local.get $v))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))
      (local.set $b (i32.add (local.get $b) (i32.const 4)))
      (local.set $c (i32.add (local.get $c) (i32.const 4)))
      (local.set $d (i32.add (local.get $d) (i32.const 4)))
      (br_if $next (i32.lt_u (local.tee $from (i32.add (local.get $from) (i32.const 16))) (local.get $end)))))

  ;; What a run's interactions share: the first field, or, in `left`, its product with the second one. -> its address
  (func $shared (param $tile i32) (param $run i32) (param $bytes i32) (param $left i32) (result i32)
    (local $a i32) (local $b i32) (local $k i32)
    (local.set $a (i32.add (local.get $tile) (i32.load (local.get $run))))
    (if (i32.lt_s (i32.load offset=4 (local.get $run)) (i32.const 0)) (then (return (local.get $a))))
    (local.set $b (i32.add (local.get $tile) (i32.load offset=4 (local.get $run))))
    (loop $next
      (v128.store (i32.add (local.get $left) (local.get $k))
        (f32x4.mul
          (v128.load (i32.add (local.get $a) (local.get $k)))
          (v128.load (i32.add (local.get $b) (local.get $k)))))
      (br_if $next (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (local.get $bytes))))
    (local.get $left))

  ;; x of a tile. `bytes` is 16 d, `left` room for d vectors, `end` the end of the runs.
  (func (export "products")
    (param $tile i32) (param $runs i32) (param $end i32) (param $bytes i32) (param $left i32) (param $x i32)
    (local $l i32) (local $count i32) (local $k i32) (local $r0 i32) (local $r1 i32) (local $r2 i32) (local $r3 i32)
    (local $v v128) (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (loop $run
      (local.set $l (call $shared (local.get $tile) (local.get $runs) (local.get $bytes) (local.get $left)))
      (local.set $count (i32.load offset=8 (local.get $runs)))
      (local.set $runs (i32.add (local.get $runs) (i32.const 12)))
      (block $single
        (loop $four
          (br_if $single (i32.lt_s (local.get $count) (i32.const 4)))
          (local.set $r0 (i32.add (local.get $tile) (i32.load (local.get $runs))))
          (local.set $r1 (i32.add (local.get $tile) (i32.load offset=4 (local.get $runs))))
          (local.set $r2 (i32.add (local.get $tile) (i32.load offset=8 (local.get $runs))))
          (local.set $r3 (i32.add (local.get $tile) (i32.load offset=12 (local.get $runs))))
          (local.set $s0 (v128.const f32x4 0 0 0 0))
          (local.set $s1 (v128.const f32x4 0 0 0 0))
          (local.set $s2 (v128.const f32x4 0 0 0 0))
          (local.set $s3 (v128.const f32x4 0 0 0 0))
          (local.set $k (i32.const 0))
          (loop $next
            (local.set $v (v128.load (i32.add (local.get $l) (local.get $k))))
            (local.set $s0 (f32x4.add (local.get $s0)
              (f32x4.mul (local.get $v) (v128.load (i32.add (local.get $r0) (local.get $k))))))
            (local.set $s1 (f32x4.add (local.get $s1)
              (f32x4.mul (local.get $v) (v128.load (i32.add (local.get $r1) (local.get $k))))))
            (local.set $s2 (f32x4.add (local.get $s2)
              (f32x4.mul (local.get $v) (v128.load (i32.add (local.get $r2) (local.get $k))))))
            (local.set $s3 (f32x4.add (local.get $s3)
              (f32x4.mul (local.get $v) (v128.load (i32.add (local.get $r3) (local.get $k))))))
            (br_if $next (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (local.get $bytes))))
          (v128.store (local.get $x) (local.get $s0))
          (v128.store offset=16 (local.get $x) (local.get $s1))
          (v128.store offset=32 (local.get $x) (local.get $s2))
          (v128.store offset=48 (local.get $x) (local.get $s3))
          (local.set $x (i32.add (local.get $x) (i32.const 64)))
          (local.set $runs (i32.add (local.get $runs) (i32.const 16)))
          (local.set $count (i32.sub (local.get $count) (i32.const 4)))
          (br $four)))
      (block $done
        (loop $one
          (br_if $done (i32.eqz (local.get $count)))
          (local.set $r0 (i32.add (local.get $tile) (i32.load (local.get $runs))))
          (local.set $s0 (v128.const f32x4 0 0 0 0))
          (local.set $k (i32.const 0))
          (loop $next
            (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul
              (v128.load (i32.add (local.get $l) (local.get $k)))
              (v128.load (i32.add (local.get $r0) (local.get $k))))))
            (br_if $next (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (local.get $bytes))))
          (v128.store (local.get $x) (local.get $s0))
          (local.set $x (i32.add (local.get $x) (i32.const 16)))
          (local.set $runs (i32.add (local.get $runs) (i32.const 4)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br $one)))
      (br_if $run (i32.lt_u (local.get $runs) (local.get $end)))))

  ;; to[k] += dx a[k] for d vectors.
  (func $add (param $to i32) (param $a i32) (param $dx v128) (param $bytes i32)
    (local $k i32)
    (loop $next
      (v128.store (i32.add (local.get $to) (local.get $k)) (f32x4.add
        (v128.load (i32.add (local.get $to) (local.get $k)))
        (f32x4.mul (local.get $dx) (v128.load (i32.add (local.get $a) (local.get $k))))))
      (br_if $next (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (local.get $bytes)))))

  ;; to[k] += h[k] a[k] for d vectors.
  (func $addProduct (param $to i32) (param $h i32) (param $a i32) (param $bytes i32)
    (local $k i32)
    (loop $next
      (v128.store (i32.add (local.get $to) (local.get $k)) (f32x4.add
        (v128.load (i32.add (local.get $to) (local.get $k)))
        (f32x4.mul
          (v128.load (i32.add (local.get $h) (local.get $k)))
          (v128.load (i32.add (local.get $a) (local.get $k))))))
      (br_if $next (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (local.get $bytes)))))

  ;; Adds to `grad`, a tile, the gradient of the tile for given dx. `left` and `h` are room for d vectors each.
  (func (export "pull")
    (param $tile i32) (param $runs i32) (param $end i32) (param $bytes i32) (param $left i32) (param $dx i32)
    (param $grad i32) (param $h i32)
    (local $l i32) (local $first i32) (local $second i32) (local $count i32) (local $k i32) (local $at i32)
    (local $r0 i32) (local $r1 i32) (local $r2 i32) (local $r3 i32) (local $v v128)
    (local $d0 v128) (local $d1 v128) (local $d2 v128) (local $d3 v128)
    (loop $run
      (local.set $first (i32.load (local.get $runs)))
      (local.set $second (i32.load offset=4 (local.get $runs)))
      (local.set $l (call $shared (local.get $tile) (local.get $runs) (local.get $bytes) (local.get $left)))
      (local.set $count (i32.load offset=8 (local.get $runs)))
      (local.set $runs (i32.add (local.get $runs) (i32.const 12)))
      (local.set $k (i32.const 0))
      (loop $next
        (v128.store (i32.add (local.get $h) (local.get $k)) (v128.const f32x4 0 0 0 0))
        (br_if $next (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (local.get $bytes))))
      (block $single
        (loop $four
          (br_if $single (i32.lt_s (local.get $count) (i32.const 4)))
          (local.set $r0 (i32.load (local.get $runs)))
          (local.set $r1 (i32.load offset=4 (local.get $runs)))
          (local.set $r2 (i32.load offset=8 (local.get $runs)))
          (local.set $r3 (i32.load offset=12 (local.get $runs)))
          (local.set $d0 (v128.load (local.get $dx)))
          (local.set $d1 (v128.load offset=16 (local.get $dx)))
          (local.set $d2 (v128.load offset=32 (local.get $dx)))
          (local.set $d3 (v128.load offset=48 (local.get $dx)))
          (local.set $k (i32.const 0))
          (loop $next
            (local.set $v (v128.load (i32.add (local.get $l) (local.get $k))))
            (local.set $at (i32.add (local.get $tile) (local.get $k)))
            (v128.store (i32.add (local.get $h) (local.get $k)) (f32x4.add
              (v128.load (i32.add (local.get $h) (local.get $k)))
              (f32x4.add
                (f32x4.add
                  (f32x4.mul (local.get $d0) (v128.load (i32.add (local.get $at) (local.get $r0))))
                  (f32x4.mul (local.get $d1) (v128.load (i32.add (local.get $at) (local.get $r1)))))
                (f32x4.add
                  (f32x4.mul (local.get $d2) (v128.load (i32.add (local.get $at) (local.get $r2))))
                  (f32x4.mul (local.get $d3) (v128.load (i32.add (local.get $at) (local.get $r3))))))))
            (local.set $at (i32.add (local.get $grad) (i32.add (local.get $k) (local.get $r0))))
            (v128.store (local.get $at)
              (f32x4.add (v128.load (local.get $at)) (f32x4.mul (local.get $d0) (local.get $v))))
            (local.set $at (i32.add (local.get $grad) (i32.add (local.get $k) (local.get $r1))))
            (v128.store (local.get $at)
              (f32x4.add (v128.load (local.get $at)) (f32x4.mul (local.get $d1) (local.get $v))))
            (local.set $at (i32.add (local.get $grad) (i32.add (local.get $k) (local.get $r2))))
            (v128.store (local.get $at)
              (f32x4.add (v128.load (local.get $at)) (f32x4.mul (local.get $d2) (local.get $v))))
            (local.set $at (i32.add (local.get $grad) (i32.add (local.get $k) (local.get $r3))))
            (v128.store (local.get $at)
              (f32x4.add (v128.load (local.get $at)) (f32x4.mul (local.get $d3) (local.get $v))))
            (br_if $next (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (local.get $bytes))))
          (local.set $dx (i32.add (local.get $dx) (i32.const 64)))
          (local.set $runs (i32.add (local.get $runs) (i32.const 16)))
          (local.set $count (i32.sub (local.get $count) (i32.const 4)))
          (br $four)))
      (block $done
        (loop $one
          (br_if $done (i32.eqz (local.get $count)))
          (local.set $r0 (i32.load (local.get $runs)))
          (local.set $d0 (v128.load (local.get $dx)))
          (call $add (local.get $h) (i32.add (local.get $tile) (local.get $r0)) (local.get $d0) (local.get $bytes))
          (call $add (i32.add (local.get $grad) (local.get $r0)) (local.get $l) (local.get $d0) (local.get $bytes))
          (local.set $dx (i32.add (local.get $dx) (i32.const 16)))
          (local.set $runs (i32.add (local.get $runs) (i32.const 4)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br $one)))
      (if (i32.lt_s (local.get $second) (i32.const 0))
        (then
          (call $add (i32.add (local.get $grad) (local.get $first)) (local.get $h)
            (f32x4.splat (f32.const 1)) (local.get $bytes)))
        (else
          (call $addProduct (i32.add (local.get $grad) (local.get $first)) (local.get $h)
            (i32.add (local.get $tile) (local.get $second)) (local.get $bytes))
          (call $addProduct (i32.add (local.get $grad) (local.get $second)) (local.get $h)
            (i32.add (local.get $tile) (local.get $first)) (local.get $bytes))))
      (br_if $run (i32.lt_u (local.get $runs) (local.get $end)))))
)
