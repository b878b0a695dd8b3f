//! STL, ASCII.

use platewright_model::config::Limits;
use platewright_model::stage::{FaultCode, Severity};

use super::Raw;
use crate::MeshError;
use crate::inspect::fault;

/// The words of the format, in any case.
const WORDS: [&str; 9] =
    ["vertex", "endloop", "endfacet", "facet", "normal", "outer", "loop", "solid", "endsolid"];

/// Whether the bytes are text that begins as an ASCII STL does.
pub(super) fn looks(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(1024)];
    let text = start.trim_ascii_start();
    let word = |w: &[u8]| text.len() >= w.len() && text[..w.len()].eq_ignore_ascii_case(w);
    // A header of a binary file is filled up with zeros or holds its count within 1 KiB.
    (word(b"solid") || word(b"facet")) && !start.contains(&0)
}

/// Reads an ASCII STL of one or more solids, word by word, so that line ends do not matter.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Raw, MeshError> {
    let mut raw = Raw::default();
    let mut corners: Vec<[f64; 3]> = Vec::with_capacity(4);
    let mut state = State { in_facet: false, in_solid: false };
    for (number, line) in bytes.split(|&b| b == b'\n').enumerate() {
        let text = String::from_utf8_lossy(line);
        let mut words = text.split_ascii_whitespace();
        let place = || format!("line {}", number + 1);
        while let Some(word) = words.next() {
            let known = WORDS.iter().copied().find(|w| word.eq_ignore_ascii_case(w));
            match known.unwrap_or(word) {
                "vertex" => corners.push(point(&mut words, place)?),
                "endloop" | "endfacet" => state.end_facet(word, &mut corners, &mut raw, place)?,
                "facet" => state.begin_facet(&corners, place)?,
                "normal" => drop(words.by_ref().take(3).count()),
                "outer" | "loop" => {}
                // Names of solids may be any words.
                "solid" => {
                    state.in_solid = true;
                    break;
                }
                "endsolid" => {
                    state.in_solid = false;
                    break;
                }
                other => {
                    let text = format!("found {other:?}, expected a word of an ASCII STL");
                    return Err(MeshError::Syntax { place: place(), text });
                }
            }
        }
        raw.check_count(limits)?;
    }
    if state.in_facet || !corners.is_empty() {
        let place = "line of the last facet".to_owned();
        let text = "the file ends within a facet: it is cut off; copy it again".to_owned();
        return Err(MeshError::Syntax { place, text });
    }
    if state.in_solid {
        let text = "the last solid has no endsolid: the file may be cut off";
        let code = FaultCode::HeaderMismatch;
        raw.faults.push(fault(code, Severity::Warning, 1, None, text));
    }
    Ok(raw)
}

struct State {
    in_facet: bool,
    in_solid: bool,
}

impl State {
    fn begin_facet(
        &mut self,
        corners: &[[f64; 3]],
        place: impl Fn() -> String,
    ) -> Result<(), MeshError> {
        if self.in_facet || !corners.is_empty() {
            let text = "a facet begins before the one before it has ended".to_owned();
            return Err(MeshError::Syntax { place: place(), text });
        }
        self.in_facet = true;
        Ok(())
    }

    fn end_facet(
        &mut self,
        word: &str,
        corners: &mut Vec<[f64; 3]>,
        raw: &mut Raw,
        place: impl Fn() -> String,
    ) -> Result<(), MeshError> {
        if word.eq_ignore_ascii_case("endfacet") {
            self.in_facet = false;
            if corners.is_empty() {
                return Ok(());
            }
        }
        if corners.len() < 3 {
            let text = format!("a facet with {} corners, expected 3", corners.len());
            return Err(MeshError::Syntax { place: place(), text });
        }
        for k in 1..corners.len() - 1 {
            raw.push([corners[0], corners[k], corners[k + 1]]);
        }
        corners.clear();
        Ok(())
    }
}

/// Three numbers.
fn point<'a>(
    words: &mut impl Iterator<Item = &'a str>,
    place: impl Fn() -> String,
) -> Result<[f64; 3], MeshError> {
    let mut p = [0.0; 3];
    for x in &mut p {
        *x = number(words.next().unwrap_or(""), &place)?;
    }
    Ok(p)
}

/// A finite number.
pub(super) fn number(word: &str, place: impl Fn() -> String) -> Result<f64, MeshError> {
    let x: f64 = word.parse().map_err(|_| MeshError::Syntax {
        place: place(),
        text: format!("found {word:?}, expected a number"),
    })?;
    if !x.is_finite() {
        return Err(MeshError::NotFinite { place: place(), value: word.to_owned() });
    }
    Ok(x)
}
