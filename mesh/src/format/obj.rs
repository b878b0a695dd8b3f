//! Wavefront OBJ: polygons of `v` and `f`; all else says nothing of the shape.

use platewright_model::config::Limits;
use platewright_model::stage::{FaultCode, MeshFault, Severity};
use rayon::prelude::*;

use super::cut::Polygons;
use super::text::{
    CHUNK, Cursor, Problem, ROUND, Spelling, chunks, is_blank, line_end, take_digits, without_mark,
};
use super::{Raw, check_count};
use crate::inspect::fault;
use crate::{MeshError, Source};

/// Whether the bytes are text with a line of a vertex near the beginning.
pub(super) fn looks(bytes: &[u8]) -> bool {
    let start = without_mark(&bytes[..bytes.len().min(4096)]);
    let vertex = |line: &[u8]| matches!(line.trim_ascii_start(), [b'v', b' ' | b'\t', ..]);
    !start.contains(&0) && start.split(|&b| b == b'\n' || b == b'\r').any(vertex)
}

/// Reads an OBJ; polygons are cut into triangles.
pub(super) fn read(source: Source<'_>, limits: &Limits) -> Result<Raw, MeshError> {
    read_in_chunks(source, limits, CHUNK)
}

/// Reads chunks of about `length` bytes side by side and joins them in their order.
fn read_in_chunks(source: Source<'_>, limits: &Limits, length: usize) -> Result<Raw, MeshError> {
    let bytes = without_mark(source.bytes());
    let mark = source.bytes().len() - bytes.len();
    let eol = line_end(bytes);
    // A backslash at the end continues the line.
    let ranges = chunks(bytes, eol, length, |before, _| {
        !before[before.len().saturating_sub(80)..].trim_ascii_end().ends_with(b"\\")
    });
    let mut whole = Whole::default();
    for round in ranges.chunks(ROUND) {
        let read: Vec<Chunk> =
            round.par_iter().map(|r| Chunk::read(&bytes[r.clone()], eol)).collect();
        for (chunk, range) in read.into_iter().zip(round) {
            whole.join(chunk)?;
            check_count(whole.raw.triangles.len() as u64, limits)?;
            source.release(mark + range.start..mark + range.end);
        }
    }
    whole.finish()
}

/// What was read of the chunks so far.
#[derive(Default)]
struct Whole {
    raw: Raw,
    polygons: Polygons,
    lines: usize,
    spelling: Spelling,
    curved: u32,
    /// The highest index of each chunk and its line, where vertices were still to come.
    ahead: Vec<(u64, usize)>,
}

impl Whole {
    fn join(&mut self, chunk: Chunk) -> Result<(), MeshError> {
        let base = self.raw.vertices.len();
        let count = base + chunk.vertices.len();
        if let Some((line, written, local)) = chunk.lowest
            && base as i64 + local < 0
        {
            return Err(Problem::BadIndex(written).at(self.lines + line + 1, count));
        }
        if let Some(problem) = chunk.problem {
            return Err(problem.at(self.lines + chunk.lines + 1, count));
        }
        if count as u64 >= u64::from(u32::MAX) {
            let text = "more than 2³² vertices".to_owned();
            return Err(Problem::Syntax(text).at(self.lines + chunk.lines, count));
        }
        let first = self.raw.triangles.len();
        self.raw.triangles.extend_from_slice(&chunk.triangles);
        let corners = self.raw.triangles[first..].as_flattened_mut();
        for &c in &chunk.relative {
            let corner = &mut corners[c as usize];
            *corner = corner.wrapping_add(base as u32);
        }
        self.raw.vertices.extend_from_slice(&chunk.vertices);
        self.polygons.append(&chunk.polygons, first as u32);
        if chunk.highest.0 > count as u64 {
            self.ahead.push((chunk.highest.0, self.lines + chunk.highest.1));
        }
        self.spelling.join(chunk.spelling, self.lines);
        self.lines += chunk.lines;
        self.curved = self.curved.saturating_add(chunk.curved);
        Ok(())
    }

    fn finish(mut self) -> Result<Raw, MeshError> {
        let count = self.raw.vertices.len();
        // Faces may come before their vertices, as long as these come.
        if let Some(&(index, line)) = self.ahead.iter().find(|a| a.0 > count as u64) {
            return Err(Problem::BadIndex(index as i64).at(line + 1, count));
        }
        let mut faults = self.polygons.cut(&self.raw.vertices, &mut self.raw.triangles);
        if self.spelling.decimal_comma()? {
            let text = "numbers are written with a comma: read as decimal";
            faults.push(fault(FaultCode::HeaderMismatch, Severity::Note, 1, None, text));
        }
        faults.extend(curved_fault(self.curved));
        self.raw.faults = faults;
        Ok(self.raw)
    }
}

fn curved_fault(curved: u32) -> Option<MeshFault> {
    let text = "free-form curves and surfaces are not read; export triangles";
    let code = FaultCode::UnsupportedContent;
    (curved > 0).then(|| fault(code, Severity::Warning, curved, None, text))
}

/// What a chunk holds.
#[derive(Default)]
struct Chunk {
    vertices: Vec<[f64; 3]>,
    /// Polygons are cut from their first corner here.
    triangles: Vec<[u32; 3]>,
    polygons: Polygons,
    /// Corners (of all triangles one after another) that count from the chunk's first vertex,
    /// wrapping below 0, because they were written as negative indices.
    relative: Vec<u32>,
    /// The lowest of them: line, as written, and from the chunk's first vertex.
    lowest: Option<(usize, i64, i64)>,
    /// The highest positive index and its line.
    highest: (u64, usize),
    curved: u32,
    /// Lines before the place where reading ended.
    lines: usize,
    spelling: Spelling,
    problem: Option<Problem>,
}

