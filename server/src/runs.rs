//! The runs of a folder. Names come from listing it, never from a request: a request can only
//! choose among what is there.

use std::path::{Path, PathBuf};

/// Names of the run folders below `dir`, sorted.
pub(crate) fn names(dir: &Path) -> Vec<String> {
    listed(dir, |path| path.join("run.json").is_file())
}

/// The folder of the run with a name, if there is one.
pub(crate) fn folder(dir: &Path, name: &str) -> Option<PathBuf> {
    names(dir).iter().any(|n| n == name).then(|| dir.join(name))
}

/// The package with a file name of a run, if there is one.
pub(crate) fn package(run: &Path, file: &str) -> Option<PathBuf> {
    let packages = run.join("80_packages");
    let zip = |path: &Path| path.is_file() && path.extension().is_some_and(|e| e == "zip");
    listed(&packages, zip).iter().any(|f| f == file).then(|| packages.join(file))
}

fn listed(dir: &Path, keep: impl Fn(&Path) -> bool) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| keep(&entry.path()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}
