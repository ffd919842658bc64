//! Names and titles as plotly reads them, and a figure in words.

use super::square;
use implicit_bias::prelude::*;
use serde_json::Value;

#[test]
fn a_name_is_no_variable_of_plotly() {
    let f = |a: f64, _: f64| Ok(a);
    let view = |name: &str| Figure::new(name, "b").x_range(-1.0, 1.0).unwrap().y_range(-1.0, 1.0).unwrap();
    for name in ["%{x}", "a %{customdata[0]} b", "%%{z:.3f}"] {
        let flat = view("a").contours(name, [0.0], f).unwrap().to_json();
        let space = view(name).surface(name, f).unwrap().to_json();
        for (json, own) in [(flat, vec!["%{text}"]), (space, vec!["%{x:.4~g}", "%{y:.4~g}", "%{z:.4~g}"])] {
            let template = json["data"][0]["hovertemplate"].as_str().unwrap();
            assert_eq!(template.matches("%{").count(), own.len(), "{template}");
            assert!(own.iter().all(|variable| template.contains(variable)), "{template}");
            // plotly reads entities: the reader sees the name.
            assert!(template.replace("&#37;", "%").contains(name), "{template}");
        }
    }
}

#[test]
fn texts_are_broken_escaped_and_raised() {
    let json = Figure::new("‖W_{1}‖_{F}^{2} <i>", "snake_case_name").to_json();
    let text = |axis: &str| json["layout"][axis]["title"]["text"].as_str().unwrap().to_owned();
    assert_eq!(text("xaxis"), "‖W<sub>1</sub>‖<sub>F</sub><sup>2</sup> &lt;i&gt;");
    assert_eq!(text("yaxis"), "snake_case_name");
    let long = Figure::new("t", "R").title("word ".repeat(40)).to_json();
    let longest = |of: &Value| of["title.text"].as_str().unwrap().split("<br>").map(str::len).max().unwrap();
    assert!(longest(&long["layout"]["meta"]["narrow"]) <= 40);
    assert!(longest(&long["layout"]["meta"]["wide"]) > 60);
}

#[test]
fn text_and_debug_are_short_and_say_what_is_drawn() {
    let figure = Figure::plane(&square()).unwrap().title("Data").hyperplane("svm", &[1.0, 0.0], 0.0).unwrap();
    assert_eq!(format!("{figure:?}"), r#"Figure("x₂" over "x₁", 2 drawn)"#);
    let text = figure.to_string();
    assert!(text.starts_with("Data\n  x: x₁, -1 … 3\n"), "{text}");
    assert!(text.contains("2 points of y = +1, 1 of y = −1") && text.contains("“svm”"));
}
