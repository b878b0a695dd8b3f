//! Whether a batch of a family on a machine may earn more than it pays, by a knapsack over sizes.

use platewright_model::batching::Certificate;

use super::cost::freight_of_copy;
use super::falling::{Falling, Line};
use super::printing::{Printing, stack};

/// Greatest number of sizes that are told apart; a greater capacity is counted in quanta.
const SIZES: i64 = 1 << 14;

/// Greatest amount of money, times `rate_span`, that enters pricing: sums of some stay in range.
const MOST: i128 = 1 << 60;

/// An amount that is beyond what can be priced.
#[derive(Debug, PartialEq)]
pub(super) struct TooLarge;

/// Copies of a part on a machine. Money is in units of the certificate, times `rate_span`.
struct Item {
    /// In quanta, rounded down.
    size: usize,
    /// As it is.
    exact: i64,
    copies: u32,
    add: i64,
    peak: i64,
    /// When a batch with it may start first.
    begin: i64,
    /// Length of a batch of one copy.
    alone: i64,
    /// Freight less the price.
    worth: i128,
    late: i64,
    /// Time from the end of the batch to the arrival, less the time when it is due.
    after_due: Option<i128>,
}

/// The parts of a family that a machine may take.
pub(super) struct Pricing {
    pub(super) family: usize,
    /// Sorted by peak, at least one.
    items: Vec<Item>,
    /// Length of a batch without add and peak.
    fixed: i64,
    per_batch: i128,
    per_time: i128,
    per_peak: i128,
    /// In quanta.
    capacity: usize,
    /// As it is, and the peak of a batch that fills it, where parts are stacked.
    exact: i64,
    stack: i64,
    /// Least peak of a batch by its size in quanta; empty where parts are not stacked.
    stacked: Vec<i64>,
}

/// Completions in `(after, by]`; the last span has no end.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) after: i64,
    pub(super) by: Option<i64>,
}

/// A completion, of which only what is due by a time is late.
#[derive(Clone, Copy)]
struct Moment {
    due: i128,
    at: i128,
}

impl Pricing {
    /// Parts of a family on one of its machines; `None` if it takes none of them that earns more
    /// than it alone pays: without the others a batch pays no more, and earns no less.
    pub(super) fn of(
        printing: &Printing<'_>,
        certificate: &Certificate,
        machine: usize,
        family: usize,
    ) -> Result<Option<Self>, TooLarge> {
        let problem = printing.problem;
        let scale = certificate.scale;
        let on = &problem.machines[machine];
        let class = &problem.classes[on.class];
        let (weights, span) = (&problem.objective, problem.rate_span);
        let stack = stack(problem, family, on.class);
        let fits = problem.parts.iter().enumerate().filter(|(_, part)| part.family == family);
        let fits = fits.filter_map(|(k, part)| Some((k, part, printing.fit_at_first(k, machine)?)));
        let fits: Vec<_> = fits.collect();
        let sizes = Sizes::of(class.capacity, fits.iter().map(|(_, _, fit)| fit.load.size));
        let fixed = sum(&[class.setup, class.base, class.unload])?;
        let production = money(scale, weights.production.into())?;
        let per_time = money(on.rate, production)?;
        let mut items = Vec::new();
        for (index, part, fit) in fits {
            let price = &certificate.parts[index];
            let (load, way) = (fit.load, fit.way);
            let stacked = sizes.stacked(stack, class.capacity, sizes.quanta(load.size));
            let freight = money(weights.freight, freight_of_copy(problem, way, part))?;
            let worth = money(scale, freight)? - i128::from(price.price);
            let worth = money(span, worth)?;
            if worth + money(load.add, per_time)? >= 0 {
                continue;
            }
            let due = problem.orders[part.order].due.map(i128::from);
            let arrival = i128::from(part.finish) + i128::from(way.duration);
            items.push(Item {
                size: sizes.quanta(load.size),
                exact: load.size,
                copies: part.copies,
                add: load.add,
                peak: load.peak,
                begin: on.ready.max(part.release),
                alone: sum(&[fixed, load.add, load.peak.max(stacked)])?,
                worth,
                late: price.late,
                after_due: due.map(|due| arrival - due),
            });
        }
        items.sort_by_key(|item| item.peak);
        let capacity = sizes.quanta(class.capacity);
        let stacked = (0..=capacity).map(|size| sizes.stacked(stack, class.capacity, size));
        let stacked = if stack > 0 { stacked.collect() } else { Vec::new() };
        let per_peak = money(on.peak_rate, production)?;
        let per_batch = money(on.per_batch, production)?;
        let per_batch = money(span, per_batch)?;
        let exact = class.capacity;
        let pricing = Self {
            family,
            items,
            fixed,
            per_batch,
            per_time,
            per_peak,
            capacity,
            exact,
            stack,
            stacked,
        };
        Ok((!pricing.items.is_empty()).then_some(pricing))
    }

