//! STL, ASCII.

use platewright_model::config::Limits;
use platewright_model::stage::{FaultCode, MeshFault, Severity};
use rayon::prelude::*;

use super::text::{
    CHUNK, Cursor, Problem, ROUND, Spelling, chunks, is_blank, line_end, without_mark,
};
use super::{Raw, check_count};
use crate::inspect::fault;
use crate::weld::Welder;
use crate::{MeshError, Source};

/// Whether the bytes are text that begins as an ASCII STL does.
pub(super) fn looks(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(4096)];
    let text = without_mark(start).trim_ascii_start();
    if !begins_with(text, b"solid") && !begins_with(text, b"facet") {
        return false;
    }
    // The header of a binary file is filled up with zeros, or its triangles hold some; a name in
    // any text may hold them too, but then lines of facets follow.
    let mut lines = start.split(|&b| b == b'\n' || b == b'\r').skip(1);
    !start[..start.len().min(1024)].contains(&0) || lines.any(|line| begins_facet(&[], line))
}

/// Whether a line is the first of a facet.
fn begins_facet(_: &[u8], next: &[u8]) -> bool {
    let indent = next.iter().take(80).take_while(|&&b| b == b' ' || b == b'\t').count();
    let line = &next[indent..];
    begins_with(line, b"facet") && line.get(5).is_none_or(|&b| is_blank(b))
}

fn begins_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Reads an ASCII STL of one or more solids, word by word, so that line ends do not matter.
pub(super) fn read(source: Source<'_>, limits: &Limits) -> Result<Raw, MeshError> {
    read_in_chunks(source, limits, CHUNK)
}

/// Reads chunks of about `length` bytes side by side and welds them in their order.
fn read_in_chunks(source: Source<'_>, limits: &Limits, length: usize) -> Result<Raw, MeshError> {
    let bytes = without_mark(source.bytes());
    let mark = source.bytes().len() - bytes.len();
    let eol = line_end(bytes);
    let ranges = chunks(bytes, eol, length, begins_facet);
    let mut welder = Welder::with_capacity(0);
    let mut triangles = Vec::new();
    let mut whole = Whole::default();
    for round in ranges.chunks(ROUND) {
        let read: Vec<Chunk> =
            round.par_iter().map(|r| Chunk::read(&bytes[r.clone()], eol)).collect();
        for (chunk, range) in read.into_iter().zip(round) {
            let last = range.end == bytes.len();
            let corners = whole.join(chunk, last)?;
            check_count((triangles.len() + corners.len() / 3) as u64, limits)?;
            let (batches, rest) = corners.as_chunks::<96>();
            for batch in batches {
                triangles.extend_from_slice(welder.add_all(batch).as_chunks().0);
            }
            triangles.extend(rest.as_chunks::<3>().0.iter().map(|t| welder.add_all(t)));
            source.release(mark + range.start..mark + range.end);
        }
    }
    let faults = whole.faults()?;
    Ok(Raw { faults, ..Raw::welded(welder, triangles) })
}

/// What is known of the chunks so far.
#[derive(Default)]
struct Whole {
    lines: usize,
    spelling: Spelling,
    in_solid: bool,
}

impl Whole {
    /// Joins the next chunk; its corners, three for each triangle.
    fn join(&mut self, chunk: Chunk, last: bool) -> Result<Vec<[f64; 3]>, MeshError> {
        let line = self.lines + chunk.cursor_line + 1;
        if let Some(problem) = chunk.problem {
            return Err(problem.at(line, 0));
        }
        if chunk.within_facet {
            let text = if last {
                "the file ends within a facet: it is cut off; copy it again"
            } else {
                BEGINS_EARLY
            };
            return Err(Problem::Syntax(text.to_owned()).at(line, 0));
        }
        self.spelling.join(chunk.spelling, self.lines);
        self.lines += chunk.cursor_line;
        self.in_solid = chunk.in_solid.unwrap_or(self.in_solid);
        Ok(chunk.corners)
    }

    fn faults(self) -> Result<Vec<MeshFault>, MeshError> {
        let mut faults = Vec::new();
        let mut add = |severity, text| {
            faults.push(fault(FaultCode::HeaderMismatch, severity, 1, None, text));
        };
        if self.in_solid {
            let text = "the last solid has no endsolid: the file may be cut off";
            add(Severity::Warning, text);
        }
        if self.spelling.decimal_comma()? {
            add(Severity::Note, "numbers are written with a comma: read as decimal");
        }
        Ok(faults)
    }
}

const BEGINS_EARLY: &str = "a facet begins before the one before it has ended";

/// What a chunk holds.
struct Chunk {
    /// Three for each triangle.
    corners: Vec<[f64; 3]>,
    /// Whether its last solid is open; `None` if none begins or ends.
    in_solid: Option<bool>,
    within_facet: bool,
    /// Lines before the place where reading ended.
    cursor_line: usize,
    spelling: Spelling,
    problem: Option<Problem>,
}

