//! The assignment MIP of a set of jobs.
//!
//! `x[job, machine]` chooses a machine; `ship[order, centre] >= x` for each of the order's jobs
//! on the centre's machines pays a shipment once; `late[order]` is at least the lateness of
//! each of its jobs; `over[machine, date]` is the load that exceeds the time until a due date.
//! An order with one job needs neither `ship` nor `late`: its costs go with `x`. The price of a
//! kilogram is taken as it is, not rounded up, so that the model never exceeds the true cost.

use std::collections::{BTreeMap, BTreeSet};

use crate::assign::backend::{self, Column, Limits, Milp, Row};
use crate::assign::load::Load;
use crate::instance::{Choice, Instance, Share};

/// A MIP over jobs with the meaning of its first columns.
pub(crate) struct Model {
    pub(crate) milp: Milp,
    /// Job and machine of the columns `0..chosen.len()`.
    chosen: Vec<(usize, usize)>,
    /// First column of each job that comes after, for a start.
    ships: Vec<(usize, usize, usize)>,
    lates: Vec<(usize, usize)>,
    overs: Vec<(usize, usize, usize)>,
}

/// What a MIP gave: machines by job, if it found any, and a lower bound.
pub(crate) struct Found {
    pub(crate) machines: Option<Vec<(usize, usize)>>,
    pub(crate) bound: f64,
}

impl Model {
    /// The MIP of `jobs`; with the guide of machine load, or without it for a bound.
    pub(crate) fn new(instance: &Instance<'_>, jobs: &[usize], load: Option<&Load>) -> Self {
        let mut model = Self {
            milp: Milp::default(),
            chosen: Vec::new(),
            ships: Vec::new(),
            lates: Vec::new(),
            overs: Vec::new(),
        };
        let mut inside = vec![false; instance.jobs.len()];
        for &job in jobs {
            inside[job] = true;
            let mut one = Vec::new();
            for choice in &instance.jobs[job].choices {
                one.push((model.milp.columns.len(), 1.0));
                model.chosen.push((job, choice.machine));
                model.milp.columns.push(Column {
                    cost: alone_cost(instance, job, choice),
                    whole: true,
                    most: 1.0,
                });
            }
            model.milp.rows.push(Row { terms: one, least: Some(1.0), most: Some(1.0) });
        }
        model.add_orders(instance, jobs);
        model.add_stock(instance);
        if let Some(load) = load {
            model.add_load(instance, load);
        }
        model
    }

    /// Columns and rows that couple the jobs of an order.
    fn add_orders(&mut self, instance: &Instance<'_>, jobs: &[usize]) {
        let mut columns: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (column, &(job, machine)) in self.chosen.iter().enumerate() {
            columns.entry(job).or_default().push((column, machine));
        }
        let mut orders: Vec<usize> = jobs
            .iter()
            .flat_map(|&job| instance.jobs[job].shares.iter().map(|s| s.order))
            .filter(|&order| instance.jobs_of[order].len() > 1)
            .collect();
        orders.sort_unstable();
        orders.dedup();
        for order in orders {
            let mut ships: BTreeMap<usize, usize> = BTreeMap::new();
            let mut late = None;
            for &(job, share) in &instance.jobs_of[order] {
                let Some(columns) = columns.get(&job) else { continue };
                let share = &instance.jobs[job].shares[share];
                self.add_ships(instance, order, columns, &mut ships);
                self.add_late(instance, share, job, columns, &mut late);
            }
        }
    }

    fn add_ships(
        &mut self,
        instance: &Instance<'_>,
        order: usize,
        columns: &[(usize, usize)],
        ships: &mut BTreeMap<usize, usize>,
    ) {
        let mut by_centre: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
        for &(column, machine) in columns {
            by_centre.entry(instance.machines[machine].centre).or_default().push((column, 1.0));
        }
        for (centre, mut terms) in by_centre {
            let price = ship_price(instance, order, centre) as f64;
            if price <= 0.0 {
                continue;
            }
            let next = self.milp.columns.len();
            let ship = *ships.entry(centre).or_insert(next);
            if ship == next {
                self.milp.columns.push(Column { cost: price, whole: false, most: 1.0 });
                self.ships.push((ship, order, centre));
            }
            terms.push((ship, -1.0));
            self.milp.rows.push(Row { terms, least: None, most: Some(0.0) });
        }
    }

