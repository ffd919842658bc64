//! What is drawn from a seed: the same bits for ever; clouds, moons, Soudry's four and Gaussian matrices as defined.

use implicit_bias::prelude::*;
use ndarray::s;

/// x₁, x₂ and y of a row, as bits.
fn bits(data: &Dataset, row: usize) -> [u64; 3] {
    [data.x()[[row, 0]], data.x()[[row, 1]], data.y()[row]].map(f64::to_bits)
}

#[test]
fn the_same_seed_gives_the_same_bits_for_ever() {
    let found = [
        bits(&Separable { n: 10, d: 2, margin: 0.2, next_margin: 0.4 }.sample(7).unwrap(), 0),
        bits(&GaussianClouds { n: 10, d: 2, distance: 1.0, std: 0.5 }.sample(7).unwrap(), 0),
        bits(&TwoMoons { n: 10, noise: 0.1, constant: None }.sample(7).unwrap(), 0),
        bits(&SoudryFour { n: 5 }.sample(7).unwrap(), 4),
    ];
    let golden = [
        [0x3fed31c0e4bdd691, 0x3fa92ebe542b99a5, 0x3ff0000000000000],
        [0x3fd47164001173a0, 0x3f8f87e58fc27880, 0x3ff0000000000000],
        [0x3fed84d0b84eb2ce, 0xbfc1b53240335b22, 0xbff0000000000000],
        [0x3ff7e6806da810d9, 0x40069314fc6e3508, 0x3ff0000000000000],
    ];
    assert_eq!(found, golden, "{found:#x?}");
}

#[test]
fn seeds_differ_from_one_another_and_weights_from_data() {
    let clouds = GaussianClouds { n: 4, d: 2, distance: 0.0, std: 1.0 };
    let (a, b) = (clouds.sample(1).unwrap(), clouds.sample(2).unwrap());
    assert_ne!(a, b);
    assert_eq!(a, clouds.sample(1).unwrap());
    let net = Network::linear(&[2, 4], Init::Gaussian(1.0), 1).unwrap();
    assert!(net.params().iter().zip(a.x()).all(|(w, x)| w != x));
}

/// Means, variances and covariances within 5 standard errors; twice the spread is well outside.
#[test]
fn clouds_have_their_mean_and_spread() {
    let (n, d, std) = (20_000, 3, 0.7);
    let data = GaussianClouds { n, d, distance: 1.5, std }.sample(5).unwrap();
    assert_eq!(data.y().sum(), 0.0);
    let root_n = (n as f64).sqrt();
    let centred = data.mirrored() - 1.5 / 3f64.sqrt();
    for j in 0..d {
        let column = centred.column(j);
        assert!(column.mean().unwrap().abs() < 5.0 * std / root_n);
        let variance = column.dot(&column) / n as f64;
        let error = std * std * 2f64.sqrt() / root_n;
        assert!((variance - std * std).abs() < 5.0 * error && (variance - 4.0 * std * std).abs() > 50.0 * error);
        let covariance = column.dot(&centred.column((j + 1) % d)) / n as f64;
        assert!(covariance.abs() < 5.0 * std * std / root_n);
    }
}

/// scikit-learn 1.9.1: `make_moons(n, shuffle=False, noise=None)`, classes 0 and 1 as −1 and +1.
#[test]
fn moons_without_noise_are_those_of_scikit_learn() {
    let expected = array![
        [1.0, 0.0],
        [6.123233995736766e-17, 1.0],
        [-1.0, 1.2246467991473532e-16],
        [0.0, 0.5],
        [0.4999999999999999, -0.3660254037844386],
        [1.4999999999999998, -0.3660254037844387],
        [2.0, 0.4999999999999999]
    ];
    let data = TwoMoons { n: 7, noise: 0.0, constant: None }.sample(0).unwrap();
    assert_eq!(data.y(), array![-1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0]);
    let gap = (&data.x() - &expected).fold(0.0_f64, |m, v| m.max(v.abs()));
    assert!(gap < 3e-16, "{gap:e}");
    for (n, expected) in [(1, array![[0.0, 0.5]]), (2, array![[1.0, 0.0], [0.0, 0.5]])] {
        assert_eq!(TwoMoons { n, noise: 0.0, constant: None }.sample(0).unwrap().x(), expected);
    }
}

#[test]
fn moons_have_their_noise_and_constant() {
    let n = 20_000;
    let bare = TwoMoons { n, noise: 0.0, constant: None }.sample(9).unwrap();
    let noisy = TwoMoons { n, noise: 0.1, constant: Some(2.0) }.sample(9).unwrap();
    assert_eq!(noisy.d(), 3);
    assert!(noisy.x().column(2).iter().all(|&v| v == 2.0));
    let noise = &noisy.x().slice(s![.., ..2]) - &bare.x();
    let count = 2.0 * n as f64;
    let variance = noise.mapv(|v| v * v).sum() / count;
    assert!(noise.sum().abs() / count < 5.0 * 0.1 / count.sqrt());
    assert!((variance - 0.01).abs() < 5.0 * 0.01 * (2.0 / count).sqrt(), "{variance}");
}

#[test]
fn soudry_four_has_its_support_vectors_and_direction() {
    let data = SoudryFour { n: 16 }.sample(4).unwrap();
    assert_eq!(data.x().slice(s![..4, ..]), array![[0.5, 1.5], [1.5, 0.5], [-0.5, -1.5], [-1.5, -0.5]]);
    assert_eq!(data.y().slice(s![..4]), array![1.0, 1.0, -1.0, -1.0]);
    assert_eq!(data.y().slice(s![4..]).sum(), 0.0, "six of each class");
    let (z, w) = (data.mirrored(), array![0.5, 0.5]);
    // KKT for min ‖w‖², ⟨w, z⟩ ≥ 1: w = ¼z₀ + ¼z₁, and no constraint is violated.
    assert_eq!(&z.row(0) * 0.25 + &z.row(1) * 0.25, w);
    let margins = z.dot(&w);
    assert!(margins.iter().take(4).all(|&m| m == 1.0) && margins.iter().skip(4).all(|&m| (2.0..3.0).contains(&m)));
}

#[test]
fn gaussian_matrices_are_standard_and_named_by_their_seed() -> Result<()> {
    let a = gaussian_matrix(200, 500, 3)?;
    let (mean, square) = (a.sum() / 1e5, a.mapv(|v| v * v).sum() / 1e5);
    // Standard errors 0.0032 and 0.0045.
    assert!(mean.abs() < 0.015 && (square - 1.0).abs() < 0.02, "{mean} {square}");
    let tail = a.iter().filter(|v| v.abs() > 1.959964).count() as f64 / 1e5;
    assert!((tail - 0.05).abs() < 0.003, "{tail}");
    assert!(a == gaussian_matrix(200, 500, 3)? && a != gaussian_matrix(200, 500, 4)?);
    assert!(gaussian_matrix(0, 3, 1).is_err() && gaussian_matrix(usize::MAX, 2, 1).is_err());
    Ok(())
}
