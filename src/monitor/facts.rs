//! What is known before the run: the numbers of W(0), of the data and of its maximum margin.

use super::balance::{self, Packed};
use super::kind::Monitor;
use crate::algebra::qr;
use crate::dataset::Dataset;
use crate::diagnose::write_top;
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::network::Network;
use crate::reference::MaxMargin;
use crate::risk::Risk;
use crate::theory::{imbalance_constant, lemma_3_alpha, lemma_4_threshold, smoothness_bound};

#[derive(Clone)]
pub(super) struct Facts {
    pub loss: Loss,
    pub margin: f64,
    /// ū, length d.
    pub direction: Vec<f64>,
    pub support_rank: usize,
    /// K of Lemma 4; infinite where the lemma does not apply.
    pub threshold: f64,
    /// W(0).
    pub start: Network,
    pub risk: f64,
    pub log_risk: f64,
    pub log_risk_at_zero: f64,
    /// D.
    pub imbalance: f64,
    /// F_k(0)².
    pub squares: Vec<f64>,
    /// ‖W_{k+1}(0)‖₂² + ‖W_k(0)‖₂².
    pub pairs: Vec<f64>,
    pub packed: Packed,
    /// A_k(0), packed.
    pub balance: Vec<f64>,
    /// ln β(1).
    pub log_beta: f64,
}

impl Facts {
    pub fn new(monitors: &[Monitor], risk: &Risk, start: &Network, svm: &MaxMargin) -> Result<Self> {
        let (loss, data) = risk.margins("Monitors::new(risk)")?;
        start.check_linear("Monitors::new(start)")?;
        if let Some(monitor) = monitors.iter().find(|m| m.wants_unit_data()) {
            data.check_unit(format_args!("Monitors::new, {monitor}"))?;
        }
        check_reference(data, svm)?;
        let at = risk.at(start)?;
        let imbalance = imbalance_constant(start)?;
        let depth = start.depth();
        let (mut squares, mut tops) = (Vec::with_capacity(depth), Vec::with_capacity(depth));
        for (k, pair) in (1..=depth).zip(start.widths().windows(2)) {
            let energies = write_top(start, k, false, &mut vec![0.0; pair[1]], &mut vec![0.0; pair[0]])?;
            squares.push(energies.square);
            tops.push(energies.top * energies.top);
        }
        let packed = Packed::new(start.widths());
        let mut balance = vec![0.0; packed.len()];
        balance::read(start, &packed, &mut balance);
        let threshold = if monitors.contains(&Monitor::Lemma4) { threshold(loss, data, svm)? } else { f64::INFINITY };
        let z = data.mirrored();
        Ok(Self {
            loss,
            margin: svm.margin(),
            direction: svm.direction().to_vec(),
            support_rank: qr::rank(svm.support().iter().map(|&i| z.row(i).to_vec()).collect()),
            threshold,
            start: start.clone(),
            risk: at.risk(),
            log_risk: at.log_risk(),
            log_risk_at_zero: loss.log_value_at_zero(),
            imbalance,
            squares,
            pairs: tops.windows(2).map(|pair| pair[0] + pair[1]).collect(),
            packed,
            balance,
            // Of the logistic loss for every loss: where another one breaks Assumption 4, its monitors must show it.
            log_beta: smoothness_bound(Loss::Logistic, depth, 1.0)?.ln(),
        })
    }
}

impl Facts {
    /// ln R of the ball whose β(R) is 1/η; infinite at depth 1, where β is the same for all R and the step is small enough.
    #[inline]
    pub fn log_radius(&self, log_eta: f64) -> f64 {
        let room = -log_eta - self.log_beta;
        match self.start.depth() {
            1 if room >= -1e-12 => f64::INFINITY,
            1 => f64::NEG_INFINITY,
            depth => room / (2 * depth - 2) as f64,
        }
    }
}

/// Refuses a maximum margin that is not the paper's ū of this data.
fn check_reference(data: &Dataset, svm: &MaxMargin) -> Result<()> {
    let what = "Monitors::new(svm)";
    if svm.direction().len() != data.d() {
        return Err(Error::shape(what, data.d(), svm.direction().len()));
    }
    if svm.intercept() != 0.0 {
        let expected = "the maximum margin through the origin (MaxMargin::fit)";
        return Err(Error::argument(what, expected, format_args!("an intercept of {}", svm.intercept())));
    }
    let Some(row) = svm.support().iter().find(|&&i| i >= data.n()) else {
        return Ok(());
    };
    let expected = format_args!("the maximum margin of this data, of {} rows", data.n());
    Err(Error::argument(what, expected, format_args!("a support vector in row {row}")))
}

/// K of Lemma 4, infinite where there is nothing aside of ū or Lemma 3 has no α > 0 to offer.
fn threshold(loss: Loss, data: &Dataset, svm: &MaxMargin) -> Result<f64> {
    if data.d() == 1 || !svm.spans() {
        return Ok(f64::INFINITY);
    }
    let alpha = lemma_3_alpha(data, svm)?;
    if alpha > 0.0 { lemma_4_threshold(loss, data.n(), alpha) } else { Ok(f64::INFINITY) }
}
