//! Data in the plane with regions, boundaries and hyperplanes.

use super::{numbers, square};
use implicit_bias::prelude::*;
use proptest::prelude::*;

#[test]
fn the_plane_shows_each_class_once_and_to_scale() {
    let json = Figure::plane(&square()).unwrap().to_json();
    let data = json["data"].as_array().unwrap();
    assert_eq!(numbers(&data[0]["x"]), [1.0, 3.0]);
    assert_eq!(numbers(&data[1]["y"]), [-2.0]);
    assert_ne!(data[0]["marker"]["symbol"], data[1]["marker"]["symbol"]);
    assert_ne!(data[0]["marker"]["color"], data[1]["marker"]["color"]);
    assert_eq!(json["layout"]["xaxis"]["scaleanchor"], "y");
    // One class alone, one point alone, points at the origin: all have a picture.
    for x in [array![[1.0, 1.0]], array![[0.0, 0.0]], array![[1e-300, 0.0]], array![[1e16, 1e16]]] {
        let json = Figure::plane(&Dataset::new(x, array![1.0]).unwrap()).unwrap().to_json();
        assert_eq!(json["data"].as_array().unwrap().len(), 1);
    }
    assert!(Figure::plane(&Dataset::new(array![[1.0]], array![1.0]).unwrap()).is_err());
    let far = Dataset::new(array![[1e308, 0.0], [-1e308, 0.0]], array![1.0, -1.0]).unwrap();
    assert!(Figure::plane(&far).is_err());
}

#[test]
fn regions_and_boundaries_are_the_function_on_a_grid() {
    let f = |a: f64, b: f64| a * b - 0.5 + a;
    let plane = Figure::plane(&square()).unwrap();
    let json = plane.clone().regions(|a, b| Ok(f(a, b))).unwrap().boundary("f", |a, b| Ok(f(a, b))).unwrap().to_json();
    for i in [0, 3] {
        let trace = &json["data"][i];
        assert_eq!(trace["type"], "contour");
        let (x, y) = (numbers(&trace["x"]), numbers(&trace["y"]));
        for (j, row) in trace["z"].as_array().unwrap().iter().enumerate() {
            for (i, z) in numbers(row).into_iter().enumerate() {
                assert!((z - f(x[i], y[j])).abs() <= 5.1e-4 * f(x[i], y[j]).abs());
            }
        }
    }
    let far = plane.clone().boundary("far", |_, _| Ok(1.0)).unwrap();
    assert!(far.to_string().contains("the boundary of “far” does not cross this view"));
    let holes = plane.clone().regions(|a, _| Ok(if a > 0.0 { f64::NAN } else { 1.0 })).unwrap();
    assert!(holes.to_string().contains("values not finite"));
    let error = plane.regions(|_, _| wilson(2, 1).map(|w| w.0)).unwrap_err();
    assert!(error.to_string().contains("wilson(k)"));
    assert!(Figure::new("x₁", "x₂").regions(|_, _| Ok(1.0)).unwrap_err().to_string().contains("x_range"));
}

proptest! {
    #[test]
    fn hyperplane_lies_on_the_line_inside_the_ranges(w1 in -1e3..1e3, w2 in -1e3..1e3, b in -1e3..1e3f64) {
        let ((x0, x1), (y0, y1)) = ((-2.0, 3.0), (1.0, 1.5));
        let figure = Figure::new("a", "b").x_range(x0, x1).unwrap().y_range(y0, y1).unwrap();
        let at = |x: f64, y: f64| w1 * x + w2 * y + b;
        let corners = [at(x0, y0), at(x0, y1), at(x1, y0), at(x1, y1)];
        let crosses = corners.iter().any(|&c| c >= 0.0) && corners.iter().any(|&c| c <= 0.0);
        match figure.hyperplane("w", &[w1, w2], b) {
            Err(_) => prop_assert!(!crosses),
            Ok(figure) => {
                prop_assert!(crosses);
                let json = figure.to_json();
                let (x, y) = (numbers(&json["data"][0]["x"]), numbers(&json["data"][0]["y"]));
                for (x, y) in x.into_iter().zip(y) {
                    prop_assert!(at(x, y).abs() <= 1e-9 * (w1.abs() + w2.abs() + b.abs()));
                    prop_assert!(x >= x0 - 1e-9 && x <= x1 + 1e-9 && y >= y0 - 1e-9 && y <= y1 + 1e-9);
                    // Each end stands on the border, not somewhere inside.
                    let border = (x - x0).abs().min((x - x1).abs()).min((y - y0).abs()).min((y - y1).abs());
                    prop_assert!(border <= 1e-9);
                }
            }
        }
    }
}

#[test]
fn hyperplane_refuses_what_is_no_line_in_view() {
    let plane = || Figure::plane(&square()).unwrap();
    for w in [vec![0.0, 0.0], vec![1.0], vec![1.0, 2.0, 3.0], vec![f64::NAN, 1.0], vec![f64::INFINITY, 1.0]] {
        assert!(plane().hyperplane("w", &w, 0.0).is_err(), "{w:?}");
    }
    assert!(plane().hyperplane("w", &[1.0, 0.0], 1e3).is_err());
    assert!(Figure::new("x₁", "x₂").hyperplane("w", &[1.0, 0.0], 0.0).is_err());
    // Scale does not matter, not even at the ends of f64.
    for scale in [1e-308, 1.0, 1e308] {
        let json = plane().hyperplane("w", &[scale, -scale], 0.0).unwrap().to_json();
        let (x, y) = (numbers(&json["data"][2]["x"]), numbers(&json["data"][2]["y"]));
        assert!(x.iter().zip(&y).all(|(x, y)| (x - y).abs() < 1e-12));
    }
}
