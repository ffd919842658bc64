//! Bias, variance and excess risk of a filter, in closed form.

use crate::error::{Error, Result, finite, positive};
use crate::reference::{Filter, MinNorm};
use ndarray::ArrayView1;
use std::fmt;

/// The norm in which an estimate is compared with the target f = Σ fᵢφᵢ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    /// ‖f‖_ρ² = Σ fᵢ²: prediction, the mean square over the inputs.
    Rho,
    /// ‖f‖_K² = Σ fᵢ²/μᵢ: the hypothesis space's own, ‖w‖² of a linear model.
    K,
}

impl Norm {
    /// The factor of fᵢ² in the square of the norm.
    fn weight(self, mu: f64) -> f64 {
        match self {
            Self::Rho => 1.0,
            Self::K => mu.recip(),
        }
    }

    /// s with ‖L^r h‖ = (Σ μᵢ^{2s}hᵢ²)^{1/2}: r in the ρ-norm, r − 1/2 in the K-norm.
    pub(super) fn smoothness(self, what: &str, r: f64) -> Result<f64> {
        let (s, expected) = match self {
            Self::Rho => (r, "a finite r > 0"),
            Self::K => (r - 0.5, "a finite r > 1/2, for the K-norm"),
        };
        if s > 0.0 && s.is_finite() { Ok(s) } else { Err(Error::argument(what, expected, r)) }
    }
}

/// A regression problem in the eigenbasis: eigenvalues μᵢ > 0, the target's coefficients fᵢ in the ρ-orthonormal eigenfunctions,
/// and the variance ν = σ²/n of each observed coefficient.
///
/// A [`Filter`] with gain gᵢ estimates gᵢ(fᵢ + √ν εᵢ), so that in the ρ-norm
/// bias² = Σ (1 − gᵢ)²fᵢ², variance = ν Σ gᵢ², and in the K-norm each term is divided by μᵢ.
///
/// ```
/// use implicit_bias::prelude::*;
/// let model = SpectralModel::new(&[1.0, 0.25], &[2.0, 1.0], 0.01)?;
/// let (half, rho) = (Filter::Ridge { lambda: 1.0 }, Norm::Rho); // gains 1/2 and 1/5
/// assert!((model.risk(half, rho)? - (1.0 + 0.64 + 0.01 * 0.29)).abs() < 1e-15);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct SpectralModel {
    spectrum: Vec<f64>,
    target: Vec<f64>,
    noise: f64,
}

impl SpectralModel {
    /// From the `spectrum` μᵢ > 0, the `target`'s coefficients fᵢ and `noise` ν = σ²/n ≥ 0.
    ///
    /// # Errors
    /// No eigenvalues, lengths that differ, an eigenvalue that is not a finite number above zero, numbers that are not finite,
    /// ν < 0.
    pub fn new(spectrum: &[f64], target: &[f64], noise: f64) -> Result<Self> {
        if spectrum.is_empty() || target.len() != spectrum.len() {
            let expected = format_args!("({}), as the spectrum, and at least one", spectrum.len());
            return Err(Error::shape("SpectralModel target", expected, format_args!("({})", target.len())));
        }
        check_spectrum("SpectralModel spectrum", spectrum)?;
        for (i, &f) in target.iter().enumerate() {
            finite(format_args!("SpectralModel target[{i}]"), f)?;
        }
        if !(noise >= 0.0 && noise.is_finite()) {
            return Err(Error::argument("SpectralModel noise σ²/n", "a finite number ≥ 0", noise));
        }
        Ok(Self { spectrum: spectrum.to_vec(), target: target.to_vec(), noise })
    }

    /// The source condition f = L^r h, that is fᵢ = μᵢ^r hᵢ, with r > 0.
    ///
    /// # Errors
    /// r ≤ 0 or not finite, and as [`new`](Self::new).
    pub fn with_source(spectrum: &[f64], r: f64, h: &[f64], noise: f64) -> Result<Self> {
        let r = positive("SpectralModel::with_source(r)", r)?;
        let target: Vec<f64> = spectrum.iter().zip(h).map(|(mu, h)| mu.powf(r) * h).collect();
        if h.len() != spectrum.len() {
            let expected = format_args!("({}), as the spectrum", spectrum.len());
            return Err(Error::shape("SpectralModel::with_source(h)", expected, format_args!("({})", h.len())));
        }
        Self::new(spectrum, &target, noise)
    }

