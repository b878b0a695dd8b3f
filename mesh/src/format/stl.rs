//! STL, binary; decides between binary and ASCII.

use platewright_model::config::Limits;
use platewright_model::stage::{FaultCode, Severity};

use super::{Raw, check_count, stl_ascii};
use crate::inspect::fault;
use crate::weld::Welder;
use crate::{MeshError, Source};

/// Bytes before the first triangle: 80 of header, 4 of count.
const HEAD: usize = 84;
/// Bytes of a triangle: normal, three corners, attribute.
const RECORD: usize = 50;
/// Triangles that are welded at once: their table slots are fetched together.
const BATCH: usize = 64;
/// Triangles after which the pages of a mapped file are let go (6.6 MB).
const WINDOW: usize = 2048 * BATCH;

/// One triangle as it stands in the file.
pub(crate) type Record = [u8; RECORD];

/// The triangles of a binary STL of just the length that its header promises.
pub(crate) fn records(bytes: &[u8]) -> Option<&[Record]> {
    let whole = said_count(bytes).is_some_and(|n| bytes.len() as u64 == length_of(n));
    whole.then(|| bytes[HEAD..].as_chunks().0)
}

/// The corners of a triangle, −0 as 0.
#[inline(always)]
pub(crate) fn corners_of(record: &Record) -> [[f32; 3]; 3] {
    let (numbers, _) = record[12..48].as_chunks::<4>();
    let at = |k: usize| f32::from_le_bytes(numbers[k]) + 0.0;
    [[at(0), at(1), at(2)], [at(3), at(4), at(5)], [at(6), at(7), at(8)]]
}

/// Whether the bytes are an STL.
pub(super) fn looks(bytes: &[u8]) -> bool {
    said_count(bytes).is_some_and(|n| bytes.len() as u64 == length_of(n)) || stl_ascii::looks(bytes)
}

/// Reads an STL. A length that fits the count of the header decides for binary, because binary
/// files may begin with `solid` too.
pub(super) fn read(source: Source<'_>, limits: &Limits) -> Result<Raw, MeshError> {
    let bytes = source.bytes();
    let said = said_count(bytes);
    if said.is_some_and(|n| bytes.len() as u64 == length_of(n)) {
        return read_binary(source, bytes, limits);
    }
    if stl_ascii::looks(bytes) {
        return stl_ascii::read(source, limits);
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
    let mut raw = read_binary(source, &bytes[..HEAD + count as usize * RECORD], limits)?;
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

/// Reads and welds whole records in one pass, batch by batch.
fn read_binary(source: Source<'_>, bytes: &[u8], limits: &Limits) -> Result<Raw, MeshError> {
    let (records, _) = bytes[HEAD..].as_chunks::<RECORD>();
    check_count(records.len() as u64, limits)?;
    // A closed surface has half as many vertices as triangles.
    let mut welder = Welder::with_capacity(records.len() / 2 + 2);
    let mut triangles = Vec::with_capacity(records.len());
    for (w, window) in records.chunks(WINDOW).enumerate() {
        let (batches, rest) = window.as_chunks::<BATCH>();
        for batch in batches {
            let points: [_; 3 * BATCH] = points_of(batch);
            check_finite(&points, triangles.len())?;
            triangles.extend_from_slice(welder.add_all(&points).as_chunks().0);
        }
        for record in rest {
            let points: [_; 3] = points_of(std::slice::from_ref(record));
            check_finite(&points, triangles.len())?;
            triangles.push(welder.add_all(&points));
        }
        let from = HEAD + w * WINDOW * RECORD;
        source.release(from..from + window.len() * RECORD);
    }
    Ok(Raw::welded(welder, triangles))
}

/// The corners of records, three each.
#[inline(always)]
fn points_of<const N: usize>(records: &[[u8; RECORD]]) -> [[f64; 3]; N] {
    let mut points = [[0.0; 3]; N];
    for (record, corners) in records.iter().zip(points.as_chunks_mut::<3>().0) {
        let (numbers, _) = record[12..48].as_chunks::<4>();
        for (x, bytes) in corners.as_flattened_mut().iter_mut().zip(numbers) {
            *x = f64::from(f32::from_le_bytes(*bytes));
        }
    }
    points
}

/// Fails with the first corner that is not finite; `before` triangles come before the points.
#[inline(always)]
fn check_finite(points: &[[f64; 3]], before: usize) -> Result<(), MeshError> {
    let mut finite = true;
    for x in points.as_flattened() {
        finite &= x.abs() < f64::INFINITY;
    }
    if finite { Ok(()) } else { not_finite(points, before) }
}

#[cold]
fn not_finite(points: &[[f64; 3]], before: usize) -> Result<(), MeshError> {
    for (c, point) in points.iter().enumerate() {
        if let Some(x) = point.iter().find(|x| !x.is_finite()) {
            let place = format!("triangle {}, corner {}", before + c / 3 + 1, c % 3 + 1);
            return Err(MeshError::NotFinite { place, value: x.to_string() });
        }
    }
    Ok(())
}
