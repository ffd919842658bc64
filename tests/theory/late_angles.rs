//! The angles of neighbouring layers late in a flow.

use implicit_bias::prelude::*;

#[test]
fn equation_2_late_angles_are_met_by_the_flow_and_ever_better() {
    let data = Separable { n: 20, d: 3, margin: 0.3, next_margin: 0.6 }.sample(2).unwrap();
    let risk = Loss::Logistic.on(&data);
    let draw = |draw| Network::linear(&[3, 3, 2, 1], Init::Gaussian(0.4), draw);
    let start = admissible_start(&risk, 2, draw).unwrap();
    let mut flow = Flow::new(&risk, &start, Solver::radau(Clock::LogRisk)).unwrap();
    let mut errors = vec![];
    for lambda in [1e3, 1e4, 1e5] {
        flow.run(Stop::log_risk(-lambda), SaveAt::At(vec![]), |_| Ok(())).unwrap();
        let measured = adjacent_angles(flow.network()).unwrap();
        let predicted = late_angles(&start, flow.network()).unwrap();
        assert_eq!(predicted.len(), 2);
        errors.push(largest(measured.iter().zip(&predicted).map(|(m, p)| (m / p - 1.0).abs())).unwrap());
    }
    // What is left out falls as 1/‖W‖², that is as λ^{−2/3}: by a factor 4.6 a decade.
    assert!(errors[2] < 0.01 && errors[1] < 0.4 * errors[0] && errors[2] < 0.4 * errors[1], "{errors:?}");
    // Negative control: the A_k of another start.
    let other = admissible_start(&risk, 3, draw).unwrap();
    let foreign = late_angles(&other, flow.network()).unwrap();
    let measured = adjacent_angles(flow.network()).unwrap();
    assert!(foreign.iter().zip(&measured).any(|(f, m)| (f / m - 1.0).abs() > 0.1));
}

#[test]
fn late_angles_refuse_what_has_no_direction() {
    let net = |widths: &[usize]| Network::linear(widths, Init::Gaussian(1.0), 1).unwrap();
    assert_eq!(late_angles(&net(&[2, 1]), &net(&[2, 1])).unwrap(), [0.0; 0]);
    assert!(late_angles(&net(&[2, 2, 1]), &net(&[2, 3, 1])).is_err());
    let zeros = Network::linear(&[2, 2, 1], Init::Zeros, 1).unwrap();
    assert!(late_angles(&net(&[2, 2, 1]), &zeros).unwrap_err().to_string().contains("W_1"));
    let bent = net(&[2, 2, 1]).with_slope(0.0).unwrap();
    assert!(late_angles(&bent, &net(&[2, 2, 1])).is_err());
}
