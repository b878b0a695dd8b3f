//! Statements on capacity as sentences. Times are in the unit of the problem.

use platewright_model::batching::BatchProblem;

use crate::batching::capacity::{HopelessOrder, TightSet};

/// Machines that a sentence names; of more it tells the number.
const NAMED: usize = 6;

impl TightSet {
    /// What is too much for which machines.
    pub fn sentence(&self, problem: &BatchProblem) -> String {
        let until = self.machines.iter().map(|m| m.until).max().unwrap_or(0);
        let from = self.machines.iter().map(|m| m.from).min().unwrap_or(0);
        let (first, last) = self.dates;
        let due = if first == last { format!("{last}") } else { format!("{first} to {last}") };
        format!(
            "{} of {}, due {due}, need at least {} on {}, the only {} that could have any of them \
             there in time, and there is {} from {from} to {until}",
            counted(self.copies, "copy", "copies"),
            counted(self.orders.len() as u64, "order", "orders"),
            self.needed,
            self.machines_named(problem),
            if self.machines.len() == 1 { "machine" } else { "machines" },
            self.offered,
        ) + if self.is_mixed() { ", told as time of the first" } else { "" }
    }

    /// What would have to give way.
    pub fn remedy(&self) -> String {
        let missing = self.needed - self.offered;
        let unit = if self.is_mixed() { " (as time of the first)" } else { "" };
        let dates = match self.shift {
            Some(shift) => format!("all of their dates move by {shift} at least"),
            None => "no later date would do".to_owned(),
        };
        format!(
            "{} of these orders or more will be late, unless there is {missing} more there by \
             then{unit}, or as much is printed elsewhere; or {dates}",
            self.late_orders,
        )
    }

    /// Whether times of its machines count unlike.
    fn is_mixed(&self) -> bool {
        self.machines.iter().any(|machine| machine.worth != 1.0)
    }

    fn machines_named(&self, problem: &BatchProblem) -> String {
        let named = self.machines.iter().take(NAMED).map(|m| name(problem, m.machine));
        let named: Vec<String> = named.collect();
        let more = self.machines.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        named.join(", ") + &more
    }
}

impl HopelessOrder {
    /// Why the order is late.
    pub fn sentence(&self) -> String {
        format!(
            "order {} is due {} and arrives at {} at the earliest, whatever else is printed, for \
             part {}",
            self.order, self.date, self.soonest, self.part
        )
    }
}

fn name(problem: &BatchProblem, machine: usize) -> String {
    let name = &problem.machines[machine].name;
    if name.is_empty() { format!("machine {machine}") } else { name.clone() }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
