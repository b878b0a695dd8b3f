//! Solids with known volumes, and real models where they are at hand.

use std::collections::BTreeMap;
use std::f64::consts::{PI, TAU};
use std::path::{Path, PathBuf};

use nalgebra::{Point3, Rotation3, Vector3};
use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::run::RunContext;

use crate::{BuildSlicer, Layer, LayerSink, SliceError, Sliced};

pub(crate) fn pose(axis: [f64; 3], angle: f64, translation: [f64; 3]) -> Pose {
    let axis = nalgebra::Unit::new_normalize(Vector3::from(axis));
    let r = Rotation3::from_axis_angle(&axis, angle);
    Pose {
        rotation: std::array::from_fn(|i| std::array::from_fn(|j| r.matrix()[(i, j)])),
        translation,
    }
}

/// Moves a mesh so that its box begins at the origin.
pub(crate) fn seated(mesh: &TriMesh) -> TriMesh {
    let min = mesh.bounds().unwrap().min;
    mesh.posed(&Pose { translation: min.map(|c| -c), ..Pose::IDENTITY })
}

pub(crate) fn cuboid(size: [f64; 3]) -> TriMesh {
    let corner = |k: usize| {
        Point3::from(std::array::from_fn(|a| if k >> a & 1 == 1 { size[a] } else { 0.0 }))
    };
    let quads =
        [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
    let triangles = quads.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
    TriMesh { vertices: (0..8).map(corner).collect(), triangles }
}

/// A closed surface over a grid that wraps around in both directions.
fn wrapped(n: usize, m: usize, point: impl Fn(f64, f64) -> [f64; 3]) -> TriMesh {
    let at = |i: usize, j: usize| ((i % n) * m + j % m) as u32;
    let vertices = (0..n * m)
        .map(|k| {
            Point3::from(point(TAU * (k / m) as f64 / n as f64, TAU * (k % m) as f64 / m as f64))
        })
        .collect();
    let triangles = (0..n * m)
        .flat_map(|k| {
            let (i, j) = (k / m, k % m);
            let [a, b, c, d] = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
            [[a, b, c], [a, c, d]]
        })
        .collect();
    TriMesh { vertices, triangles }
}

pub(crate) fn torus(big: f64, small: f64, n: usize) -> TriMesh {
    wrapped(n, n / 2, |u, v| {
        let r = big + small * v.cos();
        [r * u.cos(), r * u.sin(), small * v.sin()]
    })
}

/// Upper half of the angle grid: poles as single vertices.
pub(crate) fn sphere(r: f64, n: usize) -> TriMesh {
    lathe(
        n,
        &(1..n / 2)
            .map(|j| {
                let a = PI * j as f64 / (n / 2) as f64;
                (r * a.sin(), -r * a.cos())
            })
            .collect::<Vec<_>>(),
        -r,
        r,
    )
}

pub(crate) fn cylinder(r: f64, h: f64, n: usize) -> TriMesh {
    lathe(n, &[(r, 0.0), (r, h)], 0.0, h)
}

/// A body of rotation: radius and height of each ring from the bottom up, between two poles.
fn lathe(n: usize, rings: &[(f64, f64)], bottom: f64, top: f64) -> TriMesh {
    let mut vertices = vec![Point3::new(0.0, 0.0, bottom), Point3::new(0.0, 0.0, top)];
    for &(r, z) in rings {
        vertices.extend((0..n).map(|i| {
            let a = TAU * i as f64 / n as f64;
            Point3::new(r * a.cos(), r * a.sin(), z)
        }));
    }
    let at = |ring: usize, i: usize| (2 + ring * n + i % n) as u32;
    let mut triangles = Vec::new();
    for i in 0..n {
        triangles.push([0, at(0, i + 1), at(0, i)]);
        triangles.push([1, at(rings.len() - 1, i), at(rings.len() - 1, i + 1)]);
        for k in 1..rings.len() {
            let [a, b, c, d] = [at(k - 1, i), at(k - 1, i + 1), at(k, i + 1), at(k, i)];
            triangles.extend([[a, b, c], [a, c, d]]);
        }
    }
    TriMesh { vertices, triangles }
}

pub(crate) fn moved(mesh: &TriMesh, by: [f64; 3]) -> TriMesh {
    mesh.posed(&Pose { translation: by, ..Pose::IDENTITY })
}

pub(crate) fn together(meshes: &[TriMesh]) -> TriMesh {
    let mut all = TriMesh::default();
    meshes.iter().for_each(|mesh| all.append(mesh));
    joined(&all)
}

/// Folder of real models, if it is there.
pub(crate) fn data() -> Option<PathBuf> {
    let root = std::env::var_os("PLATEWRIGHT_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let found = root.is_dir().then_some(root);
    if found.is_none() {
        println!("skipped: no folder of real models (PLATEWRIGHT_DATA)");
    }
    found
}

/// The models of a printer's parts, in the order of their names.
pub(super) fn models(root: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![root.join("voron0")]);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("stl")) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// A minimal reader, so that these tests do not lean on another crate's.
pub(super) fn load(path: &Path) -> TriMesh {
    let bytes = std::fs::read(path).unwrap();
    let mut mesh = TriMesh::default();
    if path.extension().is_some_and(|e| e == "obj") {
        for line in String::from_utf8(bytes).unwrap().lines() {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("v") => {
                    let c: Vec<f64> = words.take(3).map(|w| w.parse().unwrap()).collect();
                    mesh.vertices.push(Point3::new(c[0], c[1], c[2]));
                }
                Some("f") => {
                    let index = |w: &str| w.split('/').next().unwrap().parse::<u32>().unwrap() - 1;
                    let f: Vec<u32> = words.map(index).collect();
                    mesh.triangles.extend((2..f.len()).map(|k| [f[0], f[k - 1], f[k]]));
                }
                _ => {}
            }
        }
        return mesh;
    }
    let count = u32::from_le_bytes(bytes[80..84].try_into().unwrap()) as usize;
    if bytes.len() == 84 + 50 * count {
        let real = |at: usize| f64::from(f32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()));
        for k in 0..3 * count {
            let at = 84 + 50 * (k / 3) + 12 + 12 * (k % 3);
            mesh.vertices.push(Point3::new(real(at), real(at + 4), real(at + 8)));
        }
    } else {
        for line in String::from_utf8_lossy(&bytes).lines().filter(|l| l.contains("vertex")) {
            let c: Vec<f64> = line.split_whitespace().skip(1).map(|w| w.parse().unwrap()).collect();
            mesh.vertices.push(Point3::new(c[0], c[1], c[2]));
        }
    }
    mesh.triangles =
        (0..mesh.vertices.len() as u32 / 3).map(|t| [3 * t, 3 * t + 1, 3 * t + 2]).collect();
    joined(&mesh)
}

