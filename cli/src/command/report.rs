//! `platewright report`: the report of a run, rendered again.

use std::path::Path;

use platewright_pipeline::{Plan, picture};
use platewright_store::write_atomic;

use super::review::write_report;
use super::saved;
use crate::args::ReportArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::{complain, say};

/// Size of a picture in pixels.
const PICTURE: (usize, usize) = (1200, 860);

pub(crate) fn run(args: &ReportArgs) -> Result<Exit, Failure> {
    let run = saved::open(&args.run)?;
    let (_, path) = write_report(&run.dir, &run.plan, &run.record, &saved::context(&run))?;
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
