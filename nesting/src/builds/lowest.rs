//! As low as it comes.

use platewright_model::volume::LayerLimits;

use super::task::Task;
use crate::layers::{Ledger, Profile};
use crate::solid::{Arrangement, Posed, leaves, ledger, profile};

/// Places along the width and the depth at which each rotation of a part is tried.
const PLACES: usize = 10;

/// The place where a part ends lowest among those tried: at each rotation and at places in a grid,
/// the least height at which it overlaps nothing and layers take it. Where parts must come apart it
/// can leave before all that are there.
pub(super) fn lowest(task: &Task<'_>, arrangement: &Arrangement, part: usize) -> Option<Posed> {
    let solid = part as u32;
    let mut best: Option<(f64, Posed)> = None;
    let mut spans = Vec::new();
    let fused = arrangement.layers.map(|own| (own, ledger(&task.solids, arrangement, own)));
    for &rotation in &task.solids.solids[part].turns {
        let Some([low, room]) = arrangement.room(&task.solids, solid, rotation) else { continue };
        let top = task.solids.extent(solid, rotation).high()[2];
        let least = Posed { solid, rotation, at: low };
        let takes = fused.as_ref().map(|(layers, ledger)| {
            let profile = profile(&task.solids, least, *layers);
            Takes { limits: layers.limits, ledger, profile, low: low[2] }
        });
        for place in 0..PLACES * PLACES {
            let along =
                |k: usize, step: usize| low[k] + room[k] * step as f64 / (PLACES - 1) as f64;
            let at = [along(0, place % PLACES), along(1, place / PLACES), low[2]];
            // Lower first; where equally low, nearer to a corner of the base.
            let aside = 1e-6 * (at[0] + at[1]);
            if best.is_some_and(|(least, _)| low[2] + top + aside >= least) {
                continue;
            }
            let mut posed = Posed { at, ..least };
            let highest = low[2] + room[2];
            posed.at[2] = arrangement.first_free(&task.solids, posed, &mut spans);
            while let Some(takes) = takes.as_ref().filter(|_| posed.at[2] <= highest) {
                let taken = takes.from(posed.at[2], highest);
                let at = [at[0], at[1], taken];
                posed.at[2] =
                    arrangement.first_free(&task.solids, Posed { at, ..posed }, &mut spans);
                if posed.at[2] <= taken {
                    break;
                }
            }
            let rank = posed.at[2] + top + aside;
            if posed.at[2] <= highest
                && best.is_none_or(|(least, _)| rank < least)
                && (!task.problem.removable || leaves(&task.solids, arrangement, posed))
            {
                best = Some((rank, posed));
            }
        }
    }
    best.map(|(_, posed)| posed)
}

/// What layers take of a part at a rotation.
struct Takes<'a> {
    limits: LayerLimits,
    ledger: &'a Ledger,
    /// What it fuses at the least height.
    profile: Profile,
    low: f64,
}

impl Takes<'_> {
    /// The least height from another one on, whole layers above the least, at which layers take
    /// the part; above the highest if there is none.
    fn from(&self, z: f64, highest: f64) -> f64 {
        let height = self.limits.height;
        let mut up = ((z - self.low) / height).ceil().max(0.0);
        // The quotient may have been rounded down.
        if self.low + up * height < z {
            up += 1.0;
        }
        while self.low + up * height <= highest
            && !self.ledger.takes(&self.profile, up as usize, &self.limits)
        {
            up += 1.0;
        }
        self.low + up * height
    }
}
