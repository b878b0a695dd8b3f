//! The report: one HTML file that needs nothing else.

mod churn;
mod gallery;
mod gantt;
mod summary;
mod tables;
mod text;

use std::fmt::Write;

use platewright_model::run::RunContext;

use crate::Evidence;

pub use gallery::picture_of;

const STYLE: &str = include_str!("style.css");

/// Renders the report of a run as one HTML document.
///
/// Pictures are drawn in parallel; the text does not depend on the number of threads.
pub fn render(evidence: &Evidence<'_>, ctx: &RunContext) -> String {
    let mut page = String::new();
    let title = text::escape(evidence.title);
    write!(
        page,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title} – Platewright</title><style>{STYLE}</style></head><body>\n"
    )
    .expect(text::INTO_MEMORY);
    page.push_str(&summary::header(evidence));
    page.push_str("<main>\n");
    page.push_str(&summary::key_figures(evidence));
    page.push_str(&summary::verdict(evidence));
    page.push_str(&summary::cost(evidence));
    page.push_str(&churn::section(evidence));
    page.push_str(&gallery::builds(evidence, ctx));
    page.push_str(&gantt::machines(evidence));
    page.push_str(&tables::orders(evidence));
    page.push_str(&tables::left_over(evidence));
    page.push_str(&tables::models(evidence));
    page.push_str("</main>\n");
    page.push_str(&summary::footer(evidence));
    page.push_str("</body></html>\n");
    page
}
