//! Published instances of strip packing, layouts as JSON.

use std::path::Path;

use platewright_model::strip::{StripItem, StripLayout, StripProblem};
use serde::Deserialize;

use crate::StoreError;
use crate::instance::{open, parse, write_json};

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

/// An instance of strip packing from its text; `path` is named in errors.
pub(crate) fn parse_strip(path: &Path, text: &str) -> Result<StripProblem, StoreError> {
    let foreign: Foreign = parse(path, text)?;
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
    write_json(path, layout)
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
