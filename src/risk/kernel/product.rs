//! The kernels of a linear network: rows B_k down the layers, one pass over the points, columns h_k back up.
//!
//! With B_k = W_L ⋯ W_{k+1} (a row) and h_k = W_k ⋯ W₁ ∇R(w_prod) (a column), the gradient of layer k is the rank-one
//! matrix ∂R/∂W_k = B_kᵀ h_{k−1}ᵀ (Ji & Telgarsky, §2.1). Hence one evaluation costs 2L products of a matrix and a vector
//! and one pass over the points, whatever the number of points is.

use super::pass::{Pass, Points, pass_on};
use crate::loss::Loss;
use crate::simd::{Lanes, Unit, dispatch};
use std::ops::Range;
use std::sync::Arc;

/// Where the vectors and the matrices of each layer stand in flat storage.
#[derive(Clone)]
pub(super) struct Places {
    widths: Vec<usize>,
    /// `position[k]..position[k + 1]` holds a vector of width d_k.
    position: Vec<usize>,
    /// Whether all widths but the last are 2, the size that most of the sources' experiments have, and all layers trained.
    pairs: bool,
    /// Which layers descent moves, W₁ first.
    trained: Vec<bool>,
}

impl Places {
    pub fn new(widths: &[usize], trained: &[bool]) -> Self {
        let mut position = vec![0];
        for w in widths {
            position.push(position[position.len() - 1] + w);
        }
        let pairs = widths[..widths.len() - 1].iter().all(|w| *w == 2) && widths[widths.len() - 1] == 1;
        Self {
            widths: widths.to_vec(),
            position,
            pairs: pairs && trained.iter().all(|t| *t),
            trained: trained.to_vec(),
        }
    }

    pub fn depth(&self) -> usize {
        self.widths.len() - 1
    }

    #[inline(always)]
    pub fn at(&self, k: usize) -> Range<usize> {
        self.position[k]..self.position[k + 1]
    }
}

/// A linear network's evaluation in flat storage.
#[derive(Clone)]
pub(crate) struct Product {
    loss: Loss,
    points: Arc<Points>,
    places: Places,
    back: Vec<f64>,
    fore: Vec<f64>,
}

impl Product {
    pub fn new(widths: &[usize], loss: Loss, points: Arc<Points>) -> Self {
        let total = widths.iter().sum();
        let places = Places::new(widths, &vec![true; widths.len() - 1]);
        Self { loss, points, places, back: vec![0.0; total], fore: vec![0.0; total] }
    }

    /// Takes these `rows` of the points of `from`, as many as there is room for exactly.
    pub fn pick(&mut self, from: &Self, rows: &[usize]) {
        Arc::make_mut(&mut self.points).pick(&from.points, rows);
    }

    /// Descends only the layers that `trained` says, W₁ first.
    pub fn train(&mut self, trained: &[bool]) {
        self.places = Places::new(&self.places.widths, trained);
    }

    pub fn unit(&self) -> Unit {
        self.points.unit
    }

    /// Whether the margins are in range, and (‖∇R‖ e^shift)².
    #[inline]
    pub fn update(&mut self, w: &[f64], risk: bool, pass: &mut Pass) -> (bool, f64) {
        evaluate(self.points.unit, &self.places, w, &self.points, self.loss, risk, pass, &mut self.back, &mut self.fore)
    }

    /// w − `coefficient` · gradient, written to `to`; whether a weight changed.
    #[inline]
    pub fn descend(&self, w: &[f64], coefficient: f64, to: &mut [f64]) -> bool {
        descend(self.points.unit, &self.places, w, &self.back, &self.fore, coefficient, to)
    }

    /// B_k, of width d_k; B₀ is w_prod.
    pub fn back(&self, k: usize) -> &[f64] {
        &self.back[self.places.at(k)]
    }

    /// h_k, of width d_k; h₀ is ∇R(w_prod).
    pub fn fore(&self, k: usize) -> &[f64] {
        &self.fore[self.places.at(k)]
    }

    /// All B_k, and all h_k, one after the other; h_L means nothing.
    pub fn factors(&self) -> (&[f64], &[f64]) {
        (&self.back, &self.fore)
    }

    /// Whether layer k descends.
    pub fn is_trained(&self, k: usize) -> bool {
        self.places.trained[k - 1]
    }

    /// The layers that descend, counted from 1.
    pub fn trained(&self) -> impl Iterator<Item = usize> {
        (1..=self.places.depth()).filter(|k| self.is_trained(*k))
    }
}

dispatch! {
    /// Fills `back` with B_k, `pass` with margins and slopes and `fore` with h_k, all without the factor e^−shift.
    /// Returns whether the margins are in range, and (‖∇R‖ e^shift)².
    fn evaluate = evaluate_on(
        places: &Places, w: &[f64], points: &Points, loss: Loss, risk: bool, pass: &mut Pass, back: &mut [f64], fore: &mut [f64],
    ) -> (bool, f64)
}

#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn evaluate_on<L: Lanes>(
    places: &Places,
    w: &[f64],
    points: &Points,
    loss: Loss,
    risk: bool,
    pass: &mut Pass,
    back: &mut [f64],
    fore: &mut [f64],
) -> (bool, f64) {
    // Pairs of rows and columns with a length known to the compiler; the order of operations is the same.
    if places.pairs {
        back_pairs(w, back);
        let in_range = pass_on::<L>(points, loss, risk, &back[..2], pass, &mut fore[..2]);
        return (in_range, fore_pairs(w, back, fore));
    }
    back_any(places, w, back);
    let in_range = pass_on::<L>(points, loss, risk, &back[places.at(0)], pass, &mut fore[places.at(0)]);
    (in_range, fore_any(places, w, back, fore))
}

