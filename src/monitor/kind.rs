//! Which inequalities and identities there are to watch.

use super::needs::Needs;
use std::fmt;

/// One inequality or identity of Ji & Telgarsky's theory of deep linear networks, to be evaluated along a run.
///
/// Every one is brought into the form left ≤ right; its slack is (right − left)/scale, so that a negative slack breaks it.
/// The scale of *squares* is max_k ‖W_k‖_F², in whose last digits they are known; that of *logarithms* max(1, |right|); that
/// of pure numbers 1. An *identity* has its relative deviation on the left and 0 on the right. Premises that a theorem makes
/// of the whole run (Assumptions 2 to 5) have monitors of their own and are not asked of the run first: a run that breaks
/// them shows what they were good for.
///
/// Notation: F_k = ‖W_k‖_F and σ_k = ‖W_k‖₂ now, u_k and v_k the first singular vectors, M = max_k F_k,
/// A_k = W_{k+1}ᵀW_{k+1} − W_kW_kᵀ, D the constant of [`imbalance_constant`](crate::theory::imbalance_constant), γ and ū the
/// maximum margin and its direction, β(R) = 2L²R^{2L−2}(β + G), B(R) the weights with M ≤ R. W(0) is the start that
/// [`Monitors::new`](super::Monitors::new) got, and t counts from it. β = 1/4 and G = 1 are the logistic loss's for every loss,
/// because the exponential one has none: it breaks Assumption 4 wherever some margin is below ln 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Monitor {
    /// ln R(W(t)) ≤ ln ℓ(0), and ∇R ≠ 0 at the first state seen, where a critical point has slack −∞. Assumption 2.
    Assumption2,
    /// d ≤ rank of the support vectors, once, at the first state. Assumption 3.
    Assumption3,
    /// ln max_i max(|ℓ′(qᵢ)|/G, ℓ″(qᵢ)/β) ≤ 0 at the margins qᵢ that the run meets. Assumption 4.
    Assumption4,
    /// ln max(1, M(t), M(t+1)) ≤ ln R_t, R_t being the radius that the step implies through β(R_t) = 1/η_t; where η_t changed although
    /// M(t) ≤ R_{t−1} − 1, |ln(η_t/η_{t−1})| ≤ 0 if that is worse. Assumption 5, at every step.
    ///
    /// The paper keeps R_t while W(t+1) ∈ B(R_t), which does not keep the next state inside; the report's B(R_t − 1) does, by
    /// eq. (27). At depth 1 β does not depend on R, and the first part is ln η ≤ −ln β.
    Assumption5,
    /// ln R now ≤ ln R at the state seen before. Eq. (1) for flow, eq. (4) for descent.
    RiskFalls,
    /// max_k ‖A_k − A_k(0)‖_F/M² = 0, an identity of gradient flow. Eq. (2); depth 1 has no A_k.
    Eq2,
    /// max_k |tr A_k − tr A_k(0)|/M² = 0, an identity of gradient flow. Eq. (3); depth 1 has no A_k.
    Eq3,
    /// ln ε(M) ≤ ln ‖∂R/∂W₁‖_F, from the first state seen with t ≥ 1 on (time for a flow, steps for a descent). Lemma 1.
    ///
    /// ε(R) = |ℓ′(Rᴸ)| γδ/R with δ = (ℓ(0) − R(W))/|ℓ′(0)| at that first state. When its risk is not below ℓ(0) there is no ε: the
    /// left is then its ln R(W), the right ln ℓ(0), and a tie has slack −∞. Needs ‖x‖ ≤ 1.
    Lemma1,
    /// F_k² − σ_k² ≤ D for the worst k, squares. Lemma 2 (i), for flow.
    Lemma2Rank,
    /// σ_{k+1}² sin²∠(v_{k+1}, u_k) ≤ D + ‖W_{k+1}(0)‖₂² + ‖W_k(0)‖₂² for the worst k, squares. Lemma 2 (ii) times σ_{k+1}², for
    /// flow; depth 1 has no pair.
    Lemma2Alignment,
    /// ∏_k √(1 − D/F_k²) ∏_k c_k − (∏_{1<k<L} (1 + √D/F_k) − 1) ≤ |⟨w_prod, v₁⟩|/∏F_k, where the left is above 0. Lemma 2 (iii), for flow.
    ///
    /// c_k² = 1 − (D + ‖W_{k+1}(0)‖₂² + ‖W_k(0)‖₂²)/σ_{k+1}². The paper has the limit 1; this finite form is ours. With
    /// ρ_k = σ_k/F_k and e_k² = 1 − ρ_k², W_k/F_k = ρ_k u_kv_kᵀ + E_k where ‖E_k‖ ≤ e_k, E₁v₁ = 0 and E_L = 0. Multiplied out
    /// on v₁, the terms without an E make ∏ρ_k ∏⟨v_{k+1}, u_k⟩, the others at most ρ₁ρ_L(∏_{1<k<L}(ρ_k + e_k) − ∏_{1<k<L} ρ_k), which
    /// grows with each ρ_k ≤ 1 and e_k; parts (i) and (ii) bound ρ_k, e_k and the inner products.
    Lemma2Product,
    /// 0 ≤ ⟨w⊥, ∇R(w)⟩/(‖w⊥‖ ‖∇R(w)‖) where ⟨w, ū⟩ ≥ 0 and ‖w⊥‖ ≥ K, w = w_prod and w⊥ its part orthogonal to ū. Lemma 4.
    ///
    /// K is [`lemma_4_threshold`](crate::theory::lemma_4_threshold), with Lemma 3's α. Never applies where the support vectors do not
    /// span, or d = 1.
    Lemma4,
    /// ln R(W(t+1)) ≤ ln R(W(t)) + ln(1 − (η/2)‖∇R(W(t))‖²/R(W(t))). Eq. (4), at every step.
    Eq4,
    /// ln ‖∇R(W(t+1)) − ∇R(W(t))‖ ≤ ln(β(R)‖W(t+1) − W(t)‖), R = max(1, M(t), M(t+1)). Lemma 5, at every step. Needs ‖x‖ ≤ 1.
    Lemma5,
    /// ln T ≤ ln(1 + 2β(R)R(W(0))/ε(R)²): T steps were spent in B(R) by a constant step η = 1/β(R). Lemma 6.
    ///
    /// A step counts when both its ends lie in B(R); it applies up to the step that leaves, or that has another η. ε as for
    /// [`Lemma1`](Self::Lemma1). Depth 1 has no such R. Needs ‖x‖ ≤ 1.
    Lemma6,
    /// ln(‖W(t) − W(0)‖²/(2R(W(0)))) ≤ ln t, t = Σ η. Lemma 7's second sum, by Cauchy & Schwarz.
    Lemma7Time,
    /// ln Σ_{τ<t} η_τ ≤ ln(η₀ + 2R(W(0))/ε(R)²), R = max_{τ<t} M(τ). Lemma 7's third sum.
    ///
    /// B(R) then holds all states before W(t): where M grows this is the lemma for every R, each at its last moment. ε as for
    /// [`Lemma1`](Self::Lemma1). Needs ‖x‖ ≤ 1.
    Lemma7Ball,
    /// F_k(t+1) − F_k(t) ≤ 1 for the worst k; scale max(1, M). Eq. (27), at every step. Needs ‖x‖ ≤ 1.
    Lemma7Growth,
    /// F_k² − σ_k² ≤ D + 2R(W(0)) for the worst k, squares. Lemma 8 (i).
    Lemma8Rank,
    /// σ_{k+1}² sin²∠(v_{k+1}, u_k) ≤ D + 3R(W(0)) + ‖W_{k+1}(0)‖₂² + ‖W_k(0)‖₂² for the worst k, squares. Lemma 8 (ii) times σ_{k+1}².
    ///
    /// The proof's terms add up to 4R(W(0)); the 3 is right as well, because Σ η²‖∇R‖² ≤ 2ηR(W(0)) and Assumption 5 keeps
    /// η ≤ 2/5.
    Lemma8Alignment,
    /// [`Lemma2Product`](Self::Lemma2Product) with D + 2R(W(0)) for D and c_k² from [`Lemma8Alignment`](Self::Lemma8Alignment). Lemma 8 (iii).
    Lemma8Product,
    /// max_k ‖A_k − A_k(0) − (Q_{k+1} − P_k)‖_F/M² = 0, with P_k = Σ η²g_kg_kᵀ, Q_k = Σ η²g_kᵀg_k, g_k = ∂R/∂W_k, summed along the run: an
    /// identity of gradient descent with any step. Lemma 8, eq. (28); depth 1 has no A_k.
    Lemma8Identity,
    /// Σ_k tr P_k ≤ 2R(W(0)) − 2R(W(t)), scale 2R(W(0)). Lemma 8, eq. (30), at every step.
    Lemma8Traces,
    /// |(F_k² − F_j²) − (F_k(0)² − F_j(0)²)| ≤ 2R(W(0)) for the worst pair, squares. Eq. (37); depth 1 has no pair.
    Eq37,
}

