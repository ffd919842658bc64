//! One type from a cell to the file and back.

use super::*;
use implicit_bias::verdict::Measured;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A verdict with something in every field.
fn full() -> Verdict {
    let share = r1().share_above("gap, \u{201c}half\u{201d}", [0.1, 0.7, 0.9], 0.5, 0.9).unwrap();
    let clustered = share.share_below("gap", Measured::clustered([0.1, 0.7, 0.9], &[1, 1, 2]), 0.5, 0.9).unwrap();
    let settled = clustered.within("slope", [-1.04, -1.3], -1.1, -0.9).unwrap().settled_after_trials().unwrap();
    settled.above("seen", 2.0, 1.0).unwrap().control().unwrap().note("a limit").seeds(7)
}

/// The verdict as the runner records it.
fn placed(mut verdict: Verdict) -> Verdict {
    (verdict.notebook, verdict.cell) = ("report-4-remarks".to_owned(), "c1".to_owned());
    verdict
}

#[test]
fn the_file_is_stable() {
    let verdict = placed(r1().below("risk", [2e-4, 5e-4, 3e-4], 1e-3).unwrap().note("two data sets"));
    let text = serde_json::to_string_pretty(&[verdict]).unwrap();
    let claim = claims().iter().find(|c| c.id == "R1").unwrap();
    let expected = format!(
        r#"[
  {{
    "id": "R1",
    "source": "{}",
    "statement": "{}",
    "verdict": "HOLDS",
    "notebook": "report-4-remarks",
    "cell": "c1",
    "note": "two data sets",
    "evidence": [
      {{
        "quantity": "risk",
        "relation": "below",
        "value": 0.0005,
        "threshold": 0.001,
        "seeds": 3,
        "verdict": "HOLDS"
      }}
    ]
  }}
]"#,
        claim.source, claim.statement
    );
    assert_eq!(text, expected);
    let json = serde_json::to_value(full()).unwrap();
    assert_eq!(json["seeds"], 7);
    assert_eq!(
        json["evidence"][1],
        json!({ "quantity": "gap", "relation": "share below", "value": 0.25, "threshold": 0.9, "limit": 0.5, "passed": 1,
            "seeds": 3, "clusters": 2, "interval": json["evidence"][1]["interval"], "verdict": "FAILS" })
    );
    assert_eq!(
        (&json["evidence"][2]["settled_after_trials"], &json["evidence"][3]["control"]),
        (&true.into(), &true.into())
    );
    assert_eq!(json["evidence"][2]["threshold"], json!([-1.1, -0.9]));
}

#[test]
fn a_recorded_verdict_comes_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.json");
    let shown = [placed(full()), placed(Verdict::of("P2").unwrap()), placed(Verdict::of("S5a").unwrap())];
    std::fs::write(&path, serde_json::to_string_pretty(&shown).unwrap()).unwrap();
    assert!(recorded(&path).unwrap() == shown);
}

proptest! {
    #[test]
    fn any_verdict_comes_back_to_the_bit(
        values in prop::collection::vec(any::<f64>().prop_filter("finite", |v| v.is_finite()), 1..9),
        ends in (-1e3..1e3f64, 0.0..1e3f64), at_least in 1e-9..=1.0f64, quantity in ".*",
        (control, settled, share) in any::<(bool, bool, bool)>(),
    ) {
        let verdict = r1().within(&*quantity, &values, ends.0, ends.0 + ends.1).unwrap();
        let verdict = if share { verdict.share_above("s", &values, ends.0, at_least).unwrap() } else { verdict };
        let verdict = if control { verdict.control().unwrap() } else { verdict };
        let verdict = if settled { verdict.settled_after_trials().unwrap() } else { verdict };
        let back: Verdict = serde_json::from_str(&serde_json::to_string(&verdict).unwrap()).unwrap();
        prop_assert!(back == verdict);
    }
}

