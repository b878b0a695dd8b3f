//! A run as it lies on disk: verified, and shown as its report.

use std::path::{Path, PathBuf};

use platewright_check::Violation;
use platewright_model::run::RunContext;
use platewright_pipeline::{Plan, report, verify};
use platewright_report::Figures;
use platewright_store::run::{RunDir, RunRecord};
use platewright_store::write_atomic;

use crate::exit::{Failure, chain};

/// Verifies a run with the layers and packages that its folder holds.
pub(super) fn verify_run(
    dir: &RunDir,
    plan: &Plan,
    record: &RunRecord,
    ctx: &RunContext,
) -> Vec<Violation> {
    let read_file = |path: &str| std::fs::read(dir.file(path)).map_err(|e| e.to_string());
    verify(plan, &record.config, &read_file, ctx)
}

/// Verifies a run and writes its report; what was found, and where the report is.
pub(super) fn write_report(
    dir: &RunDir,
    plan: &Plan,
    record: &RunRecord,
    ctx: &RunContext,
) -> Result<(Vec<Violation>, PathBuf), Failure> {
    let violations = verify_run(dir, plan, record, ctx);
    let texts: Vec<String> = violations.iter().map(ToString::to_string).collect();
    let rounds = record.figures.get("rounds").and_then(serde_json::Value::as_u64);
    let figures = Figures {
        seed: record.seed,
        wall_seconds: record.wall_s,
        rounds: rounds.unwrap_or_default() as u32,
        version: record.platewright.clone(),
    };
    // A report is called as the night's folder.
    let title = Path::new(&record.source).file_name();
    let title = title.map_or("night".into(), |name| name.to_string_lossy());
    let page = report(&title, plan, &texts, &figures, ctx);
    let path = dir.file("report.html");
    write_atomic(&path, page.as_bytes()).map_err(|e| Failure::other(chain(&e)))?;
    Ok((violations, path))
}
