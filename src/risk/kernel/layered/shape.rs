//! What the shape of a network and the number of points decide: the narrow kernel or the wide one, and how many points go
//! through the layers at a time.

use crate::network::{Activation, Network};
use crate::simd::Block;
use std::ops::Range;

/// Above this many units in a layer, products of matrices are faster than going block by block.
const NARROW: usize = 8;
/// The same for the inputs under the squared loss, whose first gradient is summed in another way.
const INPUTS: usize = 16;
/// Blocks of activations up to which all points go through the layers together: 8 MB.
const TOGETHER: usize = 1 << 17;
/// Blocks of activations in a strip, where there are several: half a megabyte, so that they stay in the second cache.
const STRIP: usize = TOGETHER / 16;

pub(super) struct Shape {
    pub narrow: bool,
    /// Most blocks in a strip.
    pub strip: usize,
}

impl Shape {
    pub fn of(network: &Network, blocks: usize, squares: bool) -> Self {
        let units: usize = network.widths()[1..].iter().sum();
        let strip = if units.saturating_mul(blocks) <= TOGETHER {
            blocks
        } else {
            // The gradient sums 32 blocks at a time: parts of that would have it wait for memory more often.
            let most = STRIP / units;
            // Even, since two blocks share a division.
            (if most > 32 { most / 32 * 32 } else { (most & !1).max(1) }).min(blocks)
        };
        // Powers go block by block under the squared loss alone.
        let powers = network.architecture().iter().any(|l| matches!(l.then, Activation::Power(_)));
        let (inputs, units) = (network.widths()[0], &network.widths()[1..]);
        let slim = inputs <= if squares { INPUTS } else { NARROW } && units.iter().all(|w| *w <= NARROW);
        Self { narrow: slim && strip == blocks && (squares || !powers), strip }
    }
}

/// Some blocks of points that go through the layers together.
#[derive(Clone)]
pub(super) struct Strip {
    pub blocks: Range<usize>,
    pub first: bool,
    pub last: bool,
}

impl Strip {
    pub fn all(blocks: usize, most: usize) -> impl Iterator<Item = Self> {
        (0..blocks).step_by(most).map(move |start| {
            let end = (start + most).min(blocks);
            Self { blocks: start..end, first: start == 0, last: end == blocks }
        })
    }

    /// All blocks.
    pub fn whole(blocks: usize) -> Self {
        Self { blocks: 0..blocks, first: true, last: true }
    }

    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Points of the strip, of `n` in all.
    pub fn points(&self, n: usize) -> Range<usize> {
        self.blocks.start * Block::LEN..(self.blocks.end * Block::LEN).min(n)
    }
}
