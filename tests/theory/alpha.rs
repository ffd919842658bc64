//! Lemma 3's α by facets against closed forms and against brute force over directions.

use crate::{Draw, aside, tied};
use implicit_bias::prelude::*;

fn alpha(data: &Dataset) -> Result<f64> {
    lemma_3_alpha(data, &MaxMargin::fit(data)?)
}

/// maxᵢ⟨ξ, zᵢ⟩ over the support vectors, for ξ along what of `direction` is perpendicular to ū.
fn reach(data: &Dataset, svm: &MaxMargin, direction: &Array1<f64>) -> f64 {
    let side = aside(direction, svm.direction());
    let heights = data.mirrored().dot(&side) / side.dot(&side).sqrt();
    svm.support().iter().map(|&i| heights[i]).fold(f64::NEG_INFINITY, f64::max)
}

/// Points ū + pᵢ with the pᵢ ⟂ ū given in the last coordinates.
fn around_first_axis(p: &[Vec<f64>]) -> Dataset {
    let x = Array2::from_shape_fn((p.len(), p[0].len() + 1), |(i, j)| if j == 0 { 1.0 } else { p[i][j - 1] });
    Dataset::new(x, Array1::ones(p.len())).unwrap()
}

#[test]
fn lemma_3_in_the_plane_by_hand() {
    for seed in 0..50 {
        let data = tied(seed, 2 + seed as usize % 5, 2);
        let svm = MaxMargin::fit(&data).unwrap();
        let u = svm.direction();
        let side = array![-u[1], u[0]];
        let expected = reach(&data, &svm, &side).min(reach(&data, &svm, &-side));
        assert!((alpha(&data).unwrap() - expected).abs() < 1e-15 && expected > 0.0);
    }
}

#[test]
fn lemma_3_is_the_least_reach_over_all_directions() {
    for (seed, d) in (0..8).map(|seed| (seed, 3 + seed as usize % 2)) {
        let data = tied(100 + seed, d + seed as usize % 4, d);
        let svm = MaxMargin::fit(&data).unwrap();
        let found = lemma_3_alpha(&data, &svm).unwrap();
        let mut draw = Draw::new(seed);
        // Each sample bounds α from above; ever narrower searches around the best one converge to it.
        let mut best = (f64::INFINITY, Array1::zeros(d));
        for _ in 0..4000 {
            let v = draw.vector(d);
            let r = reach(&data, &svm, &v);
            assert!(r >= found - 1e-14);
            if r < best.0 {
                best = (r, v);
            }
        }
        let coarse = best.0;
        for zoom in 0..500 {
            let size = 0.3 * 0.965_f64.powi(zoom);
            for _ in 0..60 {
                let unit = &best.1 / best.1.dot(&best.1).sqrt();
                let v = unit + draw.vector(d) * size;
                let r = reach(&data, &svm, &v);
                if r < best.0 {
                    best = (r, v);
                }
            }
        }
        assert!((best.0 - found).abs() < 1e-7, "d = {d}: {} by search, {found} by facets", best.0);
        // Negative control: the search had a way to go.
        assert!(coarse > found + 1e-5);
    }
}

#[test]
fn lemma_3_of_regular_bodies() {
    let polygon = |k: usize| -> Vec<Vec<f64>> {
        let turn = |i: usize| std::f64::consts::TAU * i as f64 / k as f64;
        (0..k).map(|i| vec![turn(i).cos(), turn(i).sin()]).collect()
    };
    for k in [3, 4, 5, 17, 100] {
        let expected = (std::f64::consts::PI / k as f64).cos();
        assert!((alpha(&around_first_axis(&polygon(k))).unwrap() - expected).abs() < 1e-14, "{k}");
    }
    // ±eⱼ in m dimensions: facets at distance 1/√m, with m of the 2m points on each.
    for m in 1..7 {
        let corner = |i: usize| (0..m).map(|j| if i / 2 == j { [1.0, -1.0][i % 2] } else { 0.0 }).collect();
        let body = around_first_axis(&(0..2 * m).map(corner).collect::<Vec<_>>());
        assert!((alpha(&body).unwrap() - 1.0 / (m as f64).sqrt()).abs() < 1e-14, "{m}");
        // A support vector that comes twice changes nothing.
        let twice: Vec<Vec<f64>> = (0..2 * m).chain([0]).map(corner).collect();
        assert!((alpha(&around_first_axis(&twice)).unwrap() - 1.0 / (m as f64).sqrt()).abs() < 1e-14);
    }
    // A regular simplex of radius 1 in m dimensions has facets at distance 1/m; here in generic position, by its generator.
    for d in 2..9 {
        let data = Separable { n: 3 * d, d, margin: 0.3, next_margin: 0.6 }.sample(d as u64).unwrap();
        let found = alpha(&data).unwrap();
        let radius = (1.0_f64 - 0.09).sqrt();
        assert!(found >= 0.5 * radius / (d - 1) as f64 - 1e-14 && found <= radius / (d - 1) as f64 + 1e-14, "{d}");
    }
}

