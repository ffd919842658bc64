//! Claims, verdicts and what differs.

use super::*;

/// Verdicts as a ledger has them.
fn read(list: Value) -> Vec<Verdict> {
    serde_json::from_value(list).unwrap()
}

#[test]
fn ledgers_differ_by_claim_cell_and_verdict() {
    let entry = |id: &str, cell: &str, outcome: &str| {
        let mut verdict = decided(id, outcome);
        (verdict["notebook"], verdict["cell"]) = ("n".into(), cell.into());
        verdict
    };
    let recorded = read(json!([entry("R1", "a", "HOLDS"), entry("R1", "b", "OPEN"), entry("P1", "c", "HOLDS")]));
    assert!(differences(&recorded, &recorded).is_empty());
    let new = read(json!([entry("P1", "c", "HOLDS"), entry("R1", "a", "FAILS"), entry("R2", "d", "OPEN")]));
    let found = differences(&recorded, &new);
    assert_eq!(found[0], "R1 in n (cell a): recorded HOLDS, now FAILS");
    assert_eq!(found[1], "R1 in n (cell a), evidence 1 (gap), verdict: recorded HOLDS, now FAILS");
    assert_eq!(found[2], "R1 in n (cell a), evidence 1 (gap), threshold: recorded 1.0, now 0.125");
    assert_eq!(
        found[3..],
        ["R1 in n (cell b): recorded OPEN, now no verdict", "R2 in n (cell d): not recorded, now OPEN"]
    );
}

#[test]
fn claims_and_verdicts_are_found() {
    assert_eq!(claims_in("Claims P13, P14 and P15 (Figure 1)"), ["P13", "P14", "P15"]);
    assert_eq!(claims_in("Claims S5a and S5b, S6: as printed"), ["S5a", "S5b", "S6"]);
    for none in ["The claim of R. Claim: R is 1", "Claim S5A", "Claim S5ab", "Claim Sa", "Claim 5a"] {
        assert!(claims_in(none).is_empty(), "{none}");
    }
    let notebook =
        parse(json!([prose("a", "# x\nClaim R9 in prose\n## Claim R1: $\\|W\\|$\n## Claim R1 again\n### Claim T2")]));
    assert_eq!(named(&notebook), ["R1", "T2"]);
    let shown = |value: Value| {
        let mut cell = code("c", "v");
        cell["outputs"] = json!([{ "output_type": "execute_result", "execution_count": 1, "metadata": {},
            "data": { "application/vnd.implicit-bias.verdict+json": value } }]);
        verdicts("n", &parse(json!([cell])))
    };
    let two = shown(json!([decided("P1", "HOLDS"), decided("P2", "OPEN")])).unwrap();
    assert_eq!((two.len(), two[0].notebook.as_str(), two[1].cell.as_str()), (2, "n", "c"));
    assert_eq!(shown(decided("S5a", "FAILS")).unwrap()[0].id, "S5a");
    let mut forged = decided("P1", "FAILS");
    forged["verdict"] = "HOLDS".into();
    let no_id = json!({ "source": "s", "statement": "t", "verdict": "OPEN" });
    for wrong in [json!("HOLDS"), no_id, forged, decided("P1", "MAYBE")] {
        assert!(shown(wrong.clone()).unwrap_err().to_string().starts_with("n, cell 1, verdict"), "{wrong}");
    }
}

/// A ledger of one verdict, whose three comparisons, the last a control, and fields `change` may change.
fn ledger(change: impl Fn(&mut Value)) -> Vec<Verdict> {
    let gap = json!({ "quantity": "gap", "relation": "below", "value": 0.25, "threshold": 0.5, "verdict": "HOLDS" });
    let share = json!({ "quantity": "share", "relation": "share below", "value": 0.25, "threshold": 0.125, "limit": 1e-12,
        "passed": 5, "interval": [0.2, 0.3], "seeds": 20, "verdict": "HOLDS" });
    let mut control = gap.clone();
    control["control"] = true.into();
    let mut verdict = json!({ "id": "R1", "verdict": "HOLDS", "notebook": "n", "cell": "a", "source": "s",
        "statement": "it is so", "evidence": [gap, share, control] });
    change(&mut verdict);
    read(json!([verdict]))
}

