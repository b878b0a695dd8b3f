//! Problems of boxes in containers and their layouts.

use std::path::Path;

use platewright_model::boxes::{BoxKind, BoxLayout, BoxProblem};

use crate::StoreError;
use crate::instance::write_json;

/// A problem of a text of several as the OR-Library has them (thpack1 to thpack7: one container
/// each): how many; for each its number and seed, the container, how many kinds of boxes, and for
/// each kind its number, three times an edge and whether it may stand upright, and how many.
pub(crate) fn parse_thpack(
    path: &Path,
    text: &str,
    number: usize,
) -> Result<BoxProblem, StoreError> {
    let bad = |reason: String| StoreError::Json { path: path.to_owned(), reason };
    let mut words = text.split_ascii_whitespace();
    let mut next = || -> Result<u32, StoreError> {
        let word = words.next().ok_or_else(|| bad("the text ends early".to_owned()))?;
        word.parse().map_err(|_| bad(format!("{word:?} is no whole number")))
    };
    let count = next()?;
    if number < 1 || number > count as usize {
        return Err(bad(format!("it holds {count} instances, there is no number {number}")));
    }
    for k in 1..=number {
        let (_, _seed) = (next()?, next()?);
        let container = [next()?, next()?, next()?];
        let kinds = next()?;
        let mut boxes = Vec::new();
        for _ in 0..kinds {
            let name = next()?.to_string();
            let (mut size, mut upright) = ([0; 3], [false; 3]);
            for edge in 0..3 {
                size[edge] = next()?;
                upright[edge] = next()? == 1;
            }
            boxes.push(BoxKind { name, size, copies: next()?, upright });
        }
        if k == number {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            return Ok(BoxProblem {
                name: format!("{stem}-{number}"),
                container,
                stock: Some(1),
                boxes,
            });
        }
    }
    Err(bad("the text ends early".to_owned()))
}

/// Writes a layout of boxes as JSON.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Encode`].
pub fn write_box_layout(path: &Path, layout: &BoxLayout) -> Result<(), StoreError> {
    write_json(path, layout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_is_read() {
        let text = "2\n1 2502505\n587 233 220\n1\n1 108 0 76 0 30 1 40\n\
                    2 2502605\n587 233 220\n2\n1 91 0 54 0 45 1 32\n2 105 0 77 1 72 1 24\n";
        let read = |number| parse_thpack(Path::new("thpack1.txt"), text, number);
        let second = read(2).unwrap();
        assert_eq!((second.name.as_str(), second.container), ("thpack1-2", [587, 233, 220]));
        assert_eq!(second.boxes[1].size, [105, 77, 72]);
        assert_eq!(second.boxes[1].upright, [false, true, true]);
        assert_eq!(second.boxes[1].copies, 24);
        assert_eq!(read(1).unwrap().boxes.len(), 1);
        assert!(read(3).unwrap_err().to_string().contains("there is no number 3"));
        let cut = parse_thpack(Path::new("x"), &text[..40], 1).unwrap_err().to_string();
        assert!(cut.contains("ends early"), "{cut}");
    }
}
