//! Nests a kit of STL files onto plates of 250 × 210 × 200 mm, 2 mm apart, and prints how many
//! plates it takes against the bound by area.
//!
//! `cargo run --release -p platewright-nesting --example plate_kit -- FOLDER [ITERATIONS [SEED]]`
//!
//! The quantity of a file is the number after its last `_x`; files in subfolders count too.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use platewright_mesh::{TriMesh, read_model, silhouette};
use platewright_model::config::{Limits, PlateConfig};
use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::id::PartId;
use platewright_model::measure::{LengthUnit, Mm};
use platewright_model::order::OrientationPolicy;
use platewright_model::run::RunContext;
use platewright_nesting::{Item, Problem, nest_plate};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("which folder?")?;
    let iterations = args.next().map_or(Ok(60), |a| a.parse())?;
    let seed = args.next().map_or(Ok(1), |a| a.parse())?;
    let mut files = Vec::new();
    collect(Path::new(&folder), &mut files)?;
    files.sort();
    let items: Vec<Item> = files.iter().map(|f| item(f)).collect::<Result<_, _>>()?;
    let grown: f64 = items.iter().map(|i| f64::from(i.copies) * grown_area(&i.mesh, 1.0)).sum();
    let volume = BuildVolume {
        shape: VolumeShape::Box { x: Mm(250.0), y: Mm(210.0), z: Mm(200.0) },
        excluded: Vec::new(),
    };
    let problem = Problem { items, volume, part_wall: Mm(0.0), part_plate: Mm(0.0), layers: None };
    let cfg = PlateConfig { iterations };
    let ctx = RunContext::with_iterations(seed, iterations);
    let (start, before) = (Instant::now(), cpu_seconds().unwrap_or(0.0));
    let nest = nest_plate(&problem, usize::MAX, &cfg, &ctx)?;
    let seconds = start.elapsed().as_secs_f64();
    let placed: usize = nest.layouts.iter().map(|l| l.placed.len()).sum();
    let left: u32 = nest.left.iter().map(|l| l.copies).sum();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "parts {placed} left {left} plates {} rounds {}",
        nest.layouts.len(),
        nest.iterations
    )?;
    for l in &nest.layouts {
        writeln!(out, "  {} parts, density {:.3}, height {}", l.placed.len(), l.density, l.height)?;
    }
    let bound = grown / (252.0 * 212.0);
    let cpu = cpu_seconds().map_or(seconds, |c| c - before);
    writeln!(out, "bound {bound:.2} seconds {seconds:.2} cpu {cpu:.2}")?;
    Ok(())
}

/// Least area of a silhouette grown by `r`: Brunn and Minkowski, with the perimeter of a disc.
fn grown_area(mesh: &TriMesh, r: f64) -> f64 {
    let area: f64 = silhouette(mesh).iter().map(platewright_mesh::Polygon::area).sum();
    (area.sqrt() + std::f64::consts::PI.sqrt() * r).powi(2)
}

/// Processor time of this process so far, where the system tells.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

const LIMITS: Limits = Limits {
    file_bytes: 1 << 29,
    triangles: 10_000_000,
    inflated_bytes: 1 << 31,
    inflation_ratio: 200,
    zip_members: 10_000,
    coordinate_mm: 10_000.0,
    line_quantity: 10_000,
    night_units: 100_000,
};

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("stl")) {
            files.push(path);
        }
    }
    Ok(())
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|s| s.to_str()).unwrap_or_default()
}

fn item(path: &Path) -> Result<Item, Box<dyn Error>> {
    let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or("part");
    let copies = name.rsplit_once("_x").and_then(|(_, n)| n.parse().ok()).unwrap_or(1);
    Ok(Item {
        part: PartId::from(name),
        mesh: Arc::new(
            read_model(&std::fs::read(path)?, name_of(path), Some(LengthUnit::Mm), &LIMITS)?.mesh,
        ),
        copies,
        orientation: OrientationPolicy::Upright,
        clearance: Mm(2.0),
        inside_cavity: false,
        priority: 1,
    })
}
