//! Sums of products on tiles of rows × blocks that stay in registers.

use crate::simd::{Block, Lanes};

/// The left factor of a product: the number of row r at inner index k is `data[r·row + k·step]`.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a> {
    pub data: &'a [f64],
    pub row: usize,
    pub step: usize,
}

impl Left<'_> {
    /// Without the first r rows and the first k inner indices.
    #[inline(always)]
    pub fn from(self, r: usize, k: usize) -> Self {
        Self { data: &self.data[r * self.row + k * self.step..], ..self }
    }
}

/// The right factor: block c at inner index k is `data[k·row + c]`.
#[derive(Clone, Copy)]
pub(super) struct Right<'a> {
    pub data: &'a [Block],
    pub row: usize,
}

/// Where the sums of a row begin.
#[derive(Clone, Copy)]
pub(super) enum Start<'a> {
    /// At 0.
    Zero,
    /// At one number a row.
    Bias(&'a [f64]),
    /// At the sums over smaller inner indices, in the output.
    Before,
}

/// The product of both factors over the first `depth` inner indices: R rows of C blocks, `row` numbers from row to row of
/// `out`. Where there are `squares`, one block a row, adds those of the results.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "iterators over lanes lose the vector unit")]
pub(super) fn fill<L: Lanes, const R: usize, const C: usize>(
    left: Left,
    right: Right,
    depth: usize,
    start: Start,
    out: &mut [f64],
    row: usize,
    squares: &mut [Block],
) {
    assert!(depth > 0 && (R - 1) * left.row + (depth - 1) * left.step < left.data.len(), "left factor is too short");
    assert!((depth - 1) * right.row + C <= right.data.len(), "right factor is too short");
    // A zero that the compiler knows would become a call of memset, on a copy of the sums in memory: 3 % of a step.
    let mut sums = [[L::splat(std::hint::black_box(0.0)); C]; R];
    match start {
        Start::Zero => {}
        Start::Bias(bias) => {
            for r in 0..R {
                sums[r] = [L::splat(bias[r]); C];
            }
        }
        Start::Before => {
            for r in 0..R {
                for c in 0..C {
                    let before = out[r * row + c * Block::LEN..].first_chunk().expect("a whole block");
                    sums[r][c] = L::load_from(before);
                }
            }
        }
    }
    let (mut a, mut b) = (left.data.as_ptr(), right.data.as_ptr());
    for _ in 0..depth {
        // SAFETY: the largest offsets that are read were compared with the lengths above.
        unsafe {
            let mut x = [L::splat(0.0); C];
            for c in 0..C {
                x[c] = L::load(&*b.add(c));
            }
            for r in 0..R {
                let w = L::splat(*a.add(r * left.row));
                for c in 0..C {
                    sums[r][c] = w.fma(x[c], sums[r][c]);
                }
            }
        }
        (a, b) = (a.wrapping_add(left.step), b.wrapping_add(right.row));
    }
    for r in 0..R {
        for c in 0..C {
            sums[r][c].store_to(out[r * row + c * Block::LEN..].first_chunk_mut().expect("a whole block"));
        }
    }
    if !squares.is_empty() {
        for r in 0..R {
            let mut square = L::load(&squares[r]);
            for c in 0..C {
                square = sums[r][c].fma(sums[r][c], square);
            }
            square.store(&mut squares[r]);
        }
    }
}

/// As [`fill`] where only the first `width` numbers of a row are there.
#[inline(always)]
pub(super) fn fill_part<L: Lanes, const R: usize, const C: usize>(
    left: Left,
    right: Right,
    depth: usize,
    start: Start,
    out: &mut [f64],
    row: usize,
    width: usize,
    squares: &mut [Block],
) {
    let mut whole = [[Block::ZERO; C]; R];
    for (sums, out) in whole.iter_mut().zip(out.chunks(row)) {
        Block::numbers_mut(sums)[..width].copy_from_slice(&out[..width]);
    }
    let out_whole = Block::numbers_mut(whole.as_flattened_mut());
    fill::<L, R, C>(left, right, depth, start, out_whole, C * Block::LEN, squares);
    for (sums, out) in whole.iter().zip(out.chunks_mut(row)) {
        out[..width].copy_from_slice(&Block::numbers(sums)[..width]);
    }
}
