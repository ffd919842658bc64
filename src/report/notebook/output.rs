//! Outputs of code cells. They are thrown away before a run, so none of them, however odd, may refuse a notebook.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::text::{as_lines, joined};

/// One output of a code cell.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "output_type", rename_all = "snake_case")]
pub enum Output {
    /// Lines of standard output or standard error.
    Stream {
        /// `stdout` or `stderr`.
        #[serde(default = "stdout")]
        name: String,
        /// The lines.
        #[serde(serialize_with = "as_lines", deserialize_with = "joined")]
        text: String,
    },
    /// The value of the cell's last expression, in one or more MIME types.
    ExecuteResult {
        /// The cell's number.
        execution_count: Option<u64>,
        /// MIME type to content.
        data: Map<String, Value>,
        /// Notes for the front end.
        #[serde(default)]
        metadata: Map<String, Value>,
    },
    /// The same without being the cell's value.
    DisplayData {
        /// MIME type to content.
        data: Map<String, Value>,
        /// Notes for the front end.
        #[serde(default)]
        metadata: Map<String, Value>,
    },
    /// What stopped the cell.
    Error {
        /// Its kind.
        #[serde(default)]
        ename: String,
        /// Its message.
        #[serde(default)]
        evalue: String,
        /// The full text, line by line.
        #[serde(default)]
        traceback: Vec<String>,
    },
    /// Anything else, as it came.
    #[serde(untagged)]
    Other(Value),
}

impl Output {
    /// The MIME bundle, if this output is one.
    pub fn bundle(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::ExecuteResult { data, .. } | Self::DisplayData { data, .. } => Some(data),
            Self::Other(value) => value.get("data").and_then(Value::as_object),
            Self::Stream { .. } | Self::Error { .. } => None,
        }
    }
}

fn stdout() -> String {
    "stdout".to_owned()
}

/// The outputs of a cell, whatever stands in their place.
pub(super) fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Output>>, D::Error> {
    // An output that is none of the known ones is kept as `Other`.
    let read = |value: Value| Output::deserialize(&value).unwrap_or(Output::Other(value));
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::Array(outputs) => Some(outputs.into_iter().map(read).collect()),
        other => Some(vec![read(other)]),
    })
}
