//! Left, right and slack of one evaluation.

/// Both sides of left ≤ right, and (right − left)/scale.
#[derive(Clone, Copy)]
pub(super) struct Sides {
    pub left: f64,
    pub right: f64,
    pub slack: f64,
}

impl Sides {
    #[inline]
    pub fn scaled(left: f64, right: f64, scale: f64) -> Self {
        Self { left, right, slack: (right - left) / scale }
    }

    /// Of two logarithms, which past ±1 are known to so many digits, not to so many places.
    #[inline]
    pub fn logs(left: f64, right: f64) -> Self {
        // Two zeros, or two infinities, are equal; ∞ − ∞ does not know it.
        let slack = if left == right { 0.0 } else { right - left };
        let scale = if right.is_finite() { right.abs().max(1.0) } else { 1.0 };
        Self { left, right, slack: slack / scale }
    }

    /// Of an identity that is off by `deviation`, in relative terms.
    #[inline]
    pub fn identity(deviation: f64) -> Self {
        Self { left: deviation, right: 0.0, slack: 0.0 - deviation }
    }

    /// What is claimed cannot be, whatever the numbers: slack −∞ where they tie.
    #[inline]
    pub fn strictly(left: f64, right: f64) -> Self {
        let sides = Self::logs(left, right);
        if left == right { Self { slack: f64::NEG_INFINITY, ..sides } } else { sides }
    }

    #[inline]
    pub fn worse(self, other: Self) -> Self {
        if other.slack < self.slack || other.slack.is_nan() { other } else { self }
    }
}
