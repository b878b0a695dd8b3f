//! Reads a model and makes the contours of all its layers; prints what each took.
//!
//! ```text
//! cargo run --release -p platewright-slicer --example contours -- \
//!     MODEL [LAYER_MM] [never|where|always]
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::sync::Arc;
use std::time::Instant;

use platewright_mesh::{Facets, MappedFile, Overlaps, overlaps, read_model};
use platewright_model::config::{Config, Limits};
use platewright_model::geometry::Pose;
use platewright_model::measure::{LengthUnit, Mm};
use platewright_model::run::RunContext;
use platewright_slicer::{
    BuildSlicer, Fill, Layer, LayerSink, Placed, Planes, Shape, SliceError, SliceOptions, Unite,
};

/// Counts the points of all contours.
struct Points(usize);

impl LayerSink for Points {
    type Encoded = usize;

    fn encode(&self, layer: &Layer) -> Result<usize, SliceError> {
        Ok(layer.contours().map(|contour| contour.ring.len()).sum())
    }

    fn take(&mut self, _: &Layer, points: usize) -> Result<(), SliceError> {
        self.0 += points;
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("give a model")?;
    let layer = Mm(args.next().map_or(Ok(0.1), |text| text.parse())?);
    let unite = args.next();
    let unite = match unite.as_deref() {
        None | Some("never") => Unite::Never,
        Some("always") => Unite::Always,
        Some(_) => Unite::WhereOverlapping,
    };
    let begin = Instant::now();
    let config: Config = toml::from_str(platewright_model::config::DEFAULT_TOML)?;
    // For measurements of what files from outside may not be.
    let limits = Limits { file_bytes: 1 << 40, triangles: 1 << 30, ..config.limits };
    let file = MappedFile::open(std::path::Path::new(&path), &limits)?;
    let shape = match Facets::open(file, LengthUnit::Mm, &limits)? {
        Ok(facets) if unite == Unite::Never => Shape::Facets(Arc::new(facets)),
        other => {
            let file = other.map_or_else(|file| file, Facets::into_file);
            let mesh = read_model(&file, &path, Some(LengthUnit::Mm), &limits)?.mesh;
            let overlaps = match unite {
                Unite::WhereOverlapping => overlaps(&mesh),
                Unite::Never | Unite::Always => Overlaps::default(),
            };
            Shape::Mesh { mesh: Arc::new(mesh), overlaps: Arc::new(overlaps) }
        }
    };
    let read = begin.elapsed();
    let triangles = match &shape {
        Shape::Mesh { mesh, .. } => mesh.triangles.len(),
        Shape::Facets(facets) => facets.len(),
    };
    let bounds = shape.turned_bounds(&Pose::IDENTITY.rotation);
    let pose = Pose { translation: bounds.min.map(|c| -c), ..Pose::IDENTITY };
    let planes = Planes::uniform(layer, Mm(bounds.size()[2]))?;
    let options = SliceOptions { unite, fill: Fill::Positive, ..SliceOptions::default() };
    let slicer = BuildSlicer::new(&[Placed { shape, pose }], &planes, &options)?;
    let prepared = begin.elapsed();
    let mut points = Points(0);
    let sliced = slicer.run(&mut points, &RunContext::with_iterations(0, 0))?;
    let done = begin.elapsed();
    let volume: f64 = sliced.facts.iter().map(|f| f.area_mm2).sum::<f64>() * layer.0;
    println!(
        "{path}: {triangles} triangles, {} layers, {} points, volume {volume:.4} mm3, {} \
         synthetic; read {:.4} s, planned {:.4} s, sliced {:.4} s, in all {:.4} s",
        sliced.facts.len(),
        points.0,
        sliced.closed_by_hand,
        read.as_secs_f64(),
        (prepared - read).as_secs_f64(),
        (done - prepared).as_secs_f64(),
        done.as_secs_f64(),
    );
    Ok(())
}
