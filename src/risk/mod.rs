//! The risk that training lowers: data and loss in one value, and its evaluation at a network.

mod evaluation;
pub(crate) mod kernel;
mod read;
mod terms;

pub use evaluation::Evaluation;
pub(crate) use terms::Terms;

use crate::dataset::{Dataset, Regression};
use crate::error::Result;
use crate::loss::Loss;
use crate::network::Network;
use kernel::{Inputs, Points};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A loss on data: R(W) = (1/n) Σ ℓ(yᵢf_W(xᵢ)) for labels yᵢ = ±1, made by [`Loss::on`], or R(W) = (1/2n) Σ ‖f_W(xᵢ) − yᵢ‖² for
/// real targets, made by [`Risk::squares`].
///
/// Descents, flows, evaluations, Hessians and monitors take it as one value. It copies the data once; its own copies share that
/// and what the kernels have packed of it, so that passing it on costs nothing.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[3.0, 4.0], [-1.0, 0.0]], array![1.0, -1.0])?;
/// let risk = Loss::Logistic.on(&data);
/// let net = Network::linear(&[2, 1], Init::Zeros, 0)?;
/// assert_eq!((risk.n(), risk.at(&net)?.risk()), (2, 2.0_f64.ln()));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Risk {
    packed: Arc<Packed>,
}

/// The terms, and the layouts that kernels read, each made when one asks for it first.
struct Packed {
    terms: Terms,
    points: OnceLock<Arc<Points>>,
    inputs: OnceLock<Arc<Inputs>>,
}

impl Loss {
    /// The risk R(W) = (1/n) Σ ℓ(yᵢf_W(xᵢ)) of this loss on `data`.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Dataset::new(array![[1.0]], array![1.0])?;
    /// assert_eq!(format!("{:?}", Loss::Exponential.on(&data)), "Exponential loss on 1 point in R^1");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn on(self, data: &Dataset) -> Risk {
        Risk::of(Terms::Margins(self, data.clone()))
    }
}

impl Risk {
    /// The squared loss R(W) = (1/2n) Σ ‖f_W(xᵢ) − yᵢ‖² on `data`; the slides' ½‖W₂W₁X − Y‖² is n R.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let risk = Risk::squares(&Regression::new(array![[1.0, 0.0]], array![3.0])?);
    /// assert_eq!(risk.at(&Network::linear(&[2, 1], Init::Zeros, 0)?)?.risk(), 4.5);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn squares(data: &Regression) -> Self {
        Self::of(Terms::Squares(data.clone()))
    }

    fn of(terms: Terms) -> Self {
        Self { packed: Arc::new(Packed { terms, points: OnceLock::new(), inputs: OnceLock::new() }) }
    }

    /// Evaluates it at `network`: risk, gradient and what else an [`Evaluation`] knows.
    ///
    /// # Errors
    /// Widths that do not fit the data (d₀ = d, d_L = 1 or the number of targets), a result beyond the range of double precision,
    /// or, for a wide network, an `IMPLICIT_BIAS_THREADS` that is no number from 1.
    pub fn at(&self, network: &Network) -> Result<Evaluation> {
        Evaluation::of(network, self)
    }

    /// Number of points.
    pub fn n(&self) -> usize {
        self.terms().n()
    }

    /// The margin loss ℓ; none for the squared loss.
    pub fn loss(&self) -> Option<Loss> {
        self.terms().loss()
    }

    /// The labelled points of a margin loss.
    ///
    /// # Errors
    /// The squared loss.
    pub fn data(&self) -> Result<&Dataset> {
        self.terms().labelled("Risk::data")
    }

    /// The points and targets of the squared loss.
    ///
    /// # Errors
    /// A margin loss.
    pub fn regression(&self) -> Result<&Regression> {
        self.terms().regression("Risk::regression")
    }

    pub(crate) fn terms(&self) -> &Terms {
        &self.packed.terms
    }

    /// The loss and the labelled points, for `what`, which is made for those alone.
    pub(crate) fn margins(&self, what: &str) -> Result<(Loss, &Dataset)> {
        let data = self.terms().labelled(what)?;
        Ok((self.loss().expect("labelled points come with a margin loss"), data))
    }

    /// The mirrored points in the layout of the kernel of linear networks; for margin losses only.
    fn points(&self) -> &Arc<Points> {
        self.packed.points.get_or_init(|| match self.terms() {
            Terms::Margins(_, data) => Arc::new(Points::new(data)),
            Terms::Squares(_) => unreachable!("the squared loss has no mirrored points"),
        })
    }

    /// Inputs and labels or targets in the layout of the kernels that go layer by layer.
    fn inputs(&self) -> &Arc<Inputs> {
        self.packed.inputs.get_or_init(|| Arc::new(Inputs::new(self.terms())))
    }
}

impl fmt::Debug for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points = if self.n() == 1 { "point" } else { "points" };
        write!(f, "{:?} on {} {points} in R^{}", self.terms(), self.n(), self.terms().ends().0)
    }
}
