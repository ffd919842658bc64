//! Loops over tiles: a number known only at run time is covered by constants, largest first.

/// Runs `$body` for tiles that cover the range `$blocks`, `$width` bound to the constant number of blocks at `$b`; 4 are
/// 2 + 2, because a tile one block wide has too few sums to keep the multipliers busy.
macro_rules! widths {
    ($blocks:expr, $most:expr, |$b:ident, $width:ident| $body:expr) => {
        let std::ops::Range { start: mut $b, end } = $blocks;
        while $b < end {
            match if end - $b == 4 { 2 } else { end - $b }.min($most) {
                3 => {
                    const $width: usize = 3;
                    $body;
                    $b += $width
                }
                2 => {
                    const $width: usize = 2;
                    $body;
                    $b += $width
                }
                _ => {
                    const $width: usize = 1;
                    $body;
                    $b += $width
                }
            }
        }
    };
}

/// Runs `$body` for tiles that cover `$rows` rows, `$height` bound to the constant number of rows at `$r`.
macro_rules! heights {
    ($rows:expr, $most:expr, |$r:ident, $height:ident| $body:expr) => {
        let mut $r = 0;
        heights!(@ 8, $rows, $most, $r, $height, $body);
        heights!(@ 6, $rows, $most, $r, $height, $body);
        heights!(@ 4, $rows, $most, $r, $height, $body);
        heights!(@ 2, $rows, $most, $r, $height, $body);
        heights!(@ 1, $rows, $most, $r, $height, $body);
    };
    (@ $constant:literal, $rows:expr, $most:expr, $r:ident, $height:ident, $body:expr) => {
        while $constant <= $most && $rows - $r >= $constant {
            const $height: usize = $constant;
            $body;
            $r += $height;
        }
    };
}
