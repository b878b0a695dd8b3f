//! Moves overlapping copies apart.

use rand::seq::SliceRandom;
use rand_pcg::Pcg64;

use super::Scene;
use super::overlaps::Overlaps;

/// A total overlap must fall by this factor to count as progress.
const PROGRESS: f64 = 0.98;

/// How long a search goes on without progress.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// Rounds without progress after which it goes back to the best arrangement.
    pub(crate) rounds: u32,
    /// How often it goes back without progress before it gives up.
    pub(crate) returns: u32,
}

/// What is left to be told as overlap where nothing overlaps, but copies may not stay as they are.
pub(crate) const NOT_STANDING: f64 = f64::MIN_POSITIVE;

/// How a separation ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Separated {
    /// Nothing overlaps any more, and all may stay as it is.
    Free,
    /// This much overlap is left, in the best arrangement that was found.
    Overlapping(f64),
}

/// Moves overlapping copies until nothing overlaps, patience ends, or `stop` says so when told
/// how many copies were relocated since it was last asked.
pub(crate) fn separate<S: Scene>(
    world: &S::World,
    scene: &mut S,
    patience: Patience,
    rng: &mut Pcg64,
    stop: &mut impl FnMut(u64) -> bool,
) -> Separated {
    let mut overlaps = Overlaps::new(world, scene);
    let mut least = overlaps.total();
    let mut best = scene.clone();
    let mut returns = 0;
    while least > 0.0 && returns < patience.returns {
        let before = least;
        let mut idle = 0;
        while idle < patience.rounds {
            let relocated = relocate_overlapping(world, scene, &mut overlaps, rng);
            let total = overlaps.total();
            idle = if total < PROGRESS * least { 0 } else { idle + 1 };
            if total < least {
                least = total;
                best.clone_from(scene);
            }
            if least == 0.0 {
                return freed(world, scene, stop);
            }
            overlaps.reweigh();
            if stop(relocated) {
                scene.clone_from(&best);
                return Separated::Overlapping(least);
            }
        }
        returns = if least < PROGRESS * before { 0 } else { returns + 1 };
        scene.clone_from(&best);
        overlaps.measure(world, scene);
    }
    if least == 0.0 { freed(world, scene, stop) } else { Separated::Overlapping(least) }
}

/// How it ended when nothing overlaps. That in vain counts as a place looked for for each copy, so
/// that searches end.
fn freed<S: Scene>(world: &S::World, scene: &S, stop: &mut impl FnMut(u64) -> bool) -> Separated {
    if scene.stands(world) {
        return Separated::Free;
    }
    stop(scene.copies()[0] as u64);
    Separated::Overlapping(NOT_STANDING)
}

/// Looks for a better place for each copy that overlaps others, in random order; returns for how
/// many.
fn relocate_overlapping<S: Scene>(
    world: &S::World,
    scene: &mut S,
    overlaps: &mut Overlaps,
    rng: &mut Pcg64,
) -> u64 {
    let mut order = overlaps.overlapping();
    order.shuffle(rng);
    let mut relocated = 0;
    for copy in order {
        let cost = overlaps.weighted(copy);
        // It may have come free in the meantime.
        if cost == 0.0 {
            continue;
        }
        relocated += 1;
        if scene.relocate(world, overlaps, copy, cost, rng) {
            overlaps.measure_one(world, scene, copy);
        }
    }
    relocated
}
