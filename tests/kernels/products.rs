//! Against plain triple loops in the order that the module promises, and against ndarray within the bound on rounding.

use crate::matmul::{Dense, Scratch, stride};
use crate::simd::{Block, Unit};
use ndarray::{Array1, Array2, Axis};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// (n, rows, cols): every remainder of a tile, and inner indices beyond one panel for each product.
const SIZES: [(usize, usize, usize); 13] = [
    (1, 1, 1),
    (7, 8, 9),
    (8, 17, 1),
    (9, 1, 17),
    (17, 9, 7),
    (24, 24, 24),
    (25, 6, 31),
    (33, 14, 3),
    (200, 3, 256),
    (200, 256, 3),
    (40, 13, 300),
    (31, 300, 5),
    (531, 11, 26),
];

/// Layer, weights, bias, inputs and gradients, one point a column.
struct Case {
    n: usize,
    w: Array2<f64>,
    bias: Array1<f64>,
    x: Array2<f64>,
    g: Array2<f64>,
}

impl Case {
    fn new((n, rows, cols): (usize, usize, usize)) -> Self {
        let rng = &mut ChaCha8Rng::seed_from_u64(3);
        let w = Array2::random_using((rows, cols), StandardNormal, rng);
        let bias = Array1::random_using(rows, StandardNormal, rng);
        let x = Array2::random_using((cols, n), StandardNormal, rng);
        let g = Array2::random_using((rows, n), StandardNormal, rng);
        Self { n, w, bias, x, g }
    }

    fn layer(&self, unit: Unit) -> Dense {
        Dense { unit, rows: self.w.nrows(), cols: self.w.ncols(), stride: stride(self.n) }
    }

    /// W x + b, Wᵀ g and g xᵀ; points in blocks before and from `cut`, rows before and from `row`.
    fn products(&self, unit: Unit, cut: usize, row: usize) -> [Array2<f64>; 3] {
        let (layer, scratch) = (self.layer(unit), &mut Scratch::new());
        let Dense { rows, cols, stride, .. } = layer;
        let (w, bias) = (self.w.as_slice().unwrap(), self.bias.as_slice().unwrap());
        let (x, g) = (blocks(&self.x, stride), blocks(&self.g, stride));
        let (mut out, mut back) = (vec![Block::ZERO; rows * stride], vec![Block::ZERO; cols * stride]);
        let mut dw = vec![f64::NAN; rows * cols];
        for part in [0..cut, cut..self.n.div_ceil(8)] {
            layer.forward(w, Some(bias), &x, &mut out, part.clone(), scratch);
            layer.backward(w, 0..cols, &g, &mut back, part, scratch);
        }
        for part in [0..row, row..rows] {
            let layer = Dense { rows: part.len(), ..layer };
            layer.weight_gradient(&g[part.start * stride..], &x, self.n, false, &mut dw[part.start * cols..], scratch);
        }
        [points(&out, rows, self.n), points(&back, cols, self.n), Array2::from_shape_vec((rows, cols), dw).unwrap()]
    }
}

/// Lanes past the points hold NaN: no product may let them reach a point.
fn blocks(m: &Array2<f64>, stride: usize) -> Vec<Block> {
    let mut blocks = vec![Block([f64::NAN; 8]); m.nrows() * stride];
    for ((s, i), v) in m.indexed_iter() {
        blocks[s * stride + i / 8].0[i % 8] = *v;
    }
    blocks
}

fn points(blocks: &[Block], rows: usize, n: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, n), |(s, i)| blocks[s * stride(n) + i / 8].0[i % 8])
}

fn triple(a: &Array2<f64>, b: &Array2<f64>, start: &Array1<f64>) -> Array2<f64> {
    Array2::from_shape_fn((a.nrows(), b.ncols()), |(r, c)| {
        (0..a.ncols()).fold(start[r], |sum, k| a[(r, k)].mul_add(b[(k, c)], sum))
    })
}

fn units() -> Vec<Unit> {
    let mut units = vec![Unit::Plain];
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            units.push(Unit::Avx2);
        }
        if is_x86_feature_detected!("avx512f") {
            units.push(Unit::Avx512);
        }
    }
    units
}

fn bits(m: &Array2<f64>) -> Array2<u64> {
    m.mapv(f64::to_bits)
}

#[test]
fn every_unit_and_every_split_give_the_bits_of_three_loops() {
    for size in SIZES {
        let case = Case::new(size);
        let (n, rows, cols) = size;
        let expected = [
            triple(&case.w, &case.x, &case.bias),
            triple(&case.w.t().to_owned(), &case.g, &Array1::zeros(cols)),
            triple(&case.g, &case.x.t().to_owned(), &Array1::zeros(rows)),
        ];
        for unit in units() {
            for (cut, row) in [(0, 0), (n.div_ceil(8) / 2, rows / 2), (n.div_ceil(8), rows)] {
                let got = case.products(unit, cut, row);
                for (product, (got, expected)) in got.iter().zip(&expected).enumerate() {
                    assert_eq!(bits(got), bits(expected), "{unit:?}, {size:?}, product {product}, cut at {cut}, {row}");
                }
            }
        }
    }
}

#[test]
fn products_agree_with_ndarray_within_the_bound_on_rounding() {
    for size in SIZES {
        let case = Case::new(size);
        let bias = case.bias.view().insert_axis(Axis(1));
        let sizes = [&case.w, &case.x, &case.g].map(|m| m.mapv(f64::abs));
        let expected = [&(case.w.dot(&case.x)) + &bias, case.w.t().dot(&case.g), case.g.dot(&case.x.t())];
        let scales =
            [sizes[0].dot(&sizes[1]) + bias.mapv(f64::abs), sizes[0].t().dot(&sizes[2]), sizes[2].dot(&sizes[1].t())];
        let depths = [size.2 + 1, size.1, size.0];
        let got = case.products(Unit::detect(), 0, 0);
        for p in 0..3 {
            // Twice γₖ = k u/(1 − k u), as both sides round (Higham, Accuracy and Stability, eq. 3.5).
            let bound = &scales[p] * (1.01 * depths[p] as f64 * f64::EPSILON);
            let error = (&got[p] - &expected[p]).mapv(f64::abs);
            assert!(error.iter().zip(&bound).all(|(e, b)| e <= b), "{size:?}, product {p}");
            // The bound would notice a relative error of 1e-9.
            let wrong = (&got[p] - &expected[p] * (1.0 + 1e-9)).mapv(f64::abs);
            assert!(wrong.iter().zip(&bound).any(|(e, b)| e > b), "{size:?}, product {p}");
        }
    }
}

#[test]
fn a_layer_without_bias_starts_from_zero() {
    let case = Case::new((17, 9, 7));
    let layer = case.layer(Unit::detect());
    let mut out = vec![Block([f64::NAN; 8]); layer.rows * layer.stride];
    let (w, x) = (case.w.as_slice().unwrap(), blocks(&case.x, layer.stride));
    layer.forward(w, None, &x, &mut out, 0..3, &mut Scratch::new());
    assert_eq!(bits(&points(&out, 9, 17)), bits(&triple(&case.w, &case.x, &Array1::zeros(9))));
}
