//! Claims, verdicts and what differs.

use super::*;

#[test]
fn ledgers_differ_by_claim_cell_and_verdict() {
    let entry = |id: &str, cell: &str, verdict: &str, value: f64| -> Entry {
        serde_json::from_value(json!({ "id": id, "verdict": verdict, "notebook": "n", "cell": cell, "value": value }))
            .unwrap()
    };
    let recorded = [entry("R1", "a", "HOLDS", 1.0), entry("R1", "b", "OPEN", 1.0), entry("P1", "c", "HOLDS", 1.0)];
    assert!(differences(&recorded, &recorded).is_empty());
    let new = [entry("P1", "c", "HOLDS", 1.0), entry("R1", "a", "FAILS", 1.0), entry("R2", "d", "OPEN", 1.0)];
    assert_eq!(
        differences(&recorded, &new),
        [
            "R1 in n (cell a): recorded HOLDS, now FAILS",
            "R1 in n (cell b): recorded OPEN, now no verdict",
            "R2 in n (cell d): not recorded, now OPEN"
        ]
    );
}

#[test]
fn claims_and_verdicts_are_found() {
    assert_eq!(claims_in("Claims P13, P14 and P15 (Figure 1)"), ["P13", "P14", "P15"]);
    assert!(claims_in("The claim of R. Claim: R is 1").is_empty());
    let notebook =
        parse(json!([prose("a", "# x\nClaim R9 in prose\n## Claim R1: $\\|W\\|$\n## Claim R1 again\n### Claim T2")]));
    assert_eq!(named(&notebook), ["R1", "T2"]);
    let shown = |value: Value| {
        let mut cell = code("c", "v");
        cell["outputs"] = json!([{ "output_type": "execute_result", "execution_count": 1, "metadata": {},
            "data": { "application/vnd.implicit-bias.verdict+json": value } }]);
        verdicts("n", &parse(json!([cell])))
    };
    let two = shown(json!([{ "id": "P1", "verdict": "HOLDS", "threshold": [0, 1] }, { "id": "P2", "verdict": "OPEN", "value": null }])).unwrap();
    assert_eq!((two.len(), two[1].value), (2, None));
    for wrong in [json!("HOLDS"), json!({ "verdict": "HOLDS" }), json!({ "id": "P1", "verdict": "MAYBE" })] {
        assert!(shown(wrong.clone()).unwrap_err().to_string().starts_with("n, cell 1, verdict"), "{wrong}");
    }
}

/// A ledger of one verdict, its value `value` and its one comparison changed by `change`.
fn ledger(change: impl Fn(&mut Value)) -> Vec<Entry> {
    let comparison = json!({ "quantity": "gap", "relation": "below", "value": 0.25, "threshold": 1e-12, "limit": null,
        "interval": [0.2, 0.3], "seeds": 20, "verdict": "HOLDS" });
    let mut entry = json!({ "id": "R1", "verdict": "HOLDS", "notebook": "n", "cell": "a", "statement": "it is so",
        "value": 0.25, "threshold": 1e-12, "quantity": "gap", "note": null, "evidence": [comparison, comparison] });
    change(&mut entry);
    serde_json::from_value(json!([entry])).unwrap()
}

