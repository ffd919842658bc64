//! Which solution does gradient descent prefer, among all that fit? Compact functions to train, to measure and to decide,
//! made to be imported into Jupyter notebooks through the evcxr kernel.
//!
//! # A tour
//! A notebook builds data, a network and a reference solution, descends while a probe keeps one row per step, draws the
//! rows and ends in a computed verdict.
//!
//! ```
//! use implicit_bias::prelude::*;
//!
//! // Forty points of the plane with margin 0.2, and the direction that achieves it, certified.
//! let data = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 }.sample(7)?;
//! let svm = MaxMargin::fit(&data)?;
//! assert!(svm.gap() < 1e-10);
//!
//! // Four linear layers, and what to keep of each step.
//! let start = Network::linear(&[2, 2, 2, 2, 1], Init::Gaussian(0.3), 1)?;
//! #[derive(Clone, Debug)]
//! struct Row { step: f64, risk: f64, ratios: Vec<f64>, angle: f64 }
//! let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Armijo { cap: 1.0 })?;
//! let run = descent.run(20_000, Record::LogSpaced(20), |at| {
//!     let angle = angle(at.predictor()?, svm.direction())?;
//!     Ok(Row { step: at.step as f64, risk: at.risk(), ratios: spectral_ratios(at.network)?, angle })
//! })?;
//!
//! // A figure (it shows itself in a cell) and a verdict against a threshold that was written down before.
//! let risk = run.series(|r| r.step.max(1.0), |r| r.risk)?.named("risk R");
//! let _figure = Figure::new("step t (the start is drawn at 1)", "risk R").log_x().log_y().lines([risk]);
//! let verdict = Verdict::of("P1")?.below("risk after 20,000 steps", run.last().risk, 1e-2)?;
//! println!("{verdict}; angle to the max margin {:.3} rad", run.last().angle);
//! # assert!(run.last().ratios.iter().all(|r| *r > 0.9));
//! # Ok::<(), Error>(())
//! ```
//!
//! # Index
//! What goes in:
//! - [`dataset`]: labelled points, regression data, seeded generators, orders of visits, CSV.
//! - [`network`]: networks of any depth, a function and a bias or none per layer; how their weights are drawn; JSON.
//! - [`loss`]: logistic and exponential losses, carried as logarithms.
//! - [`risk`]: a loss on data, or the squared loss on regression data; its [`risk::Evaluation`] at a network.
//!
//! What happens:
//! - [`descent`]: gradient descent of all layers or of some, with momentum or mini-batches; step rules, stop rules, records.
//! - [`flow`]: gradient flow as an ODE with error control, in t, in ln t or in −ln R, as far as R = e^−1000000.
//! - [`perceptron`]: Rosenblatt's perceptron, with a record of every update.
//! - [`sweep`](mod@sweep): many small runs on all cores; long studies, recorded once, also on a cluster, and checked at each
//!   reading.
//!
//! What is measured:
//! - [`diagnose`]: spectra, rank-one gaps, alignment, angles, balancedness, margins, sharpness, activation patterns, dead
//!   units, the features of a layer: free functions of a state.
//! - [`reference`](mod@reference): the maximum-margin direction, of data or of a layer's features; the least-norm and
//!   the ridge solution of least squares; each with its certificate; the filters of early stopping and ridge regression.
//! - [`theory`]: the sources' assumptions, bounds, late laws and the risk of spectral filters as functions.
//! - [`monitor`]: the sources' inequalities and identities, watched step by step along a run.
//!
//! What is shown:
//! - [`figure`]: lines, points, bands, regions, level lines, surfaces, panels. [`table`]: tables of rows.
//! - [`summary`]: largest, mean, median, shares with intervals, rank correlation; rows by a field.
//! - [`verdict`]: HOLDS, FAILS or OPEN, computed; intervals for shares and slopes; the catalogue of claims.
//! - `report` (feature `notebooks`): runs the notebooks and writes the HTML reports.
//!
//! Everything that can go wrong with an input is an [`error::Error`] that says what was expected, what came and where.
#![deny(missing_docs)]

mod algebra;
mod asking;
pub mod dataset;
pub mod descent;
pub mod diagnose;
pub mod error;
pub mod figure;
pub mod flow;
mod logarithm;
pub mod loss;
mod matmul;
pub mod monitor;
pub mod network;
mod ode;
pub mod perceptron;
mod progress;
mod random;
pub mod reference;
#[cfg(feature = "notebooks")]
pub mod report;
pub mod risk;
pub(crate) mod show;
mod simd;
pub mod summary;
pub mod sweep;
pub mod table;
mod team;
pub mod theory;
mod threads;
pub mod verdict;

/// What a notebook imports: the names that notebooks use, one by one. Everything else stands in its module.
pub mod prelude {
    pub use crate::columns;
    pub use crate::dataset::{
        Dataset, GaussianClouds, Order, Regression, Separable, SoudryFour, TwoMoons, gaussian_matrix,
    };
    pub use crate::descent::{At, Batches, Descent, Observer, Record, Run, StepRule, StepSize, Stop, Stopped};
    pub use crate::diagnose::{
        Fate, Kkt, adjacent_alignment, adjacent_angles, angle, balance_drift, central_differences, effective_ranks,
        fate, frobenius_differences, frobenius_norm, frobenius_norms, is_dead, kkt, layer_features, margin,
        normalized_margin, normalized_predictor, product_alignment, rank_one_gaps, recovered_multipliers, sharpness,
        singular_values, spectral_norm, spectral_norms, spectral_ratios, spectral_tails, top_singular, training_error,
    };
    pub use crate::error::{Error, Result};
    pub use crate::figure::{Band, Figure, Panels, Series};
    pub use crate::flow::{Clock, Flow, FlowRun, SaveAt, Solver};
    pub use crate::loss::Loss;
    pub use crate::monitor::{Monitor, Monitors, Sighting, Watched, least_slacks};
    pub use crate::network::{Activation, Init, Layer, Network};
    pub use crate::perceptron::{Ending, Perceptron, PerceptronRun};
    pub use crate::reference::{Filter, MaxMargin, MinNorm, Ridge};
    pub use crate::risk::{Evaluation, Risk};
    pub use crate::summary::{Share, column, group_by, largest, mean, median, quantile, smallest, spearman, wilson};
    pub use crate::sweep::{Recordable, Recorded, Study, grid, sweep};
    pub use crate::table::Table;
    pub use crate::theory::{
        LateLaw, Norm, SpectralModel, StartCheck, admissible_start, assumption_2_2, imbalance_constant, late_angles,
        late_gap, late_norm, late_offset, late_tails, lemma_1_log_epsilon, lemma_3_alpha, lemma_4_threshold,
        log_curvature_bound, risk_smoothness, smoothness_bound, two_layer_gradient, two_layer_hessian, worst_bias,
    };
    pub use crate::verdict::{Line, Outcome, Verdict, Verdicts, claims, fit_line, recorded, standing};
    pub use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, array};
}
