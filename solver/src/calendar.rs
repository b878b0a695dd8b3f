//! When a machine can take a build: staffed hours of the week and maintenance.

use platewright_model::machine::{Calendar, Machine, WEEK_S, second_of_week};
use platewright_model::measure::Seconds;
use platewright_model::time::Time;

/// The times of one build on a machine; see
/// [`platewright_model::stage::ScheduledBuild`] for their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Set-up begins.
    pub start: Time,
    /// The print begins.
    pub print_start: Time,
    /// The print ends.
    pub print_end: Time,
    /// Cool enough to be unloaded.
    pub cooled: Time,
    /// Unloading begins.
    pub unload_start: Time,
    /// The machine is free again.
    pub end: Time,
}

/// Earliest times at which `machine` can take a build that prints for `print`, not before
/// `from`.
///
/// Set-up (with the change of material, if any) lies in one staffed span, the print and the
/// cooling run unattended, unloading begins at the first chance within one staffed span, and no
/// instant from start to end is in maintenance. A span that ends with the week and one that
/// begins with it are one span. `None` if no staffed span is ever long enough.
pub fn earliest_slot(
    machine: &Machine,
    from: Time,
    changeover: bool,
    print: Seconds,
) -> Option<Slot> {
    slot_in(&Shifts::new(&machine.calendar), machine, from, changeover, print)
}

/// As [`earliest_slot`], with the week of the calendar prepared.
pub(crate) fn slot_in(
    shifts: &Shifts,
    machine: &Machine,
    from: Time,
    changeover: bool,
    print: Seconds,
) -> Option<Slot> {
    let change = if changeover { machine.changeover } else { Seconds(0) };
    let work = machine.time.setup + change;
    let mut from = from;
    loop {
        let start = shifts.next(from, work)?;
        let print_start = start + work;
        let print_end = print_start + print;
        let cooled = print_end + machine.time.cool_down;
        let unload_start = shifts.next(cooled, machine.time.unload)?;
        let end = unload_start + machine.time.unload;
        let spans = &machine.calendar.maintenance;
        // A later start never ends earlier, so every start before the end of a span that is
        // hit hits it as well: the next candidate is the span's end.
        match spans.iter().find(|(begin, stop)| start < *stop && *begin < end && begin < stop) {
            None => return Some(Slot { start, print_start, print_end, cooled, unload_start, end }),
            Some((_, stop)) => from = *stop,
        }
    }
}

/// Staffed spans that come again, joined where they touch, also over the end of a cycle.
#[derive(Clone, Debug)]
pub(crate) struct Shifts {
    cycle: i64,
    /// Begin in `0..cycle`; the end may lie in the next cycle.
    spans: Vec<(i64, i64)>,
    /// Staffed at every instant.
    always: bool,
}

impl Shifts {
    /// Prepares the week of a calendar.
    pub(crate) fn new(calendar: &Calendar) -> Self {
        Self::of(&calendar.staffed, WEEK_S)
    }

    /// Prepares spans that come again after `cycle`.
    pub(crate) fn of(staffed: &[(i64, i64)], cycle: i64) -> Self {
        let mut spans: Vec<(i64, i64)> = Vec::new();
        let mut sorted = staffed.to_vec();
        sorted.retain(|(begin, end)| begin < end);
        sorted.sort_unstable();
        for (begin, end) in sorted {
            match spans.last_mut() {
                Some(last) if begin <= last.1 => last.1 = last.1.max(end),
                _ => spans.push((begin, end)),
            }
        }
        let always = spans.first().is_some_and(|s| s.0 <= 0 && s.1 >= cycle);
        if !always
            && spans.len() > 1
            && let (Some(first), Some(last)) = (spans.first().copied(), spans.last().copied())
            && first.0 <= 0
            && last.1 >= cycle
        {
            spans.remove(0);
            let joined = spans.last_mut().expect("one of at least two spans is left");
            joined.1 = cycle + first.1;
        }
        Self { cycle, spans, always }
    }

    /// Earliest time, not before `from`, from which people are there for `work` on end.
    pub(crate) fn next(&self, from: Time, work: Seconds) -> Option<Time> {
        self.wait(second_of_week(from), work.0).map(|wait| Time(from.0 + wait))
    }

    /// Time from a moment of the cycle to the next one from which people are there for `work` on
    /// end.
    pub(crate) fn wait(&self, moment: i64, work: i64) -> Option<i64> {
        if self.always {
            return Some(0);
        }
        // Spans shifted by a cycle each are in ascending order, so the first that is long
        // enough is the earliest. The one of the last cycle can reach into this one.
        [-self.cycle, 0, self.cycle]
            .into_iter()
            .flat_map(|shift| self.spans.iter().map(move |s| (s.0 + shift, s.1 + shift)))
            .map(|(begin, end)| (begin.max(moment), end))
            .find(|(begin, end)| begin + work <= *end)
            .map(|(begin, _)| begin - moment)
    }

    /// Time from the last moment up to which people were there for `work` on end to a moment of the
    /// cycle.
    pub(crate) fn since(&self, moment: i64, work: i64) -> Option<i64> {
        if self.always {
            return Some(0);
        }
        // A span begins within the cycle; of the cycles before, two can have the last that is
        // long enough.
        [-2 * self.cycle, -self.cycle, 0]
            .into_iter()
            .flat_map(|shift| self.spans.iter().map(move |s| (s.0 + shift, s.1 + shift)))
            .map(|(begin, end)| (begin, end.min(moment)))
            .filter(|(begin, end)| begin + work <= *end)
            .map(|(_, end)| moment - end)
            .min()
    }