impl Chunk {
    fn read(bytes: &[u8], eol: u8) -> Self {
        let mut chunk = Self::default();
        let mut cursor = Cursor::new(bytes, eol);
        chunk.problem = chunk.read_lines(&mut cursor).err();
        chunk.lines = cursor.line;
        chunk.spelling = cursor.spelling;
        chunk
    }

    fn read_lines(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        loop {
            cursor.skip_blanks();
            match cursor.rest() {
                [b'v', b' ' | b'\t', ..] => {
                    cursor.skip(2);
                    let p = [cursor.number()?, cursor.number()?, cursor.number()?];
                    self.vertices.push(p);
                }
                [b'f', b' ' | b'\t', ..] => {
                    cursor.skip(2);
                    self.polygon(cursor)?;
                }
                _ => self.other(cursor)?,
            }
            // What follows says nothing of the shape: weights, colours, comments.
            cursor.skip_blanks();
            let more =
                if cursor.at_line_end() { cursor.next_line() } else { cursor.next_whole_line() };
            if !more && cursor.rest().is_empty() {
                return Ok(());
            }
        }
    }

    /// A line that begins otherwise.
    fn other(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        if cursor.at_line_end() || cursor.rest().starts_with(b"#") {
            return Ok(());
        }
        match cursor.word() {
            b"v" => self.vertices.push([cursor.number()?, cursor.number()?, cursor.number()?]),
            b"f" | b"fo" => self.polygon(cursor)?,
            b"curv" | b"curv2" | b"surf" => self.curved = self.curved.saturating_add(1),
            _ => {}
        }
        Ok(())
    }

    /// The corners of a polygon, up to the end of the line.
    #[inline(always)]
    fn polygon(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        let start = self.triangles.len();
        let (mut first, mut last, mut corners) = (Corner::default(), Corner::default(), 0_u32);
        loop {
            cursor.skip_blanks();
            if cursor.at_line_end() || cursor.rest().starts_with(b"#") {
                break;
            }
            let corner = self.corner(cursor)?;
            match corners {
                0 => first = corner,
                1 => {}
                _ => self.triangle([first, last, corner]),
            }
            last = corner;
            corners = corners.saturating_add(1);
        }
        if corners < 3 {
            let text = format!("a face with {corners} corners, expected at least 3");
            return Err(Problem::Syntax(text));
        }
        if corners > 3 {
            self.polygons.push(start as u32, corners);
        }
        Ok(())
    }

    #[inline(always)]
    fn triangle(&mut self, corners: [Corner; 3]) {
        if corners.iter().any(|c| c.relative) {
            let at = self.triangles.len() as u32 * 3;
            self.relative.extend((at..).zip(corners).filter(|(_, c)| c.relative).map(|(i, _)| i));
        }
        self.triangles.push(corners.map(|c| c.vertex));
    }

    /// The vertex of a corner `v`, `v/vt`, `v//vn` or `v/vt/vn`: from 1, or from the vertex
    /// before the line if negative.
    #[inline(always)]
    fn corner(&mut self, cursor: &mut Cursor<'_>) -> Result<Corner, Problem> {
        let mut rest = cursor.rest();
        let mut value = 0;
        take_digits(&mut value, &mut rest);
        let digits = cursor.rest().len().wrapping_sub(rest.len());
        let plain = rest.first().is_none_or(|&b| b == b'/' || is_blank(b));
        if !(1..=9).contains(&digits) || !plain || value == 0 {
            return self.other_corner(cursor);
        }
        cursor.skip(digits);
        if rest.first() == Some(&b'/') {
            cursor.word_before_backslash();
        }
        if value > self.highest.0 {
            self.highest = (value, cursor.line);
        }
        Ok(Corner { vertex: (value as u32).wrapping_sub(1), relative: false })
    }

    #[cold]
    fn other_corner(&mut self, cursor: &mut Cursor<'_>) -> Result<Corner, Problem> {
        let line = cursor.line;
        let word = cursor.word_before_backslash();
        let vertex = word.split(|&b| b == b'/').next().unwrap_or_default();
        let text = String::from_utf8_lossy(vertex);
        let index: i64 = text.parse().map_err(|_| {
            Problem::Syntax(format!("found {text:?}, expected the index of a vertex"))
        })?;
        match index {
            0 => Err(Problem::BadIndex(0)),
            1.. if index > i64::from(u32::MAX) => Err(Problem::BadIndex(index)),
            1.. => {
                if index as u64 > self.highest.0 {
                    self.highest = (index as u64, line);
                }
                Ok(Corner { vertex: (index - 1) as u32, relative: false })
            }
            _ => {
                let local = index.saturating_add(self.vertices.len() as i64);
                if self.lowest.is_none_or(|(_, _, lowest)| local < lowest) {
                    self.lowest = Some((line, index, local));
                }
                Ok(Corner { vertex: local as u32, relative: true })
            }
        }
    }
}

/// A corner of a face.
#[derive(Clone, Copy, Default)]
struct Corner {
    vertex: u32,
    /// From the chunk's first vertex, not from the file's.
    relative: bool,
}

#[cfg(test)]
mod tests;
