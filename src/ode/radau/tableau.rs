//! The coefficients of Radau IIA with three stages, in the eigenvectors of its matrix.
//!
//! Source: Hairer & Wanner, Solving Ordinary Differential Equations II, 2nd edition, §IV.8, normalised as in SciPy.

use num_complex::Complex;

/// √6.
pub const S6: f64 = 2.449_489_742_783_178;
/// Nodes.
pub const NODES: [f64; 3] = [(4.0 - S6) / 10.0, (4.0 + S6) / 10.0, 1.0];
/// From the stages' distances to the error against an embedded formula of order 3.
pub const ERROR: [f64; 3] = [(-13.0 - 7.0 * S6) / 3.0, (-13.0 + 7.0 * S6) / 3.0, -1.0 / 3.0];
/// Eigenvalues of the inverse of the Runge-Kutta matrix: 3 + 3^⅔ − 3^⅓, and 3 + ½(3^⅓ − 3^⅔) − ½i(3^⅚ + 3^(7/6)).
pub const REAL: f64 = 3.637_834_252_744_496;
pub const COMPLEX: Complex<f64> = Complex { re: 2.681_082_873_627_752, im: -3.050_430_199_247_41 };
/// From eigenvectors to stages.
pub const T: [[f64; 3]; 3] = [
    [0.094_438_762_488_975_24, -0.141_255_295_020_954_2, 0.030_029_194_105_147_42],
    [0.250_213_122_965_333_3, 0.204_129_352_293_799_94, -0.382_942_112_757_261_9],
    [1.0, 1.0, 0.0],
];
/// From stages to eigenvectors.
pub const T_INVERSE: [[f64; 3]; 3] = [
    [4.178_718_591_551_904, 0.327_682_820_761_062_37, 0.523_376_445_499_449_5],
    [-4.178_718_591_551_904, -0.327_682_820_761_062_37, 0.476_623_554_500_550_44],
    [0.502_872_634_945_786_8, -2.571_926_949_855_605, 0.596_039_204_828_224_9],
];
/// From the stages' distances to the coefficients of the collocation polynomial.
pub const DENSE: [[f64; 3]; 3] = [
    [13.0 / 3.0 + 7.0 * S6 / 3.0, -23.0 / 3.0 - 22.0 * S6 / 3.0, 10.0 / 3.0 + 5.0 * S6],
    [13.0 / 3.0 - 7.0 * S6 / 3.0, -23.0 / 3.0 + 22.0 * S6 / 3.0, 10.0 / 3.0 - 5.0 * S6],
    [1.0 / 3.0, -8.0 / 3.0, 10.0 / 3.0],
];
