//! The sum of the losses of a pass, by one logarithm for many points.

use super::slopes::{EXPONENTIAL, LOGISTIC};
use crate::simd::Lanes;

/// Blocks between two logarithms: sixteen chains of 32 factors of at most 2 stay below 2⁵¹².
const BLOCKS: usize = 64;

/// Σ ℓ(qᵢ) e^s with ℓ(q) = max(−q, 0) + ln(1 + e^−|q|), block by block.
///
/// Σ ln(1 + xᵢ) = ln Π(1 + xᵢ). The product is kept as (Π(1 + xᵢ) − 1)/e^−s, a sum of positive numbers, so that neither tiny x nor a
/// tiny e^−s loses digits; a logarithm of each point would take as long as all the rest of a step on few points.
pub(super) struct Losses<L> {
    /// Σ max(−q, 0), or all of it for the exponential loss.
    plain: L,
    /// Two chains, so that one need not wait for the other.
    rest: [L; 2],
    /// Blocks in them.
    blocks: usize,
    /// What was summed up before.
    done: f64,
}

impl<L: Lanes> Losses<L> {
    #[inline(always)]
    pub fn new() -> Self {
        Self { plain: L::splat(0.0), rest: [L::splat(0.0); 2], blocks: 0, done: 0.0 }
    }

    /// Adds K blocks of margins q with e as `slopes` gave it, `decay` being e^−s.
    #[inline(always)]
    pub fn add<const K: usize, const KIND: u8>(&mut self, q: [L; K], e: [L; K], decay: L) {
        let (zero, one) = (L::splat(0.0), L::splat(1.0));
        for b in 0..K {
            if KIND == EXPONENTIAL {
                self.plain = self.plain.add(e[b]);
                continue;
            }
            if KIND == LOGISTIC {
                self.plain = self.plain.add(zero.max(zero.sub(q[b])));
            }
            let before = self.rest[b];
            let factor = if KIND == LOGISTIC { before.add(one) } else { before.fma(decay, one) };
            self.rest[b] = e[b].fma(factor, before);
        }
        if KIND != EXPONENTIAL {
            self.blocks += K;
            if self.blocks >= BLOCKS {
                self.flush(decay.first());
            }
        }
    }

    /// The sum over all blocks.
    #[inline(always)]
    pub fn total<const KIND: u8>(mut self, decay: L) -> f64 {
        if KIND != EXPONENTIAL {
            self.flush(if KIND == LOGISTIC { 1.0 } else { decay.first() });
        }
        self.plain.sum() + self.done
    }

    /// Takes the logarithm of what the chains hold.
    #[inline(always)]
    fn flush(&mut self, decay: f64) {
        // Both chains together lane by lane, then the lanes in turn.
        let both = self.rest[1].fma(self.rest[0].fma(L::splat(decay), L::splat(1.0)), self.rest[0]).array();
        let rest = both.iter().fold(0.0_f64, |rest, x| x.mul_add(rest.mul_add(decay, 1.0), rest));
        let x = rest * decay;
        // Below 1e-20 the logarithm is x to the last bit, and x may be 0 where the rest is not.
        self.done += if x < 1e-20 { rest } else { libm::log1p(x) / decay };
        (self.rest, self.blocks) = ([L::splat(0.0); 2], 0);
    }
}
