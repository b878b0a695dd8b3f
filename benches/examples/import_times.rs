//! CPU time and memory of reading a model, step by step, beside `tobj` for OBJ.
//!
//!     cargo run --release -p platewright-benches --example import_times -- FILE…

use std::path::Path;
use std::process::ExitCode;

use platewright_mesh::{MappedFile, MeshError, TriMesh, edge_facts, read_model};
use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;

const LIMITS: Limits = Limits {
    file_bytes: 1 << 34,
    triangles: 1 << 28,
    inflated_bytes: 1 << 34,
    inflation_ratio: 1000,
    zip_members: 10_000,
    coordinate_mm: 1e6,
    line_quantity: 10_000,
    night_units: 100_000,
};

/// Rounds; the least time of each step counts, and the first as well: memory is fresh then.
const ROUNDS: usize = 5;

#[allow(clippy::print_stdout)] // It is what the example is for.
fn main() -> ExitCode {
    for file in std::env::args().skip(1) {
        match measure(&file) {
            Ok(text) => println!("{text}"),
            Err(error) => {
                println!("{error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn measure(file: &str) -> Result<String, MeshError> {
    let mut steps: [Vec<f64>; 3] = Default::default();
    let (mut triangles, mut held, mut facts) = (0, 0.0, None);
    for _ in 0..ROUNDS {
        let start = cpu_seconds();
        let source = MappedFile::open(Path::new(file), &LIMITS)?;
        let mesh = read_model(&source, file, Some(LengthUnit::Mm), &LIMITS)?.mesh;
        drop(source);
        let read = cpu_seconds();
        facts = Some(edge_facts(&mesh));
        let counted = cpu_seconds();
        triangles = mesh.triangles.len();
        held = bytes_held(&mesh) / triangles as f64;
        steps[0].push(read - start);
        steps[1].push(counted - read);
        if file.to_ascii_lowercase().ends_with("obj") {
            let start = cpu_seconds();
            let options = tobj::LoadOptions { triangulate: true, ..Default::default() };
            let peer = tobj::load_obj(file, &options);
            steps[2].push(cpu_seconds() - start);
            drop(peer);
        }
    }
    let each = |seconds: &[f64]| {
        let least = seconds.iter().copied().fold(f64::INFINITY, f64::min);
        let per = 1e6 / triangles as f64;
        format!("{:.3} µs a triangle (first round {:.3})", least * per, seconds[0] * per)
    };
    let mut text = format!(
        "{file}: {triangles} triangles, {held:.1} bytes a triangle in the mesh, most resident \
         {:.0} MB\n  read and weld       {}\n  twins, edges, shells {}\n  {facts:?}",
        peak_megabytes(),
        each(&steps[0]),
        each(&steps[1]),
    );
    if !steps[2].is_empty() {
        text += &format!("\n  tobj (no weld)      {}", each(&steps[2]));
    }
    Ok(text)
}

fn bytes_held(mesh: &TriMesh) -> f64 {
    (24 * mesh.vertices.len() + 12 * mesh.triangles.len()) as f64
}

/// CPU time of all threads of this process, ended ones too.
fn cpu_seconds() -> f64 {
    // Fields 14 and 15 are ticks in user and system mode (100 a second), counted after the name.
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default();
    let ticks: f64 =
        fields.split_whitespace().skip(11).take(2).filter_map(|f| f.parse::<f64>().ok()).sum();
    ticks / 100.0
}

fn peak_megabytes() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1000.0
}
