//! Reads or writes one 3MF, so that a script can measure the whole process beside its peers; see
//! `benches/peers/threemf.py`.
//!
//!     threemf read MODEL.3mf
//!     threemf write MODEL.stl OUT.3mf

use std::io::{Error, Write};

use platewright_mesh::{ThreeMfBuild, ThreeMfItem, ThreeMfObject, read_model, write_3mf};
use platewright_model::config::Limits;
use platewright_model::geometry::Pose;
use platewright_model::measure::LengthUnit;

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
const UUIDS: [&str; 3] = [
    "5e0c3a52-9a2a-4d8e-8f6e-0b7a4c1d2e01",
    "5e0c3a52-9a2a-4d8e-8f6e-0b7a4c1d2e02",
    "5e0c3a52-9a2a-4d8e-8f6e-0b7a4c1d2e03",
];

fn main() -> Result<(), Error> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut out = std::io::stdout();
    match words[..] {
        ["read", file] => {
            let bytes = std::fs::read(file)?;
            let model = read_model(&bytes, file, None, &LIMITS).map_err(Error::other)?;
            let (vertices, triangles) = (model.mesh.vertices.len(), model.mesh.triangles.len());
            writeln!(out, "{vertices} vertices, {triangles} triangles")
        }
        ["write", file, target] => {
            let bytes = std::fs::read(file)?;
            let unit = (!file.ends_with(".3mf")).then_some(LengthUnit::Mm);
            let model = read_model(&bytes, file, unit, &LIMITS).map_err(Error::other)?;
            let uuid = |k: usize| UUIDS[k].to_owned();
            let name = "model".to_owned();
            let build = ThreeMfBuild {
                uuid: uuid(0),
                objects: vec![ThreeMfObject { name, mesh: &model.mesh, uuid: uuid(1) }],
                items: vec![ThreeMfItem {
                    object: 0,
                    pose: Pose::IDENTITY,
                    uuid: uuid(2),
                    part_number: "1".to_owned(),
                }],
                metadata: Vec::new(),
            };
            let before = cpu_seconds()?;
            let packed = write_3mf(&build).map_err(Error::other)?;
            let seconds = cpu_seconds()? - before;
            std::fs::write(target, &packed)?;
            writeln!(out, "{} bytes written in {seconds} CPU s", packed.len())
        }
        _ => Err(Error::other("usage: threemf read MODEL.3mf | threemf write MODEL OUT.3mf")),
    }
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
