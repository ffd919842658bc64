//! Generators against what is known of them in closed form, files against what was written.

use implicit_bias::prelude::*;
use nalgebra::{DMatrix, DVector};
use ndarray::s;
use proptest::prelude::*;

const GAMMA: f64 = 0.2;
const NEXT: f64 = 0.45;

fn norm(x: ArrayView1<f64>) -> f64 {
    x.dot(&x).sqrt()
}

fn longest(x: ArrayView2<f64>) -> f64 {
    x.rows().into_iter().map(norm).fold(0.0, f64::max)
}

/// Largest violation of the KKT conditions of "`u` is the max-margin direction of `z` with margin `gamma`":
/// ‖u‖ = 1, margins ≥ γ, u = Σ αᵢzᵢ over the support with α > 0. Infinite when the support does not span or some α ≤ 0.
fn kkt_violation(z: &Array2<f64>, u: &Array1<f64>, gamma: f64) -> f64 {
    let margins = z.dot(u);
    let support: Vec<usize> = (0..z.nrows()).filter(|&i| (margins[i] - gamma).abs() < 1e-9).collect();
    let d = z.ncols();
    if support.len() != d {
        return f64::INFINITY;
    }
    let columns = DMatrix::from_fn(d, d, |r, c| z[[support[c], r]]);
    let target = DVector::from_fn(d, |r, _| u[r]);
    let Some(alpha) = columns.clone().lu().solve(&target) else { return f64::INFINITY };
    if alpha.iter().any(|&a| a <= 1e-6) {
        return f64::INFINITY;
    }
    let stationarity = (columns * alpha - target).norm();
    let feasibility = margins.iter().map(|m| gamma - m).fold(0.0, f64::max);
    stationarity.max(feasibility).max((norm(u.view()) - 1.0).abs())
}

#[test]
fn separable_satisfies_kkt_with_the_margins_asked_for() {
    for (n, d, seed) in [(2, 2, 0), (40, 2, 7), (41, 3, 1), (30, 10, 2), (120, 100, 3)] {
        let (data, u) = Separable { n, d, margin: GAMMA, next_margin: NEXT }.sample_with_direction(seed).unwrap();
        assert_eq!((data.n(), data.d()), (n, d));
        let z = data.mirrored();
        assert!(kkt_violation(&z, &u, GAMMA) < 1e-13, "n {n}, d {d}");

        let mut margins = z.dot(&u).to_vec();
        margins.sort_by(f64::total_cmp);
        assert!(margins[..d].iter().all(|m| (m - GAMMA).abs() < 4e-16), "{margins:?}");
        if n > d {
            assert!((margins[d] - NEXT).abs() < 4e-16, "{margins:?}");
        }
        assert!((longest(data.x()) - 1.0).abs() < 4e-15);
        assert_eq!(data.y().sum(), (n % 2) as f64, "labels are balanced");

        // Negative control: a direction off by 1e-6, another margin, and labels flipped must all fail.
        let mut off = u.clone();
        off[0] += 1e-6;
        assert!(kkt_violation(&z, &off, GAMMA) > 1e-8);
        assert!(kkt_violation(&z, &u, GAMMA + 1e-6) > 1e-8);
        assert!(kkt_violation(&-&z, &u, GAMMA) > 1e-8);
    }
}

/// The same fact without KKT: no direction of a fine net in the plane has a larger margin.
#[test]
fn no_other_direction_has_a_larger_margin() {
    let (data, u) = Separable { n: 25, d: 2, margin: GAMMA, next_margin: 0.3 }.sample_with_direction(11).unwrap();
    let z = data.mirrored();
    let margin = |w: &Array1<f64>| z.dot(w).into_iter().fold(f64::INFINITY, f64::min);
    let (best, at) = (0..20_000)
        .map(|k| std::f64::consts::TAU * f64::from(k) / 2e4)
        .map(|t| array![t.cos(), t.sin()])
        .map(|w| (margin(&w), w))
        .fold((f64::NEG_INFINITY, array![]), |a, b| if b.0 > a.0 { b } else { a });
    assert!(best <= GAMMA && best > GAMMA - 4e-4 && at.dot(&u) > 1.0 - 1e-7, "{best} at {at}, u {u}");
}

