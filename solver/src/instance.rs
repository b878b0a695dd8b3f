//! The builds of a night with every machine that can take them, as plain indices: what
//! assignment and scheduling search over.

use std::collections::BTreeMap;

use platewright_model::config::Objective;
use platewright_model::cost::CostSplit;
use platewright_model::id::{GroupId, MaterialId, OrderId};
use platewright_model::machine::{Centre, Freight, Machine};
use platewright_model::material::{Material, NestingMode, Process};
use platewright_model::measure::Seconds;
use platewright_model::order::Order;
use platewright_model::replan::KeptBuild;
use platewright_model::stage::{Build, PrintingGroup, UnplacedReason};
use platewright_model::time::Time;

use crate::calendar::{Shifts, slot_in};
use crate::compat::{self, Refusal};
use crate::cost::{
    apart_cost, broken_cost, build_cost, freight_cost, lateness_cost, missed_cost, occupied,
    part_mass_g, print_time, short_cost,
};
use crate::error::SolverError;
use crate::facts::Facts;
use crate::held::{self, Held};

/// Builds, machines, orders and centres by index; each list is sorted by id.
#[derive(Clone, Debug)]
pub(crate) struct Instance<'a> {
    pub(crate) objective: Objective,
    pub(crate) machines: Vec<Station<'a>>,
    pub(crate) centres: Vec<&'a Centre>,
    pub(crate) orders: Vec<&'a Order>,
    pub(crate) jobs: Vec<Job<'a>>,
    /// Jobs of each order, with the index of the order's share.
    pub(crate) jobs_of: Vec<Vec<(usize, usize)>>,
    /// By order and centre.
    freight: Vec<Vec<Option<&'a Freight>>>,
}

/// A machine with its week prepared.
#[derive(Clone, Debug)]
pub(crate) struct Station<'a> {
    pub(crate) machine: &'a Machine,
    /// Its centre.
    pub(crate) at: &'a Centre,
    /// Index of its centre.
    pub(crate) centre: usize,
    pub(crate) ready: Time,
    pub(crate) shifts: Shifts,
}

/// A build.
#[derive(Clone, Debug)]
pub(crate) struct Job<'a> {
    pub(crate) build: &'a Build,
    pub(crate) material: &'a MaterialId,
    /// Its orders.
    pub(crate) shares: Vec<Share>,
    /// Machines that can take it, by index.
    pub(crate) choices: Vec<Choice>,
    /// Why no machine takes it, where `choices` is empty.
    pub(crate) refusal: Option<(UnplacedReason, String)>,
    /// Latest end that makes no order late with the quickest freight; the order of dispatch.
    pub(crate) due: Time,
    /// Greatest priority of its orders.
    pub(crate) priority: u8,
    /// What the plan in force says of it, if it is of that.
    pub(crate) held: Option<Held<'a>>,
}

/// What a build holds of one order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    pub(crate) order: usize,
    pub(crate) units: u32,
    pub(crate) mass_g: f64,
    /// Longest finish of its units after the build's end.
    pub(crate) tail: Seconds,
}

/// A machine that can take a build.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    pub(crate) machine: usize,
    pub(crate) print: Seconds,
    /// Time of the machine that it takes from now on.
    pub(crate) occupied: Seconds,
    pub(crate) cost: CostSplit,
    pub(crate) feed_g: f64,
    /// End of the build if it were alone on the machine, without a change of material.
    pub(crate) alone: Time,
}

