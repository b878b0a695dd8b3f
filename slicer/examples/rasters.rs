//! Reads a model, slices it and writes its layers as images. `benches/peers/rasters.py` takes the
//! CPU time of each stage, as that of a process that ends after it.
//!
//! ```text
//! cargo run --release -p platewright-slicer --example rasters -- \
//!     MODEL [--out FILE] [--format png|sl1] [--centre] [--pixels N] [--size MM] [--layer MM]
//!     [--until slices|rasters|file]
//! ```
//!
//! Without a file to write, it is made in memory. With `--centre` a pixel is solid if its centre
//! is; without, it has the share that is solid.

#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::fs::File;
use std::io::{BufWriter, Cursor};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use platewright_mesh::{Facets, MappedFile, read_model};
use platewright_model::config::Config;
use platewright_model::geometry::Pose;
use platewright_model::measure::{LengthUnit, Mm};
use platewright_model::run::RunContext;
use platewright_slicer::format::{FormatOptions, LayerFormat, Output};
use platewright_slicer::raster::{Raster, RasterOptions, Rasterizer, Shade};
use platewright_slicer::{
    BuildSlicer, FactsOnly, Fill, Layer, LayerSink, Placed, Planes, Shape, SliceError,
    SliceOptions, Unite, write_layers,
};

struct Args {
    model: String,
    out: Option<String>,
    format: String,
    shade: Shade,
    pixels: u32,
    size: f64,
    layer: f64,
    until: String,
}

fn args() -> Result<Args, Box<dyn std::error::Error>> {
    let mut args = Args {
        model: String::new(),
        out: None,
        format: "sl1".to_owned(),
        shade: Shade::Grey,
        pixels: 2400,
        size: 120.0,
        layer: 0.1,
        until: "file".to_owned(),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut next = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--out" => args.out = Some(next()?),
            "--format" => args.format = next()?,
            "--centre" => args.shade = Shade::Centre,
            "--pixels" => args.pixels = next()?.parse()?,
            "--size" => args.size = next()?.parse()?,
            "--layer" => args.layer = next()?.parse()?,
            "--until" => args.until = next()?,
            _ => args.model = word,
        }
    }
    if args.model.is_empty() { Err("give a model".into()) } else { Ok(args) }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = args()?;
    let begin = Instant::now();
    let config: Config = toml::from_str(platewright_model::config::DEFAULT_TOML)?;
    let file = MappedFile::open(Path::new(&args.model), &config.limits)?;
    let shape = match Facets::open(file, LengthUnit::Mm, &config.limits)? {
        Ok(facets) => Shape::Facets(Arc::new(facets)),
        Err(file) => {
            let model = read_model(&file, &args.model, Some(LengthUnit::Mm), &config.limits)?;
            Shape::Mesh { mesh: Arc::new(model.mesh), overlaps: Arc::default() }
        }
    };
    let bounds = shape.turned_bounds(&Pose::IDENTITY.rotation);
    let size = bounds.size();
    // In the middle of the plate.
    let move_to = [0, 1].map(|k| 0.5 * (args.size - size[k]) - bounds.min[k]);
    let translation = [move_to[0], move_to[1], -bounds.min[2]];
    let pose = Pose { translation, ..Pose::IDENTITY };
    let planes = Planes::uniform(Mm(args.layer), Mm(size[2]))?;
    let options =
        SliceOptions { unite: Unite::Never, fill: Fill::Positive, ..SliceOptions::default() };
    let slicer = BuildSlicer::new(&[Placed { shape, pose }], &planes, &options)?;
    let pitch = args.size / f64::from(args.pixels);
    let plate = RasterOptions::new([pitch; 2], [args.pixels; 2]);
    let raster = RasterOptions { shade: args.shade, ..plate };
    let read = begin.elapsed();
    let run = RunContext::with_iterations(0, 0);
    let layers = match args.until.as_str() {
        "slices" => slicer.run(&mut FactsOnly, &run)?.facts.len(),
        "rasters" => rasterize(&slicer, &raster, &run)?,
        _ => write(&slicer, &raster, &run, &args)?,
    };
    println!(
        "{}: {layers} layers; read {:.4} s, in all {:.4} s of wall time",
        args.model,
        read.as_secs_f64(),
        begin.elapsed().as_secs_f64(),
    );
    Ok(())
}

/// Makes all images and throws them away.
struct Rasters {
    options: RasterOptions,
    idle: Mutex<Vec<(Rasterizer, Raster)>>,
    runs: usize,
}

impl LayerSink for Rasters {
    type Encoded = usize;

    fn encode(&self, layer: &Layer) -> Result<usize, SliceError> {
        let left = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let (mut rasterizer, mut raster) = match left {
            Some(left) => left,
            None => (Rasterizer::new(&self.options)?, Raster::default()),
        };
        rasterizer.raster_into(layer, &mut raster);
        let runs = raster.n_runs();
        if let Ok(mut idle) = self.idle.lock() {
            idle.push((rasterizer, raster));
        }
        Ok(runs)
    }

    fn take(&mut self, _: &Layer, runs: usize) -> Result<(), SliceError> {
        self.runs += runs;
        Ok(())
    }
}

fn rasterize(
    slicer: &BuildSlicer,
    options: &RasterOptions,
    run: &RunContext,
) -> Result<usize, Box<dyn std::error::Error>> {
    let mut rasters = Rasters { options: *options, idle: Mutex::default(), runs: 0 };
    let sliced = slicer.run(&mut rasters, run)?;
    println!("{} runs of pixels", rasters.runs);
    Ok(sliced.facts.len())
}

/// Makes all images and writes them into a file.
fn write(
    slicer: &BuildSlicer,
    options: &RasterOptions,
    run: &RunContext,
    args: &Args,
) -> Result<usize, Box<dyn std::error::Error>> {
    let format = LayerFormat::named(&args.format)?;
    let out: Box<dyn Output> = match &args.out {
        Some(path) => Box::new(BufWriter::with_capacity(1 << 16, File::create(path)?)),
        None => Box::new(Cursor::new(Vec::new())),
    };
    let name = "job".to_owned();
    let options = FormatOptions { name, raster: Some(*options), ..FormatOptions::default() };
    let writer = format.open(out, slicer.stack(), &options)?;
    let sliced = write_layers(slicer, vec![writer], run)?;
    Ok(sliced.facts.len())
}
