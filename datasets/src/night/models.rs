//! The models of a night: which families at which sizes, for which process.

use platewright_mesh::TriMesh;
use platewright_model::measure::LengthUnit;
use rand::RngExt;
use rayon::prelude::*;

use super::catalogue::{DEMANDS, Demand};
use super::stream::{draw, normal, stream};
use super::{NightOptions, is_toy};
use crate::closed::fault;
use crate::family::{Family, families};

/// A model of a night.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneratedModel {
    /// File name below `models/`; its ending says the format: `.stl` (binary), `.obj`, `.3mf`.
    pub file: String,
    /// The mesh, mm. One without triangles stands for a file of no bytes.
    pub mesh: TriMesh,
    /// Unit the file is drawn in; `None` for a 3MF, which says so itself.
    pub unit: Option<LengthUnit>,
}

/// A model to be made.
pub(super) struct Planned {
    pub(super) file: String,
    pub(super) demand: &'static Demand,
    pub(super) flaw: Flaw,
    family: &'static Family,
    scale: f64,
    unit: Option<LengthUnit>,
}

/// What is wrong with a model, on purpose.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Nothing.
    None,
    /// Larger than every machine of its process.
    TooLarge,
    /// Triangles are missing.
    Holes,
    /// The file has no bytes.
    Empty,
}

/// Decides on the models of a night.
pub(super) fn plan(options: &NightOptions) -> Vec<Planned> {
    let mut rng = stream(options.seed, "models");
    let sound = (76.0 * (f64::from(options.units) / 900.0).powf(0.65)).round().max(5.0) as usize;
    let demands: Vec<&'static Demand> = DEMANDS
        .iter()
        .filter(|d| !is_toy(options.units) || ["sls", "fff"].contains(&d.process))
        .collect();
    let total: f64 = demands.iter().map(|d| d.share).sum();
    let mut planned = Vec::new();
    // Families are dealt like cards, so that a night shows many of them.
    let mut used = vec![0usize; families().len()];
    let mut given = 0.0;
    for demand in &demands {
        given += demand.share / total;
        while (planned.len() as f64) < given * sound as f64 {
            let fitting = |k: usize| families()[k].processes.contains(&demand.process);
            let least = (0..used.len()).filter(|&k| fitting(k)).map(|k| used[k]).min();
            let choices: Vec<usize> =
                (0..used.len()).filter(|&k| fitting(k) && Some(used[k]) == least).collect();
            let k = choices[rng.random_range(0..choices.len() as u64) as usize];
            used[k] += 1;
            let family = &families()[k];
            let scale = demand.size[0] * (demand.size[1] * normal(&mut rng)).exp();
            let number = planned.len() + 1;
            let roll = draw(&mut rng, 0.0, 1.0);
            let (ending, unit) = match roll {
                r if r < 0.06 => ("3mf", None),
                r if r < 0.13 => ("obj", Some(LengthUnit::Mm)),
                r if r < 0.155 => ("stl", Some(LengthUnit::Inch)),
                _ => ("stl", Some(LengthUnit::Mm)),
            };
            planned.push(Planned {
                file: format!("{number:03}-{}.{ending}", family.name),
                demand,
                flaw: Flaw::None,
                family,
                scale: scale.clamp(family.size[0], family.size[1]),
                unit,
            });
        }
    }
    planned.extend(flawed(options.units));
    planned
}

/// The models that cannot be printed, named plainly.
fn flawed(units: u32) -> Vec<Planned> {
    let all = [
        ("scan-with-holes.stl", "sls", "ergonomic-grip", 110.0, Flaw::Holes),
        ("too-large-duct.stl", "fff", "duct-transition", 420.0, Flaw::TooLarge),
        ("too-large-bracket.stl", "lpbf", "topology-bracket", 460.0, Flaw::TooLarge),
        ("empty-file.stl", "mjf", "angle-bracket", 40.0, Flaw::Empty),
    ];
    let keep = if units >= 100 { all.len() } else { 0 };
    all.into_iter()
        .take(keep)
        .filter_map(|(file, process, family, scale, flaw)| {
            Some(Planned {
                file: file.to_owned(),
                demand: DEMANDS.iter().find(|d| d.process == process)?,
                flaw,
                family: families().iter().find(|f| f.name == family)?,
                scale,
                unit: Some(LengthUnit::Mm),
            })
        })
        .collect()
}

/// Makes the models.
pub(super) fn make(options: &NightOptions, plan: &[Planned]) -> Vec<GeneratedModel> {
    plan.par_iter()
        .map(|planned| GeneratedModel {
            file: planned.file.clone(),
            mesh: mesh(options.seed, planned),
            unit: planned.unit,
        })
        .collect()
}

fn mesh(seed: u64, planned: &Planned) -> TriMesh {
    /// How often a part is drawn again, smaller each time, before it is taken as it is.
    const TRIES: i32 = 12;
    let mut mesh = TriMesh::default();
    if planned.flaw == Flaw::Empty {
        return mesh;
    }
    for again in 0..TRIES {
        let mut rng = stream(seed, &format!("{}/{again}", planned.file));
        let shrink = if planned.flaw == Flaw::None { 0.88f64.powi(again) } else { 1.0 };
        mesh = (planned.family.make)(&mut rng, planned.scale * shrink);
        let fits = planned.flaw == Flaw::TooLarge || fits(&mesh, planned.demand.room);
        if fits && fault(&mesh).is_none() {
            break;
        }
    }
    if planned.flaw == Flaw::Holes {
        // Two patches near the first and the middle triangle are missing, as in a poor scan.
        let middle = mesh.triangles.len() / 2;
        mesh.triangles.drain(middle..middle + 40);
        mesh.triangles.drain(..25);
    }
    mesh
}

/// Whether a mesh fits `room` as drawn, turned about z by a quarter or not.
fn fits(mesh: &TriMesh, room: [f64; 3]) -> bool {
    let [x, y, z] = mesh.bounds().map_or([f64::INFINITY; 3], |b| b.size());
    let (long, short) = (room[0].max(room[1]), room[0].min(room[1]));
    x.max(y) <= long && x.min(y) <= short && z <= room[2]
}
