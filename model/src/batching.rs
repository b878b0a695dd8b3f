//! Batch scheduling: parts of many orders are put into batches, batches onto machines of several
//! centres, one after the other.
//!
//! All amounts are integers, so that every cost is exact and the same on every machine: times in
//! any unit of one's choice (seconds, minutes), money in minor units, sizes and masses in units of
//! one's choice too. A batch on a machine takes
//! `setup + (changeover) + base + Σ add + max peak + unload`, the form of the literature (set-up +
//! volume × rate + height × rate: Li, Kucukkoc, Zhang 2017, Computers & Operations Research 83);
//! where parts are stacked, the peak is at least that of a volume filled evenly (`stack`).

mod certificate;
mod levels;
mod present;

use serde::{Deserialize, Serialize};

pub use self::certificate::{Certificate, PartPrice, TimePrice};
pub use self::levels::Term;
pub use self::present::{Freeze, PresentBatch};

/// Parts, and the machines that may print them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchProblem {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Times that a rate is for: 3600 where times are seconds and rates are those of an hour.
    #[serde(default = "one")]
    pub rate_span: i64,
    /// Masses that a price of freight is for: 1000 where masses are g and prices those of a kg.
    #[serde(default = "one")]
    pub mass_span: i64,
    /// What is made as small as possible.
    #[serde(default)]
    pub objective: Weights,
    /// Kinds of machines alike in what they hold and how long they take.
    pub classes: Vec<BatchClass>,
    /// The machines.
    pub machines: Vec<BatchMachine>,
    /// Parts of one family may share a batch.
    pub families: Vec<Family>,
    /// Ways from centres to regions, by centre, then by region; a missing one is not served.
    pub freight: Vec<Vec<Option<Way>>>,
    /// The orders.
    pub orders: Vec<BatchOrder>,
    /// The parts, of any number of copies each.
    pub parts: Vec<BatchPart>,
    /// Feedstock that there is; any amount of what is not listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stock: Vec<Stock>,
    /// The plan from which this one goes on, by machine in the order of printing; empty, or a
    /// list for each machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<Vec<PresentBatch>>,
}

/// Weights of the terms of the objective, whole numbers, 0 for a term that does not count; and
/// which terms come before which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// Machine hours, fixed cost of batches, short batches and changes of material.
    pub production: i64,
    /// Freight, with what orders that are shipped apart cost.
    pub freight: i64,
    /// Lateness of orders, each with its own rate.
    pub lateness: i64,
    /// End of the last batch.
    pub makespan: i64,
    /// Promises and deadlines that are missed, each with its own price.
    pub missed: i64,
    /// Copies that leave the batch in which they are at present; see [`BatchCost::moved`].
    pub moved: i64,
    /// Terms that come before others, whatever those cost: a plan is better if the terms of the
    /// first level cost less; where they cost the same, if those of the second do; and so on. No
    /// term is named twice. What no level names comes last, together. With no levels all terms are
    /// one sum.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Vec<Term>>,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            production: 1,
            freight: 1,
            lateness: 1,
            makespan: 0,
            missed: 1,
            moved: 0,
            levels: Vec::new(),
        }
    }
}

/// Machines alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchClass {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Greatest sum of sizes in a batch.
    pub capacity: i64,
    /// People prepare the machine.
    #[serde(default)]
    pub setup: i64,
    /// Part of the print that does not depend on what is printed, and the cooling.
    #[serde(default)]
    pub base: i64,
    /// People take the parts out.
    #[serde(default)]
    pub unload: i64,
    /// Sum of sizes below which a batch is short.
    #[serde(default)]
    pub least: i64,
    /// What a batch of no size would cost on top; a batch that is short costs the share of it that
    /// is missing of `least`, rounded up.
    #[serde(default)]
    pub short: i64,
}

/// A machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchMachine {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Index of its class.
    pub class: usize,
    /// Index of its centre.
    #[serde(default)]
    pub centre: usize,
    /// Cost of `rate_span` of an occupied machine.
    #[serde(default)]
    pub rate: i64,
    /// Cost of `rate_span` of peak, on top: powder that is lost with every layer.
    #[serde(default)]
    pub peak_rate: i64,
    /// Cost of a batch.
    #[serde(default)]
    pub per_batch: i64,
    /// Material it holds at first; nothing needs a change after none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loaded: Option<usize>,
    /// Time to change the material, added to the set-up.
    #[serde(default)]
    pub changeover: i64,
    /// Cost of a change of material.
    #[serde(default)]
    pub changeover_cost: i64,
    /// When it is free first.
    #[serde(default)]
    pub ready: i64,
    /// When people are there, and when it stands still; always to be had if this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<BatchCalendar>,
}

/// Staffed spans that come again, and spans of maintenance. Set-up (with a change of material)
/// lies in one staffed span, unloading begins at the first chance in one, and nothing of a batch
/// lies in maintenance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchCalendar {
    /// After which time the staffed spans come again, such as a week.
    pub cycle: i64,
    /// Staffed spans `[from, to)` within a cycle that begins at time 0, sorted and apart.
    pub staffed: Vec<(i64, i64)>,
    /// Spans `[from, to)` of maintenance, sorted and apart.
    #[serde(default)]
    pub maintenance: Vec<(i64, i64)>,
}

