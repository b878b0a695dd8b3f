//! Problems of volume nesting and their layouts.

use std::path::Path;

use platewright_model::volume::{
    Space, Turns, VolumeLayout, VolumePart, VolumeProblem, VolumeType,
};
use serde::Deserialize;

use crate::StoreError;
use crate::instance::{open, parse, write_json};

/// An instance of open dimension packing as ESICUP's collection has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Foreign {
    #[serde(default)]
    name: String,
    container: ForeignContainer,
    item_types: Vec<ForeignItem>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ForeignContainer {
    size_x: f64,
    size_y: f64,
}

#[derive(Debug, Deserialize)]
struct ForeignItem {
    path: String,
    #[serde(default = "one")]
    demand: u32,
}

fn one() -> u32 {
    1
}

/// An instance of open dimension packing from its text: `container` with `size-x` and `size-y`, and
/// `item-types` with `path` and `demand`. Which rotations are allowed it does not say: none.
pub(crate) fn parse_foreign_volumes(path: &Path, text: &str) -> Result<VolumeProblem, StoreError> {
    let foreign: Foreign = parse(path, text)?;
    let space = Space::Open([foreign.container.size_x, foreign.container.size_y]);
    let part = |item: ForeignItem| VolumePart {
        mesh: item.path,
        copies: item.demand,
        turns: Turns::Fixed,
        ..VolumePart::default()
    };
    Ok(VolumeProblem {
        name: foreign.name,
        volumes: vec![VolumeType { space, ..VolumeType::default() }],
        parts: foreign.item_types.into_iter().filter(|item| item.demand > 0).map(part).collect(),
        ..VolumeProblem::default()
    })
}

/// Reads a layout of builds: JSON with the fields of [`VolumeLayout`].
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Json`].
pub fn read_volume_layout(path: &Path) -> Result<VolumeLayout, StoreError> {
    parse(path, &open(path)?)
}

/// Writes a layout of builds as JSON.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Encode`].
pub fn write_volume_layout(path: &Path, layout: &VolumeLayout) -> Result<(), StoreError> {
    write_json(path, layout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_instance_is_read() {
        let text = r#"{"container": {"size-x": 12, "size-y": 10.5}, "item-types": [
            {"path": "a.stl", "demand": 3}, {"path": "b.stl"}, {"path": "c.stl", "demand": 0}]}"#;
        let problem = parse_foreign_volumes(Path::new("x.json"), text).unwrap();
        assert_eq!(problem.volumes[0].space, Space::Open([12.0, 10.5]));
        let parts: Vec<_> =
            problem.parts.iter().map(|part| (part.mesh.as_str(), part.copies)).collect();
        assert_eq!(parts, [("a.stl", 3), ("b.stl", 1)]);
        let text = text.replace("size-y", "size-z");
        let error = parse_foreign_volumes(Path::new("x.json"), &text).unwrap_err().to_string();
        assert!(error.contains("size-y"), "{error}");
    }
}
