//! Wavefront OBJ: polygons of `v` and `f`; all else says nothing of the shape.

use platewright_model::config::Limits;
use platewright_model::stage::{FaultCode, Severity};

use super::Raw;
use super::stl_ascii::number;
use crate::MeshError;
use crate::inspect::fault;

/// Whether the bytes are text with a line of a vertex near the beginning.
pub(super) fn looks(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(4096)];
    !start.contains(&0) && start.split(|&b| b == b'\n').any(|line| line.starts_with(b"v "))
}

/// Reads an OBJ; polygons are cut into triangles from their first corner.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Raw, MeshError> {
    let mut raw = Raw::default();
    let mut curved = 0;
    let mut whole = String::new();
    for (n, line) in bytes.split(|&b| b == b'\n').enumerate() {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end();
        // A backslash at the end continues the line.
        if let Some(part) = line.strip_suffix('\\') {
            whole.push_str(part);
            whole.push(' ');
            continue;
        }
        whole.push_str(line);
        let text = std::mem::take(&mut whole);
        let text = text.split('#').next().unwrap_or("");
        let mut words = text.split_ascii_whitespace();
        let place = || format!("line {}", n + 1);
        match words.next() {
            Some("v") => {
                let mut p = [0.0; 3];
                for x in &mut p {
                    *x = number(words.next().unwrap_or(""), place)?;
                }
                raw.vertices.push(p);
            }
            Some("f" | "fo") => polygon(&mut raw, words, place)?,
            Some("curv" | "curv2" | "surf") => curved += 1,
            _ => {}
        }
        raw.check_count(limits)?;
        if raw.vertices.len() as u64 > u64::from(u32::MAX) {
            let text = "more than 2³² vertices".to_owned();
            return Err(MeshError::Syntax { place: place(), text });
        }
    }
    if curved > 0 {
        let text = "free-form curves and surfaces are not read; export triangles";
        let code = FaultCode::UnsupportedContent;
        raw.faults.push(fault(code, Severity::Warning, curved, None, text));
    }
    Ok(raw)
}

fn polygon<'a>(
    raw: &mut Raw,
    words: impl Iterator<Item = &'a str>,
    place: impl Fn() -> String,
) -> Result<(), MeshError> {
    let (mut first, mut last, mut corners) = (0, 0, 0);
    for word in words {
        let v = index(word.split('/').next().unwrap_or(""), raw.vertices.len(), &place)?;
        match corners {
            0 => first = v,
            1 => {}
            _ => raw.triangles.push([first, last, v]),
        }
        last = v;
        corners += 1;
    }
    if corners < 3 {
        let text = format!("a face with {corners} corners, expected at least 3");
        return Err(MeshError::Syntax { place: place(), text });
    }
    Ok(())
}

/// The vertex that an index means: from 1, or from the end if negative.
fn index(word: &str, count: usize, place: impl Fn() -> String) -> Result<u32, MeshError> {
    let index: i64 = word.parse().map_err(|_| MeshError::Syntax {
        place: place(),
        text: format!("found {word:?}, expected the index of a vertex"),
    })?;
    let from_0 = if index < 0 { index.checked_add(count as i64) } else { index.checked_sub(1) };
    match from_0 {
        Some(i) if i >= 0 && (i as usize) < count => Ok(i as u32),
        _ => Err(MeshError::BadIndex { place: place(), index, count }),
    }
}
