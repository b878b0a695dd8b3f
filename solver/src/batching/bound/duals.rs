//! Prices of parts, of lateness and of machine time.

use crate::batching::bound::slopes::fall;
use crate::batching::instance::Instance;

/// Prices, and the spans of completions that they are told apart by.
#[derive(Clone, Debug)]
pub(crate) struct Duals {
    /// What a copy of each part earns.
    pub(crate) price: Vec<f64>,
    /// Rate of lateness that a copy of each part carries, for one unit of time.
    pub(crate) late: Vec<f64>,
    /// Price of a unit of time, by machine and span, falling with time; the last span has none.
    pub(crate) time: Vec<Vec<f64>>,
    /// Begins of the spans; the last has no end.
    pub(crate) grid: Vec<i64>,
    /// Times that rates of the problem are for.
    pub(crate) span: i64,
}

impl Duals {
    /// No price of anything but lateness, which is shared out evenly among the copies of an order.
    pub(crate) fn new(inst: &Instance<'_>, grid: Vec<i64>) -> Self {
        let problem = &inst.problem;
        let late = |part: &platewright_model::batching::BatchPart| {
            let order = &problem.orders[part.order];
            let copies = inst.first[part.order + 1] - inst.first[part.order];
            let weight = (problem.objective.lateness * order.weight) as f64;
            weight / problem.rate_span as f64 / f64::from(copies.max(1))
        };
        Self {
            price: vec![0.0; problem.parts.len()],
            late: problem.parts.iter().map(late).collect(),
            time: vec![vec![0.0; grid.len()]; inst.machines.len()],
            grid,
            span: problem.rate_span,
        }
    }

    /// Prices of time from those of other spans, whose ends are told: the mean over each span.
    pub(crate) fn price_time(&mut self, ends: &[i64], prices: &[Vec<f64>]) {
        for k in 0..self.grid.len() - 1 {
            let (from, to) = (self.begin(k), self.grid[k + 1]);
            for (rates, prices) in self.time.iter_mut().zip(prices) {
                let (mut paid, mut begin) = (0.0, from);
                for (end, price) in ends.iter().zip(prices) {
                    paid += price * (to.min(*end) - begin).max(0) as f64;
                    begin = begin.max(*end);
                }
                rates[k] = paid / (to - from).max(1) as f64;
            }
        }
        let last = self.grid.len() - 1;
        self.time.iter_mut().for_each(|rates| fall(&mut rates[..last]));
    }

    /// What copies of parts earn.
    pub(crate) fn earned(&self, parts: &[(u32, u32)]) -> f64 {
        parts.iter().map(|(part, n)| self.price[*part as usize] * f64::from(*n)).sum()
    }

    /// Begin of a span of time: the first reaches back to time 0.
    pub(crate) fn begin(&self, span: usize) -> i64 {
        if span == 0 { 0 } else { self.grid[span] }
    }

    /// Goes on with spans that are cut into pieces.
    pub(crate) fn cut(&mut self, grid: Vec<i64>) {
        let old = std::mem::replace(&mut self.grid, grid);
        let from = |at: &i64| old.partition_point(|begin| begin <= at).saturating_sub(1);
        let from: Vec<usize> = self.grid.iter().map(from).collect();
        for rates in &mut self.time {
            *rates = from.iter().map(|k| rates[*k]).collect();
        }
    }

    /// What a batch of a length that completes at the end of a span pays for the machine's time,
    /// and what one more unit of length pays.
    pub(crate) fn time_price(&self, machine: usize, span: usize, length: f64) -> (f64, f64) {
        let rates = &self.time[machine];
        if span + 1 == self.grid.len() {
            return (0.0, 0.0);
        }
        let (mut paid, mut left) = (0.0, length);
        for k in (0..=span).rev() {
            let from = if k == 0 { i64::MIN / 4 } else { self.grid[k] };
            let width = (self.grid[k + 1] - from) as f64;
            if left <= width {
                return (paid + rates[k] * left, rates[k]);
            }
            paid += rates[k] * width;
            left -= width;
        }
        (paid, rates[0])
    }

    /// Price of a unit of a machine's time at a moment.
    pub(crate) fn rate_at(&self, machine: usize, at: f64) -> f64 {
        let span = self.grid.windows(2).position(|ends| at < ends[1] as f64);
        span.map_or(0.0, |k| self.time[machine][k])
    }

    /// Price of all time of a machine up to a moment.
    pub(crate) fn time_until(&self, machine: usize, at: f64) -> f64 {
        let spans = self.grid.windows(2).enumerate().zip(&self.time[machine]);
        let paid = spans.map(|((k, ends), rate)| {
            let from = if k == 0 { 0 } else { ends[0] } as f64;
            rate * (at.min(ends[1] as f64) - from).max(0.0)
        });
        paid.sum()
    }

    /// What all parts earn, less what all machines do.
    pub(crate) fn value(&self, inst: &Instance<'_>) -> f64 {
        let parts = self.price.iter().zip(&inst.problem.parts);
        parts.map(|(price, part)| price * f64::from(part.copies)).sum::<f64>() - self.time_earned()
    }

    /// What all machines earn with their time.
    fn time_earned(&self) -> f64 {
        let widths = self.grid.windows(2).enumerate();
        let widths: Vec<f64> =
            widths.map(|(k, w)| if k == 0 { w[1] as f64 } else { (w[1] - w[0]) as f64 }).collect();
        let of = |rates: &Vec<f64>| rates.iter().zip(&widths).map(|(r, w)| r * w).sum::<f64>();
        self.time.iter().map(of).sum()
    }
}
