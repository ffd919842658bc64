use super::{Draw, close, nalgebra_of};
use implicit_bias::diagnose::{imbalance, imbalance_norms};
use implicit_bias::prelude::*;

#[test]
fn imbalance_is_what_nalgebra_computes() {
    let net = Draw(31).network(&[4, 3, 5, 1]);
    let matrices = imbalance(&net).unwrap();
    let norms = imbalance_norms(&net).unwrap();
    let traces = frobenius_differences(&net).unwrap();
    assert_eq!((matrices.len(), norms.len(), traces.len()), (2, 2, 2));
    for k in 1..3 {
        let (below, above) = (nalgebra_of(&net.layer(k).to_owned()), nalgebra_of(&net.layer(k + 1).to_owned()));
        let oracle = above.transpose() * &above - &below * below.transpose();
        for ((i, j), v) in matrices[k - 1].indexed_iter() {
            assert!((v - oracle[(i, j)]).abs() < 1e-15);
        }
        close(norms[k - 1], oracle.singular_values().max(), 1e-14);
        assert!((traces[k - 1] - oracle.trace()).abs() < 1e-14);
    }
}

#[test]
fn a_gradient_step_moves_the_balance_by_its_square() {
    // Any ∂R/∂W_k = left ⊗ right of one product: the drift after a step η is η²‖…‖, hence a hundredth for η/10.
    let start = Draw(32).network(&[2, 2, 1]);
    let (w1, w2) = (start.layer(1).to_owned(), start.layer(2).to_owned());
    let g = array![[0.4, -0.7]];
    let step = |eta: f64, sign: f64| {
        Network::from_layers(&[&w1 - &(w2.t().dot(&g) * eta), &w2 - &(g.dot(&w1.t()) * (eta * sign))]).unwrap()
    };
    let drift = |eta: f64, sign: f64| balance_drift(&start, &step(eta, sign)).unwrap()[0];
    close(drift(1e-2, 1.0) / drift(1e-3, 1.0), 100.0, 1e-9);
    // Negative control: with a sign wrong the drift is of first order.
    assert!((drift(1e-2, -1.0) / drift(1e-3, -1.0) - 10.0).abs() < 0.5);
    assert_eq!(balance_drift(&start, &start).unwrap(), [0.0]);
}

#[test]
fn balanced_layers_have_none() {
    let net = Network::from_layers(&[array![[3.0, 4.0], [0.0, 0.0]], array![[5.0, 0.0]]]).unwrap();
    assert_eq!(imbalance_norms(&net).unwrap(), [0.0]);
    assert_eq!(imbalance_norms(&Network::from_layers(&[array![[3.0, 4.0]]]).unwrap()).unwrap(), [0.0; 0]);
}

#[test]
fn overflow_and_other_widths_are_errors() {
    let huge = Network::from_layers(&[array![[1e200]], array![[1.0]]]).unwrap();
    assert!(imbalance(&huge).unwrap_err().to_string().contains("(W_2ᵀW_2 − W_1W_1ᵀ)[0, 0]"));
    assert!(frobenius_differences(&huge).unwrap_err().to_string().contains("‖W_1‖_F²"));
    let other = Network::from_layers(&[array![[1.0], [1.0]], array![[1.0, 1.0]]]).unwrap();
    assert!(balance_drift(&huge, &other).unwrap_err().to_string().contains("expected shape [1, 1, 1]"));
}
