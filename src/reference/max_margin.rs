//! The hard-margin SVM: the direction that gradient descent on separable data tends to.

use super::active_set::ActiveSet;
use super::certificate::Certificate;
use super::hull::Hull;
use super::{start, witness};
use crate::algebra::qr;
use crate::dataset::Dataset;
use crate::diagnose::{is_dead, layer_features, network_error};
use crate::error::{Error, Result, finite};
use crate::network::Network;
use ndarray::{Array1, ArrayView1};

/// Margins within this part of γ, or this part of max‖x‖ where that is more, count as tied at γ.
const TIE: f64 = 1e-9;
const TIE_SCALE: f64 = 8.0 * f64::EPSILON;
/// A fit whose direction is not known this well (radians) is refused.
const WORST_ANGLE: f64 = 1e-6;

/// The hard-margin linear SVM, ū = argmax over ‖u‖ = 1 of minᵢ yᵢ(⟨u, xᵢ⟩ + b), with the proof of how exact it is.
///
/// Through the origin (b = 0) this is the ū of Ji & Telgarsky, Theorems 2 and 4, and the ŵ/‖ŵ‖ of Soudry et al.,
/// Theorem 3. With an intercept it is a *different problem* with another direction.
///
/// The margin γ is the distance from zero to the convex hull of the mirrored points zᵢ = yᵢxᵢ (with an intercept, half the
/// distance between the hulls of the classes), so every u with ‖u‖ = 1 bounds γ from below by its least margin and every
/// convex combination Σ aᵢzᵢ from above by its norm. linfa-svm proposes the support vectors, an active-set method (Lawson
/// & Hanson, chapter 23) with refinement finishes, and both bounds are then evaluated with 32 digits, because an angle of
/// 1e-13 shows in γ only as 1e-26. All of it is deterministic.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[2.0, 1.0], [0.0, 1.0], [-3.0, -1.0]], array![1.0, 1.0, -1.0])?;
/// let svm = MaxMargin::fit(&data)?;
/// assert!((svm.margin() - 1.0).abs() < 1e-15 && svm.angle_bound() < 1e-12);
/// assert_eq!(svm.direction(), array![0.0, 1.0]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct MaxMargin {
    direction: Array1<f64>,
    intercept: f64,
    primal: f64,
    dual: f64,
    interval: [f64; 2],
    gap: f64,
    kkt_residual: f64,
    angle_bound: f64,
    support: Vec<usize>,
    multipliers: Array1<f64>,
    next_margin: Option<f64>,
    spans: bool,
    /// Number of points, for the display.
    pub(super) n: usize,
}

impl MaxMargin {
    /// ū through the origin: maximises minᵢ ⟨u, yᵢxᵢ⟩ over ‖u‖ = 1. One class alone is allowed.
    ///
    /// # Errors
    /// [`Error::NotSeparable`] when zero is proved to be a convex combination of the yᵢxᵢ, which is the witness;
    /// [`Error::TooClose`] when the margin's certified interval holds zero without such a proof; [`Error::NotConverged`]
    /// when the direction cannot be certified to 1e-6 rad; a margin beyond f64.
    pub fn fit(data: &Dataset) -> Result<Self> {
        Self::solve(&Hull::new(data, false)?)
    }

    /// (ū, b) with an intercept: maximises minᵢ yᵢ(⟨u, xᵢ⟩ + b) over ‖u‖ = 1 and b.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), [`Error::Argument`] when one of the classes is missing, and an intercept beyond f64.
    pub fn fit_with_intercept(data: &Dataset) -> Result<Self> {
        Self::solve(&Hull::new(data, true)?)
    }

