//! Problems with published solutions.

use super::Problem;
use super::ode::System;

/// Arenstorf's orbit of the restricted three-body problem: closed, with this period.
///
/// Source: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, §II.0.
pub const PERIOD: f64 = 17.065_216_560_157_964;
pub const ORBIT: [f64; 4] = [0.994, 0.0, 0.0, -2.001_585_106_379_082_5];

pub fn arenstorf() -> impl System {
    const MU: f64 = 0.012277471;
    super::explicitly(|_, y, out| {
        let d1 = ((y[0] + MU).powi(2) + y[1] * y[1]).powf(1.5);
        let d2 = ((y[0] - 1.0 + MU).powi(2) + y[1] * y[1]).powf(1.5);
        out[0] = y[2];
        out[1] = y[3];
        out[2] = y[0] + 2.0 * y[3] - (1.0 - MU) * (y[0] + MU) / d1 - MU * (y[0] - 1.0 + MU) / d2;
        out[3] = y[1] - 2.0 * y[2] - (1.0 - MU) * y[1] / d1 - MU * y[1] / d2;
    })
}

/// Van der Pol's oscillator with ε = 1e-6, from (2, 0), and its solution at x = 2.
///
/// Source: Mazzia & Magherini, Test Set for Initial Value Problem Solvers, release 2.4, vdpol with μ = 1000, in x = t/μ.
pub const VAN_DER_POL: [f64; 2] = [1.706_167_732_170_469, -0.892_809_701_024_812_5];

pub fn van_der_pol() -> impl System {
    const EPSILON: f64 = 1e-6;
    Problem {
        slope: |_: f64, y: &[f64], out: &mut [f64]| {
            out[0] = y[1];
            out[1] = ((1.0 - y[0] * y[0]) * y[1] - y[0]) / EPSILON;
        },
        jacobian: |_: f64, y: &[f64], out: &mut [f64]| {
            out[0] = 0.0;
            out[1] = 1.0;
            out[2] = (-2.0 * y[0] * y[1] - 1.0) / EPSILON;
            out[3] = (1.0 - y[0] * y[0]) / EPSILON;
        },
    }
}

/// Robertson's chemical reaction from (1, 0, 0), and its solution at x = 1e11. Source: the
/// same test set and Hairer & Wanner, Solving Ordinary Differential Equations II, §IV.10.
pub const ROBERTSON: [f64; 3] = [2.083_340_149_701_255e-8, 8.333_360_770_334_713e-14, 0.999_999_979_166_505];

pub fn robertson() -> impl System {
    Problem {
        slope: |_: f64, y: &[f64], out: &mut [f64]| {
            out[0] = -0.04 * y[0] + 1e4 * y[1] * y[2];
            out[2] = 3e7 * y[1] * y[1];
            out[1] = -out[0] - out[2];
        },
        jacobian: |_: f64, y: &[f64], out: &mut [f64]| {
            out.copy_from_slice(&[
                -0.04,
                1e4 * y[2],
                1e4 * y[1],
                0.04,
                -1e4 * y[2] - 6e7 * y[1],
                -1e4 * y[1],
                0.0,
                6e7 * y[1],
                0.0,
            ]);
        },
    }
}

/// Growth of plants under light, "high irradiance responses", from (1, 0, …, 0, 0.0057), and its solution at x = 321.8122.
///
/// Source: the same test set.
pub const HIRES: [f64; 8] = [
    0.737_131_257_332_566_8e-3,
    0.144_248_572_631_618_5e-3,
    0.588_872_974_096_757_5e-4,
    0.117_565_134_328_314_9e-2,
    0.238_635_619_883_133_1e-2,
    0.623_896_825_274_279_6e-2,
    0.284_999_839_518_576_9e-2,
    0.285_000_160_481_423_1e-2,
];

pub fn hires() -> impl System {
    Problem {
        slope: |_: f64, y: &[f64], out: &mut [f64]| {
            out[0] = -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007;
            out[1] = 1.71 * y[0] - 8.75 * y[1];
            out[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4];
            out[3] = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3];
            out[4] = -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6];
            out[5] = -280.0 * y[5] * y[7] + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6];
            out[6] = 280.0 * y[5] * y[7] - 1.81 * y[6];
            out[7] = -out[6];
        },
        jacobian: |_: f64, y: &[f64], out: &mut [f64]| {
            let (a, b) = (280.0 * y[7], 280.0 * y[5]);
            out.copy_from_slice(
                &[
                    [-1.71, 0.43, 8.32, 0.0, 0.0, 0.0, 0.0, 0.0],
                    [1.71, -8.75, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
                    [0.0, 0.0, -10.03, 0.43, 0.035, 0.0, 0.0, 0.0],
                    [0.0, 8.32, 1.71, -1.12, 0.0, 0.0, 0.0, 0.0],
                    [0.0, 0.0, 0.0, 0.0, -1.745, 0.43, 0.43, 0.0],
                    [0.0, 0.0, 0.0, 0.69, 1.71, -a - 0.43, 0.69, -b],
                    [0.0, 0.0, 0.0, 0.0, 0.0, a, -1.81, b],
                    [0.0, 0.0, 0.0, 0.0, 0.0, -a, 1.81, -b],
                ]
                .concat(),
            );
        },
    }
}
