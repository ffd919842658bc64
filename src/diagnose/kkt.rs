//! The optimality conditions of the hard-margin SVM, and the multipliers that a gradient holds.

use super::margin::each_margin;
use crate::dataset::Dataset;
use crate::error::{Error, Result, finite, positive};
use ndarray::{Array1, ArrayView1};

/// By how much (w, α) misses each condition of Karush, Kuhn and Tucker for min ½‖w‖² with ⟨w, zᵢ⟩ ≥ 1, zᵢ = yᵢxᵢ. None has a
/// unit: scaling the data by c, w by 1/c and α by 1/c² changes nothing. All are 0 at ŵ = ū/γ with its multipliers, and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kkt {
    /// ‖w − Σ αᵢzᵢ‖/‖w‖.
    pub stationarity: f64,
    /// max(0, 1 − minᵢ ⟨w, zᵢ⟩).
    pub feasibility: f64,
    /// Σ |αᵢ(⟨w, zᵢ⟩ − 1)|/Σ |αᵢ|.
    pub complementarity: f64,
    /// max(0, −minᵢ αᵢ)/Σ |αᵢ|.
    pub sign: f64,
}

impl Kkt {
    /// The largest of the four.
    pub fn largest(&self) -> f64 {
        self.stationarity.max(self.feasibility).max(self.complementarity).max(self.sign)
    }
}

/// The [`Kkt`] residuals of `w`, length d, and multipliers `alpha`, length n.
///
/// Source: the conditions (6) on Yao's slides, after Soudry et al.
///
/// # Errors
/// Lengths that do not fit the data, NaN or infinite numbers, w = 0, α = 0, products beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0, 0.5], [1.0, -0.5], [3.0, 0.0]], array![1.0, 1.0, 1.0])?;
/// assert_eq!(kkt(&[1.0, 0.0], &[0.5, 0.5, 0.0], &data)?.largest(), 0.0);
/// assert_eq!(kkt(&[0.5, 0.0], &[0.25, 0.25, 0.0], &data)?.feasibility, 0.5);
/// # Ok::<(), Error>(())
/// ```
pub fn kkt<'a, 'b>(
    w: impl Into<ArrayView1<'a, f64>>,
    alpha: impl Into<ArrayView1<'b, f64>>,
    data: &Dataset,
) -> Result<Kkt> {
    let (w, alpha) = (w.into(), alpha.into());
    check_length("kkt(alpha)", &alpha, data)?;
    let total = finite("Σ |α|", alpha.fold(0.0, |sum, a| sum + a.abs()))?;
    let mut margins = Vec::with_capacity(data.n());
    each_margin(w, data, |q| margins.push(q))?;
    let length = length_of(w);
    for (what, size) in [("kkt(alpha)", total), ("kkt(w)", length)] {
        if size == 0.0 {
            return Err(Error::argument(what, "a non-zero vector", "all zeros"));
        }
    }
    let off = &w - &alpha.dot(&data.mirrored());
    let slack = alpha.iter().zip(&margins).map(|(a, q)| (a / total * (q - 1.0)).abs());
    Ok(Kkt {
        stationarity: finite("kkt, ‖w − Σ αᵢzᵢ‖/‖w‖", length_of(off.view()) / length)?,
        feasibility: margins.iter().fold(0.0, |worst, q| f64::max(worst, 1.0 - q)),
        complementarity: finite("kkt, Σ |αᵢ(⟨w, zᵢ⟩ − 1)|/Σ |αᵢ|", slack.sum())?,
        sign: alpha.iter().fold(0.0, |worst, a| f64::max(worst, -a / total)),
    })
}

/// α of length n, α = a/‖Σ aᵢzᵢ‖² with aᵢ the `slopes` |ℓ′(qᵢ)| divided by their sum: the SVM's multipliers as the gradient knows
/// them. The `slopes` may carry a common factor, as [`scaled_slopes`](crate::risk::Evaluation::scaled_slopes) do.
///
/// So Σ αᵢzᵢ is −∇R of a linear predictor, scaled to the length 1/‖Σ aᵢzᵢ‖ that ŵ = ū/γ has in the limit. The a are to be compared
/// with [`MaxMargin::multipliers`](crate::reference::MaxMargin::multipliers), and α with these over γ², where the support
/// vectors are linearly independent: tied ones have many multipliers, of which descent takes those of
/// [`LateLaw`](crate::theory::LateLaw).
///
/// Source: the proof of Soudry et al., Theorem 3 (on Yao's slides, between equations (5) and (6)).
///
/// # Errors
/// Another number of slopes than of points, a slope that is negative or not finite, slopes that are all zero or whose pulls
/// cancel, multipliers beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[2.0, 1.0], [2.0, -1.0]], array![1.0, 1.0])?;
/// assert_eq!(recovered_multipliers(&[3.0, 3.0], &data)?, array![0.125, 0.125]);
/// # Ok::<(), Error>(())
/// ```
pub fn recovered_multipliers<'a>(slopes: impl Into<ArrayView1<'a, f64>>, data: &Dataset) -> Result<Array1<f64>> {
    let slopes = slopes.into();
    let what = "recovered_multipliers(slopes)";
    check_length(what, &slopes, data)?;
    if let Some((i, p)) = slopes.iter().enumerate().find(|(_, p)| **p < 0.0) {
        return Err(Error::argument(format_args!("{what}[{i}]"), "|ℓ′| ≥ 0", p));
    }
    let largest = slopes.fold(0.0_f64, |m, p| m.max(*p));
    if largest == 0.0 {
        return Err(Error::argument(what, "a slope above 0", "only zeros"));
    }
    let weights = slopes.mapv(|p| p / largest);
    let weights = &weights / weights.sum();
    let length = finite("recovered_multipliers, ‖Σ aᵢzᵢ‖", length_of(weights.dot(&data.mirrored()).view()))?;
    if length == 0.0 {
        return Err(Error::argument(what, "slopes with Σ aᵢzᵢ ≠ 0", "a zero gradient"));
    }
    let alpha = weights.mapv(|a| a / length / length);
    positive("recovered_multipliers, Σ αᵢ (scale the data)", alpha.sum())?;
    Ok(alpha)
}

/// ‖v‖₂ without over- or underflow on the way.
fn length_of(v: ArrayView1<f64>) -> f64 {
    v.iter().fold(0.0, |s, v| s.hypot(*v))
}

fn check_length(what: &str, v: &ArrayView1<f64>, data: &Dataset) -> Result<()> {
    if v.len() != data.n() {
        return Err(Error::shape(
            what,
            format_args!("({}) to match the data", data.n()),
            format_args!("({})", v.len()),
        ));
    }
    v.iter().enumerate().try_for_each(|(i, v)| finite(format_args!("{what}[{i}]"), *v).map(drop))
}
