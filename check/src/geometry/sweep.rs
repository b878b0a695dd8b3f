//! Pairs of boxes that come near, found by a sweep along x.

use super::vector::Bounds;

/// All pairs `(i, j)`, `i < j`, of boxes nearer than `reach`, sorted. Empty boxes pair with none.
pub(crate) fn close_pairs(boxes: &[Bounds], reach: f64) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> =
        (0..boxes.len()).filter(|&i| boxes[i].min[0] <= boxes[i].max[0]).collect();
    order.sort_by(|&i, &j| boxes[i].min[0].total_cmp(&boxes[j].min[0]).then(i.cmp(&j)));
    let mut active: Vec<usize> = Vec::new();
    let mut pairs = Vec::new();
    for &i in &order {
        active.retain(|&j| boxes[j].max[0] + reach >= boxes[i].min[0]);
        for &j in &active {
            if boxes[i].distance_squared(&boxes[j]) <= reach * reach {
                pairs.push((i.min(j), i.max(j)));
            }
        }
        active.push(i);
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sweep_agrees_with_all_pairs() {
        let mut state = 5_u64;
        let mut random = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 40) as f64 / (1_u64 << 24) as f64
        };
        let boxes: Vec<Bounds> = (0..80)
            .map(|_| {
                let min: [f64; 3] = std::array::from_fn(|_| 30.0 * random());
                Bounds { min, max: min.map(|x| x + 5.0 * random()) }
            })
            .collect();
        for reach in [0.0, 1.0, 4.0] {
            let slow: Vec<_> = (0..80)
                .flat_map(|i| (i + 1..80).map(move |j| (i, j)))
                .filter(|&(i, j)| boxes[i].distance_squared(&boxes[j]) <= reach * reach)
                .collect();
            assert!(!slow.is_empty());
            assert_eq!(close_pairs(&boxes, reach), slow);
        }
    }
}
