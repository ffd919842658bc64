//! What gradient flow conserves and gradient descent moves by known sums: eq. (2), eq. (3), Lemma 8's identity and traces,
//! eq. (37).

use super::balance::square;
use super::sides::Sides;
use super::view::View;

impl View<'_> {
    pub(super) fn balance_kept(&self) -> Option<Sides> {
        self.balance_deviation(|_| 0.0)
    }

    pub(super) fn balance_moved(&self) -> Option<Sides> {
        self.balance_deviation(|i| self.memory.moved[i])
    }

    /// max_k ‖A_k − A_k(0) − S_k‖_F/M², S given by its packed entries.
    #[inline]
    fn balance_deviation(&self, moved: impl Fn(usize) -> f64) -> Option<Sides> {
        let (now, start) = (&self.now.balance, &self.facts.balance);
        let mut worst = f64::NEG_INFINITY;
        for (_, d, range) in self.facts.packed.layers() {
            let entry = |i: usize| {
                let i = range.start + i;
                now[i] - start[i] - moved(i)
            };
            worst = larger(worst, square(d, entry));
        }
        (worst != f64::NEG_INFINITY).then(|| Sides::identity(worst.sqrt() / self.now.largest))
    }

    pub(super) fn traces_kept(&self) -> Option<Sides> {
        let grown = |k: usize| self.now.squares[k] - self.facts.squares[k];
        let pairs = 0..self.now.squares.len() - 1;
        let worst = pairs.map(|k| (grown(k + 1) - grown(k)).abs()).reduce(larger)?;
        Some(Sides::identity(worst / self.now.largest))
    }

    pub(super) fn traces_bounded(&self) -> Sides {
        let (start, now) = (self.facts.log_risk, self.now.log_risk);
        // 2R(W(0)) − 2R(W(t)) without cancellation; a start of no representable risk has nothing to give.
        let scale = (2.0 * self.facts.risk).max(f64::MIN_POSITIVE);
        Sides::scaled(self.memory.traces, 0.0 - scale * (now - start).exp_m1(), scale)
    }

    pub(super) fn norms_stay_close(&self) -> Option<Sides> {
        let grown = self.now.squares.iter().zip(&self.facts.squares).map(|(now, start)| now - start);
        if self.now.squares.len() == 1 {
            return None;
        }
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for v in grown {
            (least, most) = (if v < least { v } else { least }, larger(most, v));
        }
        Some(Sides::scaled(most - least, 2.0 * self.facts.risk, self.now.largest))
    }
}

/// The larger one; NaN when either is.
#[inline]
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() { a } else { b }
}
