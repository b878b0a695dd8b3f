//! Published instances of strip packing, where the data are there.

use std::path::PathBuf;

use platewright_check::check_strip;
use platewright_model::run::RunContext;
use platewright_nesting::nest_strip;
use platewright_store::read_strip;

use crate::workspace;

/// Density that the first layout of every instance has at least.
const FIRST: f64 = 0.45;
/// Iterations of each search.
const ITERATIONS: u64 = 400;

fn instances() -> Option<Vec<PathBuf>> {
    let data = std::env::var_os("PLATEWRIGHT_DATA")
        .map_or_else(|| workspace::root().join("../shared/data"), PathBuf::from);
    let folder = std::fs::read_dir(data.join("strip-2d")).ok()?;
    let paths = folder.map(|entry| entry.expect("the folder can be listed").path());
    // Outlines of a thousand corners take too long to be prepared for a test.
    let quick = |path: &PathBuf| path.metadata().is_ok_and(|file| file.len() < 100_000);
    let mut paths: Vec<PathBuf> = paths.filter(quick).collect();
    paths.sort();
    Some(paths)
}

#[test]
fn published_instances_are_laid_out_without_overlap() {
    let Some(instances) = instances() else {
        eprintln!("skipped: no strip-2d in $PLATEWRIGHT_DATA or ../shared/data");
        return;
    };
    assert!(instances.len() >= 13, "{}", instances.len());
    for path in instances {
        let problem = read_strip(&path).expect("a published instance can be read");
        let ctx = RunContext::with_iterations(1, ITERATIONS);
        let nest = nest_strip(&problem, &ctx).expect("a published instance is of use");
        assert_eq!(check_strip(&problem, &nest.layout), [], "{}", path.display());
        let first = problem.density(nest.trace[0].objective);
        let last = problem.density(nest.layout.length);
        assert!(first > FIRST && last >= first, "{}: {first} {last}", path.display());
    }
}
