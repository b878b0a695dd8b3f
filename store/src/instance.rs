//! Instances of nesting, told apart by what their files have.

use std::path::Path;

use platewright_model::boxes::BoxProblem;
use platewright_model::plate::PlateProblem;
use platewright_model::strip::StripProblem;
use platewright_model::volume::VolumeProblem;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::boxes::parse_thpack;
use crate::disk::write_atomic;
use crate::plate::parse_plates;
use crate::strip::parse_strip;
use crate::volume::parse_foreign_volumes;

/// Largest file that is read, bytes.
const BYTES_MAX: u64 = 64 << 20;

/// Something to nest, as its file says.
#[derive(Clone, Debug, PartialEq)]
pub enum Instance {
    /// A strip as short as possible: the file has `strip_height`.
    Strip(StripProblem),
    /// As few plates as possible: the file has `plates`.
    Plates(PlateProblem),
    /// Solids in as few and low builds as possible: the file has `volumes`, or a `container` and
    /// `item-types` with paths of meshes.
    Volumes(VolumeProblem),
    /// Boxes in containers: the file has `boxes`, or is text as of the OR-Library (thpack).
    Boxes(BoxProblem),
}

/// Reads an instance of nesting. Of a file with several, `number` says which, from 1 on.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Json`].
pub fn read_instance(path: &Path, number: usize) -> Result<Instance, StoreError> {
    #[derive(Deserialize)]
    struct Kind {
        plates: Option<IgnoredAny>,
        strip_height: Option<IgnoredAny>,
        volumes: Option<IgnoredAny>,
        boxes: Option<IgnoredAny>,
        #[serde(rename = "item-types")]
        item_types: Option<IgnoredAny>,
    }
    let text = open(path)?;
    if text.trim_start().starts_with(|first: char| first.is_ascii_digit()) {
        return parse_thpack(path, &text, number).map(Instance::Boxes);
    }
    let unknown = |reason: String| StoreError::Json { path: path.to_owned(), reason };
    let kind: Kind = parse(path, &text)?;
    if number != 1 {
        return Err(unknown(format!("it holds one instance, there is no number {number}")));
    }
    if kind.plates.is_some() {
        parse_plates(path, &text).map(Instance::Plates)
    } else if kind.strip_height.is_some() {
        parse_strip(path, &text).map(Instance::Strip)
    } else if kind.volumes.is_some() {
        parse(path, &text).map(Instance::Volumes)
    } else if kind.boxes.is_some() {
        parse(path, &text).map(Instance::Boxes)
    } else if kind.item_types.is_some() {
        parse_foreign_volumes(path, &text).map(Instance::Volumes)
    } else {
        let fields = "plates, strip_height, volumes, boxes and item-types";
        Err(unknown(format!("it has none of {fields}, so it is no instance")))
    }
}

/// The text of an instance or a layout.
pub(crate) fn open(path: &Path) -> Result<String, StoreError> {
    let io = |source| StoreError::Io { action: "read", path: path.to_owned(), source };
    let bytes = std::fs::metadata(path).map_err(io)?.len();
    if bytes > BYTES_MAX {
        let reason = format!("{bytes} bytes are more than an instance has ({BYTES_MAX})");
        return Err(StoreError::Json { path: path.to_owned(), reason });
    }
    std::fs::read_to_string(path).map_err(io)
}

pub(crate) fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, StoreError> {
    let json =
        |e: serde_json::Error| StoreError::Json { path: path.to_owned(), reason: e.to_string() };
    serde_json::from_str(text).map_err(json)
}

/// Writes something as JSON for people; read back, it is the same to the last bit.
pub(crate) fn write_json(path: &Path, content: &impl Serialize) -> Result<(), StoreError> {
    let encode =
        |e: serde_json::Error| StoreError::Encode { path: path.to_owned(), reason: e.to_string() };
    let mut bytes = serde_json::to_vec_pretty(content).map_err(encode)?;
    bytes.push(b'\n');
    write_atomic(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_are_told_apart_by_what_they_have() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.json");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            read_instance(&path, 1)
        };
        let strip = read(r#"{"strip_height": 4, "items": []}"#);
        assert!(matches!(strip, Ok(Instance::Strip(strip)) if strip.height == 4.0));
        for text in ["{}", "[]", r#"{"plates": 3}"#, r#"{"strip_height": 3}"#, "{"] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains("E1002"), "{text}: {error}");
        }
        let error = read("{}").unwrap_err().to_string();
        assert!(error.contains("plates") && error.contains("strip_height"), "{error}");
        let boxes = read(r#"{"container": [3, 4, 5], "boxes": [{"size": [1, 2, 3]}]}"#);
        assert!(matches!(boxes, Ok(Instance::Boxes(boxes)) if boxes.boxes[0].copies == 1));
        let volumes = r#"{"volumes": [{"space": {"open": [90, 80]}}], "parts": []}"#;
        assert!(matches!(read(volumes), Ok(Instance::Volumes(given)) if given.volumes.len() == 1));
    }
}
