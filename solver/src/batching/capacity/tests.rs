use platewright_model::batching::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::*;
use crate::batching::construct::construct;
use crate::batching::instance::Instance;
use crate::batching::plan::BatchSet;

/// A problem of up to three machines and five copies, with little time.
fn tiny(seed: u64) -> BatchProblem {
    let rng = &mut Pcg64::seed_from_u64(seed);
    let machines = rng.random_range(1..4);
    let parts = rng.random_range(2..=if machines == 3 { 3 } else { 4 });
    let family = |rng: &mut Pcg64| Family {
        material: rng.random_range(0..2),
        machines: (0..machines).filter(|_| rng.random_bool(0.8)).collect(),
        stack: if rng.random_bool(0.3) { vec![20, 0] } else { Vec::new() },
        ..Family::default()
    };
    let way = |rng: &mut Pcg64| Way {
        duration: rng.random_range(0..30),
        per_shipment: rng.random_range(0..50),
        per_part: rng.random_range(0..9),
        per_mass: rng.random_range(0..3),
    };
    BatchProblem {
        rate_span: 3,
        mass_span: 2,
        classes: (0..2).map(|_| class(rng)).collect(),
        machines: (0..machines).map(|_| machine(rng)).collect(),
        families: (0..2).map(|_| family(rng)).collect(),
        freight: (0..2)
            .map(|_| (0..2).map(|_| rng.random_bool(0.9).then(|| way(rng))).collect())
            .collect(),
        orders: (0..parts).map(|_| order(rng)).collect(),
        parts: (0..parts).map(|p| part(rng, p)).collect(),
        ..BatchProblem::default()
    }
}

fn class(rng: &mut Pcg64) -> BatchClass {
    BatchClass {
        capacity: rng.random_range(10..30),
        setup: rng.random_range(0..12),
        base: rng.random_range(0..6),
        unload: rng.random_range(0..6),
        ..BatchClass::default()
    }
}

fn machine(rng: &mut Pcg64) -> BatchMachine {
    let calendar = |rng: &mut Pcg64| BatchCalendar {
        cycle: 60,
        staffed: vec![(rng.random_range(0..10), rng.random_range(30..60))],
        maintenance: vec![(70, 70 + rng.random_range(1..40))],
    };
    BatchMachine {
        class: rng.random_range(0..2),
        centre: rng.random_range(0..2),
        rate: rng.random_range(0..50),
        peak_rate: rng.random_range(0..20),
        per_batch: rng.random_range(0..90),
        changeover: rng.random_range(0..8),
        changeover_cost: rng.random_range(0..40),
        ready: rng.random_range(0..10),
        calendar: rng.random_bool(0.4).then(|| calendar(rng)),
        ..BatchMachine::default()
    }
}

fn order(rng: &mut Pcg64) -> BatchOrder {
    let limit = |rng: &mut Pcg64| {
        let limit = Limit { by: rng.random_range(20..200), cost: rng.random_range(0..300) };
        rng.random_bool(0.3).then_some(limit)
    };
    BatchOrder {
        region: rng.random_range(0..2),
        due: rng.random_bool(0.9).then(|| rng.random_range(60..240)),
        weight: rng.random_range(0..20),
        promise: limit(rng),
        deadline: limit(rng),
        apart: 5,
    }
}

/// Two copies of the first part, one of others; most have an order of their own.
fn part(rng: &mut Pcg64, p: usize) -> BatchPart {
    let load = |rng: &mut Pcg64| {
        let size = rng.random_range(0..14);
        let (add, peak) = (rng.random_range(0..60), rng.random_range(0..30));
        rng.random_bool(0.9).then_some(Load { size, add, peak })
    };
    BatchPart {
        order: if rng.random_bool(0.7) { p } else { 0 },
        family: rng.random_range(0..2),
        copies: 1 + u32::from(p == 0),
        mass: 3,
        release: if rng.random_bool(0.3) { rng.random_range(0..60) } else { 0 },
        finish: rng.random_range(0..6),
        feed: 0,
        loads: (0..2).map(|_| load(rng)).collect(),
    }
}

/// Tries all ways to put copies into batches and batches onto machines in order.
struct Every<'i> {
    inst: &'i Instance<'i>,
    plan: Plan,
}

impl Every<'_> {
    /// Tells all plans that go on from the batches so far: more on the machine, or on later ones.
    fn go(&mut self, machine: usize, left: u32, tell: &mut impl FnMut(&Plan)) {
        if machine == self.inst.machines.len() {
            if left == 0 {
                self.plan.settle(self.inst);
                tell(&self.plan);
            }
            return;
        }
        self.go(machine + 1, left, tell);
        let mut set = left;
        while set > 0 {
            let copies: Vec<u32> = (0..32).filter(|c| set >> c & 1 == 1).collect();
            if self.fits(&copies, machine) {
                self.plan.lines[machine].push(BatchSet { copies });
                self.go(machine, left & !set, tell);
                self.plan.lines[machine].pop();
            }
            set = (set - 1) & left;
        }
    }

    fn fits(&self, copies: &[u32], machine: usize) -> bool {
        let part = |c: &u32| self.inst.part_of[*c as usize];
        let family = self.inst.family(part(&copies[0]));
        copies.iter().all(|c| self.inst.family(part(c)) == family)
            && copies.iter().all(|c| self.inst.takes(part(c), machine))
            && copies.iter().map(|c| self.inst.load(part(c), machine).size).sum::<i64>()
                <= self.inst.machines[machine].capacity
    }
}

