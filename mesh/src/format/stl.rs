//! STL, binary; decides between binary and ASCII.

use platewright_model::config::Limits;
use platewright_model::stage::{FaultCode, Severity};

use super::{Raw, check_count, stl_ascii};
use crate::MeshError;
use crate::inspect::fault;

/// Bytes before the first triangle: 80 of header, 4 of count.
const HEAD: usize = 84;
/// Bytes of a triangle: normal, three corners, attribute.
const RECORD: usize = 50;

/// Whether the bytes are an STL.
pub(super) fn looks(bytes: &[u8]) -> bool {
    said_count(bytes).is_some_and(|n| bytes.len() as u64 == length_of(n)) || stl_ascii::looks(bytes)
}

/// Reads an STL. A length that fits the count of the header decides for binary, because binary
/// files may begin with `solid` too.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Raw, MeshError> {
    let said = said_count(bytes);
    if said.is_some_and(|n| bytes.len() as u64 == length_of(n)) {
        return read_binary(bytes, limits);
    }
    if stl_ascii::looks(bytes) {
        return stl_ascii::read(bytes, limits);
    }
    let Some(said) = said else {
        let missing = (HEAD - bytes.len()) as u64;
        return Err(MeshError::Truncated { missing, place: "of the header".to_owned() });
    };
    let there = ((bytes.len() - HEAD) / RECORD) as u32;
    let whole = (bytes.len() - HEAD).is_multiple_of(RECORD);
    if there < said && (!whole || there == 0) {
        let missing = length_of(said) - bytes.len() as u64;
        let place = format!("of the {said} triangles that the header promises");
        return Err(MeshError::Truncated { missing, place });
    }
    // Here the file holds whole triangles, more or fewer than promised, or the promised ones
    // and something after them.
    let (count, text) = if whole {
        (there, format!("the header promises {said} triangles, the file holds {there}: all read"))
    } else {
        (said, format!("bytes after the {said} triangles that the header promises: not read"))
    };
    let mut raw = read_binary(&bytes[..HEAD + count as usize * RECORD], limits)?;
    let code = FaultCode::HeaderMismatch;
    raw.faults.push(fault(code, Severity::Warning, there.abs_diff(said).max(1), None, text));
    Ok(raw)
}

fn said_count(bytes: &[u8]) -> Option<u32> {
    bytes.get(80..HEAD)?.try_into().ok().map(u32::from_le_bytes)
}

fn length_of(triangles: u32) -> u64 {
    HEAD as u64 + RECORD as u64 * u64::from(triangles)
}

fn read_binary(bytes: &[u8], limits: &Limits) -> Result<Raw, MeshError> {
    let records = bytes[HEAD..].chunks_exact(RECORD);
    check_count(records.len() as u64, limits)?;
    let mut raw = Raw::default();
    raw.vertices.reserve(3 * records.len());
    raw.triangles.reserve(records.len());
    for record in records {
        let number = |i: usize| {
            let at = 12 + 4 * i;
            let four = [record[at], record[at + 1], record[at + 2], record[at + 3]];
            f64::from(f32::from_le_bytes(four))
        };
        raw.push(std::array::from_fn(|corner| {
            std::array::from_fn(|axis| number(3 * corner + axis))
        }));
    }
    Ok(raw)
}
