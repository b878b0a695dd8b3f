//! Lines below what batches pay for a machine's time.

use crate::batching::bound::duals::Duals;
use crate::batching::bound::raise::SCALE;
use crate::batching::bound::shop::Shop;
use crate::batching::plan::Plan;

/// Tangents that are tried for a machine and a span.
const TANGENTS: usize = 9;

/// Steeper slopes that a checker tries, in parts of the rate of the machine.
const STEEPER: [f64; 7] = [0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0];

/// Share of the longest batch from which steep lines are tried early.
const LONG: f64 = 0.8;

/// Where a line touches the price of a machine's time as a function of a batch's length: at `near`.
/// No batch that completes in the span is longer than `room`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) near: f64,
    pub(crate) room: f64,
}

/// What a batch that is complete at one end of a span pays for time and lateness.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// What is due by then is late.
    from: f64,
    pub(crate) at: f64,
    /// Price of a unit of its length, and of a length of 0.
    pub(crate) slope: f64,
    pub(crate) at_zero: f64,
    pub(crate) room: f64,
}

impl Moment {
    /// The end of a span; of the last one, its begin.
    pub(crate) fn end(duals: &Duals, machine: usize, span: usize, line: &Line) -> Self {
        let from = duals.grid[span] as f64;
        let Some(&end) = duals.grid.get(span + 1) else {
            return Self { from, at: from, slope: 0.0, at_zero: 0.0, room: line.room };
        };
        let (paid, slope) = duals.time_price(machine, span, line.near);
        Self { from, at: end as f64, slope, at_zero: paid - slope * line.near, room: line.room }
    }

    /// Both ends of a span that has an end, along a line that touches the price of all time up to
    /// a moment, as a function of that moment, at `start` with `slope`: what a batch that begins
    /// then pays is exact, and no other pays less.
    pub(crate) fn both(
        duals: &Duals,
        machine: usize,
        span: usize,
        (start, slope): (f64, f64),
        room: f64,
    ) -> [Self; 2] {
        let from = duals.grid[span] as f64;
        let until = |at: f64| duals.time_until(machine, at);
        [span + 1, span].map(|k| {
            let at = duals.grid[k] as f64;
            let at_zero = until(at) - until(start) - slope * (at - start);
            Self { from, at, slope, at_zero, room }
        })
    }

    /// How late what is due at a time is held to be: not at all if it is due within the span, so
    /// that what a batch pays is nowhere in the span below what it pays at one of its ends.
    pub(crate) fn late(&self, due: f64) -> f64 {
        if due <= self.from { self.at - due } else { 0.0 }
    }
}

/// Lines that touch where batches of a plan usually begin, by machine and span.
pub(crate) fn usual(plan: &Plan, shops: &[Shop], grid: &[i64]) -> Vec<Vec<Line>> {
    let batches: usize = plan.lines.iter().map(Vec::len).sum();
    let times: i64 = plan.ends.iter().sum();
    let mean = (times as f64 / batches.max(1) as f64).max(1.0);
    let of = |shop: &Shop| {
        let usual = match plan.lines[shop.machine].len() {
            0 => mean,
            n => (plan.ends[shop.machine] as f64 / n as f64).max(1.0),
        };
        let line = |k: usize| {
            let room = grid.get(k + 1).map_or(f64::INFINITY, |end| *end as f64 - shop.ready);
            Line { near: usual.min(room.max(0.0)), room }
        };
        (0..grid.len()).map(line).collect()
    };
    shops.iter().map(of).collect()
}

/// The moments at both ends of a span, along lines that a checker tries too, the likeliest
/// first: with the rates of the spans that batches reach back to and those halfway between
/// them, and steeper ones from `first` on, before which no batch starts.
pub(crate) fn told_lines(
    duals: &Duals,
    shop: &Shop,
    (span, line): (usize, &Line),
    first: f64,
) -> Vec<Vec<Moment>> {
    let (machine, Line { near, room }) = (shop.machine, *line);
    let Some(&end) = duals.grid.get(span + 1) else {
        return vec![vec![Moment::end(duals, machine, span, line)]];
    };
    let rates = &duals.time[machine];
    // A checker reckons in whole parts of the unit.
    let unit = SCALE as f64 * duals.span as f64;
    let whole = |rate: f64| (rate * unit + 1e-3).floor() / unit;
    let touching = |k: usize| {
        let begin = (duals.begin(k) as f64).max(first);
        let tangent = (f64::midpoint(begin, duals.grid[k + 1] as f64), rates[k]);
        // A checker knows of no price before the first time.
        let between = k > 0 && duals.begin(k) as f64 > first;
        let before = between.then(|| (begin, whole(f64::midpoint(rates[k], rates[k - 1]))));
        [Some(tangent), before]
    };
    let within = (0..=span).filter(|k| duals.grid[k + 1] as f64 > first);
    let mut lines: Vec<(f64, f64)> = within.flat_map(touching).flatten().collect();
    let start = end as f64 - near;
    // With the rate of the span itself, whatever is short pays something.
    let own = lines.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0));
    lines.sort_by(|a, b| (a.0 - start).abs().total_cmp(&(b.0 - start).abs()));
    lines.truncate(TANGENTS);
    let pushes = STEEPER.map(|share| whole(share * shop.rate));
    let greatest = duals.rate_at(machine, first);
    let steep = pushes.iter().map(|push| (first, greatest + push));
    // Steep lines matter only where batches are nearly as long as they can be.
    let at = if near > LONG * room { 1.min(lines.len()) } else { lines.len() };
    lines.splice(at..at, steep);
    lines.extend(own);
    let both = |line: &(f64, f64)| Moment::both(duals, machine, span, *line, room).to_vec();
    lines.iter().map(both).collect()
}
