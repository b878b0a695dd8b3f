//! The answer in the terms of the problem.

use platewright_model::plate::{FilledPlate, PlateLayout};
use platewright_model::strip::PlacedOutline;

use super::task::Task;
use crate::bins::{Bin, Holder};
use crate::planar::Arrangement;

/// Plates on which nothing overlaps, the begun ones first; empty ones are left out.
pub(super) fn answer(task: &Task<'_>, plates: &[Bin<Task<'_>>]) -> PlateLayout {
    let problem = task.problem;
    let mut left: Vec<u32> = problem.parts.iter().map(|part| part.copies).collect();
    let mut order: Vec<&Bin<Task<'_>>> = plates.iter().collect();
    order.sort_by_key(|plate| plate.begun.unwrap_or(usize::MAX));
    let mut filled = Vec::new();
    for plate in order {
        let mut placed = plate.begun.map_or_else(Vec::new, |b| problem.begun[b].placed.clone());
        let mut moved: Vec<PlacedOutline> = plate
            .holder
            .moved()
            .iter()
            .map(|place| {
                let item = Arrangement::part(&task.outlines, *place);
                let turned = task.outlines.turned(place.turned);
                let form = &task.outlines.shapes[item].form;
                let at = turned.at_given(form, task.kinds[plate.kind].outward(*place));
                PlacedOutline { item, turn: turned.degrees + form.base, at }
            })
            .collect();
        moved.sort_by(|a, b| {
            let low = |p: &PlacedOutline| {
                if problem.sequential.is_some() { problem.parts[p.item].height } else { 0.0 }
            };
            low(a).total_cmp(&low(b)).then(a.item.cmp(&b.item))
        });
        placed.extend(moved);
        placed.iter().for_each(|p| left[p.item] = left[p.item].saturating_sub(1));
        if !placed.is_empty() || plate.begun.is_some() {
            filled.push(FilledPlate { plate: plate.kind, placed });
        }
    }
    let left = left.into_iter().enumerate().filter(|(_, copies)| *copies > 0).collect();
    PlateLayout { plates: filled, left }
}
