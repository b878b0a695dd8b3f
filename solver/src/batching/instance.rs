//! A batch scheduling problem as plain tables, prepared once for the search and the bound.

use std::borrow::Cow;

use platewright_model::batching::{
    BatchOrder, BatchPart, BatchProblem, Freeze, Load, Way, Weights,
};

use crate::batching::calendar::Hours;
use crate::batching::held::Held;
use crate::batching::started::Started;
use crate::batching::stores::Stores;

/// Tables over copies, parts, machines and orders, all by index.
#[derive(Debug)]
pub(crate) struct Instance<'a> {
    /// The problem, without what has started.
    pub(crate) problem: Cow<'a, BatchProblem>,
    /// Part of each copy; copies of a part, and parts of an order, follow one another.
    pub(crate) part_of: Vec<u32>,
    /// Order of each copy.
    pub(crate) order_of: Vec<u32>,
    /// Copies `first[o]..first[o + 1]` are those of order `o`.
    pub(crate) first: Vec<u32>,
    /// Loads by part and class; a size of `i64::MAX` where the class does not hold the part.
    loads: Vec<Load>,
    classes: usize,
    /// Ways by centre and region.
    ways: Vec<Option<Way>>,
    regions: usize,
    pub(crate) machines: Vec<Machine>,
    /// Machines of each family that can be used.
    pub(crate) machines_of: Vec<Vec<u32>>,
    /// Whether a family may be printed on a machine, by family and machine.
    allowed: Vec<bool>,
    /// Whether it has a price how often, or from where, an order is shipped.
    pub(crate) shipments: bool,
    /// Stores of feedstock that can run short.
    pub(crate) stores: Stores,
    /// Where copies are at present.
    pub(crate) held: Held,
    /// What has started, if anything has.
    pub(crate) started: Option<Started>,
    /// Sets of copies that no batch holds all of, as bits; none where sizes say all.
    pub(crate) forbidden: Vec<u128>,
}

/// What the search needs of a machine.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) class: usize,
    pub(crate) centre: usize,
    pub(crate) capacity: i64,
    /// Set-up, base and unloading.
    pub(crate) fixed: i64,
    pub(crate) rate: i64,
    pub(crate) peak_rate: i64,
    pub(crate) per_batch: i64,
    /// Size below which a batch is short, and what it would cost then with none.
    pub(crate) least: i64,
    pub(crate) short: i64,
    pub(crate) changeover: i64,
    pub(crate) changeover_cost: i64,
    /// Material held at first; `u32::MAX` for none.
    pub(crate) loaded: u32,
    pub(crate) ready: i64,
    pub(crate) hours: Option<Hours>,
}

/// Longer ago than anything.
pub(crate) const NO_TIME: i64 = i64::MIN / 4;

/// A material that no machine holds.
pub(crate) const NO_MATERIAL: u32 = u32::MAX;

/// The load of a part on a class that does not hold it.
const TOO_LARGE: Load = Load { size: i64::MAX, add: 0, peak: 0 };

impl<'a> Instance<'a> {
    /// Of a problem without fault.
    pub(crate) fn new(problem: &'a BatchProblem) -> Self {
        match Started::split(problem) {
            None => Self::whole(Cow::Borrowed(problem)),
            Some((started, rest)) => {
                Self { started: Some(started), ..Self::whole(Cow::Owned(rest)) }
            }
        }
    }

    /// As if nothing had started.
    pub(crate) fn whole(problem: Cow<'a, BatchProblem>) -> Self {
        let classes = problem.classes.len();
        let mut parts: Vec<usize> = (0..problem.parts.len()).collect();
        parts.sort_by_key(|&p| (problem.parts[p].order, p));
        let (mut part_of, mut order_of) = (Vec::new(), Vec::new());
        let mut first = vec![0_u32; problem.orders.len() + 1];
        for &p in &parts {
            let part = &problem.parts[p];
            for _ in 0..part.copies {
                part_of.push(p as u32);
                order_of.push(part.order as u32);
            }
            first[part.order + 1] += part.copies;
        }
        for o in 0..problem.orders.len() {
            first[o + 1] += first[o];
        }
        let held = |load: &Option<Load>| load.unwrap_or(TOO_LARGE);
        let loads = problem.parts.iter().flat_map(|p| p.loads.iter().map(held)).collect();
        let regions = problem.freight.iter().map(Vec::len).max().unwrap_or(0);
        let row = |ways: &Vec<Option<Way>>| {
            let mut row = ways.clone();
            row.resize(regions, None);
            row
        };
        let ways: Vec<Option<Way>> = problem.freight.iter().flat_map(row).collect();
        let machines: Vec<Machine> =
            problem.machines.iter().map(|m| machine(&problem, m)).collect();
        let mut allowed = vec![false; problem.families.len() * machines.len()];
        for (f, family) in problem.families.iter().enumerate() {
            for &m in &family.machines {
                allowed[f * machines.len() + m] = can_set_up(&problem, f, m, &machines[m]);
            }
        }
        let usable = |f: usize| {
            let of = |m: &usize| allowed[f * machines.len() + m];
            (0..machines.len()).filter(of).map(|m| m as u32).collect()
        };
        let machines_of = (0..problem.families.len()).map(usable).collect();
        let shipments = ways.iter().flatten().any(|way| way.per_shipment != 0)
            || problem.orders.iter().any(|order| order.apart != 0);
        let stores = Stores::new(&problem);
        let held = Held::new(&problem, &part_of);
        let mut inst = Self {
            problem,
            part_of,
            order_of,
            first,
            loads,
            classes,
            ways,
            regions,
            machines,
            machines_of,
            allowed,
            shipments,
            stores,
            held,
            started: None,
            forbidden: Vec::new(),
        };
        inst.open_homeless();
        inst
    }

