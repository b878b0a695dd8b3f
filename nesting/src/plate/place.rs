//! Where to stand the next part on a plate: the best lattice position over all poses that the
//! raster calls free, slid into contact with the collision engine.

use super::bed::{Bed, Moving, Spot};
use super::container::Container;
use super::footprint::{Footprint, Shape};
use super::plane::Point;

/// What makes a position good: the less `wx · x + wy · y` of the part's centre, the better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pull {
    pub(super) wx: f64,
    pub(super) wy: f64,
}

impl Pull {
    fn of(&self, foot: &Footprint, at: Point) -> f64 {
        self.wx * (at[0] + foot.centre[0]) + self.wy * (at[1] + foot.centre[1])
    }
}

/// Positions of a row that are tried before the next row is.
const TRIES_PER_ROW: usize = 3;

/// Poses whose best position is slid into contact and compared.
const FINALISTS: usize = 3;

/// Ends of a slide, mm: closer contact is not looked for.
const CONTACT_MM: f64 = 0.02;

/// The best spot of a shape on a plate, if it has any.
pub(super) fn best_spot(
    bed: &Bed,
    plate: &Container,
    (item, index, shape): (usize, usize, &Shape),
    pull: Pull,
) -> Option<Spot> {
    let mut found: Vec<(f64, usize, Point)> = Vec::new();
    for (pose, foot) in shape.poses.iter().enumerate() {
        let limit = if found.len() < FINALISTS { f64::INFINITY } else { found[FINALISTS - 1].0 };
        if let Some((score, at)) = lattice_best(bed, plate, foot, pull, limit) {
            found.push((score, pose, at));
            found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            found.truncate(FINALISTS);
        }
    }
    found
        .into_iter()
        .map(|(_, pose, at)| {
            let foot = &shape.poses[pose];
            let at = slid(bed, plate, foot, at, pull);
            (pull.of(foot, at), Spot { item, shape: index, pose, at })
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, spot)| spot)
}

/// The best free lattice position of a pose with a score under `limit`.
fn lattice_best(
    bed: &Bed,
    plate: &Container,
    foot: &Footprint,
    pull: Pull,
    limit: f64,
) -> Option<(f64, Point)> {
    let lat = plate.lattice;
    let mut best: Option<(f64, Point)> = None;
    let mut moving = Moving::new(foot);
    for j in 0..lat.ny {
        let bound = best.map_or(limit, |b| b.0);
        let Some((first, _)) = foot.range[j] else { continue };
        if pull.of(foot, lat.at(0, j)) >= bound {
            break;
        }
        if pull.of(foot, lat.at(first, j)) >= bound {
            continue;
        }
        let Some(mut row) = foot.blocked_by_plate(j) else { continue };
        bed.raster().blocked(&foot.mask, j, &mut row);
        let free = (0..row.len()).flat_map(|w| bits(!row[w]).map(move |b| w * 64 + b));
        for i in free.take(TRIES_PER_ROW) {
            let at = lat.at(i, j);
            let score = pull.of(foot, at);
            if score >= bound {
                break;
            }
            if foot.allowed(plate, at) && !bed.collides(&mut moving, at) {
                best = Some((score, at));
                break;
            }
        }
    }
    best
}

/// Indices of the set bits of a word.
fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(bit)
    })
}

/// Slides a part from a free position against its neighbours: along the stronger pull first.
pub(super) fn slid(
    bed: &Bed,
    plate: &Container,
    foot: &Footprint,
    mut at: Point,
    pull: Pull,
) -> Point {
    let axes = if pull.wy >= pull.wx { [1, 0] } else { [0, 1] };
    let mut moving = Moving::new(foot);
    for _ in 0..2 {
        let before = at;
        for axis in axes {
            let mut step = plate.lattice.cell;
            while step >= CONTACT_MM {
                let mut next = at;
                next[axis] -= step;
                if foot.allowed(plate, next) && !bed.collides(&mut moving, next) {
                    at = next;
                } else {
                    step /= 2.0;
                }
            }
        }
        if before == at {
            break;
        }
    }
    at
}