#[test]
fn separable_on_a_line() {
    let one = Separable { n: 1, d: 1, margin: 0.2, next_margin: 0.2 }.sample(0).unwrap();
    assert!((one.x()[[0, 0]].abs() - 0.2).abs() < 1e-16 && one.y()[0] == 1.0);
    let data = Separable { n: 5, d: 1, margin: 0.2, next_margin: 0.5 }.sample(3).unwrap();
    let mut z: Vec<f64> = data.x().iter().map(|v| v.abs()).collect();
    z.sort_by(f64::total_cmp);
    assert!((z[0] - 0.2).abs() < 1e-16 && (z[1] - 0.5).abs() < 1e-16 && (z[4] - 1.0).abs() < 1e-15, "{z:?}");
    assert!(z[2] > 0.5 && z[3] < 1.0);
}

/// The random turn is uniform: over seeds, ū has mean 0 and second moment I/d, within 5 standard errors.
#[test]
fn separable_directions_are_isotropic() {
    let (d, seeds) = (3, 4000);
    let separable = Separable { n: d, d, margin: GAMMA, next_margin: NEXT };
    let us: Vec<Array1<f64>> = (0..seeds).map(|s| separable.sample_with_direction(s).unwrap().1).collect();
    let count = seeds as f64;
    for i in 0..d {
        let mean = us.iter().map(|u| u[i]).sum::<f64>() / count;
        assert!(mean.abs() < 5.0 / (3.0 * count).sqrt(), "{mean}");
        // On the sphere in three dimensions Var(u₁²) = E u₁⁴ − 1/9 = 1/5 − 1/9.
        let square = us.iter().map(|u| u[i] * u[i]).sum::<f64>() / count;
        assert!((square - 1.0 / 3.0).abs() < 5.0 * ((0.2 - 1.0 / 9.0) / count).sqrt(), "{square}");
    }
}

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
fn scaling_to_unit_norm_survives_the_ends_of_the_range() {
    let half = 0.5f64.sqrt();
    let expected = array![[half, 0.0], [half, half], [0.0, half]];
    for size in [1.0, 0.3, 1e308, 1e-308, 5e-324, 1e200, 1e-200] {
        let data = Dataset::new(array![[size, 0.0], [size, size], [0.0, size]], array![1.0, -1.0, 1.0]).unwrap();
        let unit = data.scaled_to_unit().unwrap();
        assert!((&unit.x() - &expected).iter().all(|v| v.abs() < 2e-16), "{size:e}: {}", unit.x());
    }
    let data = Dataset::new(array![[0.6, 0.8], [0.123, -1e-300]], array![1.0, -1.0]).unwrap();
    assert_eq!(data.scaled_to_unit().unwrap(), data, "norm 1 already: every bit stays");
    let zeros = Dataset::new(array![[0.0], [0.0]], array![1.0, -1.0]).unwrap().scaled_to_unit().unwrap_err();
    assert_eq!(zeros.to_string(), "Dataset::scaled_to_unit: expected at least one x other than zero, found only zeros");
}

#[test]
fn a_constant_is_appended() {
    let data = Dataset::new(array![[1.0, 2.0], [3.0, 4.0]], array![1.0, -1.0]).unwrap();
    assert_eq!(data.with_constant(0.5).unwrap().x(), array![[1.0, 2.0, 0.5], [3.0, 4.0, 0.5]]);
    assert!(data.with_constant(f64::NAN).is_err());
}

#[test]
fn debug_is_one_line() {
    let data = Dataset::new(array![[1.0, 2.0]], array![-1.0]).unwrap();
    assert_eq!(format!("{data:?}"), "Dataset: 1 point in R^2, 0 of +1, 1 of −1");
}

/// Not a test: what [`a_dataset_shows_itself`] runs in a process of its own, to read what is printed.
#[test]
#[ignore = "prints for another test"]
fn print_datasets() {
    GaussianClouds { n: 6, d: 9, distance: 1.0, std: 0.5 }.sample(0).unwrap().evcxr_display();
    Dataset::new(array![[1.0, 1.7e308], [-1.0, -1.7e308]], array![1.0, -1.0]).unwrap().evcxr_display();
    SoudryFour { n: 16 }.sample(0).unwrap().evcxr_display();
}

