//! Slopes of the value of prices of time and lateness, averaged over sweeps.

use crate::batching::bound::duals::Duals;
use crate::batching::bound::orders::Order;

/// Share of the newest slopes in the average, at least and at most.
const BLEND: [f64; 2] = [0.02, 0.1];

/// Adds what a batch occupies of each span, in parts of the span.
pub(crate) fn occupy(time: &mut [f64], grid: &[i64], span: usize, length: f64, most: f64) {
    let mut left = length;
    for k in (0..=span).rev() {
        let from = if k == 0 { 0 } else { grid[k] };
        let width = ((grid[k + 1] - from) as f64).max(1.0);
        let part = left.min(width);
        time[k] += most * part / width;
        left -= part;
        if left <= 0.0 {
            break;
        }
    }
}

/// Slopes of the dual function, averaged over sweeps.
pub(crate) struct Slopes {
    pub(crate) late: Vec<f64>,
    /// In units of a whole span.
    pub(crate) time: Vec<Vec<f64>>,
}

impl Slopes {
    /// Mixes newer slopes in, by the share that makes them shortest.
    pub(crate) fn blend(&mut self, new: &Self, scale: f64) {
        let (own, both, theirs) = (self.norm(scale), self.product(new, scale), new.norm(scale));
        let share = (own - both) / (own - 2.0 * both + theirs).max(1e-9);
        let share = share.clamp(BLEND[0], BLEND[1]);
        let mix = |old: &mut [f64], new: &[f64]| {
            for (old, new) in old.iter_mut().zip(new) {
                *old += share * (new - *old);
            }
        };
        mix(&mut self.late, &new.late);
        for (old, new) in self.time.iter_mut().zip(&new.time) {
            mix(old, new);
        }
    }

    /// Square of its length.
    pub(crate) fn norm(&self, scale: f64) -> f64 {
        self.product(self, scale).max(1e-9)
    }

    /// Product with others, where rates of lateness are those of `scale` of time.
    fn product(&self, other: &Self, scale: f64) -> f64 {
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let late = product(&self.late, &other.late) / (scale * scale);
        late + self.time.iter().zip(&other.time).map(|(a, b)| product(a, b)).sum::<f64>()
    }

    /// Prices a step along the slopes; those of time stay falling and not below 0.
    pub(crate) fn step(&self, from: &Duals, step: f64, scale: f64, orders: &[Order]) -> Duals {
        let mut to = from.clone();
        for (rates, slopes) in to.time.iter_mut().zip(&self.time) {
            let spans = rates.len();
            for k in 0..spans - 1 {
                let width = ((to.grid[k + 1] - from.begin(k)) as f64).max(1.0);
                rates[k] = (rates[k] + step * slopes[k] / width).max(0.0);
            }
            fall(&mut rates[..spans - 1]);
        }
        for order in orders {
            for &(part, copies) in &order.parts {
                to.late[part] += step * self.late[part] / (copies * scale * scale);
            }
            order.share_out(&mut to.late);
        }
        to
    }
}

/// The nearest falling sequence (pool adjacent violators).
pub(crate) fn fall(rates: &mut [f64]) {
    let mut pools: Vec<(f64, usize)> = Vec::with_capacity(rates.len());
    for &rate in rates.iter() {
        let mut pool = (rate, 1);
        while let Some(&(mean, n)) = pools.last() {
            if mean >= pool.0 {
                break;
            }
            pools.pop();
            let sum = mean * n as f64 + pool.0 * pool.1 as f64;
            pool = (sum / (n + pool.1) as f64, n + pool.1);
        }
        pools.push(pool);
    }
    let mut at = 0;
    for (mean, n) in pools {
        rates[at..at + n].fill(mean);
        at += n;
    }
}
