//! The data as the kernels read it.

use crate::matmul::stride;
use crate::risk::Terms;
use crate::simd::Block;
use ndarray::{ArrayView2, Axis};

/// Inputs and labels or targets in blocks of eight points.
#[derive(Clone)]
pub(crate) struct Inputs {
    pub n: usize,
    /// Blocks of one feature.
    pub blocks: usize,
    /// Blocks from one feature to the next.
    pub stride: usize,
    /// x feature by feature, `stride` blocks each; zero past n.
    pub x: Vec<Block>,
    /// Labels, or targets feature by feature as x; zero past n.
    pub y: Vec<Block>,
    /// x point by point, each in blocks of eight features, for the squared loss; else none.
    pub points: Vec<Block>,
    /// 1 in the lanes of the last block that hold a point, 0 in those past n.
    pub inside: Block,
    /// 0 in the lanes of the last block that hold a point, +∞ in those past n.
    pub beyond: Block,
    /// The bits of the last block's lanes that hold a point.
    pub valid: u8,
}

impl Inputs {
    /// The points of all terms.
    pub fn new(terms: &Terms) -> Self {
        let stride = stride(terms.n());
        let (x, y, points) = match terms {
            Terms::Margins(_, data) => {
                (features(data.x(), stride), features(data.y().insert_axis(Axis(1)), stride), vec![])
            }
            Terms::Squares(data) => (features(data.x(), stride), features(data.y(), stride), rows(data.x())),
        };
        Self::with(terms.n(), x, y, points)
    }

    /// Room for `n` points of the same size.
    pub fn room(&self, n: usize) -> Self {
        let room = |blocks: usize, from: usize, to: usize| vec![Block::ZERO; blocks / from * to];
        let (from, to) = (self.stride, stride(n));
        Self::with(n, room(self.x.len(), from, to), room(self.y.len(), from, to), room(self.points.len(), self.n, n))
    }

    fn with(n: usize, x: Vec<Block>, y: Vec<Block>, points: Vec<Block>) -> Self {
        let (blocks, stride) = (n.div_ceil(Block::LEN), stride(n));
        let (mut inside, mut beyond) = (Block::ZERO, Block::ZERO);
        let used = n - (blocks - 1) * Block::LEN;
        inside.0[..used].fill(1.0);
        beyond.0[used..].fill(f64::INFINITY);
        let valid = 0xff >> (Block::LEN - used);
        Self { n, blocks, stride, x, y, points, inside, beyond, valid }
    }

    /// Takes these `rows` of the points of `from`, as many as there is room for exactly.
    pub fn pick(&mut self, from: &Self, rows: &[usize]) {
        pick(&mut self.x, self.stride, &from.x, from.stride, rows);
        pick(&mut self.y, self.stride, &from.y, from.stride, rows);
        let width = self.points.len() / self.n;
        for (to, row) in self.points.chunks_exact_mut(width.max(1)).zip(rows) {
            to.copy_from_slice(&from.points[row * width..][..width]);
        }
    }
}

/// Takes these `rows` of the points of `all`, feature by feature.
pub(super) fn pick(to: &mut [Block], stride: usize, all: &[Block], all_stride: usize, rows: &[usize]) {
    for (to, all) in to.chunks_exact_mut(stride).zip(all.chunks_exact(all_stride)) {
        let (to, all) = (Block::numbers_mut(to), Block::numbers(all));
        for (to, row) in to.iter_mut().zip(rows) {
            *to = all[*row];
        }
    }
}

/// Columns of a matrix with a row a point, each in blocks of eight points, `stride` blocks from one to the next.
fn features(rows: ArrayView2<'_, f64>, stride: usize) -> Vec<Block> {
    let mut blocks = vec![Block::ZERO; rows.ncols() * stride];
    for ((i, j), v) in rows.indexed_iter() {
        blocks[j * stride + i / Block::LEN].0[i % Block::LEN] = *v;
    }
    blocks
}

/// Rows of a matrix, each in blocks of eight columns.
fn rows(matrix: ArrayView2<'_, f64>) -> Vec<Block> {
    let width = matrix.ncols().div_ceil(Block::LEN);
    let mut blocks = vec![Block::ZERO; matrix.nrows() * width];
    for ((i, j), v) in matrix.indexed_iter() {
        blocks[i * width + j / Block::LEN].0[j % Block::LEN] = *v;
    }
    blocks
}
