//! Between plotly's types and JSON.

use serde::Serialize;
use serde_json::Value;

/// A part of the figure as JSON.
pub(super) fn value(part: impl Serialize) -> Value {
    // Strings, numbers and lists under string keys always serialise; NaN and infinities become null.
    serde_json::to_value(part).expect("plotly's own types serialise")
}

/// Sets `a.b[2].c` in nested objects.
pub(super) fn put(layout: &mut Value, path: &str, v: Value) {
    let mut place = layout;
    for key in path.split('.') {
        // `annotations[2]` is a place in a list.
        place = match key.strip_suffix(']').and_then(|key| key.split_once('[')) {
            Some((list, i)) => &mut place[list][i.parse::<usize>().unwrap_or_default()],
            None => &mut place[key],
        };
    }
    *place = v;
}