    fn add_late(
        &mut self,
        instance: &Instance<'_>,
        share: &Share,
        job: usize,
        columns: &[(usize, usize)],
        late: &mut Option<usize>,
    ) {
        let cost = |machine: usize| {
            instance.choice(job, machine).map_or(0.0, |c| late_alone(instance, share, c) as f64)
        };
        let mut terms: Vec<(usize, f64)> =
            columns.iter().map(|&(column, machine)| (column, cost(machine))).collect();
        terms.retain(|(_, cost)| *cost > 0.0);
        if terms.is_empty() {
            return;
        }
        let column = *late.get_or_insert_with(|| {
            self.milp.columns.push(Column { cost: 1.0, whole: false, most: f64::INFINITY });
            self.lates.push((self.milp.columns.len() - 1, share.order));
            self.milp.columns.len() - 1
        });
        terms.push((column, -1.0));
        self.milp.rows.push(Row { terms, least: None, most: Some(0.0) });
    }

    fn add_stock(&mut self, instance: &Instance<'_>) {
        for (stock_g, terms) in stock_rows(instance, &self.chosen) {
            self.milp.rows.push(Row { terms, least: None, most: Some(stock_g) });
        }
    }

    /// Hours, so that the numbers stay near those of costs.
    fn add_load(&mut self, instance: &Instance<'_>, load: &Load) {
        let mut on: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (column, &(job, machine)) in self.chosen.iter().enumerate() {
            on.entry(machine).or_default().push((column, job));
        }
        for (machine, columns) in on {
            for (date, room) in load.room[machine].iter().enumerate() {
                let hours =
                    |job: usize| instance.choice(job, machine).map_or(0.0, |c| c.occupied.hours());
                let mut terms: Vec<(usize, f64)> = columns
                    .iter()
                    .filter(|(_, job)| load.bucket[*job] <= date)
                    .map(|&(column, job)| (column, hours(job)))
                    .collect();
                let room_h = *room as f64 / 3600.0;
                if terms.iter().map(|t| t.1).sum::<f64>() <= room_h {
                    continue;
                }
                let over = self.milp.columns.len();
                let cost = load.price * 3600.0;
                self.milp.columns.push(Column { cost, whole: false, most: f64::INFINITY });
                self.overs.push((over, machine, date));
                terms.push((over, -1.0));
                self.milp.rows.push(Row { terms, least: None, most: Some(room_h) });
            }
        }
    }

    /// Solves the MIP, from an assignment if there is one.
    pub(crate) fn solve(
        &self,
        instance: &Instance<'_>,
        jobs: &[usize],
        start: Option<&[Option<usize>]>,
        limits: &Limits,
    ) -> Found {
        let start = start.map(|at| self.start(instance, at));
        let answer = backend::solve(&self.milp, start.as_deref(), limits);
        let machines = answer.values.and_then(|values| {
            let mut machines: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
            for (&(job, machine), &value) in self.chosen.iter().zip(&values) {
                let best = machines.entry(job).or_insert((value, machine));
                if value > best.0 {
                    *best = (value, machine);
                }
            }
            let machines: Vec<_> = machines.into_iter().map(|(j, (_, m))| (j, m)).collect();
            (machines.len() == jobs.len()).then_some(machines)
        });
        Found { machines, bound: answer.bound }
    }

    /// Column values of an assignment; overtime is left to the solver.
    fn start(&self, instance: &Instance<'_>, at: &[Option<usize>]) -> Vec<f64> {
        let mut values = vec![0.0; self.milp.columns.len()];
        for (column, &(job, machine)) in self.chosen.iter().enumerate() {
            values[column] = f64::from(u8::from(at[job] == Some(machine)));
        }
        for &(column, order, centre) in &self.ships {
            let there = |m: usize| instance.machines[m].centre == centre;
            let used = instance.jobs_of[order].iter().any(|(job, _)| at[*job].is_some_and(there));
            values[column] = f64::from(u8::from(used));
        }
        for &(column, order) in &self.lates {
            values[column] = instance.alone_late_of(order, at) as f64;
        }
        for row in &self.milp.rows {
            let over = row.terms.last().map(|t| t.0);
            if let Some(over) = over.filter(|c| self.overs.iter().any(|o| o.0 == *c)) {
                let sum: f64 = row.terms.iter().map(|(c, f)| values[*c] * f).sum();
                values[over] = (sum - row.most.unwrap_or(0.0)).max(0.0);
            }
        }
        values
    }
}

