//! Figures: named axes, series, bands, data planes, level lines and surfaces, several panels with one legend.
//!
//! A figure is built by value in one chain and is the last line of its cell:
//!
//! ```
//! use implicit_bias::figure::{Figure, Series};
//! let risk = Series::new([1.0, 10.0, 100.0], [0.6, 0.1, 0.01])?.named("constant step 0.01");
//! let ratio = Series::new([1.0, 10.0, 100.0], [0.8, 0.9, 0.99])?.named("constant step 0.01");
//! let left = Figure::new("step t", "risk R").log_x().log_y().lines([risk]);
//! let right = Figure::new("step t", "‖W_{1}‖_{2} / ‖W_{1}‖_{F}").log_x().lines([ratio]).hline(1.0, "rank one");
//! let both = Figure::row([left, right])?.title("Risk and alignment go together");
//! assert!(both.to_string().contains("risk R"));
//! # Ok::<(), implicit_bias::error::Error>(())
//! ```
//!
//! Drawing is done by plotly.js, which the first figure shown in a notebook carries along; nothing is fetched.

mod arrange;
mod axis;
mod contours;
mod dataset;
mod display;
mod drawing;
mod grid;
mod json;
mod levels;
pub(crate) mod library;
mod panels;
mod plane;
mod rows;
mod series;
mod shared;
mod side_by_side;
mod spec;
mod style;
mod subplots;
mod surface;
mod text;
mod traces;
mod words;

pub use drawing::Figure;
pub use panels::Panels;
pub use series::{Band, Series};
