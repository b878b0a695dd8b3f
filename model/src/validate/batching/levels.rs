//! Levels of the objective.

use std::collections::BTreeSet;

use crate::batching::Weights;

use super::Faults;

/// Each level has a term, no term is in two, and every term that is named counts.
pub(super) fn check(goal: &Weights, to: &mut Faults) {
    let mut seen = BTreeSet::new();
    for (i, level) in goal.levels.iter().enumerate() {
        if level.is_empty() {
            to.add("E1023", format!("objective.levels[{i}]"), "must have at least one entry");
        }
        for (k, term) in level.iter().enumerate() {
            let (place, name) = (format!("objective.levels[{i}][{k}]"), term.name());
            if !seen.insert(term) {
                let message =
                    format!("must be the only one that names {name}: take one of them out");
                to.add("E1030", place, message);
            } else if goal.of(*term) == 0 {
                let message = format!(
                    "must name a term with a weight, that of {name} is 0: give it one \
                     (objective.{name}), or take it out of the levels"
                );
                to.add("E1013", place, message);
            }
        }
    }
}
