//! A region as it is at first: the machines, copies and orders of a plan.

use platewright_model::batching::Freeze;

use crate::batching::instance::{Instance, NO_TIME};
use crate::batching::plan::{BatchSet, Plan};
use crate::batching::rebuild::Sketch;
use crate::batching::region::{
    Batch, FamilyState, Line, NO_LINE, NONE, OrderState, Region, Share, Spot, Unit,
};
use crate::batching::stores::NO_STORE;
use crate::batching::trial::Trial;

impl<'a> Region<'a> {
    /// The machines `machines` of a plan, at most 64.
    pub(crate) fn new(inst: &'a Instance<'a>, plan: &Plan, machines: &[u32]) -> Self {
        assert!(machines.len() <= 64, "a region has at most 64 machines");
        let mut inside = vec![false; inst.machines.len()];
        for &m in machines {
            inside[m as usize] = true;
        }
        let mut region = Self {
            inst,
            lines: Vec::new(),
            units: Vec::new(),
            spots: Vec::new(),
            ranked: Vec::new(),
            orders: Vec::new(),
            batches: Vec::new(),
            free: Vec::new(),
            families: Vec::new(),
            makespan_outside: 0,
            cost: 0,
            stores: Vec::new(),
            kept: Vec::new(),
            trial: Trial::default(),
            sketch: Sketch::default(),
        };
        let mut copies: Vec<u32> = Vec::new();
        for &m in machines {
            copies.extend(plan.lines[m as usize].iter().flat_map(|set| set.copies.iter()));
        }
        copies.sort_unstable();
        region.lines =
            machines.iter().map(|&machine| Line { machine, queue: Vec::new(), end: 0 }).collect();
        region.add_copies(plan, &inside, &copies, machines);
        for (line, &m) in machines.iter().enumerate() {
            region.fill_line(line as u32, &plan.lines[m as usize], &copies);
        }
        let ends = plan.ends.iter().zip(&inside).filter(|(_, inside)| !**inside);
        region.kept.sort_unstable();
        let begun = inst.started.as_ref().map_or(0, |started| started.cost.makespan);
        region.makespan_outside = ends.map(|(end, _)| *end).max().unwrap_or(0).max(begun);
        region.settle();
        region
    }

    fn add_copies(&mut self, plan: &Plan, inside: &[bool], copies: &[u32], machines: &[u32]) {
        let mut local_family = vec![NONE; self.inst.problem.families.len()];
        let mut at = 0;
        while at < copies.len() {
            let global = self.inst.order_of[copies[at] as usize];
            let order = &self.inst.problem.orders[global as usize];
            let first = self.units.len() as u32;
            while at < copies.len() && self.inst.order_of[copies[at] as usize] == global {
                let part = self.inst.part_of[copies[at] as usize];
                let family = &mut local_family[self.inst.family(part)];
                if *family == NONE {
                    *family = self.families.len() as u32;
                    let own = self.inst.family(part) as u32;
                    self.families.push(FamilyState { family: own, batches: Vec::new() });
                }
                let mut lines = 0;
                let mut ranked: Vec<(i64, u8)> = Vec::with_capacity(machines.len());
                for (line, &m) in machines.iter().enumerate() {
                    let taken = self.inst.takes(part, m as usize);
                    lines |= u64::from(taken) << line;
                    let spot = taken.then(|| self.spot_of(part, m as usize));
                    self.spots.push(spot.unwrap_or_default());
                    if let Some(spot) = spot {
                        ranked.push((spot.least, line as u8));
                    }
                }
                ranked.sort_unstable();
                let padding = std::iter::repeat_n(NO_LINE, machines.len() - ranked.len());
                self.ranked.extend(ranked.iter().map(|r| r.1).chain(padding));
                self.units.push(Unit {
                    part,
                    order: self.orders.len() as u32,
                    global: copies[at],
                    family: *family,
                    batch: NONE,
                    tail: 0,
                    lines,
                });
                at += 1;
            }
            let rest = self.inst.first[global as usize]..self.inst.first[global as usize + 1];
            let elsewhere = |&c: &u32| {
                let (machine, end) = plan.at[c as usize]?;
                let away = !inside[machine as usize];
                let tail = self.inst.tail(self.inst.part_of[c as usize], machine as usize);
                away.then_some(end + tail)
            };
            let outside = rest.clone().filter_map(|c| elsewhere(&c)).max();
            let mut centres = self.inst.shipped_from(global as usize).to_vec();
            if self.inst.shipments {
                let at = rest.filter_map(|c| plan.at[c as usize]).map(|at| at.0 as usize);
                let away = at.filter(|m| !inside[*m]);
                centres.extend(away.map(|m| self.inst.machines[m].centre as u32));
                centres.sort_unstable();
                centres.dedup();
            }
            self.orders.push(OrderState {
                due: order.due.unwrap_or(i64::MAX / 4),
                weight: order.weight,
                calm: self.inst.calm(global),
                arrives: NO_TIME,
                outside: outside.unwrap_or(NO_TIME).max(self.inst.arrived(global as usize)),
                centres,
                first,
                last: self.units.len() as u32,
                global,
            });
        }
    }

    fn fill_line(&mut self, line: u32, sets: &[BatchSet], copies: &[u32]) {
        let machine = self.lines[line as usize].machine;
        let mut queue = Vec::with_capacity(sets.len());
        for (place, set) in sets.iter().enumerate() {
            let index = self.batches.len() as u32;
            let freeze = set.copies.first().map_or(Freeze::Open, |c| self.inst.held.freeze(*c));
            let mut batch = Batch { line, place: place as u32, freeze, ..Batch::default() };
            for copy in &set.copies {
                let u = copies.binary_search(copy).expect("every copy of a line was added");
                let unit = &mut self.units[u];
                unit.batch = index;
                unit.tail = self.inst.tail(unit.part, machine as usize);
                let unit = &self.units[u];
                batch.family = unit.family;
                batch.shares.push(Share { unit: u as u32, order: unit.order, tail: unit.tail });
            }
            let family = &mut self.families[batch.family as usize];
            batch.material = self.inst.problem.families[family.family as usize].material as u32;
            batch.listed = family.batches.len() as u32;
            if freeze == Freeze::Open {
                family.batches.push(index);
            }
            let units = batch.shares.iter().map(|s| s.unit);
            batch.totals = self.totals(line, units);
            batch.length = self.length(machine as usize, &batch.totals);
            batch.slack = self.slack(&batch.shares);
            self.batches.push(batch);
            queue.push(index);
        }
        let all = sets.iter().map(|set| set.copies.as_slice());
        let kept = self.inst.held.kept(machine as usize, all).into_iter();
        self.kept.extend(kept.map(|(batch, set)| (batch as u32, queue[set], line)));
        self.lines[line as usize].queue = queue;
    }

    fn spot_of(&self, part: u32, machine: usize) -> Spot {
        let load = self.inst.load(part, machine);
        let freight = self.inst.freight(part, machine);
        let family = self.inst.family(part);
        let problem = &self.inst.problem;
        let hours = self.inst.machines[machine].rate * load.add / problem.rate_span;
        Spot {
            size: load.size,
            add: load.add,
            peak: load.peak,
            release: self.inst.problem.parts[part as usize].release,
            stack: self.inst.stack(family, machine),
            freight,
            tail: self.inst.tail(part, machine),
            least: freight + problem.objective.production * hours,
            store: self.inst.store(family, machine).map_or(NO_STORE, |store| store as u32),
        }
    }
}
