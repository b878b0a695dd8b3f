//! As low as it comes.

use super::task::Task;
use crate::solid::{Arrangement, Posed};

/// Places along the width and the depth at which each rotation of a part is tried.
const PLACES: usize = 10;

/// The place where a part ends lowest among those tried: at each rotation and at places in a grid,
/// the least height at which it overlaps nothing.
pub(super) fn lowest(task: &Task<'_>, arrangement: &Arrangement, part: usize) -> Option<Posed> {
    let solid = part as u32;
    let mut best: Option<(f64, Posed)> = None;
    let mut spans = Vec::new();
    for &rotation in &task.solids.solids[part].turns {
        let Some([low, room]) = arrangement.room(&task.solids, solid, rotation) else { continue };
        let top = task.solids.extent(solid, rotation).high()[2];
        for place in 0..PLACES * PLACES {
            let along =
                |k: usize, step: usize| low[k] + room[k] * step as f64 / (PLACES - 1) as f64;
            let at = [along(0, place % PLACES), along(1, place / PLACES), low[2]];
            // Lower first; where equally low, nearer to a corner of the base.
            let aside = 1e-6 * (at[0] + at[1]);
            if best.is_some_and(|(least, _)| low[2] + top + aside >= least) {
                continue;
            }
            let posed = Posed { solid, rotation, at };
            let z = arrangement.first_free(&task.solids, posed, &mut spans);
            let rank = z + top + aside;
            if z <= low[2] + room[2] && best.is_none_or(|(least, _)| rank < least) {
                best = Some((rank, Posed { at: [at[0], at[1], z], ..posed }));
            }
        }
    }
    best.map(|(_, posed)| posed)
}
