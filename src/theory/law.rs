//! Where one layer of weights goes under an exponential tail: ŵ ln t, then more slowly, and what remains.

use super::balance::balance_point;
use super::side::{Side, basis, perpendicular};
use crate::algebra::vector::dot_in_turn as dot;
use crate::dataset::Dataset;
use crate::error::{Error, Result, finite};
use crate::reference::MaxMargin;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use std::fmt;

/// Convex weights this small beside the largest count as zero, and so do lengths this small beside the support vectors'; margins
/// are tied to no better either.
const NEGLIGIBLE: f64 = 1e-9;

/// w(t) = Σ_m ŵ_m ln^{∘m} t + ρ(t) and the limit w̃ of ρ: what gradient flow and gradient descent of ⟨w, x⟩ on separable data come
/// to, with the logistic or the exponential loss; ln^{∘1} = ln, ln^{∘2} = ln ln.
///
/// Here R is the *mean* loss and t = Σ η. For the *sum* of the losses, as Soudry et al. have it, and k steps of one size η put
/// t = nηk: then w = ŵ ln k + ρ′ with ρ′ = ρ + ŵ ln(nη). Heavy ball with momentum β moves as if t were t/(1 − β).
///
/// - ŵ₁ = ŵ = ū/γ, the solution of min ‖w‖² with ⟨w, zᵢ⟩ ≥ 1, zᵢ = yᵢxᵢ. For almost all data it is the only direction.
/// - Within the span of the support vectors S, ρ → w̃, the one vector there with ŵ = Σᵢ∈S αᵢzᵢ and αᵢ = e^{−⟨w̃, zᵢ⟩}/n. Linearly
///   independent support vectors have one dual solution α, and it says what w̃ is; of the many that tied ones have,
///   descent takes the one of this form.
/// - What of w is perpendicular to all points never moves. What is perpendicular to the support vectors only is moved for a finite
///   time by the others, to a limit that depends on the whole road: [`Self::open`] counts these dimensions.
/// - Where some support vectors S₀ have α = 0 in every dual solution, no w̃ exists. Their slopes then fall as 1/(t ln t), and aside
///   of the others they push w along ln ln t: with rᵢ what of zᵢ, i ∈ S₀, is perpendicular to the others' span, ŵ₂ is the
///   solution of min ‖w‖² with ⟨w, rᵢ⟩ ≥ 1. For it is the same problem again, the time being ln t and the points rᵢ weighted by
///   e^{−⟨w̃, zᵢ⟩}/n. If this one is degenerate too, ŵ₃ ln ln ln t joins, and so on.
///
/// ρ(t) comes to w̃ about as t^{−λ}, λ the least of 1, the other eigenvalues of Σ αᵢzᵢzᵢᵀ on the span, and γ₂/γ − 1 with γ₂ the next
/// margin; with α = 0, only as ln ln t/ln t.
///
/// Source: Soudry et al., JMLR 19 (2018), Theorem 3 and the theorems on its residual, for both kinds of data.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0, 0.5], [1.0, -0.5]], array![1.0, 1.0])?;
/// let law = LateLaw::of(&data, &MaxMargin::fit(&data)?)?;
/// assert!((&law.directions()[0] - &array![1.0, 0.0]).iter().chain(&law.residual()).all(|v| v.abs() < 1e-15));
/// let degenerate = Dataset::new(array![[1.0, 0.0], [1.0, 0.5]], array![1.0, 1.0])?;    // ŵ = z₁, and z₂ has α = 0
/// let second = LateLaw::of(&degenerate, &MaxMargin::fit(&degenerate)?)?.directions()[1].clone();
/// assert!((second - array![0.0, 2.0]).iter().all(|v| v.abs() < 1e-15));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct LateLaw {
    directions: Vec<Array1<f64>>,
    residual: Array1<f64>,
    span: Array2<f64>,
    data_span: Array2<f64>,
}

