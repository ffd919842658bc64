//! The least-squares solution of least norm, X⁺Y.

use super::Filter;
use crate::algebra::svd::{Svd, frobenius};
use crate::dataset::Regression;
use crate::error::{Error, Result, finite};
use ndarray::{Array2, ArrayView2};

/// W₊ = (X⁺Y)ᵀ, shape `(d', d)` as [`Network::product`](crate::network::Network::product) lays weights out: among all W that
/// minimise ‖XWᵀ − Y‖_F the one of least ‖W‖_F.
///
/// By the singular value decomposition X = Σ σᵢuᵢvᵢᵀ, over the σᵢ > max(n, d)·ε·σ₁, where ε = 2.2e−16: what lies below is
/// taken for rounding. The rows of W₊ lie in the span of X's rows; what of some other W is orthogonal to that span (its null
/// part) no gradient ever moves.
///
/// Source: Golub & Van Loan, Matrix Computations, section 5.5; Yao's slides, Corollary 1 and Lemma 3.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Regression::new(array![[1.0, 1.0], [2.0, 2.0]], array![1.0, 3.0])?;       // rank one, no solution
/// let fit = MinNorm::fit(&data)?;
/// assert!(fit.rank() == 1 && (fit.weights()[[0, 0]] - 0.7).abs() < 1e-15);
/// assert!((fit.null_part(&array![[3.0, 1.0]])? - array![[1.0, -1.0]]).iter().all(|v| v.abs() < 1e-15));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct MinNorm {
    svd: Svd,
    data: Regression,
    weights: Array2<f64>,
    singular_values: Vec<f64>,
    residual: f64,
    normal_residual: f64,
    row_distance: f64,
    error_estimate: f64,
}

impl MinNorm {
    /// X⁺Y, with its certificate.
    ///
    /// # Errors
    /// An X of zeros only (X⁺Y = 0 is known there, but rank 0 has no condition number, no spectrum and no certificate), weights or
    /// singular values beyond f64.
    pub fn fit(data: &Regression) -> Result<Self> {
        let svd = Svd::of("MinNorm", data.x())?;
        let weights = svd.solve("MinNorm weights", data.y(), |_| 1.0)?;
        let size = frobenius(weights.view());
        let relative = |length: f64| if size > 0.0 { length / size } else { 0.0 };
        let left_over = checked("MinNorm residual", data.x().dot(&weights.t()) - data.y())?;
        let correction = svd.solve("MinNorm residual", left_over.view(), |_| 1.0)?;
        // Through X itself, so that it also tells how well the vᵢ are known: W₊ = αᵀX with α = Σ uᵢ⟨vᵢ, W₊⟩/σᵢ.
        let x = svd.scale(data.x());
        let spanned = svd.span(weights.view()).dot(&x);
        let singular_values: Vec<f64> = svd.values.iter().map(|s| libm::ldexp(*s, svd.exponent)).collect();
        finite("MinNorm σ₁ (scale the data down)", singular_values[0])?;
        let normal = left_over.t().dot(&x);
        let scale = svd.values[0] * (singular_values[0] * size + frobenius(data.y()));
        Ok(Self {
            residual: frobenius(left_over.view()),
            normal_residual: if scale > 0.0 { frobenius(normal.view()) / scale } else { 0.0 },
            row_distance: relative(frobenius((&spanned - &weights).view())),
            error_estimate: relative(frobenius(correction.view())),
            svd,
            data: data.clone(),
            weights,
            singular_values,
        })
    }

