//! Look-up of everything by id, made once, so that no rule has to trust an id.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::batching::Freeze;
use platewright_model::geometry::BuildVolume;
use platewright_model::id::{
    BuildId, CentreId, GroupId, MachineClassId, MachineId, OrderId, PartId, PostProcessId, UnitId,
};
use platewright_model::machine::{Centre, Freight, Machine};
use platewright_model::material::{Material, Process};
use platewright_model::order::{Order, OrderLine};
use platewright_model::stage::{Assigned, Build, PrintingGroup, ScheduledBuild};
use rayon::prelude::*;

use crate::Evidence;
use crate::geometry::Solid;

/// A unit's order and line.
#[derive(Clone, Copy)]
pub(crate) struct Ordered<'a> {
    pub(crate) order: &'a Order,
    pub(crate) line: &'a OrderLine,
}

/// Evidence by id. Where an id is there twice the first counts; the rules report the second.
pub(crate) struct Facts<'a> {
    pub(crate) units: BTreeMap<UnitId, Ordered<'a>>,
    pub(crate) machines: BTreeMap<&'a MachineId, (&'a Centre, &'a Machine)>,
    pub(crate) groups: BTreeMap<&'a GroupId, &'a PrintingGroup>,
    pub(crate) builds: BTreeMap<&'a BuildId, &'a Build>,
    pub(crate) assigned: BTreeMap<&'a BuildId, &'a Assigned>,
    pub(crate) scheduled: BTreeMap<&'a BuildId, &'a ScheduledBuild>,
    /// Builds of a plan in force that have started: what that plan said of their times counts.
    pub(crate) begun: BTreeSet<&'a BuildId>,
    pub(crate) solids: BTreeMap<&'a PartId, Solid>,
    volumes: BTreeMap<&'a MachineClassId, &'a BuildVolume>,
    processes: BTreeMap<&'a str, &'a Process>,
    materials: BTreeMap<&'a str, &'a Material>,
    finishes: BTreeMap<&'a str, i128>,
}

fn begun<'a>(evidence: &Evidence<'a>) -> BTreeSet<&'a BuildId> {
    let kept = evidence.replan.iter().flat_map(|replan| &replan.kept);
    kept.filter(|k| k.freeze == Freeze::Start).map(|k| &k.scheduled.build).collect()
}

impl<'a> Facts<'a> {
    /// Gathers the facts of `evidence`.
    pub(crate) fn gather(evidence: &Evidence<'a>) -> Self {
        let night = evidence.night;
        let used: BTreeSet<&PartId> = evidence
            .build_plan
            .builds
            .iter()
            .flat_map(|b| b.placements.iter().map(|p| &p.part))
            .collect();
        let meshes: Vec<_> =
            evidence.meshes.iter().filter(|(part, _)| used.contains(part)).collect();
        Self {
            units: ordered_units(evidence),
            machines: night
                .centres
                .values()
                .flat_map(|c| c.machines.iter().map(move |m| (&m.id, (c, m))))
                .collect(),
            groups: first(evidence.grouping.groups.iter().map(|g| (&g.id, g))),
            builds: first(evidence.build_plan.builds.iter().map(|b| (&b.id, b))),
            assigned: first(evidence.assignment.assigned.iter().map(|a| (&a.build, a))),
            scheduled: first(evidence.schedule.builds.iter().map(|s| (&s.build, s))),
            begun: begun(evidence),
            solids: meshes.into_par_iter().map(|(part, m)| (part, Solid::new(m))).collect(),
            volumes: night.classes.iter().map(|(id, class)| (id, &class.volume)).collect(),
            processes: night.processes.iter().map(|(id, p)| (id.as_str(), p)).collect(),
            materials: night.materials.iter().map(|(id, m)| (id.as_str(), m)).collect(),
            finishes: night
                .post_processes
                .iter()
                .map(|(id, p)| (id.as_str(), i128::from(p.duration.0)))
                .collect(),
        }
    }

