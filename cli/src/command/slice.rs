//! `platewright slice`: layers of one model.

use std::path::PathBuf;
use std::sync::Arc;

use platewright_model::config::{Config, DEFAULT_TOML};
use platewright_model::geometry::Pose;
use platewright_model::measure::Mm;
use platewright_model::run::RunContext;
use platewright_slicer::{BuildLayers, slice_build, write_layers};
use serde_json::json;

use super::model_file::{default_limits, load};
use crate::args::SliceArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::{complain, say, say_json};

pub(crate) fn run(args: &SliceArgs) -> Result<Exit, Failure> {
    let (record, mesh) = load(&args.model, args.unit, &default_limits())?;
    for fault in &record.faults {
        complain(&format!("{}: {}", record.file, fault.text));
    }
    let Some(mesh) = mesh else {
        return Err(Failure::input(format!("{} cannot be read as a model", record.file)));
    };
    let bounds = mesh.bounds().ok_or_else(|| Failure::input("the model has no vertices"))?;
    // The model stands on the plate, its box's corner at the origin.
    let pose = Pose { translation: bounds.min.map(|v| -v), ..Pose::IDENTITY };
    let config: Config =
        toml::from_str(DEFAULT_TOML).expect("the committed default configuration is well-formed");
    let ctx = RunContext::with_iterations(0, 0);
    let height = Mm(bounds.size()[2]);
    let layers =
        slice_build(&[(Arc::new(mesh), pose)], Mm(args.layer), height, &config.slicer, &ctx)
            .map_err(|e| Failure::input(chain(&e)))?;
    let files = write(args, &layers)?;
    let area: f64 = layers.layers.iter().map(|l| l.facts.area_mm2).sum();
    let contours: u32 = layers.layers.iter().map(|l| l.facts.contours).sum();
    if args.json {
        say_json(&json!({
            "model": record.file, "layer_mm": args.layer, "layers": layers.layers.len(),
            "contours": contours, "open_contours": layers.open_contours,
            "volume_mm3": area * args.layer, "files": files,
            "facts": layers.layers.iter().map(|l| l.facts).collect::<Vec<_>>(),
        }))?;
    } else {
        say(&format!(
            "{}: {} layers of {} mm, {contours} contours, {:.1} mm³",
            record.file,
            layers.layers.len(),
            args.layer,
            area * args.layer
        ));
        for file in &files {
            say(&format!("  {}", file.display()));
        }
        if layers.open_contours > 0 {
            complain(&format!(
                "warning: {} contours were open and had to be closed; inspect the model",
                layers.open_contours
            ));
        }
    }
    Ok(Exit::Done)
}

fn write(args: &SliceArgs, layers: &BuildLayers) -> Result<Vec<PathBuf>, Failure> {
    std::fs::create_dir_all(&args.out)
        .map_err(|e| Failure::other(format!("failed to make {}: {e}", args.out.display())))?;
    let name = args.model.file_stem().unwrap_or_default().to_owned();
    let mut files = Vec::new();
    for format in &args.format {
        let bytes = write_layers(format, layers).map_err(|e| Failure::input(chain(&e)))?;
        let mut file = name.clone();
        file.push(".");
        file.push(format);
        let path = args.out.join(file);
        std::fs::write(&path, bytes)
            .map_err(|e| Failure::other(format!("failed to write {}: {e}", path.display())))?;
        files.push(path);
    }
    Ok(files)
}
