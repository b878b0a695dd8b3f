//! Batches → builds: where every part stands, by true triangles.

mod fused;
mod load;
mod neighbours;
mod pose;
mod removal;
mod walls;

use std::collections::BTreeSet;

use platewright_model::geometry::BuildVolume;
use platewright_model::material::NestingMode;
use platewright_model::stage::{Build, Placement};
use rayon::prelude::*;

use crate::facts::{Facts, Ordered};
use crate::geometry::{Solid, Standing};
use crate::{Evidence, Rule, Violation};

/// How far a part may be out of its place, mm: a nanometre, far below what any machine
/// resolves and far above the rounding of coordinates of a few hundred millimetres.
const PLACE_MM: f64 = 1e-6;

/// A unit that stands in a build.
struct Part<'a> {
    placement: &'a Placement,
    ordered: Option<Ordered<'a>>,
    solid: &'a Solid,
    standing: Standing,
}

impl Part<'_> {
    fn name(&self) -> String {
        format!("unit {} (part {})", self.placement.unit, self.placement.part)
    }
}

/// Every build of the plan.
pub(crate) fn check(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for build in &evidence.build_plan.builds {
        if !seen.insert(&build.id) {
            let text = "has an id that another build has";
            found.push(Violation::new(Rule::Build, format!("build {}", build.id), text));
        }
        found.extend(check_build(build, facts, evidence.config.volume.removable));
    }
    found
}

fn check_build(build: &Build, facts: &Facts<'_>, removable: bool) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut fault = |text: String| {
        found.push(Violation::new(Rule::Build, format!("build {}", build.id), text));
    };
    if build.placements.is_empty() {
        fault("holds no unit".to_owned());
    }
    let recipe = facts.recipe(build);
    if recipe.is_none() {
        fault(format!("its group {} or the group's process or material is unknown", build.group));
    }
    let volume = facts.class_volume(&build.class);
    if volume.is_none() {
        fault(format!("its machine class {} is unknown", build.class));
    }
    let (parts, unusable) = stand(build, facts);
    let complete = unusable.is_empty();
    found.extend(unusable);
    if let (Some(recipe), Some(volume)) = (recipe, volume) {
        found.extend(parts.iter().flat_map(|p| pose::check(build, p, &recipe)));
        for volume in volumes(build, facts, volume) {
            found.extend(walls::check(build, &parts, volume, recipe.process));
        }
        found.extend(neighbours::check(build, &parts, recipe.process));
        let asked = removable && recipe.process.nesting == NestingMode::Volume;
        found.extend(removal::check(build, &parts, asked));
        found.extend(fused::check(build, &parts, &recipe));
        if complete {
            found.extend(load::check(build, &parts, &recipe, volume));
        }
    }
    found
}

/// The volume of the build's class, and that of its machine where it is another.
fn volumes<'a>(
    build: &Build,
    facts: &Facts<'a>,
    class: &'a BuildVolume,
) -> impl Iterator<Item = &'a BuildVolume> {
    let machine = facts.site(&build.id).map(|(_, machine)| &machine.volume);
    [Some(class), machine.filter(|v| *v != class)].into_iter().flatten()
}

/// The parts of a build in their places, and what cannot be placed at all.
fn stand<'a>(build: &'a Build, facts: &'a Facts<'_>) -> (Vec<Part<'a>>, Vec<Violation>) {
    let stood: Vec<Result<Part<'a>, Violation>> = build
        .placements
        .par_iter()
        .map(|placement| {
            let subject = format!("unit {}", placement.unit);
            let Some(solid) = facts.solids.get(&placement.part) else {
                let text = format!("its part {} has no mesh", placement.part);
                return Err(Violation::new(Rule::Mesh, subject, text));
            };
            if solid.triangles.is_empty() || solid.unusable > 0 {
                let text = format!(
                    "its part {} has {} usable and {} unusable triangles",
                    placement.part,
                    solid.triangles.len(),
                    solid.unusable
                );
                return Err(Violation::new(Rule::Mesh, subject, text));
            }
            let ordered = facts.units.get(&placement.unit).copied();
            match solid.standing(&placement.pose) {
                Some(standing) => Ok(Part { placement, ordered, solid, standing }),
                None => {
                    let text = format!("its pose is no place: {:?}", placement.pose);
                    Err(Violation::new(Rule::Rotation, subject, text))
                }
            }
        })
        .collect();
    let (mut parts, mut unusable) = (Vec::new(), Vec::new());
    for part in stood {
        match part {
            Ok(part) => parts.push(part),
            Err(violation) => unusable.push(violation),
        }
    }
    (parts, unusable)
}

/// Clearance that a part asks for, mm.
fn clearance(part: &Part<'_>, recipe_clearance: f64) -> f64 {
    let own = part.ordered.and_then(|o| o.line.clearance).map_or(0.0, |mm| mm.0);
    own.max(recipe_clearance)
}
