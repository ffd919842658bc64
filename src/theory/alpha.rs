//! Lemma 3: how far every direction aside of ū is opposed by a support vector.

use super::side::{Side, perpendicular};
use crate::algebra::vector::dot_in_turn as dot;
use crate::dataset::Dataset;
use crate::error::{Error, Result, finite};
use crate::reference::MaxMargin;

/// Subsets of support vectors that are looked at, about a second's work in the plane or in space.
const MOST_SUBSETS: f64 = 1e6;

/// α = min over unit ξ ⟂ ū of maxᵢ∈S ⟨ξ, zᵢ⟩, S the support vectors, in the units of x: Lemma 3 says that it is > 0 for almost
/// all data whose support vectors span, and Theorem 2 needs it.
///
/// It is the distance from zero to the boundary of the hull of the support vectors' projections on ū^⊥. That boundary
/// is made of facets, each through d − 1 of the projections: the normals ν of all such subsets are tried, and
/// maxᵢ⟨ν, zᵢ⟩, which no unit vector brings below α, is least at a nearest facet. So the result is exact to rounding, and rounding
/// cannot lose a facet. In the plane the projections are numbers pᵢ, and α = min(max pᵢ, max −pᵢ).
///
/// 0 where the support vectors do not span ℝᵈ (Assumption 3 is broken: some ξ is perpendicular to them all), and where zero
/// lies on the boundary to within what is known of ū (one support vector is not needed: its multiplier is 0).
///
/// Source: Ji & Telgarsky, Lemma 3.
///
/// # Errors
/// d = 1 (nothing is perpendicular to ū), an `svm` of other data or with an intercept, more than 1e6 subsets of d − 1
/// support vectors.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0, 0.5], [1.0, -0.25], [3.0, 9.0]], array![1.0, 1.0, 1.0])?;
/// let alpha = lemma_3_alpha(&data, &MaxMargin::fit(&data)?)?;                    // ū = (1, 0), p = ½ and −¼
/// assert!((alpha - 0.25).abs() < 1e-15);
/// # Ok::<(), Error>(())
/// ```
pub fn lemma_3_alpha(data: &Dataset, svm: &MaxMargin) -> Result<f64> {
    let side = Side::in_space("lemma_3_alpha", data, svm)?;
    let (count, dim) = (side.points.len(), side.dim());
    if count <= dim {
        return Ok(0.0);
    }
    if binomial(count, dim) > MOST_SUBSETS {
        let expected = format_args!("at most {MOST_SUBSETS:e} subsets of d − 1 = {dim} support vectors");
        return Err(Error::argument("lemma_3_alpha(svm)", expected, format_args!("{count} support vectors")));
    }
    let mut chosen: Vec<usize> = (0..dim).collect();
    let mut alpha = f64::INFINITY;
    loop {
        let normal = normal(&side.points, &chosen);
        let heights = || side.points.iter().map(|p| dot(p, &normal));
        alpha = alpha.min(heights().fold(f64::NEG_INFINITY, f64::max)).min(-heights().fold(f64::INFINITY, f64::min));
        if !advance(&mut chosen, count) {
            break;
        }
    }
    let reach = side.points.iter().map(|p| dot(p, p).sqrt()).fold(0.0, f64::max);
    let noise = (svm.angle_bound() + 16.0 * f64::EPSILON) * reach;
    finite("α of Lemma 3", if alpha <= noise { 0.0 } else { libm::ldexp(alpha, side.exponent) })
}

/// A unit vector perpendicular to the differences of the chosen points.
fn normal(points: &[Vec<f64>], chosen: &[usize]) -> Vec<f64> {
    let first = &points[chosen[0]];
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(chosen.len());
    for &i in &chosen[1..] {
        let difference: Vec<f64> = points[i].iter().zip(first).map(|(a, b)| a - b).collect();
        let length = dot(&difference, &difference).sqrt();
        let (direction, rest) = perpendicular(difference, &basis);
        // A dependent point adds nothing: some other subset spans its facet.
        if rest > 1e-15 * length {
            basis.push(direction);
        }
    }
    // The axis that lies least in the span keeps at least 1/√(d − 1) of its length.
    let within = |j: usize| basis.iter().map(|b| b[j] * b[j]).sum::<f64>();
    let axis = (0..first.len()).min_by(|&a, &b| within(a).total_cmp(&within(b))).unwrap_or(0);
    let mut unit = vec![0.0; first.len()];
    unit[axis] = 1.0;
    perpendicular(unit, &basis).0
}

/// The next subset of 0 … count − 1 in lexicographic order; false after the last.
fn advance(chosen: &mut [usize], count: usize) -> bool {
    let size = chosen.len();
    let Some(place) = (0..size).rev().find(|&t| chosen[t] < count - size + t) else { return false };
    let start = chosen[place] + 1;
    chosen[place..].iter_mut().enumerate().for_each(|(t, c)| *c = start + t);
    true
}

fn binomial(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}