    /// Length of the longest time that people are there on end; `None` if it has no end.
    pub(crate) fn longest(&self) -> Option<Seconds> {
        let longest = self.spans.iter().map(|s| s.1 - s.0).max().unwrap_or(0);
        (!self.always).then_some(Seconds(longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{EVENING, always, machine, staffed};
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64;

    /// Whether people are there in the minute that begins at `t`.
    fn there(machine: &Machine, t: i64) -> bool {
        let second = second_of_week(Time(t));
        machine.calendar.staffed.iter().any(|(a, b)| *a <= second && second + 60 <= *b)
    }

    /// Earliest slot by trying every minute; all durations are whole minutes.
    fn brute(machine: &Machine, from: Time, change: bool, print: Seconds) -> Option<Slot> {
        let all = |t: i64, work: i64| (t..t + work).step_by(60).all(|m| there(machine, m));
        let work = machine.time.setup.0 + if change { machine.changeover.0 } else { 0 };
        let week = |t: i64| (t..t + 3 * WEEK_S).step_by(60);
        for start in week(from.0) {
            if !all(start, work) {
                continue;
            }
            let print_start = Time(start + work);
            let print_end = print_start + print;
            let cooled = print_end + machine.time.cool_down;
            let unload = machine.time.unload;
            let unload_start = Time(week(cooled.0).find(|t| all(*t, unload.0))?);
            let end = unload_start + unload;
            let hit =
                |(a, b): &(Time, Time)| (start..end.0).step_by(60).any(|t| a.0 <= t && t < b.0);
            if !machine.calendar.maintenance.iter().any(hit) {
                let start = Time(start);
                return Some(Slot { start, print_start, print_end, cooled, unload_start, end });
            }
        }
        None
    }

    #[test]
    fn agrees_with_trying_every_minute() {
        let mut rng = Pcg64::seed_from_u64(7);
        let weeks = [
            always(),
            staffed(&[]),
            staffed(&[(8, 16), (32, 40), (56, 64)]),
            staffed(&[(0, 5), (150, 168)]),
            staffed(&[(20, 21)]),
        ];
        let mut found = 0;
        for case in 0..250 {
            let mut machine = machine("m", "c", weeks[case % weeks.len()].clone());
            machine.time.setup = Seconds(60 * rng.random_range(1..90));
            machine.time.unload = Seconds(60 * rng.random_range(1..90));
            machine.changeover = Seconds(60 * rng.random_range(1..60));
            let from = Time(EVENING.0 / 60 * 60 + 60 * rng.random_range(0..20_000));
            let mut begin = from.0;
            for _ in 0..rng.random_range(0..4) {
                begin += 60 * rng.random_range(1..1500);
                let end = begin + 60 * rng.random_range(1..900);
                machine.calendar.maintenance.push((Time(begin), Time(end)));
                begin = end;
            }
            let print = Seconds(60 * rng.random_range(1..2000));
            let change = rng.random_bool(0.5);
            let slot = earliest_slot(&machine, from, change, print);
            assert_eq!(slot, brute(&machine, from, change, print), "case {case}");
            found += usize::from(slot.is_some());
        }
        assert!(found > 150, "only {found} cases had a slot");
    }

    #[test]
    fn hand_computed_night() {
        // Staffed Monday and Tuesday 8-16; it is Monday 18:00. Set-up 30 min from Tuesday 8:00,
        // print 4 h until 12:30, cooling 2 h until 14:30, unloading 15 min at once.
        let machine = machine("m", "c", staffed(&[(8, 16), (32, 40)]));
        let slot = earliest_slot(&machine, EVENING, false, Seconds(4 * 3600)).unwrap();
        let tuesday = EVENING.midnight() + Seconds(86_400);
        assert_eq!(slot.start, tuesday + Seconds(8 * 3600));
        assert_eq!(slot.cooled, tuesday + Seconds(14 * 3600 + 1800));
        assert_eq!(slot.end, tuesday + Seconds(14 * 3600 + 2700));
        // An hour and a half longer: people have gone, and come back on Monday.
        let slot = earliest_slot(&machine, EVENING, false, Seconds(5 * 3600 + 1800)).unwrap();
        assert_eq!(slot.unload_start, tuesday + Seconds(6 * 86_400 + 8 * 3600));
    }

    #[test]
    fn the_last_time_that_people_were_there_is_found_minute_by_minute() {
        for spans in [&[(3, 9), (12, 20)][..], &[(0, 4), (15, 20)], &[(5, 7)], &[(0, 20)], &[]] {
            let shifts = Shifts::of(spans, 20);
            let there = |t: i64| {
                let minute = t.rem_euclid(20);
                spans.iter().any(|s| s.0 <= minute && minute < s.1)
            };
            for (moment, work) in (0..20).flat_map(|t| (1..12).map(move |work| (t, work))) {
                let ended = |end: &i64| (end - work..*end).all(there);
                let brute = (moment - 60..=moment).rev().find(ended).map(|end| moment - end);
                assert_eq!(shifts.since(moment, work), brute, "{spans:?}, {moment}, {work}");
            }
        }
    }

    #[test]
    fn the_end_of_a_week_does_not_part_a_shift() {
        let mut machine = machine("m", "c", staffed(&[(0, 2), (166, 168)]));
        machine.time.setup = Seconds(4 * 3600);
        let slot = earliest_slot(&machine, EVENING, false, Seconds(3600)).unwrap();
        assert_eq!(second_of_week(slot.start), 166 * 3600);
        machine.time.setup = Seconds(4 * 3600 + 1);
        assert_eq!(earliest_slot(&machine, EVENING, false, Seconds(3600)), None);
    }
}
