//! Reads and writes 3MF for programs of others: `benches/peers/threemf.py` measures it beside
//! them, `tests/outside/open_models.py` opens what it writes.
//!
//!     threemf read MODEL.3mf
//!     threemf write MODEL OUT.3mf
//!     threemf samples FOLDER

use std::f64::consts::PI;
use std::io::{Error, Write};
use std::path::Path;

use platewright_mesh::{
    Mark, ThreeMfBuild, ThreeMfItem, ThreeMfObject, TriMesh, correct, inspect, read_model,
    write_3mf, write_marked_3mf, write_obj, write_stl,
};
use platewright_model::config::Limits;
use platewright_model::geometry::Pose;
use platewright_model::measure::LengthUnit;
use platewright_model::stage::Severity;

const LIMITS: Limits = Limits {
    file_bytes: 1 << 32,
    triangles: 100_000_000,
    inflated_bytes: 1 << 34,
    inflation_ratio: 200,
    zip_members: 10_000,
    coordinate_mm: 10_000.0,
    line_quantity: 10_000,
    night_units: 100_000,
};

fn main() -> Result<(), Error> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut out = std::io::stdout();
    match words[..] {
        ["read", file] => {
            let mesh = read(file)?;
            writeln!(out, "{} vertices, {} triangles", mesh.vertices.len(), mesh.triangles.len())
        }
        ["write", file, target] => {
            let mesh = read(file)?;
            let before = cpu_seconds()?;
            let packed = build(&mesh)?;
            let seconds = cpu_seconds()? - before;
            std::fs::write(target, &packed)?;
            writeln!(out, "{} bytes written in {seconds} CPU s", packed.len())
        }
        ["samples", folder] => samples(Path::new(folder)),
        _ => Err(Error::other("usage: threemf read 3MF | write MODEL 3MF | samples FOLDER")),
    }
}

fn read(file: &str) -> Result<TriMesh, Error> {
    let bytes = std::fs::read(file)?;
    let unit = (!file.ends_with(".3mf")).then_some(LengthUnit::Mm);
    Ok(read_model(&bytes, file, unit, &LIMITS).map_err(Error::other)?.mesh)
}

/// A build of one copy of a mesh.
fn build(mesh: &TriMesh) -> Result<Vec<u8>, Error> {
    let uuid = |k: u32| format!("5e0c3a52-9a2a-4d8e-8f6e-0b7a4c1d2e0{k}");
    let build = ThreeMfBuild {
        uuid: uuid(0),
        objects: vec![ThreeMfObject { name: "model".to_owned(), mesh, uuid: uuid(1) }],
        items: vec![ThreeMfItem {
            object: 0,
            pose: Pose::IDENTITY,
            uuid: uuid(2),
            part_number: "1".to_owned(),
        }],
        metadata: Vec::new(),
    };
    write_3mf(&build).map_err(Error::other)
}

/// Writes a damaged ball with its faults in colour, and the same after correction, in every
/// format that is written.
fn samples(folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder)?;
    let mut ball = ball(20.0, 24);
    ball.triangles.swap_remove(200);
    for t in [100, 300, 301] {
        ball.triangles[t].swap(1, 2);
    }
    ball.triangles.push(ball.triangles[400]);
    let faults = inspect(&ball).faults;
    let marks: Vec<Mark<'_>> = faults
        .iter()
        .map(|fault| Mark {
            name: &fault.text,
            colour: match fault.severity {
                Severity::Error => [220, 30, 30],
                Severity::Warning => [240, 160, 0],
                Severity::Note => [60, 120, 220],
            },
            triangles: &fault.place.triangles,
        })
        .collect();
    let marked = write_marked_3mf(&ball, &marks).map_err(Error::other)?;
    std::fs::write(folder.join("marked.3mf"), marked)?;
    let repaired = correct(&ball).mesh;
    std::fs::write(folder.join("repaired.3mf"), build(&repaired)?)?;
    std::fs::write(folder.join("repaired.stl"), write_stl(&repaired))?;
    std::fs::write(folder.join("repaired.obj"), write_obj(&repaired).map_err(Error::other)?)?;
    let facts = inspect(&repaired).facts;
    let triangles: Vec<usize> = marks.iter().map(|mark| mark.triangles.len()).collect();
    let told = format!(
        "{{\"triangles\": {}, \"volume_mm3\": {}, \"broken_triangles\": {}, \
         \"marks\": {triangles:?}}}\n",
        facts.triangles,
        facts.volume_mm3,
        ball.triangles.len(),
    );
    std::fs::write(folder.join("truth.json"), told)
}

/// A ball of `n` meridians and `n` parallels.
fn ball(radius: f64, n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    let mut put = |r: f64, around: f64, z: f64| {
        mesh.vertices.push([r * around.cos(), r * around.sin(), z].into());
    };
    put(0.0, 0.0, -radius);
    for i in 1..n {
        let polar = PI * f64::from(i) / f64::from(n) - PI / 2.0;
        for j in 0..n {
            put(radius * polar.cos(), 2.0 * PI * f64::from(j) / f64::from(n), radius * polar.sin());
        }
    }
    put(0.0, 0.0, radius);
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

/// CPU time of this process so far, all threads, s.
fn cpu_seconds() -> Result<f64, Error> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |k: usize| fields.get(k).and_then(|f| f.parse::<f64>().ok());
    // The kernel counts in hundredths of a second.
    match (ticks(11), ticks(12)) {
        (Some(user), Some(system)) => Ok((user + system) / 100.0),
        _ => Err(Error::other("/proc/self/stat is of another form")),
    }
}
