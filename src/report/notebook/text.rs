//! nbformat lets any text be a string or a list of lines.

use serde::{Deserialize, Deserializer, Serializer};
use serde_json::Value;

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    One(String),
    Lines(Vec<String>),
}

pub(super) fn joined<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Text::deserialize(deserializer)
        .map(|text| match text {
            Text::One(text) => text,
            Text::Lines(lines) => lines.concat(),
        })
        .map_err(|_| serde::de::Error::custom("expected text: a string or a list of strings"))
}

pub(super) fn as_lines<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(text.split_inclusive('\n'))
}

/// The text of a MIME entry, which may be a string or a list of lines.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => lines.iter().map(Value::as_str).collect(),
        _ => None,
    }
}
