//! Simulated annealing of a region (Kirkpatrick, Gelatt, Vecchi 1983, Science 220).

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use crate::batching::moves::Dice;
use crate::batching::region::Region;

/// `steps` moves at a temperature, in units of cost.
pub(crate) fn anneal(region: &mut Region<'_>, steps: u64, temperature: f64, seed: u64) {
    if region.units.is_empty() {
        return;
    }
    let mut dice = Dice(Pcg32::seed_from_u64(seed));
    for _ in 0..steps {
        let u = (f64::from(dice.0.next_u32()) + 0.5) / f64::from(u32::MAX);
        let limit = (temperature * -u.min(1.0).ln()) as i64;
        region.step(&mut dice, limit);
    }
}
