//! The project around the notebooks: its folder, its notebooks in reading order, and whether anything changed.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::notebook::{CellType, Notebook};
use super::{files, inputs};
use crate::error::{Error, Result};

/// Where everything is.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    /// The folder that holds `notebooks/`.
    pub root: PathBuf,
    /// The hash of what all notebooks depend on, taken once.
    inputs: OnceLock<u64>,
}

impl Project {
    /// The nearest folder, from `start` upwards, that holds `notebooks`; else the package that cargo runs.
    pub(crate) fn find(start: &Path) -> Result<Self> {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let holds = |folder: &&Path| folder.join("notebooks").is_dir();
        let root = start.ancestors().find(holds).or_else(|| package.as_deref().filter(holds));
        let root = root.ok_or_else(|| {
            Error::argument(
                "cargo notebooks",
                "a folder `notebooks` here or above",
                format!("none above {}", start.display()),
            )
        })?;
        Ok(Self { root: root.to_owned(), inputs: OnceLock::new() })
    }

    /// The notebooks of the project in reading order: report, paper, slides, thesis, others; by name and number within.
    pub(crate) fn notebooks(&self) -> Result<Vec<PathBuf>> {
        let folder = self.root.join("notebooks");
        let entries = std::fs::read_dir(&folder).map_err(|error| Error::io(&folder, error))?;
        let mut found: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| is_notebook(path)).collect();
        found.sort_by_key(|path| reading_order(&name_of(path)));
        Ok(found)
    }

    /// The notebooks that `wanted` names by path, by name or by the beginning of a name; all when it names none.
    pub(crate) fn select(&self, wanted: &[String], here: &Path) -> Result<Vec<PathBuf>> {
        let all = self.notebooks()?;
        if wanted.is_empty() {
            if all.is_empty() {
                return Err(Error::argument(self.root.join("notebooks").display(), "at least one .ipynb", "none"));
            }
            return Ok(all);
        }
        let mut chosen: Vec<PathBuf> = Vec::new();
        for want in wanted {
            let stem = want.strip_suffix(".ipynb").unwrap_or(want);
            let by_path = Some(here.join(want)).filter(|path| path.is_file() && is_notebook(path));
            let by_path =
                by_path.map(|path| path.canonicalize().map_err(|error| Error::io(&path, error))).transpose()?;
            // The project's own path for what is one of its notebooks; another with such a name would take that one's place.
            let own = |path: PathBuf| {
                all.iter().find(|own| own.canonicalize().is_ok_and(|own| own == path)).cloned().unwrap_or(path)
            };
            let by_path = by_path.map(own);
            let exact = || all.iter().find(|path| name_of(path) == stem).cloned();
            let mut paths: Vec<PathBuf> = by_path.or_else(exact).into_iter().collect();
            if paths.is_empty() {
                paths.extend(all.iter().filter(|path| name_of(path).starts_with(stem)).cloned());
            }
            if paths.is_empty() {
                let names: Vec<String> = all.iter().map(|path| name_of(path)).collect();
                let expected = format!("a path, a name or the beginning of one of: {}", names.join(", "));
                return Err(Error::argument("cargo notebooks", expected, format!("`{want}`")));
            }
            for path in paths {
                let mut others = chosen.iter().chain(&all);
                if let Some(other) = others.find(|other| **other != path && name_of(other) == name_of(&path)) {
                    let both = format!("{} and {}", other.display(), path.display());
                    return Err(Error::argument("cargo notebooks", "notebooks with different names", both));
                }
                if !chosen.contains(&path) {
                    chosen.push(path);
                }
            }
        }
        Ok(chosen)
    }

    /// A number that changes with everything a run depends on: the cells, the crate, the kernel's set-up, rustc, and the files that the
    /// cells name.
    pub(crate) fn fingerprint(&self, notebook: &Notebook, path: &Path, rustc: &str) -> String {
        let mut hasher = DefaultHasher::new();
        self.built(rustc).hash(&mut hasher);
        for cell in &notebook.cells {
            let relevant = cell.cell_type != CellType::Raw;
            (relevant, cell.cell_type == CellType::Code, &cell.id, cell.source.trim()).hash(&mut hasher);
            cell.tags().for_each(|tag| tag.hash(&mut hasher));
        }
        files::bytes_or_empty(&path.with_file_name("evcxr.toml")).hash(&mut hasher);
        for file in inputs::named(notebook, &self.root.join("data"), path.parent().unwrap_or(Path::new("."))) {
            (file.strip_prefix(&self.root).unwrap_or(&file), files::bytes_or_empty(&file)).hash(&mut hasher);
        }
        format!("{:016x}", hasher.finish())
    }

    /// A number that changes with what the kernels build: the crate and rustc.
    pub(crate) fn built(&self, rustc: &str) -> String {
        let inputs = self.inputs.get_or_init(|| self.hash_inputs());
        let mut hasher = DefaultHasher::new();
        (rustc, env!("CARGO_PKG_VERSION"), inputs).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }

    /// The crate; the runner has no part in what a cell computes.
    fn hash_inputs(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let runner = [self.root.join("src/report"), self.root.join("src/bin")];
        let folders = ["Cargo.toml", "src"].map(|name| files::below(&self.root.join(name)));
        for file in folders.iter().flatten().filter(|file| !runner.iter().any(|skip| file.starts_with(skip))) {
            (file.strip_prefix(&self.root).unwrap_or(file), files::bytes_or_empty(file)).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// The recorded ledger.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.root.join("data/claims.json")
    }

    /// Where this runner's kernels keep what they compile, a folder each.
    pub(crate) fn kernel_folder(&self) -> PathBuf {
        self.root.join("target/evcxr")
    }
}

/// The notebook's name: its file name without `.ipynb`.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Hidden files, such as the `._x.ipynb` that macOS leaves on other disks, are none.
fn is_notebook(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    !hidden && path.extension().is_some_and(|extension| extension == "ipynb")
}

/// Source by source, then by words, numbers counted as numbers.
fn reading_order(name: &str) -> (usize, Vec<(u64, String)>) {
    let sources = ["report", "paper", "slides", "thesis"];
    let source = sources.iter().position(|source| name.starts_with(source)).unwrap_or(sources.len());
    let words = name.split(['-', '.', '_']).map(|word| match word.parse() {
        Ok(number) => (number, String::new()),
        Err(_) => (0, word.to_owned()),
    });
    (source, words.collect())
}