    /// The fixed design of `fit`: μᵢ = σᵢ²/n, fᵢ = √μᵢ⟨vᵢ, w⟩ and ν = σ²/n, when the targets are yⱼ = ⟨w, xⱼ⟩ + σεⱼ for the true
    /// weights w. The risk is then the mean of ‖X(ŵ − w)‖²/n over the noise ε (and of ‖ŵ − w‖² in the K-norm), without what
    /// of w is orthogonal to the data, which no filter can see.
    ///
    /// # Errors
    /// Weights of another length than d, a spectrum beyond f64, and as [`new`](Self::new).
    pub fn of_design(fit: &MinNorm, w: ArrayView1<'_, f64>, sigma: f64) -> Result<Self> {
        let spectrum = fit.spectrum()?;
        if w.len() != fit.d() {
            let expected = format_args!("({})", fit.d());
            return Err(Error::shape("SpectralModel::of_design(w)", expected, format_args!("({})", w.len())));
        }
        let along = fit.right_vectors().dot(&w);
        let target: Vec<f64> = spectrum.iter().zip(along).map(|(mu, w)| mu.sqrt() * w).collect();
        Self::new(&spectrum, &target, sigma * sigma / fit.n() as f64)
    }

    /// The eigenvalues μᵢ.
    pub fn spectrum(&self) -> &[f64] {
        &self.spectrum
    }

    /// The target's coefficients fᵢ.
    pub fn target(&self) -> &[f64] {
        &self.target
    }

    /// ‖E f̂ − f‖² = Σ residual(μᵢ)² fᵢ², each term over μᵢ in the K-norm.
    ///
    /// # Errors
    /// As [`Filter::gain`] at every eigenvalue, and a sum beyond f64.
    pub fn bias_squared(&self, filter: Filter, norm: Norm) -> Result<f64> {
        let mut sum = 0.0;
        for (&mu, f) in self.spectrum.iter().zip(&self.target) {
            sum += (filter.residual(mu)? * f).powi(2) * norm.weight(mu);
        }
        finite("bias²", sum)
    }

    /// E‖f̂ − E f̂‖² = σ²/n Σ gain(μᵢ)², each term over μᵢ in the K-norm.
    ///
    /// # Errors
    /// As [`bias_squared`](Self::bias_squared).
    pub fn variance(&self, filter: Filter, norm: Norm) -> Result<f64> {
        let mut sum = 0.0;
        for &mu in &self.spectrum {
            sum += filter.gain(mu)?.powi(2) * norm.weight(mu);
        }
        finite("variance", self.noise * sum)
    }

    /// The excess risk E‖f̂ − f‖² = bias² + variance.
    ///
    /// # Errors
    /// As [`bias_squared`](Self::bias_squared).
    pub fn risk(&self, filter: Filter, norm: Norm) -> Result<f64> {
        finite("excess risk", self.bias_squared(filter, norm)? + self.variance(filter, norm)?)
    }
}

impl fmt::Debug for SpectralModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let largest = self.spectrum.iter().copied().fold(0.0, f64::max);
        let least = self.spectrum.iter().copied().fold(f64::INFINITY, f64::min);
        write!(f, "SpectralModel: {} eigenvalues in [{least:.3e}, {largest:.3e}]", self.spectrum.len())?;
        write!(f, ", σ²/n = {:.3e}", self.noise)
    }
}

/// `Ok` where every eigenvalue is a finite number above zero.
pub(super) fn check_spectrum(what: &str, spectrum: &[f64]) -> Result<()> {
    spectrum.iter().enumerate().try_for_each(|(i, &mu)| positive(format_args!("{what}[{i}]"), mu).map(drop))
}
