//! Prices of a machine's time, as far as they fall.

use platewright_model::batching::TimePrice;

/// Price of time on a machine: the greatest one that never rises and is nowhere above that of the
/// certificate, from the first time at which a batch may start on. What it charges for a length of
/// time before a given end is therefore convex in that length, and less the later the end is.
pub(super) struct Falling {
    first: i128,
    /// From, to, rate: one after the other, without gaps, from `first` on; 0 after them.
    steps: Vec<(i128, i128, i128)>,
}

/// Steeper slopes, in tenths of the rate of the machine.
const STEEPER: [i128; 7] = [1, 2, 4, 8, 15, 30, 60];

/// A line that is nowhere above what is charged, for any length that comes into question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) slope: i128,
    /// Height at length 0; may be negative.
    pub(super) at_zero: i128,
}

impl Falling {
    /// Of the prices of one machine, sorted and apart; nothing starts before `first`.
    pub(super) fn of<'a>(prices: impl Iterator<Item = &'a TimePrice>, first: i64) -> Self {
        let first = i128::from(first);
        let mut steps: Vec<(i128, i128, i128)> = Vec::new();
        let (mut reached, mut least) = (first, i128::MAX);
        for price in prices.filter(|price| i128::from(price.to) > first) {
            if i128::from(price.from) > reached {
                break;
            }
            least = least.min(price.rate.into());
            steps.push((reached, price.to.into(), least));
            reached = price.to.into();
        }
        Self { first, steps }
    }

    /// Price of `[first, time)`.
    fn until(&self, time: i128) -> i128 {
        self.steps.iter().map(|(from, to, rate)| rate * (time.min(*to) - from).max(0)).sum()
    }

    /// When a batch may start first.
    pub(super) fn first(&self) -> i128 {
        self.first
    }

    /// Lines below what a batch of at least `shortest` is charged that is complete at either of two
    /// ends: pairs that stay below in between, too, if one moves from one to the other evenly with
    /// the end. With the slopes of all rates within reach, then with some between them, then with
    /// steeper ones, which tell that no batch reaches back beyond the first time: the greatest and
    /// [`STEEPER`] of `rate` on top. None if no batch is that short.
    ///
    /// With `U` for what time up to a moment costs, a batch of length `p` that is complete at `C`
    /// is charged `U(C) − U(C − p)`. `U` is concave from the first time on, so that it is nowhere
    /// between the ends below its chord, and nowhere above a line that touches it at `C − p`.
    pub(super) fn lines(&self, ends: [i128; 2], shortest: i128, rate: i128) -> Vec<[Line; 2]> {
        let latest = ends[1] - shortest;
        // Nothing starts before the first time, so that no batch is longer.
        if latest < self.first || ends[0] < self.first {
            return Vec::new();
        }
        let reached = self.steps.last().map_or(self.first, |step| step.1);
        let mut slopes: Vec<i128> = Vec::from_iter((reached <= latest).then_some(0));
        let within = self.steps.iter().rev().filter(|(from, _, _)| *from <= latest);
        slopes.extend(within.map(|(_, _, rate)| *rate));
        slopes.dedup();
        let between: Vec<i128> = slopes.windows(2).map(|pair| pair[0].midpoint(pair[1])).collect();
        slopes.extend(between);
        let greatest = slopes.iter().copied().max().unwrap_or(0);
        slopes.extend(STEEPER.map(|tenths| greatest + rate.saturating_mul(tenths) / 10));
        let kinks = self.steps.iter().map(|(_, to, _)| *to);
        let mut starts: Vec<i128> = kinks.filter(|at| (self.first..latest).contains(at)).collect();
        starts.extend([self.first, latest]);
        let starts: Vec<(i128, i128)> = starts.iter().map(|at| (*at, self.until(*at))).collect();
        let charged = ends.map(|end| self.until(end));
        let touching = |slope: i128| {
            let above = starts.iter().map(|(at, until)| until - slope * at).max().unwrap_or(0);
            let line = |k: usize| Line { slope, at_zero: charged[k] - above - slope * ends[k] };
            [line(0), line(1)]
        };
        slopes.into_iter().map(touching).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(from: i64, to: i64, rate: i64) -> TimePrice {
        TimePrice { machine: 0, from, to, rate }
    }

    fn steps(prices: &[TimePrice], first: i64) -> Vec<(i128, i128, i128)> {
        Falling::of(prices.iter(), first).steps
    }

    #[test]
    fn prices_count_as_far_as_they_fall_from_the_first_time_on() {
        let falling = [price(0, 10, 5), price(10, 20, 3)];
        assert_eq!(steps(&falling, 0), [(0, 10, 5), (10, 20, 3)]);
        assert_eq!(steps(&falling, 4), [(4, 10, 5), (10, 20, 3)]);
        assert_eq!(steps(&falling, 10), [(10, 20, 3)]);
        assert_eq!(steps(&falling, -1), []);
        assert_eq!(steps(&falling, 20), []);
        assert_eq!(steps(&[price(0, 10, 5), price(11, 20, 3)], 0), [(0, 10, 5)]);
        assert_eq!(steps(&[price(0, 10, 3), price(10, 20, 5)], 0), [(0, 10, 3), (10, 20, 3)]);
    }

    #[test]
    fn lines_are_below_and_touch() {
        let falling = Falling::of([price(0, 10, 5), price(10, 20, 3)].iter(), 2);
        for (end, shortest) in [(30, 1), (25, 6), (12, 3), (9, 7), (8, 6), (500, 1)] {
            let ends = [end.into(), end.into()];
            let lines = falling.lines(ends, shortest.into(), 4);
            assert!(!lines.is_empty());
            for [line, same] in lines {
                assert_eq!(line, same);
                let gaps = (shortest..=end - 2).map(|p| {
                    let charged = (end - p..end).map(|t| match t {
                        ..10 => 5,
                        10..20 => 3,
                        _ => 0,
                    });
                    charged.sum::<i128>() - line.slope * i128::from(p) - line.at_zero
                });
                assert_eq!(gaps.min(), Some(0), "{end} {shortest} {line:?}");
            }
        }
        assert!(falling.lines([8, 8], 7, 4).is_empty());
        let flat = Falling::of([].iter(), 0);
        assert_eq!(flat.lines([50, 50], 1, 0)[0], [Line { slope: 0, at_zero: 0 }; 2]);
    }
}
