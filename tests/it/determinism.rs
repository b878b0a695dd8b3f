//! The same seed and steps give the same bytes, whatever the number of threads.

use std::collections::BTreeMap;

use platewright_tests::{Kept, kept};

/// Files that may differ: the clock stands in them, or the number of threads.
const MAY_DIFFER: [&str; 2] = ["run.json", "events.ndjson"];

#[test]
fn one_thread_plans_the_same_bytes_as_two() {
    let two = kept();
    let one = Kept::plan(1);
    for table in [
        "40_builds.parquet",
        "41_placements.parquet",
        "42_unplaced.parquet",
        "50_assignments.parquet",
        "60_schedule.parquet",
        "61_deliveries.parquet",
    ] {
        assert!(two.files.contains_key(table), "{table} is not in the run");
        assert!(one.files.get(table) == two.files.get(table), "{table} differs");
    }
    let hashes = |kept: &Kept| -> BTreeMap<String, String> {
        let packages = kept.run.plan.packages.packages.iter();
        packages.map(|p| (p.file.clone(), p.sha256.clone())).collect()
    };
    assert_eq!(hashes(&one), hashes(two));
    let names = |kept: &Kept| kept.files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&one), names(two));
    for (name, bytes) in one.files.iter().filter(|(n, _)| !MAY_DIFFER.contains(&n.as_str())) {
        assert!(two.files[name] == *bytes, "{name} differs");
    }
}
