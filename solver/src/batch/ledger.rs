//! What batches would cost, one put on a machine after the other.

use platewright_model::measure::Money;
use platewright_model::time::Time;

use crate::batch::draft::Draft;
use crate::batch::task::Task;
use crate::calendar::slot_in;
use crate::cost::{build_cost, freight_cost, lateness_cost};

/// Price of a batch on a machine that never finds time for it: only if there is no other.
const NEVER: i64 = 1_000_000_000_000;

/// When machines are free, what was shipped and what is late so far.
#[derive(Clone)]
pub(crate) struct Ledger {
    pub(crate) free: Vec<Time>,
    /// Lateness of each order in money.
    late: Vec<i64>,
    /// Whether an order has a shipment from a centre, by order and centre.
    shipped: Vec<Vec<bool>>,
    pub(crate) cost: i64,
}

/// What the next batch would add.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quote {
    pub(crate) cost: i64,
    station: usize,
    end: Option<Time>,
}

impl Ledger {
    /// Nothing printed yet; machines are free at `free`.
    pub(crate) fn new(task: &Task<'_>, free: Vec<Time>) -> Self {
        let shipped = task.freight.iter().map(|centres| vec![false; centres.len()]).collect();
        Self { free, late: vec![0; task.orders.len()], shipped, cost: 0 }
    }

    /// The machine on which a batch adds least.
    pub(crate) fn quote(&self, task: &Task<'_>, draft: &Draft) -> Quote {
        let quotes = draft.stations.iter().map(|&(index, print)| {
            let station = &task.stations[index];
            let mut cost =
                build_cost(task.process, task.material, station.machine, &draft.load, print)
                    .total();
            let slot = slot_in(&station.shifts, station.machine, self.free[index], false, print);
            if slot.is_none() {
                cost += Money(NEVER);
            }
            for &(order, tail, mass_g) in &draft.orders {
                let Some(freight) = task.freight[order][station.centre] else { continue };
                cost += freight_cost(freight, mass_g);
                if self.shipped[order][station.centre] {
                    cost = cost - freight.per_shipment;
                }
                if let Some(slot) = slot {
                    let late = slot.end + tail + freight.duration - task.orders[order].due;
                    let priority = task.orders[order].priority;
                    let late = lateness_cost(&task.objective, priority, late).0;
                    cost += Money((late - self.late[order]).max(0));
                }
            }
            Quote { cost: cost.0, station: index, end: slot.map(|s| s.end) }
        });
        quotes.min_by_key(|q| (q.cost, q.end, q.station)).expect("a draft has at least one machine")
    }

    /// Puts a batch where it was quoted.
    pub(crate) fn commit(&mut self, task: &Task<'_>, draft: &Draft, quote: &Quote) {
        let centre = task.stations[quote.station].centre;
        self.cost = self.cost.saturating_add(quote.cost);
        for &(order, tail, _) in &draft.orders {
            self.shipped[order][centre] = true;
            let (Some(end), Some(freight)) = (quote.end, task.freight[order][centre]) else {
                continue;
            };
            let late = end + tail + freight.duration - task.orders[order].due;
            let late = lateness_cost(&task.objective, task.orders[order].priority, late).0;
            self.late[order] = self.late[order].max(late);
        }
        if let Some(end) = quote.end {
            self.free[quote.station] = end;
        }
    }

    /// This ledger after all of `drafts`, the earliest due first.
    pub(crate) fn after(&self, task: &Task<'_>, drafts: &[Draft]) -> Self {
        let mut ledger = self.clone();
        let mut sorted: Vec<&Draft> = drafts.iter().collect();
        sorted.sort_by_key(|draft| (draft.due, draft.content[0].0));
        for draft in sorted {
            let quote = ledger.quote(task, draft);
            ledger.commit(task, draft, &quote);
        }
        ledger
    }
}
