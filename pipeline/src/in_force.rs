//! What stays of a plan in force when its night is planned again, and what became of it.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::batching::Freeze;
use platewright_model::config::Config;
use platewright_model::error::InputFault;
use platewright_model::id::{BuildId, GroupId, MachineId, PartId, UnitId};
use platewright_model::machine::Machine;
use platewright_model::material::NestingMode;
use platewright_model::night::Night;
use platewright_model::order::{OrderLine, Unit};
use platewright_model::replan::{BuildStatus, Churn, KeptBuild, LaterOrder};
use platewright_model::stage::{Build, BuildPlan, PrintingGroup, Schedule, ScheduledBuild};
use platewright_model::validate::Known;
use platewright_solver::{Facts, machine_can_take};

use crate::inspect::Meshes;
use crate::{PipelineError, Plan};

/// A plan in force, and what was reported on its builds since.
#[derive(Clone, Copy, Debug)]
pub struct InForce<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Status of the builds that were reported on.
    pub reported: &'a BTreeMap<BuildId, BuildStatus>,
}

impl InForce<'_> {
    /// Notes in a night when the plan said that its orders arrive.
    pub(crate) fn promise(&self, night: &mut Night) {
        for delivery in &self.plan.schedule.deliveries {
            if let Some(order) = night.orders.get_mut(&delivery.order) {
                order.promised = Some(delivery.arrives);
            }
        }
    }
}

impl Plan {
    /// What the plan knows of a build.
    pub fn knows(&self, build: &BuildId) -> Known {
        if self.build_plan.builds.iter().any(|b| b.id == *build) {
            Known::Planned
        } else if self.retired().contains(build) {
            Known::Retired
        } else {
            Known::Never
        }
    }

    fn retired(&self) -> &[BuildId] {
        self.replan.as_ref().map_or(&[], |replan| &replan.retired)
    }
}

/// The builds that stay.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    /// As they are in the new plan: under the name of their group there.
    pub(crate) builds: Vec<Build>,
    /// What must stay of each, sorted by build.
    pub(crate) kept: Vec<KeptBuild>,
    /// Builds that give their units back, sorted.
    pub(crate) dissolved: Vec<BuildId>,
    /// Those, and the ones that did so before, sorted.
    pub(crate) retired: Vec<BuildId>,
}

impl Standing {
    /// Sorts the builds of a plan in force into those that stay and those that give their units
    /// back.
    ///
    /// # Errors
    /// Builds that have started and cannot be in the new plan: without their machine, orders or
    /// models, or with a group that is none any more.
    pub(crate) fn new(
        in_force: InForce<'_>,
        facts: &Facts<'_>,
        groups: &[PrintingGroup],
        meshes: &Meshes,
        config: &Config,
    ) -> Result<Self, PipelineError> {
        let old = in_force.plan;
        let mut judge = Judge::new(old, facts, groups, meshes, config);
        let scheduled: BTreeMap<&BuildId, &ScheduledBuild> =
            old.schedule.builds.iter().map(|s| (&s.build, s)).collect();
        let mut standing = Self { retired: old.retired().to_vec(), ..Self::default() };
        let mut faults = Vec::new();
        for build in &old.build_plan.builds {
            let reported = in_force.reported.get(&build.id).copied();
            let slot = scheduled.get(&build.id);
            let freeze = slot.and_then(|slot| {
                BuildStatus::freeze(reported, slot.start, facts.night.planning_time)
            });
            let Some((slot, freeze)) = slot.zip(freeze) else {
                standing.dissolved.push(build.id.clone());
                continue;
            };
            match judge.stays(build, freeze, &slot.machine) {
                Ok((freeze, group)) => {
                    let units = build.placements.iter().map(|p| p.unit).collect();
                    let scheduled = (*slot).clone();
                    standing.builds.push(Build { group, ..build.clone() });
                    standing.kept.push(KeptBuild { reported, freeze, units, scheduled });
                }
                Err(reason) if freeze == Freeze::Start => {
                    faults.push(InputFault::new("E1035", format!("build {}", build.id), reason));
                }
                Err(_) => standing.dissolved.push(build.id.clone()),
            }
        }
        if !faults.is_empty() {
            return Err(PipelineError::Begun { faults });
        }
        standing.retired.extend(standing.dissolved.iter().cloned());
        standing.retired.sort();
        standing.retired.dedup();
        Ok(standing)
    }

