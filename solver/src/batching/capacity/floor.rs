//! Machines and parts as the relaxation sees them: machines that are alike are a pool, parts that
//! the same pools take on the same ways are of a kind.
//!
//! Work is counted in units that are the same for all machines: time on a machine times the worth
//! of its class, so that fast and slow machines may stand in for one another. Any worths keep the
//! statements true; good ones make them sharp. What a copy needs is rounded down, what a machine
//! offers up.

use std::collections::BTreeMap;

use platewright_model::batching::BatchCalendar;
use rayon::prelude::*;

use crate::batching::capacity::share;
use crate::batching::instance::{Instance, NO_MATERIAL, NO_TIME};

/// Worth of the time of machines of the first class.
const PAR: i64 = 1024;

/// Greatest worth, in parts of which the least is 1.
const WORTH_MOST: f64 = 65_536.0;

/// All the work there is, in units, is less than this, so that sums fit.
const WORK_MOST: i128 = 1 << 58;

/// Units to a time at the most.
const UNITS: i128 = 16;

/// A part that is in no kind: no machine takes it, or it may be left out.
pub(super) const NO_KIND: u32 = u32::MAX;

/// Machines alike in all that the relaxation sees.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    pub(super) machines: Vec<u32>,
    pub(super) class: usize,
    pub(super) centre: usize,
}

/// Parts that the same pools take, and that go to the same region.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    /// Pools, each with the time on the way from there.
    pub(super) pools: Vec<(u32, i64)>,
}

/// Pools, kinds and units.
pub(super) struct Floor<'a> {
    pub(super) inst: &'a Instance<'a>,
    pub(super) pools: Vec<Pool>,
    pub(super) kinds: Vec<Kind>,
    /// Kind of each part.
    pub(super) kind_of: Vec<u32>,
    /// Worth of a time by class.
    pub(super) worth: Vec<i64>,
    /// A unit of work is `down / up` of a time at worth 1.
    up: i128,
    down: i128,
    /// Least work of a copy by part and class, in units; 0 where the class does not hold it.
    work: Vec<i64>,
}

impl<'a> Floor<'a> {
    pub(super) fn new(inst: &'a Instance<'a>) -> Self {
        let pools = pools(inst);
        let (kinds, kind_of) = kinds(inst, &pools);
        let classes = inst.problem.classes.len();
        let parts = inst.problem.parts.len();
        let any: Vec<Option<usize>> = (0..classes)
            .map(|class| pools.iter().find(|p| p.class == class).map(|p| p.machines[0] as usize))
            .collect();
        let time = |part: usize, class: usize| {
            inst.problem.parts[part].loads[class]?;
            any[class].map(|machine| share::time(inst, part as u32, machine))
        };
        let worth = worths(inst, &kind_of, time);
        let mut floor =
            Self { inst, pools, kinds, kind_of, worth, up: UNITS, down: 1, work: Vec::new() };
        let mut most: i128 = 1;
        for part in 0..parts {
            let on = |c: usize| time(part, c).map(|t| t.num / t.den * i128::from(floor.worth[c]));
            let greatest = (0..classes).filter_map(on).max().unwrap_or(0) + 1;
            most += greatest * i128::from(inst.problem.parts[part].copies);
        }
        if most * UNITS >= WORK_MOST {
            (floor.up, floor.down) = (1, most / WORK_MOST + 1);
        }
        let units = |part: usize, class: usize| {
            time(part, class).map_or(0, |t| {
                let work = t.num * i128::from(floor.worth[class]) * floor.up / (t.den * floor.down);
                i64::try_from(work).unwrap_or(0)
            })
        };
        floor.work = (0..parts * classes)
            .into_par_iter()
            .map(|k| units(k / classes.max(1), k % classes.max(1)))
            .collect();
        floor
    }

    /// Least work of a copy of a part on machines of a class, in units.
    pub(super) fn work(&self, part: u32, class: usize) -> i64 {
        self.work[part as usize * self.inst.problem.classes.len() + class]
    }

    /// Copies of a part.
    pub(super) fn copies(&self, part: u32) -> i64 {
        i64::from(self.inst.problem.parts[part as usize].copies)
    }

    /// Units of work that a time on a machine of a class is.
    pub(super) fn units(&self, time: i64, class: usize) -> i64 {
        let work = i128::from(time.max(0)) * i128::from(self.worth[class]) * self.up;
        let units = (work + self.down - 1) / self.down;
        i64::try_from(units.min(WORK_MOST)).unwrap_or(i64::MAX)
    }

    /// Time on a machine of a class that is so many units of work.
    pub(super) fn time(&self, units: i64, class: usize) -> f64 {
        let per_time = self.worth[class] as f64 * self.up as f64 / self.down as f64;
        units as f64 / per_time
    }

    /// Before this no batch starts on a machine of a pool that may not start before `from`.
    pub(super) fn first(&self, pool: &Pool, from: i64) -> i64 {
        let machine = &self.inst.machines[pool.machines[0] as usize];
        let from = from.max(machine.ready);
        machine.hours.as_ref().map_or(from, |hours| hours.first(from))
    }

    /// No batch that ends by `until` ends after this on a machine of a pool.
    pub(super) fn last(&self, pool: &Pool, until: i64) -> i64 {
        let machine = &self.inst.machines[pool.machines[0] as usize];
        machine.hours.as_ref().map_or(until, |hours| hours.last(until).unwrap_or(NO_TIME))
    }

