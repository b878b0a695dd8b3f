//! Which orders of a night cannot all be on time for lack of machine time, in terms of the night.

#[cfg(test)]
mod tests;

use platewright_model::config::Objective;
use platewright_model::id::{MachineId, OrderId, PartId};
use platewright_model::measure::{Money, Seconds};
use platewright_model::oracle::FitOracle;
use platewright_model::stage::PrintingGroup;
use platewright_model::time::Time;
use rayon::prelude::*;

use crate::batch::problem::{NightProblem, monday, orders_of};
use crate::batch::task::Task;
use crate::batching::{HopelessOrder, TightMachine, TightSet, least_cost, shortfall};
use crate::facts::Facts;
use crate::instance::{Station, stations};

/// Orders and machines that a sentence names; of more it tells the number.
const NAMED: usize = 8;

/// What there is too little machine time for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NightCapacity {
    /// Orders that would be late if nothing else were printed.
    pub hopeless: Vec<LateAlone>,
    /// Sets of other orders that cannot all be on time.
    pub tight: Vec<TightNight>,
    /// No plan costs less for what there is to print, however it is put into builds: with what is
    /// left over, without changes of material, waiting, powder that is lost and what builds lose
    /// that are not full.
    pub least_cost: Money,
}

/// An order that is late in any plan, even if all machines were free.
#[derive(Clone, Debug, PartialEq)]
pub struct LateAlone {
    /// The order.
    pub order: OrderId,
    /// The part that holds it up most.
    pub part: PartId,
    /// When it is due.
    pub due: Time,
    /// No plan has it arrive before.
    pub soonest: Time,
}

/// Orders that cannot all be on time.
#[derive(Clone, Debug, PartialEq)]
pub struct TightNight {
    /// The orders, sorted.
    pub orders: Vec<OrderId>,
    /// Units of them that need the time.
    pub units: u64,
    /// When the first and the last of them are due.
    pub due: (Time, Time),
    /// The machines, of which no other could have any of the units there in time.
    pub machines: Vec<ShortMachine>,
    /// Time that the units need at least, as time of the first machine.
    pub needed: Seconds,
    /// Time that the machines have, as time of the first.
    pub offered: Seconds,
    /// Of these orders, so many are late at least.
    pub late_orders: usize,
    /// By less than this it is of no use to move all the dates; none where no time will do.
    pub shift: Option<Seconds>,
}

/// A machine of a [`TightNight`].
#[derive(Clone, Debug, PartialEq)]
pub struct ShortMachine {
    /// The machine.
    pub machine: MachineId,
    /// When it can be free first for any of the units.
    pub from: Time,
    /// When the last of them must be off it to arrive in time.
    pub until: Time,
    /// Its time between, without maintenance.
    pub open: Seconds,
    /// Times of the first machine that a time of this one is worth.
    pub worth: f64,
}

/// Which orders of groups cannot all be on time in any plan whose batches `fit` does not call more
/// than full, and which are late by themselves.
///
/// Of `fit`, what it says of single parts counts: shares of a volume, which add up to no more than
/// 1 in a build and, where parts are stacked, to no more than its share of the height. `until` is
/// when the last build of some plan ends.
pub fn night_capacity(
    facts: &Facts<'_>,
    groups: &[PrintingGroup],
    fit: &dyn FitOracle,
    objective: &Objective,
    until: Time,
) -> NightCapacity {
    let centres: Vec<_> = facts.night.centres.values().collect();
    let stations = stations(facts, &centres);
    let tasks: Vec<Task<'_>> = groups
        .par_iter()
        .filter_map(|group| Task::new(facts, &stations, centres.len(), group, fit).0)
        .collect();
    let night = NightProblem::new(facts, &stations, &tasks, objective).at_least(&stations, &tasks);
    let told = Told {
        stations: &stations,
        tasks: &tasks,
        night: &night,
        orders: orders_of(&tasks).into_keys().collect(),
        monday: monday(facts.night.planning_time),
    };
    let (hopeless, tight) = shortfall(&night.problem);
    NightCapacity {
        hopeless: hopeless.iter().map(|order| told.late_alone(order)).collect(),
        tight: tight.iter().map(|set| told.tight(set)).collect(),
        least_cost: least(&night, &tasks, objective, until - told.monday),
    }
}

