//! Nests a folder of binary STL files and prints the figures.
//!
//! `cargo run --release -p platewright-nesting --example volume_kit -- FOLDER [X Y Z [PITCH
//! [CLEARANCE [STEPS [KITS [POLICY [BUILDS [apart]]]]]]]]`; quantities come
//! from `_xN` at the end of a file's name.
#![allow(clippy::print_stdout, reason = "a program that prints figures")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use platewright_model::config::VolumeConfig;
use platewright_model::geometry::{BuildVolume, VolumeShape};
use platewright_model::id::PartId;
use platewright_model::measure::Mm;
use platewright_model::order::OrientationPolicy;
use platewright_model::run::RunContext;
use platewright_nesting::{Item, Problem, nest_volume};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = args.first() else {
        println!("give a folder of STL files");
        return;
    };
    let number =
        |i: usize, default: f64| args.get(i).and_then(|a| a.parse().ok()).unwrap_or(default);
    let mut files = Vec::new();
    collect(Path::new(folder), &mut files);
    files.sort();
    let kits = number(7, 1.0) as u32;
    let orientation = match args.get(8).map(String::as_str) {
        Some("fixed") => OrientationPolicy::Fixed,
        Some("upright") => OrientationPolicy::Upright,
        _ => OrientationPolicy::Axis24,
    };
    let items: Vec<Item> =
        files.iter().filter_map(|f| item(f, kits, Mm(number(5, 1.0)), orientation)).collect();
    let pieces: u32 = items.iter().map(|i| i.copies).sum();
    let volume = BuildVolume {
        shape: VolumeShape::Box {
            x: Mm(number(1, 250.0)),
            y: Mm(number(2, 250.0)),
            z: Mm(number(3, 250.0)),
        },
        excluded: Vec::new(),
    };
    let removable = args.get(10).is_some();
    let problem = Problem { items, volume, part_wall: Mm(0.0), part_plate: Mm(0.0), layers: None };
    let cfg = VolumeConfig { voxel_mm: number(4, 1.0), iterations: 0, removable, balanced: false };
    let start = Instant::now();
    let ctx = RunContext::with_iterations(1, number(6, 0.0) as u64);
    match nest_volume(&problem, number(9, 4.0) as usize, &cfg, &ctx) {
        Ok(nest) => {
            let left: u32 = nest.left.iter().map(|l| l.copies).sum();
            println!(
                "{pieces} pieces of {} parts, {left} left, {:.2} s, {} steps",
                problem.items.len(),
                start.elapsed().as_secs_f64(),
                nest.iterations
            );
            for layout in &nest.layouts {
                println!(
                    "  {} pieces, {:.2} mm high, density {:.4}",
                    layout.placed.len(),
                    layout.height.0,
                    layout.density
                );
            }
        }
        Err(error) => println!("{error}"),
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("stl")) {
            files.push(path);
        }
    }
}

fn item(file: &Path, kits: u32, clearance: Mm, orientation: OrientationPolicy) -> Option<Item> {
    let name = file.file_stem()?.to_str()?;
    let copies = name.rsplit_once("_x").and_then(|(_, n)| n.parse().ok()).unwrap_or(1_u32);
    let mesh = read_stl(&std::fs::read(file).ok()?)?;
    Some(Item {
        part: PartId::from(name),
        mesh: Arc::new(mesh),
        copies: copies * kits,
        orientation,
        clearance,
        inside_cavity: false,
        priority: 1,
    })
}

fn read_stl(bytes: &[u8]) -> Option<TriMesh> {
    let count = u32::from_le_bytes(bytes.get(80..84)?.try_into().ok()?) as usize;
    let mut mesh = TriMesh::default();
    for t in 0..count {
        let corners = bytes.get(84 + t * 50 + 12..84 + t * 50 + 48)?;
        let base = mesh.vertices.len() as u32;
        for corner in corners.chunks_exact(12) {
            let coordinate = |k: usize| {
                let bytes = [corner[k], corner[k + 1], corner[k + 2], corner[k + 3]];
                f64::from(f32::from_le_bytes(bytes))
            };
            mesh.vertices.push(Point3::new(coordinate(0), coordinate(4), coordinate(8)));
        }
        mesh.triangles.push([base, base + 1, base + 2]);
    }
    Some(mesh)
}
