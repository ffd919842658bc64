use super::{Draw, close};
use implicit_bias::diagnose::{homogeneous_margin, network_margin};
use implicit_bias::prelude::*;

fn sample(draw: &mut Draw, n: usize, d: usize) -> Dataset {
    let y = Array1::from_shape_fn(n, |i| if i % 3 == 0 { -1.0 } else { 1.0 });
    Dataset::new(draw.matrix(n, d), y).unwrap()
}

#[test]
fn margins_by_brute_force() {
    let mut draw = Draw(41);
    for (n, d) in [(1, 1), (7, 2), (30, 5)] {
        let (data, w) = (sample(&mut draw, n, d), draw.vector(d));
        let q: Vec<f64> = (0..n).map(|i| data.y()[i] * (0..d).map(|j| w[j] * data.x()[[i, j]]).sum::<f64>()).collect();
        let least = q.iter().copied().fold(f64::INFINITY, f64::min);
        assert!((margin(&w, &data).unwrap() - least).abs() < 1e-15);
        let length = w.iter().map(|v| v * v).sum::<f64>().sqrt();
        assert!((normalized_margin(&w, &data).unwrap() - least / length).abs() < 1e-15);
        assert_eq!(training_error(&w, &data).unwrap(), q.iter().filter(|&&v| v <= 0.0).count() as f64 / n as f64);
        // The direction alone counts, even where ‖w‖² is no number.
        for c in [1e-300, 1e300] {
            close(normalized_margin(&(&w * c), &data).unwrap(), least / length, 1e-14);
        }
    }
}

#[test]
fn network_margins_divide_by_what_they_say() {
    let mut draw = Draw(42);
    let (data, net) = (sample(&mut draw, 9, 3), draw.network(&[3, 4, 2, 1]));
    let raw = margin(&net.predictor().unwrap(), &data).unwrap();
    let product: f64 = frobenius_norms(&net).unwrap().iter().product();
    let all = net.params().iter().map(|v| v * v).sum::<f64>().sqrt();
    close(network_margin(&net, &data).unwrap(), raw / product, 1e-14);
    close(homogeneous_margin(&net, &data).unwrap(), raw / all.powi(3), 1e-14);
}

#[test]
fn homogeneous_where_the_product_is_no_number() {
    let mut draw = Draw(43);
    let (data, net) = (sample(&mut draw, 9, 2), draw.network(&[2, 2, 2, 1]));
    for c in [1e-150, 1e150] {
        let layers: Vec<_> = net.layers().map(|w| &w * c).collect();
        let scaled = Network::from_layers(&layers).unwrap();
        close(network_margin(&scaled, &data).unwrap(), network_margin(&net, &data).unwrap(), 1e-14);
        close(homogeneous_margin(&scaled, &data).unwrap(), homogeneous_margin(&net, &data).unwrap(), 1e-14);
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let data = Dataset::new(array![[1e308, 1e308]], array![1.0]).unwrap();
    assert!(margin(&[1.0], &data).unwrap_err().to_string().contains("expected shape 2, found 1"));
    assert!(margin(&[1.0, f64::NAN], &data).unwrap_err().to_string().contains("w[1]"));
    assert!(margin(&[1e10, -1e10], &data).unwrap_err().to_string().contains("y[0]⟨w, x[0]⟩"));
    assert!(normalized_margin(&[0.0, 0.0], &data).unwrap_err().to_string().contains("non-zero"));
}
