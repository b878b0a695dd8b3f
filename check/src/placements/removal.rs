//! Whether units come apart: each drawn out in its turn, past those that are still there.

use platewright_model::stage::{Build, DrawnOut};
use rayon::prelude::*;

use super::{PLACE_MM, Part};
use crate::geometry::meets_on_its_way;
use crate::{Rule, Violation};

/// Replays the order of drawing out, if one is told or `asked` for.
pub(super) fn check(build: &Build, parts: &[Part<'_>], asked: bool) -> Vec<Violation> {
    let fault = |text: String| Violation::new(Rule::Removal, format!("build {}", build.id), text);
    let mut drawn: Vec<(DrawnOut, &Part<'_>)> =
        parts.iter().filter_map(|part| Some((part.placement.out?, part))).collect();
    if drawn.is_empty() && !asked {
        return Vec::new();
    }
    drawn.sort_by_key(|(out, part)| (out.turn, part.placement.unit));
    let mut turns = drawn.iter().map(|(out, _)| out.turn);
    if drawn.len() < parts.len() || !(1..).take(drawn.len()).eq(turns.by_ref()) {
        return vec![fault(
            "does not tell for each unit, from 1, in which turn it is drawn".into(),
        )];
    }
    let found: Vec<Option<Violation>> = drawn
        .par_iter()
        .enumerate()
        .map(|(k, (out, part))| {
            let way = out.way.direction();
            let met = drawn[k + 1..].iter().find(|(_, other)| {
                meets_on_its_way(&part.standing, &other.standing, way, PLACE_MM)
            })?;
            let (name, other, way) = (part.name(), met.1.name(), out.way.name());
            Some(fault(format!("{name} meets {other} when it is drawn {way} in turn {}", out.turn)))
        })
        .collect();
    found.into_iter().flatten().collect()
}
