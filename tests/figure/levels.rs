//! Level lines of a function of two variables.

use super::{bowl, numbers};
use implicit_bias::prelude::*;

#[test]
fn level_lines_stand_at_their_levels_whatever_their_distance() {
    // On x alone the line of level z stands where f(x) = z: between the two grid columns around it.
    let f = |a: f64, _: f64| Ok(10f64.powf(2.0 * a));
    for levels in [vec![1e-3, 1e-2, 0.1, 1.0, 10.0, 1e3], vec![0.5, 0.7, 40.0], vec![2.0], vec![-1.0, 0.5, 3.0]] {
        let json = bowl().contours("risk", levels.clone(), f).unwrap().to_json();
        let trace = json["data"].as_array().unwrap().iter().find(|t| t["type"] == "contour").unwrap();
        let (x, z) = (numbers(&trace["x"]), numbers(&trace["z"][3]));
        assert_eq!(trace["contours"]["start"], 0.0);
        assert_eq!(trace["contours"]["end"], (levels.len() - 1) as f64);
        for (i, level) in levels.iter().enumerate() {
            let place = i as f64;
            for (x, z) in x.iter().zip(&z) {
                let distance = z - place;
                // Three decimals are kept.
                assert!(distance.abs() < 1e-3 || (10f64.powf(2.0 * x) > *level) == (distance > 0.0));
            }
        }
        let bar = &json["layout"]["coloraxis"];
        assert_eq!(numbers(&bar["colorbar"]["tickvals"]).len(), levels.len());
        assert_eq!(bar["colorbar"]["title"]["text"], "risk");
        assert_eq!((bar["cmin"].as_f64(), bar["cmax"].as_f64()), (Some(-0.5), Some(levels.len() as f64 - 0.5)));
    }
    // Positive levels are even in their logarithms: half way in x is half way in places.
    let json = bowl().contours("risk", [1e-4, 1.0, 1e4], f).unwrap().to_json();
    let z = numbers(&json["data"][0]["z"][0]);
    assert!((0..=100).all(|i| (z[i] - i as f64 / 50.0).abs() < 1e-3));
    let ticks: Vec<_> = json["layout"]["coloraxis"]["colorbar"]["ticktext"].as_array().unwrap().clone();
    assert_eq!(ticks, ["10<sup>−4</sup>", "1", "10<sup>4</sup>"]);
    // The level lines lie beneath the path although they were added after it.
    assert_eq!(json["data"][0]["type"], "contour");
    assert_eq!(json["data"][1]["name"], "path");
}

#[test]
fn level_lines_take_what_functions_give() {
    let rough = |a: f64, _: f64| {
        Ok(match a {
            a if a < -1.0 => f64::NAN,
            a if a < 0.0 => 0.0,
            a if a < 1.0 => f64::INFINITY,
            _ => 1e308,
        })
    };
    let figure = bowl().contours("R", [1e-3, 1.0], rough).unwrap();
    assert!(figure.to_string().contains("the level lines of “R”: 2525 of 10201 values not finite"), "{figure}");
    assert!(figure.to_string().contains("“R”: level lines at 0.001, 1"));
    let json = figure.to_json();
    let row = json["data"][0]["z"][0].as_array().unwrap();
    assert!(row[0].is_null() && row[30] == -1000.0 && row[60] == 1000.0 && row[100].as_f64().unwrap() > 1.0);
    for levels in [vec![], vec![1.0, 1.0], vec![2.0, 1.0], vec![f64::NAN], vec![0.0, f64::INFINITY], vec![0.0; 101]] {
        let error = bowl().contours("R", levels.clone(), rough).unwrap_err().to_string();
        assert!(error.contains("levels"), "{levels:?}: {error}");
    }
    assert!(Figure::new("a", "b").contours("R", [1.0], rough).unwrap_err().to_string().contains("x_range"));
    assert!(bowl().contours("R", [1.0], |_, _| wilson(2, 1).map(|w| w.0)).is_err());
    // The widest levels that f64 has.
    let json = bowl().contours("R", [-1e308, 0.0, 1e308], |a, _| Ok(a * 5e307)).unwrap().to_json();
    assert!((numbers(&json["data"][0]["z"][0])[75] - 1.5).abs() < 1e-3);
    // Levels that even logarithms cannot tell apart.
    let next = f64::from_bits(1e300f64.to_bits() + 1);
    let json = bowl().contours("R", [1e300, next], |_, _| Ok(1e300)).unwrap().to_json();
    assert!(numbers(&json["data"][0]["z"][0]).iter().all(|v| v.is_finite()));
    // One colour bar a figure: the last function asked for.
    let twice = bowl().contours("R", [1.0], rough).unwrap().contours("S", [2.0], rough).unwrap().to_json();
    assert_eq!(twice["data"].as_array().unwrap().iter().filter(|t| t["type"] == "contour").count(), 1);
    assert_eq!(twice["layout"]["coloraxis"]["colorbar"]["title"]["text"], "S");
}
