//! Every monitor once more, by plain dense algebra with nalgebra's SVD.

use super::path::{Path, State, fro, spectrum, tail, vectors};
use implicit_bias::prelude::*;
use nalgebra::DMatrix;

const BETA_PLUS_G: f64 = 1.25;

/// (left, right, slack).
pub type Sides = (f64, f64, f64);

fn logs(left: f64, right: f64) -> Option<Sides> {
    let scale = if right.is_finite() { right.abs().max(1.0) } else { 1.0 };
    Some((left, right, (right - left) / scale))
}

fn scaled(left: f64, right: f64, scale: f64) -> Option<Sides> {
    Some((left, right, (right - left) / scale))
}

fn worst(sides: impl Iterator<Item = Option<Sides>>) -> Option<Sides> {
    sides.flatten().min_by(|a, b| a.2.total_cmp(&b.2))
}

impl Path {
    fn d(&self) -> f64 {
        let start = &self.states[0];
        let f: Vec<f64> = start.layers.iter().map(fro).collect();
        let pairs: f64 = start.imbalance().iter().map(|a| spectrum(a)[0]).sum();
        start.m().powi(2) - f[f.len() - 1].powi(2) + pairs
    }

    fn depth(&self) -> i32 {
        self.states[0].layers.len() as i32
    }

    fn beta(&self, radius: f64) -> f64 {
        2.0 * f64::from(self.depth()).powi(2) * radius.powi(2 * self.depth() - 2) * BETA_PLUS_G
    }

    /// R with β(R) = 1/η.
    fn radius(&self, eta: f64) -> f64 {
        (1.0 / (eta * self.beta(1.0))).powf(1.0 / f64::from(2 * self.depth() - 2))
    }

    fn epsilon(&self, radius: f64) -> f64 {
        let delta = 2.0 * (2.0_f64.ln() - self.states[1].risk);
        self.svm.margin() * delta / radius / (1.0 + radius.powi(self.depth()).exp())
    }

    /// ‖W_{k+1}(0)‖₂² + ‖W_k(0)‖₂² for k = 1 ….
    fn pairs(&self) -> Vec<f64> {
        let tops: Vec<f64> = self.states[0].layers.iter().map(|w| spectrum(w)[0].powi(2)).collect();
        tops.windows(2).map(|p| p[0] + p[1]).collect()
    }

    fn rank(&self, t: usize, bound: f64) -> Option<Sides> {
        let s = &self.states[t];
        scaled(s.layers.iter().map(tail).fold(0.0, f64::max), bound, s.m().powi(2))
    }

    fn alignment(&self, t: usize, bound: f64) -> Option<Sides> {
        let s = &self.states[t];
        worst(s.layers.windows(2).zip(self.pairs()).map(|(p, pair)| {
            let (u, v) = (vectors(&p[0]).0, vectors(&p[1]).1);
            let sine = 1.0 - u.dot(&v).powi(2);
            scaled(spectrum(&p[1])[0].powi(2) * sine, bound + pair, s.m().powi(2))
        }))
    }

    fn product(&self, t: usize, rank: f64, aligned: f64) -> Option<Sides> {
        let s = &self.states[t];
        let f2: Vec<f64> = s.layers.iter().map(|w| w.norm_squared()).collect();
        let rho: f64 = f2.iter().map(|f2| (1.0 - rank / f2).max(0.0).sqrt()).product();
        let cosines: f64 = (s.layers[1..].iter().zip(self.pairs()))
            .map(|(w, pair)| (1.0 - (aligned + pair) / spectrum(w)[0].powi(2)).max(0.0).sqrt())
            .product();
        let inner = f2.len().saturating_sub(1).max(1);
        let rest: f64 = f2[1..inner].iter().map(|f2| 1.0 + (rank / f2).sqrt()).product();
        let left = rho * cosines - (rest - 1.0);
        let right = (&s.product * vectors(&s.layers[0]).1)[0].abs() / f2.iter().map(|f2| f2.sqrt()).product::<f64>();
        (left > 0.0).then_some((left, right, right - left))
    }

