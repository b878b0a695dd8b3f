//! Draws of dimensions.

use rand::RngExt;
use rand_pcg::Pcg64;

/// A number between `low` and `high`.
pub(super) fn draw(rng: &mut Pcg64, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.random::<f64>()
}

/// A whole number from `low` to `high`, both included.
pub(super) fn count(rng: &mut Pcg64, low: usize, high: usize) -> usize {
    rng.random_range(low as u64..=high as u64) as usize
}

/// Whether a thing of probability `p` is so.
pub(super) fn chance(rng: &mut Pcg64, p: f64) -> bool {
    rng.random::<f64>() < p
}

/// A wall for a part of size `scale`: `share` of it, but between 1.2 and 6 mm.
pub(super) fn wall(rng: &mut Pcg64, scale: f64, share: f64) -> f64 {
    (draw(rng, 0.8, 1.3) * share * scale).clamp(1.2, 6.0)
}
