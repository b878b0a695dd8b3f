//! Orders → units: nothing is lost, double or invented.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::id::UnitId;
use platewright_model::stage::Verdict;

use crate::facts::Facts;
use crate::{Evidence, Rule, Violation};

/// Every unit of every confirmed line once in the order book and once in the plan.
pub(crate) fn check(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = order_book(evidence, facts);
    found.extend(units(evidence, facts));
    found.extend(parts(evidence, facts));
    found
}

fn order_book(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for unit in &evidence.order_book.units {
        let subject = format!("unit {}", unit.id);
        let mut fault = |text: String| found.push(Violation::new(Rule::OrderBook, &subject, text));
        if !seen.insert(unit.id) {
            fault("is twice in the order book".to_owned());
        }
        match facts.units.get(&unit.id) {
            None => fault(format!(
                "is of no confirmed line (given as order {}, line {}, copy {})",
                unit.order, unit.line, unit.copy
            )),
            Some(o) if o.order.id != unit.order || o.line.number != unit.line => fault(format!(
                "is of order {}, line {}; the order book says order {}, line {}",
                o.order.id, o.line.number, unit.order, unit.line
            )),
            Some(_) if UnitId::derive(&unit.order, unit.line, unit.copy) != unit.id => {
                fault(format!("is not copy {} of its line", unit.copy));
            }
            Some(_) => {}
        }
    }
    for (id, o) in &facts.units {
        if !seen.contains(id) {
            let text = format!(
                "of order {}, line {}, is not in the order book",
                o.order.id, o.line.number
            );
            found.push(Violation::new(Rule::OrderBook, format!("unit {id}"), text));
        }
    }
    found
}

fn units(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let mut places: BTreeMap<UnitId, Vec<String>> = BTreeMap::new();
    for build in &evidence.build_plan.builds {
        for placement in &build.placements {
            places.entry(placement.unit).or_default().push(format!("build {}", build.id));
        }
    }
    let mut found = Vec::new();
    for unplaced in &evidence.build_plan.unplaced {
        places.entry(unplaced.unit).or_default().push("the unplaced".to_owned());
        if unplaced.text.trim().is_empty() {
            let text = format!("is unplaced ({:?}) without a reason in words", unplaced.reason);
            found.push(Violation::new(
                Rule::UnplacedReason,
                format!("unit {}", unplaced.unit),
                text,
            ));
        }
    }
    for (id, places) in &places {
        let subject = format!("unit {id}");
        if !facts.units.contains_key(id) {
            let text = format!("is in {} and was never ordered", places.join(" and "));
            found.push(Violation::new(Rule::UnitUnknown, &subject, text));
        }
        if places.len() > 1 {
            let text = format!("is there {} times: in {}", places.len(), places.join(" and "));
            found.push(Violation::new(Rule::UnitDouble, &subject, text));
        }
    }
    for (id, o) in &facts.units {
        if !places.contains_key(id) {
            let text = format!(
                "of order {}, line {} (part {}), is neither in a build nor unplaced",
                o.order.id, o.line.number, o.line.part
            );
            found.push(Violation::new(Rule::UnitMissing, format!("unit {id}"), text));
        }
    }
    found
}

/// Units are printed from the parts that were ordered, and from no part that cannot be printed.
fn parts(evidence: &Evidence<'_>, facts: &Facts<'_>) -> Vec<Violation> {
    let records: BTreeMap<_, _> = evidence.parts.parts.iter().map(|r| (&r.id, r)).collect();
    let mut found = Vec::new();
    for build in &evidence.build_plan.builds {
        for placement in &build.placements {
            let mut fault = |text: String| {
                let subject = format!("unit {}", placement.unit);
                found.push(Violation::new(Rule::WrongPart, subject, text));
            };
            match facts.units.get(&placement.unit) {
                Some(o) if o.line.part != placement.part => fault(format!(
                    "is printed as part {} in build {}; ordered was part {}",
                    placement.part, build.id, o.line.part
                )),
                _ => {}
            }
            match records.get(&placement.part) {
                None => fault(format!("is printed as part {}, never inspected", placement.part)),
                Some(r) if !r.verdict.enters_plan() => fault(format!(
                    "is in build {}, but part {} is {}",
                    build.id,
                    placement.part,
                    verdict_name(r.verdict)
                )),
                Some(_) => {}
            }
        }
    }
    found
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Printable => "printable",
        Verdict::Corrected => "corrected",
        Verdict::NeedsReview => "to be reviewed first",
        Verdict::NotPrintable => "not printable",
    }
}
