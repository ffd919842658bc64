//! The three matrix products of a dense layer over many points, on eight lanes.
//!
//! A matrix of activations holds one feature a row, its points side by side in blocks of eight, [`stride`] blocks from row
//! to row. Every result is one chain of fused multiply-adds in ascending order of the summation index, from the bias or
//! from 0: its bits depend neither on the vector unit nor on the tiles nor on how the work is split.

mod tile;

use crate::simd::{Block, Lanes, Unit, dispatch};
use std::ops::Range;
use tile::{Left, Right, Start};

/// Values of the summation index between two visits of the sums in memory: a panel this deep stays in the first cache.
const DEPTH: usize = 256;
/// Blocks side by side in a panel: the widest tile of any unit.
const WIDTH: usize = 3;

/// Blocks from one feature to the next for n points: odd, so that a column of blocks spreads over all sets of a cache.
pub(crate) fn stride(n: usize) -> usize {
    n.div_ceil(Block::LEN) | 1
}

/// Room for one packed panel, made once.
#[derive(Clone, Debug)]
pub(crate) struct Scratch(Vec<Block>);

impl Scratch {
    pub fn new() -> Self {
        Self(vec![Block::ZERO; DEPTH * WIDTH])
    }
}

/// A layer of `rows` units on `cols` features, whose activations lie `stride` blocks apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dense {
    pub unit: Unit,
    pub rows: usize,
    pub cols: usize,
    pub stride: usize,
}

impl Dense {
    /// out = W x + bias on the given blocks of points: `w` is (rows, cols), `x` has `cols` features, `out` has `rows`.
    pub fn forward(
        &self,
        w: &[f64],
        bias: Option<&[f64]>,
        x: &[Block],
        out: &mut [Block],
        blocks: Range<usize>,
        scratch: &mut Scratch,
    ) {
        let left = Left { data: w, row: self.cols, step: 1 };
        product(self.unit, left, self.rows, self.cols, bias, x, out, self.stride, blocks, scratch);
    }

    /// out = Wᵀ g on the given blocks of points: `w` is (rows, cols), `g` has `rows` features, `out` has `cols`.
    pub fn backward(&self, w: &[f64], g: &[Block], out: &mut [Block], blocks: Range<usize>, scratch: &mut Scratch) {
        let left = Left { data: w, row: 1, step: self.cols };
        product(self.unit, left, self.cols, self.rows, None, g, out, self.stride, blocks, scratch);
    }

    /// dw = g hᵀ over the first `n` points: `g` has `rows` features, `h` has `cols`, `dw` is (rows, cols).
    /// `rows` may be a share of the layer's, even none.
    pub fn weight_gradient(&self, g: &[Block], h: &[Block], n: usize, dw: &mut [f64], scratch: &mut Scratch) {
        if self.rows > 0 {
            outer(self.unit, *self, g, h, n, dw, scratch);
        }
    }
}

dispatch! {
    /// out = left · x + bias on the given blocks of points.
    fn product = product_lanes(
        left: Left,
        rows: usize,
        inner: usize,
        bias: Option<&[f64]>,
        x: &[Block],
        out: &mut [Block],
        stride: usize,
        blocks: Range<usize>,
        scratch: &mut Scratch,
    )
}

dispatch! {
    fn outer = outer_lanes(layer: Dense, g: &[Block], h: &[Block], n: usize, dw: &mut [f64], scratch: &mut Scratch)
}

/// Runs `$body` for each panel of `$blocks`, `$width` bound to its constant number of blocks, none of 1 where it can be 2.
macro_rules! panels {
    ($blocks:expr, $most:expr, |$b:ident, $width:ident| $body:expr) => {
        let Range { start: mut $b, end } = $blocks;
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

#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn product_lanes<L: Lanes>(
    left: Left,
    rows: usize,
    inner: usize,
    bias: Option<&[f64]>,
    x: &[Block],
    out: &mut [Block],
    stride: usize,
    blocks: Range<usize>,
    scratch: &mut Scratch,
) {
    let most = inner.div_ceil(inner.div_ceil(DEPTH));
    for k in (0..inner).step_by(most) {
        let depth = most.min(inner - k);
        let start = if k > 0 { Start::Before } else { bias.map_or(Start::Zero, Start::Bias) };
        panels!(blocks.clone(), L::TILE.1, |b, C| {
            pack::<L, C>(&x[k * stride + b..], stride, depth, &mut scratch.0);
            let right = Right { data: &scratch.0, row: C };
            let (out, shape) = (Block::numbers_mut(&mut out[b..]), (C * Block::LEN, stride * Block::LEN));
            tile::fill::<L, C>(left.from(0, k), right, depth, start, rows, shape, out);
        });
    }
}

/// C blocks of `depth` features, side by side.
#[inline(always)]
fn pack<L: Lanes, const C: usize>(x: &[Block], stride: usize, depth: usize, panel: &mut [Block]) {
    for k in 0..depth {
        for c in 0..C {
            L::load(&x[k * stride + c]).store(&mut panel[k * C + c]);
        }
    }
}

#[inline(always)]
fn outer_lanes<L: Lanes>(layer: Dense, g: &[Block], h: &[Block], n: usize, dw: &mut [f64], scratch: &mut Scratch) {
    let Dense { rows, cols, stride, .. } = layer;
    let left = Left { data: Block::numbers(g), row: stride * Block::LEN, step: 1 };
    // Panels begin at whole blocks of points.
    let most = n.div_ceil(n.div_ceil(DEPTH)).next_multiple_of(Block::LEN);
    for i in (0..n).step_by(most) {
        let depth = most.min(n - i);
        let start = if i > 0 { Start::Before } else { Start::Zero };
        panels!(0..cols.div_ceil(Block::LEN), L::TILE.1, |b, C| {
            let s = b * Block::LEN;
            let width = (cols - s).min(C * Block::LEN);
            pack_transposed::<L, C>(&h[s * stride + i / Block::LEN..], stride, width, depth, &mut scratch.0);
            let right = Right { data: &scratch.0, row: C };
            tile::fill::<L, C>(left.from(0, i), right, depth, start, rows, (width, cols), &mut dw[s..]);
        });
    }
}

/// C blocks of features at each of `depth` points, side by side, from blocks of points; 0 past `width` features.
#[inline(always)]
fn pack_transposed<L: Lanes, const C: usize>(
    h: &[Block],
    stride: usize,
    width: usize,
    depth: usize,
    panel: &mut [Block],
) {
    for i in 0..depth.div_ceil(Block::LEN) {
        for c in 0..C {
            let mut t = [L::splat(0.0); Block::LEN];
            for j in 0..Block::LEN {
                let s = c * Block::LEN + j;
                if s < width {
                    t[j] = L::load(&h[s * stride + i]);
                }
            }
            t = L::transpose(t);
            for j in 0..Block::LEN {
                t[j].store(&mut panel[(i * Block::LEN + j) * C + c]);
            }
        }
    }
}

#[cfg(test)]
mod tests;
