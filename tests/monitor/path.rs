//! The states of a descent in nalgebra's dense matrices, from nothing but their weights.

use implicit_bias::prelude::*;
use nalgebra::DMatrix;

/// One state of a path.
pub struct State {
    pub eta: f64,
    pub layers: Vec<DMatrix<f64>>,
    pub gradients: Vec<DMatrix<f64>>,
    pub risk: f64,
    pub margins: Vec<f64>,
    /// ∇R(w_prod).
    pub slope: DMatrix<f64>,
    pub product: DMatrix<f64>,
}

pub struct Path {
    pub data: Dataset,
    pub svm: MaxMargin,
    pub states: Vec<State>,
}

pub fn matrix(w: ArrayView2<f64>) -> DMatrix<f64> {
    DMatrix::from_row_iterator(w.nrows(), w.ncols(), w.iter().copied())
}

pub fn fro(w: &DMatrix<f64>) -> f64 {
    w.norm()
}

pub fn spectrum(w: &DMatrix<f64>) -> Vec<f64> {
    let mut values: Vec<f64> = w.clone().svd(false, false).singular_values.iter().copied().collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

pub fn tail(w: &DMatrix<f64>) -> f64 {
    spectrum(w)[1..].iter().map(|s| s * s).sum()
}

/// u₁ and v₁.
pub fn vectors(w: &DMatrix<f64>) -> (DMatrix<f64>, DMatrix<f64>) {
    let svd = w.clone().svd(true, true);
    let i = svd.singular_values.imax();
    let (u, v) = (svd.u.unwrap(), svd.v_t.unwrap());
    (DMatrix::from_columns(&[u.column(i)]), DMatrix::from_columns(&[v.row(i).transpose()]))
}

impl State {
    fn new(net: &Network, data: &Dataset, eta: f64) -> Self {
        let layers: Vec<_> = net.layers().map(matrix).collect();
        let product = layers.iter().rev().skip(1).fold(layers[layers.len() - 1].clone(), |row, w| row * w);
        let z = matrix(data.mirrored().view());
        let q = &z * product.transpose();
        let n = data.n() as f64;
        let risk = q.iter().map(|q| (-q).exp().ln_1p()).sum::<f64>() / n;
        let slopes = q.map(|q| -1.0 / (1.0 + q.exp()) / n);
        let slope = z.transpose() * slopes;
        // ∂R/∂W_k = (W_L⋯W_{k+1})ᵀ (W_{k−1}⋯W₁ ∇R(w))ᵀ.
        let identity = |d: usize| DMatrix::<f64>::identity(d, d);
        let gradients = (0..layers.len())
            .map(|k| {
                let above = layers[k + 1..].iter().rev().fold(identity(1), |row, w| row * w);
                let below = layers[..k].iter().fold(slope.clone(), |column, w| w * column);
                above.transpose() * below.transpose()
            })
            .collect();
        Self { eta, layers, gradients, risk, margins: q.iter().copied().collect(), slope, product }
    }

    pub fn m(&self) -> f64 {
        self.layers.iter().map(fro).fold(0.0, f64::max)
    }

    pub fn grad(&self) -> f64 {
        self.gradients.iter().map(|g| g.norm_squared()).sum::<f64>().sqrt()
    }

    pub fn imbalance(&self) -> Vec<DMatrix<f64>> {
        self.layers.windows(2).map(|p| p[1].transpose() * &p[1] - &p[0] * p[0].transpose()).collect()
    }
}

impl Path {
    /// The states of a descent by `rule`.
    pub fn of(rule: StepRule, start: &Network, data: &Dataset, steps: usize) -> Self {
        let mut descent = Descent::new(&Loss::Logistic.on(data), start, rule).unwrap();
        let mut states = vec![State::new(start, data, f64::NAN)];
        for _ in 0..steps {
            descent.step().unwrap();
            if descent.stopped().is_some() {
                break;
            }
            let eta = descent.at().step_size();
            states.push(State::new(descent.network(), data, eta));
        }
        Self { data: data.clone(), svm: MaxMargin::fit(data).unwrap(), states }
    }
}
