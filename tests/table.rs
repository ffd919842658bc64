//! Tables: how each kind of value is set, and where it stands.

use implicit_bias::prelude::*;
use implicit_bias::table::Value;
use proptest::prelude::*;

/// The cells of a column of one kind.
fn cells<V: Into<Value> + Clone, const N: usize>(values: [V; N]) -> Vec<String> {
    texts(&Table::of(values).column("", |v| v.clone()))
}

fn texts<R>(table: &Table<R>) -> Vec<String> {
    table.to_string().lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn numbers_are_set_as_numbers() {
    assert_eq!(cells([1e-9, 3.14e-5, -2.5e-4]), ["1 × 10⁻⁹", "3.1 × 10⁻⁵", "−2.5 × 10⁻⁴"]);
    assert_eq!(cells([1e6, 1.26e12, 5e-324]), ["1 × 10⁶", "1.3 × 10¹²", "5 × 10⁻³²⁴"]);
    assert_eq!(cells([f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.5]), ["–", "∞", "−∞", "−0.5"]);
    assert_eq!(cells([999_999.0, 12_345.0, -1234.0, 0.0]), ["999\u{202f}999", "12\u{202f}345", "−1234", "0"]);
    assert_eq!(cells([0.987_654_321]), ["0.9877"]);
    assert_eq!(
        cells([u64::MAX, 9999]),
        ["18\u{202f}446\u{202f}744\u{202f}073\u{202f}709\u{202f}551\u{202f}615", "9999"]
    );
}

#[test]
fn points_stand_below_each_other_where_six_digits_do() {
    assert_eq!(cells([0.25, 1.0, 10.5]), ["0.25", "1.00", "10.50"]);
    assert_eq!(cells([0.9877, 123.4]), ["0.9877", "123.4"]);
    assert_eq!(cells([0.25, f64::NAN, 1e-7, 2.0]), ["0.25", "–", "1 × 10⁻⁷", "2.00"]);
    assert_eq!(cells([(0.25, 1.0), (f64::NAN, 2.0), (f64::NAN, f64::NAN)]), ["0.25 – 1.00", "– – 2.00", "–"]);
}

#[test]
fn other_values_have_their_own_look() {
    assert_eq!(cells([Some(3), None]), ["3", "–"]);
    assert_eq!(cells([true, false]), ["yes", "no"]);
    assert_eq!(cells([(0.5, (0.25, 0.75))]), ["0.50 (0.25 – 0.75)"]);
    assert_eq!(cells([Share::of(19, 20).unwrap()]), ["19 of 20 (76–99 %)"]);
    assert_eq!(cells(["words", ""]), ["words", ""]);
}

#[test]
fn digits_are_for_the_column_before_or_for_all() {
    let numbers = || Table::of([0.5, 123.456, 3.14159e-7, 0.0, f64::INFINITY]);
    let column = |table: Table<f64>| table.column("", |v| *v);
    assert_eq!(texts(&column(numbers()).digits(3)), ["0.500", "123", "3.14 × 10⁻⁷", "0", "∞"]);
    assert_eq!(texts(&column(numbers().digits(1))), ["0.5", "100", "3 × 10⁻⁷", "0", "∞"]);
    assert_eq!(texts(&column(numbers()).decimals(2)), ["0.50", "123.46", "0.00", "0.00", "∞"]);
    assert_eq!(texts(&column(numbers()).percent().digits(2))[..2], ["50 %", "12\u{202f}000 %"]);
    assert_eq!(texts(&column(numbers()).unit(" s"))[..2], ["0.5 s", "123.5 s"]);
    assert_eq!(texts(&Table::of([-1e-9]).column("", |v| *v).decimals(1)), ["0.0"]);
    assert_eq!(texts(&Table::of([9.996]).column("", |v| *v).digits(3)), ["10.0"]);

    let two = Table::of([0.5]).column("a", |v| *v).column("b", |v| *v).digits(3);
    assert_eq!(two.to_string(), "  a      b\n0.5  0.500\n");
    let array = Table::of([0.5]).column("a", |v| *v).columns(["b", "c"], |v| [*v, 1.0]).digits(2);
    assert_eq!(array.to_string(), "  a     b    c\n0.5  0.50  1.0\n");
}

#[test]
fn words_stand_left_and_numbers_right() {
    let table = Table::of([("line search", 5), ("Σ", 1200)]).column("rule", |r| r.0).column("n", |r| r.1);
    assert_eq!(table.to_string(), "rule            n\nline search     5\nΣ            1200\n");
    let html = table.to_html();
    assert_eq!(html.matches("text-align:left").count(), 3);
    assert_eq!(html.matches("text-align:right").count(), 3);
    assert!(Table::of(["<b>"]).column("&", |t| *t).to_html().contains("&lt;b&gt;"));
}

#[test]
fn runs_and_groups_are_rows() {
    let data = SoudryFour { n: 16 }.sample(1).unwrap().scaled_to_unit().unwrap();
    let start = Network::linear(&[2, 1], Init::Zeros, 1).unwrap();
    let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(0.1)).unwrap();
    let run = descent.run(4, Record::Every(2), |at| Ok(at.step)).unwrap();
    assert_eq!(texts(&Table::of(&run).column("step", |step| **step)), ["0", "2", "4"]);
    assert_eq!(Series::of(&run, |s| **s as f64, |s| 2.0 * **s as f64).unwrap().y(), [0.0, 4.0, 8.0]);

    let rows = [(2, 0.5, "a".to_owned()), (4, 0.25, "b".to_owned()), (2, 1.5, "c".to_owned())];
    let table = Table::of(group_by(&rows, |r| r.0)).column("depth", |(depth, _)| *depth);
    let table = table.try_column("mean", |(_, rows)| mean(column(rows, |r| r.1))).unwrap();
    assert_eq!(table.to_string(), "depth  mean\n    2  1.00\n    4  0.25\n");
    let names = Table::of(&rows).column("name", |r| r.2.as_str());
    assert_eq!(texts(&names), ["a", "b", "c"]);
}