/// What it costs that a centre ships units of an order of several jobs. Of one that is wanted
/// together each centre costs, the first one too: see [`first_ships`].
pub(crate) fn ship_price(instance: &Instance<'_>, order: usize, centre: usize) -> i64 {
    let freight = instance.freight(order, centre).map_or(0, |f| f.per_shipment.0);
    freight + instance.apart_each(order)
}

/// What [`ship_price`] has too much over all orders of `jobs`: one centre of each costs nothing.
pub(crate) fn first_ships(instance: &Instance<'_>, jobs: &[usize]) -> i64 {
    let shares = jobs.iter().flat_map(|&job| &instance.jobs[job].shares);
    let orders: BTreeSet<usize> = shares.map(|share| share.order).collect();
    let shared = orders.into_iter().filter(|&order| instance.jobs_of[order].len() > 1);
    shared.map(|order| instance.apart_each(order)).sum()
}

/// Cost of a job on a machine that no other job shares; of orders with one job, everything.
pub(crate) fn alone_cost(instance: &Instance<'_>, job: usize, choice: &Choice) -> f64 {
    let centre = instance.machines[choice.machine].centre;
    let mut cost = choice.cost.total().0 as f64;
    for share in &instance.jobs[job].shares {
        let Some(freight) = instance.freight(share.order, centre) else { continue };
        cost += freight.per_kg.0 as f64 / 1000.0 * share.mass_g;
        if instance.jobs_of[share.order].len() == 1 {
            cost += freight.per_shipment.0 as f64 + late_alone(instance, share, choice) as f64;
        }
    }
    cost
}

/// Lateness of a share if its job were alone on a machine.
pub(crate) fn late_alone(instance: &Instance<'_>, share: &Share, choice: &Choice) -> i64 {
    let centre = instance.machines[choice.machine].centre;
    instance.late_cost(share.order, instance.arrival(share, centre, choice.alone))
}

type StockRow = (f64, Vec<(usize, f64)>);

/// Feedstock of each limited material at each centre, with the columns that use it.
fn stock_rows(instance: &Instance<'_>, chosen: &[(usize, usize)]) -> Vec<StockRow> {
    let mut rows: BTreeMap<(usize, &str), StockRow> = BTreeMap::new();
    for (column, &(job, machine)) in chosen.iter().enumerate() {
        let (Some(stock_g), Some(choice)) =
            (instance.stock_g(job, machine), instance.choice(job, machine))
        else {
            continue;
        };
        let centre = instance.machines[machine].centre;
        let material = instance.jobs[job].material.as_str();
        let row = rows.entry((centre, material)).or_insert((stock_g, Vec::new()));
        row.1.push((column, choice.feed_g));
    }
    rows.into_values().collect()
}

/// An assignment that prints as many units as the feedstock allows, if the MIP finds one.
pub(crate) fn most_units(instance: &Instance<'_>, limits: &Limits) -> Option<Vec<Option<usize>>> {
    let mut milp = Milp::default();
    let mut chosen = Vec::new();
    for (index, job) in instance.jobs.iter().enumerate() {
        let mut terms = Vec::new();
        let units = job.build.placements.len() as f64;
        for choice in &job.choices {
            terms.push((chosen.len(), 1.0));
            chosen.push((index, choice.machine));
            milp.columns.push(Column { cost: -units, whole: true, most: 1.0 });
        }
        milp.rows.push(Row { terms, least: None, most: Some(1.0) });
    }
    for (stock_g, terms) in stock_rows(instance, &chosen) {
        milp.rows.push(Row { terms, least: None, most: Some(stock_g) });
    }
    let values = backend::solve(&milp, None, limits).values?;
    let mut at = vec![None; instance.jobs.len()];
    for (&(job, machine), value) in chosen.iter().zip(values) {
        if value > 0.5 {
            at[job] = Some(machine);
        }
    }
    Some(at)
}