impl Chunk {
    fn read(bytes: &[u8], eol: u8) -> Self {
        let mut facets = Facets { in_facet: false, in_solid: None, at: 0, corners: Vec::new() };
        // A facet takes about 250 bytes; a chunk of anything else gains nothing by room.
        facets.corners.reserve(bytes.len() / 100);
        let mut cursor = Cursor::new(bytes, eol);
        let problem = facets.read(&mut cursor).err();
        let within_facet = facets.in_facet || facets.open() > 0;
        facets.corners.truncate(facets.at);
        Self {
            corners: facets.corners,
            in_solid: facets.in_solid,
            within_facet,
            cursor_line: cursor.line,
            spelling: cursor.spelling,
            problem,
        }
    }
}

/// The facets of a chunk.
struct Facets {
    in_facet: bool,
    in_solid: Option<bool>,
    /// Three corners for each triangle, and from `at` on those of the facet being read.
    corners: Vec<[f64; 3]>,
    at: usize,
}

impl Facets {
    /// Corners of the facet being read.
    fn open(&self) -> usize {
        self.corners.len().wrapping_sub(self.at)
    }

    fn read(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        loop {
            cursor.skip_space();
            let word = cursor.word();
            match Word::of(word) {
                Word::Vertex => {
                    let p = [cursor.number()?, cursor.number()?, cursor.number()?];
                    self.corners.push(p);
                }
                Word::EndLoop => self.end_facet()?,
                Word::EndFacet => {
                    self.in_facet = false;
                    if self.open() > 0 {
                        self.end_facet()?;
                    }
                }
                Word::Facet if self.in_facet || self.open() > 0 => {
                    return Err(Problem::Syntax(BEGINS_EARLY.to_owned()));
                }
                Word::Facet => self.in_facet = true,
                // Normals follow from the corners; those of files are often no numbers.
                Word::Normal => {
                    for _ in 0..3 {
                        cursor.skip_blanks();
                        if !cursor.at_line_end() {
                            cursor.word();
                        }
                    }
                }
                Word::Loop => {}
                Word::Solid => {
                    self.in_solid = Some(true);
                    skip_name(cursor);
                }
                Word::EndSolid => {
                    self.in_solid = Some(false);
                    cursor.next_line();
                }
                Word::End => self.end(cursor)?,
                Word::Other if word.is_empty() => return Ok(()),
                Word::Other => {
                    let found = String::from_utf8_lossy(&word[..word.len().min(40)]);
                    let text = format!("found {found:?}, expected a word of an ASCII STL");
                    return Err(Problem::Syntax(text));
                }
            }
        }
    }

    /// `end loop`, `end facet`, `end solid`: as some programs write it.
    fn end(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        cursor.skip_blanks();
        match Word::of(cursor.word()) {
            Word::Loop => self.end_facet(),
            Word::Facet => {
                self.in_facet = false;
                if self.open() > 0 { self.end_facet() } else { Ok(()) }
            }
            Word::Solid => {
                self.in_solid = Some(false);
                cursor.next_line();
                Ok(())
            }
            _ => Err(Problem::Syntax("found \"end\", expected what ends here".to_owned())),
        }
    }

    /// Cuts the facet being read into triangles from its first corner.
    fn end_facet(&mut self) -> Result<(), Problem> {
        let open = self.open();
        if open == 3 {
            self.at = self.corners.len();
            return Ok(());
        }
        if open < 3 {
            return Err(Problem::Syntax(format!("a facet with {open} corners, expected 3")));
        }
        let corners = self.corners.split_off(self.at);
        for pair in corners[1..].windows(2) {
            self.corners.extend([corners[0], pair[0], pair[1]]);
        }
        self.at = self.corners.len();
        Ok(())
    }
}

/// Names of solids may be any words; where the file is one line, the name ends at a facet.
fn skip_name(cursor: &mut Cursor<'_>) {
    let rest = cursor.rest();
    if cursor.next_line() {
        return;
    }
    let facet =
        rest.windows(6).position(|w| is_blank(w[0]) && w[1..].eq_ignore_ascii_case(b"facet"));
    if let Some(at) = facet {
        cursor.back_to(&rest[at..]);
    }
}

/// The words of the format.
enum Word {
    Vertex,
    Normal,
    Facet,
    /// `loop` and the word before it.
    Loop,
    EndLoop,
    EndFacet,
    Solid,
    EndSolid,
    End,
    Other,
}

impl Word {
    /// The word, in any case.
    #[inline(always)]
    fn of(word: &[u8]) -> Self {
        let is = |known: &[u8]| word.eq_ignore_ascii_case(known);
        match word.len() {
            6 if is(b"vertex") => Self::Vertex,
            6 if is(b"normal") => Self::Normal,
            5 if is(b"facet") => Self::Facet,
            5 if is(b"outer") => Self::Loop,
            5 if is(b"solid") => Self::Solid,
            4 if is(b"loop") => Self::Loop,
            7 if is(b"endloop") => Self::EndLoop,
            8 if is(b"endfacet") => Self::EndFacet,
            8 if is(b"endsolid") => Self::EndSolid,
            3 if is(b"end") => Self::End,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests;