impl LateLaw {
    /// The law of `data`, whose maximum margin through the origin is `svm`. Multipliers below 1e-9 of the largest, and support
    /// vectors within 1e-9 of a span, count as zero and as inside.
    ///
    /// # Errors
    /// An `svm` of other data or with an intercept, vectors beyond the range of f64, a minimum that Newton's method does not
    /// find, and, with α = 0, the errors of [`MaxMargin::fit`] on the rᵢ.
    pub fn of(data: &Dataset, svm: &MaxMargin) -> Result<Self> {
        let even = vec![-(data.n() as f64).ln(); data.n()];
        let Level { directions, residual, span } = level(data, svm, &even)?;
        for v in directions.iter().flatten().chain(&residual) {
            finite("LateLaw (scale the data)", *v)?;
        }
        let unit = data.scaled_to_unit()?;
        let rows: Vec<Vec<f64>> = unit.x().rows().into_iter().map(|x| x.to_vec()).collect();
        let all = basis(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), 1e-10);
        let matrix = |rows: Vec<Vec<f64>>| Array2::from_shape_fn((rows.len(), data.d()), |(i, j)| rows[i][j]);
        Ok(Self { directions, residual, span: matrix(span), data_span: matrix(all) })
    }

    /// ŵ₁ = ŵ, ŵ₂, …, each of length d, in units of 1/‖x‖: one for almost all data.
    pub fn directions(&self) -> &[Array1<f64>] {
        &self.directions
    }

    /// w̃ within [`Self::span`], length d, in units of 1/‖x‖: the part of lim ρ(t) that the data decide.
    pub fn residual(&self) -> ArrayView1<'_, f64> {
        self.residual.view()
    }

    /// An orthonormal basis, one vector a row, of the subspace in which the data decide: the span of the support vectors (with
    /// α = 0, of those that count at some level).
    pub fn span(&self) -> ArrayView2<'_, f64> {
        self.span.view()
    }

    /// How many dimensions of w̃ neither the data decide nor the start: the rank of the data minus that of [`Self::span`].
    pub fn open(&self) -> usize {
        self.data_span.nrows().saturating_sub(self.span.nrows())
    }

    /// The whole w̃ = lim ρ(t), length d, of a run that began at `start`: [`Self::residual`] and what of `start` is perpendicular to
    /// all points.
    ///
    /// # Errors
    /// [`Self::open`] dimensions, a `start` of another length or not finite.
    pub fn limit<'a>(&self, start: impl Into<ArrayView1<'a, f64>>) -> Result<Array1<f64>> {
        let start = self.checked("LateLaw::limit(start)", start.into())?;
        if self.open() > 0 {
            let expected = "support vectors that span the data";
            let found = format!("{} dimensions in which only other points pull, so that the road decides", self.open());
            return Err(Error::argument("LateLaw::limit", expected, found));
        }
        let rows: Vec<Vec<f64>> = self.data_span.rows().into_iter().map(|r| r.to_vec()).collect();
        let (direction, length) = perpendicular(start.to_vec(), &rows);
        let kept = if length > 0.0 { Array1::from(direction) * length } else { Array1::zeros(start.len()) };
        Ok(&self.residual + &kept)
    }

    /// ρ(t) = w − Σ_m ŵ_m ln^{∘m} t, length d, of weights `w` at the time whose logarithm is `log_time`.
    ///
    /// # Errors
    /// A `w` of another length or not finite, a t too early for its iterated logarithms.
    pub fn rho<'a>(&self, w: impl Into<ArrayView1<'a, f64>>, log_time: f64) -> Result<Array1<f64>> {
        let mut rho = self.checked("LateLaw::rho(w)", w.into())?.to_owned();
        let mut iterated = log_time;
        for direction in &self.directions {
            if !iterated.is_finite() {
                let expected = format!("ln t of a time with {} iterated logarithms", self.directions.len());
                return Err(Error::argument("LateLaw::rho(log_time)", expected, log_time));
            }
            rho.scaled_add(-iterated, direction);
            iterated = iterated.ln();
        }
        Ok(rho)
    }

    /// How far ρ(t) is from w̃ within [`Self::span`], in units of 1/‖x‖.
    ///
    /// # Errors
    /// As [`Self::rho`].
    pub fn distance<'a>(&self, w: impl Into<ArrayView1<'a, f64>>, log_time: f64) -> Result<f64> {
        let off = self.span.dot(&(self.rho(w, log_time)? - &self.residual));
        finite("LateLaw::distance", off.iter().fold(0.0_f64, |s, v| s.hypot(*v)))
    }

    fn checked<'a>(&self, what: &str, w: ArrayView1<'a, f64>) -> Result<ArrayView1<'a, f64>> {
        if w.len() != self.residual.len() {
            return Err(Error::shape(what, format_args!("({})", self.residual.len()), format_args!("({})", w.len())));
        }
        w.iter().enumerate().try_for_each(|(j, v)| finite(format_args!("{what}[{j}]"), *v).map(drop))?;
        Ok(w)
    }
}

impl fmt::Debug for LateLaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [d, decided] = [self.residual.len(), self.span.nrows()];
        write!(
            f,
            "LateLaw: {} direction(s) in R^{d}, {decided} dimensions decided, {} open",
            self.directions.len(),
            self.open()
        )
    }
}

/// The law of one problem: its own direction and residual, and those of the problem inside it.
struct Level {
    directions: Vec<Array1<f64>>,
    residual: Array1<f64>,
    span: Vec<Vec<f64>>,
}

