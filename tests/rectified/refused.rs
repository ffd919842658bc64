//! What rectified networks refuse: any weights give a finite run or an error.

use super::clouds;
use implicit_bias::diagnose::network_margin;
use implicit_bias::prelude::*;
use proptest::prelude::*;

#[test]
fn bad_input_is_refused_with_its_name() {
    let data = clouds(10, 2, 1);
    for slope in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let error = Network::rectified(&[2, 3, 1], slope, Init::He, 1).unwrap_err().to_string();
        assert_eq!(error, format!("Network slope m of f(z) = max(mz, z): expected a number in [0, 1], found {slope}"));
    }
    assert!(Network::rectified(&[2, 0, 1], 0.5, Init::He, 1).unwrap_err().to_string().contains("widths[1]"));
    let net = Network::rectified(&[2, 3, 1], 0.5, Init::He, 1).unwrap();
    let mut d = Descent::new(&Loss::Logistic.on(&data), &net, StepRule::Constant(0.1)).unwrap();
    for layers in [&[][..], &[0], &[3], &[1, 7]] {
        let error = d.train_only(layers).unwrap_err().to_string();
        assert!(error.starts_with("Descent::train_only(layers): expected"), "{error}");
    }
    assert!(d.run(5, Record::Every(5), |_| Ok(())).unwrap().stopped == Stopped::Steps, "still usable");
    let linear_only: [Result<()>; 4] = [
        net.predictor().map(drop),
        product_alignment(&net).map(drop),
        normalized_predictor(&net).map(drop),
        d.at().predictor().map(drop),
    ];
    for result in linear_only {
        let error = result.unwrap_err().to_string();
        assert!(error.contains("expected a linear network"), "{error}");
    }
    let biased = net.clone().with_biases().unwrap();
    for result in [network_margin(&biased, &data).map(drop), layer_features(&biased, &data, 1).map(drop)] {
        assert!(result.unwrap_err().to_string().contains("without biases"));
    }
    assert!(layer_features(&net, &data, 3).is_err() && net.hidden(3, data.x()).is_err());
    assert!(net.output(&[1.0]).is_err() && net.outputs(array![[1.0, 2.0, 3.0]].view()).is_err());
    assert!(Loss::Logistic.on(&data).at(&net).unwrap().scaled_bias_gradient(1).is_err());
    let mut broken = net;
    broken.params_mut()[3] = f64::NAN;
    assert!(Loss::Logistic.on(&data).at(&broken).is_err());
}

proptest! {
    #[test]
    fn any_weights_give_a_finite_run_or_an_error(
        weights in prop::collection::vec(prop_oneof![any::<f64>(), -3.0..3.0f64, -1e160..1e160f64], 10), slope in 0.0..=1.0f64, eta in 1e-3..1e3f64,
    ) {
        let layers = [
            Array2::from_shape_vec((2, 2), weights[..4].to_vec()).unwrap(),
            Array2::from_shape_vec((2, 2), weights[4..8].to_vec()).unwrap(),
            Array2::from_shape_vec((1, 2), weights[8..].to_vec()).unwrap(),
        ];
        let data = clouds(10, 2, 1);
        if let Ok(net) = Network::from_layers(&layers).and_then(|net| net.with_slope(slope))
            && let Ok(mut d) = Descent::new(&Loss::Logistic.on(&data), &net, StepRule::Constant(eta))
        {
            let row = |at: &At| Ok((at.log_risk(), at.margins().iter().all(|q| q.is_finite())));
            let run = d.run(20, Record::Every(5), row).unwrap();
            prop_assert!(run.rows.iter().all(|r| !r.0.is_nan() && r.1) && d.network().params().iter().all(|w| w.is_finite()));
        }
    }
}
