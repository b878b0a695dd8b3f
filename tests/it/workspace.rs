//! The files of the repository.

use std::path::{Path, PathBuf};

/// Root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("crates lie below the root").to_owned()
}

/// Names and manifests of all crates.
pub(crate) fn manifests() -> Vec<(String, toml::Table)> {
    let root: toml::Table = read(&root().join("Cargo.toml"));
    let members = root["workspace"]["members"].as_array().expect("the workspace lists members");
    members
        .iter()
        .map(|member| {
            let name = member.as_str().expect("members are names").to_owned();
            let manifest = read(&self::root().join(&name).join("Cargo.toml"));
            (name, manifest)
        })
        .collect()
}

/// Every Rust file of the repository, by path below the root.
pub(crate) fn rust_files() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for (name, _) in manifests() {
        collect(&root().join(name), &mut files);
    }
    files.sort();
    files
}

fn collect(dir: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(dir).expect("folders of the repository can be listed") {
        let path = entry.expect("folders of the repository can be listed").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).expect("sources are text");
            files.push((path, text));
        }
    }
}

fn read(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).expect("every crate has a manifest");
    text.parse().expect("manifests are TOML")
}
