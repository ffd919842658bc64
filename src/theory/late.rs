//! What a late state looks like: the part of w_prod aside of ū, and the layers' distance to rank one.

use super::balance::balance_point;
use super::side::Side;
use crate::algebra::qr;
use crate::dataset::Dataset;
use crate::diagnose::{frobenius_norms, imbalance, top_singular};
use crate::error::{Error, Result, finite};
use crate::network::Network;
use crate::reference::MaxMargin;
use ndarray::Array1;

/// w̃ ⟂ ū, length d: the limit of w_prod − ⟨w_prod, ū⟩ū under gradient flow and descent, for both losses. So the angle between
/// w_prod and ū times ‖w_prod‖ tends to ‖w̃‖, whatever the start. In units of w, that is 1/‖x‖.
///
/// It is the only minimiser of Σᵢ∈S e^{−⟨v, zᵢ⟩} over v ⟂ ū, S the support vectors: late, the slopes of both losses are
/// proportional to e^{−⟨w, zᵢ⟩} and only S counts, so the gradient perpendicular to ū vanishes there and nowhere else. The
/// minimiser exists iff α of [`lemma_3_alpha`](super::lemma_3_alpha) is > 0, and ‖w̃‖ ≤ ln|S|/α.
///
/// Source: Soudry et al., JMLR 19 (2018), Theorem 3 and its residual, depth 1. For deeper linear networks it is an extension
/// of this crate: once the layers are aligned, the flow still pulls w_prod back perpendicular to ū.
///
/// Newton's method with the safe step of Sun & Tran-Dinh (Math. Program. 178, 2019), to rounding: about 1e-15/minᵢ aᵢ, the
/// aᵢ being the weights of the support vectors at the minimum.
///
/// # Errors
/// Support vectors that do not span ℝᵈ, or one that ū does not need (no unique minimiser: Assumption 3, α = 0), d = 1, an
/// `svm` of other data or with an intercept.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0, 0.5], [1.0, -0.25]], array![1.0, 1.0])?;
/// let offset = late_offset(&data, &MaxMargin::fit(&data)?)?;                 // ½e^{−v/2} = ¼e^{v/4}: v = ln 2 · 4/3
/// assert!((offset[1] - 2.0_f64.ln() * 4.0 / 3.0).abs() < 1e-14);
/// # Ok::<(), Error>(())
/// ```
pub fn late_offset(data: &Dataset, svm: &MaxMargin) -> Result<Array1<f64>> {
    let side = Side::in_space("late_offset", data, svm)?;
    let at_infinity = || {
        let expected = "support vectors that span ℝᵈ, all with positive multipliers (α > 0)";
        let found = format!("{} support vectors with α = 0", side.points.len());
        Error::argument("late_offset(svm)", expected, found)
    };
    if qr::rank(side.points.clone()) < side.dim() {
        return Err(at_infinity());
    }
    let even = vec![0.0; side.points.len()];
    let v = balance_point(&side.points, &even, side.dim()).ok_or_else(at_infinity)?;
    let offset = side.back(&v).mapv(|v| libm::ldexp(v, -side.exponent));
    for v in &offset {
        finite("late_offset (scale the data up)", *v)?;
    }
    Ok(offset)
}

/// τ_k ≈ Σ_{i≥2} σᵢ(W_k)², k = 1 … L, of a `late` state of the gradient flow that began at `start`, as balancedness
/// predicts it once the norms are large: τ_L = 0 and τ_k = τ_{k+1} − tr A_k + vᵀA_kv with A_k = W_{k+1}ᵀW_{k+1} − W_kW_kᵀ at
/// `start` and v = v₁(W_{k+1}) at `late`. With it 1 − ‖W_k‖₂/‖W_k‖_F ≈ τ_k/(2‖W_k‖_F²), which is
/// [`late_gap`](super::late_gap)(√τ_k, ‖W_k‖_F).
///
/// The flow conserves A_k, so W_kW_kᵀ = W_{k+1}ᵀW_{k+1} − A_k late as well; its trace over v^⊥ is the right side, and
/// u₁(W_k) differs from v by O(1/‖W‖²) only. What is left out falls as 1/‖W‖²; where it makes a τ_k negative, 0 is given.
/// Gradient descent moves A_k by at most 2R(W(0)) (Ji & Telgarsky, Lemma 8), and τ_k with it.
///
/// Source: Ji & Telgarsky, eq. (2) and Lemma 2, whose D bounds every τ_k.
///
/// # Errors
/// Networks of different widths or not linear, a NaN or infinite weight, a layer above the first that is zero at `late`, squares
/// beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let start = Network::from_layers(&[array![[0.0, 0.0], [0.0, 0.0]], array![[3.0, 4.0]]])?;
/// let late = Network::from_layers(&[array![[60.0, 0.0], [80.0, 0.0]], array![[60.0, 80.0]]])?;
/// assert!(late_tails(&start, &late)?[0] < 1e-13);                                          // balanced but for v₁v₁ᵀ
/// # Ok::<(), Error>(())
/// ```
pub fn late_tails(start: &Network, late: &Network) -> Result<Vec<f64>> {
    start.check_linear("late_tails(start)")?;
    late.check_linear("late_tails(late)")?;
    if start.widths() != late.widths() {
        let [expected, found] = [start, late].map(|net| format!("{:?}", net.widths()));
        return Err(Error::shape("late_tails, widths of late", expected, found));
    }
    let norms = frobenius_norms(late)?;
    let mut tails = vec![0.0; late.depth()];
    for (i, a) in imbalance(start)?.iter().enumerate().rev() {
        if norms[i + 1] == 0.0 {
            return Err(Error::argument(
                format_args!("late_tails(late), W_{}", i + 2),
                "a non-zero matrix",
                "all zeros",
            ));
        }
        let v = top_singular(late.layer(i + 2))?.right;
        tails[i] = finite("late_tails", tails[i + 1] - a.diag().sum() + v.dot(&a.dot(&v)))?;
    }
    Ok(tails.into_iter().map(|tail| tail.max(0.0)).collect())
}
