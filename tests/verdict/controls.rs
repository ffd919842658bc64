//! Controls, and thresholds that were settled after trials.

use super::*;

fn good() -> Verdict {
    r1().below("good", 0.0, 1.0).unwrap()
}

#[test]
fn a_control_guards_and_does_not_decide() {
    let seen = good().above("seen", 2.0, 1.0).unwrap().control().unwrap();
    assert_eq!(seen.outcome(), Outcome::Holds);
    assert_eq!((seen.evidence().count(), seen.controls().count()), (1, 1));
    assert_eq!(seen.deciding().unwrap().quantity, "good");
    // As evidence the same comparison would fail the claim; as a control it leaves it open.
    let blind = || good().above("seen", 0.5, 1.0).unwrap();
    assert_eq!(blind().outcome(), Outcome::Fails);
    let blind = blind().control().unwrap();
    assert_eq!((blind.outcome(), blind.deciding().unwrap().quantity.as_str()), (Outcome::Open, "seen"));
    // What an instrument says that does not work is no refutation either, whatever comes after.
    let bad = blind.above("bad", 0.0, 1.0).unwrap();
    assert_eq!(bad.outcome(), Outcome::Open);
    let sound = good().above("seen", 2.0, 1.0).unwrap().control().unwrap().above("bad", 0.0, 1.0).unwrap();
    assert_eq!((sound.outcome(), sound.deciding().unwrap().quantity.as_str()), (Outcome::Fails, "bad"));
}

#[test]
fn an_open_control_guards_nothing_and_controls_alone_are_no_evidence() {
    let open = good().share_above("seen", [1.0; 10], 0.0, 0.9).unwrap().control().unwrap();
    assert_eq!(open.outcome(), Outcome::Open);
    let enough = good().share_above("seen", [1.0; 50], 0.0, 0.9).unwrap().control().unwrap();
    assert_eq!(enough.outcome(), Outcome::Holds);
    let alone = r1().above("seen", 2.0, 1.0).unwrap().control().unwrap();
    assert_eq!((alone.outcome(), alone.deciding()), (Outcome::Open, None));
}

#[test]
fn what_was_settled_after_trials_says_so() {
    let verdict = good().below("late", 0.5, 1.0).unwrap().settled_after_trials().unwrap();
    let flags: Vec<bool> = verdict.evidence().map(|c| c.settled_after_trials).collect();
    assert_eq!((flags, verdict.outcome()), (vec![false, true], Outcome::Holds));
    let words = verdict.to_string();
    assert_eq!(words.matches("threshold settled after trials").count(), 1);
    assert!(words.ends_with("HOLDS: late = 0.5 < 1; threshold settled after trials"), "{words}");
    assert!(verdict.to_html().contains("threshold settled after trials"));
    assert!(!good().to_html().contains("settled"));
    // In either order with `control`, always of the comparison before.
    let control = |v: Verdict| v.controls().map(|c| (c.quantity.clone(), c.settled_after_trials)).collect::<Vec<_>>();
    let verdict = || good().above("seen", 2.0, 1.0).unwrap();
    let one = verdict().control().unwrap().settled_after_trials().unwrap();
    let other = verdict().settled_after_trials().unwrap().control().unwrap();
    assert!(one == other && !one.evidence().any(|c| c.settled_after_trials));
    assert_eq!(control(one), [("seen".to_owned(), true)]);
}

#[test]
fn there_must_be_a_comparison_to_say_it_of() {
    for error in [r1().control(), r1().settled_after_trials()] {
        assert!(error.unwrap_err().to_string().contains("a comparison before it"));
    }
}

#[test]
fn controls_are_shown_apart() {
    let verdict = good().above("seen", 2.0, 1.0).unwrap().control().unwrap().below("also", 0.0, 1.0).unwrap();
    let text = verdict.note("a limit").to_string();
    let expected = "R1 HOLDS: HOLDS: good = 0 < 1\n  HOLDS: also = 0 < 1\n  control HOLDS: seen = 2 > 1\n  a limit";
    assert_eq!(text, expected);
    let blind = good().above("<seen>", 0.5, 1.0).unwrap().control().unwrap();
    assert_eq!(
        blind.to_string(),
        "R1 OPEN: good = 0 < 1\n  control FAILS: <seen> = 0.5, not > 1\n  a control does not hold, so the comparisons decide nothing"
    );
    let html = blind.to_html();
    assert!(html.contains("OPEN</span>") && html.contains("control FAILS: &lt;seen&gt;"), "{html}");
}
