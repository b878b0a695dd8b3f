//! Builds of a plan in force: what assignment and scheduling may still change of them.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use platewright_model::batching::Freeze;
use platewright_model::id::BuildId;
use platewright_model::order::Order;
use platewright_model::replan::KeptBuild;
use platewright_model::stage::ScheduledBuild;

use crate::calendar::Slot;
use crate::facts::Facts;
use crate::instance::{Instance, Job, Share, Station};

/// What the plan in force says of a job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held<'a> {
    pub(crate) freeze: Freeze,
    /// Its machine, by index, if that is there still.
    pub(crate) machine: Option<usize>,
    /// Its times, and its machine by name.
    pub(crate) scheduled: &'a ScheduledBuild,
    /// Whether it makes no order late where it is: then there is no gain in an earlier start.
    pub(crate) in_time: bool,
}

impl<'a> Held<'a> {
    pub(crate) fn new(
        facts: &Facts<'_>,
        stations: &[Station<'_>],
        orders: &[&Order],
        shares: &[Share],
        kept: &'a KeptBuild,
    ) -> Self {
        let scheduled = &kept.scheduled;
        let machine = stations.iter().position(|s| s.machine.id == scheduled.machine);
        let in_time = |share: &Share| {
            let order = orders[share.order];
            machine
                .and_then(|m| facts.freight(&stations[m].machine.centre, &order.region))
                .is_some_and(|way| scheduled.end + share.tail + way.duration <= order.due)
        };
        Self { freeze: kept.freeze, machine, scheduled, in_time: shares.iter().all(in_time) }
    }

    /// Whether it cannot leave its machine.
    pub(crate) fn is_bound(&self) -> bool {
        self.freeze >= Freeze::Machine
    }

    /// Whether it has started.
    pub(crate) fn begun(&self) -> bool {
        self.freeze == Freeze::Start
    }

    /// Its times in the plan in force.
    pub(crate) fn slot(&self) -> Slot {
        let s = self.scheduled;
        Slot {
            start: s.start,
            print_start: s.print_start,
            print_end: s.print_end,
            cooled: s.cooled,
            unload_start: s.unload_start,
            end: s.end,
        }
    }
}

/// Builds that are kept, by id.
pub(crate) type Kept<'a> = BTreeMap<&'a BuildId, &'a KeptBuild>;

pub(crate) fn by_id(kept: &[KeptBuild]) -> Kept<'_> {
    kept.iter().map(|k| (&k.scheduled.build, k)).collect()
}

impl Job<'_> {
    /// Whether it has started.
    pub(crate) fn begun(&self) -> bool {
        self.held.is_some_and(|held| held.begun())
    }
}

impl Instance<'_> {
    /// What the plan in force says of a job, if it is on the machine that it has there.
    pub(crate) fn home(&self, job: usize, machine: usize) -> Option<&Held<'_>> {
        self.jobs[job].held.as_ref().filter(|held| held.machine == Some(machine))
    }

    /// How many jobs at the head of a queue have started: nothing comes before them.
    pub(crate) fn begun(&self, queue: &[usize]) -> usize {
        queue.iter().take_while(|job| self.jobs[**job].begun()).count()
    }

    /// The same jobs, each of the plan in force on its machine as long as that can take it, so that
    /// what need not move does not.
    pub(crate) fn pinned(&self) -> Self {
        let mut pinned = self.clone();
        for job in &mut pinned.jobs {
            let home = job.held.and_then(|held| held.machine);
            if job.choices.iter().any(|choice| Some(choice.machine) == home) {
                job.choices.retain(|choice| Some(choice.machine) == home);
            }
        }
        pinned
    }
}