/// Of dw/dt = Σ cᵢe^{−⟨w, zᵢ⟩}zᵢ, `log_weights` being ln cᵢ.
fn level(data: &Dataset, svm: &MaxMargin, log_weights: &[f64]) -> Result<Level> {
    let side = Side::of("LateLaw::of", data, svm)?;
    let inner = Inner::of(&side, svm)?;
    let needed: Vec<usize> = (0..side.points.len()).filter(|i| !inner.rows.contains(i)).collect();

    // Aside of ū the pulls of the needed ones cancel.
    let axes = basis(&points(&side, &needed), NEGLIGIBLE);
    let within = |i: &usize| axes.iter().map(|axis| dot(axis, &side.points[*i])).collect();
    let log_pull: Vec<f64> = svm.support().iter().map(|&i| log_weights[i]).collect();
    let balanced = balance_point(
        &needed.iter().map(within).collect::<Vec<_>>(),
        &needed.iter().map(|&i| log_pull[i]).collect::<Vec<_>>(),
        axes.len(),
    );
    let balanced = balanced.ok_or_else(|| Error::NotConverged {
        what: "LateLaw::of".into(),
        expected: "a balance of the support vectors' pulls aside of ū".into(),
        reached: "exponents that go on growing: some multiplier is next to zero".into(),
    })?;
    let mut aside = vec![0.0; side.dim()];
    for (axis, v) in axes.iter().zip(&balanced) {
        aside.iter_mut().zip(axis).for_each(|(a, x)| *a += v * x);
    }
    let log_pull: Vec<f64> = log_pull.iter().zip(&side.points).map(|(c, p)| c - dot(&aside, p)).collect();

    // Along ū: 1/γ = ⟨ŵ, ū⟩ = γ e^{−γc} Σ cᵢe^{−⟨v, zᵢ⟩}, for the residual v + cū.
    let top = needed.iter().map(|&i| log_pull[i]).fold(f64::NEG_INFINITY, f64::max);
    let sum = top + needed.iter().map(|&i| (log_pull[i] - top).exp()).sum::<f64>().ln();
    let along = sum + 2.0 * svm.margin().ln();
    let u = svm.direction();
    let lift = |v: &[f64]| side.back(v).mapv(|v| libm::ldexp(v, -side.exponent));
    let mut level = Level {
        directions: vec![&u / svm.margin()],
        residual: lift(&aside) + &u * (along / svm.margin()),
        span: std::iter::once(u.to_vec()).chain(axes.iter().map(|axis| side.back(axis).to_vec())).collect(),
    };
    if let Some((remainders, svm)) = &inner.problem {
        // The remainders are in units of 2^exponent, and so is the weights' own inverse.
        let unit = 2.0 * f64::from(side.exponent) * std::f64::consts::LN_2;
        let weights: Vec<f64> = inner.rows.iter().map(|&i| log_pull[i] - along + unit).collect();
        let more = self::level(remainders, svm, &weights)?;
        level.directions.extend(more.directions.iter().map(|v| lift(v.as_slice().unwrap_or_default())));
        level.residual += &lift(more.residual.as_slice().unwrap_or_default());
        level.span.extend(more.span.iter().map(|v| side.back(v).to_vec()));
    }
    Ok(level)
}

/// The support vectors that no dual solution needs, seen aside of the others.
struct Inner {
    /// Which ones, among the support vectors.
    rows: Vec<usize>,
    /// What of them is perpendicular to the others, and their maximum margin.
    problem: Option<(Dataset, MaxMargin)>,
}

impl Inner {
    fn of(side: &Side, svm: &MaxMargin) -> Result<Self> {
        let weights = svm.multipliers();
        let heaviest = weights.fold(0.0_f64, |m, a| m.max(*a));
        let mut needed: Vec<bool> = weights.iter().map(|a| *a > NEGLIGIBLE * heaviest).collect();
        loop {
            let all: Vec<usize> = (0..needed.len()).filter(|&i| needed[i]).collect();
            let axes = basis(&points(side, &all), NEGLIGIBLE);
            let mut remainders = vec![];
            let mut rows = vec![];
            for i in (0..needed.len()).filter(|&i| !needed[i]) {
                let (direction, length) = perpendicular(side.points[i].clone(), &axes);
                // Zero is inside the hull of the needed ones, so that they balance whatever lies in their span.
                if length > NEGLIGIBLE {
                    remainders.extend(direction.iter().map(|v| v * length));
                    rows.push(i);
                }
            }
            if rows.is_empty() {
                return Ok(Self { rows, problem: None });
            }
            let x =
                Array2::from_shape_vec((rows.len(), side.dim()), remainders).expect("one row of d − 1 numbers each");
            let remainders = Dataset::new(x, Array1::ones(rows.len()))?;
            match MaxMargin::fit(&remainders) {
                Ok(svm) => return Ok(Self { rows, problem: Some((remainders, svm)) }),
                // These balance each other: some dual solution has them all.
                Err(Error::NotSeparable { rows: balanced, weights, .. }) => {
                    balanced
                        .iter()
                        .zip(weights)
                        .filter(|(_, a)| *a > NEGLIGIBLE)
                        .for_each(|(&i, _)| needed[rows[i]] = true);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

fn points<'a>(side: &'a Side, rows: &[usize]) -> Vec<&'a [f64]> {
    rows.iter().map(|&i| side.points[i].as_slice()).collect()
}
