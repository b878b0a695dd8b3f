//! Bodies with known measures, limits and archives for tests.

use std::f64::consts::PI;
use std::path::PathBuf;

use nalgebra::{Point3, Rotation3, Vector3};
use platewright_model::config::Limits;

use crate::TriMesh;
use crate::weld::mix;

pub(crate) const LIMITS: Limits = Limits {
    file_bytes: 1 << 29,
    triangles: 10_000_000,
    inflated_bytes: 1 << 31,
    inflation_ratio: 200,
    zip_members: 10_000,
    coordinate_mm: 10_000.0,
    line_quantity: 10_000,
    night_units: 100_000,
};

/// Random numbers that are the same every time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number from 0 to 1.
    pub(crate) fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(1);
        (mix(mix(self.0)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.roll()
    }

    pub(crate) fn rotation(&mut self) -> Rotation3<f64> {
        let angle = |d: &mut Self| d.between(-PI, PI);
        Rotation3::from_euler_angles(angle(self), angle(self), angle(self))
    }
}

pub(crate) fn cuboid(min: [f64; 3], max: [f64; 3]) -> TriMesh {
    let vertices = (0..8)
        .map(|i| Point3::from(std::array::from_fn(|k| [min, max][(i >> k) & 1][k])))
        .collect();
    let triangles = vec![
        [0, 2, 1],
        [1, 2, 3],
        [4, 5, 6],
        [5, 7, 6],
        [0, 1, 4],
        [1, 5, 4],
        [2, 6, 3],
        [3, 6, 7],
        [0, 4, 2],
        [2, 4, 6],
        [1, 3, 5],
        [3, 7, 5],
    ];
    TriMesh { vertices, triangles }
}

/// A sphere of `n` meridians and `n` parallels around the origin.
pub(crate) fn sphere(radius: f64, n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    mesh.vertices.push(Point3::new(0.0, 0.0, -radius));
    for i in 1..n {
        let polar = PI * f64::from(i) / f64::from(n) - PI / 2.0;
        for j in 0..n {
            let around = 2.0 * PI * f64::from(j) / f64::from(n);
            let (flat, z) = (radius * polar.cos(), radius * polar.sin());
            mesh.vertices.push(Point3::new(flat * around.cos(), flat * around.sin(), z));
        }
    }
    mesh.vertices.push(Point3::new(0.0, 0.0, radius));
    let at = |i: u32, j: u32| 1 + (i - 1) * n + j % n;
    let top = 1 + (n - 1) * n;
    for j in 0..n {
        mesh.triangles.push([0, at(1, j + 1), at(1, j)]);
        mesh.triangles.push([top, at(n - 1, j), at(n - 1, j + 1)]);
        for i in 1..n - 1 {
            mesh.triangles.push([at(i, j), at(i, j + 1), at(i + 1, j + 1)]);
            mesh.triangles.push([at(i, j), at(i + 1, j + 1), at(i + 1, j)]);
        }
    }
    mesh
}

/// A ring of `n` corners, standing on z = 0.
pub(crate) fn ring(inner: f64, outer: f64, height: f64, n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    for j in 0..n {
        let (s, c) = (2.0 * PI * f64::from(j) / f64::from(n)).sin_cos();
        for (r, z) in [(inner, 0.0), (outer, 0.0), (outer, height), (inner, height)] {
            mesh.vertices.push(Point3::new(r * c, r * s, z));
        }
    }
    for j in 0..n {
        let (a, b) = (4 * j, 4 * ((j + 1) % n));
        for k in 0..4 {
            let next = (k + 1) % 4;
            mesh.triangles.push([a + k, b + k, b + next]);
            mesh.triangles.push([a + k, b + next, a + next]);
        }
    }
    // The profile runs counter-clockwise in (r, z), which faces inwards in this order.
    if mesh.volume() < 0.0 { inverted(&mesh) } else { mesh }
}

/// The same surface, facing the other way.
pub(crate) fn inverted(mesh: &TriMesh) -> TriMesh {
    let triangles = mesh.triangles.iter().map(|&[a, b, c]| [a, c, b]).collect();
    TriMesh { vertices: mesh.vertices.clone(), triangles }
}

pub(crate) fn joined(meshes: &[TriMesh]) -> TriMesh {
    let mut all = TriMesh::default();
    for mesh in meshes {
        all.append(mesh);
    }
    all
}

pub(crate) fn turned(mesh: &TriMesh, rotation: &Rotation3<f64>, shift: [f64; 3]) -> TriMesh {
    let vertices = mesh.vertices.iter().map(|v| rotation * v + Vector3::from(shift)).collect();
    TriMesh { vertices, triangles: mesh.triangles.clone() }
}

/// The folder of real data, if it is there.
pub(crate) fn data(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PLATEWRIGHT_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    let path = root.join(name);
    if !path.exists() {
        println!("skipped: {} is not there; set PLATEWRIGHT_DATA", path.display());
        return None;
    }
    Some(path)
}

/// All files below a folder with an ending, sorted.
pub(crate) fn files_below(folder: &std::path::Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A member of [`zip_of`].
pub(crate) struct Member<'a> {
    pub(crate) name: &'a str,
    pub(crate) content: &'a [u8],
}

/// A ZIP archive of stored members with any names, and the offsets of its directory entries.
pub(crate) fn zip_of(members: &[Member<'_>]) -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    let mut entries = Vec::new();
    for member in members {
        let start = bytes.len() as u32;
        bytes.extend_from_slice(&local_header(member));
        bytes.extend_from_slice(member.content);
        entries.push(directory.len());
        directory.extend_from_slice(&directory_entry(member, start));
    }
    finish_zip(bytes, &directory, entries)
}

/// Adds a directory and the end record.
pub(crate) fn finish_zip(
    mut bytes: Vec<u8>,
    directory: &[u8],
    entries: Vec<usize>,
) -> (Vec<u8>, Vec<usize>) {
    let start = bytes.len();
    bytes.extend_from_slice(directory);
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    let count = entries.len() as u16;
    bytes.extend([count, count].iter().flat_map(|n| n.to_le_bytes()));
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend((start as u32).to_le_bytes());
    bytes.extend([0, 0]);
    (bytes, entries.into_iter().map(|e| e + start).collect())
}

fn sizes(member: &Member<'_>) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(member.content);
    let length = member.content.len() as u32;
    [crc.sum(), length, length].iter().flat_map(|n| n.to_le_bytes()).collect()
}

pub(crate) fn local_header(member: &Member<'_>) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04\x14\0\0\0\0\0\0\0\x21\0".to_vec();
    bytes.extend(sizes(member));
    bytes.extend((member.name.len() as u16).to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend_from_slice(member.name.as_bytes());
    bytes
}

pub(crate) fn directory_entry(member: &Member<'_>, start: u32) -> Vec<u8> {
    let mut bytes = b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\x21\0".to_vec();
    bytes.extend(sizes(member));
    bytes.extend((member.name.len() as u16).to_le_bytes());
    bytes.extend([0; 12]);
    bytes.extend(start.to_le_bytes());
    bytes.extend_from_slice(member.name.as_bytes());
    bytes
}