impl<'a> Instance<'a> {
    /// Prepares builds for assignment and scheduling; `kept` are those of a plan in force.
    ///
    /// # Errors
    /// A build of an unknown group, or with an unknown unit.
    pub(crate) fn new(
        facts: &Facts<'a>,
        groups: &'a [PrintingGroup],
        builds: &'a [Build],
        kept: &'a [KeptBuild],
        objective: &Objective,
    ) -> Result<Self, SolverError> {
        let centres: Vec<&Centre> = facts.night.centres.values().collect();
        let machines = stations(facts, &centres);
        let orders = orders_of(facts, builds)?;
        let index: BTreeMap<&OrderId, usize> =
            orders.iter().enumerate().map(|(i, order)| (&order.id, i)).collect();
        let freight = orders
            .iter()
            .map(|order| centres.iter().map(|c| facts.freight(&c.id, &order.region)).collect())
            .collect();
        let groups: BTreeMap<&GroupId, &PrintingGroup> =
            groups.iter().map(|group| (&group.id, group)).collect();
        let kept = held::by_id(kept);
        let mut sorted: Vec<&Build> = builds.iter().collect();
        sorted.sort_by(|a, b| a.id.cmp(&b.id));
        let mut jobs = Vec::with_capacity(sorted.len());
        for build in sorted {
            let group = *groups.get(&build.group).ok_or_else(|| SolverError::UnknownGroup {
                build: build.id.clone(),
                group: build.group.clone(),
            })?;
            let shares = shares(facts, &index, group, build)?;
            let held =
                kept.get(&build.id).map(|kept| Held::new(facts, &machines, &orders, &shares, kept));
            jobs.push(job(facts, &machines, &orders, group, build, shares, held));
        }
        let mut jobs_of = vec![Vec::new(); orders.len()];
        for (j, job) in jobs.iter().enumerate() {
            for (s, share) in job.shares.iter().enumerate() {
                jobs_of[share.order].push((j, s));
            }
        }
        Ok(Self { objective: *objective, machines, centres, orders, jobs, jobs_of, freight })
    }

    /// Freight of an order from a centre.
    pub(crate) fn freight(&self, order: usize, centre: usize) -> Option<&'a Freight> {
        self.freight[order][centre]
    }

    /// The choice of a job on a machine.
    pub(crate) fn choice(&self, job: usize, machine: usize) -> Option<&Choice> {
        let choices = &self.jobs[job].choices;
        choices.binary_search_by_key(&machine, |c| c.machine).ok().map(|i| &choices[i])
    }

    /// Cost of an order that arrives at `arrives`: late, after its deadline, after its promise.
    pub(crate) fn late_cost(&self, order: usize, arrives: Time) -> i64 {
        let CostSplit { lateness, missed, broken, .. } = self.late_split(order, arrives);
        (lateness + missed + broken).0
    }

    /// As [`Self::late_cost`], by cause.
    pub(crate) fn late_split(&self, order: usize, arrives: Time) -> CostSplit {
        let (goal, order) = (&self.objective, self.orders[order]);
        CostSplit {
            lateness: lateness_cost(goal, order.priority, arrives - order.due),
            missed: missed_cost(goal, order, arrives),
            broken: broken_cost(goal, order, arrives),
            ..CostSplit::default()
        }
    }

    /// What each centre that ships units of an order costs, because that is one more: the first
    /// one must not, so that a sum over centres is too much by this once.
    pub(crate) fn apart_each(&self, order: usize) -> i64 {
        apart_cost(&self.objective, self.orders[order], 2).0
    }

    /// Arrival of a share whose build ends at `end` in `centre`.
    pub(crate) fn arrival(&self, share: &Share, centre: usize, end: Time) -> Time {
        let way = self.freight(share.order, centre).map_or(Seconds(0), |f| f.duration);
        end + share.tail + way
    }

    /// Freight of an order whose jobs are on the machines `at`, and what it costs that it is
    /// shipped apart.
    pub(crate) fn shipped_of(&self, order: usize, at: &[Option<usize>]) -> (i64, i64) {
        let mut masses: Vec<(usize, f64)> = Vec::with_capacity(4);
        for &(job, share) in &self.jobs_of[order] {
            let Some(machine) = at[job] else { continue };
            let centre = self.machines[machine].centre;
            let mass_g = self.jobs[job].shares[share].mass_g;
            match masses.iter_mut().find(|(known, _)| *known == centre) {
                Some((_, sum)) => *sum += mass_g,
                None => masses.push((centre, mass_g)),
            }
        }
        let cost = |&(centre, mass_g): &(usize, f64)| {
            self.freight(order, centre).map_or(0, |freight| freight_cost(freight, mass_g).0)
        };
        let apart = apart_cost(&self.objective, self.orders[order], masses.len());
        (masses.iter().map(cost).sum(), apart.0)
    }

    /// The sum of [`Self::shipped_of`].
    pub(crate) fn freight_of(&self, order: usize, at: &[Option<usize>]) -> i64 {
        let (freight, apart) = self.shipped_of(order, at);
        freight + apart
    }

    /// Lateness of an order whose jobs are alone on the machines `at`: the least there can be.
    pub(crate) fn alone_late_of(&self, order: usize, at: &[Option<usize>]) -> i64 {
        let late = |&(job, share): &(usize, usize)| {
            let choice = self.choice(job, at[job]?)?;
            let centre = self.machines[choice.machine].centre;
            let share = &self.jobs[job].shares[share];
            Some(self.late_cost(order, self.arrival(share, centre, choice.alone)))
        };
        self.jobs_of[order].iter().filter_map(late).max().unwrap_or(0)
    }

    /// Objective of the assignment model: production, freight, and lateness as if every build
    /// were alone on its machine.
    pub(crate) fn model_cost(&self, at: &[Option<usize>]) -> i64 {
        let builds = at.iter().enumerate().filter_map(|(job, m)| self.choice(job, (*m)?));
        let production: i64 = builds.map(|choice| choice.cost.total().0).sum();
        let orders = 0..self.orders.len();
        production + orders.map(|o| self.freight_of(o, at) + self.alone_late_of(o, at)).sum::<i64>()
    }

    /// Mass of a job's material that the centre of a machine has; `None` if it is not limited.
    pub(crate) fn stock_g(&self, job: usize, machine: usize) -> Option<f64> {
        let centre = self.centres[self.machines[machine].centre];
        let material = self.jobs[job].material;
        centre.stock.iter().find(|s| s.material == *material).map(|s| s.mass.0)
    }
}