    /// W₊, shape `(d', d)`.
    pub fn weights(&self) -> ArrayView2<'_, f64> {
        self.weights.view()
    }

    /// Number of points, n.
    pub fn n(&self) -> usize {
        self.data.n()
    }

    /// Number of input coordinates, d.
    pub fn d(&self) -> usize {
        self.data.d()
    }

    /// The numerical rank r of X: how many σᵢ exceed max(n, d)·ε·σ₁.
    pub fn rank(&self) -> usize {
        self.svd.rank()
    }

    /// σ₁ ≥ … ≥ σ_r > 0, in the units of x.
    pub fn singular_values(&self) -> &[f64] {
        &self.singular_values
    }

    /// μᵢ = σᵢ²/n, the nonzero eigenvalues of XᵀX/n, largest first: the curvatures of R(w) = ‖Xw − y‖²/(2n).
    ///
    /// # Errors
    /// One that is zero or infinite in f64.
    pub fn spectrum(&self) -> Result<Vec<f64>> {
        let n = self.n() as f64;
        let mu = |s: f64| {
            let mu = (s / n.sqrt()).powi(2);
            if mu.is_normal() {
                Ok(mu)
            } else {
                Err(Error::argument("MinNorm σ²/n", "a normal number (scale the data)", mu))
            }
        };
        self.singular_values.iter().map(|&s| mu(s)).collect()
    }

    /// v₁, …, v_r as rows, shape `(r, d)`: an orthonormal basis of the span of X's rows.
    pub fn right_vectors(&self) -> ArrayView2<'_, f64> {
        self.svd.right.view()
    }

    /// σ₁/σ_r, the condition number of X on the span of its rows.
    pub fn condition(&self) -> f64 {
        self.svd.values[0] / self.svd.values[self.rank() - 1]
    }

    /// ‖XW₊ᵀ − Y‖_F, in the units of y; zero to rounding where Y can be interpolated.
    pub fn residual(&self) -> f64 {
        self.residual
    }

    /// ‖Xᵀ(XW₊ᵀ − Y)‖_F/(σ₁(σ₁‖W₊‖_F + ‖Y‖_F)): how far the normal equations are from holding, no unit.
    pub fn normal_residual(&self) -> f64 {
        self.normal_residual
    }

    /// The distance of W₊ from the row span of X itself, relative to ‖W₊‖_F.
    pub fn row_distance(&self) -> f64 {
        self.row_distance
    }

    /// ‖X⁺(XW₊ᵀ − Y)‖_F/‖W₊‖_F, zero in exact arithmetic: the size of the relative error of W₊ within the row span.
    pub fn error_estimate(&self) -> f64 {
        self.error_estimate
    }

    /// ‖W − W₊‖_F/‖W₊‖_F of weights `w`, shape `(d', d)`.
    ///
    /// # Errors
    /// Another shape, numbers that are not finite, W₊ = 0, a distance beyond f64.
    pub fn relative_error<'a>(&self, w: impl Into<ArrayView2<'a, f64>>) -> Result<f64> {
        let w = w.into();
        if w.dim() != self.weights.dim() {
            let expected = format!("{:?}", self.weights.dim());
            return Err(Error::shape("MinNorm::relative_error(w)", expected, format!("{:?}", w.dim())));
        }
        let size = frobenius(self.weights());
        if size == 0.0 {
            return Err(Error::argument("MinNorm::relative_error", "a solution other than zero", "W₊ = 0"));
        }
        let gap = checked("MinNorm::relative_error(w)", &w - &self.weights)?;
        finite("MinNorm::relative_error", frobenius(gap.view()) / size)
    }

    /// The part of each row of `w`, shape `(m, d)`, in the span of X's rows.
    ///
    /// # Errors
    /// Rows of another length than d, numbers that are not finite.
    pub fn row_part<'a>(&self, w: impl Into<ArrayView2<'a, f64>>) -> Result<Array2<f64>> {
        let w = w.into();
        let null = self.null_part(w)?;
        checked("MinNorm::row_part(w)", &w - &null)
    }

    /// The part of each row of `w`, shape `(m, d)`, that is orthogonal to the rows of X: (I − X⁺X)w.
    ///
    /// # Errors
    /// As [`row_part`](Self::row_part).
    pub fn null_part<'a>(&self, w: impl Into<ArrayView2<'a, f64>>) -> Result<Array2<f64>> {
        let w = w.into();
        if w.ncols() != self.d() {
            let expected = format_args!("(m, {})", self.d());
            return Err(Error::shape("MinNorm::null_part(w)", expected, format!("{:?}", w.dim())));
        }
        let once = checked("MinNorm::null_part(w)", &w - &self.svd.row_part(w))?;
        // The second pass removes what rounding left of the first.
        checked("MinNorm::null_part(w)", &once - &self.svd.row_part(once.view()))
    }

    /// The weights (d', d) that a `filter` makes of this data: Σᵢ gain(μᵢ)/σᵢ · vᵢ(uᵢᵀY), μᵢ = σᵢ²/n. They are those of descent on
    /// R(W) = ‖XWᵀ − Y‖_F²/(2n) from zero, of its flow, and of ridge regression, without running any.
    ///
    /// ```
    /// # use implicit_bias::prelude::*;
    /// let data = Regression::new(array![[2.0], [0.0]], array![6.0, 1.0])?;           // μ = 2, X⁺y = 3
    /// let ridge = MinNorm::fit(&data)?.filtered(Filter::Ridge { lambda: 1.0 })?;
    /// assert!((ridge[[0, 0]] - 2.0).abs() < 1e-15);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`spectrum`](Self::spectrum) and [`Filter::gain`].
    pub fn filtered(&self, filter: Filter) -> Result<Array2<f64>> {
        let gains: Vec<f64> = self.spectrum()?.into_iter().map(|mu| filter.gain(mu)).collect::<Result<_>>()?;
        self.svd.solve("MinNorm::filtered", self.data.y(), |i| gains[i])
    }
}

/// The matrix, if all of it is finite.
pub(super) fn checked(what: &str, a: Array2<f64>) -> Result<Array2<f64>> {
    a.iter().try_for_each(|&v| finite(what, v).map(drop))?;
    Ok(a)
}
