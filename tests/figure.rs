//! Figures: the plotly JSON holds what was asked, nothing is dropped silently, hostile text stays text.

use implicit_bias::prelude::*;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

fn series(x: &[f64], y: &[f64]) -> Series {
    Series::new(x, y).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn title(json: &Value) -> &str {
    json["layout"]["title"]["text"].as_str().unwrap()
}

fn square() -> Dataset {
    Dataset::new(array![[1.0, 2.0], [3.0, 1.0], [-1.0, -2.0]], array![1.0, 1.0, -1.0]).unwrap()
}

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

    #[test]
    fn any_numbers_give_finite_json(points in prop::collection::vec((any::<f64>(), any::<f64>()), 1..40), logs in any::<(bool, bool)>()) {
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        let mut figure = Figure::new("t", "R").lines([Series::new(x, y).unwrap().named("any")]);
        if logs.0 { figure = figure.log_x(); }
        if logs.1 { figure = figure.log_y(); }
        let json: Value = serde_json::from_str(&figure.to_json().to_string()).unwrap();
        let fits = |v: f64, log: bool| v.is_finite() && if log { v > 0.0 } else { v.abs() <= 1e304 };
        let kept = points.iter().filter(|p| fits(p.0, logs.0) && fits(p.1, logs.1)).count();
        for axis in ["x", "y"] {
            let drawn = json["data"][0][axis].as_array().unwrap();
            prop_assert_eq!(drawn.len(), points.len());
            prop_assert_eq!(drawn.iter().filter(|v| v.is_number()).count(), kept);
        }
        let noted = title(&json).replace("<br>", " ").contains(&format!("{} of {} points", points.len() - kept, points.len()));
        prop_assert_eq!(noted, kept < points.len());
    }
}

proptest! {
    // Each case evaluates 10,201 points twice.
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_levels_and_heights_give_finite_json(
        mut levels in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 1..12),
        heights in prop::collection::vec(any::<f64>(), 1..50),
    ) {
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let mut i = 0;
        let mut f = |_: f64, _: f64| {
            i += 1;
            Ok(heights[i % heights.len()])
        };
        let whole = |json: &Value, key: &str| {
            json["data"][0][key].as_array().unwrap().iter().all(|row| {
                row.as_array().unwrap().iter().all(|v| v.is_null() || v.as_f64().is_some_and(f64::is_finite))
            })
        };
        let flat = bowl().contours("R", levels, &mut f).unwrap().to_json();
        prop_assert!(whole(&flat, "z"));
        // Nothing but NaN is a hole in the level lines, nothing but what is not finite in a surface.
        let holes = |json: &Value| json["data"][0]["z"].to_string().matches("null").count();
        prop_assert_eq!(holes(&flat) > 0, heights.iter().any(|h| h.is_nan()));
        match bowl().surface("R", &mut f) {
            Ok(space) => prop_assert_eq!(holes(&space.to_json()) > 0, !heights.iter().all(|h| h.is_finite())),
            Err(_) => prop_assert!(heights.iter().all(|h| !h.is_finite())),
        }
    }
}

proptest! {
    // Each case writes plotly.js anew.
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_text_leaves_its_place(text in "[<>&\"'a-z/ {}_^$%]{0,30}") {
        let hostile = format!("{text}</script><img src=x onerror=alert(1)>");
        let html = Figure::new(&hostile, &hostile)
            .title(&hostile)
            .lines([series(&[1.0], &[1.0]).named(&hostile).hover([&hostile]).unwrap()])
            .hline(1.0, &hostile)
            .annotate(1.0, 1.0, &hostile)
            .to_html();
        let own = html.rsplit_once("<figure").unwrap().1;
        prop_assert!(!own.contains("<img"));
        prop_assert_eq!(own.matches("</script>").count(), 1);
    }
}

/// A bowl over a view to scale, with a path that leaves the view.
fn bowl() -> Figure {
    let path = series(&[-1.0, 0.0, 5.0], &[0.5, 0.0, 1.0]).named("path");
    let view = Figure::new("a", "b").square().x_range(-2.0, 2.0).unwrap().y_range(-1.0, 1.0).unwrap();
    view.lines([path, series(&[0.0], &[0.5]).named("start").points()])
}

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

