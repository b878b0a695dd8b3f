//! Machine load before due dates, as a guide for assignment.
//!
//! For a machine and a due date, the builds due by then should fit the time until then. What
//! exceeds it is priced like lateness of a typical order. This is a guide and no bound: the
//! schedule decides what is late.

use crate::instance::Instance;

/// Most due dates that are looked at, a machine.
const MOST_DATES: usize = 12;

/// Due dates and the time each machine has until then.
#[derive(Debug)]
pub(crate) struct Load {
    /// Index of the due date that a job counts for first, by job.
    pub(crate) bucket: Vec<usize>,
    /// Seconds until each due date, by machine.
    pub(crate) room: Vec<Vec<i64>>,
    /// Price of a second that exceeds the room.
    pub(crate) price: f64,
}

impl Load {
    /// Due dates of the jobs, thinned out evenly, each job counted with the next later one.
    pub(crate) fn new(instance: &Instance<'_>) -> Self {
        let mut dues: Vec<i64> = instance.jobs.iter().map(|job| job.due.0).collect();
        dues.sort_unstable();
        dues.dedup();
        let step = dues.len().div_ceil(MOST_DATES).max(1);
        let mut dates: Vec<i64> = dues.iter().rev().step_by(step).copied().collect();
        dates.reverse();
        let bucket = instance.jobs.iter().map(|job| dates.partition_point(|d| *d < job.due.0));
        let room = |ready: i64| dates.iter().map(|d| (d - ready).max(0)).collect();
        let priorities: i64 = instance.jobs.iter().map(|job| i64::from(job.priority)).sum();
        let mean = priorities as f64 / instance.jobs.len().max(1) as f64;
        Self {
            bucket: bucket.collect(),
            room: instance.machines.iter().map(|m| room(m.ready.0)).collect(),
            price: instance.objective.lateness_per_hour as f64 * mean / 3600.0,
        }
    }

    /// Price of the overtime of one machine that prints `jobs`.
    pub(crate) fn machine_cost(
        &self,
        instance: &Instance<'_>,
        machine: usize,
        jobs: &[usize],
    ) -> i64 {
        let room = &self.room[machine];
        let mut due = vec![0_i64; room.len()];
        for &job in jobs {
            let choice = instance.choice(job, machine);
            due[self.bucket[job]] += choice.map_or(0, |c| c.occupied.0);
        }
        let mut sum = 0;
        let over: i64 = due
            .iter()
            .zip(room)
            .map(|(due, room)| {
                sum += due;
                (sum - room).max(0)
            })
            .sum();
        (over as f64 * self.price).ceil() as i64
    }

    /// Objective of the assignment with the overtime of all machines.
    pub(crate) fn cost(&self, instance: &Instance<'_>, at: &[Option<usize>]) -> i64 {
        let mut jobs = vec![Vec::new(); instance.machines.len()];
        for (job, machine) in at.iter().enumerate() {
            if let Some(machine) = machine {
                jobs[*machine].push(job);
            }
        }
        let over = jobs.iter().enumerate().map(|(m, jobs)| self.machine_cost(instance, m, jobs));
        instance.model_cost(at) + over.sum::<i64>()
    }
}