#[test]
fn numbers_that_moved_are_named_and_rounding_is_not() {
    let recorded = ledger(|_| ());
    let with = |change: &dyn Fn(&mut Value)| differences(&recorded, &ledger(change));
    assert!(with(&|_| ()).is_empty());
    // Beyond 1e-6 of the size, not within.
    assert_eq!(
        with(&|e| e["evidence"][1]["value"] = json!(0.250001)),
        ["R1 in n (cell a), evidence 2 (gap), value: recorded 0.25, now 0.250001"]
    );
    assert!(with(&|e| e["evidence"][1]["value"] = json!(0.2500001)).is_empty());
    // A verdict repeats its deciding comparison: said once, but each by itself is seen.
    let both = |e: &mut Value| {
        e["value"] = json!(0.5);
        e["evidence"][0]["value"] = json!(0.5);
    };
    assert_eq!(with(&both), ["R1 in n (cell a), evidence 1 (gap), value: recorded 0.25, now 0.5"]);
    assert_eq!(with(&|e| e["value"] = json!(0.5)), ["R1 in n (cell a), value: recorded 0.25, now 0.5"]);
    for (field, value, words) in [
        ("statement", json!("it was so"), "statement: recorded \"it is so\", now \"it was so\""),
        ("note", json!("surprise"), "note: recorded none, now \"surprise\""),
        ("value", Value::Null, "value: recorded 0.25, now none"),
        ("threshold", json!([0.0, 1.0]), "threshold: recorded 1e-12, now [0.0,1.0]"),
    ] {
        assert_eq!(with(&|e| e[field] = value.clone()), [format!("R1 in n (cell a), {words}")]);
    }
    for (field, value) in
        [("interval", json!([0.2, 0.31])), ("seeds", json!(21)), ("verdict", json!("OPEN")), ("quantity", json!("x"))]
    {
        let found = with(&|e| e["evidence"][1][field] = value.clone());
        assert!(found.len() == 1 && found[0].contains(&format!(", {field}: recorded")), "{found:?}");
    }
    // A threshold is written, never measured: however small, it does not move unseen.
    assert_eq!(with(&|e| e["threshold"] = json!(1e-13)).len(), 1);
    assert_eq!(
        with(&|e| {
            e["evidence"].as_array_mut().unwrap().pop();
        })
        .len(),
        1
    );
}

#[test]
fn noise_is_noise_while_its_comparison_holds() {
    let value = |value: f64, verdict: &str| {
        ledger(|e| {
            e["value"] = json!(value);
            e["evidence"][0]["value"] = json!(value);
            e["evidence"][0]["verdict"] = json!(verdict);
            e["verdict"] = json!(verdict);
        })
    };
    let found = |a: (f64, &str), b: (f64, &str)| differences(&value(a.0, a.1), &value(b.0, b.1));
    assert!(found((2e-16, "HOLDS"), (-9e-14, "HOLDS")).is_empty());
    assert!(found((0.0, "HOLDS"), (5e-17, "HOLDS")).is_empty());
    // Above 1e-9, or with another outcome, it is a number like any other.
    assert_eq!(found((2e-16, "HOLDS"), (2e-9, "HOLDS")).len(), 1);
    assert_eq!(found((2e-9, "HOLDS"), (3e-9, "HOLDS")).len(), 1);
    assert_eq!(found((2e-16, "HOLDS"), (2e-12, "FAILS")).len(), 3);
}

#[test]
fn two_ledgers_are_compared_by_the_program() {
    let project = Project::new(&[]);
    let write =
        |name: &str, ledger: &[Entry]| fs::write(project.path(name), serde_json::to_string(ledger).unwrap()).unwrap();
    write("a.json", &ledger(|_| ()));
    write("b.json", &ledger(|e| e["value"] = json!(0.5)));
    let same = project.run(&["--diff", "../a.json", "../a.json"]);
    assert_eq!(same.status.code(), Some(0), "{:?}", said(&same));
    assert!(said(&same).0.contains("0 differences"));
    let other = project.run(&["--diff", "../a.json", "../b.json"]);
    assert_eq!(other.status.code(), Some(1));
    assert!(said(&other).0.contains("R1 in n (cell a), value: recorded 0.25, now 0.5"), "{:?}", said(&other));
    fs::write(project.path("c.json"), "{").unwrap();
    for missing in ["../nowhere.json", "../c.json"] {
        let none = project.run(&["--diff", "../a.json", missing]);
        assert_eq!(none.status.code(), Some(2));
        assert!(said(&none).1.contains(&missing[3..]), "{:?}", said(&none));
    }
}