/// The machines whose centre is known, sorted by id.
pub(crate) fn stations<'a>(facts: &Facts<'a>, centres: &[&'a Centre]) -> Vec<Station<'a>> {
    let station = |machine: &'a Machine| {
        let centre = centres.iter().position(|c| c.id == machine.centre)?;
        let ready = machine.free_from.max(facts.night.planning_time);
        Some(Station {
            machine,
            at: centres[centre],
            centre,
            ready,
            shifts: Shifts::new(&machine.calendar),
        })
    };
    facts.machines().values().filter_map(|machine| station(machine)).collect()
}

fn orders_of<'a>(facts: &Facts<'a>, builds: &[Build]) -> Result<Vec<&'a Order>, SolverError> {
    let mut orders = BTreeMap::new();
    for build in builds {
        for placement in &build.placements {
            let (order, _) = facts.line(&placement.unit).ok_or_else(|| {
                SolverError::UnknownUnit { build: build.id.clone(), unit: placement.unit }
            })?;
            orders.insert(&order.id, order);
        }
    }
    Ok(orders.into_values().collect())
}

fn shares(
    facts: &Facts<'_>,
    index: &BTreeMap<&OrderId, usize>,
    group: &PrintingGroup,
    build: &Build,
) -> Result<Vec<Share>, SolverError> {
    let unknown = |unit| SolverError::UnknownUnit { build: build.id.clone(), unit };
    let process = facts.night.processes.get(&group.key.process);
    let material = facts.night.materials.get(&group.key.material);
    let mut shares: BTreeMap<usize, Share> = BTreeMap::new();
    for placement in &build.placements {
        let (order, line) = facts.line(&placement.unit).ok_or_else(|| unknown(placement.unit))?;
        let measures = facts.measures(&line.part).ok_or_else(|| unknown(placement.unit))?;
        let mass_g = match (process, material) {
            (Some(process), Some(material)) => part_mass_g(process, material, measures.volume_mm3),
            _ => 0.0,
        };
        let order = index[&order.id];
        let share =
            shares.entry(order).or_insert(Share { order, units: 0, mass_g: 0.0, tail: Seconds(0) });
        share.units += 1;
        share.mass_g += mass_g;
        share.tail = share.tail.max(facts.finish(line));
    }
    Ok(shares.into_values().collect())
}

