use std::collections::BTreeSet;

use platewright_check::check_plates;
use platewright_model::plate::{FilledPlate, PlateLayout};
use platewright_model::strip::{PlacedOutline, ring_area};

use super::outline::{bounds, is_simple, stable_faces};
use super::*;
use crate::body::{cuboid, l_prism};

#[test]
fn there_are_forty_two_jobs_of_their_sizes() {
    let jobs = plate_jobs(1);
    let names: BTreeSet<&str> = jobs.iter().map(|job| job.name.as_str()).collect();
    assert_eq!((jobs.len(), names.len()), (42, 42));
    assert!(names.contains("mixed-25-rect-g0.5"), "{names:?}");
    let mut sides = Vec::new();
    for job in &jobs {
        let mut words = job.name.split('-');
        let (mix, size) = (words.next(), words.next().and_then(|n| n.parse().ok()));
        assert_eq!(Some(job.copies()), size, "{}", job.name);
        let copied = job.parts.iter().any(|part| part.copies > 1);
        assert_eq!(copied, mix == Some("copies"), "{}", job.name);
        assert!(job.parts.iter().all(|part| part.turns.is_none() && part.copies >= 1));
        for part in &job.parts {
            let (low, high) = bounds(&part.outline);
            let longer = (high[0] - low[0]).max(high[1] - low[1]);
            // Thinning out corners may take a little off.
            assert!((SIDES[0] - 0.1..=SIDES[1] + 0.1).contains(&longer), "{longer}");
            assert!(ring_area(&part.outline) > 1.0);
            assert!(part.outline.len() < 1000, "{} has {}", part.name, part.outline.len());
            sides.push(longer);
        }
    }
    sides.sort_by(f64::total_cmp);
    let median = sides[sides.len() / 2];
    assert!((30.0..34.0).contains(&median), "{median}");
}

#[test]
fn every_outline_is_sound_and_fits_its_bed() {
    for job in plate_jobs(2).iter().filter(|job| job.copies() <= 100) {
        let middle = match job.plates[0].bed {
            Bed::Circle { centre, .. } => centre,
            _ => [125.0, 105.0],
        };
        for part in &job.parts {
            let (low, high) = bounds(&part.outline);
            let at = [0, 1].map(|k| middle[k] - f64::midpoint(low[k], high[k]));
            let alone = PlateProblem {
                parts: vec![PlatePart { copies: 1, ..part.clone() }],
                ..job.clone()
            };
            let placed = vec![PlacedOutline { item: 0, turn: 0.0, at }];
            let plates = vec![FilledPlate { plate: 0, placed }];
            let faults = check_plates(&alone, &PlateLayout { plates, left: Vec::new() });
            assert_eq!(faults, [], "{}: {}", job.name, part.name);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_jobs() {
    assert_eq!(plate_jobs(3), plate_jobs(3));
    assert_ne!(plate_jobs(3)[0].parts, plate_jobs(4)[0].parts);
}

#[test]
fn bodies_stand_on_stable_faces() {
    let faces = stable_faces(&cuboid(10.0, 20.0, 30.0));
    assert_eq!(faces.len(), 6);
    assert!(faces[0].x.abs() > 0.999, "the largest face lies lowest: {faces:?}");
    // The slanted face of an L is part of its hull, and the two legs' ends are.
    let faces = stable_faces(&l_prism(30.0, 30.0, 5.0, 40.0));
    assert!(faces.iter().any(|f| f.x > 0.7 && f.y > 0.7), "{faces:?}");
}

#[test]
fn rings_that_touch_themselves_are_not_simple() {
    let square = [[0, 0], [4, 0], [4, 4], [0, 4]];
    assert!(is_simple(&square));
    assert!(!is_simple(&[[0, 0], [4, 0], [0, 4], [4, 4]]), "crossed");
    assert!(!is_simple(&[[0, 0], [4, 0], [2, 0], [2, 4]]), "turning back");
    assert!(!is_simple(&[[0, 0], [4, 0], [4, 4], [2, 0], [0, 4]]), "touching an edge");
    assert!(is_simple(&[[0, 0], [2, 0], [4, 0], [4, 4]]), "straight on");
    assert!(!is_simple(&square[..2]));
}