    /// The same problem with an objective of other weights.
    pub(crate) fn weighted(&self, objective: Weights) -> Instance<'static> {
        let problem = BatchProblem { objective, ..self.problem.as_ref().clone() };
        Instance {
            started: self.started.clone(),
            forbidden: self.forbidden.clone(),
            ..Instance::whole(Cow::Owned(problem))
        }
    }

    /// Opens batches of the present plan that have to stay together, where no machine takes them
    /// as a whole any more.
    fn open_homeless(&mut self) {
        let mut held = std::mem::take(&mut self.held);
        for batch in held.batches.iter_mut().filter(|batch| batch.freeze > Freeze::Open) {
            let family = self.family(self.part_of[batch.copies[0] as usize]);
            let whole = match batch.freeze {
                Freeze::Machine => self.takes_whole(&batch.copies, batch.machine),
                _ => self.machines_of[family]
                    .iter()
                    .any(|m| self.takes_whole(&batch.copies, *m as usize)),
            };
            if !whole {
                batch.freeze = Freeze::Open;
            }
        }
        self.held = held;
    }

    /// Whether a machine takes copies in one batch.
    fn takes_whole(&self, copies: &[u32], machine: usize) -> bool {
        let parts = || copies.iter().map(|copy| self.part_of[*copy as usize]);
        parts().all(|part| self.takes(part, machine))
            && parts().map(|part| self.load(part, machine).size).sum::<i64>()
                <= self.machines[machine].capacity
    }

    /// When the last copy of an order that has started arrives.
    pub(crate) fn arrived(&self, order: usize) -> i64 {
        self.started.as_ref().map_or(NO_TIME, |started| started.arrivals[order])
    }

    /// Weighted cost of what has started, without lateness and shipments.
    pub(crate) fn begun_cost(&self) -> i64 {
        let weights = &self.problem.objective;
        self.started.as_ref().map_or(0, |started| {
            weights.production * started.cost.production + weights.freight * started.cost.freight
        })
    }

    /// Centres from which started copies of an order are shipped, sorted.
    pub(crate) fn shipped_from(&self, order: usize) -> &[u32] {
        self.started.as_ref().map_or(&[], |started| &started.centres[order])
    }

    /// The bit of a copy; copies beyond the last bit have none, and are in no forbidden set.
    pub(crate) fn bit(&self, copy: u32) -> u128 {
        1_u128.checked_shl(copy).unwrap_or(0)
    }

    /// Whether a batch may hold copies.
    pub(crate) fn may_share(&self, copies: u128) -> bool {
        self.forbidden.iter().all(|set| set & !copies != 0)
    }

    /// Number of copies.
    pub(crate) fn copies(&self) -> usize {
        self.part_of.len()
    }

    /// Load of a part on a machine.
    pub(crate) fn load(&self, part: u32, machine: usize) -> &Load {
        &self.loads[part as usize * self.classes + self.machines[machine].class]
    }

    /// Family of a part.
    pub(crate) fn family(&self, part: u32) -> usize {
        self.problem.parts[part as usize].family
    }

    /// Peak of a full batch of a family on a machine, where parts are stacked.
    pub(crate) fn stack(&self, family: usize, machine: usize) -> i64 {
        let stacks = &self.problem.families[family].stack;
        stacks.get(self.machines[machine].class).copied().unwrap_or(0)
    }

    /// The way from a machine to where an order goes.
    pub(crate) fn way(&self, order: u32, machine: usize) -> Option<&Way> {
        self.way_to(self.problem.orders[order as usize].region, machine)
    }

    /// The way from a machine to a region.
    pub(crate) fn way_to(&self, region: usize, machine: usize) -> Option<&Way> {
        self.ways[self.machines[machine].centre * self.regions + region].as_ref()
    }

    /// Whether a family may be printed on a machine, and people are there long enough.
    pub(crate) fn may(&self, family: usize, machine: usize) -> bool {
        self.allowed[family * self.machines.len() + machine]
    }

    /// Whether a machine can print a copy of a part, if it is the first in a batch.
    pub(crate) fn takes(&self, part: u32, machine: usize) -> bool {
        let order = self.problem.parts[part as usize].order as u32;
        self.may(self.family(part), machine)
            && self.load(part, machine).size <= self.machines[machine].capacity
            && self.way(order, machine).is_some()
    }

    /// Share of a batch that a copy of a part takes on a machine.
    pub(crate) fn share(&self, part: u32, machine: usize) -> f64 {
        self.load(part, machine).size as f64 / self.machines[machine].capacity.max(1) as f64
    }

    /// Freight of a copy from a machine, without the price of the shipment.
    pub(crate) fn freight_price(&self, part: u32, machine: usize) -> i64 {
        let p = &self.problem.parts[part as usize];
        self.way(p.order as u32, machine).map_or(0, |way| self.freight_of(p, way))
    }

    /// Freight of a copy of a part on a way, without the price of the shipment.
    pub(crate) fn freight_of(&self, part: &BatchPart, way: &Way) -> i64 {
        way.per_part + ceil_div(way.per_mass * part.mass, self.problem.mass_span)
    }

    /// As [`Self::freight_price`], weighted.
    pub(crate) fn freight(&self, part: u32, machine: usize) -> i64 {
        self.problem.objective.freight * self.freight_price(part, machine)
    }

    /// Price of a shipment of an order from a centre.
    pub(crate) fn shipment_price(&self, order: u32, centre: usize) -> i64 {
        let region = self.problem.orders[order as usize].region;
        let way = self.ways[centre * self.regions + region].as_ref();
        way.map_or(0, |way| way.per_shipment)
    }

    /// Time from the end of a batch on a machine to the arrival of a copy.
    pub(crate) fn tail(&self, part: u32, machine: usize) -> i64 {
        let p = &self.problem.parts[part as usize];
        p.finish + self.way(p.order as u32, machine).map_or(0, |way| way.duration)
    }

    /// Cost of a batch on a machine, without freight and changes of material.
    pub(crate) fn batch_price(&self, machine: usize, length: i64, peak: i64, size: i64) -> i64 {
        let m = &self.machines[machine];
        let hours = ceil_div(m.rate * length, self.problem.rate_span);
        let powder =
            if m.peak_rate == 0 { 0 } else { ceil_div(m.peak_rate * peak, self.problem.rate_span) };
        hours + powder + m.per_batch + m.short_price(size)
    }

    /// Cost of a batch of copies of parts, with that of the change from what the machine `held`.
    pub(crate) fn price_of(
        &self,
        machine: usize,
        copies: impl Iterator<Item = (u32, i64)>,
        held: u32,
        material: u32,
    ) -> i64 {
        let m = &self.machines[machine];
        let (mut size, mut add, mut peak, mut stack) = (0, 0, 0, 0);
        for (part, count) in copies {
            let load = self.load(part, machine);
            (size, add) = (size + count * load.size, add + count * load.add);
            peak = peak.max(load.peak);
            stack = self.stack(self.family(part), machine);
        }
        let peak = m.peak(stack, peak, size);
        let change = held != NO_MATERIAL && held != material;
        self.batch_price(machine, m.fixed + add + peak, peak, size)
            + if change { m.changeover_cost } else { 0 }
    }

    /// As [`Self::batch_price`], weighted.
    pub(crate) fn batch_cost(&self, machine: usize, length: i64, peak: i64, size: i64) -> i64 {
        self.problem.objective.production * self.batch_price(machine, length, peak, size)
    }

    /// What an order costs, weighted, that arrives at a time: lateness, promise and deadline.
    pub(crate) fn order_cost(&self, order: u32, arrives: i64) -> i64 {
        self.cost_of(&self.problem.orders[order as usize], arrives)
    }

    /// As [`Self::order_cost`], of any order.
    pub(crate) fn cost_of(&self, order: &BatchOrder, arrives: i64) -> i64 {
        let due = order.due.unwrap_or(i64::MAX / 4);
        self.late_cost(due, order.weight, arrives)
            + self.problem.objective.missed * missed(order, arrives).0
    }

    /// The latest arrival of an order that costs nothing.
    pub(crate) fn calm(&self, order: u32) -> i64 {
        self.calm_of(&self.problem.orders[order as usize])
    }

    /// As [`Self::calm`], of any order.
    pub(crate) fn calm_of(&self, order: &BatchOrder) -> i64 {
        let limits = [order.promise, order.deadline].into_iter().flatten().map(|limit| limit.by);
        order.due.into_iter().chain(limits).min().unwrap_or(i64::MAX / 4)
    }

    /// Cost of an order that arrives at a time, weighted.
    pub(crate) fn late_cost(&self, due: i64, weight: i64, arrives: i64) -> i64 {
        if arrives <= due {
            return 0;
        }
        self.problem.objective.lateness * ceil_div(weight * (arrives - due), self.problem.rate_span)
    }
}