    /// When a batch may start first.
    pub(super) fn first_start(&self) -> i64 {
        self.items.iter().map(|item| item.begin).min().unwrap_or(i64::MAX)
    }

    /// No batch is complete before this.
    pub(super) fn first_completion(&self) -> i64 {
        let alone = self.items.iter().map(|item| item.begin.saturating_add(item.alone));
        alone.min().unwrap_or(i64::MAX)
    }

    /// A number that what a batch pays less what it earns, times `rate_span`, is not below in a
    /// span of completions; if that is not negative, the first such that was found. `None` if no
    /// batch is complete in the span.
    ///
    /// What a batch pays is priced at both ends of the span. In between it is no less: lines for
    /// the price of time move evenly with the end, and so does lateness, if what is due within the
    /// span is held not to be late in it.
    pub(super) fn least(&self, span: Span, time: &Falling) -> Result<Option<i64>, TooLarge> {
        let by = span.by.unwrap_or(i64::MAX);
        let in_time = |item: &&Item| item.begin.saturating_add(item.alone) <= by;
        let items: Vec<&Item> = self.items.iter().filter(in_time).collect();
        let Some(shortest) = items.iter().map(|item| i128::from(item.alone)).min() else {
            return Ok(None);
        };
        let groups: Vec<&[&Item]> = items.chunk_by(|a, b| a.peak == b.peak).collect();
        let after = i128::from(span.after);
        let (ends, lines) = match span.by {
            Some(by) => {
                let ends = [after.max(time.first() + shortest), by.into()];
                (ends.to_vec(), time.lines([ends[0], ends[1]], shortest, self.per_time))
            }
            // Machine time has no price in the long run.
            None => (vec![after], vec![[Line { slope: 0, at_zero: 0 }; 2]]),
        };
        // Each group of greatest peaks has a line that suits it best.
        let mut best: Vec<i64> = Vec::new();
        for pair in lines {
            let mut values = vec![i64::MAX; groups.len()];
            for (&at, line) in ends.iter().zip(pair) {
                let moment = Moment { due: ends[0], at };
                let found = self.values(&groups, moment, line)?;
                values = values.iter().zip(&found).map(|(a, b)| *a.min(b)).collect();
            }
            best.resize(groups.len(), i64::MIN);
            best = best.iter().zip(&values).map(|(a, b)| *a.max(b)).collect();
            if best.iter().all(|value| *value >= 0) {
                break;
            }
        }
        Ok(best.into_iter().min())
    }

    /// The least that batches with a greatest peak in each group pay, less what they earn, if
    /// machine time is charged by a line.
    fn values(
        &self,
        groups: &[&[&Item]],
        moment: Moment,
        line: Line,
    ) -> Result<Vec<i64>, TooLarge> {
        let per_time = small(self.per_time + line.slope)?;
        let fixed = money(per_time, self.fixed.into())?;
        let fixed = narrow(small(fixed + self.per_batch)? + small(line.at_zero)?)?;
        let per_peak = small(per_time + self.per_peak)?;
        if self.are_shared(groups, moment, [per_time, fixed.into(), per_peak])? {
            return Ok(vec![0; groups.len()]);
        }
        // Least cost of any parts so far, by the size that they keep within.
        let mut costs = vec![0_i64; self.capacity + 1];
        let (mut next, mut sum) = (costs.clone(), 0_i128);
        let mut values = Vec::new();
        for group in groups {
            let peaks = self.peaks(group[0].peak, per_peak)?;
            let mut least = i64::MAX;
            for item in *group {
                let cost = item.cost(per_time, moment)?;
                for (size, copies) in item.bundles(self.capacity) {
                    let cost = money(cost, copies.into())?;
                    least = least.min(least_with(&costs, size, narrow(cost)?, &peaks));
                    if cost < 0 {
                        sum = small(sum + cost)?;
                        take(&costs, &mut next, size, narrow(cost)?);
                        std::mem::swap(&mut costs, &mut next);
                    }
                }
            }
            values.push(fixed.saturating_add(least));
        }
        Ok(values)
    }

