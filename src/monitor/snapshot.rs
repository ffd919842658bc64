//! What is read of one state, in place.

use super::balance;
use super::facts::Facts;
use super::needs::Needs;
use crate::algebra::vector::ORDINARY;
use crate::descent::{At, StepSize};
use crate::diagnose::write_top;
use crate::error::Result;

/// One state's numbers. Room is made once; what the monitors do not need is left as it was.
#[derive(Clone)]
pub(super) struct Snapshot {
    /// `position[k]..position[k + 1]` holds a vector of width d_k.
    position: Vec<usize>,
    pub eta: StepSize,
    pub log_eta: f64,
    pub log_risk: f64,
    /// s, e^−s, R e^s and (‖∇R‖ e^s)².
    pub shift: f64,
    pub decay: f64,
    pub mean_loss: f64,
    pub grad_squared: f64,
    /// F_k².
    pub squares: Vec<f64>,
    /// M².
    pub largest: f64,
    /// ln M.
    pub log_norm: f64,
    /// σ_k².
    pub tops: Vec<f64>,
    /// F_k² − σ_k².
    pub tails: Vec<f64>,
    left: Vec<f64>,
    right: Vec<f64>,
    /// A_k.
    pub balance: Vec<f64>,
    pub params: Vec<f64>,
    back: Vec<f64>,
    fore: Vec<f64>,
}

impl Snapshot {
    pub fn new(facts: &Facts) -> Self {
        let widths = facts.start.widths();
        let mut position = vec![0];
        for w in widths {
            position.push(position[position.len() - 1] + w);
        }
        let (depth, total) = (facts.start.depth(), widths.iter().sum());
        let (layers, vectors) = (vec![f64::NAN; depth], vec![f64::NAN; total]);
        let eta = StepSize::plain(f64::NAN);
        Self {
            position,
            eta,
            log_eta: f64::NAN,
            log_risk: f64::NAN,
            shift: f64::NAN,
            decay: f64::NAN,
            mean_loss: f64::NAN,
            grad_squared: f64::NAN,
            squares: layers.clone(),
            largest: f64::NAN,
            log_norm: f64::NAN,
            tops: layers.clone(),
            tails: layers,
            left: vectors.clone(),
            right: vectors.clone(),
            balance: facts.balance.clone(),
            params: facts.start.params().to_vec(),
            back: vectors.clone(),
            fore: vectors,
        }
    }

    /// Reads what `needs` says; `before` is the state before, whose ln η may serve again.
    #[inline]
    pub fn read(&mut self, at: &At<'_>, before: &Self, facts: &Facts, needs: Needs) -> Result<()> {
        let net = at.network;
        self.eta = at.last_size;
        self.log_eta = if self.eta == before.eta { before.log_eta } else { self.eta.ln() };
        (self.shift, self.decay, self.mean_loss) = (at.shift(), at.decay(), at.mean_loss());
        self.grad_squared = at.scaled_grad_squared();
        if needs.risk {
            self.log_risk = at.log_risk();
        }
        for k in 1..=net.depth() {
            if !needs.spectra {
                self.squares[k - 1] = net.weights(k).iter().map(|w| w * w).sum();
                continue;
            }
            let left = &mut self.left[self.position[k]..self.position[k + 1]];
            let right = &mut self.right[self.position[k - 1]..self.position[k]];
            let energies = write_top(net, k, needs.vectors, left, right)?;
            self.squares[k - 1] = energies.square;
            self.tops[k - 1] = energies.top * energies.top;
            self.tails[k - 1] = energies.tail;
        }
        self.largest = self.squares.iter().fold(0.0, |m, s| if *s > m { *s } else { m });
        if needs.log_norm {
            self.log_norm = if ORDINARY.contains(&self.largest) { 0.5 * self.largest.ln() } else { log_norm(net) };
        }
        if needs.balance {
            balance::read(net, &facts.packed, &mut self.balance);
        }
        if needs.gradients {
            self.params.copy_from_slice(net.params());
            if let Some((back, fore)) = at.factors() {
                self.back.copy_from_slice(back);
                self.fore.copy_from_slice(fore);
            }
        }
        Ok(())
    }

    /// B_k, of width d_k.
    #[inline]
    pub fn back(&self, k: usize) -> &[f64] {
        &self.back[self.position[k]..self.position[k + 1]]
    }

    /// h_k, of width d_k.
    #[inline]
    pub fn fore(&self, k: usize) -> &[f64] {
        &self.fore[self.position[k]..self.position[k + 1]]
    }

    /// u_k, of width d_k.
    #[inline]
    pub fn left(&self, k: usize) -> &[f64] {
        &self.left[self.position[k]..self.position[k + 1]]
    }

    /// v_k, of width d_{k−1}.
    #[inline]
    pub fn right(&self, k: usize) -> &[f64] {
        &self.right[self.position[k - 1]..self.position[k]]
    }
}

/// ln max_k ‖W_k‖_F where the squares leave the range.
#[cold]
fn log_norm(net: &crate::network::Network) -> f64 {
    let norm = |k| log_length(net.weights(k));
    (1..=net.depth()).map(norm).fold(f64::NEG_INFINITY, f64::max)
}

/// ln ‖v‖, by its largest entry where the square leaves the range.
#[inline]
pub(super) fn log_length(v: &[f64]) -> f64 {
    let square: f64 = v.iter().map(|x| x * x).sum();
    if ORDINARY.contains(&square) {
        return 0.5 * square.ln();
    }
    let largest = v.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    if largest == 0.0 {
        return f64::NEG_INFINITY;
    }
    largest.ln() + 0.5 * v.iter().map(|x| (x / largest) * (x / largest)).sum::<f64>().ln()
}
