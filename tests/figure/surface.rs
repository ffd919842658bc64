//! Surfaces with paths on them, alone, among panels, and on a page without WebGL.

use super::{bowl, numbers, series};
use implicit_bias::prelude::*;
use serde_json::Value;

#[test]
fn a_surface_is_the_function_and_paths_lie_on_it() {
    let f = |a: f64, b: f64| a * a + 2.0 * b * b;
    let json = bowl().surface("height z", |a, b| Ok(f(a, b))).unwrap().to_json();
    let data = json["data"].as_array().unwrap();
    assert_eq!(data[0]["type"], "surface");
    let (x, y) = (numbers(&data[0]["x"]), numbers(&data[0]["y"]));
    for (j, row) in data[0]["z"].as_array().unwrap().iter().enumerate() {
        for (i, z) in numbers(row).into_iter().enumerate() {
            assert!((z - f(x[i], y[j])).abs() <= 5.1e-5 * f(x[i], y[j]));
        }
    }
    // The path: the straight segments between its points, cut at the view's border (2, 0.4), on the surface.
    let path = &data[1];
    let (x, y, z) = (numbers(&path["x"]), numbers(&path["y"]), numbers(&path["z"]));
    assert_eq!((x[0], y[0]), (-1.0, 0.5));
    assert!((x[x.len() - 1] - 2.0).abs() < 1e-12 && (y[y.len() - 1] - 0.4).abs() < 1e-12);
    for i in 0..x.len() {
        assert!((y[i] - if x[i] < 0.0 { -x[i] / 2.0 } else { x[i] / 5.0 }).abs() < 1e-12);
        // A hair (below a hundredth of the range) above, less what bilinear interpolation is off by.
        assert!((z[i] - f(x[i], y[i])).abs() < 0.01 * 6.0, "{} {}", z[i], f(x[i], y[i]));
        assert!(i == 0 || ((x[i] - x[i - 1]) / 0.04).abs().max(((y[i] - y[i - 1]) / 0.02).abs()) < 1.0 + 1e-9);
    }
    assert!((numbers(&data[2]["z"])[0] - f(0.0, 0.5)).abs() < 0.06);
    assert_eq!((data[1]["mode"].as_str(), data[2]["mode"].as_str()), (Some("lines"), Some("markers")));
    // Named axes, the floor to scale.
    let scene = &json["layout"]["scene"];
    let names = ["x", "y", "z"].map(|a| scene[format!("{a}axis")]["title"]["text"].as_str().unwrap());
    assert_eq!(names, ["a", "b", "height z"]);
    // The camera looks over the lowest corner, the first of equal ones.
    let eye = |json: &Value| ["x", "y"].map(|a| json["layout"]["scene"]["camera"]["eye"][a].as_f64().unwrap().signum());
    let slope = |p: f64, q: f64| bowl().surface("z", move |a, b| Ok(p * a + q * b)).unwrap().to_json();
    assert_eq!(eye(&json), [-1.0, -1.0]);
    for (p, q) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
        assert_eq!(eye(&slope(p, q)), [-p, -q]);
    }
    let side = |a: &str| scene["aspectratio"][a].as_f64().unwrap();
    assert!((side("x") / side("y") - 2.0).abs() < 1e-12);
    assert_eq!(json["config"]["scrollZoom"], false);
    assert!(json["layout"]["xaxis"].is_null());
}

