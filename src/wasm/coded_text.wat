;; Text to codes: finds the values of lines, and gives the different values of each column the codes 1, 2, ..., in the
;; order in which they come; an empty value is 0.
;;
;; A column is described by nine i32 at a place of the caller's:
;;    0  its hash table; 0 for a column that is passed over
;;    4  bytes of the table, less those of one slot: a mask for places in it
;;    8  64 - log2 of the number of slots
;;   12  the next code
;;   16  the code at which the table has to grow
;;   20  where the codes of the rows are
;;   24  where the next long value is kept
;;   28  where the room for long values ends
;;   32  bytes of all different values
;; A slot of the table has 16 bytes: the key of a value, its code (0: the slot is free) and, of a value of more than
;; eight bytes, where it is kept, its length first. The key is the value itself, or a hash of a longer one whose last
;; byte is 255, which no text in UTF-8 has. Collisions go to the next slot.
;;
;; Reads up to 15 bytes behind a text. There is no byte 0 in it.
(module
  (import "env" "memory" (memory 1))

  ;; Where a parse continues: the beginning of a value, its row, and the description of its column.
  (global $from (export "from") (mut i32) (i32.const 0))
  (global $row (export "row") (mut i32) (i32.const 0))
  (global $column (export "column") (mut i32) (i32.const 0))

  ;; What a slot is found by: Fibonacci hashing.
  (func $slot (param $key i64) (param $shift i32) (result i32)
    (i32.shl
      (i32.wrap_i64
        (i64.shr_u
          (i64.mul (local.get $key) (i64.const 0x9E3779B97F4A7C15))
          (i64.extend_i32_u (local.get $shift))))
      (i32.const 4)))

  ;; Of up to eight bytes, one at least.
  (func $word (param $from i32) (param $length i32) (result i64)
    (i64.and
      (i64.load align=1 (local.get $from))
      (i64.shr_u
        (i64.const -1)
        (i64.extend_i32_u (i32.sub (i32.const 64) (i32.shl (local.get $length) (i32.const 3)))))))

  ;; Of more than eight bytes.
  (func $hash (param $from i32) (param $length i32) (result i64)
    (local $hash i64)
    (local.set $hash (i64.extend_i32_u (local.get $length)))
    (loop $next
      (local.set $hash
        (i64.mul
          (i64.xor (local.get $hash) (i64.load align=1 (local.get $from)))
          (i64.const 0x9E3779B97F4A7C15)))
      (local.set $hash (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 32))))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (br_if $next (i32.gt_u (local.tee $length (i32.sub (local.get $length) (i32.const 8))) (i32.const 8))))
    ;; The last byte of the last word is in the upper bits alone.
    (i64.or
      (i64.shr_u
        (i64.mul
          (i64.xor (local.get $hash) (call $word (local.get $from) (local.get $length)))
          (i64.const 0x9E3779B97F4A7C15))
        (i64.const 8))
      (i64.const 0xFF00000000000000)))

  ;; Whether a kept value is this one of more than eight bytes.
  (func $same (param $kept i32) (param $from i32) (param $length i32) (result i32)
    (if (i32.ne (i32.load (local.get $kept)) (local.get $length)) (then (return (i32.const 0))))
    (local.set $kept (i32.add (local.get $kept) (i32.const 4)))
    (loop $next
      (if (i64.ne (i64.load align=1 (local.get $kept)) (i64.load align=1 (local.get $from)))
        (then (return (i32.const 0))))
      (local.set $kept (i32.add (local.get $kept) (i32.const 8)))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (br_if $next (i32.gt_u (local.tee $length (i32.sub (local.get $length) (i32.const 8))) (i32.const 8))))
    (i64.eq
      (call $word (local.get $kept) (local.get $length))
      (call $word (local.get $from) (local.get $length))))

  ;; The code of a value, new or not; -1 if the column's table, or its room for long values, has to grow first.
  (func $code (param $column i32) (param $from i32) (param $length i32) (result i32)
    (local $key i64) (local $table i32) (local $at i32) (local $code i32) (local $kept i32)
    (local.set $key
      (if (result i64) (i32.le_u (local.get $length) (i32.const 8))
        (then (call $word (local.get $from) (local.get $length)))
        (else (call $hash (local.get $from) (local.get $length)))))
    (local.set $table (i32.load (local.get $column)))
    (local.set $at
      (i32.add (local.get $table) (call $slot (local.get $key) (i32.load offset=8 (local.get $column)))))
    (block $new
      (loop $next
        (br_if $new (i32.eqz (local.tee $code (i32.load offset=8 (local.get $at)))))
        (if (i64.eq (i64.load (local.get $at)) (local.get $key))
          (then
            (if (i32.le_u (local.get $length) (i32.const 8)) (then (return (local.get $code))))
            (if (call $same (i32.load offset=12 (local.get $at)) (local.get $from) (local.get $length))
              (then (return (local.get $code))))))
        (local.set $at
          (i32.add
            (local.get $table)
            (i32.and
              (i32.add (i32.sub (local.get $at) (local.get $table)) (i32.const 16))
              (i32.load offset=4 (local.get $column)))))
        (br $next)))

    (local.set $code (i32.load offset=12 (local.get $column)))
    (if (i32.eq (local.get $code) (i32.load offset=16 (local.get $column))) (then (return (i32.const -1))))
    (if (i32.gt_u (local.get $length) (i32.const 8))
      (then
        (local.set $kept (i32.load offset=24 (local.get $column)))
        (if (i32.gt_u
              (i32.add (local.get $kept) (i32.add (local.get $length) (i32.const 4)))
              (i32.load offset=28 (local.get $column)))
          (then (return (i32.const -1))))
        (i32.store (local.get $kept) (local.get $length))
        (memory.copy (i32.add (local.get $kept) (i32.const 4)) (local.get $from) (local.get $length))
        (i32.store offset=24
          (local.get $column)
          (i32.add (local.get $kept) (i32.add (local.get $length) (i32.const 4))))
        (i32.store offset=12 (local.get $at) (local.get $kept))))
    (i64.store (local.get $at) (local.get $key))
    (i32.store offset=8 (local.get $at) (local.get $code))
    (i32.store offset=12 (local.get $column) (i32.add (local.get $code) (i32.const 1)))
    (i32.store offset=32
      (local.get $column)
      (i32.add (i32.load offset=32 (local.get $column)) (local.get $length)))
    (local.get $code))

  ;; Take lines up to $end, behind the last one's end. $first and $last are the descriptions of the first and the last
  ;; column. The result is 0; 1 if a line has more or fewer columns or is empty; 2 if the column has to grow, after
  ;; which parsing continues with the same value.
  (func (export "parse") (param $first i32) (param $last i32) (param $separator i32) (param $end i32) (result i32)
    (local $from i32) (local $row i32) (local $column i32) (local $base i32) (local $stops i32) (local $to i32)
    (local $length i32) (local $code i32) (local $key i64) (local $at i32) (local $separators v128) (local $x v128)
    (local.set $from (global.get $from))
    (local.set $row (global.get $row))
    (local.set $column (global.get $column))
    (local.set $base (local.get $from))
    (local.set $separators (i8x16.splat (local.get $separator)))
    (block $done
      (loop $chunk
        (br_if $done (i32.ge_u (local.get $base) (local.get $end)))
        (local.set $x (v128.load align=1 (local.get $base)))
        (local.set $stops
          (i8x16.bitmask
            (v128.or
              (i8x16.eq (local.get $x) (local.get $separators))
              (i8x16.eq (local.get $x) (i8x16.splat (i32.const 10))))))
        (if (i32.lt_u (i32.sub (local.get $end) (local.get $base)) (i32.const 16))
          (then
            (local.set $stops
              (i32.and
                (local.get $stops)
                (i32.sub
                  (i32.shl (i32.const 1) (i32.sub (local.get $end) (local.get $base)))
                  (i32.const 1))))))
        (block $none
          (loop $stop
            (br_if $none (i32.eqz (local.get $stops)))
            (local.set $to (i32.add (local.get $base) (i32.ctz (local.get $stops))))
            (local.set $stops (i32.and (local.get $stops) (i32.sub (local.get $stops) (i32.const 1))))
            (if (i32.load (local.get $column))
              (then
                (local.set $length (i32.sub (local.get $to) (local.get $from)))
                (local.set $code (i32.const 0))
                (block $coded
                  (br_if $coded (i32.eqz (local.get $length)))
                  ;; Most values are short, and in the first slot: without calls. A free slot has the key 0.
                  (if (i32.le_u (local.get $length) (i32.const 8))
                    (then
                      (local.set $key
                        (i64.and
                          (i64.load align=1 (local.get $from))
                          (i64.shr_u
                            (i64.const -1)
                            (i64.extend_i32_u
                              (i32.sub (i32.const 64) (i32.shl (local.get $length) (i32.const 3)))))))
                      (local.set $at
                        (i32.add
                          (i32.load (local.get $column))
                          (i32.shl
                            (i32.wrap_i64
                              (i64.shr_u
                                (i64.mul (local.get $key) (i64.const 0x9E3779B97F4A7C15))
                                (i64.load32_u offset=8 (local.get $column))))
                            (i32.const 4))))
                      (local.set $code (i32.load offset=8 (local.get $at)))
                      (br_if $coded (i64.eq (i64.load (local.get $at)) (local.get $key)))))
                  (local.set $code (call $code (local.get $column) (local.get $from) (local.get $length)))
                  (br_if $coded (i32.ge_s (local.get $code) (i32.const 0)))
                  (global.set $from (local.get $from))
                  (global.set $row (local.get $row))
                  (global.set $column (local.get $column))
                  (return (i32.const 2)))
                (i32.store
                  (i32.add (i32.load offset=20 (local.get $column)) (i32.shl (local.get $row) (i32.const 2)))
                  (local.get $code))))
            (if (i32.eq (i32.load8_u (local.get $to)) (i32.const 10))
              (then
                (if (i32.ne (local.get $column) (local.get $last)) (then (return (i32.const 1))))
                (if (i32.and
                      (i32.eq (local.get $first) (local.get $last))
                      (i32.eq (local.get $from) (local.get $to)))
                  (then (return (i32.const 1))))
                (local.set $column (local.get $first))
                (local.set $row (i32.add (local.get $row) (i32.const 1))))
              (else
                (if (i32.eq (local.get $column) (local.get $last)) (then (return (i32.const 1))))
                (local.set $column (i32.add (local.get $column) (i32.const 36)))))
            (local.set $from (i32.add (local.get $to) (i32.const 1)))
            (br $stop)))
        (local.set $base (i32.add (local.get $base) (i32.const 16)))
        (br $chunk)))
    (global.set $from (local.get $from))
    (global.set $row (local.get $row))
    (global.set $column (local.get $column))
    (i32.const 0))

  ;; Move the slots of a table to a larger, empty one: its place, mask and shift are those of the description.
  (func (export "move") (param $from i32) (param $end i32) (param $table i32) (param $mask i32) (param $shift i32)
    (local $at i32)
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $from) (local.get $end)))
        (if (i32.load offset=8 (local.get $from))
          (then
            (local.set $at (call $slot (i64.load (local.get $from)) (local.get $shift)))
            (block $free
              (loop $taken
                (br_if $free
                  (i32.eqz (i32.load offset=8 (i32.add (local.get $table) (local.get $at)))))
                (local.set $at (i32.and (i32.add (local.get $at) (i32.const 16)) (local.get $mask)))
                (br $taken)))
            (v128.store (i32.add (local.get $table) (local.get $at)) (v128.load (local.get $from)))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next)))))