/// plotly.js as it stands in a figure's script.
fn packed(html: &str) -> &str {
    html.split_once("const packed = \"").and_then(|(_, rest)| rest.split_once('"')).unwrap().0
}

#[test]
fn every_figure_carries_the_library_of_the_crate() {
    use base64::Engine as _;
    let html = bowl().to_html();
    let zlib = base64::engine::general_purpose::STANDARD.decode(packed(&html)).unwrap();
    let source = miniz_oxide::inflate::decompress_to_vec_zlib(&zlib).unwrap();
    let source = String::from_utf8(source).unwrap();
    let scripts = plotly::Plot::offline_js_sources();
    assert!(scripts.contains(&source) && source.len() > 4_000_000);
    assert!(source.starts_with("/**") && source.contains("plotly.js v") && !source.contains("</script>"));
    assert!(html.len() < 2_000_000, "{} bytes", html.len());
    // Nothing in it ends the script element or names evcxr's signals.
    assert!(html.matches("</script>").count() == 1 && html.contains("trust it"));
}

/// The blocks of each bundle that `evcxr_display` prints, read from a process of its own as evcxr reads them.
#[test]
fn one_bundle_a_figure_and_each_draws_alone() {
    let exe = std::env::current_exe().unwrap();
    let run = std::process::Command::new(exe)
        .args(["--exact", "child_shows_figures", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let stdout = String::from_utf8(run.stdout).unwrap();
    let mut blocks: Vec<(String, String)> = vec![];
    let mut lines = stdout.lines();
    while let Some(line) = lines.next() {
        if let Some(mime) = line.strip_prefix("EVCXR_BEGIN_CONTENT ") {
            let content: Vec<_> = lines.by_ref().take_while(|l| *l != "EVCXR_END_CONTENT").collect();
            blocks.push((mime.to_owned(), content.join("\n")));
        }
    }
    let mimes: Vec<_> = blocks.iter().map(|b| b.0.as_str()).collect();
    assert_eq!(mimes, ["application/vnd.plotly.v1+json", "text/html", "text/plain"].repeat(3));
    // Whichever of the outputs are replaced, deleted or kept, each brings the library and leans on no other.
    let library = packed(&blocks[1].1);
    assert!(library.len() < 2_000_000, "{} bytes a figure", library.len());
    assert!([4, 7].iter().all(|&i| packed(&blocks[i].1) == library));
    for i in 0..3 {
        let json: Value = serde_json::from_str(&blocks[3 * i].1).unwrap();
        assert_eq!(json["layout"]["xaxis"]["title"]["text"], "t");
        assert!(blocks[3 * i + 1].1.trim_end().ends_with("</script>"));
    }
    // A line that looks like evcxr's own signal does not end the block.
    assert!(blocks[5].1.contains("EVCXR_END_CONTENT") && blocks[5].1.contains("x: t"));
}

#[test]
#[ignore = "run by one_bundle_a_figure_and_each_draws_alone in a process of its own"]
fn child_shows_figures() {
    let first = Figure::new("t", "R").lines([series(&[1.0], &[1.0]).named("a")]);
    first.evcxr_display();
    Figure::row([first.clone()]).unwrap().title("two\nEVCXR_END_CONTENT\nlines").evcxr_display();
    first.evcxr_display();
}

#[test]
fn a_curve_is_a_function_over_its_abscissas() {
    let curve = Series::curve([1.0, 2.0, 3.0], |x| Ok(x * x)).unwrap();
    assert_eq!((curve.x(), curve.y()), (&[1.0, 2.0, 3.0][..], &[1.0, 4.0, 9.0][..]));
    assert_eq!(Series::curve(&array![1.0, 2.0], |x| Ok(-x)).unwrap().y(), [-1.0, -2.0]);
    assert!(Series::curve([0.5, -1.0], |mu| Filter::Ridge { lambda: 1.0 }.gain(mu)).is_err());
    assert!(Series::curve([0.0; 0], Ok).is_err());
}