#[test]
fn a_page_without_webgl_gets_the_surfaces_level_lines() {
    let flat = bowl().surface("z", |a, b| Ok(a * a + b)).unwrap().to_json()["layout"]["meta"]["flat"].clone();
    let kinds: Vec<_> = flat["data"].as_array().unwrap().iter().map(|t| t["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["contour", "scatter", "scatter"]);
    assert_eq!(flat["layout"]["coloraxis"]["colorbar"]["title"]["text"], "z");
    // From −1 to 5 in round steps.
    let ticks = flat["layout"]["coloraxis"]["colorbar"]["ticktext"].as_array().unwrap();
    assert_eq!(ticks.iter().map(|t| t.as_str().unwrap()).collect::<Vec<_>>(), ["−1", "0", "1", "2", "3", "4", "5"]);
    assert!(flat["layout"]["meta"]["wide"].is_object());
    assert!(bowl().to_json()["layout"]["meta"]["flat"].is_null());
    // A constant has one level; the ends of f64 have some.
    for c in [0.0, 7.0, -1e-308, 1e308] {
        let json = bowl().surface("z", |a, _| Ok(if a > 0.0 { c } else { -c })).unwrap().to_json();
        assert!(!numbers(&json["layout"]["meta"]["flat"]["layout"]["coloraxis"]["colorbar"]["tickvals"]).is_empty());
    }
}

#[test]
fn surfaces_stand_among_panels() {
    let space = || bowl().title("space").surface("z", |a, b| Ok(a + b)).unwrap();
    let plane = || bowl().title("plane").contours("z", [0.0], |a, b| Ok(a + b)).unwrap();
    let json = Figure::row([plane(), space(), space()]).unwrap().to_json();
    let layout = &json["layout"];
    for page in ["wide", "narrow"] {
        let at = &layout["meta"][page];
        for (k, scene) in ["scene2", "scene3"].iter().enumerate() {
            // The title stands at the upper left corner of its scene.
            assert_eq!(at[format!("{scene}.domain.x")][0], at[format!("annotations[{k}].x")]);
            assert_eq!(at[format!("{scene}.domain.y")][1], at[format!("annotations[{k}].y")]);
            assert_eq!(layout["annotations"][k]["text"], "<b>space</b>");
        }
        // The colour bar stands beside its plane, before the next panel.
        let right = at["xaxis.domain"][1].as_f64().unwrap();
        assert_eq!(at["coloraxis.colorbar.x"].as_f64(), Some(right));
        assert!(right < if page == "wide" { at["scene2.domain.x"][0].as_f64().unwrap() } else { 0.9 });
    }
    assert_eq!(layout["scene2"]["domain"]["x"], layout["meta"]["wide"]["scene2.domain.x"]);
    assert_eq!(layout["annotations"][0]["x"], layout["meta"]["wide"]["annotations[0].x"]);
    assert_eq!(json["data"].as_array().unwrap().iter().filter(|t| t["scene"] == "scene3").count(), 3);
    // A name keeps its look in space, and its one legend entry.
    let paths: Vec<_> = json["data"].as_array().unwrap().iter().filter(|t| t["name"] == "path").collect();
    assert!(paths.iter().all(|t| t["line"]["color"] == paths[0]["line"]["color"]));
    assert_eq!(paths.iter().filter(|t| t["showlegend"] == true).count(), 1);
}

#[test]
fn a_surface_says_what_it_cannot_carry() {
    let f = |a: f64, _: f64| Ok(if a > 1.0 { f64::INFINITY } else { a });
    let lost = series(&[0.0, f64::NAN, 1.0], &[0.0, 0.0, 0.0]).named("lost");
    let far = series(&[9.0, 0.0], &[0.0, 0.0]).named("far").points();
    let text = bowl().hline(0.0, "level").lines([lost, far]).surface("z", f).unwrap().to_string();
    for words in [
        "the surface of “z”: 2525 of 10201 values not finite",
        "1 other parts of the figure left out",
        "1 of 3 points of “lost” left out: not finite",
        "1 of 2 points of “far” left out: outside the surface",
        "z: z, -2 … 1 (a surface)",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(Figure::new("a", "b").surface("z", f).unwrap_err().to_string().contains("x_range"));
    assert!(bowl().surface("z", |_, _| Ok(f64::NAN)).unwrap_err().to_string().contains("finite"));
    assert!(bowl().log_x().surface("z", f).unwrap_err().to_string().contains("linear axes"));
}
