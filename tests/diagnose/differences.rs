//! Difference quotients against polynomials whose derivatives are known, and what they refuse.

use crate::Draw;
use implicit_bias::prelude::*;

#[test]
fn quadratics_are_exact_and_cubics_err_by_a_sixth_of_the_third_derivative() {
    let net = Draw(3).network(&[2, 3, 1]);
    let h = 0.125;
    let squares = central_differences(&net, h, |net| Ok(net.params().iter().map(|w| w * w).collect())).unwrap();
    let cubes = central_differences(&net, h, |net| Ok(net.params().iter().map(|w| w.powi(3)).collect())).unwrap();
    for (p, w) in net.params().iter().enumerate() {
        for q in 0..net.parameter_count() {
            let [square, cube] = if p == q { [2.0 * w, 3.0 * w * w + h * h] } else { [0.0, 0.0] };
            assert!((squares[[p, q]] - square).abs() < 1e-14 && (cubes[[p, q]] - cube).abs() < 1e-14);
        }
        // The control: without the h² that is due it would not pass.
        assert!((cubes[[p, p]] - 3.0 * w * w).abs() > 1e-2);
    }
}

#[test]
fn risks_have_their_gradient_and_gradients_a_symmetric_hessian() {
    let data = Regression::with_outputs(Draw(1).matrix(5, 3), Draw(2).matrix(5, 2)).unwrap();
    let (risk, net) = (Risk::squares(&data), Draw(4).network(&[3, 4, 2]));
    let gradient = |net: &Network| -> Result<Array1<f64>> {
        let at = risk.at(net)?;
        Ok([at.gradient(1)?, at.gradient(2)?].iter().flatten().copied().collect())
    };
    let found = central_differences(&net, 1e-3, |net| Ok(array![risk.at(net)?.risk()])).unwrap();
    assert!((&found.column(0) - &gradient(&net).unwrap()).iter().all(|off| off.abs() < 1e-11));
    let hessian = central_differences(&net, 1e-3, gradient).unwrap();
    assert!((&hessian - &two_layer_hessian(&net, &data).unwrap() / 5.0).iter().all(|off| off.abs() < 1e-11));
}

#[test]
fn bad_steps_and_changing_lengths_are_refused() {
    let net = Network::from_layers(&[array![[1e20, 1.0]]]).unwrap();
    let one = |_: &Network| Ok(array![1.0]);
    for h in [0.0, -1e-3, f64::NAN, f64::INFINITY] {
        assert!(central_differences(&net, h, one).unwrap_err().to_string().contains("central_differences(h)"));
    }
    let lost = central_differences(&net, 1e-3, one).unwrap_err().to_string();
    assert!(lost.contains("weight 0"), "{lost}");
    let mut calls = 0;
    let uneven = central_differences(&net, 1e10, |_| {
        calls += 1;
        Ok(Array1::zeros(calls))
    });
    assert!(uneven.unwrap_err().to_string().contains("central_differences, f"));
    assert!(central_differences(&net, 1e10, |_| Ok(array![f64::INFINITY])).is_err());
}
