//! The files on which a notebook's run depends, as far as its cells tell.

use std::path::{Path, PathBuf};

use super::files;
use super::notebook::{CellType, Notebook};

/// The files of `data` and of the notebook's `folder` that the cells name, by their own name or by that of a folder they are in, and the
/// crates that `:dep` lines import by their path.
///
/// Where a path is put together at run time, all that it may lead to counts.
pub(crate) fn named(notebook: &Notebook, data: &Path, folder: &Path) -> Vec<PathBuf> {
    let text = |kind: CellType| -> String {
        let cells = notebook.cells.iter().filter(|cell| cell.cell_type == kind);
        cells.flat_map(|cell| [cell.source.as_str(), "\n"]).collect()
    };
    let (code, prose) = (text(CellType::Code), text(CellType::Markdown));
    let is_named = |file: &PathBuf, root: &Path| {
        let inside = file.strip_prefix(root).unwrap_or(file);
        let names = inside.iter().filter_map(|part| part.to_str());
        names.enumerate().any(|(depth, name)| {
            let is_file = depth + 1 == inside.iter().count();
            // A file without an ending, such as `stop`, is called like a word of the code.
            let sought = if is_file { name.to_owned() } else { format!("{name}/") };
            (!is_file || name.contains('.')) && (mentions(&code, &sought) || mentions(&prose, &sought))
        })
    };
    let mut found: Vec<PathBuf> = files::below(data).into_iter().filter(|file| !is_unfinished(file)).collect();
    if !leads_anywhere(&code, data) {
        found.retain(|file| is_named(file, data));
    }
    let built_at_run_time = |file: &PathBuf| ending(file).is_some_and(|kind| code.contains(&format!("}}.{kind}\"")));
    let beside = beside(folder).into_iter().filter(|file| !file.starts_with(data) && !is_unfinished(file));
    found.extend(beside.filter(|file| is_named(file, folder) || built_at_run_time(file)));
    for path in imported(&code).map(|path| folder.join(path)) {
        found.extend(files::below(&path.join("src")));
        found.push(path.join("Cargo.toml"));
    }
    found
}

/// The files in the folder, and those below its folders, as far as they belong to notebooks.
fn beside(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == "target" || path.is_symlink() && path.is_dir() {
            continue;
        }
        if path.is_dir() {
            found.extend(files::below(&path));
        } else if ending(&path) != Some("ipynb") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Whether the code has a path into `data` that does not end at something there.
fn leads_anywhere(code: &str, data: &Path) -> bool {
    code.match_indices("/data").any(|(at, word)| {
        let rest = &code[at + word.len()..];
        let path: String = rest.chars().skip(1).take_while(|c| c.is_alphanumeric() || "-_./ ".contains(*c)).collect();
        let path = path.trim_end_matches(['.', ' ']);
        rest.starts_with('"') || rest.starts_with('/') && (path.is_empty() || !data.join(path).exists())
    })
}

/// The paths of `:dep NAME = { path = "…" }`.
fn imported(code: &str) -> impl Iterator<Item = &str> {
    let lines = code.lines().filter(|line| line.trim_start().starts_with(":dep"));
    lines.filter_map(|line| line.split_once("path")?.1.split('"').nth(1))
}

/// Whether `text` has `name`, and not as a part of a longer one.
fn mentions(text: &str, name: &str) -> bool {
    let of_a_name = |c: char| c.is_alphanumeric() || "_-".contains(c);
    text.match_indices(name).any(|(at, _)| {
        let after = text[at + name.len()..].chars().next();
        !text[..at].ends_with(of_a_name) && (name.ends_with('/') || !after.is_some_and(of_a_name))
    })
}

/// What a study leaves while it is being recorded is nobody's input.
fn is_unfinished(file: &Path) -> bool {
    matches!(ending(file), Some("part" | "new"))
}

fn ending(file: &Path) -> Option<&str> {
    file.extension().and_then(|extension| extension.to_str())
}
