//! When people are there, and when a machine stands still.

use platewright_model::batching::BatchCalendar;

/// A time that no amount of a plan reaches.
const NEVER: i128 = 1 << 100;

/// Staffed spans from the cycle before `time` to three after it, joined where they touch.
fn spans_around(calendar: &BatchCalendar, time: i128) -> Vec<(i128, i128)> {
    let cycle = i128::from(calendar.cycle);
    let within = joined(calendar.staffed.iter().map(|(from, to)| ((*from).into(), (*to).into())));
    if within == [(0, cycle)] {
        return vec![(-NEVER, NEVER)];
    }
    // None is longer than a cycle now, so that those about `time` and the next are here whole.
    let first = time.div_euclid(cycle) - 1;
    joined((first..first + 5).flat_map(|n| within.iter().map(move |s| at(s, n * cycle))))
}

fn at(&(from, to): &(i128, i128), shift: i128) -> (i128, i128) {
    (from + shift, to + shift)
}

fn joined(spans: impl Iterator<Item = (i128, i128)>) -> Vec<(i128, i128)> {
    let mut joined: Vec<(i128, i128)> = Vec::new();
    for (from, to) in spans {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// Whether people are there from `begin` to `end` without a break.
pub(super) fn staffed(calendar: Option<&BatchCalendar>, begin: i128, end: i128) -> bool {
    let Some(calendar) = calendar else { return true };
    spans_around(calendar, begin).iter().any(|(from, to)| *from <= begin && end <= *to)
}

/// The first time from `from` on at which people are there for `work`.
pub(super) fn first_chance(
    calendar: Option<&BatchCalendar>,
    from: i128,
    work: i128,
) -> Option<i128> {
    let Some(calendar) = calendar else { return Some(from) };
    if from >= NEVER {
        return None;
    }
    spans_around(calendar, from)
        .iter()
        .map(|(begin, end)| (from.max(*begin), *end))
        .find(|(begin, end)| begin + work <= *end)
        .map(|(begin, _)| begin)
}

/// Whether people are ever there for `work` without a break.
pub(super) fn ever(calendar: Option<&BatchCalendar>, work: i128) -> bool {
    first_chance(calendar, 0, work).is_some()
}

/// The first span of maintenance that `[begin, end)` runs into, if any.
pub(super) fn maintained(
    calendar: Option<&BatchCalendar>,
    begin: i64,
    end: i64,
) -> Option<(i64, i64)> {
    let mut spans = calendar.into_iter().flat_map(|c| c.maintenance.iter().copied());
    spans.find(|(from, to)| begin < end && begin < *to && *from < end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(staffed: &[(i64, i64)]) -> BatchCalendar {
        BatchCalendar { cycle: 100, staffed: staffed.to_vec(), maintenance: vec![(150, 160)] }
    }

    #[test]
    fn spans_come_again_and_end_closed() {
        let c = calendar(&[(20, 50)]);
        for (begin, end, there) in
            [(20, 50, true), (19, 50, false), (20, 51, false), (-80, -50, true), (50, 50, true)]
        {
            assert_eq!(staffed(Some(&c), begin, end), there, "{begin} {end}");
            assert_eq!(staffed(Some(&c), begin + 700, end + 700), there, "{begin} {end}");
        }
        assert_eq!(first_chance(Some(&c), 30, 20), Some(30));
        assert_eq!(first_chance(Some(&c), 31, 20), Some(120));
        assert_eq!(first_chance(Some(&c), -49, 30), Some(20));
        assert_eq!(first_chance(Some(&c), 50, 0), Some(50));
        assert_eq!(first_chance(Some(&c), 51, 0), Some(120));
        assert!(ever(Some(&c), 30) && !ever(Some(&c), 31));
        assert!(!ever(Some(&calendar(&[])), 0) && ever(None, 31));
    }

    #[test]
    fn spans_that_touch_are_one_also_over_the_end_of_the_cycle() {
        let c = calendar(&[(0, 10), (40, 50), (50, 60), (90, 100)]);
        assert!(staffed(Some(&c), 42, 58));
        assert!(staffed(Some(&c), 90, 110) && staffed(Some(&c), -10, 10));
        assert!(!staffed(Some(&c), 90, 111));
        assert_eq!(first_chance(Some(&c), 0, 20), Some(40));
        assert_eq!(first_chance(Some(&c), 41, 20), Some(90));
        assert_eq!(first_chance(Some(&c), 91, 20), Some(140));
        assert!(ever(Some(&c), 20) && !ever(Some(&c), 21));
        let always = calendar(&[(0, 30), (30, 100)]);
        assert!(staffed(Some(&always), 95, 1_000_000) && ever(Some(&always), 1_000_000));
        let once = calendar(&[(0, 100)]);
        assert_eq!(first_chance(Some(&once), 77, 250), Some(77));
    }

    #[test]
    fn maintenance_is_half_open() {
        let c = calendar(&[]);
        let hit = |begin, end| maintained(Some(&c), begin, end).is_some();
        assert!(hit(149, 151) && hit(159, 170) && hit(152, 153) && hit(0, 999));
        assert!(!hit(100, 150) && !hit(160, 170) && !hit(155, 155) && !hit(170, 149));
        assert_eq!(maintained(None, 0, 999), None);
    }
}