#[test]
fn a_dataset_shows_itself() {
    let itself = std::env::current_exe().unwrap();
    let arguments = ["--ignored", "--exact", "print_datasets", "--nocapture"];
    let output = std::process::Command::new(itself).args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let block = |mime: &str, number: usize| {
        let start = format!("EVCXR_BEGIN_CONTENT {mime}\n");
        text.split(&start).nth(number).unwrap().split("\nEVCXR_END_CONTENT").next().unwrap().to_owned()
    };
    let table = block("text/plain", 1);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "Dataset: 6 points in R^9, 3 of +1, 3 of −1; the first 5:");
    assert_eq!(lines[1], "x1\tx2\tx3\tx4\tx5\tx6\tx7\tx8\t…\ty");
    assert!(lines.len() == 7 && lines[2].ends_with("\t…\t+1") && lines[3].ends_with("\t…\t-1"), "{table}");
    assert_eq!(block("text/html", 1).matches("<tr>").count(), 6);
    assert_eq!(
        block("text/plain", 2),
        "Dataset: 2 points in R^2, 1 of +1, 1 of −1\nx1\tx2\ty\n1\t1.7e308\t+1\n-1\t-1.7e308\t-1"
    );
    // The only one in the plane is a picture.
    assert_eq!(text.matches("EVCXR_BEGIN_CONTENT application/vnd.plotly.v1+json").count(), 1);
    assert!(block("application/vnd.plotly.v1+json", 1).contains("Dataset: 16 points in R^2, 8 of +1, 8 of −1"));
}

fn written(text: impl AsRef<[u8]>) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("points.csv");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn csv_comes_back_to_the_bit() {
    let (_folder, path) = written("");
    let x = array![[0.1, -0.0, 1e308], [5e-324, f64::MAX, 1.0 / 3.0], [1e-308, -1e22, f64::MIN_POSITIVE]];
    let data = Dataset::new(x, array![1.0, -1.0, 1.0]).unwrap();
    data.write_csv(&path).unwrap();
    let back = Dataset::read_csv(&path).unwrap();
    let all_bits = |d: &Dataset| d.x().iter().chain(d.y()).map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(all_bits(&back), all_bits(&data));
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("x1,x2,x3,y\n0.1,-0.0,1e308,1\n"));
}

#[test]
fn csv_reads_what_people_write() {
    let (_folder, path) = written("\u{feff}sepal length, petal width ,y\r\n 5.1, 0.2, +1\r\n\r\n4.9,1e-1,-1.0\r\n");
    let data = Dataset::read_csv(path).unwrap();
    assert_eq!((data.x(), data.y()), (array![[5.1, 0.2], [4.9, 0.1]].view(), array![1.0, -1.0].view()));
    // Lines of blanks, and line ends of three kinds.
    for text in ["a,y\n1,1\n  \t\n\n2,-1\n   ", "a,y\r1,1\r \r\r2,-1\r", "a,y\r\n1,1\r\r\n \n2,-1"] {
        let (_folder, path) = written(text);
        let data = Dataset::read_csv(&path).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!((data.x(), data.y()), (array![[1.0], [2.0]].view(), array![1.0, -1.0].view()), "{text:?}");
        assert_eq!(Regression::read_csv(&path).unwrap().x(), data.x(), "{text:?}");
    }
}

