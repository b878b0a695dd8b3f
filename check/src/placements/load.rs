//! What a build claims about itself: volume, surface, height, layers, density.

use std::collections::BTreeMap;

use platewright_model::geometry::BuildVolume;
use platewright_model::material::NestingMode;
use platewright_model::stage::Build;
use rayon::prelude::*;

use super::Part;
use crate::facts::Recipe;
use crate::geometry::shadow;
use crate::{Rule, Violation};

/// Relative difference that sums of the same numbers in another order may have.
const SUM: f64 = 1e-6;

/// Relative difference of the area of a shadow, by the rows it is sampled in.
const SHADOW: f64 = 0.03;

pub(super) fn check(
    build: &Build,
    parts: &[Part<'_>],
    recipe: &Recipe<'_>,
    volume: &BuildVolume,
) -> Vec<Violation> {
    let mut found = Vec::new();
    let subject = format!("build {}", build.id);
    let mut fault = |rule, text| found.push(Violation::new(rule, &subject, text));
    let solid: f64 = parts.iter().map(|p| p.solid.volume).sum();
    let surface: f64 = parts.iter().map(|p| p.solid.surface).sum();
    let height = parts.iter().map(|p| p.standing.bounds().max[2]).fold(0.0, f64::max);
    let load = &build.load;
    for (what, stated, true_value) in [
        ("volume in mm³", load.volume_mm3, solid),
        ("surface in mm²", load.surface_mm2, surface),
        ("height in mm", load.height_mm, height),
    ] {
        if !near(stated, true_value, SUM) {
            fault(Rule::Load, format!("says {stated} for its {what}; its parts have {true_value}"));
        }
    }
    let layer =
        recipe.process.parameter_sets.iter().find(|s| s.id == recipe.group.key.parameter_set);
    if let Some(set) = layer.filter(|set| set.layer.0 != load.layer_mm) {
        fault(
            Rule::Load,
            format!(
                "has layers of {} mm; parameter set {} has {} mm",
                load.layer_mm, set.id, set.layer.0
            ),
        );
    }
    let plate = volume.plate_area();
    let (least, most) = match recipe.process.nesting {
        NestingMode::Volume => {
            let density = solid / (plate * height);
            (density * (1.0 - SUM), density * (1.0 + SUM))
        }
        NestingMode::Plate => {
            let area = shadows(parts);
            (area * (1.0 - SHADOW) / plate, area * (1.0 + SHADOW) / plate)
        }
    };
    if !(least..=most).contains(&build.density) {
        fault(
            Rule::Density,
            format!(
                "says {} for its density; its parts have {least:.6} to {most:.6}",
                build.density
            ),
        );
    }
    found
}

/// Area of the shadows of all parts; parts alike in part and turn are looked at once.
fn shadows(parts: &[Part<'_>]) -> f64 {
    let mut alike: BTreeMap<_, (&Part<'_>, f64)> = BTreeMap::new();
    for part in parts {
        let turn = part.placement.pose.rotation.map(|row| row.map(f64::to_bits));
        alike.entry((&part.placement.part, turn)).or_insert((part, 0.0)).1 += 1.0;
    }
    let kinds: Vec<(&Part<'_>, f64)> = alike.into_values().collect();
    let areas: Vec<f64> = kinds
        .into_par_iter()
        .map(|(p, n)| n * shadow(p.standing.tree.triangles(), &p.standing.bounds()))
        .collect();
    areas.iter().sum()
}

/// Whether two numbers are equal up to a relative difference; false for what is no number.
fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * b.abs().max(1e-9)
}
