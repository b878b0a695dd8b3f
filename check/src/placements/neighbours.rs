//! Distances between parts, and parts inside one another.

use platewright_model::material::Process;
use platewright_model::stage::Build;
use rayon::prelude::*;

use super::{PLACE_MM, Part, clearance};
use crate::geometry::{Bounds, Place, V3, close_pairs, pierce, place, transpose_times};
use crate::{Rule, Violation};

pub(super) fn check(build: &Build, parts: &[Part<'_>], process: &Process) -> Vec<Violation> {
    let asked: Vec<f64> = parts.iter().map(|p| clearance(p, process.part_part.0)).collect();
    let boxes: Vec<Bounds> = parts.iter().map(|p| p.standing.bounds()).collect();
    let reach = asked.iter().copied().fold(0.0, f64::max);
    let found: Vec<Option<Violation>> = close_pairs(&boxes, reach)
        .into_par_iter()
        .map(|(i, j)| {
            let (a, b) = (&parts[i], &parts[j]);
            let need = asked[i].max(asked[j]);
            // Where nothing is asked for, parts may touch.
            let touch = need <= PLACE_MM && is_near(a, b);
            let near = if touch { crossing(a, b) } else { too_close(a, b, need) };
            let (rule, text) =
                near.or_else(|| enclosed(a, b, touch)).or_else(|| enclosed(b, a, touch))?;
            let subject = format!("build {}", build.id);
            Some(Violation::new(rule, subject, text))
        })
        .collect();
    found.into_iter().flatten().collect()
}

fn is_near(a: &Part<'_>, b: &Part<'_>) -> bool {
    a.standing.tree.distance_below(&b.standing.tree, PLACE_MM).is_some()
}

fn crossing(a: &Part<'_>, b: &Part<'_>) -> Option<(Rule, String)> {
    let crossing = pierce(&a.standing.tree, &b.standing.tree, PLACE_MM);
    crossing.then(|| (Rule::Clearance, format!("{} and {} cross", a.name(), b.name())))
}

fn too_close(a: &Part<'_>, b: &Part<'_>, need: f64) -> Option<(Rule, String)> {
    let distance = a.standing.tree.distance_below(&b.standing.tree, need - PLACE_MM)?;
    let how = if distance == 0.0 {
        "touch or cross".to_owned()
    } else {
        format!("are {distance:.6} mm apart")
    };
    let text = format!("{} and {} {how}; asked for is {need} mm", a.name(), b.name());
    Some((Rule::Clearance, text))
}

/// Whether a shell of `inner` stands in `outer`. Where their surfaces do not meet, one corner
/// speaks for its shell; where they `touch`, all that is beneath its faces is asked.
fn enclosed(inner: &Part<'_>, outer: &Part<'_>, touch: bool) -> Option<(Rule, String)> {
    let around = outer.standing.bounds();
    let pose = &outer.placement.pose;
    let cavity_allowed = outer.ordered.is_some_and(|o| o.line.inside_cavity);
    let points: Vec<V3> = if touch {
        inner.standing.beneath(inner.solid.volume).collect()
    } else {
        inner.standing.tips.clone()
    };
    for tip in points.into_iter().filter(|&point| around.holds(point)) {
        let moved: V3 = std::array::from_fn(|k| tip[k] - pose.translation[k]);
        let at = match place(outer.solid, transpose_times(&pose.rotation, moved)) {
            Place::Solid => "in the solid",
            Place::Cavity if !cavity_allowed => "in a closed cavity, which its line forbids,",
            Place::Cavity | Place::Outside => continue,
        };
        let text = format!(
            "{} stands {at} of {} (at {:.3}, {:.3}, {:.3} mm)",
            inner.name(),
            outer.name(),
            tip[0],
            tip[1],
            tip[2]
        );
        return Some((Rule::Enclosed, text));
    }
    None
}