    /// The groups without the units of builds that stay.
    pub(crate) fn free(&self, groups: &[PrintingGroup]) -> Vec<PrintingGroup> {
        let held: BTreeSet<UnitId> = self.kept.iter().flat_map(|k| &k.units).copied().collect();
        let free = |group: &PrintingGroup| {
            let units: Vec<_> = group.units.iter().filter(|u| !held.contains(u)).copied().collect();
            (!units.is_empty()).then(|| PrintingGroup { units, ..group.clone() })
        };
        groups.iter().filter_map(free).collect()
    }

    /// The greatest number in the name of a build so far.
    pub(crate) fn last_number(&self) -> usize {
        let names = self.builds.iter().map(|b| &b.id).chain(&self.retired);
        names.filter_map(|id| id.as_str().strip_prefix('B')?.parse().ok()).max().unwrap_or(0)
    }

    /// How far a plan that these builds are in departs from the one in force.
    pub(crate) fn churn(
        &self,
        old: &Plan,
        facts: &Facts<'_>,
        build_plan: &BuildPlan,
        schedule: &Schedule,
    ) -> Churn {
        let mut churn = Churn { dissolved: self.dissolved.clone(), ..Churn::default() };
        let known: BTreeMap<&BuildId, &KeptBuild> =
            self.kept.iter().map(|k| (&k.scheduled.build, k)).collect();
        let now: BTreeMap<&BuildId, &ScheduledBuild> =
            schedule.builds.iter().map(|s| (&s.build, s)).collect();
        for build in &build_plan.builds {
            let place = |s: &ScheduledBuild| (s.machine.clone(), s.start);
            let list = match known.get(&build.id) {
                None => &mut churn.new,
                Some(kept)
                    if now.get(&build.id).map(|s| place(s)) == Some(place(&kept.scheduled)) =>
                {
                    &mut churn.kept
                }
                Some(_) => &mut churn.changed,
            };
            list.push(build.id.clone());
        }
        let (before, after) =
            (places(&old.build_plan, &old.schedule), places(build_plan, schedule));
        let moved = |(unit, place): &(&UnitId, &Place<'_>)| {
            facts.line(unit).is_some() && after.get(*unit) != Some(*place)
        };
        churn.moved_units = before.iter().filter(moved).count();
        churn.later = later(old, facts, schedule);
        churn
    }
}

/// Build and machine of a unit.
type Place<'a> = (&'a BuildId, &'a MachineId);

fn places<'a>(plan: &'a BuildPlan, schedule: &'a Schedule) -> BTreeMap<UnitId, Place<'a>> {
    let machines: BTreeMap<&BuildId, &MachineId> =
        schedule.builds.iter().map(|s| (&s.build, &s.machine)).collect();
    let placed = plan.builds.iter().filter_map(|b| Some((b, *machines.get(&b.id)?)));
    placed.flat_map(|(b, m)| b.placements.iter().map(move |p| (p.unit, (&b.id, m)))).collect()
}

/// Orders of the plan in force that arrive later, or are no longer complete.
fn later(old: &Plan, facts: &Facts<'_>, schedule: &Schedule) -> Vec<LaterOrder> {
    let now: BTreeMap<_, _> = schedule.deliveries.iter().map(|d| (&d.order, d)).collect();
    let promised = old.schedule.deliveries.iter();
    promised
        .filter(|promise| facts.night.orders.contains_key(&promise.order))
        .filter_map(|promise| {
            let whole = now.get(&promise.order).filter(|d| d.complete || !promise.complete);
            let arrives = whole.map(|d| d.arrives);
            let order = promise.order.clone();
            let late = arrives.is_none_or(|arrives| arrives > promise.arrives);
            late.then_some(LaterOrder { order, promised: promise.arrives, arrives })
        })
        .collect()
}

/// What builds are judged by.
struct Judge<'a> {
    old: &'a Plan,
    /// Units as they were.
    units: BTreeMap<UnitId, &'a Unit>,
    facts: &'a Facts<'a>,
    groups: &'a [PrintingGroup],
    group_of: BTreeMap<UnitId, usize>,
    meshes: &'a Meshes,
    config: &'a Config,
    /// Whether the mesh of a part is the same as before.
    same: BTreeMap<&'a PartId, bool>,
}

