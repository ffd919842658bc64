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
    let new = [entry("P1", "c", "HOLDS", 2.0), entry("R1", "a", "FAILS", 1.0), entry("R2", "d", "OPEN", 1.0)];
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