#[test]
fn numbers_that_moved_are_named_and_rounding_is_not() {
    let recorded = ledger(|_| ());
    let with = |change: &dyn Fn(&mut Value)| differences(&recorded, &ledger(change));
    assert!(with(&|_| ()).is_empty());
    // Beyond 1e-6 of the size, not within.
    assert_eq!(
        with(&|v| v["evidence"][0]["value"] = json!(0.250001)),
        ["R1 in n (cell a), evidence 1 (gap), value: recorded 0.25, now 0.250001"]
    );
    assert!(with(&|v| v["evidence"][0]["value"] = json!(0.2500001)).is_empty());
    for (field, value, words) in [
        ("statement", json!("it was so"), "statement: recorded \"it is so\", now \"it was so\""),
        ("note", json!("surprise"), "note: recorded none, now \"surprise\""),
        ("seeds", json!(7), "seeds: recorded none, now 7"),
    ] {
        assert_eq!(with(&|v| v[field] = value.clone()), [format!("R1 in n (cell a), {words}")]);
    }
    for (field, value) in [
        ("interval", json!([0.2, 0.31])),
        ("seeds", json!(21)),
        ("clusters", json!(4)),
        ("verdict", json!("OPEN")),
        ("quantity", json!("x")),
        ("threshold", json!([0.0, 1.0])),
        ("settled_after_trials", json!(true)),
        ("control", json!(true)),
    ] {
        let found = with(&|v| v["evidence"][1][field] = value.clone());
        assert!(found.len() == 1 && found[0].contains(&format!(", {field}: recorded")), "{found:?}");
    }
    // A limit is written, never measured: however small, it does not move unseen.
    assert_eq!(with(&|v| v["evidence"][1]["limit"] = json!(1e-13)).len(), 1);
    let shorter = with(&|v| {
        v["evidence"].as_array_mut().unwrap().pop();
    });
    assert_eq!(shorter, ["R1 in n (cell a), evidence: recorded 3 comparisons, now 2"]);
}

