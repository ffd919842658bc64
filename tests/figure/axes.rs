//! Axes, scales and ranges; what has no place on them is left out with a note.

use super::{numbers, series, title};
use implicit_bias::prelude::*;

#[test]
fn json_holds_axes_scales_ranges_and_data() {
    let figure = Figure::new("time t (s)", "risk R")
        .title("Falls")
        .log_y()
        .x_range(0.0, 4.0)
        .unwrap()
        .y_range(1e-4, 10.0)
        .unwrap()
        .lines([series(&[1.0, 2.0, 3.5], &[0.1, 0.01, 1e-3]).named("flow")])
        .hline(0.05, "target");
    let json = figure.to_json();
    assert_eq!(json["layout"]["xaxis"]["title"]["text"], "time t (s)");
    assert_eq!(json["layout"]["yaxis"]["title"]["text"], "risk R");
    assert_eq!(json["layout"]["xaxis"]["type"], "linear");
    assert_eq!(json["layout"]["yaxis"]["type"], "log");
    assert_eq!(numbers(&json["layout"]["xaxis"]["range"]), [0.0, 4.0]);
    assert_eq!(numbers(&json["layout"]["yaxis"]["range"]), [-4.0, 1.0]);
    assert_eq!(numbers(&json["data"][0]["x"]), [1.0, 2.0, 3.5]);
    assert_eq!(numbers(&json["data"][0]["y"]), [0.1, 0.01, 1e-3]);
    assert_eq!(json["data"][0]["name"], "flow");
    assert_eq!(json["layout"]["shapes"][0]["y0"], 0.05);
    // Annotations stand at logarithms, shapes at values.
    let label = &json["layout"]["annotations"][0];
    assert_eq!(label["text"], "target");
    assert!((label["y"].as_f64().unwrap() - 0.05_f64.log10()).abs() < 1e-15);
    assert_eq!(title(&json), "Falls");
}

#[test]
fn points_without_a_place_are_left_out_with_a_note() {
    let (x, y) = ([0.0, 1.0, 2.0, 3.0, 4.0], [1.0, f64::NAN, 0.0, f64::INFINITY, 5.0]);
    let nulls = |f: &Figure| f.to_json()["data"][0]["y"].as_array().unwrap().iter().filter(|v| v.is_null()).count();
    let figure = Figure::new("t", "R").lines([series(&x, &y).named("run")]);
    assert_eq!(nulls(&figure), 2);
    assert!(title(&figure.to_json()).contains("2 of 5 points of “run” left out"));
    let figure = figure.log_y();
    assert_eq!(nulls(&figure), 3);
    assert!(figure.to_string().contains("3 of 5 points of “run” left out"));
    let figure = figure.log_x();
    assert_eq!(nulls(&figure), 4);
    // Ten seeds under one name say it once, another name says it for itself.
    let seeds = (0..10).map(|_| series(&x, &y).named("seed")).chain([series(&x, &y).named("mean")]);
    assert_eq!(title(&Figure::new("t", "R").lines(seeds).to_json()).matches("left out").count(), 2);
    // Nothing lost, nothing said.
    assert_eq!(title(&Figure::new("t", "R").lines([series(&x, &x)]).to_json()), "");
}

#[test]
fn what_cannot_stand_on_the_axes_is_noted() {
    let says = |figure: Figure, note: &str| {
        assert!(title(&figure.to_json()).replace("<br>", " ").contains(note), "{}", title(&figure.to_json()));
    };
    says(Figure::new("t", "R").log_y().hline(0.0, "zero"), "reference line of “zero” at 0 left out");
    says(Figure::new("t", "R").vline(f64::NAN, ""), "reference line at NaN left out");
    says(Figure::new("t", "R").log_x().annotate(-1.0, 1.0, "here"), "“here” at (-1, 1) has no place");
    says(Figure::new(" ", "R"), "the x axis has no name");
    says(Figure::new("t", "R").x_range(-1.0, 1.0).unwrap().log_x(), "the x range from -1 has no place");
    let band = Band::new([1.0, 2.0], [0.0, 1.0], [1.0, 2.0]).unwrap().named("seeds");
    says(Figure::new("t", "R").log_y().bands([band]), "1 of 2 points of the band of “seeds” left out");
}

#[test]
fn large_numbers_are_drawn_as_far_as_plotly_counts() {
    let drawn = |figure: &Figure| numbers(&figure.to_json()["data"][0]["y"]);
    let figure = Figure::new("t", "R").lines([series(&[1.0, 2.0], &[1.0, 2e300])]).hline(2e300, "bound");
    assert_eq!((drawn(&figure), title(&figure.to_json())), (vec![1.0, 2e300], ""));
    // Only linear axes have an end before that of the numbers, and it is not called infinite.
    let far = Figure::new("t", "R").lines([series(&[1.0, 2.0], &[5e-324, f64::MAX])]);
    assert!(title(&far.to_json()).replace("<br>", " ").contains("1 of 2 points left out: not finite or beyond ±1e304"));
    assert_eq!(drawn(&far.log_y()), [5e-324, f64::MAX]);
    let view = |end: f64| Figure::new("a", "b").x_range(-end, end).unwrap().y_range(-end / 2.0, end).unwrap();
    assert!(title(&view(1e305).to_json()).replace("<br>", " ").contains("range from -1e305 to 1e305 goes beyond"));
    // A line across a view of such numbers, on flat axes and on a surface.
    let line = view(2e300).hyperplane("w", &[1.0, 1.0], 0.0).unwrap();
    let ends = [&line.to_json()["data"][0]["x"], &line.to_json()["data"][0]["y"]].map(numbers);
    assert_eq!(ends, [vec![-2e300, 1e300], vec![2e300, -1e300]]);
    let path = series(&[-1e300, 1e300], &[0.0, 1e300]).named("path");
    let space = view(2e300).lines([path]).surface("z", |a, _| Ok(a)).unwrap().to_json();
    assert!(numbers(&space["data"][1]["x"]).len() > 20);
}

#[test]
fn long_series_are_thinned_with_a_note_and_keep_their_ends() {
    let long = |n: usize| {
        let x: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let json = Figure::new("t", "R").lines([Series::new(x.clone(), x).unwrap().named("long")]).to_json();
        (numbers(&json["data"][0]["x"]), title(&json).to_owned())
    };
    let (x, note) = long(100_000);
    assert_eq!((x.len(), note.as_str()), (100_000, ""));
    let (x, note) = long(250_001);
    assert!(x.len() <= 100_001 && x[0] == 0.0 && x[x.len() - 1] == 250_000.0);
    assert!(note.contains("one in 3 of the 250001 points of “long” drawn"), "{note}");
}
