//! Orders with their dates, units left over with their reasons, models with their faults.

use std::collections::BTreeMap;
use std::fmt::Write;

use platewright_model::id::{OrderId, PartId};
use platewright_model::measure::Seconds;
use platewright_model::order::Order;
use platewright_model::stage::{Delivery, MeshFault, Severity, Unplaced, UnplacedReason, Verdict};

use super::text::{INTO_MEMORY, duration, escape, moment, short};
use crate::Evidence;
use crate::picture::{css, order_colour};

/// A table with its headings; a heading that starts with `#` is a column of numbers.
fn table(title: &str, note: &str, headings: &[&str], rows: &[String]) -> String {
    let mut out = format!(
        "<section><h2>{title}<small>{note}</small></h2><div class=\"scroll tall\"><table><tr>"
    );
    for heading in headings {
        match heading.strip_prefix('#') {
            Some(name) => write!(out, "<th class=\"n\">{name}</th>"),
            None => write!(out, "<th>{heading}</th>"),
        }
        .expect(INTO_MEMORY);
    }
    out.push_str("</tr>");
    for row in rows {
        write!(out, "<tr>{row}</tr>").expect(INTO_MEMORY);
    }
    out.push_str("</table></div></section>\n");
    out
}

pub(super) fn orders(evidence: &Evidence<'_>) -> String {
    let index = evidence.order_index();
    let mut ordered: BTreeMap<&OrderId, usize> = BTreeMap::new();
    for unit in &evidence.order_book.units {
        *ordered.entry(&unit.order).or_default() += 1;
    }
    let mut rows: Vec<(bool, String)> = Vec::new();
    for order in evidence.night.orders.values() {
        let delivery = evidence.schedule.deliveries.iter().find(|d| d.order == order.id);
        let missed = |d: &Delivery| order.deadline.is_some_and(|deadline| d.arrives > deadline);
        let (planned, status) = match delivery {
            Some(d) if missed(d) => {
                let late = duration(d.late);
                (moment(d.arrives), format!("<b class=\"bad\">{late} late, deadline missed</b>"))
            }
            Some(d) if d.late > Seconds(0) => {
                (moment(d.arrives), format!("<b class=\"bad\">{} late</b>", duration(d.late)))
            }
            Some(d) if !d.complete => {
                (moment(d.arrives), "<b class=\"warn\">in part</b>".to_owned())
            }
            Some(d) => (moment(d.arrives), "<span class=\"good\">in time</span>".to_owned()),
            None => ("–".to_owned(), "<b class=\"warn\">not planned</b>".to_owned()),
        };
        let late = !status.contains("in time");
        let colour = css(order_colour(index.get(&order.id).copied().unwrap_or(0)));
        rows.push((
            !late,
            format!(
                "<td><i class=\"dot\" style=\"background:{colour}\"></i>{}</td><td>{}</td>\
                 <td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td>\
                 <td>{planned}</td><td>{status}</td>",
                escape(order.id.as_str()),
                escape(order.customer.as_str()),
                ordered.get(&order.id).copied().unwrap_or(0),
                order.priority,
                escape(order.region.as_str()),
                due(order),
            ),
        ));
    }
    rows.sort();
    let rows: Vec<String> = rows.into_iter().map(|(_, row)| row).collect();
    let headings = ["Order", "Customer", "#Units", "#Priority", "Region", "Due", "Arrives", ""];
    table("Orders", "promised and planned; late ones first", &headings, &rows)
}

/// When an order is due, and what else it asks of its arrival.
fn due(order: &Order) -> String {
    let mut text = moment(order.due);
    if let Some(deadline) = order.deadline {
        write!(text, "<br>by {} at the latest", moment(deadline)).expect(INTO_MEMORY);
    }
    if order.together {
        text.push_str("<br>together");
    }
    text
}

pub(super) fn left_over(evidence: &Evidence<'_>) -> String {
    let units = evidence.units();
    let mut lines: BTreeMap<(String, usize, UnplacedReason, &str), Vec<&Unplaced>> =
        BTreeMap::new();
    for unplaced in &evidence.build_plan.unplaced {
        let (order, line) = units
            .get(&unplaced.unit)
            .map_or((String::from("?"), 0), |u| (u.order.to_string(), u.line));
        lines.entry((order, line, unplaced.reason, &unplaced.text)).or_default().push(unplaced);
    }
    let mut rows: Vec<String> = lines
        .iter()
        .map(|((order, line, _, text), units)| {
            let ids: Vec<String> = units.iter().take(4).map(|u| short(&u.unit)).collect();
            let more = if units.len() > 4 { " …" } else { "" };
            format!(
                "<td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td>\
                 <td><code>{}{more}</code></td>",
                escape(order),
                line + 1,
                units.len(),
                escape(text),
                ids.join(" "),
            )
        })
        .collect();
    for refused in &evidence.order_book.refused {
        let faults: Vec<String> = refused.faults.iter().map(|f| escape(&f.to_string())).collect();
        rows.push(format!(
            "<td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td></td>",
            escape(refused.order.as_str()),
            refused.line.map_or("all".to_owned(), |l| (l + 1).to_string()),
            refused.quantity,
            faults.join("<br>"),
        ));
    }
    if rows.is_empty() {
        return String::from(
            "<section><h2>Left over</h2><div class=\"verdict\">Nothing: every unit of every \
             order is in a scheduled build.</div></section>\n",
        );
    }
    table(
        "Left over",
        "units without a build and lines that were refused, each with its reason",
        &["Order", "#Line", "#Units", "Why, and how to mend it", "Units"],
        &rows,
    )
}

/// A fault in a line: what it is, and what was or must be done.
fn finding(fault: &MeshFault) -> String {
    let (mark, close) = match (fault.corrected, fault.severity) {
        (true, _) => ("<span class=\"good\">corrected: ", "</span>"),
        (false, Severity::Error) => ("<b class=\"bad\">", "</b>"),
        (false, _) => ("", ""),
    };
    let text = escape(&fault.text);
    if fault.corrected || fault.suggestion.is_empty() {
        return format!("{mark}{text}{close}");
    }
    format!("{mark}{text}{close}; {}", escape(&fault.suggestion))
}

pub(super) fn models(evidence: &Evidence<'_>) -> String {
    let mut used: BTreeMap<&PartId, usize> = BTreeMap::new();
    for order in evidence.night.orders.values() {
        for line in &order.lines {
            *used.entry(&line.part).or_default() += line.copies().count();
        }
    }
    let rows: Vec<String> = evidence
        .parts
        .parts
        .iter()
        .filter(|p| !p.faults.is_empty())
        .map(|part| {
            let verdict = match part.verdict {
                Verdict::Printable => "<span class=\"good\">printable</span>",
                Verdict::Corrected => "<span class=\"good\">corrected</span>",
                Verdict::NeedsReview => "<b class=\"warn\">needs review</b>",
                Verdict::NotPrintable => "<b class=\"bad\">not printable</b>",
            };
            let mut faults: Vec<String> = part.faults.iter().map(finding).collect();
            faults.extend(part.review.iter().map(|text| format!("<b>{}</b>", escape(text))));
            format!(
                "<td>{}</td><td class=\"n\">{}</td><td>{verdict}</td><td>{}</td>",
                escape(part.id.as_str()),
                used.get(&part.id).copied().unwrap_or(0),
                faults.join("<br>"),
            )
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let headings = ["Model", "#Units", "Verdict", "Findings"];
    table("Models with findings", "what inspection found and corrected", &headings, &rows)
}
