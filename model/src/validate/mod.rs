//! From drafts to a [`Night`]: every fault is collected with its place.
//!
//! A line with a fault is refused and the rest of its order goes on; an order with a fault of
//! its own is refused whole. Faults of the catalogue, the centres or the planning time make the
//! night meaningless: then there is no night, but all faults are still listed.

pub mod batching;
mod builds;
mod catalogue;
mod centres;
mod exposure;
mod ledger;
mod orders;
mod pixels;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::config::Limits;
use crate::draft::{CatalogueDraft, CentresDraft, OrdersDraft};
use crate::error::InputFault;
use crate::id::OrderId;
use crate::night::Night;
use crate::stage::{OrderBook, Refused};
use crate::time::Time;

use ledger::{Ledger, Place};

pub use batching::{batch_term_most, validate_batch_order, validate_batches};
pub use builds::{Known, validate_builds};
pub use orders::validate_order;

/// What came of drafts.
#[derive(Clone, Debug, PartialEq)]
pub struct Validated {
    /// The night, without what was refused; `None` if `fatal`.
    pub night: Option<Night>,
    /// Lines and whole orders that were left out, as they stand in the file.
    pub refused: Vec<Refused>,
    /// All faults, those of `refused` too.
    pub faults: Vec<InputFault>,
    /// Whether the night cannot be planned at all.
    pub fatal: bool,
}

impl Validated {
    /// Stage 1 of the run: the units of the night and what was refused.
    pub fn order_book(&self) -> OrderBook {
        let units = self.night.as_ref().map(Night::units).unwrap_or_default();
        OrderBook { units, refused: self.refused.clone() }
    }
}

/// Checks drafts and makes a night of what is good. Never fails: see [`Validated::fatal`].
///
/// ```
/// use platewright_model::config::{Config, DEFAULT_TOML};
/// use platewright_model::draft::{CatalogueDraft, CentresDraft, OrdersDraft};
/// use platewright_model::validate::validate;
/// let limits = toml::from_str::<Config>(DEFAULT_TOML).unwrap().limits;
/// let orders = OrdersDraft { planning_time: "tonight".into(), ..OrdersDraft::default() };
/// let all = validate(orders, CatalogueDraft::default(), CentresDraft::default(), &limits);
/// assert!(all.fatal && all.night.is_none());
/// assert_eq!(all.faults[0].place, "orders.json: planning_time");
/// ```
pub fn validate(
    orders: OrdersDraft,
    catalogue: CatalogueDraft,
    centres: CentresDraft,
    limits: &Limits,
) -> Validated {
    validate_again(orders, catalogue, centres, limits, &BTreeSet::new())
}

/// As [`validate`], for a night that goes on from a plan: orders that it has already (`known`) may
/// be overdue by now.
pub fn validate_again(
    orders: OrdersDraft,
    catalogue: CatalogueDraft,
    centres: CentresDraft,
    limits: &Limits,
    known: &BTreeSet<OrderId>,
) -> Validated {
    let mut ledger = Ledger::default();
    let planning_time = planning_time(&orders, &mut ledger);
    let mut night = Night {
        planning_time: planning_time.unwrap_or(Time(0)),
        currency: String::new(),
        materials: Default::default(),
        processes: Default::default(),
        post_processes: Default::default(),
        centres: Default::default(),
        classes: Default::default(),
        models: Default::default(),
        orders: Default::default(),
    };
    catalogue::read(&catalogue, limits, &mut night, &mut ledger);
    centres::read(&centres, limits, &mut night, &mut ledger);
    let mut fatal = !ledger.faults.is_empty();
    let taken = orders::read(&orders, (planning_time, known), limits, &mut night, &mut ledger);
    if taken.units > u64::from(limits.night_units) {
        let place = Place::json("orders.json", "orders");
        let (most, units) = (limits.night_units, taken.units);
        ledger.add(
            "E1021",
            &place,
            format!(
                "must ask for at most {most} units in all, asks for {units}: split the night or \
                 raise limits.night_units"
            ),
        );
        fatal = true;
    }
    Validated {
        night: (!fatal).then_some(night),
        refused: taken.refused,
        faults: ledger.faults,
        fatal,
    }
}

fn planning_time(orders: &OrdersDraft, ledger: &mut Ledger) -> Option<Time> {
    let place = match &orders.origin {
        Some(origin) => Place::origin(origin).field("planning_time"),
        None => Place::json("orders.json", "planning_time"),
    };
    ledger.time(&place, &orders.planning_time)
}
