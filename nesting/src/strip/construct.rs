//! A first layout: the largest first, each as far to the left as it fits.

use std::sync::Arc;

use rand::RngExt;
use rand_pcg::Pcg64;

use crate::planar::{Arrangement, Outlines, Place, first_free};

/// Heights at which each turn of an outline is tried, beside those that touch others.
const HEIGHTS: usize = 100;
/// Turns that are tried of outlines that have many.
const TURNS: usize = 8;

/// Lays a copy of each shape named on the strip; nothing overlaps.
pub(super) fn construct(
    outlines: &Outlines,
    shapes: &[usize],
    height: f64,
    rng: &mut Pcg64,
) -> Arrangement {
    let mut order = shapes.to_vec();
    let area = |shape: usize| outlines.shapes[shape].form.area;
    order.sort_by(|&a, &b| area(b).total_cmp(&area(a)));
    let mut arrangement = Arrangement::new([0.0, height], Arc::default(), outlines, Vec::new());
    for shape in order {
        let place = leftmost(outlines, &arrangement, shape, rng);
        let end = place.at[0] + outlines.turned(place.turned).bounds()[1][0];
        arrangement.add(outlines, place);
        arrangement.size[0] = arrangement.size[0].max(end);
    }
    arrangement
}

/// The place where a copy ends farthest to the left among those tried.
fn leftmost(
    outlines: &Outlines,
    arrangement: &Arrangement,
    shape: usize,
    rng: &mut Pcg64,
) -> Place {
    let mut best = (f64::INFINITY, Place::default());
    let mut spans = Vec::new();
    let turns = outlines.shapes[shape].turns.clone();
    let step = turns.len().div_ceil(TURNS);
    for turned in turns.step_by(step) {
        let [low, high] = outlines.turned(turned).bounds();
        let room = arrangement.size[1] - (high[1] - low[1]);
        if room < 0.0 {
            continue;
        }
        let anywhere = (0..HEIGHTS).map(|_| rng.random_range(0.0..1.0) * room);
        for y in [0.0, room].into_iter().chain(anywhere) {
            let from = [-low[0], y - low[1]];
            let x = first_free(outlines, arrangement, turned, from, &mut spans);
            if x + high[0] < best.0 {
                best = (x + high[0], Place { turned, at: [x, y - low[1]] });
            }
        }
    }
    best.1
}
