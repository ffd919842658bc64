//! Verdicts: the logic with its negative controls, the interval against published values, the catalogue, the ledger.

use implicit_bias::prelude::*;
use implicit_bias::verdict::{Measured, Relation};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn r1() -> Verdict {
    Verdict::of("R1").unwrap()
}

#[test]
fn every_claim_is_in_the_catalogue_once() {
    let expected: BTreeSet<String> = [("P", 17), ("R", 10), ("S", 13), ("T", 19)]
        .iter()
        .flat_map(|(letter, n)| (1..=*n).map(move |i| format!("{letter}{i}")))
        .collect();
    let ids: Vec<_> = claims().iter().map(|c| c.id.to_owned()).collect();
    assert_eq!(ids.len(), expected.len());
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), expected);
    let statements: BTreeSet<_> = claims().iter().map(|c| c.statement).collect();
    assert_eq!(statements.len(), claims().len());
    for claim in claims() {
        assert!(claim.statement.ends_with('.') && claim.statement.len() > 40, "{}", claim.id);
        assert!(claim.source.contains(' '), "{}", claim.id);
        assert!(Verdict::of(claim.id).is_ok());
    }
}

#[test]
fn an_unknown_claim_lists_those_there_are() {
    let error = |id| Verdict::of(id).unwrap_err().to_string();
    assert!(error("R11").contains("R1 … R10") && !error("R11").contains("P1"));
    assert!(error("r1").contains("R1 … R10"));
    for id in ["", "Q7", "<b>", "17"] {
        assert!(error(id).contains("P1 … P17, R1 … R10, S1 … S13, T1 … T19"), "{}", error(id));
    }
}

#[test]
fn wilson_agrees_with_newcombes_table() {
    // R. G. Newcombe, Statistics in Medicine 17 (1998), Table I, method 3.
    for (k, n, low, high) in
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
    {
        let found = wilson(k, n).unwrap();
        assert!((found.0 - low).abs() < 5e-5 && (found.1 - high).abs() < 5e-5, "{k}/{n}: {found:?}");
        // The normal approximation would not pass.
        let (p, z) = (k as f64 / n as f64, 1.959_964);
        let wald = p + z * (p * (1.0 - p) / n as f64).sqrt();
        assert!((wald - high).abs() > 5e-4, "{k}/{n}: {wald}");
    }
    assert!(wilson(0, 0).is_err() && wilson(3, 2).is_err());
}

proptest! {
    #[test]
    fn wilson_ends_solve_the_score_equation(n in 1usize..100_000, part in 0.0..=1.0f64) {
        let k = (part * n as f64) as usize;
        let (low, high) = wilson(k, n).unwrap();
        let (seen, trials, z) = (k as f64 / n as f64, n as f64, 1.959_963_984_540_054_f64);
        prop_assert!(0.0 <= low && low <= seen && seen <= high && high <= 1.0);
        for end in [low, high] {
            // (p̂ − p)² = z² p(1 − p)/n at both ends.
            let (left, right) = ((seen - end).powi(2), z * z * end * (1.0 - end) / trials);
            prop_assert!((left - right).abs() <= 1e-12 * (left + right) + 1e-18, "{left} {right}");
        }
        let mirrored = wilson(n - k, n).unwrap();
        prop_assert!((mirrored.0 - (1.0 - high)).abs() < 1e-14 && (mirrored.1 - (1.0 - low)).abs() < 1e-14);
    }

    #[test]
    fn a_number_that_is_none_never_becomes_a_verdict(
        values in prop::collection::vec(-1e300..1e300f64, 1..20), place in any::<prop::sample::Index>(),
        bad in prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ) {
        let mut spoilt = values.clone();
        spoilt[place.index(values.len())] = bad;
        let (fine, spoilt) = (Measured::from(&values), Measured::from(&spoilt));
        prop_assert!(r1().below("q", fine.clone(), 0.0).is_ok());
        prop_assert!(r1().below("q", spoilt.clone(), 0.0).is_err());
        prop_assert!(r1().above("q", spoilt.clone(), 0.0).is_err());
        prop_assert!(r1().within("q", spoilt.clone(), 0.0, 1.0).is_err());
        prop_assert!(r1().share_below("q", spoilt.clone(), 0.0, 0.5).is_err());
        prop_assert!(r1().share_above("q", spoilt, 0.0, 0.5).is_err());
        prop_assert!(r1().below("q", fine.clone(), bad).is_err());
        prop_assert!(r1().within("q", fine.clone(), bad, 1.0).is_err());
        prop_assert!(r1().share_below("q", fine.clone(), bad, 0.5).is_err());
        prop_assert!(r1().share_below("q", fine, 0.0, bad).is_err());
    }

    #[test]
    fn comparisons_are_what_they_say(values in prop::collection::vec(-10.0..10.0f64, 1..20), a in -10.0..10.0f64, b in -10.0..10.0f64) {
        let (low, high) = (a.min(b), a.max(b));
        let holds = |v: Verdict| v.outcome() == Outcome::Holds;
        prop_assert_eq!(holds(r1().below("q", &values, a).unwrap()), values.iter().all(|v| *v < a));
        prop_assert_eq!(holds(r1().above("q", &values, a).unwrap()), values.iter().all(|v| *v > a));
        let within = r1().within("q", &values, low, high).unwrap();
        prop_assert_eq!(holds(within.clone()), values.iter().all(|v| (low..=high).contains(v)));
        let worst = within.evidence()[0].value;
        let outside = |v: f64| (low - v).max(v - high);
        prop_assert!(values.iter().all(|v| outside(*v) <= outside(worst)) && values.contains(&worst));
    }
}

