//! JSON Schemas (2020-12) of the files of a night, of what centres post back and of what
//! `inspect` prints, generated from the types.

use platewright_model::actuals::ActualsDraft;
use platewright_model::draft::{CatalogueDraft, CentresDraft, OrdersDraft};
use platewright_model::replan::BuildsDraft;
use platewright_model::stage::PartRecord;

/// The schemas: name of the file under `schemas/`, and its text.
pub fn schemas() -> Vec<(String, String)> {
    [
        ("orders", schemars::schema_for!(OrdersDraft)),
        ("catalogue", schemars::schema_for!(CatalogueDraft)),
        ("centres", schemars::schema_for!(CentresDraft)),
        ("builds", schemars::schema_for!(BuildsDraft)),
        ("actuals", schemars::schema_for!(ActualsDraft)),
        ("inspection", schemars::schema_for!(Vec<PartRecord>)),
    ]
    .into_iter()
    .map(|(name, schema)| {
        let text = format!("{:#}\n", schema.to_value());
        (format!("{name}.schema.json"), text)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn committed_schemas_are_those_of_the_types() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
        for (name, text) in super::schemas() {
            let path = folder.join(&name);
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, &text).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                committed == text,
                "schemas/{name} is not what the types say: run the test with UPDATE_GOLDEN=1"
            );
        }
    }
}
