//! States of a unit, and what may follow.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a unit is on its way from order to customer.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum UnitState {
    /// Confirmed, in no build.
    Waiting,
    /// In a build of the plan in force.
    Allotted,
    /// On a machine.
    Printing,
    /// Out of the machine.
    Printed,
    /// Inspected and good.
    Passed,
    /// On its way to the customer.
    Shipped,
    /// With the customer.
    Delivered,
    /// Sent back by the customer.
    Returned,
    /// Thrown away.
    Scrapped,
    /// Not wanted any more.
    Cancelled,
}

/// What can happen to a unit.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A plan that puts it into a build is published.
    Allot,
    /// Its build is withdrawn, rejected or failed: it waits for another one.
    Release,
    /// Its build is started.
    Start,
    /// Its build is printed.
    Print,
    /// It is inspected and good.
    Pass,
    /// It is thrown away.
    Scrap,
    /// It is not wanted any more.
    Cancel,
    /// It leaves the centre.
    Ship,
    /// It reaches the customer.
    Deliver,
    /// The customer sends it back.
    Return,
}

impl UnitState {
    /// All states.
    pub const ALL: [Self; 10] = [
        Self::Waiting,
        Self::Allotted,
        Self::Printing,
        Self::Printed,
        Self::Passed,
        Self::Shipped,
        Self::Delivered,
        Self::Returned,
        Self::Scrapped,
        Self::Cancelled,
    ];

    /// The state after a change; `None` if the change cannot follow.
    pub fn after(self, change: Change) -> Option<Self> {
        match (self, change) {
            (Self::Waiting, Change::Allot) => Some(Self::Allotted),
            (Self::Allotted | Self::Printing, Change::Release) => Some(Self::Waiting),
            (Self::Allotted, Change::Start) => Some(Self::Printing),
            (Self::Printing, Change::Print) => Some(Self::Printed),
            (Self::Printed, Change::Pass) => Some(Self::Passed),
            (
                Self::Printing | Self::Printed | Self::Passed | Self::Shipped | Self::Returned,
                Change::Scrap,
            ) => Some(Self::Scrapped),
            (Self::Waiting | Self::Allotted, Change::Cancel) => Some(Self::Cancelled),
            (Self::Printed | Self::Passed, Change::Ship) => Some(Self::Shipped),
            (Self::Shipped, Change::Deliver) => Some(Self::Delivered),
            (Self::Delivered, Change::Return) => Some(Self::Returned),
            _ => None,
        }
    }

    /// Whether a unit in this state belongs to a build.
    pub fn is_in_build(self) -> bool {
        !matches!(self, Self::Waiting | Self::Scrapped | Self::Cancelled)
    }

    /// Its name in records and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Allotted => "allotted",
            Self::Printing => "printing",
            Self::Printed => "printed",
            Self::Passed => "passed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Returned => "returned",
            Self::Scrapped => "scrapped",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl Change {
    /// All changes.
    pub const ALL: [Self; 10] = [
        Self::Allot,
        Self::Release,
        Self::Start,
        Self::Print,
        Self::Pass,
        Self::Scrap,
        Self::Cancel,
        Self::Ship,
        Self::Deliver,
        Self::Return,
    ];

    /// The kind of its event.
    pub fn event(self) -> &'static str {
        match self {
            Self::Allot => "unit.allotted",
            Self::Release => "unit.released",
            Self::Start => "unit.started",
            Self::Print => "unit.printed",
            Self::Pass => "unit.passed",
            Self::Scrap => "unit.scrapped",
            Self::Cancel => "unit.cancelled",
            Self::Ship => "unit.shipped",
            Self::Deliver => "unit.delivered",
            Self::Return => "unit.returned",
        }
    }

    /// The change that a kind of event tells of.
    pub fn of_event(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.event() == kind)
    }
}

impl fmt::Display for UnitState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
