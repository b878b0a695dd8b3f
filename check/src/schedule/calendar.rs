//! Staffed hours on the time line.

use platewright_model::machine::Calendar;

const WEEK: i128 = 7 * 24 * 3600;

/// Monday 1970-01-05T00:00:00Z, the first Monday of the time line, in seconds.
const FIRST_MONDAY: i128 = 4 * 24 * 3600;

/// Staffed spans from the week before `time` to three weeks after it, joined where they touch.
fn spans_around(calendar: &Calendar, time: i128) -> Vec<(i128, i128)> {
    let monday = time - (time - FIRST_MONDAY).rem_euclid(WEEK);
    let mut spans: Vec<(i128, i128)> = Vec::new();
    for week in -1..=3 {
        for &(begin, end) in &calendar.staffed {
            let shift = monday + week * WEEK;
            spans.push((shift + i128::from(begin), shift + i128::from(end)));
        }
    }
    spans.retain(|(begin, end)| begin < end);
    spans.sort_unstable();
    let mut joined: Vec<(i128, i128)> = Vec::new();
    for (begin, end) in spans {
        match joined.last_mut() {
            Some(last) if begin <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((begin, end)),
        }
    }
    joined
}

/// Whether people are there from `begin` to `end` without a break.
pub(super) fn staffed(calendar: &Calendar, begin: i128, end: i128) -> bool {
    spans_around(calendar, begin).iter().any(|s| s.0 <= begin && begin <= end && end <= s.1)
}

/// The first time from `from` on at which people are there for `work` seconds.
pub(super) fn first_chance(calendar: &Calendar, from: i128, work: i128) -> Option<i128> {
    spans_around(calendar, from)
        .iter()
        .map(|s| (s.0.max(from), s.1))
        .find(|(begin, end)| begin + work <= *end)
        .map(|(begin, _)| begin)
}

/// The span of maintenance that `[begin, end)` falls into, if any.
pub(super) fn maintained(calendar: &Calendar, begin: i128, end: i128) -> Option<(i128, i128)> {
    calendar
        .maintenance
        .iter()
        .map(|(from, to)| (i128::from(from.0), i128::from(to.0)))
        .find(|&(from, to)| from < to && begin < to && from < end)
}

#[cfg(test)]
mod tests {
    use platewright_model::time::Time;

    use super::*;

    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;

    fn calendar(staffed: &[(i64, i64)]) -> Calendar {
        Calendar { staffed: staffed.to_vec(), maintenance: vec![(Time(100), Time(200))] }
    }

    fn at(text: &str) -> i128 {
        i128::from(Time::parse(text).unwrap().0)
    }

    #[test]
    fn a_day_shift() {
        let week: Vec<_> = (0..5).map(|d| (d * DAY + 6 * HOUR, d * DAY + 14 * HOUR)).collect();
        let c = calendar(&week);
        // 2026-11-20 is a Friday.
        let (six, two) = (at("2026-11-20T06:00:00Z"), at("2026-11-20T14:00:00Z"));
        assert!(staffed(&c, six, two));
        assert!(!staffed(&c, six - 1, six + 5));
        assert!(!staffed(&c, two - 5, two + 1));
        assert_eq!(first_chance(&c, two - 600, 600), Some(two - 600));
        assert_eq!(first_chance(&c, two - 599, 600), Some(at("2026-11-23T06:00:00Z")));
        assert_eq!(first_chance(&c, two, 9 * 3600), None);
    }

    #[test]
    fn spans_join_over_the_end_of_the_week() {
        let c = calendar(&[(0, 2 * HOUR), (7 * DAY - HOUR, 7 * DAY)]);
        let midnight = at("2026-11-23T00:00:00Z");
        assert!(staffed(&c, midnight - 3600, midnight + 7200));
        assert!(!staffed(&c, midnight - 3601, midnight));
        let always = calendar(&[(0, 7 * DAY)]);
        assert!(staffed(&always, midnight - 86_400, midnight + 86_400));
        assert_eq!(first_chance(&always, midnight - 5, 100), Some(midnight - 5));
    }

    #[test]
    fn maintenance_is_half_open() {
        let c = calendar(&[]);
        assert_eq!(maintained(&c, 0, 100), None);
        assert_eq!(maintained(&c, 200, 300), None);
        assert_eq!(maintained(&c, 0, 101), Some((100, 200)));
        assert_eq!(maintained(&c, 199, 300), Some((100, 200)));
        assert_eq!(first_chance(&c, 0, 1), None);
    }
}