impl<'a> Judge<'a> {
    fn new(
        old: &'a Plan,
        facts: &'a Facts<'a>,
        groups: &'a [PrintingGroup],
        meshes: &'a Meshes,
        config: &'a Config,
    ) -> Self {
        let numbered = groups.iter().enumerate();
        let group_of = numbered.flat_map(|(g, group)| group.units.iter().map(move |u| (*u, g)));
        let group_of = group_of.collect();
        let units = old.order_book.units.iter().map(|u| (u.id, u)).collect();
        Self { old, units, facts, groups, group_of, meshes, config, same: BTreeMap::new() }
    }

    /// What must stay of a build, and its group in the new plan, or why it cannot be in it.
    fn stays(
        &mut self,
        build: &'a Build,
        freeze: Freeze,
        machine: &MachineId,
    ) -> Result<(Freeze, GroupId), String> {
        let group = self.contents(build)?;
        let own = self.facts.machine(machine);
        if freeze == Freeze::Start {
            return own.map(|_| (freeze, group.id.clone())).ok_or_else(|| {
                format!(
                    "has started on machine {machine}, which is not in centres.json: leave it \
                     there (with maintenance) or report what became of the build"
                )
            });
        }
        self.nested_alike(build)?;
        let takes = |m: &&Machine| machine_can_take(self.facts, group, build, m).is_ok();
        if freeze == Freeze::Machine && own.as_ref().is_some_and(takes) {
            return Ok((freeze, group.id.clone()));
        }
        let any = self.facts.machines().values().any(takes);
        let group = any.then(|| group.id.clone());
        group.map(|id| (Freeze::Parts, id)).ok_or_else(|| "no machine takes it any more".to_owned())
    }

    /// The group of all units, which must be ordered as they were.
    fn contents(&mut self, build: &'a Build) -> Result<&'a PrintingGroup, String> {
        let mut group = None;
        for placement in &build.placements {
            let unit = &placement.unit;
            let before = self.line_before(unit).ok_or_else(|| {
                format!("unit {unit} is not in the order book of the plan in force")
            })?;
            let (order, line) = self.facts.line(unit).ok_or_else(|| {
                let order = self.units.get(unit).map_or("?", |u| u.order.as_str());
                format!(
                    "has started with units of order {order} that are not ordered any more, or \
                     not printable: leave them in the night or report what became of the build"
                )
            })?;
            let (quantity, elsewhere) = (line.quantity, line.elsewhere.clone());
            let now = OrderLine { quantity, elsewhere, ..before.clone() };
            if now != *line || !self.same(&placement.part) {
                return Err(format!(
                    "has started with units of order {}, line {} that are ordered otherwise by \
                     now: leave line and model as they were",
                    order.id, line.number
                ));
            }
            let own = self.group_of.get(unit).copied();
            if own.is_none() || group.is_some_and(|g| Some(g) != own) {
                return Err(format!(
                    "has started with units of order {} that may not share it any more: leave \
                     order and machines as they were",
                    order.id
                ));
            }
            group = own;
        }
        group.map(|g| &self.groups[g]).ok_or_else(|| "is empty".to_owned())
    }

    /// The line of a unit as it was.
    fn line_before(&self, unit: &UnitId) -> Option<&'a OrderLine> {
        let unit = self.units.get(unit)?;
        self.old.night.orders.get(&unit.order)?.lines.iter().find(|l| l.number == unit.line)
    }

    fn same(&mut self, part: &'a PartId) -> bool {
        let (old, new) = (&self.old.meshes, self.meshes);
        *self
            .same
            .entry(part)
            .or_insert_with(|| new.contains_key(part) && old.get(part) == new.get(part))
    }

    /// Whether a nest of before is one by the process, volume and configuration of now.
    fn nested_alike(&self, build: &Build) -> Result<(), String> {
        let (old, new) = (&self.old.night, self.facts.night);
        let classes = old.classes.get(&build.class).zip(new.classes.get(&build.class));
        let alike = classes.is_some_and(|(old_class, class)| {
            let process = new.processes.get(&class.process);
            let drawn_out = process.is_some_and(|p| p.nesting == NestingMode::Volume)
                && self.config.volume.removable;
            old_class.volume == class.volume
                && old.processes.get(&class.process) == process
                && (!drawn_out || build.placements.iter().all(|p| p.out.is_some()))
        });
        if alike { Ok(()) } else { Err("was nested by other rules".to_owned()) }
    }
}
