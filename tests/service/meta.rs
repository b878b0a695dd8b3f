//! What the service says of itself.

use std::path::Path;

use serde_json::Value;

use crate::world::World;

/// All Rust sources below a folder, as one text.
fn sources(dir: &Path, all: &mut String) {
    for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" && name != ".git" {
            sources(&path, all);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn conformance_names_tests_that_are_there() {
    let world = World::new().await;
    let told = world.buyer().get("/v1/conformance").await.ok();
    let rows = told.body.as_array().unwrap();
    let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids, (1..=45).map(|k| format!("R{k:02}")).collect::<Vec<_>>());
    let mut all = String::new();
    sources(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap(), &mut all);
    for row in rows {
        let tests = row["tests"].as_array().unwrap();
        assert_eq!(row["state"] == "implemented", !tests.is_empty(), "{row}");
        for test in tests.iter().filter_map(Value::as_str) {
            assert!(
                all.contains(&format!("fn {test}()")),
                "{test}, of {}, is not there",
                row["id"]
            );
        }
    }
}

#[test]
fn the_committed_document_is_the_present_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let path = root.join("schemas/openapi.json");
    let present = platewright_server::document();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &present).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == present, "schemas/openapi.json is old: UPDATE_GOLDEN=1 rewrites it");
}
