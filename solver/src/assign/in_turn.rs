//! Builds to machines as people do it without a planner: one after the other as they are due.

use crate::assign::greedy::{by_urgency, stock_holds};
use crate::calendar::slot_in;
use crate::cost::changeover_needed;
use crate::instance::Instance;

/// Puts each job on the first machine, by centre and then by name, that takes it and whose centre
/// has the feedstock; with `first_free`, on the one of those that is free first.
pub(super) fn in_turn(instance: &Instance<'_>, first_free: bool) -> Vec<Option<usize>> {
    let mut at = vec![None; instance.jobs.len()];
    let mut free: Vec<_> = instance.machines.iter().map(|m| m.ready).collect();
    let mut held: Vec<_> = instance.machines.iter().map(|m| m.machine.loaded.as_ref()).collect();
    for job in by_urgency(instance) {
        let mut choices: Vec<_> = instance.jobs[job].choices.iter().collect();
        choices.sort_by_key(|c| (instance.machines[c.machine].centre, c.machine));
        if first_free {
            choices.sort_by_key(|c| free[c.machine]);
        }
        let taken = choices.into_iter().find(|choice| {
            at[job] = Some(choice.machine);
            stock_holds(instance, &at)
        });
        at[job] = taken.map(|choice| choice.machine);
        let Some(choice) = taken else { continue };
        let (m, material) = (choice.machine, instance.jobs[job].material);
        let station = &instance.machines[m];
        let change = changeover_needed(held[m], material);
        if let Some(slot) = slot_in(&station.shifts, station.machine, free[m], change, choice.print)
        {
            free[m] = slot.end;
        }
        held[m] = Some(material);
    }
    at
}
