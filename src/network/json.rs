//! Networks as JSON files that a person can read.

use super::{Activation, Layer, Network};
use crate::error::{Error, Result, finite};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The format of networks whose layers differ, or whose output is scaled or centred. Others are written in an older one, which
/// earlier releases read: version 3 has one power, version 2 one slope, version 1, which is only read, neither slope nor biases.
const VERSION: u32 = 4;

/// What stands in a file. Unknown fields are refused, so that nothing a later version adds is passed over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    widths: Vec<usize>,
    slope: Option<f64>,
    power: Option<usize>,
    functions: Option<Vec<Function>>,
    scale: Option<f64>,
    layers: Vec<Vec<Vec<f64>>>,
    biases: Option<Vec<Option<Vec<f64>>>>,
    centre: Option<Vec<f64>>,
}

/// The function behind a hidden layer.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Function {
    Slope(f64),
    Power(u32),
}

impl From<Activation> for Function {
    fn from(function: Activation) -> Self {
        match function {
            Activation::Identity => Self::Slope(1.0),
            Activation::Rectified(m) => Self::Slope(m),
            Activation::Power(p) => Self::Power(p),
        }
    }
}

impl From<Function> for Activation {
    fn from(function: Function) -> Self {
        match function {
            Function::Slope(m) => Self::Rectified(m),
            Function::Power(p) => Self::Power(p),
        }
    }
}

impl File {
    /// What the version says and the fields do not, or the reverse.
    fn check(&self) -> Result<(), String> {
        if !(1..=VERSION).contains(&self.version) {
            return Err(format!("expected a version in 1 … {VERSION}, found {}", self.version));
        }
        let functions = (self.slope.is_some(), self.power.is_some(), self.functions.is_some());
        let (v, one, changed) = (self.version, self.version == 1, self.scale.is_some() || self.centre.is_some());
        if functions == (v == 2, v == 3, v == 4) && !(one && self.biases.is_some()) && !(v < 4 && changed) {
            return Ok(());
        }
        Err("expected functions in version 4 (alone with a scale or a centre), a power in version 3, a slope in version 2, \
             neither them nor biases in version 1"
            .to_owned())
    }
}