/// When each copy arrives in a plan.
fn arrivals(inst: &Instance<'_>, plan: &Plan) -> Vec<i64> {
    let copies = plan.at.iter().enumerate();
    let one = |(copy, at): (usize, &Option<(u32, i64)>)| {
        at.map_or(i64::MAX / 4, |(m, end)| end + inst.tail(inst.part_of[copy], m as usize))
    };
    copies.map(one).collect()
}

/// The best that any plan reaches.
struct Best {
    /// Of each tight set, how many orders are late for its parts, and by how much the latest part.
    sets: Vec<(usize, i64)>,
    /// Arrival of each order.
    orders: Vec<i64>,
    cost: i64,
    plans: usize,
}

impl Best {
    fn of(inst: &Instance<'_>, told: &Capacity, first: &Plan) -> Self {
        let problem = &inst.problem;
        let placed = (0..inst.copies()).filter(|c| first.at[*c].is_some());
        let all = placed.fold(0, |all, copy| all | 1_u32 << copy);
        let mut best = Self {
            sets: vec![(usize::MAX, i64::MAX); told.tight.len()],
            orders: vec![i64::MAX; problem.orders.len()],
            cost: i64::MAX,
            plans: 0,
        };
        let mut every = Every { inst, plan: Plan::empty(inst) };
        every.go(0, all, &mut |plan| best.hear(inst, told, plan));
        best
    }

    fn hear(&mut self, inst: &Instance<'_>, told: &Capacity, plan: &Plan) {
        let problem = &inst.problem;
        let arrives = arrivals(inst, plan);
        (self.plans, self.cost) = (self.plans + 1, self.cost.min(plan.cost));
        let due = |part: u32| problem.orders[problem.parts[part as usize].order].due.unwrap();
        for (set, best) in told.tight.iter().zip(&mut self.sets) {
            let of = |c: &usize| set.parts.contains(&(inst.part_of[*c] as usize));
            let late = |c: usize| arrives[c] - due(inst.part_of[c]);
            let copies = || (0..inst.copies()).filter(of);
            let mut orders: Vec<u32> =
                copies().filter(|c| late(*c) > 0).map(|c| inst.order_of[c]).collect();
            orders.dedup();
            let latest = copies().map(late).max().unwrap();
            *best = (best.0.min(orders.len()), best.1.min(latest));
        }
        for (order, soonest) in self.orders.iter_mut().enumerate() {
            let own = (0..inst.copies()).filter(|c| inst.order_of[*c] as usize == order);
            let last = own.filter(|c| plan.at[*c].is_some()).map(|c| arrives[c]).max();
            *soonest = (*soonest).min(last.unwrap_or(i64::MAX));
        }
    }
}

#[test]
fn what_is_said_of_all_plans_holds_for_every_single_one() {
    let (mut tight, mut hopeless, mut calm, mut bounds, mut plans) = (0, 0, 0, 0, 0);
    for seed in 0..1000 {
        let problem = tiny(seed);
        let prepared = Prepared::new(&problem).unwrap();
        let inst = &prepared.inst;
        let first = construct(inst);
        let told = prepared.capacity(&first.describe(inst)).unwrap();
        let best = Best::of(inst, &told, &first);
        plans += best.plans;
        for (set, (orders, late)) in told.tight.iter().zip(best.sets) {
            assert!(orders >= set.late_orders, "seed {seed}: {set:?}");
            assert!(set.late_orders > 0 && set.needed > set.offered, "seed {seed}: {set:?}");
            assert!(set.shift.is_none_or(|shift| late >= shift), "seed {seed}: {set:?}");
            tight += 1;
        }
        for order in &told.hopeless {
            assert!(best.orders[order.order] >= order.soonest, "seed {seed}: {order:?}");
            assert!(order.soonest > order.date);
            hopeless += 1;
        }
        let bound = told.prices.bound;
        assert!(bound <= best.cost, "seed {seed}: {bound} > {}", best.cost);
        bounds += usize::from(2 * bound > best.cost);
        calm += usize::from(told.tight.is_empty() && told.hopeless.is_empty());
    }
    // Enough is said, and not too much, or this would show little.
    let told = format!("{tight} sets, {hopeless} orders, {calm} calm, {bounds} bounds, {plans}");
    assert!(tight > 40 && hopeless > 100 && calm > 100 && bounds > 200, "{told}");
}
