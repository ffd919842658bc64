//! Lemmas 2 and 8: layers near rank one, aligned with each other, and their product with the first of them.

use super::sides::Sides;
use super::view::View;
use crate::algebra::vector::{ORDINARY, difference_of_products};
use crate::diagnose::normalized_predictor;

impl View<'_> {
    /// Part (i), with D + `extra`.
    pub(super) fn rank(&self, extra: f64) -> Sides {
        let tail = self.now.tails.iter().copied().fold(0.0, super::conserved::larger);
        Sides::scaled(tail, self.facts.imbalance + extra, self.now.largest)
    }

    /// Part (ii) times σ_{k+1}², with D + `extra`.
    pub(super) fn alignment(&self, extra: f64) -> Option<Sides> {
        let (facts, now) = (self.facts, self.now);
        let mut worst: Option<Sides> = None;
        for (k, pair) in (1..).zip(&facts.pairs) {
            let left = now.tops[k] * square_of_sine(now.left(k), now.right(k + 1));
            let sides = Sides::scaled(left, facts.imbalance + extra + pair, now.largest);
            worst = Some(worst.map_or(sides, |worst| worst.worse(sides)));
        }
        worst
    }

    /// Part (iii) in finite form, with D + `rank` in part (i) and D + `aligned` in part (ii).
    pub(super) fn product(&self, rank: f64, aligned: f64) -> Option<Sides> {
        let (facts, now) = (self.facts, self.now);
        let (tail, off) = (facts.imbalance + rank, facts.imbalance + aligned);
        let depth = now.squares.len();
        let (mut main, mut others, mut size) = (1.0, 1.0, 1.0);
        for k in 0..depth {
            main *= (1.0 - tail / now.squares[k]).max(0.0);
            size *= now.squares[k];
            if k > 0 {
                main *= (1.0 - (off + facts.pairs[k - 1]) / now.tops[k]).max(0.0);
            }
            if 0 < k && k + 1 < depth {
                others *= 1.0 + (tail / now.squares[k]).sqrt();
            }
        }
        let left = f64::sqrt(main) - (others - 1.0);
        if left <= 0.0 {
            return None;
        }
        let v = now.right(1);
        let along = |w: &[f64]| w.iter().zip(v).map(|(w, v)| w * v).sum::<f64>().abs();
        let right = match self.at.predictor() {
            Ok(w) if ORDINARY.contains(&size) => along(w) / size.sqrt(),
            // A layer of zeros has no direction, and its bound is not above zero.
            _ => normalized_predictor(self.at.network).map_or(f64::NAN, |w| along(w.as_slice().unwrap_or(&[]))),
        };
        Some(Sides::scaled(left, right, 1.0))
    }
}

/// sin²∠(a, b) of unit vectors, which 1 − cos² would round away.
#[inline]
fn square_of_sine(a: &[f64], b: &[f64]) -> f64 {
    if let ([a0, a1], [b0, b1]) = (a, b) {
        let sine = difference_of_products(*a0, *b1, *a1, *b0);
        return sine * sine;
    }
    let cosine: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    a.iter().zip(b).map(|(a, b)| (a - cosine * b) * (a - cosine * b)).sum()
}
