//! What a machine can print, with what it costs there, and the batches that earn most.

use crate::batching::bound::duals::Duals;
use crate::batching::bound::knapsack::{Offer, Rows, Terms, best};
use crate::batching::bound::lines::Moment;
use crate::batching::bound::stock::{Item, Stock};
use crate::batching::instance::Instance;

/// A machine.
pub(crate) struct Shop {
    pub(crate) machine: usize,
    pub(crate) class: usize,
    /// Weighted cost of a unit of time, and of peak on top.
    pub(crate) rate: f64,
    pub(crate) peak_rate: f64,
    fixed_cost: f64,
    pub(crate) ready: f64,
    pub(crate) fixed: f64,
}

/// An item that a machine may earn something with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pick {
    /// Index in the stock.
    pub(crate) item: u32,
    /// What it costs there at any time.
    cost: f64,
    /// Latest completion without lateness.
    due: f64,
}

/// A batch as a column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    /// What it earns beyond what it pays.
    pub(crate) profit: f64,
    pub(crate) family: usize,
    /// Of its highest part.
    pub(crate) peak: f64,
    /// What its parts earn.
    pub(crate) earned: f64,
    /// What it pays, whatever line it was found along.
    pub(crate) pays: f64,
    pub(crate) length: f64,
    /// Parts and copies.
    pub(crate) parts: Vec<(u32, u32)>,
}

/// Buffers to price a machine.
#[derive(Default)]
pub(crate) struct Desk {
    /// All that the machine may earn something with, by family.
    wares: Vec<Vec<Pick>>,
    offers: Vec<Offer>,
    rows: Rows,
}

/// What batches are priced with.
pub(crate) struct Counter<'a> {
    pub(crate) stock: &'a Stock,
    pub(crate) duals: &'a Duals,
}

/// Greatest peaks of batches, by family and rising.
pub(crate) struct Peaks {
    /// Those that are asked for; all if none.
    asked: Option<Vec<Vec<f64>>>,
    /// Those of batches that earn more than they pay.
    over: Vec<Vec<f64>>,
    /// Prices of size to begin with (see [`best`]).
    sizes: Vec<f64>,
}

impl Peaks {
    pub(crate) fn all(families: usize) -> Self {
        Self { asked: None, over: vec![Vec::new(); families], sizes: vec![0.0; families] }
    }

    /// Asks for what earned too much last; false if nothing did.
    pub(crate) fn narrow(&mut self) -> bool {
        let families = self.over.len();
        let mut over = std::mem::replace(&mut self.over, vec![Vec::new(); families]);
        for peaks in &mut over {
            peaks.sort_by(f64::total_cmp);
            peaks.dedup();
        }
        let any = over.iter().any(|peaks| !peaks.is_empty());
        self.asked = Some(over);
        any
    }

    pub(crate) fn asks_for(&self, column: &Column) -> bool {
        self.asked.as_ref().is_none_or(|asked| asked[column.family].contains(&column.peak))
    }
}

impl Shop {
    pub(crate) fn new(inst: &Instance<'_>, machine: usize) -> Self {
        let m = &inst.machines[machine];
        let problem = &inst.problem;
        let rate = |r: i64| (problem.objective.production * r) as f64 / problem.rate_span as f64;
        Self {
            machine,
            class: m.class,
            rate: rate(m.rate),
            peak_rate: rate(m.peak_rate),
            fixed_cost: (problem.objective.production * m.per_batch) as f64,
            ready: m.ready as f64,
            fixed: m.fixed as f64,
        }
    }

    /// Lays out what costs less than it earns; when a batch of that may start first.
    pub(crate) fn lay_out(
        &self,
        inst: &Instance<'_>,
        stock: &Stock,
        duals: &Duals,
        desk: &mut Desk,
    ) -> f64 {
        let mut first = f64::INFINITY;
        desk.wares.resize_with(stock.items.len(), Vec::new);
        for (items, wares) in stock.items.iter().zip(&mut desk.wares) {
            wares.clear();
            for (k, item) in items.iter().enumerate() {
                let n = f64::from(item.copies);
                let most = n * duals.price[item.part as usize] - self.rate * item.add;
                if most <= 0.0 || !inst.takes(item.part, self.machine) {
                    continue;
                }
                let freight = n * inst.freight(item.part, self.machine) as f64;
                if freight < most {
                    let part = &inst.problem.parts[item.part as usize];
                    let way = inst.tail(item.part, self.machine) - part.finish;
                    first = first.min(self.ready.max(part.release as f64));
                    wares.push(Pick {
                        item: k as u32,
                        cost: freight + self.rate * item.add,
                        due: item.due - way as f64,
                    });
                }
            }
        }
        first
    }

