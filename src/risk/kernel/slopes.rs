//! The slopes and losses of a pass, lane by lane.

use super::lanes::exp_nonpositive;
use crate::simd::Lanes;

/// Which formulas a pass uses: logistic ones for margins of any sign have the shift 0, the others are shorter.
pub(super) const EXPONENTIAL: u8 = 0;
pub(super) const LOGISTIC: u8 = 1;
pub(super) const LOGISTIC_POSITIVE: u8 = 2;

/// Runs `$body` with the constants `$kind` and `$with_risk`, chosen by the loss, by whether all margins are positive and by
/// whether the risk is asked for.
macro_rules! by_kind {
    ($loss:expr, $positive:expr, $risk:expr, |$kind:ident, $with_risk:ident| $body:expr) => {
        by_kind!(@arms $kind, $with_risk, $body, match ($loss, $positive, $risk) {
            (Loss::Exponential, _, false) => EXPONENTIAL, false;
            (Loss::Exponential, _, true) => EXPONENTIAL, true;
            (Loss::Logistic, false, false) => LOGISTIC, false;
            (Loss::Logistic, false, true) => LOGISTIC, true;
            (Loss::Logistic, true, false) => LOGISTIC_POSITIVE, false;
            (Loss::Logistic, true, true) => LOGISTIC_POSITIVE, true;
        })
    };
    (@arms $kind:ident, $with_risk:ident, $body:expr, match $case:tt { $($arm:pat => $k:ident, $r:literal;)* }) => {
        match $case {$(
            $arm => {
                const $kind: u8 = $crate::risk::kernel::slopes::$k;
                const $with_risk: bool = $r;
                $body
            }
        )*}
    };
}
pub(super) use by_kind;

/// Scaled slopes p of K blocks of margins, and e^{s−|q|}, or e^{s−q} where all margins are positive, for [`Losses`].
#[inline(always)]
pub(super) fn slopes<L: Lanes, const K: usize, const KIND: u8>(q: [L; K], shift: L, decay: L) -> ([L; K], [L; K]) {
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    // Constants, so that nothing waits for them.
    let (shift, decay) = if KIND == LOGISTIC { (zero, one) } else { (shift, decay) };
    let mut e = [zero; K];
    for b in 0..K {
        e[b] = exp_nonpositive(shift.sub(if KIND == LOGISTIC { q[b].abs() } else { q[b] }));
    }
    if KIND == EXPONENTIAL {
        return (e, e);
    }
    // |ℓ′(q)| = e^−|q| / (1 + e^−|q|) or 1 / (1 + e^−|q|), by the sign of q; here with e^s taken out.
    let mut slopes = [zero; K];
    for b in 0..K {
        slopes[b] = e[b].fma(decay, one);
    }
    let inverse = reciprocals(slopes);
    for b in 0..K {
        slopes[b] = (if KIND == LOGISTIC { q[b].select_nonnegative(e[b], one) } else { e[b] }).mul(inverse[b]);
    }
    (slopes, e)
}

/// 1/v for one or two blocks of numbers of ordinary size, by one division.
#[inline(always)]
fn reciprocals<L: Lanes, const K: usize>(v: [L; K]) -> [L; K] {
    const { assert!(K == 1 || K == 2) };
    if K == 1 {
        return [L::splat(1.0).div(v[0]); K];
    }
    let inverse = L::splat(1.0).div(v[0].mul(v[1]));
    let mut out = [inverse; K];
    for b in 0..K {
        out[b] = v[K - 1 - b].mul(inverse);
    }
    out
}
