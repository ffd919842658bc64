//! The constants that the command line sets.

use super::*;

const CELL: &str = "\
// const OLD: u64 = 1; is no constant
const SEEDS: u64 = 20; // runs; each takes a second
const STEP: f64 = 1e-2;
let name: &str = \"a; b = \\\"c\\\"\"; // shown = on the figure
let shift = -3;
let flag = true;
const SIZES: [f64; 3] = [0.1, 0.2, 0.5]; /* of the start */
const DEPTHS: &[usize] = &[2, 4];
const TWICE: u64 = 2 * SEEDS;
const LOSS: Loss = Loss::Logistic; // not for the command line";

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn notebook() -> Notebook {
    parse(json!([code("a", "const SEEDS: u64 = 7;"), settable("p", CELL), code("z", "SEEDS")]))
}

#[test]
fn literals_of_tagged_cells_are_listed() {
    let found = parameters(&notebook());
    let listed: Vec<_> = found.iter().map(|p| (&*p.name, &*p.kind, &*p.value, &*p.comment, p.cell)).collect();
    assert_eq!(
        listed,
        [
            ("SEEDS", "u64", "20", "runs; each takes a second", 2),
            ("STEP", "f64", "1e-2", "", 2),
            ("name", "&str", "\"a; b = \\\"c\\\"\"", "shown = on the figure", 2),
            ("shift", "i32", "-3", "", 2),
            ("flag", "bool", "true", "", 2),
            ("SIZES", "[f64; 3]", "[0.1, 0.2, 0.5]", "of the start", 2),
            ("DEPTHS", "&[usize]", "&[2, 4]", "", 2),
        ]
    );
    // Without the tag nothing can be set.
    assert!(parameters(&parse(json!([code("p", CELL)]))).is_empty());
}

#[test]
fn a_value_takes_the_place_of_the_literal_and_of_nothing_else() {
    let set = [
        ("SEEDS", "1_000"),
        ("STEP", "1"),
        ("name", "it's \"x\"; // y"),
        ("shift", "8"),
        ("flag", "false"),
        ("SIZES", "[1, 2e-3,3.5]"),
        ("DEPTHS", "[ 6 ]"),
    ];
    let mut changed = notebook();
    let changes = set_parameters(&mut changed, "n", &pairs(&set)).unwrap();
    let source = &changed.cells[1].source;
    let expected = CELL
        .replace("const SEEDS: u64 = 20", "const SEEDS: u64 = 1_000")
        .replace("= 1e-2;", "= 1.0;")
        .replace("\"a; b = \\\"c\\\"\"", "\"it's \\\"x\\\"; // y\"")
        .replace("-3;", "8;")
        .replace("true", "false")
        .replace("[0.1, 0.2, 0.5]", "[1.0, 0.002, 3.5]")
        .replace("&[2, 4]", "&[6]");
    assert_eq!(*source, expected);
    let change = |name: &str, from: &str, to: &str| Change { name: name.into(), from: from.into(), to: to.into() };
    assert_eq!(
        (changes.len(), &changes[0], &changes[1]),
        (7, &change("SEEDS", "20", "1_000"), &change("STEP", "1e-2", "1.0"))
    );
    // Cells without the tag stay, and a value that is there already is no change.
    assert_eq!(changed.cells[0].source, "const SEEDS: u64 = 7;");
    let mut same = notebook();
    assert!(set_parameters(&mut same, "n", &pairs(&[("SEEDS", "20")])).unwrap().is_empty());
    // Of two values the last counts.
    set_parameters(&mut same, "n", &pairs(&[("SEEDS", "1"), ("SEEDS", "2")])).unwrap();
    assert!(same.cells[1].source.contains("const SEEDS: u64 = 2;"));
}

#[test]
fn wrong_names_and_types_are_refused_before_anything_changes() {
    for (pair, words) in [
        (("SEEDS", "1.5"), "n, SEEDS: expected a value of u64, found `1.5`"),
        (("SEEDS", "-1"), "n, SEEDS: expected a value of u64, found `-1`"),
        (("SEEDS", "20; panic!()"), "found `20; panic!()`"),
        (("STEP", "NaN"), "expected a value of f64, found `NaN`"),
        (("STEP", "inf"), "found `inf`"),
        (("shift", "3000000000"), "expected a value of i32"),
        (("flag", "1"), "expected a value of bool, found `1`"),
        (("SIZES", "[1, 2]"), "expected a value of [f64; 3], found 2 values in `[1, 2]`"),
        (("SIZES", "1"), "`1`, which is no list"),
        (("DEPTHS", "[2, x]"), "found `x` in `[2, x]`"),
        (("SEED", "1"), "expected one of the constants DEPTHS (&[usize]), SEEDS (u64)"),
        (("TWICE", "1"), "found `TWICE`"),
        (("LOSS", "1"), "found `LOSS`"),
    ] {
        let mut tried = notebook();
        let error = set_parameters(&mut tried, "n", &pairs(&[("flag", "false"), pair])).unwrap_err().to_string();
        assert!(error.contains(words), "{pair:?}: {error}");
        assert_eq!(tried.cells[1].source, CELL);
    }
    let error = set_parameters(&mut parse(json!([])), "n", &pairs(&[("A", "1")])).unwrap_err().to_string();
    assert!(error.contains("expected a cell tagged `parameters`"), "{error}");
}

#[test]
fn several_notebooks_take_what_they_have() {
    let project = Project::new(&[
        ("one", json!([settable("p", "const A: u64 = 1; // how many\nconst B: f64 = 2.0;"), code("c", "(A, B)")])),
        ("two", json!([settable("p", "const A: u64 = 3;"), code("c", "A")])),
        ("none", json!([code("c", "1")])),
    ]);
    let listed = project.run(&["--parameters", "one", "none"]);
    let (stdout, stderr) = said(&listed);
    assert_eq!(listed.status.code(), Some(0), "{stderr}");
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(stdout.lines().any(|line| words(line) == "A u64 1 cell 1 how many"), "{stdout}");
    assert!(stdout.contains("none: no cell tagged `parameters`"), "{stdout}");
    let written = project.run(&["--program", "-p", "A=10", "-p", "B=7"]);
    assert_eq!(written.status.code(), Some(0), "{:?}", said(&written));
    let source = |name: &str| fs::read_to_string(project.path("target/programs/src/bin").join(name)).unwrap();
    assert!(source("one.rs").contains("const A: u64 = 10; // how many\nconst B: f64 = 7.0;"));
    assert!(source("two.rs").contains("const A: u64 = 10;"));
    let refused = project.run(&["--program", "one", "two", "-p", "A=10", "-p", "C=7"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        said(&refused).1.contains("expected one of the constants A (u64), B (f64), found `C`"),
        "{:?}",
        said(&refused)
    );
}

#[test]
fn a_suffix_stays_and_a_word_is_no_number() {
    let mut suffixed = parse(json!([settable("p", "let n = 20u64;\nlet x = 1f64;")]));
    set_parameters(&mut suffixed, "n", &pairs(&[("n", "5000000000"), ("x", "2")])).unwrap();
    assert_eq!(suffixed.cells[0].source, "let n = 5000000000u64;\nlet x = 2.0f64;");
    for word in ["_5", "-_5", "+"] {
        assert!(set_parameters(&mut notebook(), "n", &pairs(&[("SEEDS", word)])).is_err(), "{word}");
    }
}
