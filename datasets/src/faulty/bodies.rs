//! Sound bodies to put faults into.

use std::path::{Path, PathBuf};

use nalgebra::{Point3, Vector3};
use platewright_mesh::{TriMesh, read_model};
use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;
use rayon::prelude::*;

use super::condition::condition;
use super::kernel::Body;
use super::shape::{icosphere, moved, reversed, size};
use super::work::rounded;
use crate::body::{cuboid, cylinder, gyroid, l_prism, ring, sphere, torus};
use crate::family::families;
use crate::night::stream::stream;

/// A sound body.
#[derive(Clone, Debug)]
pub(super) struct Sound {
    pub(super) name: String,
    pub(super) mesh: TriMesh,
}

/// Families of parts that lend a body.
const FAMILIES: [&str; 14] = [
    "angle-bracket",
    "motor-mount",
    "topology-bracket",
    "enclosure",
    "bearing-block",
    "spur-gear",
    "helical-gear",
    "centrifugal-impeller",
    "duct-elbow",
    "tooth-crown",
    "gyroid-block",
    "strut-lattice",
    "hydraulic-manifold",
    "ergonomic-grip",
];

/// Longest edge that a real model is scaled to, mm.
const REAL_MM: f64 = 80.0;

/// Limits for real models, which come from the user's own folder.
const LIMITS: Limits = Limits {
    file_bytes: 1 << 28,
    triangles: 1 << 22,
    inflated_bytes: 1 << 30,
    inflation_ratio: 100,
    zip_members: 1000,
    coordinate_mm: 1e6,
    line_quantity: 1,
    night_units: 1,
};

/// Fewest and most triangles of a body.
const TRIANGLES: std::ops::RangeInclusive<usize> = 12..=110_000;

/// Generated bodies, then the sound ones among the models in `real`, by name.
pub(super) fn bodies(seed: u64, real: Option<&Path>) -> Vec<Sound> {
    let mut all = plain();
    all.par_extend(FAMILIES.into_par_iter().filter_map(|name| {
        let family = families().iter().find(|f| f.name == name)?;
        let mut rng = stream(seed, name);
        let scale = (family.size[0] * family.size[1]).sqrt();
        Some(Sound { name: name.to_owned(), mesh: (family.make)(&mut rng, scale) })
    }));
    let files = real.map(model_files).unwrap_or_default();
    all.par_extend(files.into_par_iter().filter_map(|path| read(&path)));
    all.into_par_iter()
        .map(|b| Sound { mesh: rounded(&b.mesh), name: b.name })
        .filter(|b| is_sound(&b.mesh))
        .collect()
}

/// Bodies of a known form.
fn plain() -> Vec<Sound> {
    let centre = Point3::new(20.0, 20.0, 20.0);
    let mut hollow = icosphere(centre, 20.0, 4);
    hollow.append(&reversed(&icosphere(centre, 16.0, 3)));
    let mut pair = torus(14.0, 5.0, 60, 24);
    pair.append(&moved(&cylinder(10.0, 12.0, 64), Vector3::new(45.0, 3.0, 0.0)));
    // Two rings that pass through one another without touching.
    let mut linked = torus(15.0, 4.0, 64, 24);
    let mut second = torus(15.0, 4.0, 64, 24);
    let (middle, tube) = (19.0, 4.0);
    for v in &mut second.vertices {
        let [x, y, z] = [v.x - middle, v.y - middle, v.z - tube];
        *v = Point3::new(x + middle + 15.0, z + middle, y + tube);
    }
    // Exchanging two axes mirrors the ring; the sense is turned back.
    linked.append(&reversed(&second));
    let bodies = [
        ("box", cuboid(40.0, 30.0, 20.0)),
        ("ell", l_prism(40.0, 30.0, 8.0, 25.0)),
        ("ring", ring(20.0, 12.0, 10.0, 96)),
        ("sphere", sphere(20.0, 40)),
        ("torus", torus(20.0, 7.0, 90, 36)),
        ("hollow-sphere", hollow),
        ("two-bodies", pair),
        ("linked-rings", linked),
        ("gyroid", gyroid(1)),
    ];
    bodies.map(|(name, mesh)| Sound { name: name.to_owned(), mesh }).into()
}

fn model_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|e| e.path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "stl" || e == "obj"));
    paths.sort();
    paths
}

/// A real model, scaled and moved to the origin.
fn read(path: &Path) -> Option<Sound> {
    let file = path.file_name()?.to_str()?;
    let bytes = std::fs::read(path).ok()?;
    let mut mesh = read_model(&bytes, file, Some(LengthUnit::Mm), &LIMITS).ok()?.mesh;
    let scale = REAL_MM / size(&mesh).max();
    let least = mesh.bounds()?.min;
    for v in &mut mesh.vertices {
        *v = Point3::from((*v - Point3::from(least)) * scale);
    }
    Some(Sound { name: path.file_stem()?.to_str()?.to_owned(), mesh })
}

/// Whether a mesh is closed, oriented, manifold and free of self-intersection.
fn is_sound(mesh: &TriMesh) -> bool {
    if !TRIANGLES.contains(&mesh.triangles.len()) || Body::new(mesh).is_none() {
        return false;
    }
    let found = condition(mesh);
    found.open_edges + found.unbalanced_edges + found.non_manifold_edges == 0
        && found.non_manifold_vertices + found.degenerate == 0
        && found.crosses_itself == Some(false)
        && found.volume_mm3 > 0.0
}
