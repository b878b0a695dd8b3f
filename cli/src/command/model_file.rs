//! Reading one model from the command line.

use std::path::Path;

use platewright_mesh::{MappedFile, TriMesh, load_part};
use platewright_model::config::{Config, DEFAULT_TOML, Limits};
use platewright_model::id::PartId;
use platewright_model::measure::LengthUnit;
use platewright_model::stage::PartRecord;

use crate::exit::Failure;

/// The committed limits.
pub(super) fn default_limits() -> Limits {
    let config: Config =
        toml::from_str(DEFAULT_TOML).expect("the committed default configuration is well-formed");
    config.limits
}

/// Opens a model file.
pub(super) fn open(path: &Path, limits: &Limits) -> Result<MappedFile, Failure> {
    MappedFile::open(path, limits).map_err(Failure::input)
}

/// Reads and inspects a model file.
pub(super) fn load(
    path: &Path,
    unit: Option<LengthUnit>,
    limits: &Limits,
) -> Result<(PartRecord, Option<TriMesh>), Failure> {
    let name = path.display().to_string();
    let file = open(path, limits)?;
    // A 3MF says its own unit.
    let unit = if is_3mf(path) { None } else { unit };
    Ok(load_part(&file, &PartId::from(name.as_str()), &name, unit, limits))
}

/// Whether a file says its own unit.
pub(super) fn is_3mf(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("3mf"))
}
