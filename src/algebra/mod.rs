//! Linear algebra in `f64` and beyond it, which knows nothing of learning: one home for each method.
//!
//! - [`vector`]: sums and products of plain slices; [`matrix`]: a checked view with entries of ordinary size;
//! - factorisations: [`qr`] that gains and loses columns, [`lu`] of real and complex systems, [`svd`] down to the numerical rank;
//! - singular values and eigenvalues: [`jacobi`] for all of them, [`lanczos`] for the largest, [`top`] with its vectors, and the
//!   [`tail`] behind it;
//! - [`double_double`]: numbers of 32 digits.

pub(crate) mod double_double;
pub(crate) mod jacobi;
pub(crate) mod lanczos;
pub(crate) mod lu;
pub(crate) mod matrix;
pub(crate) mod qr;
pub(crate) mod svd;
pub(crate) mod tail;
pub(crate) mod top;
pub(crate) mod vector;
