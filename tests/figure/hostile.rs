//! Whatever the numbers and texts, the JSON is finite and no text leaves its place.

use super::{bowl, series, title};
use implicit_bias::prelude::*;
use proptest::prelude::*;
use serde_json::Value;

proptest! {
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
