//! Which crate may use which: the table of ARCHITECTURE.md, enforced.

use std::collections::BTreeMap;

use crate::workspace;

/// Crate → crates of ours it may depend on (`dev` only in tests).
const MAY_USE: &[(&str, &[&str], &[&str])] = &[
    ("model", &[], &[]),
    ("mesh", &["model"], &[]),
    ("nesting", &["model", "mesh"], &["datasets", "check"]),
    ("solver", &["model"], &[]),
    ("slicer", &["model", "mesh"], &["datasets"]),
    ("check", &["model", "mesh"], &[]),
    ("store", &["model"], &[]),
    ("report", &["model", "mesh"], &[]),
    ("datasets", &["model", "mesh"], &["slicer", "check"]),
    (
        "pipeline",
        &["model", "mesh", "nesting", "solver", "slicer", "check", "store", "report"],
        &["datasets"],
    ),
    ("server", &["model", "solver", "store", "pipeline"], &[]),
];

/// Packages with one home each.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("parquet", &["store"]),
    ("arrow", &["store"]),
    ("good_lp", &["solver"]),
    ("highs", &["solver"]),
    ("petgraph", &["solver"]),
    ("jagua-rs", &["nesting"]),
    ("axum", &["server"]),
    ("sqlx", &["server"]),
    ("clap", &["cli"]),
    ("criterion", &["benches"]),
    ("png", &["report", "slicer"]),
];

#[test]
fn crates_use_only_what_the_table_allows() {
    let table: BTreeMap<_, _> =
        MAY_USE.iter().map(|(name, normal, dev)| (*name, (*normal, *dev))).collect();
    for (name, manifest) in workspace::manifests() {
        let Some((normal, dev)) = table.get(name.as_str()) else {
            assert!(
                ["cli", "benches", "tests"].contains(&name.as_str()),
                "{name} is not in the table"
            );
            continue;
        };
        for used in ours(&manifest, "dependencies") {
            assert!(normal.contains(&used.as_str()), "{name} must not use {used}");
        }
        for used in ours(&manifest, "dev-dependencies") {
            let allowed = normal.contains(&used.as_str()) || dev.contains(&used.as_str());
            assert!(allowed, "{name}'s tests must not use {used}");
        }
    }
}

#[test]
fn heavy_packages_stay_in_their_crates() {
    for (name, manifest) in workspace::manifests() {
        for (package, homes) in ONLY_IN {
            let used = ["dependencies", "dev-dependencies"]
                .iter()
                .any(|section| manifest.get(*section).is_some_and(|d| d.get(package).is_some()));
            assert!(!used || homes.contains(&name.as_str()), "{name} must not use {package}");
        }
    }
}

fn ours(manifest: &toml::Table, section: &str) -> Vec<String> {
    let Some(dependencies) = manifest.get(section).and_then(toml::Value::as_table) else {
        return Vec::new();
    };
    dependencies.keys().filter_map(|k| k.strip_prefix("platewright-")).map(str::to_owned).collect()
}
