//! A schedule as queues of builds, its exact cost, and the start by due date.

use std::cmp::Reverse;

use platewright_model::time::Time;

use crate::calendar::{Slot, slot_in};
use crate::cost::changeover_needed;
use crate::instance::Instance;

/// Times of a job, and whether the material is changed before it.
type Timed = (Slot, bool);

/// Queues of jobs on machines with the times that follow, and the cost of all of it.
#[derive(Clone)]
pub(crate) struct Plan<'a> {
    instance: &'a Instance<'a>,
    /// Machine of each job that is planned.
    pub(crate) at: Vec<Option<usize>>,
    /// Jobs of each machine in the order they are printed.
    pub(crate) queues: Vec<Vec<usize>>,
    /// Times of each planned job, and whether the material is changed before it.
    pub(crate) slots: Vec<Option<Timed>>,
    /// Freight and lateness of each order.
    order_costs: Vec<i64>,
    /// Production, changes of material, freight and lateness.
    pub(crate) cost: i64,
}

/// What is needed to take a change back.
pub(crate) struct Undo {
    queues: Vec<(usize, Vec<usize>)>,
    jobs: Vec<(usize, Option<usize>, Option<Timed>)>,
    orders: Vec<(usize, i64)>,
    cost: i64,
}

/// Jobs on their machines, the earliest due first, then the most urgent. Those of a plan in force
/// that are where they were begin in its order, and the others go between them.
pub(crate) fn dispatch<'a>(instance: &'a Instance<'a>, at: &[Option<usize>]) -> Plan<'a> {
    let mut queues = vec![Vec::new(); instance.machines.len()];
    for (job, machine) in at.iter().enumerate() {
        if let Some(machine) = machine {
            queues[*machine].push(job);
        }
    }
    let urgency = |&j: &usize| (instance.jobs[j].due, Reverse(instance.jobs[j].priority), j);
    let mut others = Vec::new();
    for (machine, queue) in queues.iter_mut().enumerate() {
        queue.sort_by_key(urgency);
        let home = |j: &usize| instance.home(*j, machine).is_some();
        if queue.iter().any(home) {
            others.extend(queue.iter().filter(|j| !home(j)).map(|j| (*j, machine)));
            queue.retain(home);
            let begin = |j: &usize| {
                instance.home(*j, machine).map(|h| (!h.begun(), h.scheduled.start, h.scheduled.end))
            };
            queue.sort_by_key(|j| (begin(j), *j));
        }
    }
    let n = instance.jobs.len();
    let mut plan = Plan {
        instance,
        at: vec![None; n],
        queues: vec![Vec::new(); instance.machines.len()],
        slots: vec![None; n],
        order_costs: vec![0; instance.orders.len()],
        cost: 0,
    };
    for (machine, queue) in queues.into_iter().enumerate() {
        // A job whose set-up never fits is refused before it can be assigned, so the whole
        // queue has times; if one had none, the jobs from it on would stay unplanned.
        let fits = plan.times(machine, &queue).len();
        let queue = queue[..fits].to_vec();
        plan.change(vec![(machine, queue)]);
    }
    others.sort_by_key(|(job, _)| urgency(job));
    for (job, machine) in others {
        plan.insert(job, machine);
    }
    plan
}

