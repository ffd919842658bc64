//! The three matrix products of a dense layer over many points, on eight lanes.
//!
//! A matrix of activations holds one feature a row, its points side by side in blocks of eight, [`stride`] blocks from row
//! to row. Every result is one chain of fused multiply-adds in ascending order of the summation index, from the bias or
//! from 0: its bits depend neither on the vector unit nor on the tiles nor on how the work is split.

#[macro_use]
mod sizes;
mod tile;

use crate::simd::{Block, Lanes, Unit, dispatch};
use std::ops::Range;
use tile::{Left, Right, Start};

/// Values of the summation index between two visits of the sums in memory: 128 and less lose more on the visits than they
/// gain in the first cache.
const DEPTH: usize = 256;
/// Blocks side by side in a panel: the widest tile of any unit.
const WIDTH: usize = 3;

/// Blocks from one feature to the next for n points: odd, so that a column of blocks spreads over all sets of a cache.
pub(crate) fn stride(n: usize) -> usize {
    n.div_ceil(Block::LEN) | 1
}

/// Room for the packed factor of one column of tiles, made once; it serves layers of any size.
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
    /// out = W x + bias on the given blocks of points: `w` is (rows, cols), `x` has `cols` features, `out` has `rows`. The
    /// lanes past the points take the bias. `rows` may be a share of the layer's, even none.
    pub fn forward(
        &self,
        w: &[f64],
        bias: Option<&[f64]>,
        x: &[Block],
        out: &mut [Block],
        blocks: Range<usize>,
        scratch: &mut Scratch,
    ) {
        if self.rows == 0 {
            return;
        }
        let left = Left { data: w, row: self.cols, step: 1 };
        product(self.unit, left, self.rows, self.cols, bias, x, out, self.stride, blocks, scratch);
    }

    /// out = Wᵀ g for the features `columns`, on the given blocks of points: `w` is (rows, cols), `g` has `rows` features,
    /// `out` as many as there are `columns`.
    pub fn backward(
        &self,
        w: &[f64],
        columns: Range<usize>,
        g: &[Block],
        out: &mut [Block],
        blocks: Range<usize>,
        scratch: &mut Scratch,
    ) {
        if columns.is_empty() {
            return;
        }
        let left = Left { data: &w[columns.start..], row: 1, step: self.cols };
        product(self.unit, left, columns.len(), self.rows, None, g, out, self.stride, blocks, scratch);
    }

    /// dw = g hᵀ over the first `n` points, or dw + g hᵀ where it goes `on`: `g` has `rows` features, `h` has `cols`, `dw` is
    /// (rows, cols). `rows` may be a share of the layer's, even none. `squares` takes the sum of squares of each row of dw, lane
    /// by lane.
    #[allow(clippy::too_many_arguments)]
    pub fn weight_gradient(
        &self,
        g: &[Block],
        h: &[Block],
        n: usize,
        on: bool,
        dw: &mut [f64],
        squares: &mut [Block],
        scratch: &mut Scratch,
    ) {
        if self.rows > 0 {
            outer(self.unit, *self, g, h, n, on, dw, squares, scratch);
        }
    }
}

dispatch! {
    /// out = left · x + bias on the given blocks of points. The activations stay in place: copying them into panels costs
    /// more than it saves.
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
    /// dw = g hᵀ, by tiles of weights: h is transposed, so that a sum over points stays one chain in one lane. Sums over
    /// lanes would need 14 shuffles for eight weights, the transpose 24 for 64 numbers that every row of g uses.
    fn outer = outer_lanes(
        layer: Dense, g: &[Block], h: &[Block], n: usize, on: bool, dw: &mut [f64], squares: &mut [Block], scratch: &mut Scratch,
    )
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
        heights!(rows, L::TILE.0, |r, R| {
            let start = match bias {
                _ if k > 0 => Start::Before,
                Some(bias) => Start::Bias(&bias[r..]),
                None => Start::Zero,
            };
            let mut left = left.from(r, k);
            // Tiles one block wide come back to the weights so often that a copy of Wᵀ's rows pays; wider ones do not.
            if left.step > 1 && L::TILE.1 == 1 {
                left = pack::<R>(left, depth, Block::numbers_mut(&mut scratch.0));
            }
            widths!(blocks.clone(), L::TILE.1, |b, C| {
                let right = Right { data: &x[k * stride + b..], row: stride };
                let out = Block::numbers_mut(&mut out[r * stride + b..]);
                tile::fill::<L, R, C>(left, right, depth, start, out, stride * Block::LEN, &mut []);
            });
        });
    }
}

/// R columns of weights side by side: in place, a power of two between their rows would crowd few sets of the cache.
#[inline(always)]
fn pack<'a, const R: usize>(left: Left, depth: usize, panel: &'a mut [f64]) -> Left<'a> {
    let rows = left.data.chunks(left.step);
    for (packed, row) in panel.chunks_exact_mut(R).zip(rows).take(depth) {
        packed.copy_from_slice(&row[..R]);
    }
    Left { data: panel, row: 1, step: R }
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn outer_lanes<L: Lanes>(
    layer: Dense,
    g: &[Block],
    h: &[Block],
    n: usize,
    on: bool,
    dw: &mut [f64],
    squares: &mut [Block],
    scratch: &mut Scratch,
) {
    squares.fill(Block::ZERO);
    let Dense { rows, cols, stride, .. } = layer;
    let left = Left { data: Block::numbers(g), row: stride * Block::LEN, step: 1 };
    // Panels begin at whole blocks of points.
    let most = n.div_ceil(n.div_ceil(DEPTH)).next_multiple_of(Block::LEN);
    for i in (0..n).step_by(most) {
        let depth = most.min(n - i);
        let start = if i > 0 || on { Start::Before } else { Start::Zero };
        widths!(0..cols.div_ceil(Block::LEN), L::TILE.1, |b, C| {
            let s = b * Block::LEN;
            let width = (cols - s).min(C * Block::LEN);
            pack_transposed::<L, C>(&h[s * stride + i / Block::LEN..], stride, width, depth, &mut scratch.0);
            let right = Right { data: &scratch.0, row: C };
            heights!(rows, L::TILE.0, |r, R| {
                let (left, out) = (left.from(r, i), &mut dw[r * cols + s..]);
                let squares = if i + depth == n { &mut squares[r..r + R] } else { &mut [][..] };
                if width == C * Block::LEN {
                    tile::fill::<L, R, C>(left, right, depth, start, out, cols, squares);
                } else {
                    tile::fill_part::<L, R, C>(left, right, depth, start, out, cols, width, squares);
                }
            });
        });
    }
}

/// C blocks of features at each of `depth` points, side by side, from blocks of points; 0 past `width` features.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "iterators over lanes lose the vector unit")]
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