/// Parts that may share a batch: one material, one process, one parameter set, one pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Name, for people.
    #[serde(default)]
    pub name: String,
    /// Its material: between two families of one material a machine needs no change.
    pub material: usize,
    /// Machines that may print it, sorted.
    pub machines: Vec<usize>,
    /// Peaks of a full batch where parts are stacked, by class: there a batch of size `s` has at
    /// least the peak `stack · s / capacity`, rounded up. A missing one, or 0, where parts stand
    /// on a plate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stack: Vec<i64>,
}

/// A way of parts from a centre to a region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Time on the way.
    #[serde(default)]
    pub duration: i64,
    /// Cost of a shipment: all parts of an order from this centre.
    #[serde(default)]
    pub per_shipment: i64,
    /// Cost of a copy.
    #[serde(default)]
    pub per_part: i64,
    /// Cost of `mass_span` of mass, by copy and rounded up.
    #[serde(default)]
    pub per_mass: i64,
}

/// An order. It arrives when its last part does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchOrder {
    /// Index of its region.
    #[serde(default)]
    pub region: usize,
    /// When it must have arrived; never late if this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<i64>,
    /// Cost of `rate_span` of lateness.
    #[serde(default)]
    pub weight: i64,
    /// The arrival that was promised, and what it costs to break the promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Limit>,
    /// The arrival that must hold, and what it costs if it does not: more than all else, so that
    /// it is missed only where it cannot be held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Limit>,
    /// Cost of each centre beyond the first that it is shipped from.
    #[serde(default)]
    pub apart: i64,
}

/// A time, and what an arrival after it costs at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The time.
    pub by: i64,
    /// The cost.
    pub cost: i64,
}

/// Feedstock of a material at a centre.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// Index of the centre.
    pub centre: usize,
    /// The material.
    pub material: usize,
    /// How much there is, in the unit of [`BatchPart::feed`].
    pub amount: i64,
}

/// Copies of one part of an order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchPart {
    /// Index of its order.
    pub order: usize,
    /// Index of its family.
    pub family: usize,
    /// How many copies, at least 1.
    #[serde(default = "one_copy")]
    pub copies: u32,
    /// Mass of a copy.
    #[serde(default)]
    pub mass: i64,
    /// Its batch does not start before this.
    #[serde(default)]
    pub release: i64,
    /// Treatments after the batch.
    #[serde(default)]
    pub finish: i64,
    /// Feedstock that a copy takes.
    #[serde(default)]
    pub feed: i64,
    /// What a copy takes on a machine of each class; a missing one does not hold it.
    pub loads: Vec<Option<Load>>,
}

/// What a copy of a part takes on a machine of a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Share of the capacity.
    pub size: i64,
    /// Time that adds up: volume × rate.
    #[serde(default)]
    pub add: i64,
    /// Time of which the greatest in the batch counts: height × rate.
    #[serde(default)]
    pub peak: i64,
}

/// Batches on machines, in the order in which they are printed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchPlan {
    /// Batches of each machine.
    pub machines: Vec<Vec<PlannedBatch>>,
    /// Copies that no machine takes, sorted by part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unplaced: Vec<Copies>,
    /// Its cost.
    pub cost: BatchCost,
    /// What each level of the objective costs, weighted, the first first; empty where it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<i64>,
    /// No plan that prints what can be printed costs less, as far as proven; of an objective with
    /// levels, less at the first.
    pub bound: i64,
    /// What proves the bound, if it is more than the plain sum of what each part costs at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
}

/// A batch of a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedBatch {
    /// What is in it, sorted by part, no part twice.
    pub parts: Vec<Copies>,
    /// Set-up begins.
    pub start: i64,
    /// The machine is free again.
    pub end: i64,
}

/// Copies of a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copies {
    /// Index of the part.
    pub part: usize,
    /// How many, at least 1.
    pub copies: u32,
}

/// Cost by cause, not yet weighted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchCost {
    /// Machine hours, fixed cost of batches, short batches and changes of material.
    pub production: i64,
    /// Freight, with what orders that are shipped apart cost.
    pub freight: i64,
    /// Lateness of orders.
    pub lateness: i64,
    /// End of the last batch.
    pub makespan: i64,
    /// Orders that arrive late.
    pub late_orders: u64,
    /// Price of promises and deadlines that are missed.
    #[serde(default)]
    pub missed: i64,
    /// Promises that are broken.
    #[serde(default)]
    pub broken_promises: u64,
    /// Deadlines that do not hold.
    #[serde(default)]
    pub missed_deadlines: u64,
    /// Copies that leave the batch in which they are at present: of each present batch, those that
    /// are not in the one batch of its machine that holds most of it.
    #[serde(default)]
    pub moved: i64,
}

fn one() -> i64 {
    1
}

fn one_copy() -> u32 {
    1
}
