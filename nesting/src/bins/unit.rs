//! What is placed at once.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Parts that must be in one bin.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// Parts, one entry a copy.
    pub(crate) parts: Vec<usize>,
    /// What they take of a bin's capacity.
    pub(crate) load: f64,
    /// Whether they may be left out.
    pub(crate) optional: bool,
    /// What they are worth.
    pub(crate) worth: f64,
    /// Higher comes first.
    pub(crate) priority: u32,
}

impl Unit {
    /// Which of two is placed first: what must be placed, then by priority; of what must be placed
    /// the larger, of the rest what is worth more for what it takes.
    pub(crate) fn before(&self, other: &Self) -> Ordering {
        let rank = |unit: &Self| {
            if unit.optional { unit.worth / unit.load } else { unit.load }
        };
        self.optional
            .cmp(&other.optional)
            .then(other.priority.cmp(&self.priority))
            .then(rank(other).total_cmp(&rank(self)))
    }
}

/// What a part asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) copies: u32,
    /// What a copy takes of a bin's capacity.
    pub(crate) load: f64,
    /// Copies of parts of one group are in one bin.
    pub(crate) group: Option<u32>,
    pub(crate) optional: bool,
    pub(crate) worth: f64,
    pub(crate) priority: u32,
}

/// Copies of parts, groups together; what takes most comes first.
pub(crate) fn units(parts: impl IntoIterator<Item = Wanted>) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut groups: BTreeMap<u32, usize> = BTreeMap::new();
    for (number, part) in parts.into_iter().enumerate() {
        for _ in 0..part.copies {
            let known = part.group.and_then(|group| groups.get(&group).copied());
            let unit = known.unwrap_or_else(|| {
                let (parts, load, worth) = (Vec::new(), 0.0, 0.0);
                units.push(Unit { parts, load, optional: true, worth, priority: 0 });
                units.len() - 1
            });
            if let Some(group) = part.group {
                groups.insert(group, unit);
            }
            let unit = &mut units[unit];
            unit.parts.push(number);
            unit.load += part.load;
            unit.optional &= part.optional;
            unit.worth += part.worth;
            unit.priority = unit.priority.max(part.priority);
        }
    }
    units.sort_by(|a, b| b.load.total_cmp(&a.load));
    units
}
