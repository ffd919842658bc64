//! The spectrum of one layer written in place: what is read at every step of a run must not allocate.

use crate::algebra::matrix::{Matrix, Name};
use crate::algebra::tail::Energies;
use crate::algebra::top::{Top, top_two_by_two};
use crate::algebra::vector::ORDINARY;
use crate::error::Result;
use crate::network::Network;

/// The energies of W_k in its own units, and u_k, v_k written to `left` and `right` where `vectors` are asked for.
///
/// Closed form and free of allocation for vectors and 2×2 layers of ordinary size. The zero matrix has no first direction: it
/// gets the first unit vectors.
#[inline]
pub(crate) fn write_top(
    net: &Network,
    k: usize,
    vectors: bool,
    left: &mut [f64],
    right: &mut [f64],
) -> Result<Energies> {
    let w = net.weights(k);
    if let (2, &[a, b, c, d]) = (left.len(), w) {
        let energies = Energies::two_by_two([a, b, c, d]);
        if ORDINARY.contains(&energies.square) {
            if vectors {
                let (_, u, v) = top_two_by_two([a, b, c, d]);
                left.copy_from_slice(&u);
                right.copy_from_slice(&v);
            }
            return Ok(energies);
        }
    } else if left.len() == 1 || right.len() == 1 {
        let square: f64 = w.iter().map(|v| v * v).sum();
        if ORDINARY.contains(&square) {
            let top = square.sqrt();
            let (long, short) = if left.len() == 1 { (right, left) } else { (left, right) };
            if vectors {
                long.iter_mut().zip(w).for_each(|(slot, w)| *slot = w / top);
                short[0] = 1.0;
            }
            return Ok(Energies { square, top, tail: 0.0 });
        }
    }
    let m = Matrix::new(Name::Layer(k), net.layer(k))?;
    if m.is_zero() {
        for side in [left, right] {
            side.fill(0.0);
            side[0] = 1.0;
        }
        return Ok(Energies { square: 0.0, top: 0.0, tail: 0.0 });
    }
    let Energies { square, top, tail } = if vectors {
        let first = Top::of(&m)?;
        left.copy_from_slice(&first.left);
        right.copy_from_slice(&first.right);
        Energies::beyond(&m, &first)
    } else {
        Energies::of(&m)?
    };
    let unit = m.scale.recip();
    Ok(Energies { square: square * unit * unit, top: top * unit, tail: tail * unit * unit })
}
