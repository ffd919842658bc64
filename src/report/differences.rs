//! How two ledgers differ: verdicts, numbers, words.

use std::path::Path;

use serde_json::{Map, Value};

use super::progress::say;
use crate::error::Result;
use crate::verdict::{Verdict, recorded as read};

/// Numbers this close, relative to the larger, are the same: kernels give the same bits everywhere, but elementary
/// functions and another order of a sum do not.
const TOLERANCE: f64 = 1e-6;

/// A measured value that stays below this in size is taken for rounding noise, as 2e-16 where 0 is expected: it may be any
/// other such value, as long as its comparison comes out the same.
const NOISE: f64 = 1e-9;

/// Which verdict: the claim, the notebook, the cell, and the how-manieth of that claim there.
type Key<'a> = (&'a str, &'a str, &'a str, usize);

/// How `new` departs from `recorded`: one sentence for each verdict that changed, vanished or is new, and for each number
/// that moved and each text that changed within a verdict.
///
/// Numbers may move by 1e-6 of their size. A measured value that was below 1e-9 in size and still is counts as rounding
/// noise where its comparison comes out as before; a threshold never does.
pub fn differences(recorded: &[Verdict], new: &[Verdict]) -> Vec<String> {
    let (recorded, new) = (keyed(recorded), keyed(new));
    let place = |key: &Key| format!("{} in {} (cell {})", key.0, key.1, key.2);
    let mut found = Vec::new();
    for (key, verdict) in &recorded {
        match new.iter().find(|(other, _)| other == key) {
            Some((_, now)) => found.extend(within(verdict, now).iter().map(|moved| format!("{}{moved}", place(key)))),
            None => found.push(format!("{}: recorded {}, now no verdict", place(key), verdict.outcome())),
        }
    }
    for (key, verdict) in &new {
        if !recorded.iter().any(|(other, _)| other == key) {
            found.push(format!("{}: not recorded, now {}", place(key), verdict.outcome()));
        }
    }
    found
}

/// Prints how the ledger `new` departs from the ledger `recorded`; `true` when it does not.
///
/// # Errors
/// A file that is not there, or is no ledger.
pub fn diff(recorded: &Path, new: &Path) -> Result<bool> {
    // For a run a ledger that is not there is an empty one; whoever names a file means one that is there.
    let (before, after) = (read(recorded)?, read(new)?);
    let found = differences(&before, &after);
    found.iter().for_each(|difference| say(&format!("{difference}\n")));
    say(&format!(
        "recorded: {} verdicts in {}; now: {} in {}; {} differences\n",
        before.len(),
        recorded.display(),
        after.len(),
        new.display(),
        found.len()
    ));
    Ok(found.is_empty())
}

fn keyed(verdicts: &[Verdict]) -> Vec<(Key<'_>, &Verdict)> {
    let mut keys: Vec<(Key, &Verdict)> = Vec::new();
    for verdict in verdicts {
        let (id, notebook, cell) = (verdict.id.as_str(), verdict.notebook.as_str(), verdict.cell.as_str());
        let nth = keys.iter().filter(|(key, _)| (key.0, key.1, key.2) == (id, notebook, cell)).count();
        keys.push(((id, notebook, cell, nth), verdict));
    }
    keys
}

/// What changed within one verdict, each with its place: `: …` or `, evidence 2 (…), value: …`.
fn within(recorded: &Verdict, new: &Verdict) -> Vec<String> {
    let (mut recorded, mut new) = (fields(recorded), fields(new));
    let (before, now) = (comparisons(&mut recorded), comparisons(&mut new));
    let mut found = Vec::new();
    for (field, words) in moved(&recorded, &new) {
        found.push(if field == "verdict" { format!(": {words}") } else { format!(", {field}: {words}") });
    }
    for (index, pair) in before.iter().zip(&now).enumerate() {
        let quantity = pair.0.get("quantity").and_then(Value::as_str).unwrap_or_default();
        for (field, words) in moved(pair.0, pair.1) {
            found.push(format!(", evidence {} ({quantity}), {field}: {words}", index + 1));
        }
    }
    if before.len() != now.len() {
        found.push(format!(", evidence: recorded {} comparisons, now {}", before.len(), now.len()));
    }
    found
}

/// A verdict as JSON without what tells which one it is.
fn fields(verdict: &Verdict) -> Map<String, Value> {
    let mut fields = match serde_json::to_value(verdict) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    fields.retain(|key, _| !matches!(key.as_str(), "id" | "notebook" | "cell"));
    fields
}

fn comparisons(fields: &mut Map<String, Value>) -> Vec<Map<String, Value>> {
    let list = fields.remove("evidence");
    list.iter().filter_map(Value::as_array).flatten().filter_map(Value::as_object).cloned().collect()
}

/// The fields that differ, in the order of their names but for the verdict, which is first; what is absent is null.
fn moved(recorded: &Map<String, Value>, new: &Map<String, Value>) -> Vec<(String, String)> {
    let names: std::collections::BTreeSet<&String> = recorded.keys().chain(new.keys()).collect();
    let same_outcome = recorded.get("verdict") == new.get("verdict");
    let mut found = Vec::new();
    for name in names {
        let (before, now) = (recorded.get(name).unwrap_or(&Value::Null), new.get(name).unwrap_or(&Value::Null));
        if !same(before, now, name == "value" && same_outcome) {
            found.push((name.clone(), format!("recorded {}, now {}", shown(before), shown(now))));
        }
    }
    found.sort_by_key(|(name, _)| name != "verdict");
    found
}

fn same(recorded: &Value, new: &Value, may_be_noise: bool) -> bool {
    match (recorded, new) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            let larger = a.abs().max(b.abs());
            (a - b).abs() <= TOLERANCE * larger || (may_be_noise && larger < NOISE)
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, may_be_noise))
        }
        _ => recorded == new,
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if matches!(text.as_str(), "HOLDS" | "FAILS" | "OPEN") => text.clone(),
        Value::Null => "none".to_owned(),
        other => other.to_string(),
    }
}
