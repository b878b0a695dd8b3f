//! Orders restored from what happened.

use std::collections::BTreeMap;

use platewright_model::id::{OrderId, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Change, UnitState};

/// A line that is confirmed, or a unit that is remade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Birth {
    /// Copies 0 to `quantity` of a line are born.
    Line {
        /// The order.
        order: OrderId,
        /// The line, from 0.
        line: usize,
        /// How many copies are ordered.
        quantity: u32,
    },
    /// A unit that takes the place of one that is scrapped.
    Remake {
        /// The unit that is scrapped.
        of: UnitId,
        /// Its copy number: above those of all units of the line so far.
        copy: u32,
    },
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Units are born.
    Born(Birth),
    /// A unit changes.
    Changed {
        /// The unit.
        unit: UnitId,
        /// How.
        change: Change,
        /// The build that it enters or is in.
        build: Option<String>,
    },
}

/// Why something cannot have happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A unit that nobody ordered.
    #[error("unit {0} was never confirmed")]
    Unknown(UnitId),
    /// A line that was confirmed before.
    #[error("line {1} of order {0} was confirmed before")]
    Twice(OrderId, usize),
    /// A change that cannot follow.
    #[error("unit {unit} is {state}: it cannot {change:?}")]
    Order {
        /// The unit.
        unit: UnitId,
        /// Its state.
        state: UnitState,
        /// What it was to do.
        change: Change,
    },
    /// A unit that enters a build while it is in one.
    #[error("unit {unit} is in build {build}")]
    TwoBuilds {
        /// The unit.
        unit: UnitId,
        /// The build that it is in.
        build: String,
    },
    /// A remake of a unit that is not scrapped, or of one that was remade before.
    #[error("unit {0} is not one that can be replaced")]
    Replaced(UnitId),
}

/// All units with what happened to them.
#[derive(Clone, Debug, Default)]
pub struct History {
    lines: BTreeMap<(OrderId, usize), Line>,
    units: BTreeMap<UnitId, Unit>,
}

#[derive(Clone, Debug)]
struct Line {
    quantity: u32,
    /// Units by copy, remakes after the ordered ones.
    units: Vec<UnitId>,
}

#[derive(Clone, Debug)]
struct Unit {
    order: OrderId,
    line: usize,
    copy: u32,
    state: UnitState,
    build: Option<String>,
    replaced_by: Option<UnitId>,
    replaces: Option<UnitId>,
}

impl History {
    /// Enters what happened next.
    ///
    /// # Errors
    /// It cannot have happened; the history is as it was.
    pub fn enter(&mut self, entry: &Entry) -> Result<(), Broken> {
        match entry {
            Entry::Born(Birth::Line { order, line, quantity }) => {
                self.line(order, *line, *quantity)
            }
            Entry::Born(Birth::Remake { of, copy }) => self.remake(*of, *copy),
            Entry::Changed { unit, change, build } => self.change(*unit, *change, build.as_deref()),
        }
    }

    fn line(&mut self, order: &OrderId, line: usize, quantity: u32) -> Result<(), Broken> {
        if self.lines.contains_key(&(order.clone(), line)) {
            return Err(Broken::Twice(order.clone(), line));
        }
        let units: Vec<UnitId> =
            (0..quantity).map(|copy| UnitId::derive(order, line, copy)).collect();
        for (copy, unit) in (0..).zip(&units) {
            self.units.insert(*unit, Unit::born(order, line, copy, None));
        }
        self.lines.insert((order.clone(), line), Line { quantity, units });
        Ok(())
    }

    fn remake(&mut self, of: UnitId, copy: u32) -> Result<(), Broken> {
        let old = self.units.get_mut(&of).ok_or(Broken::Unknown(of))?;
        let line = self.lines.get_mut(&(old.order.clone(), old.line));
        let line = line.ok_or(Broken::Unknown(of))?;
        let free = old.state == UnitState::Scrapped && old.replaced_by.is_none();
        if !free || copy as usize != line.units.len() {
            return Err(Broken::Replaced(of));
        }
        let unit = UnitId::derive(&old.order, old.line, copy);
        old.replaced_by = Some(unit);
        line.units.push(unit);
        let born = Unit::born(&old.order, old.line, copy, Some(of));
        self.units.insert(unit, born);
        Ok(())
    }

