//! Which orders of a planned night cannot all be on time for lack of machine time.

use std::collections::{BTreeMap, BTreeSet};

use platewright_mesh::{Polygon, silhouette};
use platewright_model::batching::Freeze;
use platewright_model::config::Config;
use platewright_model::id::{BuildId, MachineClassId, PartId, UnitId};
use platewright_model::material::NestingMode;
use platewright_model::measure::Mm;
use platewright_model::night::Night;
use platewright_model::oracle::{Fit, FitOracle, PartMeasures};
use platewright_model::order::OrientationPolicy;
use platewright_model::replan::KeptBuild;
use platewright_model::stage::{Build, PrintingGroup};
use platewright_solver::{Facts, NightCapacity, night_capacity, reserve};
use rayon::prelude::*;

use crate::fit::{Fill, Surrogate, mode};
use crate::inspect::{Meshes, measures};
use crate::{PipelineError, Plan};

/// What a night has too little machine time for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shortage {
    /// Late orders of the plan.
    pub late: usize,
    /// What holds for every plan: however builds are nested, solids do not overlap in powder, nor
    /// outlines on a plate.
    pub sure: NightCapacity,
    /// What more holds for every plan whose builds are filled no more than [`Self::full`] says.
    pub likely: NightCapacity,
    /// By class, the share that the boxes of parts (in powder, of the height of the build) or
    /// their grown outlines (on plates) fill at most: that of the fullest build of this plan, or
    /// what the configuration expects, if that is more.
    pub full: BTreeMap<MachineClassId, f64>,
}

/// What a planned night has too little machine time for. What had started when it was planned is
/// as it is.
///
/// # Errors
/// A build of an unknown group or with an unknown unit.
pub fn shortage(plan: &Plan, config: &Config) -> Result<Shortage, PipelineError> {
    let measures = measures(&plan.parts);
    let facts = Facts::new(&plan.night, &measures, &plan.order_book.units);
    let begun = Begun::of(plan);
    let groups = &plan.grouping.groups;
    let objective = &config.objective;
    let rest = reserve(&facts, groups, &begun.builds, &begun.kept, objective)?;
    let rest = Facts::new(&rest, &measures, &plan.order_book.units);
    let groups = begun.without(groups);
    let mut boxes = Surrogate::new(&plan.night, &plan.meshes, config);
    let full = fullest(&facts, &plan.build_plan.builds, &mut boxes);
    boxes.set_fill(full.clone());
    let solids = Solids::new(&plan.night, &plan.meshes, &measures, &boxes);
    let ends = plan.schedule.builds.iter().map(|build| build.end);
    let until = ends.max().unwrap_or(plan.night.planning_time);
    let sure = night_capacity(&rest, &groups, &solids, objective, until);
    let mut likely = night_capacity(&rest, &groups, &boxes, objective, until);
    // What holds in any case holds here.
    likely.least_cost = likely.least_cost.max(sure.least_cost);
    likely.hopeless.retain(|order| sure.hopeless.iter().all(|known| known.order != order.order));
    likely.tight.retain(|set| !sure.tight.contains(set));
    let late = plan.schedule.deliveries.iter().filter(|d| d.late.0 > 0).count();
    Ok(Shortage { late, sure, likely, full })
}

/// What had started when the night was planned.
struct Begun {
    builds: Vec<Build>,
    kept: Vec<KeptBuild>,
}

impl Begun {
    fn of(plan: &Plan) -> Self {
        let kept = plan.replan.iter().flat_map(|replan| &replan.kept);
        let kept: Vec<KeptBuild> = kept.filter(|k| k.freeze == Freeze::Start).cloned().collect();
        let ids: BTreeSet<&BuildId> = kept.iter().map(|k| &k.scheduled.build).collect();
        let builds = plan.build_plan.builds.iter().filter(|b| ids.contains(&b.id));
        Self { builds: builds.cloned().collect(), kept }
    }

    /// Groups without the units of these builds.
    fn without(&self, groups: &[PrintingGroup]) -> Vec<PrintingGroup> {
        let begun: BTreeSet<UnitId> = self.kept.iter().flat_map(|k| &k.units).copied().collect();
        let rest = |group: &PrintingGroup| {
            let units = group.units.iter().filter(|unit| !begun.contains(unit));
            PrintingGroup { units: units.copied().collect(), ..group.clone() }
        };
        groups.iter().map(rest).filter(|group| !group.units.is_empty()).collect()
    }
}

/// How full builds are at most, by class: as the fullest of the plan, and no less than expected.
fn fullest(facts: &Facts<'_>, builds: &[Build], boxes: &mut Surrogate<'_>) -> Fill {
    let mut full = boxes.fill().clone();
    boxes.set_fill(full.keys().map(|class| (class.clone(), 1.0)).collect());
    for build in builds {
        let share = |unit: &UnitId, part: &PartId| {
            let clearance = facts.line(unit).map_or(Mm(0.0), |(_, line)| facts.clearance(line));
            boxes.fit(&build.class, clearance, &[(part.clone(), 1)]).fill
        };
        let filled: f64 = build.placements.iter().map(|p| share(&p.unit, &p.part)).sum();
        let high = match mode(facts.night, &build.class) {
            NestingMode::Plate => 1.0,
            NestingMode::Volume => {
                build.load.height_mm / facts.night.classes[&build.class].volume.size()[2]
            }
        };
        let known = full.entry(build.class.clone()).or_insert(0.0);
        *known = known.max(filled / high.max(f64::MIN_POSITIVE));
    }
    full
}

/// Says of parts no more than that solids do not overlap in powder, nor silhouettes on a plate.
struct Solids<'a> {
    night: &'a Night,
    measures: &'a BTreeMap<PartId, PartMeasures>,
    /// Areas of silhouettes, mm².
    areas: BTreeMap<PartId, f64>,
    alone: &'a Surrogate<'a>,
}

impl<'a> Solids<'a> {
    fn new(
        night: &'a Night,
        meshes: &Meshes,
        measures: &'a BTreeMap<PartId, PartMeasures>,
        alone: &'a Surrogate<'a>,
    ) -> Self {
        let meshes: Vec<_> = meshes.iter().collect();
        let area = |(part, mesh): (&PartId, _)| {
            let polygons = silhouette(mesh);
            (part.clone(), polygons.iter().map(Polygon::area).sum())
        };
        let areas =
            meshes.into_par_iter().map(|(part, mesh)| area((part, mesh.as_ref()))).collect();
        Self { night, measures, areas, alone }
    }
}

impl FitOracle for Solids<'_> {
    fn fit(&self, class: &MachineClassId, _: Mm, parts: &[(PartId, u32)]) -> Fit {
        let volume = &self.night.classes[class].volume;
        let (plate, top) = (volume.plate_area(), volume.size()[2]);
        let amount = |part: &PartId| match mode(self.night, class) {
            NestingMode::Plate => self.areas.get(part).map_or(0.0, |area| area / plate),
            NestingMode::Volume => {
                self.measures.get(part).map_or(0.0, |m| m.volume_mm3.max(0.0) / (plate * top))
            }
        };
        let fill: f64 = parts.iter().map(|(part, n)| f64::from(*n) * amount(part)).sum();
        Fit { fits: fill <= 1.0, fill, height: Mm(fill.min(1.0) * top) }
    }

    fn fits_alone(
        &self,
        class: &MachineClassId,
        part: &PartId,
        orientation: OrientationPolicy,
    ) -> bool {
        self.alone.fits_alone(class, part, orientation)
    }
}
