//! What was found out about a model, as text for people.

use std::fmt::Write;

use platewright_model::stage::{
    BestFor, MeshFault, OrientationAdvice, PartRecord, Printability, Severity, Verdict,
};

/// A record as a few lines and tables.
pub(super) fn of(record: &PartRecord) -> String {
    let mut out = format!("{}: {}\n", record.file, verdict(record.verdict));
    if let Some(facts) = &record.facts {
        let [x, y, z] = facts.bounds.size();
        let closed = if facts.watertight { "closed" } else { "not closed" };
        line(&mut out, &format!("{x:.2} × {y:.2} × {z:.2} mm, read in {}", record.unit.name()));
        line(
            &mut out,
            &format!(
                "volume {:.1} mm³, surface {:.1} mm², {} triangles, {} shells, {closed}",
                facts.volume_mm3, facts.surface_mm2, facts.triangles, facts.shells
            ),
        );
    }
    record.review.iter().for_each(|text| line(&mut out, &format!("look: {text}")));
    let rows: Vec<[String; 4]> = record.faults.iter().map(fault).collect();
    columns(&mut out, ["", "fault", "count", "what and where"], &rows);
    let rows: Vec<[String; 4]> = record
        .corrections
        .iter()
        .map(|step| {
            let volume = step.volume_change_mm3.map_or("?".to_owned(), |v| format!("{v:+.4} mm³"));
            let off = step.hausdorff_mm.map_or("?".to_owned(), |h| format!("within {h:.6} mm"));
            let text = format!("{} (volume {volume}, {off})", step.text);
            [String::new(), step.step.clone(), step.triangles.to_string(), text]
        })
        .collect();
    columns(&mut out, ["", "correction", "triangles", "what was done"], &rows);
    record.printability.iter().for_each(|p| process(&mut out, p));
    out
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Printable => "printable",
        Verdict::Corrected => "printable after correction",
        Verdict::NeedsReview => "needs review",
        Verdict::NotPrintable => "not printable",
    }
}

fn fault(fault: &MeshFault) -> [String; 4] {
    let severity = match (fault.corrected, fault.severity) {
        (true, _) => "corrected",
        (false, Severity::Note) => "note",
        (false, Severity::Warning) => "warning",
        (false, Severity::Error) => "error",
    };
    let at = fault
        .place
        .at
        .map_or(String::new(), |[x, y, z]| format!(" (such as at {x:.2}, {y:.2}, {z:.2} mm)"));
    let mut text = format!("{}{at}", fault.text);
    if !fault.corrected && !fault.suggestion.is_empty() {
        let _ = write!(text, "; {}", fault.suggestion);
    }
    [severity.to_owned(), fault.code.name().to_owned(), fault.count.to_string(), text]
}

fn process(out: &mut String, judged: &Printability) {
    line(out, &format!("in {}: {}", judged.process, verdict(judged.verdict)));
    for reason in &judged.reasons {
        line(out, &format!("  {}; {}", reason.text, reason.suggestion));
    }
    judged.orientations.iter().for_each(|advice| line(out, &format!("  {}", lay(advice))));
}

fn lay(advice: &OrientationAdvice) -> String {
    let what = match advice.best_for {
        BestFor::LeastSupport => "least support",
        BestFor::LeastHeight => "least height",
        BestFor::LargestBase => "largest base",
    };
    let [x, y, z] = advice.up;
    format!(
        "{what}: up is ({x:.3}, {y:.3}, {z:.3}), {:.1} mm high, base {:.1} mm², {:.1} mm² need \
         {:.1} mm³ of support",
        advice.height_mm, advice.base_mm2, advice.overhang_mm2, advice.support_mm3
    )
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "  {text}");
}

/// Rows under headings, columns as wide as their longest cell; nothing for no rows.
fn columns(out: &mut String, headings: [&str; 4], rows: &[[String; 4]]) {
    if rows.is_empty() {
        return;
    }
    let width = |k: usize| {
        let cells = rows.iter().map(|row| row[k].chars().count());
        cells.chain([headings[k].chars().count()]).max().unwrap_or(0)
    };
    let widths = [0, 1, 2].map(width);
    let mut row = |cells: [&str; 4]| {
        let [a, b, c, d] = cells;
        let [wa, wb, wc] = widths;
        let text = format!("{a:wa$}  {b:wb$}  {c:>wc$}  {d}");
        line(out, text.trim_end());
    };
    row(headings);
    rows.iter().for_each(|cells| row(cells.each_ref().map(String::as_str)));
}
