use super::{Draw, close, nalgebra_of};
use implicit_bias::diagnose::alignment_with;
use implicit_bias::prelude::*;
use proptest::prelude::*;
use std::f64::consts::PI;

/// A network of rank-one layers u_k v_kᵀ with prescribed singular vectors of norm 1.
fn chain(pairs: &[(Array1<f64>, Array1<f64>)], sizes: &[f64]) -> Network {
    let layers: Vec<_> = pairs
        .iter()
        .zip(sizes)
        .map(|((u, v), s)| Array2::from_shape_fn((u.len(), v.len()), |(i, j)| s * u[i] * v[j]))
        .collect();
    Network::from_layers(&layers).unwrap()
}

fn direction(theta: f64) -> Array1<f64> {
    array![theta.cos(), theta.sin()]
}

#[test]
fn rank_one_chains_have_the_cosines_they_were_built_with() {
    let pairs =
        [(direction(0.3), direction(1.0)), (direction(2.0), direction(0.5)), (array![1.0], direction(2.0 + PI))];
    for sizes in [[1.0, 1.0, 1.0], [1e200, 1e200, 1e200], [1e-200, 1e-200, 1e-200], [1e150, 2.0, 1e-150]] {
        let net = chain(&pairs, &sizes);
        let found = adjacent_alignment(&net).unwrap();
        close(found[0], 0.2_f64.cos(), 1e-15);
        close(found[1], 1.0, 1e-15);
        close(adjacent_angles(&net).unwrap()[0], 0.2, 1e-15);
        assert!(adjacent_angles(&net).unwrap()[1] < 4e-16);
        close(product_alignment(&net).unwrap(), 0.2_f64.cos(), 2e-15);
        close(alignment_with(&net, &direction(0.0)).unwrap(), 1.0_f64.cos(), 1e-15);
        close(alignment_with(&net, &(direction(0.0) * -1e300)).unwrap(), 1.0_f64.cos(), 1e-15);
        let w = normalized_predictor(&net).unwrap();
        close(w.dot(&w).sqrt(), 0.2_f64.cos(), 2e-15);
    }
}

#[test]
fn full_rank_networks_agree_with_nalgebra() {
    let mut draw = Draw(21);
    for widths in [&[2, 2, 2, 2, 1][..], &[5, 4, 3, 1], &[3, 6, 6, 1], &[4, 1]] {
        let net = draw.network(widths);
        let svds: Vec<_> = net.layers().map(|w| nalgebra_of(&w.to_owned()).svd(true, true)).collect();
        let largest = |svd: &nalgebra::SVD<f64, nalgebra::Dyn, nalgebra::Dyn>| svd.singular_values.imax();
        let u = |k: usize| svds[k].u.as_ref().unwrap().column(largest(&svds[k])).into_owned();
        let v = |k: usize| svds[k].v_t.as_ref().unwrap().row(largest(&svds[k])).transpose();
        for (k, found) in adjacent_alignment(&net).unwrap().into_iter().enumerate() {
            assert!((found - u(k).dot(&v(k + 1)).abs()).abs() < 1e-12, "{widths:?} at {k}");
        }
        let product = net.predictor().unwrap();
        let size: f64 = svds.iter().map(|s| s.singular_values.norm()).product();
        let first = v(0);
        let oracle = product.iter().zip(first.iter()).map(|(a, b)| a * b / size).sum::<f64>().abs();
        assert!((product_alignment(&net).unwrap() - oracle).abs() < 1e-12);
    }
}

#[test]
fn angles_are_accurate_from_the_smallest_to_pi() {
    for theta in [0.0_f64, 1e-300, 1e-30, 1e-16, 1e-8, 1e-3, 0.5, 1.5] {
        close(angle(&[1.0, 0.0], &[theta.cos(), theta.sin()]).unwrap(), theta, 3e-16);
    }
    close(angle(&[1.0, 0.0], &[-1.0, 1e-9]).unwrap(), PI - 1e-9, 1e-16);
    assert_eq!(angle(&[1.0, 2.0, 3.0], &[-2.0, -4.0, -6.0]).unwrap(), PI);
    // Integer vectors (n, n + 1) and (n − 1, n) span an area of exactly 1: the sine is 1/(‖a‖‖b‖).
    let n = 94_906_265.0_f64;
    let (a, b) = ([n, n + 1.0], [n - 1.0, n]);
    let sine = 1.0 / (a[0].hypot(a[1]) * b[0].hypot(b[1]));
    close(angle(&a, &b).unwrap(), sine.asin(), 1e-15);
    // Negative control: arccos of the normalised product knows nothing here.
    let cosine = (a[0] * b[0] + a[1] * b[1]) / (a[0].hypot(a[1]) * b[0].hypot(b[1]));
    assert!((cosine.min(1.0).acos() / sine.asin() - 1.0).abs() > 1e-3);
}

proptest! {
    #[test]
    fn angles_ignore_scale_and_order(
        a in prop::collection::vec(-1.0..1.0f64, 1..6), s in -290..290i32, t in -290..290i32, seed in 0u64..1000,
    ) {
        let b = Draw(seed).vector(a.len());
        let a = Array1::from(a);
        prop_assume!(a.iter().any(|v| v.abs() > 1e-3));
        let plain = angle(&a, &b).unwrap();
        let scaled = angle(&(&a * 10f64.powi(s)), &(&b * 10f64.powi(t))).unwrap();
        prop_assert!((plain - scaled).abs() < 1e-15 * 4.0, "{plain} {scaled}");
        prop_assert!((plain - angle(&b, &a).unwrap()).abs() < 1e-15 * 4.0);
        prop_assert!((plain + angle(&a, &(-&b)).unwrap() - PI).abs() < 1e-15 * 4.0);
    }
}