    /// Time of one machine of a pool in a span, without maintenance.
    pub(super) fn open(&self, pool: &Pool, from: i64, to: i64) -> i64 {
        let machine = &self.inst.machines[pool.machines[0] as usize];
        let standstill = machine.hours.as_ref().map_or(0, |hours| hours.standstill(from, to));
        (to - from).max(0) - standstill.min((to - from).max(0))
    }

    /// Work that all machines of a pool can do in a span, in units, no more than there ever is.
    pub(super) fn offer(&self, pool: &Pool, from: i64, to: i64) -> i64 {
        let one = i128::from(self.units(self.open(pool, from, to), pool.class));
        let all = (one * pool.machines.len() as i128).min(WORK_MOST);
        i64::try_from(all).unwrap_or(i64::MAX)
    }

    /// The earliest end of a batch of a length on a machine of a pool that is free and needs no
    /// change, not before `release`.
    pub(super) fn soonest(&self, pool: &Pool, release: i64, length: i64) -> i64 {
        let machine = &self.inst.machines[pool.machines[0] as usize];
        machine.end_after(machine.ready.max(release), NO_MATERIAL, 0, length).0
    }
}

/// Groups machines that are alike.
fn pools(inst: &Instance<'_>) -> Vec<Pool> {
    let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let mut pools: Vec<(Pool, Option<&BatchCalendar>)> = Vec::new();
    for (m, machine) in inst.machines.iter().enumerate() {
        let families: Vec<bool> =
            (0..inst.problem.families.len()).map(|family| inst.may(family, m)).collect();
        let money = (machine.rate, machine.peak_rate, machine.per_batch);
        let key = (machine.class, machine.centre, machine.ready, money, families);
        let calendar = inst.problem.machines[m].calendar.as_ref();
        let same = alike.entry(key).or_default();
        match same.iter().find(|pool| pools[**pool].1 == calendar) {
            Some(&pool) => pools[pool].0.machines.push(m as u32),
            None => {
                same.push(pools.len());
                let (class, centre) = (machine.class, machine.centre);
                pools.push((Pool { machines: vec![m as u32], class, centre }, calendar));
            }
        }
    }
    pools.into_iter().map(|(pool, _)| pool).collect()
}

/// Kinds, and the kind of each part.
fn kinds(inst: &Instance<'_>, pools: &[Pool]) -> (Vec<Kind>, Vec<u32>) {
    let mut known: BTreeMap<(usize, usize, Vec<bool>), u32> = BTreeMap::new();
    let mut kinds = Vec::new();
    let any = |class: usize| pools.iter().find(|p| p.class == class).map(|p| p.machines[0]);
    let of_class: Vec<Option<u32>> = (0..inst.problem.classes.len()).map(any).collect();
    let fits = |part: usize| {
        let holds = |machine: &Option<u32>| {
            machine.is_some_and(|m| {
                inst.load(part as u32, m as usize).size <= inst.machines[m as usize].capacity
            })
        };
        of_class.iter().map(holds).collect::<Vec<bool>>()
    };
    let sure = inst.sure();
    let kind_of = |part: usize| {
        let p = &inst.problem.parts[part];
        if p.copies == 0 || !sure[part] {
            return NO_KIND;
        }
        let key = (p.family, inst.problem.orders[p.order].region, fits(part));
        *known.entry(key).or_insert_with(|| {
            let taking = pools.iter().enumerate().filter_map(|(k, pool)| {
                let machine = pool.machines[0] as usize;
                let way = inst.way(p.order as u32, machine)?;
                inst.takes(part as u32, machine).then_some((k as u32, way.duration))
            });
            kinds.push(Kind { pools: taking.collect() });
            kinds.len() as u32 - 1
        })
    };
    let kind_of = (0..inst.problem.parts.len()).map(kind_of).collect();
    (kinds, kind_of)
}

/// What the time of each class is worth: how much sooner it has done what both do, beside a class
/// whose worth is known.
fn worths(
    inst: &Instance<'_>,
    kind_of: &[u32],
    time: impl Fn(usize, usize) -> Option<share::Share>,
) -> Vec<i64> {
    let classes = inst.problem.classes.len();
    // Times on the one class and on the other of parts that both hold.
    let mut both = vec![(0.0, 0.0); classes * classes];
    for part in (0..inst.problem.parts.len()).filter(|p| kind_of[*p] != NO_KIND) {
        let copies = f64::from(inst.problem.parts[part].copies);
        let on = |c: usize| time(part, c).map(|t| (c, copies * t.num as f64 / t.den as f64));
        let held: Vec<(usize, f64)> = (0..classes).filter_map(on).collect();
        for &(a, first) in &held {
            for &(b, second) in &held {
                let sums: &mut (f64, f64) = &mut both[a * classes + b];
                *sums = (sums.0 + first, sums.1 + second);
            }
        }
    }
    let mut worth = vec![None; classes];
    for seed in 0..classes {
        if worth[seed].is_some() {
            continue;
        }
        worth[seed] = Some(PAR);
        let mut next = vec![seed];
        while let Some(a) = next.pop() {
            for b in 0..classes {
                let (first, second) = both[a * classes + b];
                if worth[b].is_none() && first > 0.0 && second > 0.0 {
                    let base = worth[a].unwrap_or(PAR) as f64;
                    worth[b] = Some((base * first / second).round().clamp(1.0, WORTH_MOST) as i64);
                    next.push(b);
                }
            }
        }
    }
    worth.into_iter().map(|worth| worth.unwrap_or(PAR)).collect()
}