/// No plan costs less, of a problem that counts nothing too high.
fn least(night: &NightProblem, tasks: &[Task<'_>], objective: &Objective, end: Seconds) -> Money {
    let problem = &night.problem;
    let printed: Vec<f64> = night
        .chunks
        .iter()
        .map(|(task, chunk)| {
            let task = &tasks[*task];
            let price_per_g = task.material.price_per_kg.0 as f64 / 1000.0;
            // The problem rounds the freight of every copy up, a night that of a shipment.
            task.chunks[*chunk].mass_g * price_per_g - 2.0
        })
        .collect();
    let least = least_cost(problem, end.0, &printed, objective.unplaced_per_unit as f64);
    // And the lateness of every order.
    Money((least - problem.orders.len() as f64).floor().max(0.0) as i64)
}

/// What indices and times of the problem are in the night.
struct Told<'a> {
    stations: &'a [Station<'a>],
    tasks: &'a [Task<'a>],
    night: &'a NightProblem,
    orders: Vec<&'a OrderId>,
    monday: Time,
}

impl Told<'_> {
    fn time(&self, since: i64) -> Time {
        self.monday + Seconds(since)
    }

    fn late_alone(&self, order: &HopelessOrder) -> LateAlone {
        let (task, chunk) = self.night.chunks[order.part];
        LateAlone {
            order: self.orders[order.order].clone(),
            part: self.tasks[task].chunks[chunk].part.clone(),
            due: self.time(order.date),
            soonest: self.time(order.soonest),
        }
    }

    fn tight(&self, set: &TightSet) -> TightNight {
        let machine = |m: &TightMachine| ShortMachine {
            machine: self.stations[m.machine].machine.id.clone(),
            from: self.time(m.from),
            until: self.time(m.until),
            open: Seconds(m.open),
            worth: m.worth,
        };
        TightNight {
            orders: set.orders.iter().map(|order| self.orders[*order].clone()).collect(),
            units: set.copies,
            due: (self.time(set.dates.0), self.time(set.dates.1)),
            machines: set.machines.iter().map(machine).collect(),
            needed: Seconds(set.needed),
            offered: Seconds(set.offered),
            late_orders: set.late_orders,
            shift: set.shift.map(Seconds),
        }
    }
}

impl LateAlone {
    /// Why the order is late.
    pub fn sentence(&self) -> String {
        format!(
            "order {} is due {} and arrives at {} at the earliest, whatever else is printed, for \
             part {}",
            self.order, self.due, self.soonest, self.part
        )
    }
}

impl TightNight {
    /// What is too much for which machines.
    pub fn sentence(&self) -> String {
        let from = self.machines.iter().map(|m| m.from).min();
        let until = self.machines.iter().map(|m| m.until).max();
        let span = from.zip(until).map_or(String::new(), |(a, b)| format!(" from {a} to {b}"));
        let due = if self.due.0 == self.due.1 {
            format!("{}", self.due.0)
        } else {
            format!("{} to {}", self.due.0, self.due.1)
        };
        let machines = listed(self.machines.iter().map(|m| m.machine.as_str()));
        format!(
            "{} {} of {} {}, due {due}, need at least {:.1} h on {machines}, the only {} that \
             could have any of them there in time, and there are {:.1} h{span}{}",
            self.units,
            if self.units == 1 { "unit" } else { "units" },
            if self.orders.len() == 1 { "order" } else { "orders" },
            listed(self.orders.iter().map(OrderId::as_str)),
            self.needed.hours(),
            if self.machines.len() == 1 { "machine" } else { "machines" },
            self.offered.hours(),
            if self.is_mixed() { ", told as time of the first" } else { "" },
        )
    }

    /// What would have to give way.
    pub fn remedy(&self) -> String {
        let missing = (self.needed.0 - self.offered.0) as f64 / 3600.0;
        let unit = if self.is_mixed() { " (as time of the first)" } else { "" };
        let dates = match self.shift {
            Some(shift) => format!("all of their dates move by {:.1} h at least", shift.hours()),
            None => "no later date would do".to_owned(),
        };
        format!(
            "{} of these orders or more will be late or lack units, unless there are {missing:.1} \
             h more there by then{unit}, or as much is printed elsewhere; or {dates}",
            self.late_orders,
        )
    }

    /// Whether times of its machines count unlike.
    fn is_mixed(&self) -> bool {
        self.machines.iter().any(|machine| machine.worth != 1.0)
    }
}

/// The first names of a list, and how many more there are.
fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let named: Vec<&str> = names.take(NAMED).collect();
    named.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
}
