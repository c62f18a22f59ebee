;; Finds the cells of rows whose cells end with a tab, the last one with a newline: COPY text.
;;
;; Memory: a block of 65,536 bytes at 0, filled up with bytes of 0xff to a multiple of 16; where cells start at 65,552, one i32 for each byte of the block; where
;; they end behind it.
(module
  (memory (export "memory") 10)
  ;; Where the cell starts that is still open, and how many cells its row is still to have: as they were found, for the next block.
  (global $start (export "start") (mut i32) (i32.const 0))
  (global $left (export "left") (mut i32) (i32.const 0))

  ;; Returns how many cells end in the first `length` bytes of the block, whose first byte is at `base`; -1 where a row has another number of cells than `columns`,
  ;; or a byte that COPY writes escaped.
  (func (export "scan") (param $length i32) (param $base i32) (param $columns i32) (result i32)
    (local $at i32) (local $mask i32) (local $place i32) (local $byte i32) (local $out i32) (local $from i32) (local $left_ i32)
    (local.set $from (global.get $start))
    (local.set $left_ (global.get $left))
    (local.set $out (i32.const 65552))
    (block $done
      (loop $blocks
        (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
        ;; A bit for each byte up to a carriage return: text has few of them.
        (local.set $mask
          (i8x16.bitmask (i8x16.lt_u (v128.load (local.get $at)) (v128.const i8x16 14 14 14 14 14 14 14 14 14 14 14 14 14 14 14 14))))
        (block $next
          (loop $bits
            (br_if $next (i32.eqz (local.get $mask)))
            (local.set $place (i32.add (local.get $at) (i32.ctz (local.get $mask))))
            (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
            (local.set $byte (i32.load8_u (local.get $place)))
            (if (i32.lt_u (local.get $byte) (i32.const 8))
              (then
                (br_if $bits (local.get $byte))
                (return (i32.const -1))))
            ;; A backspace, a vertical tab, a form feed, a carriage return.
            (if (i32.gt_u (i32.sub (local.get $byte) (i32.const 9)) (i32.const 1)) (then (return (i32.const -1))))
            (local.set $place (i32.add (local.get $place) (local.get $base)))
            (i32.store (local.get $out) (local.get $from))
            (i32.store offset=262144 (local.get $out) (local.get $place))
            (local.set $out (i32.add (local.get $out) (i32.const 4)))
            (local.set $from (i32.add (local.get $place) (i32.const 1)))
            (local.set $left_ (i32.sub (local.get $left_) (i32.const 1)))
            ;; The newline, and no tab, closes the row's last cell.
            (if (i32.ne (i32.eq (local.get $byte) (i32.const 10)) (i32.eqz (local.get $left_))) (then (return (i32.const -1))))
            (if (i32.eqz (local.get $left_)) (then (local.set $left_ (local.get $columns))))
            (br $bits)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $blocks)))
    (global.set $start (local.get $from))
    (global.set $left (local.get $left_))
    (i32.shr_u (i32.sub (local.get $out) (i32.const 65552)) (i32.const 2))))
