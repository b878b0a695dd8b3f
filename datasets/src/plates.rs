//! Plate jobs: outlines of parts, as they come to a service, on beds of three kinds.

mod outline;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use platewright_model::plate::{Bed, PlatePart, PlateProblem, PlateType, Zone};
use rand::RngExt;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use self::outline::{Silhouette, pool, scaled};
use crate::error::DatasetError;
use crate::night::stream::{normal, stream, zipf};

/// Parts of the jobs; 100 comes twice, with other gaps.
const SIZES: [u32; 7] = [25, 50, 100, 100, 200, 400, 1000];
/// Gaps of the jobs in turn, mm.
const GAPS: [f64; 5] = [0.5, 1.0, 2.0, 5.0, 10.0];
/// Median of the longer side of an outline, mm.
const MEDIAN: f64 = 32.0;
/// Standard deviation of the logarithm of the longer side.
const SPREAD: f64 = 0.55;
/// Least and greatest longer side, mm.
const SIDES: [f64; 2] = [12.0, 120.0];

/// What a job is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mix {
    /// Every part an outline of its own.
    Mixed,
    /// A few outlines, some of them in many copies.
    Copies,
}

/// The beds of the jobs by name: a rectangle, a circle, a rectangle with a strip for purging and
/// two clamps.
fn beds() -> [(&'static str, PlateType); 3] {
    let rectangle = PlateType {
        name: "250 x 210".into(),
        bed: Bed::Rectangle([250.0, 210.0]),
        ..PlateType::default()
    };
    let round = PlateType {
        name: "round 260".into(),
        bed: Bed::Circle { centre: [0.0, 0.0], radius: 130.0 },
        ..PlateType::default()
    };
    let zone = |x: [f64; 2], y: [f64; 2], gap| Zone {
        outline: vec![[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]],
        gap,
        above: None,
    };
    let zoned = PlateType {
        name: "250 x 210 with zones".into(),
        zones: vec![
            zone([20.0, 150.0], [0.0, 8.0], 1.0),
            zone([40.0, 60.0], [200.0, 210.0], 2.0),
            zone([190.0, 210.0], [200.0, 210.0], 2.0),
        ],
        ..rectangle.clone()
    };
    [("rect", rectangle), ("round", round), ("zoned", zoned)]
}

/// Forty-two plate jobs: 25, 50, 100 (twice), 200, 400 and 1000 parts, each an outline of its own
/// or a few outlines in many copies, on a rectangle of 250 × 210 mm, a circle of radius 130 mm and
/// a rectangle with zones, with gaps of 0.5, 1, 2, 5 and 10 mm in turn.
///
/// Outlines are silhouettes of the bodies of [`families`](crate::families), standing on one of
/// their stable faces, holes filled, scaled so that their longer side is lognormal with a median
/// of 32 mm, between 12 and 120 mm. They may be turned at will; every one fits every bed. The name
/// of a job says what it is: `mixed-100-rect-g2`. The same seed gives the same jobs.
pub fn plate_jobs(seed: u64) -> Vec<PlateProblem> {
    let pool = pool();
    let mut jobs: Vec<(u32, Mix, &str, PlateType)> = Vec::new();
    for size in SIZES {
        for mix in [Mix::Mixed, Mix::Copies] {
            jobs.extend(beds().into_iter().map(|(name, kind)| (size, mix, name, kind)));
        }
    }
    let numbered = jobs.into_par_iter().enumerate();
    let made = numbered.map(|(index, (size, mix, bed, kind))| {
        let gap = GAPS[index % GAPS.len()];
        let what = match mix {
            Mix::Mixed => "mixed",
            Mix::Copies => "copies",
        };
        let name = format!("{what}-{size}-{bed}-g{gap}");
        let mut rng = stream(seed, &format!("plates/{name}"));
        let parts = match mix {
            Mix::Mixed => (0..size).map(|_| part(&mut rng, pool, 1)).collect(),
            Mix::Copies => {
                let copies = copies(&mut rng, size);
                copies.into_iter().map(|copies| part(&mut rng, pool, copies)).collect()
            }
        };
        PlateProblem { name, plates: vec![kind], parts, gap, ..PlateProblem::default() }
    });
    made.collect()
}

/// Writes [`plate_jobs`] to a folder, each as `NAME.json`, as `platewright nest` reads them; the
/// folder is made if it is not there. Returns the number of jobs and of parts in all.
///
/// # Errors
/// E1092: a file cannot be written.
pub fn write_plate_jobs(out: &Path, seed: u64) -> Result<(usize, usize), DatasetError> {
    fs::create_dir_all(out)
        .map_err(|source| DatasetError::Write { path: out.to_owned(), source })?;
    let jobs = plate_jobs(seed);
    for job in &jobs {
        let path = out.join(format!("{}.json", job.name));
        let mut text = serde_json::to_vec(job).expect("problems are plain data");
        text.push(b'\n');
        fs::write(&path, text).map_err(|source| DatasetError::Write { path, source })?;
    }
    Ok((jobs.len(), jobs.iter().map(PlateProblem::copies).sum()))
}

/// A part with an outline from the pool.
fn part(rng: &mut Pcg64, pool: &[Silhouette], copies: u32) -> PlatePart {
    loop {
        let silhouette = &pool[rng.random_range(0..pool.len())];
        let longer = longer_side(rng);
        // A few outlines fold on to themselves once they are that small: another one then.
        if let Some(outline) = scaled(&silhouette.outline, longer) {
            return PlatePart {
                name: silhouette.name.into(),
                outline,
                copies,
                ..Default::default()
            };
        }
    }
}

fn longer_side(rng: &mut Pcg64) -> f64 {
    loop {
        let longer = MEDIAN * (SPREAD * normal(rng)).exp();
        if (SIDES[0]..=SIDES[1]).contains(&longer) {
            return longer;
        }
    }
}

/// Copies of each outline of a job of so many parts: about two thirds of its square root in
/// number, at least one of each, the first ones most often.
fn copies(rng: &mut Pcg64, parts: u32) -> Vec<u32> {
    let kinds = ((f64::from(parts).sqrt() / 1.5).round() as usize).max(2);
    let mut copies = vec![1; kinds];
    for _ in kinds..parts as usize {
        copies[zipf(rng, kinds)] += 1;
    }
    copies
}
