//! Writes layer files for programs of others; `tests/outside/open_layers.py` opens them.
//!
//! ```text
//! formats write MODEL LAYER_MM FORMAT OUT
//! formats samples FOLDER
//! ```
//!
//! The samples are a small build of copies and turned parts in every format, and what must be
//! found in them.

use std::f64::consts::TAU;
use std::fs::File;
use std::io::{BufWriter, Error, Write, stdout};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use nalgebra::Point3;
use platewright_mesh::{MappedFile, TriMesh, read_model};
use platewright_model::config::{Config, DEFAULT_TOML};
use platewright_model::geometry::Pose;
use platewright_model::measure::{LengthUnit, Mm};
use platewright_model::run::RunContext;
use platewright_slicer::format::{FORMATS, FormatOptions, LayerFormat, PartLabel};
use platewright_slicer::raster::RasterOptions;
use platewright_slicer::{BuildSlicer, Placed, Planes, SliceOptions, Sliced, Unite, write_layers};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["write", model, layer, format, out] => write(model, Mm(layer.parse()?), format, out),
        ["samples", folder] => samples(Path::new(folder)),
        _ => Err("usage: formats write MODEL LAYER_MM FORMAT OUT | samples FOLDER".into()),
    }
}

fn write(model: &str, layer: Mm, format: &str, out: &str) -> Result<()> {
    let config: Config = toml::from_str(DEFAULT_TOML)?;
    let file = MappedFile::open(Path::new(model), &config.limits)?;
    let read = read_model(&file, model, Some(LengthUnit::Mm), &config.limits)?;
    let bounds = read.mesh.bounds().ok_or("the model has no vertices")?;
    let pose = Pose { translation: bounds.min.map(|c| -c), ..Pose::IDENTITY };
    let planes = Planes::uniform(layer, Mm(bounds.size()[2]))?;
    let options = SliceOptions { unite: Unite::Never, ..SliceOptions::default() };
    let slicer = BuildSlicer::new(&[Placed::sound(Arc::new(read.mesh), pose)], &planes, &options)?;
    let begin = Instant::now();
    let sliced = put(&slicer, LayerFormat::named(format)?, Path::new(out), Vec::new())?;
    let (seconds, bytes) = (begin.elapsed().as_secs_f64(), std::fs::metadata(out)?.len());
    let layers = sliced.facts.len();
    writeln!(stdout(), "{layers} layers, {bytes} bytes as {format} in {seconds:.3} s")?;
    Ok(())
}

fn put(
    slicer: &BuildSlicer,
    format: &LayerFormat,
    path: &Path,
    parts: Vec<PartLabel>,
) -> Result<Sliced> {
    let out = Box::new(BufWriter::new(File::create(path)?));
    let raster = Some(RasterOptions::new([0.05; 2], [2400; 2]));
    let name = "sample".to_owned();
    let options = FormatOptions { name, parts, raster, ..FormatOptions::default() };
    let writer = format.open(out, slicer.stack(), &options)?;
    Ok(write_layers(slicer, vec![writer], &RunContext::with_iterations(0, 0))?)
}

fn samples(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let ball = Arc::new(ball(6.0, 32));
    let at = |x, y, z| Pose { translation: [x, y, z], ..Pose::IDENTITY };
    let (sin, cos) = 0.5_f64.sin_cos();
    let rotation = [[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]];
    let turned = Pose { rotation, translation: [32.0, 30.0, 8.03] };
    // A copy two layers above nothing, a copy that is its own body, a turned one.
    let poses = [at(8.0, 8.0, 6.0), at(24.0, 8.0, 16.0), at(8.0, 24.0, 6.05), turned];
    let placed: Vec<_> = poses.iter().map(|pose| Placed::sound(Arc::clone(&ball), *pose)).collect();
    let planes = Planes::uniform(Mm(0.2), Mm(22.0))?;
    let slicer = BuildSlicer::new(&placed, &planes, &SliceOptions::default())?;
    let labels = (0..poses.len()).map(|k| PartLabel { label: format!("order/{k}"), uuid: None });
    let mut facts = Vec::new();
    for format in &FORMATS {
        let path = folder.join(format!("{}.{}", format.name, format.ending));
        facts = put(&slicer, format, &path, labels.clone().collect())?.facts;
    }
    let areas: Vec<String> = facts.iter().map(|fact| format!("{:?}", fact.area_mm2)).collect();
    let areas = areas.join(",");
    let (volume, triangles) = (ball.volume(), ball.triangles.len());
    let (parts, bodies) = (poses.len(), slicer.stack().bodies.len());
    let truth = format!(
        "{{\"layer_mm\":0.2,\"parts\":{parts},\"bodies\":{bodies},\"triangles\":{triangles},\
         \"volume_mm3\":{volume:?},\"areas_mm2\":[{areas}]}}\n"
    );
    std::fs::write(folder.join("truth.json"), truth).map_err(Error::into)
}

/// A ball of rings of `n` corners around the origin.
fn ball(radius: f64, n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    let rows = n / 2;
    mesh.vertices.push(Point3::new(0.0, 0.0, -radius));
    for row in 1..rows {
        let (down, out) = (f64::from(row) / f64::from(rows) * TAU / 2.0).sin_cos();
        for k in 0..n {
            let (y, x) = (f64::from(k) / f64::from(n) * TAU).sin_cos();
            mesh.vertices.push(Point3::new(radius * down * x, radius * down * y, -radius * out));
        }
    }
    let top = mesh.vertices.len() as u32;
    mesh.vertices.push(Point3::new(0.0, 0.0, radius));
    for k in 0..n {
        let next = (k + 1) % n;
        mesh.triangles.push([0, 1 + next, 1 + k]);
        for row in 0..rows - 2 {
            let (below, above) = (1 + row * n, 1 + (row + 1) * n);
            mesh.triangles.push([below + k, below + next, above + next]);
            mesh.triangles.push([below + k, above + next, above + k]);
        }
        let last = top - n;
        mesh.triangles.push([last + k, last + next, top]);
    }
    mesh
}
