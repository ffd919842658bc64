//! Series, marks and bands, and how malformed ones are refused.

use super::{numbers, series};
use implicit_bias::prelude::*;

#[test]
fn marks_differ_by_kind() {
    let s = || series(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]);
    let figure = Figure::new("t", "R").lines([s(), s().dashed(), s().rings(), s().thin()]).points([s()]);
    let json = figure.to_json();
    let modes: Vec<_> = (0..5).map(|i| json["data"][i]["mode"].as_str().unwrap()).collect();
    assert_eq!(modes, ["lines+markers", "lines+markers", "markers", "lines+markers", "markers"]);
    assert_eq!(json["data"][1]["line"]["dash"], "dash");
    assert_eq!(json["data"][2]["marker"]["symbol"], "circle-open");
    assert!(json["data"][3]["opacity"].as_f64() < json["data"][0]["opacity"].as_f64());
    // Many points are a bare line, two are a straight one.
    for n in [2, 13] {
        let x: Vec<f64> = (0..n).map(f64::from).collect();
        let line = Figure::new("t", "R").lines([Series::new(x.clone(), x).unwrap()]).to_json();
        assert_eq!(line["data"][0]["mode"], "lines");
    }
}

#[test]
fn bands_are_envelopes() {
    let seeds = [[1.0, 5.0, 2.0], [2.0, 3.0, 2.5], [0.5, 4.0, 9.0]].map(|y| series(&[1.0, 2.0, 3.0], &y).named("run"));
    let json = Figure::new("t", "R").bands([Band::envelope(&seeds).unwrap()]).to_json();
    assert_eq!(numbers(&json["data"][0]["x"]), [1.0, 2.0, 3.0, 3.0, 2.0, 1.0]);
    assert_eq!(numbers(&json["data"][0]["y"]), [0.5, 3.0, 2.0, 9.0, 5.0, 2.0]);
    assert!(Band::envelope(&[]).is_err());
    assert!(Band::envelope(&[series(&[1.0], &[1.0]), series(&[2.0], &[1.0])]).is_err());
    assert!(Band::envelope(&[series(&[1.0], &[f64::NAN])]).is_err());
    assert!(Band::new([1.0], [2.0], [1.0]).is_err());
    assert!(Band::new([1.0], [2.0], []).is_err());
    assert!(Band::new([], [], []).is_err());
}

#[test]
fn malformed_input_is_refused_with_its_lengths() {
    let error = Series::new([1.0, 2.0], [1.0]).unwrap_err().to_string();
    assert!(error.contains("(2)") && error.contains("(1)"), "{error}");
    assert!(Series::new([], []).is_err());
    assert!(series(&[1.0, 2.0], &[1.0, 2.0]).hover(["one"]).is_err());
    assert!(Figure::row([]).is_err());
    assert!(Figure::grid(0, [Figure::new("t", "R")]).is_err());
    let figure = || Figure::new("t", "R").log_x();
    for (low, high) in [(1.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY), (0.0, 1.0)] {
        assert!(figure().x_range(low, high).is_err(), "{low} {high}");
    }
    assert!(Figure::new("t", "R").y_range(-1e308, 1e308).is_err());
}

#[test]
fn a_curve_is_a_function_over_its_abscissas() {
    let curve = Series::curve([1.0, 2.0, 3.0], |x| Ok(x * x)).unwrap();
    assert_eq!((curve.x(), curve.y()), (&[1.0, 2.0, 3.0][..], &[1.0, 4.0, 9.0][..]));
    assert_eq!(Series::curve(&array![1.0, 2.0], |x| Ok(-x)).unwrap().y(), [-1.0, -2.0]);
    assert!(Series::curve([0.5, -1.0], |mu| Filter::Ridge { lambda: 1.0 }.gain(mu)).is_err());
    assert!(Series::curve([0.0; 0], Ok).is_err());
}
