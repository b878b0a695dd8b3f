//! CPU time of reading and correcting models, in seconds and by triangle, and what came out.
//!
//! `cargo run --release -p platewright-mesh --example correct_times -- [ROUNDS] FILE...`; the least
//! time of the rounds counts. Set `RAYON_NUM_THREADS=1` to leave out what threads cost.
#![allow(clippy::print_stdout)]

use std::path::Path;
use std::process::ExitCode;

use platewright_mesh::{MappedFile, correct_distinct, read_model};
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

fn main() -> ExitCode {
    let mut rounds = 1;
    for word in std::env::args().skip(1) {
        if let Ok(number) = word.parse::<usize>() {
            rounds = number.max(1);
            continue;
        }
        let mut least = [f64::INFINITY; 2];
        for round in 0..rounds {
            let start = cpu_seconds();
            let unit = (!word.ends_with(".3mf")).then_some(LengthUnit::Mm);
            let mesh = match MappedFile::open(Path::new(&word), &LIMITS)
                .and_then(|source| read_model(&source, &word, unit, &LIMITS))
            {
                Ok(model) => model.mesh,
                Err(error) => {
                    println!("{error}");
                    return ExitCode::FAILURE;
                }
            };
            let read = cpu_seconds();
            let n = mesh.triangles.len();
            let correction = correct_distinct(mesh);
            let corrected = cpu_seconds();
            least = [least[0].min(read - start), least[1].min(corrected - read)];
            if round + 1 == rounds {
                let micros = least.map(|seconds| seconds * 1e6 / n as f64);
                println!(
                    "{word}: {n} triangles; read {:.4} s, correct {:.4} s, together {:.4} s; \
                     {:.3} and {:.3} µs a triangle; volume {:.4}, {} triangles, {} steps, {:?}",
                    least[0],
                    least[1],
                    least[0] + least[1],
                    micros[0],
                    micros[1],
                    correction.mesh.volume(),
                    correction.mesh.triangles.len(),
                    correction.steps.len(),
                    correction.review,
                );
            }
        }
    }
    ExitCode::SUCCESS
}

/// CPU time of all threads that are running; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    // The system brings the time of a thread up to date when it lets go of its processor.
    std::thread::yield_now();
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let nanoseconds: f64 = tasks
        .flatten()
        .filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok())
        .filter_map(|text| text.split(' ').next()?.parse::<f64>().ok())
        .sum();
    nanoseconds * 1e-9
}
