//! Saved networks come back to the bit; damaged files say where.

use implicit_bias::prelude::*;
use proptest::prelude::*;

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