impl Machine {
    /// End of a batch of a length that starts not before `from` on a machine that holds `held`;
    /// and whether the material is changed before it.
    pub(crate) fn end_after(
        &self,
        from: i64,
        held: u32,
        material: u32,
        length: i64,
    ) -> (i64, bool) {
        let (_, end, change) = self.span_after(from, held, material, length);
        (end, change)
    }

    /// As [`Self::end_after`], with the start.
    pub(crate) fn span_after(
        &self,
        from: i64,
        held: u32,
        material: u32,
        length: i64,
    ) -> (i64, i64, bool) {
        let change = held != NO_MATERIAL && held != material;
        let extra = if change { self.changeover } else { 0 };
        let (start, end) = match &self.hours {
            None => (from, from + extra + length),
            Some(hours) => hours.slot(from, extra, length - self.fixed),
        };
        (start, end, change)
    }

    /// What a batch of a size costs for being short.
    pub(crate) fn short_price(&self, size: i64) -> i64 {
        if size >= self.least || self.short == 0 {
            return 0;
        }
        let missing = i128::from(self.short) * i128::from(self.least - size);
        ((missing + i128::from(self.least) - 1) / i128::from(self.least)) as i64
    }

    /// Peak of a batch whose greatest peak of a part and whose sum of sizes are given, where one
    /// that is full has at least the peak `stack`.
    pub(crate) fn peak(&self, stack: i64, greatest: i64, size: i64) -> i64 {
        if stack == 0 {
            return greatest;
        }
        let even = i128::from(stack) * i128::from(size) + i128::from(self.capacity) - 1;
        greatest.max((even / i128::from(self.capacity.max(1))) as i64)
    }
}

