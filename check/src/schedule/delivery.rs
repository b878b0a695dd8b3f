//! When orders arrive.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::id::OrderId;
use platewright_model::order::Order;

use crate::facts::{Facts, Shipped};
use crate::{Evidence, Rule, Violation};

/// An order that arrives, by the times of its builds.
pub(crate) struct Arrival<'a> {
    pub(crate) order: &'a Order,
    /// Seconds on the time line.
    pub(crate) arrives: i128,
    /// Whether all of its units do.
    complete: bool,
}

/// When each order with a unit in a scheduled build arrives.
pub(crate) fn arrivals<'a>(facts: &Facts<'a>) -> BTreeMap<&'a OrderId, Arrival<'a>> {
    let mut ordered: BTreeMap<&OrderId, usize> = BTreeMap::new();
    for unit in facts.units.values() {
        *ordered.entry(&unit.order.id).or_default() += 1;
    }
    let arrival = |(id, units): (&'a OrderId, Vec<Shipped<'a>>)| {
        let first = units.first()?;
        let arrives = units.iter().map(|unit| arrival(facts, unit)).max()?;
        let complete = ordered.get(id).is_some_and(|n| *n == units.len());
        Some((id, Arrival { order: first.ordered.order, arrives, complete }))
    };
    facts.shipments().into_iter().filter_map(arrival).collect()
}

/// When a unit arrives: printed, finished, shipped.
fn arrival(facts: &Facts<'_>, unit: &Shipped<'_>) -> i128 {
    let finish: i128 = unit.ordered.line.finish.iter().map(|id| facts.finish_s(id)).sum();
    let freight = unit.freight().map_or(0, |f| i128::from(f.duration.0));
    i128::from(unit.slot.end.0) + finish + freight
}

pub(super) fn check(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    let arrivals = arrivals(facts);
    let mut seen = BTreeSet::new();
    for delivery in &evidence.schedule.deliveries {
        let subject = format!("order {}", delivery.order);
        let mut fault = |rule, text: String| found.push(Violation::new(rule, &subject, text));
        if !seen.insert(&delivery.order) {
            fault(Rule::Delivery, "has more than one delivery".to_owned());
        }
        let Some(arrival) = arrivals.get(&delivery.order) else {
            fault(Rule::Delivery, "is delivered without a unit in a scheduled build".to_owned());
            continue;
        };
        let stated = i128::from(delivery.arrives.0);
        if stated != arrival.arrives {
            let text = format!(
                "is said to arrive {}; that is {} s off its last unit",
                delivery.arrives,
                stated - arrival.arrives
            );
            fault(Rule::Delivery, text);
        }
        if delivery.complete != arrival.complete {
            let text = format!(
                "is said to be {}complete, but is {}",
                if delivery.complete { "" } else { "in" },
                if arrival.complete { "complete" } else { "not" }
            );
            fault(Rule::Delivery, text);
        }
        let late = (stated - i128::from(arrival.order.due.0)).max(0);
        if i128::from(delivery.late.0) != late {
            let text = format!(
                "is said to be {} late; it arrives {}, due {}, which is {late} s late",
                delivery.late, delivery.arrives, arrival.order.due
            );
            fault(Rule::Lateness, text);
        }
    }
    for order in arrivals.keys().filter(|o| !seen.contains(*o)) {
        let text = "has units in scheduled builds and no delivery";
        found.push(Violation::new(Rule::Delivery, format!("order {order}"), text));
    }
    found
}
