//! What the chosen monitors read, so that nothing else is computed.

/// One flag for everything that costs time at each state, and for what is asked of the order of states.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Needs {
    /// R, not only ∇R.
    pub risk: bool,
    /// ln M.
    pub log_norm: bool,
    /// σ_k and F_k² − σ_k².
    pub spectra: bool,
    /// u_k and v_k.
    pub vectors: bool,
    /// A_k.
    pub balance: bool,
    /// The factors of ∇R of the state before.
    pub gradients: bool,
    /// The sums Q_{k+1} − P_k.
    pub moved: bool,
    /// Every step of a descent, one after the other.
    pub in_turn: bool,
    /// The first of them from W(0).
    pub from_start: bool,
}

impl Needs {
    /// What either needs.
    pub fn and(self, other: Self) -> Self {
        Self {
            risk: self.risk | other.risk,
            log_norm: self.log_norm | other.log_norm,
            spectra: self.spectra | other.spectra,
            vectors: self.vectors | other.vectors,
            balance: self.balance | other.balance,
            gradients: self.gradients | other.gradients,
            moved: self.moved | other.moved,
            in_turn: self.in_turn | other.in_turn,
            from_start: self.from_start | other.from_start,
        }
    }
}
