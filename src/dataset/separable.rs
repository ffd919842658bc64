//! Linearly separable points whose maximum-margin direction is known before anything is computed.

use super::{Dataset, blank};
use crate::error::{Error, Result};
use crate::random::{Purpose, orthonormal, rng};
use ndarray::{Array1, Array2};
use ndarray_rand::RandomExt;
use ndarray_rand::rand::Rng;
use ndarray_rand::rand::seq::SliceRandom;
use ndarray_rand::rand_distr::{Standard, StandardNormal};
use rand_chacha::ChaCha8Rng;

/// n points in d dimensions, separable through the origin with margin γ exactly, to rounding.
///
/// A unit vector ū is drawn first. With zᵢ = yᵢxᵢ, d support vectors lie on ⟨ū, z⟩ = γ and every other point has
/// ⟨ū, z⟩ ≥ `next_margin`, with equality for one. The support vectors are zᵢ = γū + ρᵢsᵢ, where the sᵢ ⟂ ū are the corners of
/// a regular simplex, turned at random, and the radii ρᵢ are uniform in `[½, 1]`·√(1 − γ²). From Σ sᵢ = 0 follows
/// ū ∝ Σ ρᵢ⁻¹zᵢ: positive multipliers, so ū is the maximum-margin direction, by KKT. The support vectors span ℝᵈ, which is
/// Ji & Telgarsky, Assumption 3. The margins of the points further out are uniform in [`next_margin`, 1].
///
/// The first support vector has norm 1 and no point a larger one. (On a line norm is margin: there the last of n ≥ 3
/// points has norm 1.) The rows come in random order; half of the labels, rounded up, are +1, at random.
///
/// ```
/// use implicit_bias::prelude::*;
/// let (data, u) = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 }.sample_with_direction(7)?;
/// let smallest = data.mirrored().dot(&u).into_iter().fold(f64::INFINITY, f64::min);
/// assert!((smallest - 0.2).abs() < 1e-15);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Separable {
    /// Number of points, n ≥ d.
    pub n: usize,
    /// Number of coordinates, d ≥ 1.
    pub d: usize,
    /// γ in (0, 1), the margin of the d support vectors; the unit is max‖x‖ = 1.
    pub margin: f64,
    /// The next-nearest margin, in `[γ, 1)`. Asymptotic laws show early where it is at least 2γ; with n = d no point has it.
    pub next_margin: f64,
}

impl Separable {
    /// Draws the points.
    ///
    /// # Errors
    /// d = 0, n < d, γ outside (0, 1), `next_margin` outside `[γ, 1)`.
    pub fn sample(&self, seed: u64) -> Result<Dataset> {
        Ok(self.sample_with_direction(seed)?.0)
    }

    /// Draws the same points and returns them with ū, length d and ‖ū‖ = 1.
    ///
    /// # Errors
    /// As [`sample`](Self::sample).
    pub fn sample_with_direction(&self, seed: u64) -> Result<(Dataset, Array1<f64>)> {
        self.check()?;
        let Self { n, d, .. } = *self;
        let mut x = blank("Separable", n, d)?;
        let mut rng = rng(Purpose::Data, seed);
        let basis = orthonormal(d, d, &mut rng);
        // In the coordinates of `basis` ū is the diagonal, and the simplex corners are the unit vectors less their mean.
        let diagonal = Array1::from_elem(d, 1.0 / (d as f64).sqrt());
        let direction = turned(&diagonal, &basis);

        let mut rows: Vec<usize> = (0..n).collect();
        rows.shuffle(&mut rng);
        let mut labels: Vec<f64> = (0..n).map(|i| if i < n.div_ceil(2) { 1.0 } else { -1.0 }).collect();
        labels.shuffle(&mut rng);

        for (i, &row) in rows.iter().enumerate() {
            let (own_margin, radius) = self.place(i, &mut rng);
            let mut point = &diagonal * own_margin;
            if d > 1 {
                let side = if i < d { unit_vector(i, d) } else { Array1::random_using(d, StandardNormal, &mut rng) };
                let reach = radius * ((1.0 - own_margin) * (1.0 + own_margin)).sqrt();
                point.scaled_add(reach, &perpendicular(side, &diagonal));
            }
            let mut point = turned(&point, &basis);
            // Turning rounds; one step along ū puts the margin back.
            point.scaled_add(own_margin - point.dot(&direction), &direction);
            x.row_mut(row).assign(&(point * labels[row]));
        }
        Ok((Dataset::new(x, Array1::from(labels))?, direction))
    }

    /// Margin m of the point drawn i-th, and its distance from the axis ū in units of √(1 − m²).
    fn place(&self, i: usize, rng: &mut ChaCha8Rng) -> (f64, f64) {
        let Self { n, d, margin, next_margin } = *self;
        let uniform: f64 = rng.sample(Standard);
        match i {
            0 => (margin, 1.0),
            _ if i < d => (margin, 0.5 + 0.5 * uniform),
            _ if i == d => (next_margin, uniform),
            _ if d == 1 && i == n - 1 => (1.0, 0.0),
            _ => (next_margin + (1.0 - next_margin) * rng.sample::<f64, _>(Standard), uniform),
        }
    }

    fn check(&self) -> Result<()> {
        let Self { n, d, margin, next_margin } = *self;
        if d == 0 {
            return Err(Error::argument("Separable.d", "at least one coordinate", 0));
        }
        if n < d {
            return Err(Error::argument(
                "Separable.n",
                format_args!("n ≥ d = {d}, for d support vectors that span"),
                n,
            ));
        }
        if !(margin > 0.0 && margin < 1.0) {
            return Err(Error::argument("Separable.margin", "0 < margin < 1, in units of max‖x‖", margin));
        }
        if !(next_margin >= margin && next_margin < 1.0) {
            let expected = format_args!("{margin} = margin ≤ next_margin < 1");
            return Err(Error::argument("Separable.next_margin", expected, next_margin));
        }
        Ok(())
    }
}

fn unit_vector(i: usize, d: usize) -> Array1<f64> {
    let mut unit = Array1::zeros(d);
    unit[i] = 1.0;
    unit
}

/// The unit vector along what of `v` is perpendicular to `axis`; twice, because the first pass may cancel digits.
fn perpendicular(mut v: Array1<f64>, axis: &Array1<f64>) -> Array1<f64> {
    for _ in 0..2 {
        v.scaled_add(-v.dot(axis), axis);
        v /= v.dot(&v).sqrt();
    }
    v
}

/// Σⱼ cⱼ bⱼ over the rows bⱼ of an orthonormal basis.
fn turned(coordinates: &Array1<f64>, basis: &Array2<f64>) -> Array1<f64> {
    let mut sum = Array1::zeros(coordinates.len());
    for (&c, row) in coordinates.iter().zip(basis.rows()) {
        sum.scaled_add(c, &row);
    }
    sum
}