    /// Whether each part pays its share of a full batch of its own peak. Then no batch earns more
    /// than it pays: its sizes are no more than the capacity, its greatest peak is no less than
    /// the mean of its peaks by their shares, and where parts are stacked no less than its share
    /// of that of a full batch.
    fn are_shared(
        &self,
        groups: &[&[&Item]],
        moment: Moment,
        [per_time, fixed, per_peak]: [i128; 3],
    ) -> Result<bool, TooLarge> {
        // What is less than full pays less than its shares if they are below 0.
        if per_peak < 0 || self.stack > 0 && fixed < 0 {
            return Ok(false);
        }
        for item in groups.iter().copied().flatten() {
            let whole = small(fixed + money(per_peak, item.peak.max(self.stack).into())?)?;
            let own = item.cost(per_time, moment)?;
            let pays = i128::from(self.exact) * own + i128::from(item.exact) * whole;
            if whole < 0 || pays < 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What the peak of a batch costs whose parts have a peak, by its size; one entry where sizes
    /// do not matter.
    fn peaks(&self, peak: i64, per_peak: i128) -> Result<Vec<i64>, TooLarge> {
        let cost = |peak: i64| narrow(money(per_peak, peak.into())?);
        if self.stacked.is_empty() {
            return Ok(vec![cost(peak)?]);
        }
        self.stacked.iter().map(|stacked| cost(peak.max(*stacked))).collect()
    }
}

impl Item {
    /// What a copy pays less what it earns in a batch that is complete at a moment, but for the
    /// peak.
    fn cost(&self, per_time: i128, moment: Moment) -> Result<i128, TooLarge> {
        let is_late = |after_due: &i128| after_due + moment.due >= 0;
        let late = self.after_due.filter(is_late).map_or(0, |after_due| after_due + moment.at);
        let [time, late] = [money(per_time, self.add.into())?, money(self.late, late)?];
        small(time + late + self.worth)
    }

    /// Sizes and numbers of copies of bundles, of which some make up each number that fits.
    fn bundles(&self, capacity: usize) -> Vec<(usize, u32)> {
        let most = capacity.checked_div(self.size).and_then(|most| u32::try_from(most).ok());
        let mut left = most.map_or(self.copies, |most| most.min(self.copies));
        let mut bundles = Vec::new();
        let mut copies = 1;
        while left > 0 {
            let some = left.min(copies);
            bundles.push((self.size * some as usize, some));
            left -= some;
            copies = copies.saturating_mul(2);
        }
        bundles
    }
}

/// The least cost of a batch that has a bundle, beside the cheapest parts so far.
fn least_with(costs: &[i64], size: usize, cost: i64, peaks: &[i64]) -> i64 {
    let without = costs.len() - size;
    match peaks {
        // Costs fall with the size that may be filled.
        [peak] => costs[without - 1] + cost + peak,
        _ => {
            let with = costs[..without].iter().zip(&peaks[size..]);
            with.map(|(beside, peak)| beside + peak).min().map_or(i64::MAX, |least| least + cost)
        }
    }
}

/// Writes the least costs with a bundle or without it.
fn take(costs: &[i64], next: &mut [i64], size: usize, cost: i64) {
    next[..size].copy_from_slice(&costs[..size]);
    for ((next, beside), cheapest) in next[size..].iter_mut().zip(costs).zip(&costs[size..]) {
        *next = (*cheapest).min(beside + cost);
    }
}

/// Sizes in quanta.
struct Sizes {
    quantum: i64,
}

impl Sizes {
    /// The greatest common divisor of the sizes, or as many of it as tell enough sizes apart.
    fn of(capacity: i64, sizes: impl Iterator<Item = i64>) -> Self {
        let common = sizes.fold(0, common_divisor);
        let common = if common == 0 { capacity } else { common };
        let each = (capacity / common).saturating_add(SIZES - 1) / SIZES;
        Self { quantum: common.saturating_mul(each.max(1)) }
    }

    /// Rounded down: what fits then fits in quanta.
    fn quanta(&self, size: i64) -> usize {
        usize::try_from(size / self.quantum).unwrap_or(0)
    }

    /// Least peak of a batch of a size in quanta.
    fn stacked(&self, stack: i64, capacity: i64, quanta: usize) -> i64 {
        let size = i128::from(self.quantum) * quanta as i128;
        let peak = (i128::from(stack) * size + i128::from(capacity) - 1) / i128::from(capacity);
        i64::try_from(peak).unwrap_or(stack)
    }
}

fn common_divisor(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn sum(times: &[i64]) -> Result<i64, TooLarge> {
    let sum: i128 = times.iter().copied().map(i128::from).sum();
    narrow(small(sum)?)
}

/// A product that can be priced.
fn money(a: impl Into<i128>, b: i128) -> Result<i128, TooLarge> {
    a.into().checked_mul(b).ok_or(TooLarge).and_then(small)
}

fn small(amount: i128) -> Result<i128, TooLarge> {
    if amount.abs() <= MOST { Ok(amount) } else { Err(TooLarge) }
}

fn narrow(amount: i128) -> Result<i64, TooLarge> {
    i64::try_from(amount).map_err(|_| TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_make_up_all_numbers() {
        for (size, copies, capacity, most) in
            [(3, 7, 100, 7), (3, 7, 13, 4), (0, 5, 9, 5), (3, 1, 3, 1), (1, 6, 0, 0)]
        {
            let item = Item {
                size,
                exact: 0,
                copies,
                add: 0,
                peak: 0,
                begin: 0,
                alone: 0,
                worth: 0,
                late: 0,
                after_due: None,
            };
            let bundles = item.bundles(capacity);
            let mut numbers = std::collections::BTreeSet::from([0]);
            for (taken, some) in bundles {
                assert_eq!(taken, size * some as usize);
                numbers.extend(numbers.clone().iter().map(|n| n + some));
            }
            assert_eq!(numbers.into_iter().collect::<Vec<_>>(), (0..=most).collect::<Vec<_>>());
        }
    }

    #[test]
    fn sizes_are_exact_where_they_can_be_and_else_rounded_down() {
        let exact = Sizes::of(16_384, [7, 12].into_iter());
        assert_eq!((exact.quantum, exact.quanta(7), exact.quanta(16_384)), (1, 7, 16_384));
        let divided = Sizes::of(1_000_007, [1000, 350_000].into_iter());
        assert_eq!((divided.quantum, divided.quanta(350_000)), (1000, 350));
        assert_eq!(divided.quanta(1_000_007), 1000);
        let rounded = Sizes::of(1_000_000_000, [1, 999_999_999].into_iter());
        let quanta = rounded.quanta(1_000_000_000);
        assert!(quanta <= 16_384 && quanta > 16_000);
        assert_eq!(rounded.quanta(1), 0);
        let free = Sizes::of(5, [0].into_iter());
        assert_eq!((free.quanta(0), free.quanta(5)), (0, 1));
        assert_eq!(Sizes::of(i64::MAX, [i64::MAX].into_iter()).quanta(i64::MAX), 1);
        // A peak of 10 for a capacity of 5: 2 for each.
        assert_eq!([0, 1, 2].map(|size| exact.stacked(16_384 * 2, 16_384, size)), [0, 2, 4]);
        assert_eq!(divided.stacked(10, 1_000_007, 1), 1);
    }

    #[test]
    fn amounts_beyond_pricing_are_told() {
        assert_eq!(money(1_i64 << 31, 1 << 29), Ok(MOST));
        assert_eq!(money(1_i64 << 31, (1 << 29) + 1), Err(TooLarge));
        assert_eq!(money(i64::MAX, i128::MAX), Err(TooLarge));
    }
}