    /// The process and material of a build's group, if all ids resolve.
    pub(crate) fn recipe(&self, build: &Build) -> Option<Recipe<'a>> {
        let group = self.groups.get(&build.group)?;
        let process = self.processes.get(group.key.process.as_str())?;
        let material = self.materials.get(group.key.material.as_str())?;
        Some(Recipe { group, process, material })
    }

    /// How long a treatment after printing takes, s; 0 for an unknown one.
    pub(crate) fn finish_s(&self, id: &PostProcessId) -> i128 {
        self.finishes.get(id.as_str()).copied().unwrap_or(0)
    }

    /// The volume of a machine class.
    pub(crate) fn class_volume(&self, class: &MachineClassId) -> Option<&'a BuildVolume> {
        self.volumes.get(class).copied()
    }

    /// The centre and machine that `build` is assigned to, if they exist.
    pub(crate) fn site(&self, build: &BuildId) -> Option<(&'a Centre, &'a Machine)> {
        self.machines.get(&self.assigned.get(build)?.machine).copied()
    }

    /// The centre and machine that `build` is scheduled on, if they exist.
    pub(crate) fn scheduled_site(&self, build: &BuildId) -> Option<(&'a Centre, &'a Machine)> {
        self.machines.get(&self.scheduled.get(build)?.machine).copied()
    }

    /// The orders with units in scheduled builds, and where those units are printed.
    pub(crate) fn shipments(&self) -> BTreeMap<&'a OrderId, Vec<Shipped<'a>>> {
        let mut shipments: BTreeMap<&OrderId, Vec<Shipped<'_>>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (id, slot) in &self.scheduled {
            let Some((centre, _)) = self.scheduled_site(id) else { continue };
            let Some(build) = self.builds.get(id) else { continue };
            for placement in &build.placements {
                let Some(&ordered) = self.units.get(&placement.unit) else { continue };
                if seen.insert(placement.unit) {
                    shipments.entry(&ordered.order.id).or_default().push(Shipped {
                        ordered,
                        centre,
                        slot,
                        mass_g: self.unit_mass_g(ordered.line),
                    });
                }
            }
        }
        shipments
    }

    /// Mass of one unit of a line, g; 0 where its mesh or material is unknown.
    fn unit_mass_g(&self, line: &OrderLine) -> f64 {
        let volume = self.solids.get(&line.part).map_or(0.0, |s| s.volume);
        match (
            self.processes.get(line.process.as_str()),
            self.materials.get(line.material.as_str()),
        ) {
            (Some(p), Some(m)) => volume * p.solid_fraction * m.density_g_cm3 / 1000.0,
            _ => 0.0,
        }
    }
}

/// What a build is made by and of.
pub(crate) struct Recipe<'a> {
    pub(crate) group: &'a PrintingGroup,
    pub(crate) process: &'a Process,
    pub(crate) material: &'a Material,
}

/// A unit on its way from a centre.
#[derive(Clone, Copy)]
pub(crate) struct Shipped<'a> {
    pub(crate) ordered: Ordered<'a>,
    pub(crate) centre: &'a Centre,
    pub(crate) slot: &'a ScheduledBuild,
    pub(crate) mass_g: f64,
}

impl<'a> Shipped<'a> {
    /// The centre's freight to the order's region, if it ships there.
    pub(crate) fn freight(&self) -> Option<&'a Freight> {
        freight(self.centre, self.ordered.order)
    }

    /// The centre's id.
    pub(crate) fn centre_id(&self) -> &'a CentreId {
        &self.centre.id
    }
}

/// A centre's freight to an order's region, if it ships there.
pub(crate) fn freight<'a>(centre: &'a Centre, order: &Order) -> Option<&'a Freight> {
    centre.freight.iter().find(|f| f.region == order.region)
}

fn first<K: Ord, V>(entries: impl Iterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in entries {
        map.entry(key).or_insert(value);
    }
    map
}

/// The units of all confirmed lines, derived anew from the night.
fn ordered_units<'a>(evidence: &Evidence<'a>) -> BTreeMap<UnitId, Ordered<'a>> {
    let mut units = BTreeMap::new();
    for order in evidence.night.orders.values() {
        for line in &order.lines {
            let own = |copy: &u32| !line.elsewhere.contains(copy);
            for copy in (0..line.quantity).filter(own) {
                let id = UnitId::derive(&order.id, line.number, copy);
                units.insert(id, Ordered { order, line });
            }
        }
    }
    units
}
