//! What changed against the plan that was in force.

use std::fmt::Write;

use platewright_model::id::BuildId;

use super::text::{INTO_MEMORY, escape, moment};
use crate::Evidence;

/// Builds kept, changed, new and gone, and promises that do not hold; nothing if no plan was in
/// force.
pub(super) fn section(evidence: &Evidence<'_>) -> String {
    let Some(churn) = evidence.churn else { return String::new() };
    let mut out = format!(
        "<section><h2>Against the plan before<small>{} units moved</small></h2><ul>",
        churn.moved_units
    );
    for (what, builds) in [
        ("as they were", &churn.kept),
        ("on another machine or at another time", &churn.changed),
        ("new", &churn.new),
        ("given up", &churn.dissolved),
    ] {
        let names: Vec<String> = builds.iter().map(|b: &BuildId| escape(b.as_str())).collect();
        write!(out, "<li><b>{}</b> builds {what}", builds.len()).expect(INTO_MEMORY);
        if !names.is_empty() {
            write!(out, ": {}", names.join(", ")).expect(INTO_MEMORY);
        }
        out.push_str("</li>");
    }
    for later in &churn.later {
        let arrives =
            later.arrives.map_or("not whole any more".to_owned(), |t| format!("now {}", moment(t)));
        write!(
            out,
            "<li>Order {} was promised for {}, {arrives}</li>",
            escape(later.order.as_str()),
            moment(later.promised)
        )
        .expect(INTO_MEMORY);
    }
    out.push_str("</ul></section>\n");
    out
}