#[test]
fn what_is_no_table_is_refused() {
    let message = Table::new(["a", "b"], [vec!["1", "2"], vec!["3"]]).unwrap_err().to_string();
    assert_eq!(message, "Table row 1: expected shape 2 cells, found 1");
    assert!(Table::new([""; 0], [[""; 0]]).is_err());
    let failing = Table::of([1.0, 2.0]).try_column("x", |v| wilson(*v as usize, 1).map(|ends| ends.0));
    assert!(failing.unwrap_err().to_string().starts_with("wilson(k)"));
    assert_eq!(Table::of([0.0; 0]).column("none", |v| *v).to_string(), "none\n");
}

#[test]
fn a_panel_for_each_item() {
    let figure = |power: i32| Ok(Figure::new("x", "y").title(format!("power {power}")));
    let shown = |panels: Panels| format!("{panels:?}").matches("Figure(").count();
    for n in 1..8 {
        assert_eq!(shown(Panels::over(1..=n, figure).unwrap()), n as usize);
    }
    assert!(Panels::over([0; 0], figure).is_err() && Panels::over([1], figure).unwrap().columns(0).is_err());
    let failing = Panels::over([1, 2], |i| if i == 1 { figure(i) } else { Err(wilson(i as usize, 1).unwrap_err()) });
    assert!(failing.unwrap_err().to_string().starts_with("wilson(k)"));
}

/// A number as it was set, read back.
fn read(text: &str) -> f64 {
    let (mantissa, exponent) = text.split_once(" × 10").unwrap_or((text, ""));
    let digit = |c: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|d| d == c).map_or("-".into(), |d| d.to_string());
    let exponent: String = exponent.chars().map(digit).collect();
    let mantissa = mantissa.replace('−', "-").replace('\u{202f}', "");
    format!("{mantissa}e{}", if exponent.is_empty() { "0" } else { &exponent }).parse().unwrap()
}

proptest! {
    #[test]
    fn what_is_read_is_what_was_measured(value in prop::num::f64::NORMAL | prop::num::f64::ZERO, digits in 1..9_usize) {
        let off = |text: &str| (read(text) - value).abs() / value.abs().max(f64::MIN_POSITIVE);
        let fitting = cells([value]).remove(0);
        prop_assert!(off(&fitting) <= 0.05, "{value:e}: {fitting}");
        let set = texts(&Table::of([value]).column("", |v| *v).digits(digits)).remove(0);
        prop_assert!(off(&set) <= 0.5001 * 10_f64.powi(1 - digits as i32), "{value:e}: {set}");
    }

    #[test]
    fn moderate_numbers_keep_four_digits(value in 1e-3..1e6_f64, sign in prop::bool::ANY) {
        let value = if sign { -value } else { value };
        let text = cells([value]).remove(0);
        prop_assert!((read(&text) - value).abs() <= 0.5001e-3 * value.abs(), "{value:e}: {text}");
    }
}
