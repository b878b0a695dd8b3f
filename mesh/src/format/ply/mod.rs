//! PLY (Stanford), ASCII and binary: `x`, `y`, `z` of vertices and the corners of faces; all
//! other properties and elements are skipped.

mod header;
mod numbers;
#[cfg(test)]
mod tests;

use platewright_model::config::Limits;
use platewright_model::stage::{FaultCode, MeshFault, Severity};

use super::cut::Polygons;
use super::text::{Cursor, Problem};
use super::{Raw, check_count};
use crate::inspect::fault;
use crate::{MeshError, Source};
use header::{Element, Encoding, Header};
use numbers::{Ascii, Binary, Numbers};

/// Whether the bytes begin as a PLY.
pub(super) fn looks(bytes: &[u8]) -> bool {
    matches!(bytes, [b'p', b'l', b'y', b'\n' | b'\r', ..])
}

/// Reads a PLY; polygons are cut into triangles.
pub(super) fn read(source: Source<'_>, limits: &Limits) -> Result<Raw, MeshError> {
    let header = Header::read(source.bytes())?;
    let mut body = Body::new(&header, limits)?;
    let comma = if header.encoding == Encoding::Ascii {
        let text = &source.bytes()[header.bytes..];
        let mut numbers = Ascii::new(text, header.eol, header.lines);
        body.read(&header, &mut numbers)?;
        numbers.cursor.spelling.decimal_comma()?
    } else {
        body.read(&header, &mut Binary::new(source, header.bytes, header.encoding))?;
        false
    };
    if comma {
        let text = "numbers are written with a comma: read as decimal";
        let code = FaultCode::HeaderMismatch;
        body.raw.faults.push(fault(code, Severity::Note, 1, None, text));
    }
    let Body { mut raw, polygons, .. } = body;
    raw.faults.extend(polygons.cut(&raw.vertices, &mut raw.triangles));
    Ok(raw)
}

/// What is read.
struct Body<'a> {
    raw: Raw,
    polygons: Polygons,
    /// Vertices the header promises; fewer are an error.
    vertices: u64,
    limits: &'a Limits,
}

impl<'a> Body<'a> {
    fn new(header: &Header, limits: &'a Limits) -> Result<Self, MeshError> {
        let find = |names: &[&str]| header.elements.iter().find(|e| names.contains(&&*e.name));
        let refused =
            |text: &str| MeshError::Syntax { place: "header".to_owned(), text: text.to_owned() };
        let vertices = find(&["vertex"]).ok_or_else(|| refused("there is no element vertex"))?;
        if ["x", "y", "z"].iter().any(|name| vertices.position(&[name]).is_none()) {
            return Err(refused("the vertices have no x, y and z"));
        }
        if vertices.count >= u64::from(u32::MAX) {
            return Err(refused("more than 2³² vertices"));
        }
        let mut raw = Raw::default();
        if let Some(strips) = find(&["tristrips"]) {
            let text = "strips of triangles (tristrips) are not read; export single triangles";
            if find(&["face"]).is_none() {
                return Err(refused(text));
            }
            let count = u32::try_from(strips.count).unwrap_or(u32::MAX);
            raw.faults.push(unsupported(count, text));
        }
        let polygons = Polygons::default();
        Ok(Self { raw, polygons, vertices: vertices.count, limits })
    }

    fn read(&mut self, header: &Header, from: &mut impl Numbers) -> Result<(), MeshError> {
        for element in &header.elements {
            let least = element.count.saturating_mul(element.least_bytes(header.encoding));
            // The last number of a text needs no blank behind it.
            if least > from.left().saturating_add(1) {
                let missing = least - from.left();
                let place = format!("of {} {} the header promises", element.count, element.name);
                return Err(MeshError::Truncated { missing, place });
            }
            if element.properties.is_empty() {
                continue;
            }
            match element.name.as_str() {
                "vertex" => self.read_vertices(element, from)?,
                "face" => self.read_faces(element, from)?,
                _ => {
                    for _ in 0..element.count {
                        from.begin()?;
                        skip(from, &element.properties)?;
                    }
                }
            }
        }
        if from.tail() {
            let text = "there is more in the file than the header promises: not read";
            let code = FaultCode::HeaderMismatch;
            self.raw.faults.push(fault(code, Severity::Warning, 1, None, text));
        }
        Ok(())
    }