fn job<'a>(
    facts: &Facts<'a>,
    machines: &[Station<'_>],
    orders: &[&Order],
    group: &'a PrintingGroup,
    build: &'a Build,
    shares: Vec<Share>,
    held: Option<Held<'a>>,
) -> Job<'a> {
    let regions = compat::regions(facts, build);
    let mut choices = Vec::new();
    let mut closest: Option<(Refusal, &Machine)> = None;
    for (index, station) in machines.iter().enumerate() {
        let checked = match &held {
            Some(held) if held.is_bound() && held.machine != Some(index) => Err(elsewhere(held)),
            Some(held) if held.begun() => begun(facts, group, build, index, station, held),
            _ => compat::check(facts, &group.key, build, &regions, station.machine)
                .and_then(|()| choice(facts, group, build, index, station)),
        };
        match checked {
            Ok(choice) => choices.push(choice),
            Err(refusal) => {
                if closest.as_ref().is_none_or(|(best, _)| refusal.stage > best.stage) {
                    closest = Some((refusal, station.machine));
                }
            }
        }
    }
    let refusal = choices.is_empty().then(|| match closest {
        Some((refusal, machine)) => {
            let text =
                format!("no machine takes it; {} comes closest: {}", machine.id, refusal.text);
            (refusal.reason, text)
        }
        None => {
            let text = "there is no machine; give a centre at least one".to_owned();
            (UnplacedReason::NoMachine, text)
        }
    });
    let way = |order: &Order| {
        let centres = choices.iter().map(|c: &Choice| &machines[c.machine].machine.centre);
        let ways = centres.filter_map(|c| facts.freight(c, &order.region)).map(|f| f.duration);
        ways.min().unwrap_or(Seconds(0))
    };
    let latest = |s: &Share| Time(orders[s.order].due.0 - s.tail.0 - way(orders[s.order]).0);
    let due = shares.iter().map(latest).min();
    let priority = shares.iter().map(|s| orders[s.order].priority).max().unwrap_or(1);
    let due = due.unwrap_or(facts.night.planning_time);
    let material = &group.key.material;
    Job { build, material, shares, choices, refusal, due, priority, held }
}

/// What a group is made with and of.
fn made_of<'a>(facts: &Facts<'a>, group: &PrintingGroup) -> Option<(&'a Process, &'a Material)> {
    let process = facts.night.processes.get(&group.key.process);
    process.zip(facts.night.materials.get(&group.key.material))
}

/// What a build costs on a machine whose print takes `print`, whatever else is printed.
fn production(
    facts: &Facts<'_>,
    process: &Process,
    material: &Material,
    build: &Build,
    machine: &Machine,
    print: Seconds,
) -> CostSplit {
    let short = short_cost(machine, fill(facts, process, build, machine));
    CostSplit { short, ..build_cost(process, material, machine, &build.load, print) }
}

/// Share of a machine that a build fills; the density of a plate is of the plate that it was
/// nested for.
fn fill(facts: &Facts<'_>, process: &Process, build: &Build, machine: &Machine) -> f64 {
    match process.nesting {
        NestingMode::Volume => build.load.height_mm / machine.volume.size()[2],
        NestingMode::Plate => {
            let class = facts.night.classes.get(&build.class);
            let nested = class.map_or(&machine.volume, |class| &class.volume);
            build.density * nested.plate_area() / machine.volume.plate_area()
        }
    }
}

fn elsewhere(held: &Held<'_>) -> Refusal {
    let text = format!("it is bound to machine {}", held.scheduled.machine);
    Refusal { stage: 0, reason: UnplacedReason::NoMachine, text }
}

/// The one choice of a build that has started: what it takes of feedstock is gone from the stock.
fn begun(
    facts: &Facts<'_>,
    group: &PrintingGroup,
    build: &Build,
    index: usize,
    station: &Station<'_>,
    held: &Held<'_>,
) -> Result<Choice, Refusal> {
    let machine = station.machine;
    let Some((process, material)) = made_of(facts, group) else { return Err(elsewhere(held)) };
    let print = held.scheduled.print_end - held.scheduled.print_start;
    let end = held.scheduled.end;
    Ok(Choice {
        machine: index,
        print,
        occupied: (end - station.ready).max(Seconds(0)),
        cost: production(facts, process, material, build, machine, print),
        feed_g: 0.0,
        alone: end,
    })
}

fn choice(
    facts: &Facts<'_>,
    group: &PrintingGroup,
    build: &Build,
    index: usize,
    station: &Station<'_>,
) -> Result<Choice, Refusal> {
    let machine = station.machine;
    let known = print_time(machine, &build.load)
        .zip(made_of(facts, group))
        .zip(compat::feed_g(facts, &group.key, build, machine));
    let slot = known
        .and_then(|((print, _), _)| slot_in(&station.shifts, machine, station.ready, false, print));
    match known.zip(slot) {
        Some((((print, (process, material)), feed_g), slot)) => Ok(Choice {
            machine: index,
            print,
            occupied: occupied(machine, print),
            cost: production(facts, process, material, build, machine, print),
            feed_g,
            alone: slot.end,
        }),
        None => Err(Refusal {
            stage: 7,
            reason: UnplacedReason::NoCapacity,
            text: "its calendar has no room for the build; add staffed hours".to_owned(),
        }),
    }
}
