//! `platewright report`: the report of a run, rendered again.

use std::path::Path;

use platewright_pipeline::{Plan, picture, report, verify};
use platewright_report::Figures;
use platewright_store::write_atomic;

use super::{plan, saved};
use crate::args::ReportArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::{complain, say};

/// Size of a picture in pixels.
const PICTURE: (usize, usize) = (1200, 860);

pub(crate) fn run(args: &ReportArgs) -> Result<Exit, Failure> {
    let run = saved::open(&args.run)?;
    let ctx = saved::context(&run);
    let read_file = |path: &str| std::fs::read(run.dir.file(path)).map_err(|e| e.to_string());
    let violations = verify(&run.plan, &run.record.config, &read_file, &ctx);
    let texts: Vec<String> = violations.iter().map(ToString::to_string).collect();
    let rounds = run.record.figures.get("rounds").and_then(serde_json::Value::as_u64);
    let figures = Figures {
        seed: run.record.seed,
        wall_seconds: run.record.wall_s,
        rounds: rounds.unwrap_or_default() as u32,
        version: run.record.platewright.clone(),
    };
    let title = plan::title(Path::new(&run.record.source));
    let page = report(&title, &run.plan, &texts, &figures, &ctx);
    let path = run.dir.file("report.html");
    write_atomic(&path, page.as_bytes()).map_err(|e| Failure::other(chain(&e)))?;
    say(&path.display().to_string());
    if let Some(folder) = &args.pictures {
        pictures(&run.plan, folder)?;
    }
    if args.open && std::process::Command::new("xdg-open").arg(&path).spawn().is_err() {
        complain("no program to open it with was found; open the file above in a browser");
    }
    Ok(Exit::Done)
}

fn pictures(plan: &Plan, folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|e| Failure::other(format!("failed to make {}: {e}", folder.display())))?;
    for build in &plan.build_plan.builds {
        let path = folder.join(format!("{}.png", build.id));
        let png = picture(plan, build, PICTURE);
        write_atomic(&path, &png).map_err(|e| Failure::other(chain(&e)))?;
    }
    Ok(())
}
