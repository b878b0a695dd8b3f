//! An earlier layout to begin with.

use platewright_model::plate::PlateLayout;

use super::bottom_left::Filled;
use super::plate::Plate;
use super::task::Task;

/// The plates of an earlier layout, as far as their parts are still asked for; what is not among
/// them is left over. How far parts overlap is not known.
pub(super) fn start(task: &Task<'_>, layout: &PlateLayout) -> Filled {
    let mut waiting: Vec<Option<usize>> = (0..task.units.len()).map(Some).collect();
    let mut plates: Vec<Plate> = task
        .begun
        .iter()
        .enumerate()
        .map(|(b, begun)| Plate::empty(task, begun.kind, Some(b)))
        .collect();
    for (p, filled) in layout.plates.iter().enumerate() {
        if filled.plate >= task.kinds.len() {
            continue;
        }
        if p >= plates.len() {
            plates.push(Plate::empty(task, filled.plate, None));
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
            for &part in &task.units[unit].parts {
                let free = |k: &usize| placed[*k].item == part && !taken.contains(k);
                taken.extend((0..placed.len()).find(free));
            }
            if taken.len() < task.units[unit].parts.len() || !plates[p].accepts(task, unit) {
                continue;
            }
            taken.sort_unstable();
            for k in taken.into_iter().rev() {
                let place = plates[p].place(task, placed.remove(k));
                let place = place.expect("the plate accepts it");
                plates[p].add(task, unit, place);
            }
            *slot = None;
        }
    }
    Filled { plates, left: waiting.into_iter().flatten().collect() }
}