/// Before verdicts were one type the ledger repeated the deciding comparison's numbers beside the verdict, and wrote null.
#[test]
fn an_older_ledger_is_read() {
    let old = json!([{ "id": "R1", "source": "s", "statement": "t", "verdict": "HOLDS", "value": 0.25, "threshold": 1.0,
        "seeds": 3, "notebook": "n", "cell": "c", "interval": null, "note": null, "quantity": "gap", "relation": "below",
        "evidence": [{ "interval": null, "limit": null, "passed": null, "quantity": "gap", "relation": "below",
            "seeds": 3, "threshold": 1.0, "value": 0.25, "verdict": "HOLDS" }] }]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.json");
    std::fs::write(&path, old.to_string()).unwrap();
    let ledger = recorded(&path).unwrap();
    assert_eq!((ledger[0].outcome(), ledger[0].note.as_deref()), (Outcome::Holds, None));
    let expected = r1().below("gap", [0.25, 0.1, 0.1], 1.0).unwrap();
    assert_eq!(ledger[0].evidence().collect::<Vec<_>>(), expected.evidence().collect::<Vec<_>>());
}

#[test]
fn what_is_no_ledger_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.json");
    let missing = recorded(&path).unwrap_err();
    assert!(matches!(missing, Error::Io { .. }) && missing.to_string().contains("claims.json"));
    let good = serde_json::to_string_pretty(&[placed(r1().below("risk", 1e-4, 1e-3).unwrap())]).unwrap();
    for (from, to) in [("HOLDS", "MAYBE"), ("\"statement\"", "\"sentence\""), ("\"below\"", "\"beneath\""), ("}", "")] {
        std::fs::write(&path, good.replace(from, to)).unwrap();
        let error = recorded(&path).unwrap_err();
        assert!(matches!(&error, Error::Parse { line, .. } if *line > 1), "{from}: {error}");
        assert!(error.to_string().contains("not a claims ledger"), "{error}");
    }
    std::fs::write(&path, &good).unwrap();
    assert_eq!(recorded(&path).unwrap().len(), 1);
}

/// Nobody makes a verdict by writing a word.
#[test]
fn an_outcome_that_does_not_follow_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.json");
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut json = json!([placed(full())]);
        change(&mut json[0]);
        std::fs::write(&path, json.to_string()).unwrap();
        recorded(&path).err().map(|error| error.to_string())
    };
    assert_eq!(refused(&|_| ()), None);
    let error = refused(&|v| v["verdict"] = "HOLDS".into()).unwrap();
    assert!(
        error.contains("claims.json, verdict on R1: expected FAILS, as its comparisons say, found HOLDS"),
        "{error}"
    );
    let error = refused(&|v| v["evidence"][2]["verdict"] = "HOLDS".into()).unwrap();
    assert!(error.contains("claims.json, verdict on \"slope\": expected FAILS, found HOLDS"), "{error}");
    for change in [
        &(|v: &mut Value| v["evidence"][2]["value"] = (-1.0).into()) as &dyn Fn(&mut Value),
        &|v| v["evidence"][0]["interval"] = json!([0.9, 1.0]),
        &|v| v["evidence"][0]["interval"] = Value::Null,
        &|v| v["evidence"][2]["threshold"] = 1.0.into(),
        &|v| v["evidence"][2]["control"] = true.into(),
        &|v| v["evidence"] = json!([]),
    ] {
        assert!(refused(change).is_some());
    }
}

#[test]
fn the_recorded_ledger_of_this_project_is_consistent() {
    let ledger = recorded(concat!(env!("CARGO_MANIFEST_DIR"), "/data/claims.json")).unwrap();
    for verdict in &ledger {
        let claim = claims().iter().find(|claim| claim.id == verdict.id).unwrap();
        assert_eq!((claim.source, claim.statement), (&*verdict.source, &*verdict.statement), "{}", verdict.id);
        assert!(!verdict.notebook.is_empty() && !verdict.cell.is_empty(), "{}", verdict.id);
        let failed = verdict.evidence().any(|c| c.outcome == Outcome::Fails);
        assert_eq!(failed, verdict.outcome() == Outcome::Fails, "{}", verdict.id);
    }
}
