//! Models damaged all over: every fault of a bad export at random, as dense as asked for.
//!
//! The corpus keeps its faults apart, so that each can be found and counted. Here they lie as
//! chance will have it, on, beside and inside one another, which is what a slicer must live with
//! that nobody repaired a model for.

use rand::RngExt;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::bodies::{Sound, bodies};
use super::shape::{icosphere, size};
use super::work::{Role, Work, point, rounded};
use super::{Corpus, FaultKind, FaultyCase};
use crate::night::stream::stream;

/// Share of the triangles that get each kind of fault at density 1.
const SHARES: [(FaultKind, f64); 5] = [
    (FaultKind::Flipped, 5e-3),
    (FaultKind::Crack, 2e-3),
    (FaultKind::Hole, 2e-3),
    (FaultKind::Duplicate, 1e-3),
    (FaultKind::Degenerate, 1e-3),
];

/// How far a corner of a cracked triangle is off along an axis, mm.
const CRACK_MM: f64 = 1e-3;

/// Fewest triangles of a body: on coarse ones a single loss changes the shape beyond knowing.
const LEAST: usize = 2000;

/// Damages the fine bodies of a corpus all over; `density` 1 spoils one triangle in a hundred.
///
/// A ball pierces each body too. The truth is the union of body and ball, but no correction is
/// promised to reach it at high densities: what is lost at a sharp edge is lost.
pub fn battered(options: &Corpus, density: f64) -> Vec<FaultyCase> {
    let all = bodies(options.seed, options.real.as_deref());
    let fine: Vec<Sound> = all.into_iter().filter(|b| b.mesh.triangles.len() >= LEAST).collect();
    let batter = |(number, body): (usize, &Sound)| {
        let name = format!("{number:03}-battered-{density}-{}", body.name);
        let mut rng = stream(options.seed, &name);
        let mut case = batter(body, &mut rng, density)?;
        (case.name, case.recipe) = (name, format!("battered-{density}"));
        Some(case)
    };
    fine.par_iter().enumerate().filter_map(batter).collect()
}

fn batter(body: &Sound, rng: &mut Pcg64, density: f64) -> Option<FaultyCase> {
    let mut work = Work::new(body.mesh.clone());
    let t = work.any(rng);
    let radius = 0.35 * size(&work.base).min();
    let ball = rounded(&icosphere(work.base.corners(t)[0], radius, 4));
    let added = work.push_shell(Role::United, ball, false);
    work.note(FaultKind::PiercingShell, 1, &added);
    let triangles = work.soup.len();
    for (kind, share) in SHARES {
        let hit: Vec<usize> =
            (0..triangles).filter(|_| rng.random::<f64>() < share * density).collect();
        let mut involved = hit.clone();
        for &t in &hit {
            let Some(mut tri) = work.soup[t] else { continue };
            match kind {
                FaultKind::Flipped => tri.swap(1, 2),
                FaultKind::Crack => {
                    for corner in &mut tri {
                        let off =
                            |c: f32| f64::from(c) + CRACK_MM * (2.0 * rng.random::<f64>() - 1.0);
                        *corner = point(corner.map(off).into());
                    }
                }
                FaultKind::Duplicate => involved.push(work.push(tri)),
                FaultKind::Degenerate => involved.push(work.push([tri[0], tri[1], tri[1]])),
                _ => {}
            }
            work.soup[t] = (kind != FaultKind::Hole).then_some(tri);
        }
        if !involved.is_empty() {
            work.note(kind, hit.len(), &involved);
        }
    }
    work.finish(rng, false)
}
