//! Containers that no layout can do without.

use platewright_model::boxes::BoxProblem;

/// The least number of containers by volume, and by boxes of which two can only lie behind one
/// another along an axis (L1 of Martello, Pisinger and Vigo 2000, doi 10.1287/opre.48.2.256.12386).
pub(super) fn containers(problem: &BoxProblem) -> u64 {
    let copies = || problem.boxes.iter().map(|kind| u64::from(kind.copies));
    let filled: u64 = problem.boxes.iter().zip(copies()).map(|(kind, n)| kind.volume() * n).sum();
    let by_volume = filled.div_ceil(problem.room().max(1));
    let along = (0..3).map(|axis| {
        let room = u64::from(problem.container[axis]);
        let mut long: Vec<u64> = Vec::new();
        for (kind, n) in problem.boxes.iter().zip(copies()) {
            let ways = kind.ways();
            let least = |k: usize| ways.iter().map(|way| kind.size[way[k]]).min().unwrap_or(0);
            let blocks = |k: usize| 2 * u64::from(least(k)) > u64::from(problem.container[k]);
            if (0..3).all(|k| k == axis || blocks(k)) {
                long.extend((0..n).map(|_| u64::from(least(axis))));
            }
        }
        in_a_row(&long, room)
    });
    along.fold(by_volume, u64::max)
}

/// Containers that boxes need which lie behind one another along an axis: packing in one dimension,
/// bounded as there.
fn in_a_row(lengths: &[u64], room: u64) -> u64 {
    let halves = lengths.iter().filter(|&&length| 2 * length > room).count() as u64;
    let sum_of = |from: u64, to: u64| {
        let within = lengths.iter().filter(|&&length| length >= from && length <= to);
        within.fold((0, 0), |(n, sum), length| (n + 1, sum + length))
    };
    let thresholds = lengths.iter().copied().filter(|length| 2 * length <= room && *length > 0);
    let bounds = thresholds.map(|p| {
        let (small, small_sum): (u64, u64) = sum_of(p, room / 2);
        // Between a half and what leaves room for one of at least p.
        let medium: Vec<u64> = lengths
            .iter()
            .copied()
            .filter(|length| 2 * length > room && *length <= room - p)
            .collect();
        let spare = medium.len() as u64 * room - medium.iter().sum::<u64>();
        let by_length = small_sum.saturating_sub(spare).div_ceil(room);
        let beside: u64 = medium.iter().map(|length| (room - length) / p).sum();
        let by_count = small.saturating_sub(beside).div_ceil((room / p).max(1));
        halves + by_length.max(by_count)
    });
    bounds.fold(halves, u64::max)
}

#[cfg(test)]
mod tests {
    use super::in_a_row;

    #[test]
    fn rows_are_bounded_as_bins_are() {
        assert_eq!(in_a_row(&[6, 6, 6], 10), 3);
        assert_eq!(in_a_row(&[6, 6, 5, 5], 10), 3);
        assert_eq!(in_a_row(&[4, 4, 4], 10), 2);
        assert_eq!(in_a_row(&[3, 3, 3], 10), 1);
        assert_eq!(in_a_row(&[], 10), 0);
    }
}
