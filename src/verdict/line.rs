//! A straight line through measurements, with an interval for its slope.

use crate::error::{Error, Result, finite};

/// Φ⁻¹(0.975).
const Z: f64 = 1.959_963_984_540_054;

/// The least-squares line y ≈ `intercept` + `slope`·x, see [`fit_line`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Units of y per unit of x.
    pub slope: f64,
    /// The line's height at x = 0.
    pub intercept: f64,
    /// The 95 % interval for the slope.
    pub interval: (f64, f64),
    /// How many units, seeds say, the interval stands on.
    pub units: usize,
}

impl Line {
    /// [`fit_line`] through two numbers of every row, each row of the unit that `unit` names.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let rows = [(1, 0.0, 1.0), (2, 1.0, 3.1), (3, 2.0, 4.9), (4, 3.0, 7.0), (5, 4.0, 9.0)];
    /// let line = Line::of(&rows, |r| r.1, |r| r.2, |r| r.0)?;
    /// assert!((line.slope - 1.99).abs() < 1e-12);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit_line`].
    pub fn of<T>(
        rows: impl IntoIterator<Item = T>,
        x: impl Fn(&T) -> f64,
        y: impl Fn(&T) -> f64,
        unit: impl Fn(&T) -> u64,
    ) -> Result<Self> {
        let (mut xs, mut ys, mut units) = (vec![], vec![], vec![]);
        for row in rows {
            xs.push(x(&row));
            ys.push(y(&row));
            units.push(unit(&row));
        }
        fit_line(&xs, &ys, &units)
    }
}

/// The least-squares line through the points (xᵢ, yᵢ), with a 95 % interval for its slope b.
///
/// Points of one unit (the runs of one seed) may depend on each other, those of different units may not. The interval is
/// b ± t s with s² = (G−1)/G Σ_g (b_g − b̄)², the jackknife over the G units: b_g is the slope without unit g, b̄ the mean
/// of the b_g, and t the 97.5 % point of Student's distribution with G − 1 degrees of freedom. Give every point a unit of
/// its own where all are independent.
///
/// Source: B. Efron & C. Stein, Annals of Statistics 9 (1981); t by Abramowitz & Stegun, 26.7.5.
///
/// ```
/// use implicit_bias::prelude::*;
/// let line = fit_line(&[0.0, 1.0, 2.0, 3.0, 4.0], &[1.0, 3.1, 4.9, 7.0, 9.0], &[1, 2, 3, 4, 5])?;
/// assert!((line.slope - 1.99).abs() < 1e-12 && line.interval.0 < 2.0 && line.interval.1 > 2.0);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// Lengths that differ, NaN or infinite numbers, fewer than 5 units, x that do not differ once some unit is left out, a
/// slope beyond 1.8e308.
pub fn fit_line(x: &[f64], y: &[f64], units: &[u64]) -> Result<Line> {
    for (what, found) in [("fit_line(y)", y.len()), ("fit_line(units)", units.len())] {
        if found != x.len() {
            return Err(Error::shape(what, format_args!("({}) to match x", x.len()), format_args!("({found})")));
        }
    }
    // Divided by the largest, lest squares overflow or vanish.
    let (x, x_unit) = scaled("fit_line(x)", x)?;
    let (y, y_unit) = scaled("fit_line(y)", y)?;
    let mut names = units.to_vec();
    names.sort_unstable();
    names.dedup();
    if names.len() < 5 {
        return Err(Error::argument("fit_line(units)", "at least 5 different units", names.len()));
    }
    let without = |left_out: Option<u64>| {
        let points = (0..x.len()).filter(|&i| Some(units[i]) != left_out).map(|i| (x[i], y[i]));
        least_squares(points).ok_or_else(|| {
            let which = left_out.map_or(String::new(), |unit| format!(" without unit {unit}"));
            Error::argument("fit_line(x)", "at least two different x", format_args!("one{which}"))
        })
    };
    let (slope, intercept) = without(None)?;
    let slopes: Vec<f64> = names.iter().map(|&unit| Ok(without(Some(unit))?.0)).collect::<Result<_>>()?;
    let count = slopes.len() as f64;
    let mean = slopes.iter().sum::<f64>() / count;
    let spread: f64 = slopes.iter().map(|b| (b - mean).powi(2)).sum();
    let half = student(count - 1.0) * ((count - 1.0) / count * spread).sqrt();
    let per = |b: f64| finite("the slope of fit_line", b * y_unit / x_unit);
    Ok(Line {
        slope: per(slope)?,
        intercept: finite("the intercept of fit_line", intercept * y_unit)?,
        interval: (per(slope - half)?, per(slope + half)?),
        units: slopes.len(),
    })
}

/// The numbers divided by the largest |v|, and that one; 1 where all are zero.
fn scaled(what: &str, values: &[f64]) -> Result<(Vec<f64>, f64)> {
    let mut largest = 0.0_f64;
    for (i, &v) in values.iter().enumerate() {
        largest = largest.max(finite(format_args!("{what}[{i}]"), v)?.abs());
    }
    let unit = if largest > 0.0 { largest } else { 1.0 };
    Ok((values.iter().map(|v| v / unit).collect(), unit))
}

/// Slope and intercept; none where all x are equal.
fn least_squares(points: impl Iterator<Item = (f64, f64)> + Clone) -> Option<(f64, f64)> {
    let (first, _) = points.clone().next()?;
    if points.clone().all(|(x, _)| x == first) {
        return None;
    }
    let n = points.clone().count() as f64;
    let (sum_x, sum_y) = points.clone().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    let (mean_x, mean_y) = (sum_x / n, sum_y / n);
    let (mut xx, mut xy) = (0.0, 0.0);
    for (x, y) in points {
        xx += (x - mean_x).powi(2);
        xy += (x - mean_x) * (y - mean_y);
    }
    (xx > 0.0).then(|| (xy / xx, mean_y - xy / xx * mean_x))
}

/// The 97.5 % point of Student's distribution with ν degrees of freedom, to a thousandth from ν = 4 on.
fn student(nu: f64) -> f64 {
    let z2 = Z * Z;
    let terms = [
        (z2 + 1.0) / 4.0,
        ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0,
        (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0,
        ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92_160.0,
    ];
    let correction: f64 = terms.iter().enumerate().map(|(i, g)| g / nu.powi(i as i32 + 1)).sum();
    Z * (1.0 + correction)
}
