//! Plate problems and their layouts as JSON.

use std::path::Path;

use platewright_model::plate::{Bed, PlateLayout, PlateProblem};

use crate::StoreError;
use crate::instance::{open, parse, write_json};

/// Reads a plate problem: JSON with the fields of [`PlateProblem`]. The first corner of a ring may
/// be repeated as the last. Numbers are taken as they are; whether they make sense is for the
/// nester to say.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Json`].
pub fn read_plates(path: &Path) -> Result<PlateProblem, StoreError> {
    parse_plates(path, &open(path)?)
}

/// Reads a layout of plates: JSON with the fields of [`PlateLayout`].
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Json`].
pub fn read_plate_layout(path: &Path) -> Result<PlateLayout, StoreError> {
    parse(path, &open(path)?)
}

/// Writes a layout of plates as JSON; read back, it is the same to the last bit.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Encode`].
pub fn write_plate_layout(path: &Path, layout: &PlateLayout) -> Result<(), StoreError> {
    write_json(path, layout)
}

pub(crate) fn parse_plates(path: &Path, text: &str) -> Result<PlateProblem, StoreError> {
    let mut problem: PlateProblem = parse(path, text)?;
    for kind in &mut problem.plates {
        if let Bed::Polygon(ring) = &mut kind.bed {
            open_ring(ring);
        }
        kind.zones.iter_mut().for_each(|zone| open_ring(&mut zone.outline));
    }
    for part in &mut problem.parts {
        open_ring(&mut part.outline);
        part.holes.iter_mut().for_each(open_ring);
    }
    Ok(problem)
}

/// Drops a last corner that repeats the first.
fn open_ring(ring: &mut Vec<[f64; 2]>) {
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
}

#[cfg(test)]
mod tests {
    use platewright_model::plate::FilledPlate;
    use platewright_model::strip::PlacedOutline;

    use super::*;
    use crate::{Instance, read_instance};

    const TWO: &str = r#"{"name": "two", "gap": 2, "plates": [
        {"bed": {"rectangle": [250, 210]}, "edge_gap": 5,
         "zones": [{"outline": [[0, 0], [9, 0], [9, 9], [0, 0]], "gap": 1}]},
        {"bed": {"circle": {"centre": [0, 0], "radius": 130}}, "stock": 2, "cost": 1.5},
        {"bed": {"polygon": [[0, 0], [90, 0], [0, 90], [0, 0]]}}], "parts": [
        {"outline": [[0, 0], [8, 0], [0, 8], [0, 0]], "copies": 3, "turns": [0, 90]},
        {"outline": [[0, 0], [8, 0], [0, 8]], "holes": [[[1, 1], [2, 1], [1, 2], [1, 1]]],
         "host": true}]}"#;

    #[test]
    fn a_plate_problem_is_read_with_its_rings_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("two.json");
        std::fs::write(&path, TWO).unwrap();
        let problem = read_plates(&path).unwrap();
        assert_eq!((problem.gap, problem.copies()), (2.0, 4));
        assert_eq!(problem.plates[0].zones[0].outline.len(), 3);
        assert_eq!((problem.plates[1].stock, problem.plates[1].cost), (Some(2), 1.5));
        assert!(matches!(&problem.plates[2].bed, Bed::Polygon(ring) if ring.len() == 3));
        let parts = &problem.parts;
        assert!(parts.iter().all(|part| part.outline.len() == 3));
        assert_eq!(parts[1].holes[0].len(), 3);
        assert_eq!((parts[0].turns.as_deref(), &parts[1].turns), (Some(&[0.0, 90.0][..]), &None));
        assert_eq!(read_instance(&path, 1).unwrap(), Instance::Plates(problem));

        std::fs::write(&path, TWO.replace("\"copies\"", "\"number\"")).unwrap();
        let error = read_plates(&path).unwrap_err().to_string();
        assert!(error.contains("E1002") && error.contains("number"), "{error}");
        assert!(error.contains("line 6"), "{error}");
    }

    #[test]
    fn the_committed_job_is_forty_rectangles() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets/plates");
        let problem = read_plates(&folder.join("copies-40x24x48.json")).unwrap();
        assert_eq!((problem.gap, problem.copies(), problem.parts[0].area()), (2.0, 40, 1152.0));
        assert_eq!(problem.parts[0].turns.as_deref(), Some(&[0.0, 90.0][..]));
    }

    #[test]
    fn a_layout_comes_back_to_the_last_bit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("layout.json");
        let place = PlacedOutline { item: 1, turn: 0.1 + 0.2, at: [1.0 / 3.0, -1e-17] };
        let plates = vec![FilledPlate { plate: 0, placed: vec![place] }];
        let layout = PlateLayout { plates, left: vec![(0, 3)] };
        write_plate_layout(&path, &layout).unwrap();
        assert_eq!(read_plate_layout(&path).unwrap(), layout);
    }
}