/// Price of the limits of an order that an arrival misses; whether it breaks the promise; whether
/// it misses the deadline.
pub(crate) fn missed(order: &BatchOrder, arrives: i64) -> (i64, bool, bool) {
    let missed = |limit: Option<platewright_model::batching::Limit>| {
        limit.filter(|limit| arrives > limit.by).map(|limit| limit.cost)
    };
    let (promise, deadline) = (missed(order.promise), missed(order.deadline));
    let cost = promise.unwrap_or(0) + deadline.unwrap_or(0);
    (cost, promise.is_some(), deadline.is_some())
}

/// `a / b` rounded up, of amounts that are not negative.
pub(crate) fn ceil_div(a: i64, b: i64) -> i64 {
    if b == 1 { a } else { (a + b - 1) / b }
}

fn machine(problem: &BatchProblem, machine: &platewright_model::batching::BatchMachine) -> Machine {
    let class = &problem.classes[machine.class];
    Machine {
        class: machine.class,
        centre: machine.centre,
        capacity: class.capacity,
        fixed: class.setup + class.base + class.unload,
        rate: machine.rate,
        peak_rate: machine.peak_rate,
        per_batch: machine.per_batch,
        least: class.least,
        short: class.short,
        changeover: machine.changeover,
        changeover_cost: machine.changeover_cost,
        loaded: machine.loaded.map_or(NO_MATERIAL, |material| material as u32),
        ready: machine.ready,
        hours: machine.calendar.as_ref().map(|c| Hours::new(c, class)),
    }
}

/// Whether people are ever there long enough for a family: to set the machine up, with a change
/// of material if there can be one, and to unload it.
fn can_set_up(problem: &BatchProblem, family: usize, m: usize, machine: &Machine) -> bool {
    let Some(hours) = &machine.hours else { return true };
    let material = problem.families[family].material;
    let others = problem.families.iter().any(|f| f.material != material && f.machines.contains(&m));
    let held = machine.loaded != NO_MATERIAL && machine.loaded != material as u32;
    hours.can(if others || held { machine.changeover } else { 0 })
}
