//! An earlier layout to begin with.

use platewright_model::plate::PlateLayout;
use platewright_model::strip::PlacedOutline;

use super::task::Task;
use crate::bins::{Bin, Bins, Filled};
use crate::planar::Place;

/// The plates of an earlier layout, as far as their parts are still asked for; what is not among
/// them is left over. How far parts overlap is not known.
pub(super) fn started<'a>(task: &Task<'a>, layout: &PlateLayout) -> Filled<Task<'a>> {
    let mut waiting: Vec<Option<usize>> = (0..task.units().len()).map(Some).collect();
    let mut plates: Vec<Bin<Task<'a>>> = task
        .begun()
        .iter()
        .enumerate()
        .map(|(b, begun)| Bin::empty(task, begun.kind, Some(b)))
        .collect();
    for (p, filled) in layout.plates.iter().enumerate() {
        if filled.plate >= task.kinds.len() {
            continue;
        }
        if p >= plates.len() {
            plates.push(Bin::empty(task, filled.plate, None));
        }
        let begun = task.problem.begun.get(p).map_or(0, |begun| begun.placed.len());
        let mut placed: Vec<_> = filled.placed.iter().skip(begun).collect();
        placed.retain(|placed| {
            placed.item < task.problem.parts.len()
                && [placed.turn, placed.at[0], placed.at[1]].iter().all(|x| x.is_finite())
        });
        for slot in &mut waiting {
            let Some(unit) = *slot else { continue };
            // All parts of the unit stand on this plate, each in a place of its own.
            let mut taken: Vec<usize> = Vec::new();
            for &part in &task.units()[unit].parts {
                let free = |k: &usize| placed[*k].item == part && !taken.contains(k);
                taken.extend((0..placed.len()).find(free));
            }
            if taken.len() < task.units()[unit].parts.len() || !plates[p].accepts(task, unit) {
                continue;
            }
            taken.sort_unstable();
            for k in taken.into_iter().rev() {
                let place = place(task, &plates[p], placed.remove(k));
                let place = place.expect("the plate accepts it");
                plates[p].add(task, unit, place);
            }
            *slot = None;
        }
    }
    Filled { bins: plates, left: waiting.into_iter().flatten().collect() }
}

/// A placement as the search has it, at the nearest turn that fits the plate.
fn place(task: &Task<'_>, plate: &Bin<Task<'_>>, placed: &PlacedOutline) -> Option<Place> {
    let form = &task.outlines.shapes[placed.item].form;
    let apart = |turned: &u32| {
        let by = task.outlines.turned(*turned).degrees + form.base - placed.turn;
        let by = by.rem_euclid(360.0);
        by.min(360.0 - by)
    };
    let fitting = plate.holder.fitting(&task.outlines, placed.item);
    let turned = fitting.min_by(|a, b| apart(a).total_cmp(&apart(b)))?;
    let at = task.outlines.turned(turned).origin_of(form, placed.at);
    Some(Place { turned, at: task.kinds[plate.kind].inward(at) })
}