    /// Both sides of `monitor` at the t-th state.
    pub fn sides(&self, monitor: Monitor, t: usize) -> Option<Sides> {
        let (start, s) = (&self.states[0], &self.states[t]);
        let before = t.checked_sub(1).map(|t| &self.states[t]);
        let (depth, r0) = (self.depth(), start.risk);
        let squares = |s: &State| -> Vec<f64> { s.layers.iter().map(|w| w.norm_squared()).collect() };
        let identity = |v: f64| Some((v, 0.0, -v));
        let d = self.d();
        match monitor {
            Monitor::Assumption2 => logs(s.risk.ln(), 2.0_f64.ln().ln()),
            Monitor::Assumption3 if t > 0 => None,
            Monitor::Assumption3 => {
                let rows: Vec<_> = self.svm.support().iter().map(|&i| self.data.x().row(i).to_vec()).collect();
                let x = DMatrix::from_fn(rows.len(), rows[0].len(), |i, j| rows[i][j]);
                scaled(rows[0].len() as f64, x.rank(1e-8) as f64, 1.0)
            }
            Monitor::Assumption4 => {
                let sigmoid = |q: f64| 1.0 / (1.0 + q.exp());
                let ratio = |&q: &f64| sigmoid(q).max(4.0 * sigmoid(q) * sigmoid(-q)).ln();
                logs(s.margins.iter().map(ratio).fold(f64::NEG_INFINITY, f64::max), 0.0)
            }
            Monitor::Assumption5 => {
                let before = before?;
                if depth == 1 {
                    return logs(s.eta.ln(), -self.beta(1.0).ln());
                }
                let reach = logs(s.m().max(before.m()).max(1.0).ln(), self.radius(s.eta).ln());
                let kept = before.eta.is_nan() || before.eta == s.eta || before.m() > self.radius(before.eta) - 1.0;
                let change = if kept { None } else { logs((s.eta / before.eta).ln().abs(), 0.0) };
                worst([reach, change].into_iter())
            }
            Monitor::RiskFalls => logs(s.risk.ln(), before?.risk.ln()),
            Monitor::Eq2 => {
                let pairs = s.imbalance().into_iter().zip(start.imbalance());
                identity(pairs.map(|(a, b)| (a - b).norm()).reduce(f64::max)? / s.m().powi(2))
            }
            Monitor::Eq3 => {
                let pairs = s.imbalance().into_iter().zip(start.imbalance());
                identity(pairs.map(|(a, b)| (a - b).trace().abs()).reduce(f64::max)? / s.m().powi(2))
            }
            Monitor::Lemma1 if t == 0 => None,
            Monitor::Lemma1 => logs(self.epsilon(s.m()).ln(), s.gradients[0].norm().ln()),
            Monitor::Lemma2Rank => self.rank(t, d),
            Monitor::Lemma2Alignment => self.alignment(t, d),
            Monitor::Lemma2Product => self.product(t, d, d),
            Monitor::Lemma4 => {
                let u = DMatrix::from_iterator(self.svm.direction().len(), 1, self.svm.direction().iter().copied());
                let w = s.product.transpose();
                let aside = &w - &u * w.dot(&u);
                let alpha = lemma_3_alpha(&self.data, &self.svm).unwrap();
                let threshold = 2.0 * self.data.n() as f64 / (std::f64::consts::E * alpha);
                if w.dot(&u) < 0.0 || aside.norm() < threshold {
                    return None;
                }
                scaled(0.0, aside.dot(&s.slope) / aside.norm() / s.slope.norm(), 1.0)
            }
            Monitor::Eq4 => {
                let before = before?;
                logs(s.risk.ln(), (before.risk - 0.5 * s.eta * before.grad().powi(2)).max(0.0).ln())
            }
            Monitor::Lemma5 => {
                let before = before?;
                let difference = |a: &[DMatrix<f64>], b: &[DMatrix<f64>]| {
                    a.iter().zip(b).map(|(a, b)| (a - b).norm_squared()).sum::<f64>().sqrt()
                };
                let radius = s.m().max(before.m()).max(1.0);
                let right = self.beta(radius) * difference(&s.layers, &before.layers);
                logs(difference(&s.gradients, &before.gradients).ln(), right.ln())
            }
            Monitor::Lemma6 => {
                if t == 0 || depth == 1 {
                    return None;
                }
                let (eta, radius) = (s.eta, self.radius(s.eta));
                let stays = self.states[..=t].iter().all(|s| s.m() <= radius);
                let same = self.states[1..=t].iter().all(|s| s.eta == eta);
                if radius < 1.0 || !stays || !same {
                    return None;
                }
                logs((t as f64).ln(), (1.0 + 2.0 / eta * r0 / self.epsilon(radius).powi(2)).ln())
            }
            Monitor::Lemma7Time => {
                before?;
                let pairs = s.layers.iter().zip(&start.layers);
                let square: f64 = pairs.map(|(a, b)| (a - b).norm_squared()).sum();
                let time: f64 = self.states[1..=t].iter().map(|s| s.eta).sum();
                logs((square / (2.0 * r0)).ln(), time.ln())
            }
            Monitor::Lemma7Ball => {
                before?;
                let radius = self.states[..t].iter().map(State::m).fold(0.0, f64::max);
                let time: f64 = self.states[1..=t].iter().map(|s| s.eta).sum();
                logs(time.ln(), (self.states[1].eta + 2.0 * r0 / self.epsilon(radius).powi(2)).ln())
            }
            Monitor::Lemma7Growth => {
                let pairs = s.layers.iter().zip(&before?.layers);
                let most = pairs.map(|(a, b)| fro(a) - fro(b)).fold(f64::NEG_INFINITY, f64::max);
                scaled(most, 1.0, s.m().max(1.0))
            }
            Monitor::Lemma8Rank => self.rank(t, d + 2.0 * r0),
            Monitor::Lemma8Alignment => self.alignment(t, d + 3.0 * r0),
            Monitor::Lemma8Product => self.product(t, d + 2.0 * r0, d + 3.0 * r0),
            Monitor::Lemma8Identity => {
                let (now, first) = (s.imbalance(), start.imbalance());
                let deviation = |k: usize| {
                    let mut moved = &now[k] - &first[k];
                    for pair in self.states[..=t].windows(2) {
                        let (g, square) = (&pair[0].gradients, pair[1].eta.powi(2));
                        moved -= square * (g[k + 1].transpose() * &g[k + 1] - &g[k] * g[k].transpose());
                    }
                    moved.norm()
                };
                identity((0..now.len()).map(deviation).reduce(f64::max)? / s.m().powi(2))
            }
            Monitor::Lemma8Traces => {
                before?;
                let terms = self.states[..=t].windows(2).map(|p| (p[1].eta * p[0].grad()).powi(2));
                scaled(terms.sum(), 2.0 * r0 - 2.0 * s.risk, 2.0 * r0)
            }
            Monitor::Eq37 => {
                if depth == 1 {
                    return None;
                }
                let grown: Vec<f64> = squares(s).iter().zip(squares(start)).map(|(a, b)| a - b).collect();
                let pairs = grown.iter().flat_map(|a| grown.iter().map(move |b| (a - b).abs()));
                scaled(pairs.fold(0.0, f64::max), 2.0 * r0, s.m().powi(2))
            }
            other => panic!("no oracle for {other}"),
        }
    }
}
