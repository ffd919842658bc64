//! Panels and the names in them: one look and one legend entry a name, whatever the width of the page.

use super::{numbers, series};
use implicit_bias::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn a_name_looks_the_same_in_every_panel_and_is_listed_once() {
    let panel =
        |names: [&str; 2]| Figure::new("t", "R").lines(names.map(|n| series(&[1.0, 2.0], &[1.0, 2.0]).named(n)));
    let json = Figure::row([panel(["a", "b"]), panel(["b", "c"])]).unwrap().to_json();
    let data = json["data"].as_array().unwrap();
    let look = |i: usize| (data[i]["line"]["color"].clone(), data[i]["line"]["dash"].clone());
    assert_eq!(look(1), look(2));
    assert!(look(0) != look(1) && look(0) != look(3));
    let listed: Vec<bool> = data.iter().map(|t| t["showlegend"].as_bool().unwrap()).collect();
    assert_eq!(listed, [true, true, false, true]);
    assert_eq!(data[2]["xaxis"], "x2");
    // A band of a curve's name takes its colour and no entry of its own.
    let band = Band::new([1.0, 2.0], [0.5, 1.5], [1.5, 2.5]).unwrap();
    let with = |name: &str| panel(["a", "b"]).bands([band.clone().named(name)]).to_json();
    assert_eq!(with("a")["data"][0]["line"]["color"], with("a")["data"][1]["line"]["color"]);
    assert_eq!(with("a")["data"][0]["showlegend"], false);
    assert_eq!(with("range")["data"][0]["showlegend"], true);
}

#[test]
fn twenty_eight_names_differ_in_colour_or_dash() {
    let json =
        Figure::new("t", "R").lines((0..28).map(|i| series(&[1.0, 2.0], &[1.0, 2.0]).named(format!("{i}")))).to_json();
    let looks: BTreeSet<String> = json["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| format!("{}{}", t["line"]["color"], t["line"]["dash"]))
        .collect();
    assert_eq!(looks.len(), 28);
}

#[test]
fn panels_stand_side_by_side_on_a_wide_page_and_stacked_on_a_narrow_one() {
    let panel = || Figure::new("t", "R").lines([series(&[1.0, 2.0], &[1.0, 2.0]).named("a")]);
    let json = Figure::row([panel(), panel(), panel()]).unwrap().title("Three").to_json();
    let domains = |of: &Value, axis: &str| -> Vec<Vec<f64>> {
        ["", "2", "3"].iter().map(|s| numbers(&of[format!("{axis}axis{s}.domain")])).collect()
    };
    let (wide, narrow) = (&json["layout"]["meta"]["wide"], &json["layout"]["meta"]["narrow"]);
    let x = domains(wide, "x");
    assert!(x[0][1] < x[1][0] && x[1][1] < x[2][0] && x[0][0] == 0.0 && x[2][1] > 0.999);
    assert_eq!(domains(narrow, "x"), vec![vec![0.0, 1.0]; 3]);
    let y = domains(narrow, "y");
    assert!(y[0][0] > y[1][1] && y[1][0] > y[2][1] && y[2][0] < 1e-9);
    assert_eq!(json["layout"]["height"], wide["height"]);
    assert!(narrow["height"].as_u64() > wide["height"].as_u64());
}
