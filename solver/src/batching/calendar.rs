//! When a machine can take a batch: staffed spans that come again, and maintenance.

use platewright_model::batching::{BatchCalendar, BatchClass};

/// Staffed spans of a cycle, joined where they touch, also over its end.
#[derive(Clone, Debug)]
pub(crate) struct Shifts {
    cycle: i64,
    /// Begin in `0..cycle`; the end may lie in the next cycle.
    spans: Vec<(i64, i64)>,
    /// Staffed at every instant.
    always: bool,
    maintenance: Vec<(i64, i64)>,
    setup: i64,
    base: i64,
    unload: i64,
}

impl Shifts {
    pub(crate) fn new(calendar: &BatchCalendar, class: &BatchClass) -> Self {
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for &(begin, end) in calendar.staffed.iter().filter(|s| s.0 < s.1) {
            match spans.last_mut() {
                Some(last) if begin <= last.1 => last.1 = last.1.max(end),
                _ => spans.push((begin, end)),
            }
        }
        let cycle = calendar.cycle;
        let always = spans.first().is_some_and(|s| s.0 <= 0 && s.1 >= cycle);
        let joins = spans.len() > 1
            && spans.first().is_some_and(|s| s.0 <= 0)
            && spans.last().is_some_and(|s| s.1 >= cycle);
        if joins {
            let first = spans.remove(0);
            if let Some(last) = spans.last_mut() {
                last.1 = cycle + first.1;
            }
        }
        Self {
            cycle,
            spans,
            always,
            maintenance: calendar.maintenance.clone(),
            setup: class.setup,
            base: class.base,
            unload: class.unload,
        }
    }

    /// Whether set-up with a change of material that takes `change`, and unloading, ever find
    /// people.
    pub(crate) fn can(&self, change: i64) -> bool {
        let longest = self.spans.iter().map(|s| s.1 - s.0).max().unwrap_or(0);
        self.always || (!self.spans.is_empty() && (self.setup + change).max(self.unload) <= longest)
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

    /// Earliest time, not before `from`, from which people are there for `work` on end; `from`
    /// where they never are, which [`Self::can`] tells beforehand.
    fn next(&self, from: i64, work: i64) -> i64 {
        if self.always {
            return from;
        }
        let second = from.rem_euclid(self.cycle);
        // Spans shifted by a cycle each are in ascending order, so the first that is long enough
        // is the earliest. The one of the last cycle can reach into this one.
        [-self.cycle, 0, self.cycle]
            .into_iter()
            .flat_map(|shift| self.spans.iter().map(move |s| (s.0 + shift, s.1 + shift)))
            .map(|(begin, end)| (begin.max(second), end))
            .find(|(begin, end)| begin + work <= *end)
            .map_or(from, |(begin, _)| from + begin - second)
    }
}