#[test]
fn csv_errors_name_the_place() {
    let header = "expected a header x1,…,xd,y with y last";
    let cases: [(&[u8], String); 20] = [
        (b"", format!("line 1: {header}, found an empty file")),
        (b"y\n1\n", format!("line 1: {header}, found y alone")),
        (b"1.0,2.0,1\n", format!("line 1, column 3: {header}, found \"1\"")),
        (b"x1,x2,y\n", "line 2: expected at least one row below the header, found none".into()),
        (b"x1,y\n1,1\nabc,1\n", "line 3, column 1 (x1): expected a finite number, found \"abc\"".into()),
        (b"x1,y\n1,1\n\n\n,1\n", "line 5, column 1 (x1): expected a finite number, found \"\"".into()),
        (b"x1,y\r\n1,1\r\n\r\n?,1\r\n", "line 4, column 1 (x1): expected a finite number, found \"?\"".into()),
        (b"x1,y\r\n1,1\r\n\r\n1\r\n", "line 4: expected 2 values as in the header, found 1".into()),
        (b"x1,x2,y\n1,NaN,1\n", "line 2, column 2 (x2): expected a finite number, found \"NaN\"".into()),
        (b"x1,x2,y\n1,1e999,1\n", "line 2, column 2 (x2): expected a finite number, found \"1e999\"".into()),
        (b"x1,y\n1,-inf\n", "line 2, column 2 (y): expected a finite number, found \"-inf\"".into()),
        (b"x1,y\n1,2\n", "line 2, column 2 (y): expected a label −1 or +1, found 2".into()),
        (
            b"x1,y\n1,1\n2,0\n",
            "line 3, column 2 (y): expected a label −1 or +1, found 0 (files labelled 0 and 1 need −1 for 0)".into(),
        ),
        (b"x1,x2,y\n1,2,1\n1,1\n", "line 3: expected 3 values as in the header, found 2".into()),
        (b"x1,x2,y\n1,2,1\n1,2,3,1\n", "line 3: expected 3 values as in the header, found 4".into()),
        (b"x1,y\n1,1\n  \n\n?,1\n", "line 5, column 1 (x1): expected a finite number, found \"?\"".into()),
        (b"x1,y\r1,1\r\r?,1\r", "line 4, column 1 (x1): expected a finite number, found \"?\"".into()),
        (b"x1,y\r1,1\r \r1\r", "line 4: expected 2 values as in the header, found 1".into()),
        (b"x1,y\r1,1\r1,\xff\r", "line 3, column 2: expected UTF-8 text, found other bytes".into()),
        (b"x1,x2,y\n1,\xff,1\n", "line 2, column 2: expected UTF-8 text, found other bytes".into()),
    ];
    for (text, expected) in cases {
        let (_folder, path) = written(text);
        let error = Dataset::read_csv(&path).unwrap_err();
        assert_eq!(error.to_string(), format!("{}, {expected}", path.display()));
    }
    let missing = Dataset::read_csv("/nowhere/points.csv").unwrap_err().to_string();
    assert!(missing.starts_with("/nowhere/points.csv: "), "{missing}");
    let data = Dataset::new(array![[1.0]], array![1.0]).unwrap();
    assert!(matches!(data.write_csv("/nowhere/points.csv"), Err(Error::Io { .. })));
}

#[test]
fn generators_say_what_they_expect() {
    let fine = Separable { n: 40, d: 2, margin: 0.2, next_margin: 0.4 };
    let cases = [
        (Separable { d: 0, ..fine }.sample(0), "Separable.d: expected at least one coordinate, found 0"),
        (
            Separable { n: 1, ..fine }.sample(0),
            "Separable.n: expected n ≥ d = 2, for d support vectors that span, found 1",
        ),
        (
            Separable { margin: 1.0, ..fine }.sample(0),
            "Separable.margin: expected 0 < margin < 1, in units of max‖x‖, found 1",
        ),
        (
            Separable { next_margin: 0.1, ..fine }.sample(0),
            "Separable.next_margin: expected 0.2 = margin ≤ next_margin < 1, found 0.1",
        ),
        (
            Separable { n: usize::MAX, ..fine }.sample(0),
            "Separable n · d: expected a size that fits in memory, found more numbers than an address can count",
        ),
        (
            GaussianClouds { n: 1 << 50, d: 2, distance: 1.0, std: 1.0 }.sample(0),
            "GaussianClouds n · d: expected a size that fits in memory, found 2251799813685248 numbers",
        ),
        (SoudryFour { n: 3 }.sample(0), "SoudryFour.n: expected n ≥ 4, as there are four support vectors, found 3"),
        (
            TwoMoons { n: 0, noise: 0.0, constant: None }.sample(0),
            "TwoMoons n, d: expected n ≥ 1 and d ≥ 1, found n = 0, d = 2",
        ),
        (
            GaussianClouds { n: 4, d: 2, distance: 1.0, std: 0.0 }.sample(0),
            "GaussianClouds.std: expected a finite number > 0, found 0",
        ),
    ];
    for (result, expected) in cases {
        assert_eq!(result.unwrap_err().to_string(), expected);
    }
}

/// Numbers as nobody should send them, and some that are fine.
fn any_number() -> impl Strategy<Value = f64> {
    let odd = vec![0.0, -0.0, 1.0, f64::NAN, f64::INFINITY, 1e308, -1e308, 1e-308, 5e-324, 1.0 - f64::EPSILON];
    prop_oneof![1 => any::<f64>(), 2 => 0.0..1.0f64, 1 => prop::sample::select(odd)]
}

