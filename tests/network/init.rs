//! Initialisations against their definitions: moments, norms, balance, ranks, bits.

use implicit_bias::prelude::*;
use proptest::prelude::*;

const WIDTHS: [usize; 5] = [3, 4, 2, 5, 1];

fn frobenius(w: ArrayView2<f64>) -> f64 {
    w.fold(0.0, |sum, v| sum + v * v).sqrt()
}

/// ‖W_{k+1}ᵀW_{k+1} − W_kW_kᵀ‖_F, the largest over k.
fn imbalance(net: &Network) -> f64 {
    let difference = |k| net.layer(k + 1).t().dot(&net.layer(k + 1)) - net.layer(k).dot(&net.layer(k).t());
    (1..net.depth()).map(|k| frobenius(difference(k).view())).fold(0.0, f64::max)
}

/// Singular values by nalgebra, largest first.
fn singular_values(w: ArrayView2<f64>) -> Vec<f64> {
    let matrix = nalgebra::DMatrix::from_fn(w.nrows(), w.ncols(), |i, j| w[[i, j]]);
    let mut values: Vec<f64> = matrix.singular_values().iter().copied().collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

/// Mean 0 and the variance asked for within 5 standard errors, no correlation of neighbours, Gaussian fourth moment.
fn assert_gaussian(values: ArrayView2<f64>, variance: f64) {
    let count = values.len() as f64;
    let flat: Vec<f64> = values.iter().map(|v| v / variance.sqrt()).collect();
    let moment = |p: i32| flat.iter().map(|v| v.powi(p)).sum::<f64>() / count;
    assert!(moment(1).abs() < 5.0 / count.sqrt(), "mean {}", moment(1));
    assert!((moment(2) - 1.0).abs() < 5.0 * (2.0 / count).sqrt(), "variance {}", moment(2));
    // Var(v⁴) = E v⁸ − (E v⁴)² = 105 − 9.
    assert!((moment(4) - 3.0).abs() < 5.0 * (96.0 / count).sqrt(), "fourth moment {}", moment(4));
    let neighbours = flat.windows(2).map(|v| v[0] * v[1]).sum::<f64>() / count;
    assert!(neighbours.abs() < 5.0 / count.sqrt(), "correlation {neighbours}");
}

#[test]
fn gaussian_kinds_have_their_variance_layer_by_layer() {
    let widths = [50, 400, 100, 1];
    let drawn = |init| Network::linear(&widths, init, 3).unwrap();
    for (k, fan_in) in [(1, 50.0), (2, 400.0)] {
        assert_gaussian(drawn(Init::Gaussian(0.3)).layer(k), 0.09);
        assert_gaussian(drawn(Init::LeCun).layer(k), 1.0 / fan_in);
        assert_gaussian(drawn(Init::He).layer(k), 2.0 / fan_in);
    }
    assert_gaussian(drawn(Init::ZeroFirst(0.3)).layer(2), 0.09);
}

/// Negative control of the bounds above: ten per cent more variance is seen.
#[test]
#[should_panic(expected = "variance")]
fn another_variance_is_noticed() {
    assert_gaussian(Network::linear(&[50, 400], Init::Gaussian(0.3), 3).unwrap().layer(1), 0.1);
}

#[test]
fn equal_norm_has_equal_norms() {
    let net = Network::linear(&WIDTHS, Init::EqualNorm(4.0), 2).unwrap();
    assert!(net.layers().all(|w| (frobenius(w) - 4.0).abs() < 4e-15));
    assert!(singular_values(net.layer(1))[1] > 0.1, "a direction of full rank");
    let huge = Network::linear(&WIDTHS, Init::EqualNorm(1e308), 2).unwrap();
    assert!(huge.layers().all(|w| (frobenius((&w / 1e308).view()) - 1.0).abs() < 1e-15));
}

#[test]
fn balanced_is_balanced_with_one_output_or_many() {
    for (widths, rank) in [(&WIDTHS[..], 1), (&[3, 4, 5, 3], 3), (&[2, 2, 2, 2, 1], 1), (&[6, 2, 4], 2), (&[1, 1], 1)] {
        let net = Network::linear(widths, Init::Balanced(0.8), 5).unwrap();
        assert!(imbalance(&net) < 1e-15, "{widths:?}: {:e}", imbalance(&net));
        let first = singular_values(net.layer(1));
        for w in net.layers() {
            assert!((frobenius(w) - 0.8).abs() < 1e-15);
            let values = singular_values(w);
            assert!(values.iter().skip(rank).all(|&s| s < 1e-15) && values[rank - 1] > 1e-3, "{values:?}");
            assert!(values.iter().zip(&first).all(|(a, b)| (a - b).abs() < 1e-14), "the same Σ in every layer");
        }
    }
    // The product of aligned layers loses nothing: ‖w_prod‖ = 0.8ᴸ.
    let predictor = Network::linear(&WIDTHS, Init::Balanced(0.8), 5).unwrap().predictor().unwrap();
    assert!((predictor.dot(&predictor).sqrt() - 0.8f64.powi(4)).abs() < 1e-15);
}

#[test]
fn rank_one_layers_are_neither_aligned_nor_balanced() {
    let net = Network::linear(&WIDTHS, Init::RankOne(0.8), 5).unwrap();
    for w in net.layers() {
        let values = singular_values(w);
        assert!((values[0] - 0.8).abs() < 1e-15 && values.iter().skip(1).all(|&s| s < 1e-15), "{values:?}");
    }
    assert!(imbalance(&net) > 0.1);
    let predictor = net.predictor().unwrap();
    assert!(predictor.dot(&predictor).sqrt() < 0.9 * 0.8f64.powi(4));
}

#[test]
fn zero_first_starts_at_the_zero_function() {
    let net = Network::linear(&WIDTHS, Init::ZeroFirst(0.5), 1).unwrap();
    assert!(net.layer(1).iter().all(|&v| v == 0.0) && net.params()[12..].iter().all(|&v| v != 0.0));
    assert_eq!(net.predictor().unwrap(), array![0.0, 0.0, 0.0]);
    assert_eq!(Network::linear(&[2, 1], Init::ZeroFirst(0.5), 1).unwrap().params(), [0.0, 0.0]);
}

#[test]
fn the_same_seed_gives_the_same_bits_for_ever() {
    let inits = [
        Init::Gaussian(0.3),
        Init::LeCun,
        Init::He,
        Init::EqualNorm(4.0),
        Init::Balanced(0.8),
        Init::RankOne(0.8),
        Init::ZeroFirst(0.3),
    ];
    let found = inits.map(|init| {
        let net = Network::linear(&[2, 2, 1], init, 7).unwrap();
        [net.params()[1].to_bits(), net.params()[5].to_bits()]
    });
    let golden = [
        [0xbfe166bdd95234c4, 0x3faa7a6b01c2b9d9],
        [0xbff481f69c20a195, 0x3fbf347135282ed9],
        [0xbffd0091bf89029d, 0x3fc610ae81779ae0],
        [0xc009d943da6bf53c, 0x3fe598faf80adad9],
        [0x3fa0522a68f2510c, 0xbfe97b723c761f88],
        [0x3fa7717566342479, 0xbfcefdf61eb85788],
        [0x0, 0x3faa7a6b01c2b9d9],
    ];
    assert_eq!(found, golden, "{found:#x?}");
    assert_ne!(Network::linear(&[2, 1], Init::LeCun, 7).unwrap(), Network::linear(&[2, 1], Init::LeCun, 8).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_init_gives_finite_weights_or_an_error(
        widths in prop::collection::vec(0usize..5, 0..6), value in any::<f64>(), small in 0.0..2.0f64, kind in 0usize..7, seed in any::<u64>(),
    ) {
        for value in [value, small] {
            let init = [
                Init::Gaussian(value), Init::LeCun, Init::He, Init::EqualNorm(value),
                Init::Balanced(value), Init::RankOne(value), Init::ZeroFirst(value),
            ][kind];
            let fits = widths.len() > 1 && widths.iter().all(|&w| w > 0);
            match Network::linear(&widths, init, seed) {
                Ok(net) => prop_assert!(fits && net.params().iter().all(|v| v.is_finite())),
                Err(_) => prop_assert!(!(fits && value > 0.0 && value < 1e307)),
            }
        }
    }
}
