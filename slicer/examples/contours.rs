//! Reads a model and makes the contours of all its layers; prints what each took.
//!
//! ```text
//! cargo run --release -p platewright-slicer --example contours -- MODEL [LAYER_MM] [unite]
//! ```

use std::sync::Arc;
use std::time::Instant;

use platewright_mesh::{MappedFile, read_model};
use platewright_model::config::Config;
use platewright_model::geometry::Pose;
use platewright_model::measure::{LengthUnit, Mm};
use platewright_model::run::RunContext;
use platewright_slicer::{BuildSlicer, Fill, Planes, SliceOptions, Unite};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("give a model")?;
    let layer = Mm(args.next().map_or(Ok(0.1), |text| text.parse())?);
    let unite = if args.next().is_some() { Unite::Always } else { Unite::Never };
    let begin = Instant::now();
    let config: Config = toml::from_str(platewright_model::config::DEFAULT_TOML)?;
    let file = MappedFile::open(std::path::Path::new(&path), &config.limits)?;
    let model = read_model(&file, &path, Some(LengthUnit::Mm), &config.limits)?;
    let read = begin.elapsed();
    let bounds = model.mesh.bounds().ok_or("the model has no vertices")?;
    let pose = Pose { translation: bounds.min.map(|c| -c), ..Pose::IDENTITY };
    let planes = Planes::uniform(layer, Mm(bounds.size()[2]))?;
    let triangles = model.mesh.triangles.len();
    let options = SliceOptions { unite, fill: Fill::Positive, simplify_mm: 0.0 };
    let slicer = BuildSlicer::new(&[(Arc::new(model.mesh), pose)], &planes, &options)?;
    let prepared = begin.elapsed();
    let mut points = 0;
    let sliced = slicer.run(
        &RunContext::with_iterations(0, 0),
        |_| Ok(()),
        |layer, ()| {
            points += layer.contours().map(|c| c.ring.len()).sum::<usize>();
            Ok(())
        },
    )?;
    let done = begin.elapsed();
    let volume: f64 = sliced.facts.iter().map(|f| f.area_mm2).sum::<f64>() * layer.0;
    println!(
        "{path}: {triangles} triangles, {} layers, {points} points, volume {volume:.4} mm3, {} \
         synthetic; read {:.4} s, planned {:.4} s, sliced {:.4} s, in all {:.4} s",
        sliced.facts.len(),
        sliced.closed_by_hand,
        read.as_secs_f64(),
        (prepared - read).as_secs_f64(),
        (done - prepared).as_secs_f64(),
        done.as_secs_f64(),
    );
    Ok(())
}
