//! What the layers of an arrangement fuse.

use super::arrangement::{Arrangement, Layered};
use super::solids::{Posed, Solids};
use super::vector::{minus, plus, turned};
use crate::layers::{Ledger, Profile};

/// What all layers fuse.
pub(crate) fn ledger(solids: &Solids, arrangement: &Arrangement, layers: Layered) -> Ledger {
    let mut ledger = Ledger::default();
    for posed in arrangement.posed().iter().filter(|posed| !solids.is_wall(posed.solid)) {
        ledger.add(&profile(solids, *posed, layers), 0);
    }
    ledger
}

/// What a part fuses in its place.
pub(crate) fn profile(solids: &Solids, posed: Posed, layers: Layered) -> Profile {
    let (mesh, middle) = &solids.meshes[posed.solid as usize];
    let by = &solids.rotations[posed.rotation as usize];
    let at = plus(posed.at, [0.0, 0.0, layers.below]);
    Profile::new(mesh, |p| plus(turned(by, minus(p, *middle)), at), layers.limits.height)
}
