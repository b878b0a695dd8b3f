//! `platewright inspect`: facts and faults of models.

use platewright_mesh::{TriMesh, write_stl};
use platewright_model::stage::{PartRecord, Severity, Verdict};
use rayon::prelude::*;

use super::model_file::{default_limits, load};
use crate::args::InspectArgs;
use crate::exit::{Exit, Failure};
use crate::output::{complain, say, say_json};

pub(crate) fn run(args: &InspectArgs) -> Result<Exit, Failure> {
    let limits = default_limits();
    let loaded: Vec<Result<(PartRecord, Option<TriMesh>), Failure>> =
        args.models.par_iter().map(|path| load(path, args.unit, &limits)).collect();
    if let Some(dir) = &args.repair {
        std::fs::create_dir_all(dir)
            .map_err(|e| Failure::other(format!("failed to make {}: {e}", dir.display())))?;
    }
    let mut records = Vec::new();
    let mut exit = Exit::Done;
    for (path, loaded) in args.models.iter().zip(loaded) {
        match loaded {
            Ok((record, mesh)) => {
                if record.verdict == Verdict::NotPrintable {
                    exit = Exit::BadInput;
                }
                if let (Some(dir), Some(mesh)) = (&args.repair, &mesh) {
                    let name = path.file_stem().unwrap_or_default();
                    let target = dir.join(name).with_extension("stl");
                    std::fs::write(&target, write_stl(mesh)).map_err(|e| {
                        Failure::other(format!("failed to write {}: {e}", target.display()))
                    })?;
                }
                records.push(record);
            }
            Err(failure) => {
                complain(&format!("error: {failure}"));
                exit = Exit::BadInput;
            }
        }
    }
    if args.json {
        say_json(&records)?;
    } else {
        records.iter().for_each(show);
    }
    Ok(exit)
}

fn show(record: &PartRecord) {
    let verdict = match record.verdict {
        Verdict::Printable => "printable",
        Verdict::Corrected => "printable after corrections",
        Verdict::NeedsReview => "needs review",
        Verdict::NotPrintable => "not printable",
    };
    say(&format!("{}: {verdict}", record.file));
    if let Some(facts) = &record.facts {
        let [x, y, z] = facts.bounds.size();
        say(&format!(
            "  {x:.2} × {y:.2} × {z:.2} mm, volume {:.1} mm³, surface {:.1} mm²",
            facts.volume_mm3, facts.surface_mm2
        ));
        say(&format!(
            "  {} triangles, {} shells, {}",
            facts.triangles,
            facts.shells,
            if facts.watertight { "closed" } else { "not closed" }
        ));
    }
    for fault in &record.faults {
        let severity = match fault.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let place = fault
            .place
            .at
            .map_or(String::new(), |[x, y, z]| format!(" (first at {x:.2}, {y:.2}, {z:.2} mm)"));
        say(&format!("  {severity}: {}{place}", fault.text));
    }
}