#[test]
fn thresholds_are_strict_and_intervals_closed() {
    let outcome = |v: Result<Verdict>| v.unwrap().outcome();
    assert_eq!(outcome(r1().below("q", 1.0, 1.0)), Outcome::Fails);
    assert_eq!(outcome(r1().below("q", 1.0_f64.next_down(), 1.0)), Outcome::Holds);
    assert_eq!(outcome(r1().above("q", 1.0, 1.0)), Outcome::Fails);
    assert_eq!(outcome(r1().above("q", 1.0_f64.next_up(), 1.0)), Outcome::Holds);
    assert_eq!(outcome(r1().within("q", [1.0, 2.0], 1.0, 2.0)), Outcome::Holds);
    assert_eq!(outcome(r1().within("q", [1.0, 2.1], 1.0, 2.0)), Outcome::Fails);
    assert!(r1().within("q", 1.0, 2.0, 1.0).is_err());
    assert!(r1().below("q", Vec::new(), 1.0).is_err());
    assert!(r1().share_below("q", [1.0], 1.0, 0.0).is_err() && r1().share_below("q", [1.0], 1.0, 1.1).is_err());
}

#[test]
fn shares_hold_fail_or_stay_open_by_their_interval() {
    let share = |good: usize, n: usize| {
        let values: Vec<f64> = (0..n).map(|i| if i < good { 0.0 } else { 2.0 }).collect();
        let below = r1().share_below("q", &values, 1.0, 0.9).unwrap();
        let flipped: Vec<f64> = values.iter().map(|v| -v).collect();
        assert_eq!(below.outcome(), r1().share_above("q", flipped, -1.0, 0.9).unwrap().outcome());
        below
    };
    assert_eq!(share(40, 40).outcome(), Outcome::Holds); // lower end .912
    assert_eq!(share(34, 34).outcome(), Outcome::Open); // lower end .898
    assert_eq!(share(10, 10).outcome(), Outcome::Open); // ten of ten are not enough for 90 %
    assert_eq!(share(5, 10).outcome(), Outcome::Fails); // upper end .763
    assert_eq!(share(0, 1).outcome(), Outcome::Fails); // upper end .793
    let nine = share(9, 10);
    let comparison = nine.deciding().unwrap();
    assert_eq!((comparison.passed, comparison.seeds, comparison.value), (Some(9), Some(10), 0.9));
    assert_eq!((comparison.relation, comparison.interval), (Relation::ShareBelow, Some(wilson(9, 10).unwrap())));
}

