//! As far to the left as it fits.

use super::task::Task;
use crate::planar::{Arrangement, Place, first_free};

/// Heights at which each turn of a part is tried.
const HEIGHTS: usize = 24;

/// The place where a part ends farthest to the left among those tried: so many turns at most.
pub(super) fn leftmost(
    task: &Task<'_>,
    arrangement: &Arrangement,
    part: usize,
    most_turns: usize,
) -> Option<Place> {
    let outlines = &task.outlines;
    let turns = outlines.shapes[part].turns.clone();
    let step = turns.len().div_ceil(most_turns);
    let mut best: Option<(f64, Place)> = None;
    let mut spans = Vec::new();
    for turned in turns.step_by(step) {
        let Some([low, room]) = arrangement.room(outlines, turned) else { continue };
        let right = outlines.turned(turned).bounds()[1][0];
        for k in 0..HEIGHTS {
            let y = low[1] + room[1] * k as f64 / (HEIGHTS - 1) as f64;
            let mut x = low[0];
            // Where straight edges cut the box, a little farther until it is inside of them.
            for _ in 0..16 {
                x = first_free(outlines, arrangement, turned, [x, y], &mut spans);
                let over = arrangement.limits.over(turned, [x, y]);
                if over <= 0.0 || x > low[0] + room[0] {
                    break;
                }
                x += over + 1e-3 * room[0];
            }
            let fits = x <= low[0] + room[0] && arrangement.limits.over(turned, [x, y]) <= 0.0;
            // Lower comes first where both end as far to the left.
            let rank = x + right + 1e-6 * y;
            if fits && best.is_none_or(|(least, _)| rank < least) {
                best = Some((rank, Place { turned, at: [x, y] }));
            }
        }
    }
    best.map(|(_, place)| place)
}
