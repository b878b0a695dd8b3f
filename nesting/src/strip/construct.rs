//! A first layout: the largest first, each as far to the left as it fits.

use rand::RngExt;
use rand_pcg::Pcg64;

use crate::planar::{Arrangement, Outlines, Place};

/// Heights at which each turn of an outline is tried, beside those that touch others.
const HEIGHTS: usize = 100;

/// Lays every copy on the strip; nothing overlaps.
pub(super) fn construct(outlines: &Outlines, height: f64, rng: &mut Pcg64) -> Arrangement {
    let mut order: Vec<usize> = (0..outlines.copies.len()).collect();
    order.sort_by(|&a, &b| outlines.shape(b).area.total_cmp(&outlines.shape(a).area));
    let mut arrangement =
        Arrangement { size: [0.0, height], places: vec![Place::default(); order.len()] };
    for (rank, &copy) in order.iter().enumerate() {
        let place = leftmost(outlines, &arrangement, &order[..rank], copy, rng);
        let end = place.at[0] + outlines.turned(place.turned).size[0];
        arrangement.places[copy] = place;
        arrangement.size[0] = arrangement.size[0].max(end);
    }
    arrangement
}

/// The place where a copy ends farthest to the left among those tried.
fn leftmost(
    outlines: &Outlines,
    arrangement: &Arrangement,
    laid: &[usize],
    copy: usize,
    rng: &mut Pcg64,
) -> Place {
    let mut best = (f64::INFINITY, Place::default());
    let mut spans = Vec::new();
    for turned in outlines.shape(copy).turns.clone() {
        let size = outlines.turned(turned).size;
        let room = arrangement.size[1] - size[1];
        if room < 0.0 {
            continue;
        }
        let anywhere = (0..HEIGHTS).map(|_| rng.random_range(0.0..1.0) * room);
        for y in [0.0, room].into_iter().chain(anywhere) {
            spans.clear();
            for &other in laid {
                let fixed = arrangement.places[other];
                let no_fit = outlines.no_fit(turned, fixed.turned);
                no_fit.spans_at(y - fixed.at[1], &mut spans, fixed.at[0]);
            }
            let x = first_free(&mut spans);
            if x + size[0] < best.0 {
                best = (x + size[0], Place { turned, at: [x, y] });
            }
        }
    }
    best.1
}

/// The least position, from 0 on, that lies in no span.
fn first_free(spans: &mut [[f64; 2]]) -> f64 {
    spans.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut x = 0.0_f64;
    for [from, to] in spans.iter() {
        if *from > x {
            break;
        }
        x = x.max(*to);
    }
    x
}
