//! Networks that are built: what they refuse, how they scale, the line that they show.

use implicit_bias::prelude::*;

#[test]
fn networks_refuse_what_does_not_fit() {
    let cases = [
        (
            Network::linear(&[2, 1], Init::Gaussian(0.0), 0),
            "Init::Gaussian(std): expected a finite number > 0, found 0",
        ),
        (
            Network::linear(&[2, 1], Init::RankOne(f64::NAN), 0),
            "Init::RankOne(scale): expected a finite number > 0, found NaN",
        ),
        (
            Network::linear(&[2, 100, 1], Init::Gaussian(f64::MAX), 0),
            "a weight drawn by Init::Gaussian(1.7976931348623157e308): expected a finite number, found",
        ),
        (
            Network::linear(&[2], Init::LeCun, 0),
            "Network widths: expected at least an input and an output width (depth ≥ 1), found [2]",
        ),
        (Network::linear(&[2, 0, 1], Init::LeCun, 0), "Network widths[1]: expected a width ≥ 1, found 0"),
        (
            Network::linear(&[usize::MAX, 2, 1], Init::LeCun, 0),
            "Network widths [18446744073709551615, 2, 1]: expected a size that fits in memory, found more numbers than",
        ),
        (Network::from_layers(&[array![[1.0, 2.0]], array![[1.0, 2.0]]]), "W_2: expected shape (1, 1), found (1, 2)"),
        (Network::from_layers(&[array![[1.0, f64::INFINITY]]]), "W_1[0, 1]: expected a finite number, found inf"),
        (Network::from_layers(&[array![[1e200]]]).unwrap().scaled(1e200), "Network::scaled(1e200), a weight: expected"),
    ];
    for (result, expected) in cases {
        let error = result.unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn scaling_multiplies_every_weight() {
    let net = Network::linear(&[2, 2, 2, 2, 1], Init::Gaussian(0.3), 1).unwrap();
    let larger = net.scaled(5.0).unwrap();
    assert!(larger.params().iter().zip(net.params()).all(|(a, b)| *a == 5.0 * b));
    let gap = larger.predictor().unwrap() - net.predictor().unwrap() * 625.0;
    assert!(gap.iter().all(|v| v.abs() < 1e-14) && net.predictor().unwrap()[0].abs() > 1e-4);
}

#[test]
fn debug_is_one_line() {
    let shown = |widths: &[usize]| format!("{:?}", Network::linear(widths, Init::LeCun, 0).unwrap());
    assert_eq!(shown(&[2, 2, 2, 2, 1]), "Network 2-2-2-2-1, 14 weights");
    assert_eq!(shown(&[1, 1]), "Network 1-1, 1 weight");
}
