//! JSON of networks whose layers differ.

use super::networks;
use implicit_bias::prelude::*;

#[test]
fn every_network_comes_back_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.json");
    for net in networks(3) {
        net.save(&path).unwrap();
        let back = Network::load(&path).unwrap();
        assert!(back == net && format!("{back:?}") == format!("{net:?}"));
        assert!(back.params().iter().zip(net.params()).all(|(a, b)| a.to_bits() == b.to_bits()));
        assert_eq!(back.output(&[0.1, 0.2, 0.3]).unwrap().to_bits(), net.output(&[0.1, 0.2, 0.3]).unwrap().to_bits());
    }
}

const SAVED: &str = r#"{
  "version": 4,
  "widths": [1, 1, 2, 1],
  "functions": [{"slope":1.0}, {"power":2}],
  "scale": 0.5,
  "layers": [
    [
      [3.0]
    ],
    [
      [1.0],
      [2.0]
    ],
    [
      [1.0, -1.0]
    ]
  ],
  "biases": [
    null,
    [0.0, 0.25],
    null
  ],
  "centre": [3.0, 1.0, 2.0, 0.0, 0.25, 1.0, -1.0]
}
"#;

#[test]
fn the_file_can_be_read_by_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.json");
    let square = Layer::dense(2).with_bias().then(Activation::Power(2));
    let net = Network::of(1, &[Layer::dense(1), square, Layer::dense(1)], Init::Zeros, 0).unwrap();
    let net = net.with_weights(1, &array![[3.0]]).unwrap().with_weights(2, &array![[1.0], [2.0]]).unwrap();
    let net = net.with_bias(2, &[0.0, 0.25]).unwrap().with_weights(3, &array![[1.0, -1.0]]).unwrap();
    net.with_scale(0.5).unwrap().centred().save(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), SAVED);
}

#[test]
fn what_does_not_fit_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.json");
    let cases = [
        (
            "[{\"slope\":1.0}, {\"power\":2}]",
            "[{\"slope\":1.0}]",
            "line 4: Network::load: expected a function for each of 2",
        ),
        (
            "{\"power\":2}",
            "{\"power\":65}",
            "line 4: Network::load: Network power p of f(z) = zᵖ: expected a number in 1 … 64",
        ),
        ("{\"power\":2}", "{\"tanh\":2}", "unknown variant `tanh`, expected `slope` or `power`"),
        (
            "\"scale\": 0.5",
            "\"scale\": 0.0",
            "line 5: Network::load: Network::with_scale(scale): expected a finite number > 0",
        ),
        ("\"version\": 4", "\"version\": 2", "line 2: Network::load: expected functions in version 4"),
        (
            "null,\n    [0.0, 0.25]",
            "null,\n    [0.0]",
            "line 18: Network::load: expected biases of lengths [1, 2, 1], found [0, 1, 0]",
        ),
        ("1.0, -1.0]\n}", "1.0]\n}", "line 23: Network::load: expected a centre of 7 weights, found 6"),
    ];
    for (old, new, expected) in cases {
        assert!(SAVED.contains(old), "{old}");
        std::fs::write(&path, SAVED.replace(old, new)).unwrap();
        let error = Network::load(&path).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}\n{expected}");
    }
    // Null stands for a layer without a bias in version 4 alone.
    let old = r#"{"version": 2, "widths": [1, 1], "slope": 1.0, "layers": [[[1.0]]], "biases": [null]}"#;
    std::fs::write(&path, old).unwrap();
    assert!(Network::load(&path).unwrap_err().to_string().contains("expected biases of lengths [1]"));
}
