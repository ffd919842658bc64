//! A thin QR factorisation E = QR that gains and loses columns.

use super::vector::{add_scaled, dot_unrolled as dot};

/// Q has orthonormal columns, R is upper triangular; the columns of E are kept linearly independent.
#[derive(Default)]
pub(crate) struct Qr {
    q: Vec<Vec<f64>>,
    /// Column t holds R[0..=t, t].
    r: Vec<Vec<f64>>,
}

impl Qr {
    /// Number of columns.
    pub(crate) fn len(&self) -> usize {
        self.q.len()
    }

    /// Appends a column by Gram-Schmidt, done twice so that Q stays orthonormal; refuses one that depends on the others.
    pub(crate) fn push(&mut self, mut column: Vec<f64>) -> bool {
        let norm = dot(&column, &column).sqrt();
        let mut coefficients = vec![0.0; self.len()];
        for _ in 0..2 {
            for (c, q) in coefficients.iter_mut().zip(&self.q) {
                let along = dot(q, &column);
                *c += along;
                add_scaled(&mut column, -along, q);
            }
        }
        let rest = dot(&column, &column).sqrt();
        if rest <= 16.0 * f64::EPSILON * norm {
            return false;
        }
        column.iter_mut().for_each(|v| *v /= rest);
        coefficients.push(rest);
        self.q.push(column);
        self.r.push(coefficients);
        true
    }

    /// Removes column `at`; rotations restore the triangle.
    pub(crate) fn remove(&mut self, at: usize) {
        self.r.remove(at);
        for t in at..self.r.len() {
            let (a, b) = (self.r[t][t], self.r[t][t + 1]);
            let h = a.hypot(b);
            let (c, s) = (a / h, b / h);
            for column in &mut self.r[t..] {
                let (upper, lower) = (column[t], column[t + 1]);
                column[t] = c * upper + s * lower;
                column[t + 1] = c * lower - s * upper;
            }
            self.r[t].pop();
            let (left, right) = self.q.split_at_mut(t + 1);
            for (upper, lower) in left[t].iter_mut().zip(&mut right[0]) {
                (*upper, *lower) = (c * *upper + s * *lower, c * *lower - s * *upper);
            }
        }
        self.q.pop();
    }

    /// (δr, δv) with δr + E δv = f and Eᵀ δr = g: least squares with both residuals given (Björck 1967).
    pub(crate) fn solve(&self, f: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let k = self.len();
        let mut c: Vec<f64> = Vec::with_capacity(k);
        let mut h: Vec<f64> = Vec::with_capacity(k);
        for t in 0..k {
            h.push((g[t] - dot(&self.r[t][..t], &h)) / self.r[t][t]);
            c.push(dot(&self.q[t], f) - h[t]);
        }
        let mut dr = f.to_vec();
        self.q.iter().zip(&c).for_each(|(q, c)| add_scaled(&mut dr, -c, q));
        self.back_substitute(&mut c);
        (dr, c)
    }

    /// Overwrites c by R⁻¹c.
    fn back_substitute(&self, c: &mut [f64]) {
        for t in (0..self.len()).rev() {
            c[t] /= self.r[t][t];
            let ct = c[t];
            add_scaled(&mut c[..t], -ct, &self.r[t][..t]);
        }
    }

    /// The pseudo-inverse R⁻¹Qᵀ, as its rows' transposes: column l is R⁻¹ times row l of Q.
    pub(crate) fn pseudo_inverse_columns(&self) -> Vec<Vec<f64>> {
        let rows = self.q.first().map_or(0, Vec::len);
        let column = |l: usize| {
            let mut c: Vec<f64> = self.q.iter().map(|q| q[l]).collect();
            self.back_substitute(&mut c);
            c
        };
        (0..rows).map(column).collect()
    }
}

/// Numerical rank of a set of vectors: Gram-Schmidt, always with the longest remainder next, down to 1e-10 of the first.
pub(crate) fn rank(mut vectors: Vec<Vec<f64>>) -> usize {
    let length = |v: &Vec<f64>| dot(v, v).sqrt();
    let mut first = None;
    for rank in 0..vectors.len() {
        let longest = (rank..vectors.len()).max_by(|&a, &b| length(&vectors[a]).total_cmp(&length(&vectors[b])));
        let Some(longest) = longest else { return rank };
        vectors.swap(rank, longest);
        let norm = length(&vectors[rank]);
        if norm <= 1e-10 * *first.get_or_insert(norm) {
            return rank;
        }
        let (done, rest) = vectors.split_at_mut(rank + 1);
        let pivot = &done[rank];
        for v in rest {
            let along = dot(pivot, v) / (norm * norm);
            add_scaled(v, -along, pivot);
        }
    }
    vectors.len()
}
