//! Published instances of strip packing, layouts as JSON.

use std::path::Path;

use platewright_model::strip::{StripItem, StripLayout, StripProblem};
use serde::Deserialize;

use crate::StoreError;
use crate::disk::write_atomic;

/// Largest file that is read, bytes.
const BYTES_MAX: u64 = 64 << 20;

/// An instance as jagua-rs, sparrow and the JSON files of ESICUP write it.
#[derive(Debug, Deserialize)]
struct Foreign {
    #[serde(default)]
    name: String,
    strip_height: f64,
    items: Vec<ForeignItem>,
}

#[derive(Debug, Deserialize)]
struct ForeignItem {
    demand: u32,
    shape: ForeignShape,
    /// Degrees; any turn will do if it is missing.
    allowed_orientations: Option<Vec<f64>>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
enum ForeignShape {
    SimplePolygon(Vec<[f64; 2]>),
}

/// Reads an instance of strip packing: JSON with `strip_height` and `items`, each with `demand`,
/// `shape` of type `simple_polygon` and `allowed_orientations`. The first corner may be repeated
/// as the last.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Json`].
pub fn read_strip(path: &Path) -> Result<StripProblem, StoreError> {
    parse_strip(path, &open(path)?)
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

/// An instance of strip packing from its text; `path` is named in errors.
pub(crate) fn parse_strip(path: &Path, text: &str) -> Result<StripProblem, StoreError> {
    let json =
        |e: serde_json::Error| StoreError::Json { path: path.to_owned(), reason: e.to_string() };
    let foreign: Foreign = serde_json::from_str(text).map_err(json)?;
    let items = foreign.items.into_iter().map(|item| {
        let ForeignShape::SimplePolygon(mut outline) = item.shape;
        if outline.len() > 1 && outline.first() == outline.last() {
            outline.pop();
        }
        StripItem { outline, copies: item.demand, turns: item.allowed_orientations }
    });
    Ok(StripProblem {
        name: foreign.name,
        height: foreign.strip_height,
        items: items.filter(|item| item.copies > 0).collect(),
    })
}

/// Writes a layout as JSON.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Encode`].
pub fn write_strip_layout(path: &Path, layout: &StripLayout) -> Result<(), StoreError> {
    let encoded = serde_json::to_vec_pretty(layout);
    let encode =
        |e: serde_json::Error| StoreError::Encode { path: path.to_owned(), reason: e.to_string() };
    let mut bytes = encoded.map_err(encode)?;
    bytes.push(b'\n');
    write_atomic(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_instance_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("two.json");
        let text = r#"{"name": "two", "strip_height": 5.0, "items": [
            {"id": 0, "demand": 2, "dxf": "x.dxf", "allowed_orientations": [0.0, 180.0],
             "shape": {"type": "simple_polygon", "data": [[0, 0], [2, 0], [1, 1], [0, 0]]}},
            {"id": 1, "demand": 1,
             "shape": {"type": "simple_polygon", "data": [[0, 0], [2, 0], [1, 1]]}}]}"#;
        std::fs::write(&path, text).unwrap();
        let problem = read_strip(&path).unwrap();
        assert_eq!((problem.height, problem.copies()), (5.0, 3));
        assert_eq!(problem.items[0].outline.len(), 3);
        assert_eq!(problem.items[0].turns.as_deref(), Some(&[0.0, 180.0][..]));
        assert_eq!(problem.items[1].turns, None);

        std::fs::write(&path, text.replace("\"strip_height\": 5.0,", "")).unwrap();
        let error = read_strip(&path).unwrap_err().to_string();
        assert!(error.contains("strip_height"), "{error}");
    }
}