#[test]
fn noise_is_noise_while_its_comparison_holds() {
    let value = |value: f64, outcome: &str| {
        ledger(|v| {
            v["evidence"][0]["value"] = json!(value);
            v["evidence"][0]["verdict"] = json!(outcome);
            v["verdict"] = json!(outcome);
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
        |name: &str, ledger: &[Verdict]| fs::write(project.path(name), serde_json::to_string(ledger).unwrap()).unwrap();
    write("a.json", &ledger(|_| ()));
    write("b.json", &ledger(|v| v["evidence"][0]["value"] = json!(0.375)));
    write("forged.json", &ledger(|v| v["evidence"][0]["value"] = json!(0.75)));
    let same = project.run(&["--diff", "../a.json", "../a.json"]);
    assert_eq!(same.status.code(), Some(0), "{:?}", said(&same));
    assert!(said(&same).0.contains("0 differences"));
    let other = project.run(&["--diff", "../a.json", "../b.json"]);
    assert_eq!(other.status.code(), Some(1));
    let words = "R1 in n (cell a), evidence 1 (gap), value: recorded 0.25, now 0.375";
    assert!(said(&other).0.contains(words), "{:?}", said(&other));
    fs::write(project.path("c.json"), "{").unwrap();
    for missing in ["../nowhere.json", "../c.json", "../forged.json"] {
        let none = project.run(&["--diff", "../a.json", missing]);
        assert_eq!(none.status.code(), Some(2));
        assert!(said(&none).1.contains(&missing[3..]), "{:?}", said(&none));
    }
}

/// Parts are promised, decided, recorded and shown below their claim.
#[test]
fn a_claim_in_parts() {
    let heading = |claims: &str| prose("h", &format!("# Parts\n## {claims}"));
    let project = Project::new(&[
        ("a-whole", json!([heading("Claim S7"), verdict("v", "S7", "HOLDS")])),
        ("b-parts", json!([heading("Claim S5"), verdict("a", "S5a", "FAILS"), verdict("b", "S5b", "HOLDS")])),
        ("c-part", json!([heading("Claims R4b and S8"), verdict("a", "R4b", "HOLDS"), verdict("b", "S8a", "HOLDS")])),
    ]);
    let run = project.run(&[]);
    let (stdout, stderr) = said(&run);
    assert_eq!(run.status.code(), Some(1));
    let failed: Vec<&str> = stderr.lines().filter(|line| line.contains("failed: ")).collect();
    assert_eq!(failed.len(), 1, "{stderr}");
    assert!(failed[0].ends_with("c-part: a heading names claim S8, but no cell reached its verdict"), "{stderr}");
    assert!(stdout.contains("3 notebooks, 5 verdicts: 4 HOLDS, 1 FAILS, 0 OPEN"), "{stdout}");
    let ledger: Vec<Value> = serde_json::from_str(&project.read("claims.json")).unwrap();
    assert_eq!(
        ledger.iter().map(|v| v["id"].as_str().unwrap()).collect::<Vec<_>>(),
        ["R4b", "S5a", "S5b", "S7", "S8a"]
    );
    let index = project.read("index.html");
    let rows: Vec<[&str; 2]> = index
        .split("<td class=\"id\">")
        .skip(1)
        .take(9)
        .map(|row| {
            let outcome =
                ["HOLDS", "FAILS", "OPEN", "not decided"].into_iter().find(|word| row.contains(&format!(">{word}<")));
            [row.split_once('<').unwrap().0, outcome.unwrap_or_default()]
        })
        .collect();
    let expected = [
        ["R4", "OPEN"],
        ["R4a", "not decided"],
        ["R4b", "HOLDS"],
        ["S5", "FAILS"],
        ["S5a", "FAILS"],
        ["S5b", "HOLDS"],
        ["S7", "HOLDS"],
        ["S8", "OPEN"],
        ["S8a", "HOLDS"],
    ];
    assert_eq!(rows, expected);
    let tally: Vec<&str> = index.split("<ul class=\"tally\">").nth(1).unwrap().split("</span> ").skip(1).collect();
    assert!(tally[0].starts_with("1<") && tally[1].starts_with("1<") && tally[2].starts_with("2<"), "{tally:?}");
    assert!(tally[2].contains("<li>55 not tested yet"), "{tally:?}");
}

/// What the start page says of controls and of thresholds that were settled late.
#[test]
fn controls_and_late_thresholds_are_on_the_start_page() {
    let mime = "application/vnd.implicit-bias.verdict+json";
    let shown = |id: &str, verdict: &Verdict| shows(id, mime, &serde_json::to_string(verdict).unwrap());
    let good = |id: &str| Verdict::of(id).unwrap().below("gap", 0.25, 1.0).unwrap();
    let late = good("R1").settled_after_trials().unwrap().above("seen", 2.0, 1.0).unwrap().control().unwrap();
    let blind = good("R2").above("seen", 0.5, 1.0).unwrap().control().unwrap();
    let project = Project::new(&[("one", json!([shown("a", &late), shown("b", &blind), shown("c", &good("R3"))]))]);
    let run = project.run(&[]);
    assert_eq!(run.status.code(), Some(0), "{:?}", said(&run));
    let index = project.read("index.html");
    let rows: Vec<&str> = index.split("<td class=\"id\">").skip(1).collect();
    let says = |row: &str| {
        ["settled after trials", "its control holds", "a control does not hold", "control: seen"]
            .map(|words| row.contains(words))
    };
    assert_eq!(says(rows[0]), [true, true, false, false], "{}", rows[0]);
    assert_eq!(says(rows[1]), [false, false, true, true], "{}", rows[1]);
    assert_eq!(says(rows[2]), [false; 4], "{}", rows[2]);
    assert!(rows[0].contains(">HOLDS<") && rows[1].contains(">OPEN<") && rows[2].contains(">HOLDS<"));
}
