//! Initialisations against their definitions, files against what was written.

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

#[test]
fn networks_refuse_what_does_not_fit() {
    let cases = [
        (
            Network::linear(&[2, 1], Init::Gaussian(0.0), 0),
            "Init::Gaussian(std): expected a finite number > 0, found 0",
        ),
        (
            Network::linear(&[2, 1], Init::RankOne(f64::NAN), 0),
            "Init::RankOne(scale): expected a finite number > 0, found NaN",
        ),
        (
            Network::linear(&[2, 100, 1], Init::Gaussian(f64::MAX), 0),
            "a weight drawn by Init::Gaussian(1.7976931348623157e308): expected a finite number, found",
        ),
        (
            Network::linear(&[2], Init::LeCun, 0),
            "Network widths: expected at least an input and an output width (depth ≥ 1), found [2]",
        ),
        (Network::linear(&[2, 0, 1], Init::LeCun, 0), "Network widths[1]: expected a width ≥ 1, found 0"),
        (
            Network::linear(&[usize::MAX, 2, 1], Init::LeCun, 0),
            "Network widths [18446744073709551615, 2, 1]: expected a size that fits in memory, found more numbers than",
        ),
        (Network::from_layers(&[array![[1.0, 2.0]], array![[1.0, 2.0]]]), "W_2: expected shape (1, 1), found (1, 2)"),
        (Network::from_layers(&[array![[1.0, f64::INFINITY]]]), "W_1[0, 1]: expected a finite number, found inf"),
        (Network::from_layers(&[array![[1e200]]]).unwrap().scaled(1e200), "Network::scaled(1e200), a weight: expected"),
    ];
    for (result, expected) in cases {
        let error = result.unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn scaling_multiplies_every_weight() {
    let net = Network::linear(&[2, 2, 2, 2, 1], Init::Gaussian(0.3), 1).unwrap();
    let larger = net.scaled(5.0).unwrap();
    assert!(larger.params().iter().zip(net.params()).all(|(a, b)| *a == 5.0 * b));
    let gap = larger.predictor().unwrap() - net.predictor().unwrap() * 625.0;
    assert!(gap.iter().all(|v| v.abs() < 1e-14) && net.predictor().unwrap()[0].abs() > 1e-4);
}

#[test]
fn debug_is_one_line() {
    let shown = |widths: &[usize]| format!("{:?}", Network::linear(widths, Init::LeCun, 0).unwrap());
    assert_eq!(shown(&[2, 2, 2, 2, 1]), "Network 2-2-2-2-1, 14 weights");
    assert_eq!(shown(&[1, 1]), "Network 1-1, 1 weight");
}

fn file(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.json");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

const SAVED: &str = r#"{
  "version": 2,
  "widths": [2, 2, 1],
  "slope": 0.25,
  "layers": [
    [
      [0.1, -0.0],
      [1e-308, 5e-324]
    ],
    [
      [1.0, 0.3333333333333333]
    ]
  ],
  "biases": [
    [0.5, -2.0],
    [0.0]
  ]
}
"#;

#[test]
fn json_is_readable_and_comes_back_to_the_bit() {
    let net = Network::from_layers(&[array![[0.1, -0.0], [1e-308, 5e-324]], array![[1.0, 1.0 / 3.0]]]).unwrap();
    let mut net = net.with_slope(0.25).unwrap().with_biases().unwrap();
    net.params_mut()[4..6].copy_from_slice(&[0.5, -2.0]);
    let (_folder, path) = file("");
    net.save(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), SAVED);
    let back = Network::load(&path).unwrap();
    assert_eq!(back.widths(), net.widths());
    let bits = |net: &Network| net.params().iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&back), bits(&net));
    assert_eq!(
        (back.activation(1).slope(), back.bias(1), back.bias(2)),
        (Some(0.25), net.bias(1), Some(array![0.0].view()))
    );
}

#[test]
fn json_of_version_1_is_a_linear_network() {
    let old = "{\"version\": 1, \"widths\": [2, 1], \"layers\": [[[1.0, 2.0]]]}";
    let (_folder, path) = file(old);
    assert!(Network::load(path).unwrap() == Network::from_layers(&[array![[1.0, 2.0]]]).unwrap());
}