#[test]
fn a_failure_outweighs_an_open_one_and_that_a_success() {
    let good = || r1().below("good", 0.0, 1.0).unwrap();
    assert_eq!(r1().outcome(), Outcome::Open);
    assert_eq!(good().outcome(), Outcome::Holds);
    let open = || good().share_below("open", [0.0; 10], 1.0, 0.9).unwrap();
    assert_eq!(open().outcome(), Outcome::Open);
    assert_eq!(open().deciding().unwrap().quantity, "open");
    let fails = open().above("bad", 0.0, 1.0).unwrap();
    assert_eq!(fails.outcome(), Outcome::Fails);
    assert_eq!(fails.deciding().unwrap().quantity, "bad");
    assert_eq!(fails.below("good again", 0.0, 1.0).unwrap().outcome(), Outcome::Fails);
}

#[test]
fn the_ledger_entry_is_stable() {
    let verdict = r1().below("risk after 1e5 steps", [2e-4, 5e-4, 3e-4], 1e-3).unwrap().note("two data sets");
    let json = verdict.to_json();
    let mut keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    let expected = [
        "evidence",
        "id",
        "interval",
        "note",
        "quantity",
        "relation",
        "seeds",
        "source",
        "statement",
        "threshold",
        "value",
        "verdict",
    ];
    assert_eq!(keys, expected);
    assert_eq!(json["id"], "R1");
    assert_eq!(json["verdict"], "HOLDS");
    assert_eq!(json["relation"], "below");
    assert_eq!((&json["value"], &json["threshold"], &json["seeds"]), (&5e-4.into(), &1e-3.into(), &3.into()));
    assert!(json["interval"].is_null());
    assert_eq!(json["evidence"][0]["verdict"], "HOLDS");
    let json = r1().within("slope", -1.02, -1.1, -0.9).unwrap().seeds(5).to_json();
    assert_eq!(json["threshold"], serde_json::json!([-1.1, -0.9]));
    assert_eq!((json["seeds"].as_u64(), json["relation"].as_str()), (Some(5), Some("within")));
    let json = r1().share_above("gap", [1.0; 50], 0.5, 0.9).unwrap().to_json();
    assert_eq!((json["relation"].as_str(), json["value"].as_f64()), (Some("share above"), Some(1.0)));
    assert_eq!(json["evidence"][0]["limit"], 0.5);
    assert_eq!(json["evidence"][0]["passed"], 50);
    assert_eq!(json["interval"][1], 1.0);
    let both = Verdicts::new([r1(), Verdict::of("P2").unwrap()]).to_json();
    assert_eq!((both[0]["verdict"].as_str(), both[1]["id"].as_str()), (Some("OPEN"), Some("P2")));
}

#[test]
fn sentences_carry_number_relation_threshold_and_runs() {
    let verdict = r1().below("risk", [2e-4, 5e-4], 1e-3).unwrap();
    assert_eq!(verdict.to_string(), "R1 HOLDS: risk = 5e-4 < 0.001 (worst of 2 runs)");
    let verdict = r1().below("risk", 0.25, 1e-10).unwrap();
    assert_eq!(verdict.to_string(), "R1 FAILS: risk = 0.25, not < 1e-10");
    // A value that rounds to its threshold is given in full.
    let verdict = r1().below("risk", 0.000_999_999, 1e-3).unwrap();
    assert_eq!(verdict.to_string(), "R1 HOLDS: risk = 9.99999e-4 < 0.001");
    let text = r1().share_below("gap", [0.0; 10], 0.01, 0.9).unwrap().to_string();
    assert_eq!(text, "R1 OPEN: gap < 0.01 in 10 of 10 runs (95 % interval 72.2 % to 100 %; asked: at least 90 %)");
    assert_eq!(r1().to_string(), "R1 OPEN: no comparison was made");
    assert_eq!(format!("{:?}", r1()), "Verdict(R1 OPEN)");
}

#[test]
fn html_says_the_word_and_escapes_the_rest() {
    let hostile = "<script>alert('x')</script>&\"";
    let html = r1().below(hostile, 2.0, 1.0).unwrap().note(hostile).to_html();
    assert!(html.contains("FAILS") && html.contains("&lt;script&gt;") && !html.contains("<script"));
    assert!(html.contains("Scialanga &amp; Yesbay"));
}

