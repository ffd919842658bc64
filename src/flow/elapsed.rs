//! The time that passes while λ = −ln R grows.

use super::field::Field;
use super::method::Integrator;

/// Gauss and Legendre's rule with ten nodes on `[−1, 1]`: the positive nodes, and their weights.
const NODES: [(f64, f64); 5] = [
    (0.148_874_338_981_631_22, 0.295_524_224_714_752_87),
    (0.433_395_394_129_247_2, 0.269_266_719_309_996_35),
    (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
    (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
];
/// The longest piece, on which the rule integrates e^−v times a polynomial to the last digits.
const PIECE: f64 = 5.0;
/// e^−40 is below the last digit.
const REACH: f64 = 40.0;

/// ln of the time from x₀ to x, two points of the integrator's last step, where ln R(x) = `log_risk`.
///
/// dt/dλ = ‖dW/dλ‖²/R, because dW/dλ = −g/‖g‖² has length 1/‖g‖, g = ∇ ln R. From the far end, R falls as e^−v, v = x − λ:
/// t − t₀ = R(x)⁻¹ ∫₀^{x−x₀} e^−v ‖dW/dλ(x − v)‖² dv, whose last factor is a polynomial on a step.
pub(super) fn log_elapsed(integrator: &mut Integrator, field: &mut Field, x0: f64, x: f64, log_risk: f64) -> f64 {
    if x == integrator.x
        && let Some(integral) = integrator.decayed_squared_speed()
    {
        return integral.ln() - log_risk;
    }
    let reach = (x - x0).min(REACH);
    let pieces = (reach / PIECE).ceil().max(1.0);
    let half = 0.5 * reach / pieces;
    let mut sum = 0.0;
    for piece in 0..pieces as usize {
        let middle = (2 * piece + 1) as f64 * half;
        for (node, weight) in NODES {
            for v in [middle - half * node, middle + half * node] {
                sum += weight * (-v).exp() * integrator.squared_speed(field, x - v);
            }
        }
    }
    (half * sum).ln() - log_risk
}
