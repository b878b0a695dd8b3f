//! The tops of layers, by dynamic programming over all heights.

use std::collections::VecDeque;

use super::Limits;
use super::steepness::Steepness;

/// Area of level faces that are missed, then number of layers, then how far the last ends beyond
/// the build: the less, the better.
type Cost = (u64, u32, u32);

/// Tops of layers in steps, rising; the last at the end of the build or beyond it by less than
/// the least thickness.
///
/// From a height `b`, a layer may end at `b + least`, or at any height up to the farthest that
/// the limits allow: a thinner layer meets fewer triangles and has smaller cusps. The farthest
/// height never falls as `b` rises, so the limit and the best way on are both least values over
/// windows that slide, and all heights together take linear time. Of equal ways the one with the
/// thicker layer first is taken.
pub(super) fn choose(steepness: &Steepness, limits: &Limits) -> Vec<u32> {
    let end = steepness.limit.len() as u32;
    if end == 0 {
        return Vec::new();
    }
    // A layer may end beyond the build, where nothing limits it.
    let last = end - 1 + limits.least;
    let limit = |step: u32| steepness.limit.get(step as usize).copied().unwrap_or(limits.greatest);
    let below = level_area_below(&steepness.level, last);
    let mut next_top = vec![0; end as usize];
    let mut cost: Vec<Cost> = (0..=last).map(|at| (0, 0, at.saturating_sub(end))).collect();
    let mut thickness = Least::default();
    let mut way_on = Least::default();
    for step in (end..last).rev() {
        thickness.enter(step, limit(step));
    }
    let mut farthest = last;
    for b in (0..end).rev() {
        let nearest = b + limits.least;
        thickness.enter(b, limit(b));
        let (missed, layers, over) = cost[nearest as usize];
        way_on.enter(nearest, (missed + below[nearest as usize], layers, over));
        farthest = farthest.min(b + limits.greatest);
        thickness.leave(farthest);
        while farthest > nearest && farthest - b > thickness.least().1 {
            farthest -= 1;
            thickness.leave(farthest);
        }
        way_on.leave(farthest + 1);
        let (top, (missed, layers, over)) = way_on.least();
        next_top[b as usize] = top;
        // The level faces above the bottom of the layer and below its top are missed.
        cost[b as usize] = (missed - below[b as usize + 1], layers + 1, over);
    }
    let mut tops = Vec::new();
    let mut at = 0;
    while at < end {
        at = next_top[at as usize];
        tops.push(at);
    }
    tops
}

/// For each height up to `last`, the area of the level faces below it.
fn level_area_below(level: &[(u32, u64)], last: u32) -> Vec<u64> {
    let mut below = vec![0_u64; last as usize + 1];
    let mut sum = 0_u64;
    let mut faces = level.iter().peekable();
    for (at, below) in (0..).zip(&mut below) {
        while let Some((_, area)) = faces.next_if(|(face, _)| *face < at) {
            sum = sum.saturating_add(*area);
        }
        *below = sum;
    }
    below
}

/// Least value in a window that slides down: entries come at its lower end and go at its upper.
struct Least<V> {
    /// Entries that may still become the least, from below, with falling values.
    entries: VecDeque<(u32, V)>,
}

impl<V> Default for Least<V> {
    fn default() -> Self {
        Self { entries: VecDeque::new() }
    }
}

impl<V: Copy + Ord> Least<V> {
    /// Adds an entry below all others.
    fn enter(&mut self, at: u32, value: V) {
        while self.entries.pop_front_if(|(_, above)| *above > value).is_some() {}
        self.entries.push_front((at, value));
    }

    /// Removes the entries at `end` and above.
    fn leave(&mut self, end: u32) {
        while self.entries.pop_back_if(|(at, _)| *at >= end).is_some() {}
    }

    /// The least value and where it is; the uppermost of equal ones.
    fn least(&self) -> (u32, V) {
        *self.entries.back().expect("the window holds the entry that came last")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cost of the best way, layer by layer and without windows.
    fn plain_cost(steepness: &Steepness, least: u32, greatest: u32) -> Cost {
        let end = steepness.limit.len() as u32;
        let mut cost =
            (0..end + least).map(|at| (0, 0, at.saturating_sub(end))).collect::<Vec<Cost>>();
        for b in (0..end).rev() {
            let ways = (b + least..=b + greatest).filter(|&t| {
                let over = &steepness.limit[b as usize..t.min(end) as usize];
                t < end + least && (t == b + least || over.iter().all(|limit| t - b <= *limit))
            });
            cost[b as usize] = ways
                .map(|t| {
                    let missed = steepness.level.iter().filter(|(at, _)| b < *at && *at < t);
                    let (later, layers, over) = cost[t as usize];
                    (later + missed.map(|(_, area)| area).sum::<u64>(), layers + 1, over)
                })
                .min()
                .expect("the least thickness is always allowed");
        }
        cost[0]
    }

    fn cost_of(tops: &[u32], steepness: &Steepness) -> Cost {
        let met = |at: u32| tops.binary_search(&at).is_ok();
        let missed = steepness.level.iter().filter(|(at, _)| !met(*at)).map(|(_, area)| area);
        let over = tops.last().map_or(0, |top| top - steepness.limit.len() as u32);
        (missed.sum(), tops.len() as u32, over)
    }

    #[test]
    fn no_other_way_is_better() {
        let mut state = 11_u64;
        let mut next = |below: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 33) % u64::from(below)) as u32
        };
        for _ in 0..300 {
            let (least, end) = (1 + next(9), 1 + next(220));
            let greatest = least + next(30);
            let mut limit = vec![greatest; end as usize];
            for _ in 0..next(12) {
                let (from, length, value) = (next(end), next(60), 1 + next(greatest));
                for step in limit.iter_mut().skip(from as usize).take(length as usize) {
                    *step = value.min(*step);
                }
            }
            let mut level: Vec<_> =
                (0..next(7)).map(|_| (1 + next(end), 1 + u64::from(next(9)))).collect();
            level.push((end, 1));
            level.sort_unstable();
            level.dedup_by_key(|(at, _)| *at);
            let steepness = Steepness { limit, level };
            let tops = choose(&steepness, &Limits { least, greatest, cusp: 1.0 });
            assert_eq!(cost_of(&tops, &steepness), plain_cost(&steepness, least, greatest));
            let mut below = 0;
            for &top in &tops {
                let t = top - below;
                assert!(t >= least && t <= greatest);
                let over = &steepness.limit[below as usize..top.min(end) as usize];
                assert!(t == least || over.iter().all(|limit| t <= *limit));
                below = top;
            }
            assert!(below >= end && below < end + least);
        }
    }
}