#[test]
fn json_errors_name_the_place() {
    let cases = [
        ("0.1, -0.0", "0.1, NaN", "line 7, column 13: Network::load: expected value"),
        ("0.1, -0.0", "0.1, null", "line 7, column 16: Network::load: invalid type: null, expected f64"),
        ("0.1, -0.0", "0.1, 1e999", "line 7, column 17: Network::load: number out of range"),
        ("0.1, -0.0", "0.1", "line 5: Network::load: W_1, row 1: expected 1 numbers as in row 0, found 2"),
        ("[1.0, 0.3333333333333333]", "[1.0]", "line 5: Network::load: W_2: expected shape (1, 2), found (1, 1)"),
        ("[1.0, 0.3333333333333333]", "", "line 5: Network::load: W_2: expected shape (0, 2), found (0, 0)"),
        (
            "\"slope\": 0.25,",
            "",
            "line 2: Network::load: expected functions in version 4 (alone with a scale or a centre), a power in version 3, a slope in",
        ),
        ("\"version\": 2", "\"version\": 1", "line 2: Network::load: expected functions in version 4"),
        (
            "0.25",
            "1.25",
            "line 4: Network::load: Network slope m of f(z) = max(mz, z): expected a number in [0, 1], found 1.25",
        ),
        ("[0.5, -2.0]", "[0.5]", "line 14: Network::load: expected biases of lengths [2, 1], found [1, 1]"),
        (
            "[2, 2, 1]",
            "[2, 3, 1]",
            "line 3: Network::load: expected widths [2, 2, 1] as the layers have, found [2, 3, 1]",
        ),
        ("\"version\": 2", "\"version\": 5", "line 2: Network::load: expected a version in 1 … 4, found 5"),
        (
            "\"version\": 2",
            "\"version\": -1",
            "line 2, column 15: Network::load: invalid value: integer `-1`, expected u32",
        ),
        ("\"version\": 2,", "", "line 18, column 1: Network::load: missing field `version`"),
        (
            "\"version\": 2",
            "\"activation\": 1",
            "line 2, column 14: Network::load: unknown field `activation`, expected one of",
        ),
        ("}\n", "", "line 18: Network::load: EOF while parsing an object"),
        (SAVED, "", "line 1: Network::load: EOF while parsing a value"),
        (
            SAVED,
            "{\"version\": 1, \"widths\": [], \"layers\": []}",
            "line 1: Network::load: Network::from_layers(layers): expected at least",
        ),
    ];
    for (old, new, expected) in cases {
        let (_folder, path) = file(&SAVED.replace(old, new));
        let error = Network::load(&path).unwrap_err();
        assert!(matches!(error, Error::Parse { .. }));
        let (error, expected) = (error.to_string(), format!("{}, {expected}", path.display()));
        assert!(error.starts_with(&expected), "{error}\n{expected}");
    }
    let missing = Network::load("/nowhere/net.json").unwrap_err();
    assert!(
        matches!(missing, Error::Io { .. }) && missing.to_string().starts_with("/nowhere/net.json: Network::load: ")
    );
    let mut net = Network::linear(&[2, 1], Init::LeCun, 0).unwrap();
    net.params_mut()[1] = f64::NAN;
    let error = net.save("/nowhere/net.json").unwrap_err().to_string();
    assert_eq!(error, "Network::save, W_1[0, 1]: expected a finite number, found NaN");
}

#[test]
fn power_networks_come_back_from_json() {
    let (_folder, path) = file("");
    for (power, biases) in [(2, false), (3, true)] {
        let net = Network::power(&[2, 3, 1], power, Init::LeCun, 7).unwrap();
        let net = if biases { net.with_biases().unwrap() } else { net };
        net.save(&path).unwrap();
        let back = Network::load(&path).unwrap();
        assert!(
            back == net
                && back.activation(1) == Activation::Power(power as u32)
                && back != net.clone().with_power(power + 1).unwrap()
        );
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace(&format!("\"power\": {power}"), "\"power\": 0")).unwrap();
        assert!(Network::load(&path).unwrap_err().to_string().contains("a number in 1 … 64"));
    }
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

    #[test]
    fn json_comes_back_for_any_weights(weights in prop::collection::vec(any::<f64>(), 6)) {
        let (_folder, path) = file("");
        let net = Network::from_layers(&[Array2::from_shape_vec((3, 2), weights.clone()).unwrap()]);
        prop_assert_eq!(net.is_ok(), weights.iter().all(|v| v.is_finite()));
        if let Ok(net) = net {
            net.save(&path).unwrap();
            let back = Network::load(&path).unwrap();
            prop_assert!(back.params().iter().zip(&weights).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }

    #[test]
    fn damaged_json_never_panics(from in 0usize..130, length in 0usize..20, put in "[-0-9.eE,:\"\\[\\]{} ]{0,6}") {
        let mut text = SAVED.to_owned();
        text.replace_range(from..(from + length).min(text.len()), &put);
        let (_folder, path) = file(&text);
        if let Ok(net) = Network::load(path) {
            prop_assert!(net.params().iter().all(|v| v.is_finite()));
        }
    }
}
