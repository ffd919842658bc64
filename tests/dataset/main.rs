//! Generators against what is known of them in closed form, files against what was written.

mod changed;
mod csv;
mod generators;
mod refused;
mod separable;
mod shown;

use implicit_bias::prelude::*;

fn norm(x: ArrayView1<f64>) -> f64 {
    x.dot(&x).sqrt()
}

fn longest(x: ArrayView2<f64>) -> f64 {
    x.rows().into_iter().map(norm).fold(0.0, f64::max)
}

fn written(text: impl AsRef<[u8]>) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("points.csv");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}
