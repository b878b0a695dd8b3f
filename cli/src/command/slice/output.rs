//! Layer files, the table of facts, and what is said of them.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use platewright_slicer::Stack;
use platewright_slicer::format::{FormatOptions, GcodeOptions, LayerFormat, LayerWriter};
use platewright_slicer::raster::{RasterOptions, Shade};
use platewright_store::{LayerStack, write_layer_facts};
use serde_json::json;

use super::Done;
use super::source::Job;
use crate::args::SliceArgs;
use crate::exit::{Failure, chain};
use crate::output::{complain, say, say_json};

/// Begins the file of a job in a format.
pub(super) fn open(
    job: &Job,
    format: &LayerFormat,
    stack: &Stack,
    args: &SliceArgs,
) -> Result<(PathBuf, Box<dyn LayerWriter>), Failure> {
    // Two formats with the same ending must not share a file.
    let shared = |other: &&String| {
        LayerFormat::named(other).is_ok_and(|f| f.ending == format.ending && f.name != format.name)
    };
    let ending = match args.format.iter().find(shared) {
        Some(_) => format!("{}.{}", format.name, format.ending),
        None => format.ending.to_owned(),
    };
    let path = args.out.join(format!("{}.{ending}", job.name));
    let file = File::create(&path)
        .map_err(|e| Failure::other(format!("failed to write {}: {e}", path.display())))?;
    let raster = args.pixels.zip(args.pitch).map(|(size, pitch)| RasterOptions {
        shade: if args.centre { Shade::Centre } else { Shade::Grey },
        ..RasterOptions::new([pitch; 2], size)
    });
    let options = FormatOptions {
        name: job.name.clone(),
        raster,
        gcode: job.machine.as_ref().map(GcodeOptions::of_machine).unwrap_or_default(),
        ..FormatOptions::default()
    };
    let writer = format
        .open(Box::new(BufWriter::new(file)), stack, &options)
        .map_err(|e| Failure::input(format!("{}: {}", job.name, chain(&e))))?;
    Ok((path, writer))
}

/// Writes the facts of all layers as one Parquet table.
pub(super) fn write_facts<'a>(path: &Path, done: &'a [Done]) -> Result<(), Failure> {
    let stack = |one: &'a Done| LayerStack {
        name: &one.job.name,
        facts: &one.sliced.facts,
        figures: &one.sliced.figures,
    };
    let stacks: Vec<LayerStack<'a>> = done.iter().map(stack).collect();
    write_layer_facts(path, &stacks).map_err(|e| Failure::other(chain(&e)))
}

/// Says what was made.
pub(super) fn tell(args: &SliceArgs, done: &[Done]) -> Result<(), Failure> {
    if args.json {
        let list: Vec<_> = done.iter().map(document).collect();
        return match list.as_slice() {
            [one] if args.inputs.len() == 1 => say_json(one),
            _ => say_json(&json!({ "stacks": list })),
        };
    }
    for one in done {
        let Figures { contours, volume } = figures(one);
        let layers = one.sliced.facts.len();
        say(&format!("{}: {layers} layers, {contours} contours, {volume:.1} mm³", one.job.name));
        if let Some(text) = figures_text(one) {
            say(&text);
        }
        for file in &one.files {
            say(&format!("  {}", file.display()));
        }
        if one.sliced.closed_by_hand > 0 {
            complain(&format!(
                "warning: {}: {} synthetic segments close contours that were open; inspect the \
                 model",
                one.job.name, one.sliced.closed_by_hand
            ));
        }
    }
    Ok(())
}

/// What comparing the layers came to, if it was asked for.
fn figures_text(one: &Done) -> Option<String> {
    let figures = &one.sliced.figures;
    figures.first()?;
    let islands: u64 = figures.iter().map(|f| u64::from(f.islands)).sum();
    let island_mm2: f64 = figures.iter().map(|f| f.island_mm2).sum();
    let changed_mm2: f64 = figures.iter().map(|f| f.changed_mm2).sum();
    let overhangs: Vec<f64> = figures.iter().filter_map(|f| f.overhang_mm2).collect();
    let overhang = if overhangs.is_empty() {
        "nothing needs support".to_owned()
    } else {
        format!("{:.1} mm² of overhangs", overhangs.iter().sum::<f64>())
    };
    Some(format!(
        "  {islands} islands ({island_mm2:.1} mm²), {overhang}, {changed_mm2:.1} mm² changed from \
         layer to layer"
    ))
}

struct Figures {
    contours: u64,
    volume: f64,
}

fn figures(one: &Done) -> Figures {
    let facts = &one.sliced.facts;
    Figures {
        contours: facts.iter().map(|f| u64::from(f.contours)).sum(),
        volume: (0..).zip(facts).map(|(i, f)| f.area_mm2 * one.planes.thickness(i)).sum(),
    }
}

fn document(one: &Done) -> serde_json::Value {
    let Figures { contours, volume } = figures(one);
    let mut document = json!({
        "name": one.job.name, "layer_mm": one.job.layer.0, "layers": one.sliced.facts.len(),
        "contours": contours, "synthetic_segments": one.sliced.closed_by_hand,
        "bodies": one.sliced.bodies, "parts": one.job.placed.len(), "volume_mm3": volume,
        "files": one.files, "facts": one.sliced.facts,
    });
    if !one.sliced.figures.is_empty() {
        document["figures"] = json!(one.sliced.figures);
    }
    document
}