#[inline(always)]
fn back_any(places: &Places, w: &[f64], back: &mut [f64]) {
    let depth = places.depth();
    back[places.position[depth]] = 1.0;
    let mut end = w.len();
    for k in (1..=depth).rev() {
        let (rows, cols) = (places.widths[k], places.widths[k - 1]);
        let start = end - rows * cols;
        let (low, high) = back.split_at_mut(places.position[k]);
        let (b, out) = (&high[..rows], &mut low[places.position[k - 1]..]);
        for (i, (b, row)) in b.iter().zip(w[start..end].chunks_exact(cols)).enumerate() {
            for (o, w) in out.iter_mut().zip(row) {
                *o = if i == 0 { b * w } else { b.mul_add(*w, *o) };
            }
        }
        end = start;
    }
}

#[inline(always)]
fn back_pairs(w: &[f64], back: &mut [f64]) {
    let (matrices, last) = w.as_chunks::<4>();
    let (pairs, one) = back.as_chunks_mut::<2>();
    let (&[a, b], [one]) = (last, one) else { unreachable!("pairs: the last layer is 1 × 2, the output one number") };
    *one = 1.0;
    let mut row = [a, b];
    let mut out = pairs.iter_mut().rev();
    if let Some(out) = out.next() {
        *out = row;
    }
    for (m, out) in matrices.iter().rev().zip(out) {
        row = [row[1].mul_add(m[2], row[0] * m[0]), row[1].mul_add(m[3], row[0] * m[1])];
        *out = row;
    }
}

#[inline(always)]
fn fore_any(places: &Places, w: &[f64], back: &[f64], fore: &mut [f64]) -> f64 {
    let depth = places.depth();
    let (mut total, mut start) = (0.0, 0);
    for k in 1..=depth {
        let (rows, cols) = (places.widths[k], places.widths[k - 1]);
        if places.trained[k - 1] {
            total = squares(&back[places.at(k)]).mul_add(squares(&fore[places.at(k - 1)]), total);
        }
        if k < depth {
            let (low, high) = fore.split_at_mut(places.position[k]);
            let h = &low[places.position[k - 1]..];
            for (o, row) in high[..rows].iter_mut().zip(w[start..].chunks_exact(cols)) {
                *o = row.iter().zip(h).fold(0.0, |sum, (w, h)| w.mul_add(*h, sum));
            }
        }
        start += rows * cols;
    }
    total
}

#[inline(always)]
fn fore_pairs(w: &[f64], back: &[f64], fore: &mut [f64]) -> f64 {
    let (matrices, _) = w.as_chunks::<4>();
    let (rows, _) = back.as_chunks::<2>();
    let (columns, _) = fore.as_chunks_mut::<2>();
    let length = |v: [f64; 2]| v[1].mul_add(v[1], v[0].mul_add(v[0], 0.0));
    let mut h = columns[0];
    let mut total = 0.0_f64;
    for ((m, b), out) in matrices.iter().zip(&rows[1..]).zip(&mut columns[1..]) {
        total = length(*b).mul_add(length(h), total);
        h = [m[1].mul_add(h[1], m[0].mul_add(h[0], 0.0)), m[3].mul_add(h[1], m[2].mul_add(h[0], 0.0))];
        *out = h;
    }
    1.0_f64.mul_add(length(h), total)
}

dispatch! {
    /// Writes w − `coefficient` B_kᵀ h_{k−1}ᵀ, layer after layer, to `to`; whether that is another number anywhere.
    fn descend = descend_on(
        places: &Places, w: &[f64], back: &[f64], fore: &[f64], coefficient: f64, to: &mut [f64],
    ) -> bool
}

#[inline(always)]
fn descend_on<L: Lanes>(
    places: &Places,
    w: &[f64],
    back: &[f64],
    fore: &[f64],
    coefficient: f64,
    to: &mut [f64],
) -> bool {
    let mut changed = false;
    if places.pairs {
        let (rows, one) = back.as_chunks::<2>();
        let (columns, _) = fore.as_chunks::<2>();
        let each_row = rows[1..].as_flattened().iter().chain(one);
        // Layer k has d_k rows; all rows of layer k share the column h_{k−1}.
        let each_column = columns.iter().flat_map(|h| [h, h]);
        let (from, to) = (w.as_chunks::<2>().0, to.as_chunks_mut::<2>().0);
        for (((b, h), from), to) in each_row.zip(each_column).zip(from).zip(to) {
            let c = -coefficient * b;
            *to = [c.mul_add(h[0], from[0]), c.mul_add(h[1], from[1])];
            changed |= (to[0] != from[0]) | (to[1] != from[1]);
        }
        return changed;
    }
    let (mut from, mut to) = (w, to);
    for k in 1..=places.depth() {
        let h = &fore[places.at(k - 1)];
        for b in &back[places.at(k)] {
            let c = if places.trained[k - 1] { -coefficient * b } else { 0.0 };
            let (now, later) = from.split_at(h.len());
            let (out, rest) = to.split_at_mut(h.len());
            for ((to, from), h) in out.iter_mut().zip(now).zip(h) {
                *to = c.mul_add(*h, *from);
                changed |= to != from;
            }
            (from, to) = (later, rest);
        }
    }
    changed
}

#[inline(always)]
fn squares(v: &[f64]) -> f64 {
    v.iter().fold(0.0, |sum, x| x.mul_add(*x, sum))
}