impl Network {
    /// Writes the network as JSON: `version`, `widths` (d₀, …, d_L), `slope` (or `power`), `layers`, W₁ first, each a list of its
    /// rows, and `biases`, b₁ first, where there are any. Where the layers differ, `functions` has one for each hidden layer and
    /// `biases` null for a layer without; `scale` and `centre` (the fixed weights, laid out as [`params`](Self::params)) follow where
    /// the output is scaled or centred.
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
        for k in 1..=self.depth() {
            for (i, &v) in self.bias(k).iter().flatten().enumerate() {
                finite(format_args!("Network::save, b_{k}[{i}]"), v)?;
            }
            biases.push(self.bias(k).map_or("    null".to_owned(), |b| format!("    {}", json(&b.to_vec()))));
        }
        let alike = self.architecture.iter().all(|layer| layer.bias == self.has_biases());
        let plain = alike && self.scale == 1.0 && self.centre.is_none();
        let (version, function) = match self.shared_activation() {
            Some(Activation::Power(power)) if plain => (3, format!("\"power\": {power}")),
            Some(function) if plain => (2, format!("\"slope\": {:?}", function.slope().unwrap_or(1.0))),
            _ => {
                let hidden = &self.architecture[..self.depth() - 1];
                let functions: Vec<Function> = hidden.iter().map(|layer| layer.then.into()).collect();
                let scale = if self.scale == 1.0 { String::new() } else { format!(",\n  \"scale\": {:?}", self.scale) };
                (VERSION, format!("\"functions\": {}{scale}", json(&functions)))
            }
        };
        let (widths, layers) = (json(&self.widths), layers.join(",\n"));
        let mut text = format!(
            "{{\n  \"version\": {version},\n  \"widths\": {widths},\n  {function},\n  \"layers\": [\n{layers}\n  ]"
        );
        if self.has_biases() {
            text += &format!(",\n  \"biases\": [\n{}\n  ]", biases.join(",\n"));
        }
        if let Some(centre) = self.centre() {
            for (i, &v) in centre.iter().enumerate() {
                finite(format_args!("Network::save, centre[{i}]"), v)?;
            }
            text += &format!(",\n  \"centre\": {}", json(centre));
        }
        text += "\n}\n";
        std::fs::write(&path, text).map_err(|e| Error::io(path, format_args!("Network::save: {e}")))
    }

    /// Reads a network that [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// A file that cannot be read; with its line: text that is not JSON, a missing or unknown field, another version, a
    /// number, a slope or a power out of range, rows, widths, functions, biases or a centre that do not fit together.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, format_args!("Network::load: {e}")))?;
        let refuse = |line: usize, column: Option<usize>, message: String| Error::Parse {
            path: path.display().to_string(),
            line: line as u64,
            column: column.map(|c| c.to_string()),
            message: format!("Network::load: {message}"),
        };
        let file: File = serde_json::from_str(&text)
            .map_err(|e| refuse(e.line(), Some(e.column()).filter(|&c| c > 0), without_place(&e)))?;
        let line_of = |field: &str| 1 + text.lines().position(|l| l.contains(field)).unwrap_or_default();
        let at = |field: &str| {
            let line = line_of(&format!("\"{field}\""));
            move |message: String| refuse(line, None, message)
        };
        file.check().map_err(at("version"))?;
        let mut net = Self::try_from(file.layers).map_err(|e| at("layers")(e.to_string()))?;
        if let Some(slope) = file.slope {
            net = net.with_slope(slope).map_err(|e| at("slope")(e.to_string()))?;
        }
        if let Some(power) = file.power {
            net = net.with_power(power).map_err(|e| at("power")(e.to_string()))?;
        }
        if let Some(functions) = file.functions {
            net = net.with_functions(&functions).map_err(at("functions"))?;
        }
        if net.widths != file.widths {
            let message = format!("expected widths {:?} as the layers have, found {:?}", net.widths, file.widths);
            return Err(at("widths")(message));
        }
        if let Some(biases) = file.biases {
            net = net.biased(&biases, file.version).map_err(at("biases"))?;
        }
        if let Some(scale) = file.scale {
            net = net.with_scale(scale).map_err(|e| at("scale")(e.to_string()))?;
        }
        if let Some(centre) = file.centre {
            if centre.len() != net.params.len() {
                let message = format!("expected a centre of {} weights, found {}", net.params.len(), centre.len());
                return Err(at("centre")(message));
            }
            net.centre = Some(centre.into());
        }
        Ok(net)
    }

    /// The same weights with these functions behind the hidden layers.
    fn with_functions(mut self, functions: &[Function]) -> Result<Self, String> {
        if functions.len() + 1 != self.depth() {
            let expected = self.depth() - 1;
            return Err(format!("expected a function for each of {expected} hidden layers, found {}", functions.len()));
        }
        for (layer, function) in self.architecture.iter_mut().zip(functions) {
            layer.then = Activation::from(*function).checked().map_err(|e| e.to_string())?;
        }
        Ok(self)
    }

    /// The same weights with these biases, b₁ first; layers without one only from version 4 on.
    fn biased(self, biases: &[Option<Vec<f64>>], version: u32) -> Result<Self, String> {
        let expected = &self.widths[1..];
        let fits = |(b, width): (&Option<Vec<f64>>, &usize)| b.as_ref().map_or(version >= 4, |b| b.len() == *width);
        if biases.len() != expected.len() || !biases.iter().zip(expected).all(fits) {
            let found: Vec<usize> = biases.iter().map(|b| b.as_ref().map_or(0, Vec::len)).collect();
            return Err(format!("expected biases of lengths {expected:?}, found {found:?}"));
        }
        let layers: Vec<Layer> =
            self.architecture.iter().zip(biases).map(|(layer, b)| Layer { bias: b.is_some(), ..*layer }).collect();
        let mut net = Self::zeros(self.widths.clone(), layers).map_err(|e| e.to_string())?;
        net.params = self.moved(&self.params, &net);
        for (k, b) in biases.iter().enumerate() {
            let (b, end) = (b.as_deref().unwrap_or_default(), net.offsets[k + 1]);
            net.params[end - b.len()..end].copy_from_slice(b);
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
