//! A_k = W_{k+1}ᵀW_{k+1} − W_kW_kᵀ for all k in one flat vector, each by the rows of its upper triangle.

use crate::network::Network;

/// Where each A_k stands.
#[derive(Clone)]
pub(super) struct Packed {
    /// (d_k, where A_k begins) for k = 1 … L−1, and where the last one ends.
    layers: Vec<(usize, usize)>,
    len: usize,
}

impl Packed {
    pub fn new(widths: &[usize]) -> Self {
        let (mut layers, mut len) = (Vec::new(), 0);
        for &d in &widths[1..widths.len() - 1] {
            layers.push((d, len));
            len += d * (d + 1) / 2;
        }
        Self { layers, len }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// (k, d_k, range) for k = 1 … L−1.
    #[inline]
    pub fn layers(&self) -> impl Iterator<Item = (usize, usize, std::ops::Range<usize>)> {
        self.layers.iter().enumerate().map(|(i, &(d, first))| (i + 1, d, first..first + d * (d + 1) / 2))
    }
}

/// Writes all A_k of `net`.
#[inline]
pub(super) fn read(net: &Network, packed: &Packed, out: &mut [f64]) {
    for (k, d, range) in packed.layers() {
        let (below, above, out) = (net.weights(k), net.weights(k + 1), &mut out[range]);
        if let (2, [p, q, r]) = (d, &mut *out) {
            let gram =
                |rows: &[[f64; 2]]| rows.iter().fold([0.0; 3], |[p, q, r], [a, b]| [p + a * a, q + a * b, r + b * b]);
            let above = gram(above.as_chunks::<2>().0);
            let (upper, lower) = below.split_at(below.len() / 2);
            let below = upper.iter().zip(lower).fold([0.0; 3], |[p, q, r], (a, b)| [p + a * a, q + a * b, r + b * b]);
            (*p, *q, *r) = (above[0] - below[0], above[1] - below[1], above[2] - below[2]);
            continue;
        }
        out.fill(0.0);
        for row in above.chunks_exact(d) {
            add_square(out, 1.0, row);
        }
        let columns = below.len() / d;
        let rows = || below.chunks_exact(columns);
        let mut slots = out.iter_mut();
        for (i, a) in rows().enumerate() {
            for (b, slot) in rows().skip(i).zip(slots.by_ref()) {
                *slot -= a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
            }
        }
    }
}

/// `out` += `weight` · v vᵀ, packed.
#[inline]
pub(super) fn add_square(out: &mut [f64], weight: f64, v: &[f64]) {
    let mut out = out;
    for (i, a) in v.iter().enumerate() {
        let (row, rest) = out.split_at_mut(v.len() - i);
        let t = weight * a;
        for (slot, b) in row.iter_mut().zip(&v[i..]) {
            *slot += t * b;
        }
        out = rest;
    }
}

/// ‖S‖_F² of a packed symmetric S of size d whose i-th packed entry is `entry(i)`.
#[inline]
pub(super) fn square(d: usize, entry: impl Fn(usize) -> f64) -> f64 {
    let (mut sum, mut i) = (0.0, 0);
    for row in 0..d {
        let diagonal = entry(i);
        sum += diagonal * diagonal;
        for j in 1..d - row {
            let v = entry(i + j);
            sum += 2.0 * v * v;
        }
        i += d - row;
    }
    sum
}