#[test]
fn lemma_3_zero_where_assumption_3_is_broken() {
    let two = around_first_axis(&[vec![1.0, 0.5], vec![-1.0, -0.5]]);
    let line = around_first_axis(&[vec![1.0, 0.5], vec![-1.0, -0.5], vec![0.5, 0.25], vec![-0.5, -0.25]]);
    // Zero between two of the points: the third has multiplier 0, though all three span.
    let idle = around_first_axis(&[vec![1.0, 0.0], vec![-1.0, 0.0], vec![0.2, 1.0]]);
    for data in [two, line, idle] {
        assert_eq!(alpha(&data).unwrap(), 0.0);
        let said = late_offset(&data, &MaxMargin::fit(&data).unwrap()).unwrap_err().to_string();
        assert!(said.contains("α > 0"), "{said}");
    }
    let opposed = around_first_axis(&[vec![1.0, 0.0], vec![-1.0, 0.0], vec![0.2, 1.0], vec![0.0, -1e-3]]);
    assert!((alpha(&opposed).unwrap() - 1e-3).abs() < 1e-8);
}

#[test]
fn lemma_3_scales_with_the_data() {
    let data = tied(7, 5, 3);
    let unit = alpha(&data).unwrap();
    for scale in [1e-300, 1e-3, 1e300] {
        let scaled = Dataset::new(&data.x() * scale, data.y().to_owned()).unwrap();
        assert!((alpha(&scaled).unwrap() / scale / unit - 1.0).abs() < 1e-13, "{scale:e}");
    }
}

#[test]
fn lemma_3_refuses_what_it_cannot_answer() {
    let said = |data: &Dataset, svm: &MaxMargin| {
        let [a, b] = [lemma_3_alpha(data, svm).map(|_| ()), late_offset(data, svm).map(|_| ())];
        (a.unwrap_err().to_string(), b.unwrap_err().to_string())
    };
    let (data, other) = (tied(1, 3, 2), tied(2, 3, 2));
    let aside = Dataset::new(array![[3.0, 1.0], [3.0, 2.0], [-1.0, 0.5]], array![1.0, 1.0, -1.0]).unwrap();
    let line = Dataset::new(array![[1.0], [-2.0]], array![1.0, -1.0]).unwrap();
    let svm = MaxMargin::fit(&data).unwrap();
    for (data, svm, expected) in [
        (&line, MaxMargin::fit(&line).unwrap(), "d ≥ 2"),
        (&line, svm.clone(), "expected shape 1, found 2"),
        (&other, svm, "the maximum margin of this data through the origin"),
        (&aside, MaxMargin::fit_with_intercept(&aside).unwrap(), "the maximum margin of this data through the origin"),
    ] {
        let (a, b) = said(data, &svm);
        assert!(a.contains(expected) && a.contains("lemma_3_alpha"), "{a}");
        assert!(b.contains(expected) && b.contains("late_offset"), "{b}");
    }
    let many: Vec<Vec<f64>> = (0..2000).map(|i| vec![(i as f64).cos(), (i as f64).sin()]).collect();
    let many = around_first_axis(&many);
    let said = alpha(&many).unwrap_err().to_string();
    assert!(said.contains("1e6 subsets") && said.contains("2000 support vectors"), "{said}");
}
