//! Stage 6: when each build is printed, when each order arrives.

use serde::{Deserialize, Serialize};

use crate::cost::CostSplit;
use crate::id::{BuildId, MachineId, OrderId};
use crate::measure::Seconds;
use crate::time::Time;

/// Stage 6: start and end of each build, delivery of each order, the whole cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Builds, sorted by build.
    pub builds: Vec<ScheduledBuild>,
    /// One line an order with at least one unit in a scheduled build, sorted by order.
    pub deliveries: Vec<Delivery>,
    /// The cost of the whole plan.
    pub cost: CostSplit,
}

/// A build in time. The machine is occupied from `start` to `end`.
///
/// Set-up and changeover fill `[start, print_start]` and lie in one staffed span; the print and
/// the cooling fill `[print_start, cooled]`; people unload in `[unload_start, end]`, within one
/// staffed span and at the first chance. No instant of `[start, end)` is in maintenance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledBuild {
    /// The build.
    pub build: BuildId,
    /// Its machine.
    pub machine: MachineId,
    /// Set-up begins.
    pub start: Time,
    /// Whether the material is changed before it.
    pub changeover: bool,
    /// The print begins.
    pub print_start: Time,
    /// The print ends.
    pub print_end: Time,
    /// Cool enough to be unloaded.
    pub cooled: Time,
    /// Unloading begins.
    pub unload_start: Time,
    /// The machine is free again.
    pub end: Time,
}

/// When an order arrives: all of its scheduled units printed, finished and shipped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The order.
    pub order: OrderId,
    /// Latest of end of build + finish of the line + freight over its units.
    pub arrives: Time,
    /// How much later than due; 0 if in time.
    pub late: Seconds,
    /// Whether every confirmed unit of the order is in a scheduled build.
    pub complete: bool,
}
