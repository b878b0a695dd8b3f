//! When a machine can take a batch: staffed spans that come again, and maintenance.

use platewright_model::batching::{BatchCalendar, BatchClass};

use crate::calendar::Shifts;

/// The hours of a machine, with what people do at it.
#[derive(Clone, Debug)]
pub(crate) struct Hours {
    cycle: i64,
    shifts: Shifts,
    maintenance: Vec<(i64, i64)>,
    setup: i64,
    base: i64,
    unload: i64,
}

impl Hours {
    pub(crate) fn new(calendar: &BatchCalendar, class: &BatchClass) -> Self {
        Self {
            cycle: calendar.cycle,
            shifts: Shifts::of(&calendar.staffed, calendar.cycle),
            maintenance: calendar.maintenance.clone(),
            setup: class.setup,
            base: class.base,
            unload: class.unload,
        }
    }

    /// Whether set-up with a change of material that takes `change`, and unloading, ever find
    /// people.
    pub(crate) fn can(&self, change: i64) -> bool {
        let finds = |work: i64| self.shifts.wait(0, work).is_some();
        finds(self.setup + change) && finds(self.unload)
    }

    /// Start and end of a batch, not before `from`, whose parts print for `print` beyond the base.
    pub(crate) fn slot(&self, from: i64, change: i64, print: i64) -> (i64, i64) {
        let mut from = from;
        loop {
            let start = self.next(from, self.setup + change);
            let cooled = start + self.setup + change + self.base + print;
            let end = self.next(cooled, self.unload) + self.unload;
            // A later start never ends earlier, so every start before the end of a span that is
            // hit hits it as well: the next candidate is the span's end.
            match self.maintenance.iter().find(|s| s.0 < s.1 && start < s.1 && s.0 < end) {
                None => return (start, end),
                Some(&(_, stop)) => from = stop,
            }
        }
    }

    /// Before this no batch starts that starts not before `from`, whatever is in it.
    pub(crate) fn first(&self, from: i64) -> i64 {
        self.slot(from, 0, 0).0
    }

    /// The latest moment, not after `until`, at which people can have unloaded a batch; `None` if
    /// they never can.
    pub(crate) fn last(&self, until: i64) -> Option<i64> {
        let back = self.shifts.since(until.rem_euclid(self.cycle), self.unload)?;
        Some(until - back)
    }

    /// How much of a span is maintenance.
    pub(crate) fn standstill(&self, from: i64, to: i64) -> i64 {
        self.maintenance.iter().map(|s| (s.1.min(to) - s.0.max(from)).max(0)).sum()
    }

    /// Earliest time, not before `from`, from which people are there for `work` on end; `from`
    /// where they never are, which [`Self::can`] tells beforehand.
    fn next(&self, from: i64, work: i64) -> i64 {
        from + self.shifts.wait(from.rem_euclid(self.cycle), work).unwrap_or(0)
    }
}