/// The mesh with vertices of equal coordinates joined, as every reader gives it.
pub(super) fn joined(mesh: &TriMesh) -> TriMesh {
    let mut known = BTreeMap::new();
    let mut vertices = Vec::new();
    let index: Vec<u32> = mesh
        .vertices
        .iter()
        .map(|v| {
            *known.entry(v.coords.map(|c| (c + 0.0).to_bits()).data.0[0]).or_insert_with(|| {
                vertices.push(*v);
                vertices.len() as u32 - 1
            })
        })
        .collect();
    let triangles = mesh.triangles.iter().map(|t| t.map(|v| index[v as usize])).collect();
    TriMesh { vertices, triangles }
}

/// All layers of a build, and what slicing it came to.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) layers: Vec<Layer>,
    pub(super) sliced: Sliced,
}

impl LayerSink for Collected {
    type Encoded = Layer;

    fn encode(&self, layer: &Layer) -> Result<Layer, SliceError> {
        Ok(layer.clone())
    }

    fn take(&mut self, _: &Layer, layer: Layer) -> Result<(), SliceError> {
        self.layers.push(layer);
        Ok(())
    }
}

impl Collected {
    pub(super) fn of(slicer: &BuildSlicer) -> Self {
        let mut all = Self::default();
        all.sliced = slicer.run(&mut all, &RunContext::with_iterations(1, 1)).unwrap();
        all
    }

    /// Area of each layer, mm².
    pub(super) fn areas(&self) -> Vec<f64> {
        self.layers.iter().map(|layer| layer.facts.area_mm2).collect()
    }

    /// Σ area × thickness, mm³.
    pub(super) fn volume(&self) -> f64 {
        self.layers.iter().map(|layer| layer.facts.area_mm2 * layer.thickness()).sum()
    }
}