    /// ū of layer `k` of a network on `data`: the maximum margin direction for vec(W_k), row by row, with the activation
    /// pattern as it is (Soudry et al., Corollary 8). With k = L it is the hard-margin SVM through the origin on φ_{L−1}
    /// (the report's §5.2), length d_{L−1}.
    ///
    /// # Errors
    /// [`Error::FeaturesNotSeparable`] with the number of errors that the network makes; [`Error::DeadNetwork`] when it
    /// [`is_dead`]; as [`layer_features`] and [`fit`](Self::fit).
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Dataset::new(array![[1.0], [-1.0]], array![1.0, 1.0])?;
    /// let net = Network::from_layers(&[array![[1.0], [-1.0]], array![[3.0, 0.5]]])?.with_slope(0.0)?;
    /// let svm = MaxMargin::fit_layer(&net, &data, 2)?;                          // φ₁(1) = (1, 0), φ₁(−1) = (0, 1)
    /// assert!(angle(svm.direction(), &[1.0, 1.0])? < 1e-15);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn fit_layer(net: &Network, data: &Dataset, k: usize) -> Result<Self> {
        let features = layer_features(net, data, k)?;
        if is_dead(net, data)? {
            return Err(Error::DeadNetwork { layer: k, n: data.n() });
        }
        let errors = (network_error(net, data)? * data.n() as f64).round() as usize;
        Self::fit(&features).map_err(|error| match error {
            Error::NotSeparable { .. } => Error::FeaturesNotSeparable { layer: k, errors, n: data.n() },
            // Too many features for a proof that zero lies in their hull, yet no margin either, and this network errs.
            Error::TooClose { .. } if errors > 0 => Error::FeaturesNotSeparable { layer: k, errors, n: data.n() },
            other => other,
        })
    }

    fn solve(hull: &Hull) -> Result<Self> {
        let mut set = ActiveSet::start(hull, &start::start(hull));
        set.run();
        let (vertices, weights, factor) = set.into_parts();
        let certificate = Certificate::new(hull, &vertices, &weights);
        if certificate.lower() <= 0.0 {
            let upper = hull.unscale(certificate.upper());
            let Some(points) = witness::of_zero(hull, &vertices, &weights, &factor) else {
                let lower = hull.unscale(certificate.lower());
                return Err(Error::TooClose { kind: hull.kind(), lower, upper, scale: hull.largest_norm() });
            };
            let rows: Vec<usize> = (0..hull.n).filter(|&i| points[i] > 0.0).collect();
            let weights = rows.iter().map(|&i| points[i]).collect();
            return Err(Error::NotSeparable { kind: hull.kind(), rows, weights, norm: upper });
        }
        Self::certified(hull, &certificate)
    }

    fn certified(hull: &Hull, certificate: &Certificate) -> Result<Self> {
        let angle_bound = certificate.angle_bound();
        if angle_bound > WORST_ANGLE {
            let expected = format!("a direction certain to {WORST_ANGLE:e} rad");
            let reached = format!("{angle_bound:e} rad, the margin being {:e} of max‖x‖", certificate.lower());
            return Err(Error::NotConverged { what: "MaxMargin".into(), expected, reached });
        }
        let size = certificate.w.iter().map(|w| w.to_f64().powi(2)).sum::<f64>().sqrt();
        let direction = certificate.w.iter().map(|w| w.to_f64() / size).collect();
        let (primal, dual) = (certificate.primal.to_f64(), certificate.dual.to_f64());

        let from_boundary = |i: usize| {
            let shift = certificate.intercept;
            (certificate.margins[i] + if hull.positive[i] { shift } else { -shift }).to_f64()
        };
        let tied = dual + (TIE * dual).max(TIE_SCALE);
        let (support, others): (Vec<usize>, Vec<usize>) = (0..hull.n).partition(|&i| from_boundary(i) <= tied);
        let next = others.into_iter().map(from_boundary).min_by(f64::total_cmp);
        // Fewer than d vectors need no test.
        let vectors = || support.iter().map(|&i| hull.row(i).to_vec()).collect();
        let spans = support.len() >= hull.d && qr::rank(vectors()) == hull.d;
        let intercept = hull.unscale(certificate.intercept.to_f64());
        let upper = finite("MaxMargin margin (scale the data down)", hull.unscale(certificate.upper()))?;
        Ok(Self {
            direction,
            intercept: finite("MaxMargin intercept (scale the data down)", intercept)?,
            primal: hull.unscale(primal),
            dual: hull.unscale(dual),
            interval: [hull.unscale(certificate.lower()).next_down().max(0.0), upper.next_up()],
            gap: hull.unscale(certificate.gap()).next_up(),
            kkt_residual: certificate.kkt_residual(hull),
            angle_bound,
            multipliers: support.iter().map(|&i| certificate.weights[i]).collect(),
            next_margin: next.map(|margin| hull.unscale(margin)),
            spans,
            support,
            n: hull.n,
        })
    }

    /// ū, unit length, shape `(d)`.
    pub fn direction(&self) -> ArrayView1<'_, f64> {
        self.direction.view()
    }

    /// b for the unit ū, in the units of x; 0 through the origin.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }

    /// γ, in the units of x; the same as [`primal`](Self::primal).
    pub fn margin(&self) -> f64 {
        self.primal
    }

    /// `[γ_lo, γ_hi]`, certain to hold the true γ: the primal and the dual value, with all rounding added.
    pub fn interval(&self) -> [f64; 2] {
        self.interval
    }

    /// Primal value minᵢ yᵢ(⟨ū, xᵢ⟩ + b), of the direction before it is rounded to f64.
    pub fn primal(&self) -> f64 {
        self.primal
    }

    /// Dual value ‖Σ aᵢyᵢxᵢ‖ of the convex weights a.
    pub fn dual(&self) -> f64 {
        self.dual
    }

    /// Dual minus primal value with all rounding added, in the units of x. Evaluated with 32 digits: it can lie far below
    /// the last place of γ.
    pub fn gap(&self) -> f64 {
        self.gap
    }

    /// The largest violation of yᵢ(⟨ū, xᵢ⟩ + b) ≥ γ and of aᵢ(yᵢ(⟨ū, xᵢ⟩ + b) − γ) = 0, relative to γ (no unit).
    /// Stationarity and a ≥ 0 hold by construction.
    pub fn kkt_residual(&self) -> f64 {
        self.kkt_residual
    }

    /// Certain bound on the angle between [`direction`](Self::direction) and the true ū, in radians:
    /// cos θ ≥ γ_lo/γ_hi, plus the rounding of the direction's entries.
    pub fn angle_bound(&self) -> f64 {
        self.angle_bound
    }

    /// Rows on the margin, ascending: all i with yᵢ(⟨ū, xᵢ⟩ + b) ≤ γ(1 + 1e-9), tied ones included.
    pub fn support(&self) -> &[usize] {
        &self.support
    }

    /// Convex weights a of the [`support`](Self::support), in its order: Σ aᵢyᵢxᵢ = γū, Σ aᵢ = 1, and with an intercept
    /// Σ aᵢyᵢ = 0. The SVM's own multipliers, of w = ū/γ = Σ αᵢyᵢxᵢ, are α = a/γ². Tied support vectors may carry
    /// weight 0: ū is unique, the weights need not be.
    pub fn multipliers(&self) -> ArrayView1<'_, f64> {
        self.multipliers.view()
    }

    /// The least margin among the rows that are not support vectors, where there are any. Asymptotic laws show
    /// early when it is well above γ.
    pub fn next_margin(&self) -> Option<f64> {
        self.next_margin
    }

    /// Whether the support vectors span ℝᵈ (numerical rank at 1e-10), as Ji & Telgarsky's Assumption 3 asks.
    pub fn spans(&self) -> bool {
        self.spans
    }
}
