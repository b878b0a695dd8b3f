//! The processes that models are judged by.

use std::path::Path;

use platewright_mesh::PrintNeeds;
use platewright_model::draft::CatalogueDraft;
use platewright_model::material::{NestingMode, ProcessCategory};
use platewright_model::print_limits::PrintLimits;

use crate::args::InspectArgs;
use crate::exit::Failure;

/// Processes by their short names, judged by the usual figures of their category.
const USUAL: [(&str, ProcessCategory, NestingMode); 8] = [
    ("mex", ProcessCategory::Mex, NestingMode::Plate),
    ("vpp", ProcessCategory::Vpp, NestingMode::Plate),
    ("mjt", ProcessCategory::Mjt, NestingMode::Plate),
    ("pbf", ProcessCategory::Pbf, NestingMode::Volume),
    ("pbf-plate", ProcessCategory::Pbf, NestingMode::Plate),
    ("bjt", ProcessCategory::Bjt, NestingMode::Volume),
    ("ded", ProcessCategory::Ded, NestingMode::Plate),
    ("shl", ProcessCategory::Shl, NestingMode::Plate),
];

/// The processes that were asked for.
pub(super) fn chosen(args: &InspectArgs) -> Result<Vec<PrintNeeds>, Failure> {
    let known = match &args.catalogue {
        Some(path) => of_catalogue(path)?,
        None if args.process.is_empty() => return Ok(Vec::new()),
        None => usual(),
    };
    let all = args.process.iter().any(|name| name == "all");
    if all || args.process.is_empty() {
        return Ok(known);
    }
    let find = |name: &String| {
        let found = known.iter().find(|needs| needs.process.as_str() == name);
        found.cloned().ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|needs| needs.process.as_str()).collect();
            Failure::input(format!(
                "there is no process {name:?}; name one of {}",
                names.join(", ")
            ))
        })
    };
    args.process.iter().map(find).collect()
}

fn usual() -> Vec<PrintNeeds> {
    let needs = |&(name, category, nesting): &(&str, _, _)| PrintNeeds {
        process: name.into(),
        nesting,
        limits: PrintLimits::usual(category, nesting),
        volumes: Vec::new(),
    };
    USUAL.iter().map(needs).collect()
}

fn of_catalogue(path: &Path) -> Result<Vec<PrintNeeds>, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::input(format!("failed to read {name}: {e}")))?;
    let draft: CatalogueDraft = serde_json::from_str(&text)
        .map_err(|e| Failure::input(format!("{name} is no catalogue: {e}")))?;
    let needs = |process: &platewright_model::draft::ProcessDraft| {
        let category = USUAL.iter().find(|u| {
            let nesting =
                if process.nesting == "volume" { NestingMode::Volume } else { NestingMode::Plate };
            let short = u.0.split('-').next().unwrap_or(u.0);
            process.category.eq_ignore_ascii_case(short)
                && (u.2 == nesting || !u.0.starts_with("pbf"))
        });
        let (_, category, nesting) = category.ok_or_else(|| {
            Failure::input(format!(
                "{name}: process {} has the unknown category {:?}",
                process.id, process.category
            ))
        })?;
        Ok(PrintNeeds {
            process: process.id.as_str().into(),
            nesting: *nesting,
            limits: process.limits.unwrap_or_else(|| PrintLimits::usual(*category, *nesting)),
            volumes: Vec::new(),
        })
    };
    draft.processes.iter().map(needs).collect()
}
