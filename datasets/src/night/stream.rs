//! Independent streams of random numbers for the parts of a night.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// The stream of `task`: depends on the seed and the task's name alone (FNV-1a), so that one
/// more draw in one task changes nothing in another.
pub(crate) fn stream(seed: u64, task: &str) -> Pcg64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
    for byte in task.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    Pcg64::seed_from_u64(hash)
}

/// A number between `low` and `high`.
pub(super) fn draw(rng: &mut Pcg64, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.random::<f64>()
}

/// One of `choices`, each with its weight.
pub(super) fn pick<'a, T>(rng: &mut Pcg64, choices: &'a [(T, f64)]) -> &'a T {
    let mut left = rng.random::<f64>() * choices.iter().map(|c| c.1).sum::<f64>();
    for (choice, weight) in choices {
        left -= weight;
        if left < 0.0 {
            return choice;
        }
    }
    &choices.last().expect("there is something to pick from").0
}

/// An index below `n`, the first most often (Zipf's law with exponent 0.8).
pub(crate) fn zipf(rng: &mut Pcg64, n: usize) -> usize {
    let weights: Vec<(usize, f64)> = (0..n).map(|i| (i, (i as f64 + 1.0).powf(-0.8))).collect();
    *pick(rng, &weights)
}

/// A normal deviate (sum of twelve uniform numbers, which needs no logarithm).
pub(crate) fn normal(rng: &mut Pcg64) -> f64 {
    (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0
}
