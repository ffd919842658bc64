//! ‖W‖_F² − ‖W‖₂² against nalgebra's singular values and against matrices whose tail is known.

use super::{Draw, close, nalgebra_of};
use implicit_bias::prelude::*;

#[test]
fn the_tail_is_the_sum_of_all_squares_but_the_first() {
    let mut draw = Draw(11);
    for widths in [&[2, 2, 1][..], &[3, 5, 4, 2], &[7, 1, 6]] {
        let net = draw.network(widths);
        for (k, tail) in spectral_tails(&net).unwrap().into_iter().enumerate() {
            let mut values = nalgebra_of(&net.layer(k + 1).to_owned()).singular_values().as_slice().to_vec();
            values.sort_by(|a, b| b.total_cmp(a));
            let exact = values[1..].iter().map(|v| v * v).sum::<f64>();
            assert!((tail - exact).abs() < 1e-13, "W_{} of {widths:?}: {tail:e}, {exact:e}", k + 1);
        }
    }
}

#[test]
fn a_tail_far_below_the_first_value_keeps_its_digits() {
    let turn = |t: f64| array![[t.cos(), -t.sin()], [t.sin(), t.cos()]];
    for small in [1e-3, 1e-6, 1e-9] {
        let w = turn(0.3).dot(&array![[1.0, 0.0], [0.0, small]]).dot(&turn(1.1));
        let net = Network::from_layers(&[w, array![[0.0, 0.0]]]).unwrap();
        let tails = spectral_tails(&net).unwrap();
        // Rounding of the entries alone moves σ₂ by 1e-16.
        close(tails[0], small * small, 1e-15 / small);
        assert_eq!(tails[1], 0.0, "a layer of zeros has no tail");
        // Negative control: the difference of the squares has lost it.
        let (f, s) = (frobenius_norms(&net).unwrap()[0], spectral_norms(&net).unwrap()[0]);
        assert!(small > 1e-7 || ((f * f - s * s) / (small * small) - 1.0).abs() > 0.1);
    }
}

#[test]
fn what_is_no_number_is_refused() {
    let mut net = Network::from_layers(&[array![[1.0, 2.0], [3.0, 4.0]], array![[1e200, 0.0]]]).unwrap();
    assert_eq!(spectral_tails(&net).unwrap()[1], 0.0);
    net.params_mut()[1] = f64::NAN;
    assert!(spectral_tails(&net).unwrap_err().to_string().contains("W_1[0, 1]"));
    let large = Network::from_layers(&[array![[1e200, 0.0], [0.0, 1e200]], array![[1.0, 1.0]]]).unwrap();
    assert!(spectral_tails(&large).is_err());
}