    fn read_vertices(
        &mut self,
        element: &Element,
        from: &mut impl Numbers,
    ) -> Result<(), MeshError> {
        let axis: Vec<Option<usize>> = element
            .properties
            .iter()
            .map(|p| ["x", "y", "z"].iter().position(|name| *name == p.name))
            .collect();
        // As many are there: each takes bytes, which were checked.
        self.raw.vertices.reserve(element.count as usize);
        for _ in 0..element.count {
            from.begin()?;
            let mut point = [0.0; 3];
            for (property, axis) in element.properties.iter().zip(&axis) {
                match (axis, property.length) {
                    (Some(axis), None) => point[*axis] = from.number(property.kind)?,
                    _ => skip(from, std::slice::from_ref(property))?,
                }
            }
            self.raw.vertices.push(point);
        }
        Ok(())
    }

    fn read_faces(&mut self, element: &Element, from: &mut impl Numbers) -> Result<(), MeshError> {
        let Some(indices) = element.position(&["vertex_indices", "vertex_index"]) else {
            let text = "the faces have no list vertex_indices".to_owned();
            return Err(MeshError::Syntax { place: "header".to_owned(), text });
        };
        check_count(element.count, self.limits)?;
        self.raw.triangles.reserve(element.count as usize);
        let (before, rest) = element.properties.split_at(indices);
        let (list, after) = (&rest[0], &rest[1..]);
        let Some(length) = list.length else {
            let text = "vertex_indices is no list".to_owned();
            return Err(MeshError::Syntax { place: "header".to_owned(), text });
        };
        for _ in 0..element.count {
            from.begin()?;
            skip(from, before)?;
            let corners = from.number(length)?;
            if !(3.0..=4e9).contains(&corners) || corners.fract() != 0.0 {
                let text = format!("a face with {corners} corners, expected at least 3");
                return Err(from.fail(Problem::Syntax(text), 0));
            }
            let start = self.raw.triangles.len();
            let first = self.corner(from, list.kind)?;
            let mut last = self.corner(from, list.kind)?;
            for _ in 2..corners as u64 {
                let corner = self.corner(from, list.kind)?;
                self.raw.triangles.push([first, last, corner]);
                last = corner;
            }
            if corners > 3.0 {
                self.polygons.push(start as u32, corners as u32);
                check_count(self.raw.triangles.len() as u64, self.limits)?;
            }
            skip(from, after)?;
        }
        check_count(self.raw.triangles.len() as u64, self.limits)
    }

    #[inline(always)]
    fn corner(&self, from: &mut impl Numbers, kind: header::Kind) -> Result<u32, MeshError> {
        let index = from.number(kind)?;
        let vertex = index as u32;
        if f64::from(vertex) == index && u64::from(vertex) < self.vertices {
            return Ok(vertex);
        }
        Err(from.fail(Problem::BadIndex(index as i64), self.vertices as usize))
    }
}

/// Skips the numbers of properties.
fn skip(from: &mut impl Numbers, properties: &[header::Property]) -> Result<(), MeshError> {
    for property in properties {
        let count = match property.length {
            None => 1,
            Some(length) => {
                let count = from.number(length)?;
                if count < 0.0 || count.fract() != 0.0 || !count.is_finite() {
                    let text = format!("a list of {count} numbers");
                    return Err(from.fail(Problem::Syntax(text), 0));
                }
                count as u64
            }
        };
        from.skip(property.kind, count)?;
    }
    Ok(())
}

fn unsupported(count: u32, text: &str) -> MeshFault {
    fault(FaultCode::UnsupportedContent, Severity::Warning, count, None, text)
}