/// The bundle as printed by a process of its own: ledger, HTML, text, whatever the note contains.
#[test]
fn one_bundle_with_the_ledger_entry() {
    let exe = std::env::current_exe().unwrap();
    let run = std::process::Command::new(exe)
        .args(["--exact", "child_shows_verdicts", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let stdout = String::from_utf8(run.stdout).unwrap();
    let block = |mime: &str| {
        let start = stdout.split_once(&format!("EVCXR_BEGIN_CONTENT {mime}\n")).unwrap().1;
        start.split_once("\nEVCXR_END_CONTENT\n").unwrap().0.to_owned()
    };
    let json: serde_json::Value = serde_json::from_str(&block("application/vnd.implicit-bias.verdict+json")).unwrap();
    assert_eq!((json[0]["id"].as_str(), json[1]["verdict"].as_str()), (Some("R1"), Some("HOLDS")));
    assert!(block("text/html").matches("border-left").count() == 2);
    // The note's second line looks like evcxr's signal and is kept from being one.
    assert!(block("text/plain").contains("EVCXR_END_CONTENT") && block("text/plain").contains("P1 HOLDS"));
}

#[test]
#[ignore = "run by one_bundle_with_the_ledger_entry in a process of its own"]
fn child_shows_verdicts() {
    let first = r1().note("a note\nEVCXR_END_CONTENT\nwith lines");
    Verdicts::new([first, Verdict::of("P1").unwrap().below("risk", 0.0, 1.0).unwrap()]).evcxr_display();
}

/// The ledger's entry of a verdict, as the runner writes it.
fn entry(verdict: &Verdict) -> serde_json::Value {
    let mut json = verdict.to_json();
    (json["notebook"], json["cell"]) = ("report-4-remarks".into(), "c1".into());
    json
}

#[test]
fn a_recorded_verdict_comes_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.json");
    let share = r1().share_above("gap, \u{201c}half\u{201d}", [0.1, 0.7, 0.9], 0.5, 0.9).unwrap();
    let shown = share.within("slope", [-1.04, -1.3], -1.1, -0.9).unwrap().note("a limit");
    let open = Verdict::of("P2").unwrap();
    let text = serde_json::to_string_pretty(&[entry(&shown), entry(&open)]).unwrap();
    std::fs::write(&path, text).unwrap();
    let ledger = recorded(&path).unwrap();
    assert_eq!(ledger[0].evidence, shown.evidence());
    assert_eq!((ledger[0].id.as_str(), ledger[0].outcome), ("R1", Outcome::Fails));
    assert_eq!((ledger[0].note.as_deref(), ledger[0].notebook.as_str()), (Some("a limit"), "report-4-remarks"));
    assert_eq!((ledger[1].outcome, ledger[1].evidence.len(), &ledger[1].note), (Outcome::Open, 0, &None));
    assert_eq!(format!("{:?}", ledger[0]), "R1 FAILS in report-4-remarks (2 comparisons)");
}

#[test]
fn what_is_no_ledger_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.json");
    let missing = recorded(&path).unwrap_err();
    assert!(matches!(missing, Error::Io { .. }) && missing.to_string().contains("claims.json"));
    let good = serde_json::to_string_pretty(&[entry(&r1().below("risk", 1e-4, 1e-3).unwrap())]).unwrap();
    for (from, to) in [("HOLDS", "MAYBE"), ("\"notebook\"", "\"book\""), ("\"below\"", "\"beneath\""), ("}", "")] {
        std::fs::write(&path, good.replace(from, to)).unwrap();
        let error = recorded(&path).unwrap_err();
        assert!(matches!(&error, Error::Parse { line, .. } if *line > 1), "{from}: {error}");
        assert!(error.to_string().contains("not a claims ledger"), "{error}");
    }
    std::fs::write(&path, &good).unwrap();
    assert_eq!(recorded(&path).unwrap().len(), 1);
}

#[test]
fn the_recorded_ledger_of_this_project_is_consistent() {
    let ledger = recorded(concat!(env!("CARGO_MANIFEST_DIR"), "/data/claims.json")).unwrap();
    for entry in &ledger {
        assert!(claims().iter().any(|claim| claim.id == entry.id), "{}", entry.id);
        let failed = entry.evidence.iter().any(|c| c.outcome == Outcome::Fails);
        assert_eq!(failed, entry.outcome == Outcome::Fails, "{}", entry.id);
    }
}
