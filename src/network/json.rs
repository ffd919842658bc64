//! Networks as JSON files that a person can read.

use super::Network;
use crate::error::{Error, Result, finite};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The format of networks whose function is a power; others are written as version 2, which earlier releases read. It also
/// reads version 1, which had neither slope nor biases.
const VERSION: u32 = 3;

/// What stands in a file. Unknown fields are refused, so that nothing a later version adds is passed over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    widths: Vec<usize>,
    slope: Option<f64>,
    power: Option<usize>,
    layers: Vec<Vec<Vec<f64>>>,
    biases: Option<Vec<Vec<f64>>>,
}

impl Network {
    /// Writes the network as JSON: `version`, `widths` (d₀, …, d_L), `slope` (or `power`), `layers`, W₁ first, each a list of its
    /// rows, and `biases`, b₁ first, where there are any.
    ///
    /// [`load`](Self::load) gives the same weights to the bit.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let (net, path) = (Network::linear(&[2, 2, 1], Init::LeCun, 7)?, std::env::temp_dir().join("start.json"));
    /// net.save(&path)?;
    /// assert!(Network::load(&path)? == net);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A weight that is NaN or infinite (JSON has no such numbers), a file that cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut layers = Vec::new();
        for (k, w) in self.layers().enumerate() {
            let mut rows = Vec::new();
            for (i, row) in w.rows().into_iter().enumerate() {
                for (j, &v) in row.iter().enumerate() {
                    finite(format_args!("Network::save, W_{}[{i}, {j}]", k + 1), v)?;
                }
                rows.push(json(&row.to_vec()));
            }
            layers.push(format!("    [\n      {}\n    ]", rows.join(",\n      ")));
        }
        let mut biases = Vec::new();
        for (k, b) in (1..=self.depth()).filter_map(|k| self.bias(k).map(|b| (k, b))) {
            for (i, &v) in b.iter().enumerate() {
                finite(format_args!("Network::save, b_{k}[{i}]"), v)?;
            }
            biases.push(format!("    {}", json(&b.to_vec())));
        }
        let (widths, layers) = (json(&self.widths), layers.join(",\n"));
        let (version, function) = match self.power {
            1 => (2, format!("\"slope\": {:?}", self.slope)),
            power => (VERSION, format!("\"power\": {power}")),
        };
        let mut text = format!(
            "{{\n  \"version\": {version},\n  \"widths\": {widths},\n  {function},\n  \"layers\": [\n{layers}\n  ]"
        );
        if self.biases {
            text += &format!(",\n  \"biases\": [\n{}\n  ]", biases.join(",\n"));
        }
        text += "\n}\n";
        std::fs::write(&path, text).map_err(|e| Error::io(path, e))
    }

    /// Reads a network that [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// A file that cannot be read; with its line: text that is not JSON, a missing or unknown field, another version, a
    /// number, a slope or a power out of range, rows, widths or biases that do not fit together.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
        let refuse = |line: usize, column: Option<usize>, message: String| Error::Parse {
            path: path.display().to_string(),
            line: line as u64,
            column: column.map(|c| c.to_string()),
            message,
        };
        let file: File = serde_json::from_str(&text)
            .map_err(|e| refuse(e.line(), Some(e.column()).filter(|&c| c > 0), without_place(&e)))?;
        let line_of = |field: &str| 1 + text.lines().position(|l| l.contains(field)).unwrap_or_default();
        if !(1..=VERSION).contains(&file.version) {
            let message = format!("expected a version in 1 … {VERSION}, found {}", file.version);
            return Err(refuse(line_of("\"version\""), None, message));
        }
        let layers: Result<Vec<Array2<f64>>, String> =
            file.layers.into_iter().enumerate().map(|(k, rows)| matrix(k + 1, rows)).collect();
        let mut net = layers
            .and_then(|layers| Self::from_layers(&layers).map_err(|e| e.to_string()))
            .map_err(|message| refuse(line_of("\"layers\""), None, message))?;
        let function = (file.slope.is_some(), file.power.is_some());
        if function != (file.version == 2, file.version == 3) || (file.version == 1 && file.biases.is_some()) {
            let message =
                "expected a power in version 3, a slope in version 2, neither them nor biases in version 1".to_owned();
            return Err(refuse(line_of("\"version\""), None, message));
        }
        if let Some(slope) = file.slope {
            net = net.with_slope(slope).map_err(|e| refuse(line_of("\"slope\""), None, e.to_string()))?;
        }
        if let Some(power) = file.power {
            net = net.with_power(power).map_err(|e| refuse(line_of("\"power\""), None, e.to_string()))?;
        }
        if net.widths != file.widths {
            let message = format!("expected widths {:?} as the layers have, found {:?}", net.widths, file.widths);
            return Err(refuse(line_of("\"widths\""), None, message));
        }
        if let Some(biases) = file.biases {
            net = biased(net, &biases).map_err(|message| refuse(line_of("\"biases\""), None, message))?;
        }
        Ok(net)
    }
}

fn json(numbers: &[impl Serialize]) -> String {
    let items: Vec<String> =
        numbers.iter().map(|v| serde_json::to_string(v).expect("a finite number is always JSON")).collect();
    format!("[{}]", items.join(", "))
}

/// The parser's sentence less its own "at line … column …", which the error says already.
fn without_place(error: &serde_json::Error) -> String {
    let sentence = error.to_string();
    sentence.split(" at line ").next().unwrap_or(&sentence).to_owned()
}

/// The network with these biases, b₁ first.
fn biased(net: Network, biases: &[Vec<f64>]) -> Result<Network, String> {
    let (found, expected): (Vec<usize>, &[usize]) = (biases.iter().map(Vec::len).collect(), &net.widths[1..]);
    if found != expected {
        return Err(format!("expected biases of lengths {expected:?}, found {found:?}"));
    }
    let mut net = net.with_biases().map_err(|e| e.to_string())?;
    for (k, b) in biases.iter().enumerate() {
        let end = net.offsets[k + 1];
        net.params[end - b.len()..end].copy_from_slice(b);
    }
    Ok(net)
}

/// W_k from its rows.
fn matrix(k: usize, rows: Vec<Vec<f64>>) -> Result<Array2<f64>, String> {
    let columns = rows.first().map_or(0, Vec::len);
    if let Some((i, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != columns) {
        return Err(format!("W_{k}, row {i}: expected {columns} numbers as in row 0, found {}", row.len()));
    }
    Ok(Array2::from_shape_vec((rows.len(), columns), rows.concat()).expect("all rows have the same length"))
}