impl Plan<'_> {
    /// Replaces the queues of machines; `None`, and nothing changed, if a job finds no time.
    ///
    /// A job must be in one queue at most; a job that leaves all queues is no longer planned.
    pub(crate) fn change(&mut self, queues: Vec<(usize, Vec<usize>)>) -> Option<Undo> {
        let mut times = Vec::with_capacity(queues.len());
        for (machine, queue) in &queues {
            let slots = self.times(*machine, queue);
            if slots.len() < queue.len() {
                return None;
            }
            times.push(slots);
        }
        let mut undo =
            Undo { queues: Vec::new(), jobs: Vec::new(), orders: Vec::new(), cost: self.cost };
        for (machine, _) in &queues {
            for &job in &self.queues[*machine] {
                undo.jobs.push((job, self.at[job], self.slots[job]));
            }
        }
        let known: Vec<usize> = undo.jobs.iter().map(|j| j.0).collect();
        for job in queues.iter().flat_map(|(_, queue)| queue) {
            if !known.contains(job) {
                undo.jobs.push((*job, self.at[*job], self.slots[*job]));
            }
        }
        let before: i64 = undo.jobs.iter().map(|j| self.job_cost(j.0)).sum();
        for (job, _, _) in &undo.jobs {
            (self.at[*job], self.slots[*job]) = (None, None);
        }
        for ((machine, queue), slots) in queues.into_iter().zip(times) {
            for (&job, slot) in queue.iter().zip(slots) {
                (self.at[job], self.slots[job]) = (Some(machine), Some(slot));
            }
            undo.queues.push((machine, std::mem::replace(&mut self.queues[machine], queue)));
        }
        let after: i64 = undo.jobs.iter().map(|j| self.job_cost(j.0)).sum();
        self.cost += after - before;
        self.refresh_orders(&mut undo);
        Some(undo)
    }

    /// Puts a job where in the queue of a machine it costs least, the earlier the better.
    fn insert(&mut self, job: usize, machine: usize) {
        let queue = self.queues[machine].clone();
        let with = |place: usize| {
            let mut longer = queue.clone();
            longer.insert(place, job);
            vec![(machine, longer)]
        };
        let mut best: Option<(i64, usize)> = None;
        for place in self.instance.begun(&queue)..=queue.len() {
            let Some(undo) = self.change(with(place)) else { continue };
            if best.is_none_or(|(least, _)| self.cost < least) {
                best = Some((self.cost, place));
            }
            self.undo(undo);
        }
        if let Some((_, place)) = best {
            self.change(with(place));
        }
    }

    /// Puts builds that take no time at all, one after the other at the same moment, in the order
    /// of their ids: nothing else tells who reads the schedule which of them comes first, and so
    /// before which the material is changed.
    pub(crate) fn order_ties(&mut self) {
        for machine in 0..self.queues.len() {
            let moment = |job: &usize| {
                self.slots[*job].and_then(|(s, _)| (s.start == s.end).then_some(s.start))
            };
            let mut queue = self.queues[machine].clone();
            let begun = self.instance.begun(&queue);
            for ties in
                queue[begun..].chunk_by_mut(|a, b| moment(a).is_some() && moment(a) == moment(b))
            {
                ties.sort_unstable();
            }
            if queue != self.queues[machine] {
                // A change of material between two of them took no time, nor does another one.
                self.change(vec![(machine, queue)]);
            }
        }
    }

    /// Takes a change back.
    pub(crate) fn undo(&mut self, undo: Undo) {
        for (machine, queue) in undo.queues {
            self.queues[machine] = queue;
        }
        for (job, at, slot) in undo.jobs {
            (self.at[job], self.slots[job]) = (at, slot);
        }
        for (order, cost) in undo.orders {
            self.order_costs[order] = cost;
        }
        self.cost = undo.cost;
    }

    /// Latest arrival of the planned units of an order.
    pub(crate) fn arrival(&self, order: usize) -> Option<Time> {
        let arrival = |&(job, share): &(usize, usize)| {
            let (slot, machine) = (self.slots[job]?.0, self.at[job]?);
            let centre = self.instance.machines[machine].centre;
            Some(self.instance.arrival(&self.instance.jobs[job].shares[share], centre, slot.end))
        };
        self.instance.jobs_of[order].iter().filter_map(arrival).max()
    }

    /// Prices again the orders of jobs whose end or centre changed.
    fn refresh_orders(&mut self, undo: &mut Undo) {
        let mut orders: Vec<usize> = Vec::new();
        for (job, at, slot) in &undo.jobs {
            let end = slot.map(|s| s.0.end);
            if self.at[*job] != *at || self.slots[*job].map(|s| s.0.end) != end {
                orders.extend(self.instance.jobs[*job].shares.iter().map(|s| s.order));
            }
        }
        orders.sort_unstable();
        orders.dedup();
        for order in orders {
            let late = self.arrival(order).map_or(0, |at| self.instance.late_cost(order, at));
            let cost = self.instance.freight_of(order, &self.at) + late;
            undo.orders.push((order, self.order_costs[order]));
            self.cost += cost - self.order_costs[order];
            self.order_costs[order] = cost;
        }
    }

    fn job_cost(&self, job: usize) -> i64 {
        let Some(machine) = self.at[job] else { return 0 };
        let change = match self.slots[job] {
            Some((_, true)) => self.instance.machines[machine].machine.changeover_cost.0,
            _ => 0,
        };
        let choice = self.instance.choice(job, machine);
        choice.map_or(0, |c| c.cost.total().0) + change + self.change_cost(job, machine)
    }

    /// What a job of the plan in force must save to be elsewhere, or at another time, than there.
    fn change_cost(&self, job: usize, machine: usize) -> i64 {
        let stays = match (&self.instance.jobs[job].held, &self.slots[job]) {
            (Some(held), Some((slot, _))) => {
                held.machine == Some(machine) && held.scheduled.start == slot.start
            }
            _ => true,
        };
        if stays { 0 } else { self.instance.objective.changed_per_build }
    }

    /// Times of a queue, up to the first job that finds none.
    fn times(&self, machine: usize, queue: &[usize]) -> Vec<Timed> {
        let station = &self.instance.machines[machine];
        let old = &self.queues[machine];
        let mut free = station.ready;
        let mut loaded = station.machine.loaded.as_ref();
        let mut times = Vec::with_capacity(queue.len());
        for (place, &job) in queue.iter().enumerate() {
            // As long as the queue is as before, so are the times.
            let same = times.len() == place && old.get(..=place) == queue.get(..=place);
            let known = if same { self.slots[job] } else { None };
            let material = self.instance.jobs[job].material;
            let change = changeover_needed(loaded, material);
            let slot = known.or_else(|| self.next_slot(machine, job, free, change));
            let Some(slot) = slot else { break };
            (free, loaded) = (slot.0.end.max(free), Some(material));
            times.push(slot);
        }
        times
    }

    /// Times of a job on a machine that is free from a time on.
    ///
    /// What has started keeps its times. What is in time in the plan in force does not start
    /// earlier than there: people count on it, and no order gains by it.
    fn next_slot(&self, machine: usize, job: usize, free: Time, change: bool) -> Option<Timed> {
        let station = &self.instance.machines[machine];
        let from = match self.instance.home(job, machine) {
            Some(held) if held.begun() => return Some((held.slot(), held.scheduled.changeover)),
            Some(held) if held.in_time => free.max(held.scheduled.start),
            _ => free,
        };
        let print = self.instance.choice(job, machine)?.print;
        let slot = slot_in(&station.shifts, station.machine, from, change, print)?;
        Some((slot, change))
    }
}
