//! `builds.json`: how the builds of a plan in force fare. The file may be missing.

use std::collections::BTreeMap;
use std::path::Path;

use platewright_model::config::Limits;
use platewright_model::id::BuildId;
use platewright_model::replan::{BUILDS_FILE, BuildStatus};
use platewright_model::validate::{Known, validate_builds};

use super::{json, read_file};
use crate::StoreError;

/// Reads what is reported on builds; nothing if there is no file. `known` says what the plan in
/// force knows of a build.
///
/// # Errors
/// With all faults at once, if the file cannot be read, or tells of builds that the plan never
/// had, of one twice, or a status that does not exist.
pub fn read_builds(
    dir: &Path,
    limits: &Limits,
    known: &dyn Fn(&BuildId) -> Known,
) -> Result<BTreeMap<BuildId, BuildStatus>, StoreError> {
    if !dir.join(BUILDS_FILE).exists() {
        return Ok(BTreeMap::new());
    }
    read_file(dir, BUILDS_FILE, limits)
        .and_then(|bytes| json::read(BUILDS_FILE, &bytes))
        .and_then(|draft| validate_builds(&draft, known))
        .map_err(|faults| StoreError::Night { faults })
}
