//! A night of many copies: models of 100 000 triangles, five copies of each, inspected, sliced
//! at 0.1 mm and packed as 3MF with slices, where copies refer to one object.
//!
//! ```text
//! cargo run --release -p platewright-datasets --example copies -- [UNITS] [FOLDER]
//! ```
//!
//! A build holds 100 units. Models are bumpy balls of 24 mm, each with bumps of its own, written
//! and read as binary STL. Without a folder the packages are made in memory and thrown away.

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use platewright_datasets::body::sphere;
use platewright_mesh::{Overlaps, TriMesh, load_part, write_stl};
use platewright_model::config::Limits;
use platewright_model::geometry::Pose;
use platewright_model::id::PartId;
use platewright_model::measure::{LengthUnit, Mm};
use platewright_model::run::RunContext;
use platewright_slicer::format::{FormatOptions, LayerFormat, MemoryFile, Output};
use platewright_slicer::{BuildSlicer, Placed, Planes, Shape, SliceOptions, write_layers};

/// Units of a build, and how many of them are of one model.
const UNITS: u32 = 100;
const COPIES: u32 = 5;
/// Radius of a ball, mm; the bumps add a tenth.
const RADIUS: f64 = 11.0;
/// Seats are so far apart, mm.
const PITCH: f64 = 28.0;

fn limits() -> Limits {
    Limits {
        file_bytes: 1 << 30,
        triangles: 1 << 24,
        inflated_bytes: 1 << 30,
        inflation_ratio: 200,
        zip_members: 1000,
        coordinate_mm: 10_000.0,
        line_quantity: 1000,
        night_units: 100_000,
    }
}

/// The file of a model.
fn model(ball: &TriMesh, number: u32) -> Vec<u8> {
    let k = f64::from(number);
    let bumps = [3.0 + (k * 0.37) % 5.0, 4.0 + (k * 0.73) % 6.0, 2.0 + (k * 0.19) % 4.0];
    let mut mesh = ball.clone();
    for vertex in &mut mesh.vertices {
        let out = (*vertex - nalgebra::Point3::new(RADIUS, RADIUS, RADIUS)) / RADIUS;
        let bump = (bumps[0] * out.x).sin() * (bumps[1] * out.y).cos() * (bumps[2] * out.z).sin();
        *vertex += out * (0.1 * RADIUS * bump);
    }
    write_stl(&mesh)
}

/// Reads and inspects a model, as a night does.
fn shape(bytes: &[u8], number: u32) -> Shape {
    let name = format!("ball-{number}");
    let id = PartId::from(name.as_str());
    let (record, mesh) = load_part(bytes, &id, &name, Some(LengthUnit::Mm), &limits());
    assert!(!Overlaps::may_be(&record.faults), "{name}: {:?}", record.faults);
    let mesh = Arc::new(mesh.expect("a ball can be read"));
    Shape::Mesh { mesh, overlaps: Arc::default() }
}

/// What a build took: seconds to inspect, to slice and pack; bytes of the package.
fn build(
    ball: &TriMesh,
    first: u32,
    folder: Option<&Path>,
) -> Result<[f64; 3], Box<dyn std::error::Error>> {
    let files: Vec<Vec<u8>> = (0..UNITS / COPIES).map(|k| model(ball, first + k)).collect();
    let begin = Instant::now();
    let shapes: Vec<Shape> = (first..).zip(&files).map(|(k, file)| shape(file, k)).collect();
    let inspected = begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    let placed: Vec<Placed> = (0..UNITS)
        .map(|unit| {
            let shape = shapes[(unit / COPIES) as usize].clone();
            let low = shape.turned_bounds(&Pose::IDENTITY.rotation).min;
            let seat = [f64::from(unit % 10) * PITCH, f64::from(unit / 10) * PITCH, 0.0];
            let translation = std::array::from_fn(|k| seat[k] - low[k]);
            Placed { shape, pose: Pose { translation, ..Pose::IDENTITY } }
        })
        .collect();
    let planes = Planes::uniform(Mm(0.1), Mm(2.3 * RADIUS))?;
    let options = SliceOptions { simplify_mm: 0.005, ..SliceOptions::default() };
    let slicer = BuildSlicer::new(&placed, &planes, &options)?;
    let memory = MemoryFile::default();
    let out: Box<dyn Output> = match folder {
        Some(folder) => {
            Box::new(BufWriter::new(File::create(folder.join(format!("build-{first}.3mf")))?))
        }
        None => Box::new(memory.clone()),
    };
    let writer = LayerFormat::named("3mf")?.open(out, slicer.stack(), &FormatOptions::default())?;
    let sliced = write_layers(&slicer, vec![writer], &RunContext::with_iterations(0, 0))?;
    assert_eq!((sliced.bodies, sliced.closed_by_hand), (UNITS / COPIES, 0));
    Ok([inspected, begin.elapsed().as_secs_f64(), memory.take().len() as f64])
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let units: u32 = args.next().map_or(Ok(1000), |text| text.parse())?;
    let folder = args.next();
    let ball = sphere(RADIUS, 159);
    let triangles = ball.triangles.len();
    let begin = Instant::now();
    // Two builds side by side keep the cores busy where one writes its package.
    let builds: Vec<u32> = (0..units / UNITS).collect();
    let one = |&k: &u32| {
        build(&ball, k * (UNITS / COPIES), folder.as_deref().map(Path::new))
            .map_err(|error| error.to_string())
    };
    let took = {
        use rayon::prelude::*;
        builds.par_iter().map(one).collect::<Result<Vec<_>, String>>()?
    };
    let sum = |k: usize| took.iter().map(|one| one[k]).sum::<f64>();
    println!(
        "{units} units, {} models of {triangles} triangles: {:.1} s; of the builds' time {:.1} s \
         to inspect, {:.1} s to slice and pack; {:.0} MB in memory",
        units / COPIES,
        begin.elapsed().as_secs_f64(),
        sum(0),
        sum(1),
        sum(2) / 1e6,
    );
    Ok(())
}