impl Monitor {
    /// What gradient flow is promised: Theorem 1 with its lemmas, and Lemma 4.
    pub const FLOW: &'static [Self] = &[
        Self::Assumption2,
        Self::Assumption3,
        Self::RiskFalls,
        Self::Eq2,
        Self::Eq3,
        Self::Lemma1,
        Self::Lemma2Rank,
        Self::Lemma2Alignment,
        Self::Lemma2Product,
        Self::Lemma4,
    ];

    /// What gradient descent is promised under Assumptions 2 to 5: Theorem 3 with its lemmas, and Lemma 4.
    pub const DESCENT: &'static [Self] = &[
        Self::Assumption2,
        Self::Assumption3,
        Self::Assumption4,
        Self::Assumption5,
        Self::RiskFalls,
        Self::Lemma1,
        Self::Lemma4,
        Self::Eq4,
        Self::Lemma5,
        Self::Lemma6,
        Self::Lemma7Time,
        Self::Lemma7Ball,
        Self::Lemma7Growth,
        Self::Lemma8Rank,
        Self::Lemma8Alignment,
        Self::Lemma8Product,
        Self::Lemma8Identity,
        Self::Lemma8Traces,
        Self::Eq37,
    ];

    /// Its place in the paper, such as "Lemma 2 (i)".
    pub fn place(self) -> &'static str {
        match self {
            Self::Assumption2 => "Assumption 2",
            Self::Assumption3 => "Assumption 3",
            Self::Assumption4 => "Assumption 4",
            Self::Assumption5 => "Assumption 5",
            Self::RiskFalls => "eq. (1)",
            Self::Eq2 => "eq. (2)",
            Self::Eq3 => "eq. (3)",
            Self::Lemma1 => "Lemma 1",
            Self::Lemma2Rank => "Lemma 2 (i)",
            Self::Lemma2Alignment => "Lemma 2 (ii)",
            Self::Lemma2Product => "Lemma 2 (iii)",
            Self::Lemma4 => "Lemma 4",
            Self::Eq4 => "eq. (4)",
            Self::Lemma5 => "Lemma 5",
            Self::Lemma6 => "Lemma 6",
            Self::Lemma7Time => "Lemma 7 (ii)",
            Self::Lemma7Ball => "Lemma 7 (iii)",
            Self::Lemma7Growth => "eq. (27)",
            Self::Lemma8Rank => "Lemma 8 (i)",
            Self::Lemma8Alignment => "Lemma 8 (ii)",
            Self::Lemma8Product => "Lemma 8 (iii)",
            Self::Lemma8Identity => "eq. (28)",
            Self::Lemma8Traces => "eq. (30)",
            Self::Eq37 => "eq. (37)",
        }
    }

    /// What must be read at each state for it.
    pub(super) fn needs(self) -> Needs {
        let n = Needs::default();
        match self {
            Self::Assumption2 | Self::RiskFalls => Needs { risk: true, ..n },
            Self::Assumption3 | Self::Assumption4 | Self::Eq3 | Self::Lemma4 | Self::Lemma7Time | Self::Eq37 => n,
            Self::Assumption5 => Needs { log_norm: true, in_turn: true, ..n },
            Self::Eq2 => Needs { balance: true, ..n },
            Self::Lemma1 => Needs { risk: true, log_norm: true, ..n },
            Self::Lemma2Rank | Self::Lemma8Rank => Needs { spectra: true, ..n },
            Self::Lemma2Alignment | Self::Lemma8Alignment => Needs { spectra: true, vectors: true, ..n },
            Self::Lemma2Product | Self::Lemma8Product => Needs { spectra: true, vectors: true, ..n },
            Self::Eq4 => Needs { risk: true, in_turn: true, ..n },
            Self::Lemma5 => Needs { log_norm: true, in_turn: true, gradients: true, ..n },
            Self::Lemma6 | Self::Lemma7Ball => {
                Needs { risk: true, log_norm: true, in_turn: true, from_start: true, ..n }
            }
            Self::Lemma7Growth => Needs { in_turn: true, ..n },
            Self::Lemma8Identity => {
                Needs { balance: true, in_turn: true, from_start: true, gradients: true, moved: true, ..n }
            }
            Self::Lemma8Traces => Needs { risk: true, in_turn: true, from_start: true, ..n },
        }
    }

    /// Whether ‖x‖ ≤ 1 is among its premises.
    pub(super) fn wants_unit_data(self) -> bool {
        use Monitor::{Assumption5, Lemma1, Lemma5, Lemma6, Lemma7Ball, Lemma7Growth};
        matches!(self, Assumption5 | Lemma1 | Lemma5 | Lemma6 | Lemma7Ball | Lemma7Growth)
    }
}

impl fmt::Display for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