    fn change(&mut self, unit: UnitId, change: Change, build: Option<&str>) -> Result<(), Broken> {
        let known = self.units.get_mut(&unit).ok_or(Broken::Unknown(unit))?;
        if change == Change::Allot
            && let Some(build) = &known.build
        {
            return Err(Broken::TwoBuilds { unit, build: build.clone() });
        }
        let state = known.state;
        let after = state.after(change).ok_or(Broken::Order { unit, state, change })?;
        known.state = after;
        if change == Change::Allot {
            known.build = build.map(str::to_owned);
        } else if !after.is_in_build() {
            known.build = None;
        }
        Ok(())
    }

    /// The next copy number of the line of a unit: that of its remake.
    pub fn next_copy(&self, unit: UnitId) -> Option<u32> {
        let unit = self.units.get(&unit)?;
        let line = self.lines.get(&(unit.order.clone(), unit.line))?;
        u32::try_from(line.units.len()).ok()
    }

    /// State of a unit.
    pub fn state(&self, unit: UnitId) -> Option<UnitState> {
        self.units.get(&unit).map(|unit| unit.state)
    }

    /// The orders, out of their units alone.
    pub fn restore(&self) -> Vec<RestoredOrder> {
        let mut orders: BTreeMap<&OrderId, Vec<RestoredLine>> = BTreeMap::new();
        for ((order, number), line) in &self.lines {
            let copies: Vec<RestoredCopy> = line
                .units
                .iter()
                .filter(|unit| self.units[*unit].replaces.is_none())
                .map(|unit| self.copy(*unit))
                .collect();
            let restored = RestoredLine { line: *number, confirmed: line.quantity, copies };
            orders.entry(order).or_default().push(restored);
        }
        let orders = orders.into_iter();
        orders.map(|(order, lines)| RestoredOrder { order: order.to_string(), lines }).collect()
    }

    /// An ordered copy, followed through its remakes.
    fn copy(&self, ordered: UnitId) -> RestoredCopy {
        let mut units = vec![ordered];
        let mut last = &self.units[&ordered];
        while let Some(next) = last.replaced_by {
            units.push(next);
            last = &self.units[&next];
        }
        RestoredCopy {
            copy: self.units[&ordered].copy,
            units: units.iter().map(UnitId::to_string).collect(),
            state: last.state,
            build: last.build.clone(),
        }
    }
}

impl Unit {
    fn born(order: &OrderId, line: usize, copy: u32, replaces: Option<UnitId>) -> Self {
        Self {
            order: order.clone(),
            line,
            copy,
            state: UnitState::Waiting,
            build: None,
            replaced_by: None,
            replaces,
        }
    }
}

/// An order, restored from its units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RestoredOrder {
    /// The order.
    pub order: String,
    /// Its lines.
    pub lines: Vec<RestoredLine>,
}

/// A line, restored from its units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RestoredLine {
    /// The line, from 0.
    pub line: usize,
    /// Copies that were confirmed.
    pub confirmed: u32,
    /// Those copies.
    pub copies: Vec<RestoredCopy>,
}

/// An ordered copy with all units that were made for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RestoredCopy {
    /// The copy, from 0.
    pub copy: u32,
    /// The unit that was confirmed, and those that replaced it one after the other.
    pub units: Vec<String>,
    /// State of the last of them.
    pub state: UnitState,
    /// Build that the last of them is in.
    pub build: Option<String>,
}

impl RestoredOrder {
    /// Whether every line has as many copies as were confirmed, each once.
    pub fn is_whole(&self) -> bool {
        self.lines.iter().all(|line| {
            let copies = line.copies.iter().map(|copy| copy.copy);
            line.copies.len() == line.confirmed as usize && copies.eq(0..line.confirmed)
        })
    }
}