    /// What a batch pays whatever it holds, and for a unit of length.
    pub(crate) fn tariff(&self, moment: &Moment) -> (f64, f64) {
        (self.fixed_cost + moment.at_zero, self.rate + moment.slope)
    }

    /// The best batch of what is laid out (see [`Self::best`]); what can be in any that earns more
    /// than it pays is added to `shelf`.
    pub(crate) fn best_of_all(
        &self,
        on: &Counter<'_>,
        moment: &Moment,
        peaks: &mut Peaks,
        shelf: &mut [Vec<Pick>],
        desk: &mut Desk,
    ) -> Option<Column> {
        let wares = std::mem::take(&mut desk.wares);
        let found = self.best(on, moment, peaks, &wares, Some(shelf), desk);
        desk.wares = wares;
        found
    }

    /// The best batch of some picks, by family and sorted by peak, if it earns more than it pays
    /// and has one of the peaks asked for.
    pub(crate) fn best(
        &self,
        on: &Counter<'_>,
        moment: &Moment,
        peaks: &mut Peaks,
        picks: &[Vec<Pick>],
        mut shelf: Option<&mut [Vec<Pick>]>,
        desk: &mut Desk,
    ) -> Option<Column> {
        if self.fixed >= moment.room {
            return None;
        }
        let (fixed, slope) = self.tariff(moment);
        let fixed = fixed + slope * self.fixed;
        let mut found: Option<Column> = None;
        for (family, items) in on.stock.items.iter().enumerate() {
            let terms = Terms {
                cells: on.stock.cells,
                fixed,
                per_peak: slope + self.peak_rate,
                stack: on.stock.stack[family],
            };
            let Desk { offers, rows, .. } = &mut *desk;
            let paid = self.offer(items, &picks[family], on.duals, moment, &terms, offers);
            if paid {
                continue;
            }
            let only = peaks.asked.as_ref().map(|asked| &asked[family][..]);
            if offers.is_empty() || only.is_some_and(<[f64]>::is_empty) {
                continue;
            }
            let profit = best(offers, &terms, only, &mut peaks.sizes[family], rows);
            if let Some(shelf) = &mut shelf {
                let mut all = picks[family].iter();
                let core = rows.core().filter_map(|item| all.find(|pick| pick.item == item));
                shelf[family].extend(core);
            }
            peaks.over[family].extend_from_slice(&rows.peaks);
            if let Some(profit) = profit
                && found.as_ref().is_none_or(|f| f.profit < profit)
            {
                found = Some(Column { family, ..self.column(items, &terms, profit, &rows.chosen) });
            }
        }
        if let Some(column) = &mut found {
            column.earned = on.duals.earned(&column.parts);
        }
        found
    }

    /// Offers sorted by peak, as items are; whether none of them earns more than its share of a
    /// full batch of its own peak pays, so that no batch earns more than it pays.
    fn offer(
        &self,
        items: &[Item],
        picks: &[Pick],
        duals: &Duals,
        moment: &Moment,
        terms: &Terms,
        offers: &mut Vec<Offer>,
    ) -> bool {
        offers.clear();
        let Terms { fixed, per_peak, stack, .. } = *terms;
        // Where a line is below 0 for short batches, what earns nothing may still be the highest.
        let least = if fixed < 0.0 { f64::NEG_INFINITY } else { 0.0 };
        // Shares of batches that are not full add up to less than is paid only if that is above 0.
        let mut paid = per_peak >= 0.0 && (fixed >= 0.0 || stack == 0.0);
        for pick in picks {
            let item = &items[pick.item as usize];
            let (n, part) = (f64::from(item.copies), item.part as usize);
            let late = duals.late[part] * moment.late(pick.due);
            let gain = n * (duals.price[part] - late) - pick.cost - moment.slope * item.add;
            if gain > least && self.fixed + item.alone <= moment.room {
                let whole = fixed + per_peak * item.peak.max(stack);
                paid &= whole >= 0.0 && gain <= item.share * whole;
                offers.push(Offer { gain, peak: item.peak, cells: item.cells, item: pick.item });
            }
        }
        paid
    }

    fn column(&self, items: &[Item], terms: &Terms, profit: f64, chosen: &[Offer]) -> Column {
        let mut column = Column { profit, ..Column::default() };
        let (mut add, mut used, mut peak) = (0.0, 0, 0.0_f64);
        for offer in chosen {
            let item = &items[offer.item as usize];
            (add, used, peak) = (add + item.add, used + item.cells, peak.max(item.peak));
            match column.parts.iter_mut().find(|p| p.0 == item.part) {
                Some(p) => p.1 += item.copies,
                None => column.parts.push((item.part, item.copies)),
            }
        }
        let even = terms.stack * used as f64 / terms.cells.max(1) as f64;
        column.peak = peak;
        column.length = self.fixed + add + peak.max(even);
        column
    }
}