/// No data, or data that `Dataset::new` accepts again: finite, and labelled ±1.
fn sound(result: Result<Dataset>) -> bool {
    result.map_or(true, |data| Dataset::new(data.x().to_owned(), data.y().to_owned()).is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn generators_never_panic_or_return_nan(
        n in 0usize..9, d in 0usize..5, a in any_number(), b in any_number(), seed in any::<u64>(),
    ) {
        let separable = Separable { n, d, margin: a, next_margin: b }.sample_with_direction(seed);
        if let Ok((data, u)) = &separable {
            let margins = data.mirrored().dot(u);
            prop_assert!((norm(u.view()) - 1.0).abs() < 1e-14);
            prop_assert!(margins.iter().all(|&m| m >= a - 1e-15), "{margins} {a}");
            prop_assert!(margins.iter().filter(|&&m| (m - a).abs() < 1e-15).count() >= d, "{margins} {a}");
            prop_assert!(longest(data.x()) <= 1.0 + 1e-15);
        } else {
            prop_assert!(d == 0 || n < d || !(a > 0.0 && a < 1.0 && b >= a && b < 1.0));
        }
        prop_assert!(sound(separable.map(|s| s.0)));
        let others = [
            GaussianClouds { n, d, distance: a, std: b }.sample(seed),
            TwoMoons { n, noise: a, constant: Some(b) }.sample(seed),
            SoudryFour { n }.sample(seed),
        ];
        prop_assert!(others.into_iter().all(sound));
    }

    #[test]
    fn datasets_never_keep_what_is_not_a_number(
        x in prop::collection::vec(any_number(), 0..12),
        d in 0usize..4,
        y in prop::collection::vec(prop::sample::select(vec![1.0, -1.0, -1.0, 0.0, f64::NAN]), 0..6),
    ) {
        let n = x.len().checked_div(d).unwrap_or_default().min(y.len() + 1);
        let x = Array2::from_shape_vec((n, d), x[..n * d].to_vec()).unwrap();
        let fits = n > 0 && y.len() == n && x.iter().all(|v| v.is_finite()) && y.iter().all(|v| v.abs() == 1.0);
        let data = Dataset::new(x, Array1::from(y));
        prop_assert_eq!(data.is_ok(), fits);
        if let Ok(unit) = data.and_then(|data| data.scaled_to_unit()) {
            prop_assert!((longest(unit.x()) - 1.0).abs() < 1e-15);
        }
    }

    #[test]
    fn csv_never_panics(text in "(x1,x2,y\n)?([-+0-9.eEnaif,\"\r\n; ]{0,40})") {
        let (_folder, path) = written(&text);
        prop_assert!(sound(Dataset::read_csv(path)));
    }
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

#[test]
fn regression_csv_is_read_and_bad_lines_are_named() -> Result<()> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("targets.csv");
    let read = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Regression::read_csv(&path)
    };
    let data = read("a,b,y\n1, 2,-3.5\n\n0.5,1e-3,7\n")?;
    assert_eq!((data.x(), data.y()), (array![[1.0, 2.0], [0.5, 1e-3]].view(), array![[-3.5], [7.0]].view()));
    for (text, line, what) in [
        ("a,y\n1,2\nx,3\n", "line 3", "finite number"),
        ("a,y\n1,2\n1,inf\n", "line 3", "finite number"),
        ("a,y\n1,2,3\n", "line 2", "expected 2 values"),
        ("a,b\n1,2\n", "line 1", "y"),
        ("a,y\n", "line 2", "at least one row"),
    ] {
        let message = read(text).unwrap_err().to_string();
        assert!(message.contains(line) && message.contains(what), "{text:?}: {message}");
    }
    assert!(Regression::read_csv(dir.path().join("missing.csv")).is_err());
    let diabetes = Regression::read_csv("data/diabetes.csv")?;
    assert_eq!((diabetes.n(), diabetes.d(), diabetes.y()[[441, 0]]), (442, 10, 57.0));
    Ok(())
}

#[test]
fn rows_are_picked_in_the_order_asked_for() {
    let data = Dataset::new(array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], array![1.0, -1.0, 1.0]).unwrap();
    let picked = data.rows(&[2, 0, 2]).unwrap();
    assert_eq!(picked.x(), array![[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]);
    assert_eq!(picked.y(), array![1.0, 1.0, 1.0]);
    assert_eq!(data.rows(&[0, 1, 2]).unwrap(), data);
    for (rows, said) in [(&[0, 3][..], "rows in 0 … 2"), (&[], "n ≥ 1")] {
        let error = data.rows(rows).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}
