//! Batches as people make them without a planner: no order shares a build, the order that is due
//! first comes first, and what a machine took stays there. Nights planned so are what a search is
//! compared with.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use platewright_model::batching::{BatchPlan, BatchProblem, Copies, Load, PlannedBatch};
use platewright_model::measure::Seconds;
use platewright_model::time::Time;

use crate::batch::problem::NightProblem;
use crate::batch::task::Task;
use crate::calendar::slot_in;
use crate::compat::staffed;
use crate::instance::Station;

/// Puts each order's copies into builds of their own.
///
/// A build goes to the first machine, by centre and then by name, that takes all that is left of
/// the order's group, or else its first part; with `first_free`, among those to the one that is
/// free first.
pub(super) fn by_hand(
    night: &NightProblem,
    tasks: &[Task<'_>],
    stations: &[Station<'_>],
    first_free: bool,
) -> BatchPlan {
    let problem = &night.problem;
    let mut desk = Desk {
        problem,
        tasks,
        stations,
        free: stations.iter().map(|s| s.ready).collect(),
        held: problem.machines.iter().map(|m| m.loaded).collect(),
        plan: BatchPlan {
            machines: vec![Vec::new(); problem.machines.len()],
            ..BatchPlan::default()
        },
    };
    let mut orders: Vec<usize> = (0..problem.orders.len()).collect();
    orders.sort_by_key(|&o| (problem.orders[o].due, Reverse(problem.orders[o].weight), o));
    let mut parts_of = vec![Vec::new(); problem.orders.len()];
    for (p, part) in problem.parts.iter().enumerate() {
        parts_of[part.order].push(p);
    }
    for order in orders {
        let parts =
            parts_of[order].chunk_by(|&a, &b| problem.parts[a].family == problem.parts[b].family);
        for parts in parts {
            let copies = |&part: &usize| Copies { part, copies: problem.parts[part].copies };
            desk.print(parts.iter().map(copies).collect(), first_free);
        }
    }
    desk.plan.unplaced.sort_by_key(|copies| copies.part);
    desk.plan
}

/// The machines as they fill up.
struct Desk<'a> {
    problem: &'a BatchProblem,
    tasks: &'a [Task<'a>],
    stations: &'a [Station<'a>],
    /// When each machine is free next.
    free: Vec<Time>,
    /// Material that each machine holds then.
    held: Vec<Option<usize>>,
    plan: BatchPlan,
}

impl Desk<'_> {
    /// Prints parts of one order and family, batch after batch.
    fn print(&mut self, mut left: Vec<Copies>, first_free: bool) {
        while let Some(first) = left.first() {
            let Some(machine) = self.choose(&left, first_free) else {
                self.plan.unplaced.push(*first);
                left.remove(0);
                continue;
            };
            let batch = self.fill(machine, &mut left);
            self.plan.machines[machine].push(batch);
        }
    }

    /// The machine for a batch of what is left, if one takes its first part.
    fn choose(&self, left: &[Copies], first_free: bool) -> Option<usize> {
        let family = self.problem.parts[left[0].part].family;
        let key = &self.tasks[family].group.key;
        let mut machines = self.problem.families[family].machines.clone();
        machines.sort_by_key(|&m| (self.stations[m].centre, m));
        machines.retain(|&m| {
            self.load(left[0].part, m).is_some() && staffed(key, self.stations[m].machine).is_ok()
        });
        let all = |m: &usize| left.iter().all(|copies| self.load(copies.part, *m).is_some());
        if machines.iter().any(all) {
            machines.retain(all);
        }
        if first_free {
            machines.into_iter().min_by_key(|&m| self.free[m])
        } else {
            machines.first().copied()
        }
    }

    /// Takes as many copies as a machine is expected to hold, in turn, and at least one.
    fn fill(&mut self, machine: usize, left: &mut Vec<Copies>) -> PlannedBatch {
        let family = self.problem.parts[left[0].part].family;
        let class = &self.problem.classes[self.problem.machines[machine].class];
        let (mut parts, mut room) = (Vec::new(), class.capacity);
        let (mut add, mut peak) = (0, 0);
        for of in left.iter_mut() {
            let Some(load) = self.load(of.part, machine) else { continue };
            let most = room / load.size.max(1);
            let copies = u32::try_from(most).unwrap_or(u32::MAX).min(of.copies);
            if copies == 0 {
                continue;
            }
            parts.push(Copies { part: of.part, copies });
            of.copies -= copies;
            room -= load.size * i64::from(copies);
            add += load.add * i64::from(copies);
            peak = peak.max(load.peak);
        }
        left.retain(|of| of.copies > 0);
        let stacks = &self.problem.families[family].stack;
        let stack = stacks.get(self.problem.machines[machine].class).copied().unwrap_or(0);
        let filled = (class.capacity - room) as f64 / class.capacity.max(1) as f64;
        let peak = peak.max((stack as f64 * filled).ceil() as i64);
        let (start, end) = self.occupy(machine, family, class.base + add + peak);
        PlannedBatch { parts, start: start.0, end: end.0 }
    }

    /// Occupies a machine with a batch that takes so long between set-up and unloading.
    fn occupy(&mut self, machine: usize, family: usize, between: i64) -> (Time, Time) {
        let station = &self.stations[machine];
        let material = self.problem.families[family].material;
        let change = self.held[machine].is_some_and(|held| held != material);
        let print = Seconds(between - station.machine.time.cool_down.0);
        let from = self.free[machine];
        let slot = slot_in(&station.shifts, station.machine, from, change, print);
        let (start, end) = slot.map_or((from, from), |slot| (slot.start, slot.end));
        self.free[machine] = end;
        self.held[machine] = Some(material);
        (start, end)
    }

    /// Load of a part on a machine that can print and send it.
    fn load(&self, part: usize, machine: usize) -> Option<Load> {
        let at = &self.problem.machines[machine];
        let region = self.problem.orders[self.problem.parts[part].order].region;
        let way = self.problem.freight[at.centre].get(region)?;
        way.as_ref().and(self.problem.parts[part].loads[at.class])
    }
}
