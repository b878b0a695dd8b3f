//! Going on from a plan that is in force: how its builds fare, what stays of it, what changes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::batching::Freeze;
use crate::id::{BuildId, OrderId, UnitId};
use crate::stage::ScheduledBuild;
use crate::time::Time;

/// Name of the file of a night folder that holds [`BuildsDraft`].
pub const BUILDS_FILE: &str = "builds.json";

/// `builds.json`: how builds of the plan in force fare. Of one that is not listed, the plan's own
/// times tell whether it has started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildsDraft {
    /// Each build once.
    pub builds: Vec<BuildDraft>,
}

/// How one build fares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildDraft {
    /// Id of the build in the plan in force.
    pub build: String,
    /// `waiting`: not begun, whatever the plan says; `prepared`: set up for its machine, not
    /// printing; `printing`; `done`; `failed`, `interrupted`, `rejected`, `scrapped`: its units
    /// are to be printed again.
    pub status: String,
    /// Anything else, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// How a build fares, as reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BuildStatus {
    /// Not begun, whatever the plan says.
    Waiting,
    /// Set up for its machine, not printing yet.
    Prepared,
    /// On its machine.
    Printing,
    /// Printed.
    Done,
    /// The print failed.
    Failed,
    /// The print was stopped and will not go on.
    Interrupted,
    /// Its parts did not pass inspection.
    Rejected,
    /// Its parts were thrown away.
    Scrapped,
}

impl BuildStatus {
    /// The statuses by name.
    pub const ALL: [(&'static str, Self); 8] = [
        ("waiting", Self::Waiting),
        ("prepared", Self::Prepared),
        ("printing", Self::Printing),
        ("done", Self::Done),
        ("failed", Self::Failed),
        ("interrupted", Self::Interrupted),
        ("rejected", Self::Rejected),
        ("scrapped", Self::Scrapped),
    ];

    /// What must stay of a build that was to start at `start`; `None` if its units are to be
    /// printed again. What nobody reported on has started if it was to.
    pub fn freeze(reported: Option<Self>, start: Time, now: Time) -> Option<Freeze> {
        match reported {
            None if start <= now => Some(Freeze::Start),
            None | Some(Self::Waiting) => Some(Freeze::Parts),
            Some(Self::Prepared) => Some(Freeze::Machine),
            Some(Self::Printing | Self::Done) => Some(Freeze::Start),
            Some(Self::Failed | Self::Interrupted | Self::Rejected | Self::Scrapped) => None,
        }
    }
}

/// What a plan takes over from the plan in force, and how far it departs from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replan {
    /// Builds whose parts stay together, sorted by build.
    pub kept: Vec<KeptBuild>,
    /// Builds that gave their units back, in this plan or one before it, sorted: labels bear
    /// their names, so that no later build has them.
    pub retired: Vec<BuildId>,
    /// How far the plan departs.
    pub churn: Churn,
}

/// A build of the plan in force whose parts stay together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptBuild {
    /// What was reported on it.
    pub reported: Option<BuildStatus>,
    /// What of it must stay: at least its parts.
    pub freeze: Freeze,
    /// Its units, sorted.
    pub units: Vec<UnitId>,
    /// Machine and times that the plan in force gives it.
    pub scheduled: ScheduledBuild,
}

/// How far a plan departs from the one before it; lists are sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Churn {
    /// Builds that keep parts, machine and start.
    pub kept: Vec<BuildId>,
    /// Builds that keep their parts and get another machine or start.
    pub changed: Vec<BuildId>,
    /// Builds that are new.
    pub new: Vec<BuildId>,
    /// Builds that gave their units back.
    pub dissolved: Vec<BuildId>,
    /// Units still ordered that left their build or its machine.
    pub moved_units: usize,
    /// Orders that arrive later than promised.
    pub later: Vec<LaterOrder>,
}

/// A promise that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LaterOrder {
    /// The order.
    pub order: OrderId,
    /// Its arrival in the plan before.
    pub promised: Time,
    /// Its arrival now; `None` if units of it have no place any more.
    pub arrives: Option<Time>,
}
