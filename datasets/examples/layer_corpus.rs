//! Slices the corpus of faulty models, as they came and corrected, and counts bad layers.
//!
//! `cargo run --release -p platewright-datasets --example layer_corpus -- [PART OF A NAME]
//! [--layers N] [--cases N] [--seed S] [--models DIR] [--battered DENSITY] [--list] [--write DIR]`
//!
//! A layer is bad if its area is more than 0.1 % off the truth, which is computed from the sound
//! meshes by code that shares nothing with the slicer; see `judge_layers` for small layers.
//! `--battered 1` slices models with one triangle in a hundred spoilt instead of the corpus.
//! `--list` names every case with a bad layer. `--write` writes the models as binary STL and the
//! areas of all layers, true and ours, as `layers.csv`, for `benches/peers/layers.py`.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nalgebra::Point3;
use platewright_check::layer_truth::{Cut, layer_areas};
use platewright_datasets::body::sphere;
use platewright_datasets::faulty::{
    CaseLayers, Corpus, FaultyCase, LayerStack, LayerVerdict, battered, compare_layers, corpus,
    judge_layers,
};
use platewright_mesh::{TriMesh, write_stl};
use platewright_model::geometry::Pose;
use platewright_model::measure::Mm;
use platewright_model::run::RunContext;
use platewright_slicer::{BuildSlicer, FactsOnly, Placed, Planes, SliceOptions, Unite};
use rayon::prelude::*;

struct Args {
    corpus: Corpus,
    filter: String,
    layers: u32,
    battered: Option<f64>,
    list: bool,
    write: Option<PathBuf>,
}

fn main() {
    let args = args();
    let all = slice_all(&args);
    if args.list {
        println!("{:44} {:>28} {:>28}", "case", "as it came", "corrected");
        for (case, layers) in &all {
            list(case, layers);
        }
        println!();
    }
    table(&all);
    println!("\nerror of the volume at layer h, h/2, h/4 of sound bodies, in parts of a million");
    convergence();
    if let Some(folder) = &args.write {
        write(folder, &all);
    }
}

fn args() -> Args {
    let mut args = Args {
        corpus: Corpus::default(),
        filter: String::new(),
        layers: 100,
        battered: None,
        list: false,
        write: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_default();
        match word.as_str() {
            "--layers" => args.layers = value().parse().expect("--layers takes a number"),
            "--cases" => args.corpus.cases = value().parse().expect("--cases takes a number"),
            "--seed" => args.corpus.seed = value().parse().expect("--seed takes a number"),
            "--models" => args.corpus.real = Some(value().into()),
            "--battered" => {
                args.battered = Some(value().parse().expect("--battered takes a number"));
            }
            "--list" => args.list = true,
            "--write" => args.write = Some(value().into()),
            _ => args.filter = word,
        }
    }
    args
}

/// Slices the cases asked for.
fn slice_all(args: &Args) -> Vec<(FaultyCase, CaseLayers)> {
    let compare = |case: FaultyCase| {
        let layers = compare_layers(&case, args.layers, true_areas, sliced_areas);
        (case, layers)
    };
    if let Some(density) = args.battered {
        let mut cases = battered(&args.corpus, density);
        cases.retain(|case| case.name.contains(&args.filter));
        return cases.into_par_iter().map(compare).collect();
    }
    let mut plans = corpus(&args.corpus);
    plans.retain(|plan| plan.name.contains(&args.filter));
    plans.par_iter().map(|plan| compare(plan.make())).collect()
}

/// Areas of the layers of a mesh as the slicer under test has them.
fn sliced_areas(mesh: &TriMesh, stack: &LayerStack) -> Vec<f64> {
    let seat = stack.seat(mesh);
    let planes = Planes::uniform(Mm(stack.layer_mm), Mm(seat.height)).expect("a usable thickness");
    let pose = Pose { translation: [0.0, 0.0, seat.lift], ..Pose::IDENTITY };
    let options = SliceOptions { unite: Unite::Always, ..SliceOptions::default() };
    let placed = [Placed::sound(Arc::new(mesh.clone()), pose)];
    let slicer = BuildSlicer::new(&placed, &planes, &options).expect("the corpus can be sliced");
    let sliced = slicer.run(&mut FactsOnly, &RunContext::with_iterations(0, 0));
    let facts = sliced.expect("nothing stops it").facts;
    facts.iter().skip(seat.below).map(|layer| layer.area_mm2).collect()
}

/// Areas over which sound meshes wind at least once.
fn true_areas(sound: &[TriMesh], heights: &[f64]) -> Vec<f64> {
    layer_areas(sound, heights).iter().map(|areas| areas.positive).collect()
}

/// Layers of all cases of one recipe.
#[derive(Default)]
struct Row {
    cases: usize,
    layers: usize,
    /// Bad layers, and cases with one.
    bad: [[usize; 2]; 2],
    worst: [(f64, String); 2],
}

impl Row {
    fn add(&mut self, case: &FaultyCase, layers: &CaseLayers) {
        self.cases += 1;
        self.layers += layers.truth.len();
        for (k, verdict) in verdicts(layers).into_iter().enumerate() {
            self.bad[k][0] += verdict.bad;
            self.bad[k][1] += usize::from(verdict.bad > 0);
            if verdict.error > self.worst[k].0 {
                self.worst[k] = (verdict.error, format!("{} layer {}", case.name, verdict.worst));
            }
        }
    }

    fn print(&self, name: &str) {
        let each = |k: usize| 1e3 * self.bad[k][0] as f64 / self.layers.max(1) as f64;
        let worst = |k: usize| match &self.worst[k] {
            (error, place) if *error > 1e-3 => format!("{:.3} % {place}", 100.0 * error),
            (error, _) => format!("{:.1e} %", 100.0 * error),
        };
        println!(
            "{name:20} {:5} {:8.2} {:4} {:9.2} {:4}  {} | {}",
            self.cases,
            each(0),
            self.bad[0][1],
            each(1),
            self.bad[1][1],
            worst(0),
            worst(1)
        );
    }
}

/// As it came, then corrected.
fn verdicts(layers: &CaseLayers) -> [LayerVerdict; 2] {
    [&layers.given, &layers.corrected].map(|have| judge_layers(&layers.truth, have))
}

fn table(all: &[(FaultyCase, CaseLayers)]) {
    println!("bad layers of 1000 (and cases with one): as they came, corrected; worst of each");
    println!("{:20} {:>5} {:>8} {:>4} {:>9} {:>4}", "recipe", "cases", "came", "", "corrected", "");
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut total = Row::default();
    for (case, layers) in all {
        rows.entry(&case.recipe).or_default().add(case, layers);
        total.add(case, layers);
    }
    for (name, row) in &rows {
        row.print(name);
    }
    total.print("all");
}

fn list(case: &FaultyCase, layers: &CaseLayers) {
    let verdicts = verdicts(layers);
    if verdicts.iter().any(|v| v.bad > 0) {
        let text = |v: &LayerVerdict| {
            format!("{:4} bad, {:9.3} % in {:4}", v.bad, 100.0 * v.error, v.worst)
        };
        println!("{:44} {} {}", case.name, text(&verdicts[0]), text(&verdicts[1]));
    }
}

/// How the volume of the layers of smooth bodies tends to that of the mesh: planes in the middle
/// of layers that fill the height exactly make the error fall with the square of the layer.
fn convergence() {
    let ball = sphere(20.0, 240);
    let bent = |bend: fn(&mut Point3<f64>)| {
        let mut mesh = ball.clone();
        mesh.vertices.iter_mut().for_each(bend);
        mesh
    };
    // Smooth and convex: a saddle has an area with a kink, whatever the slicer.
    let bodies = [
        ("sphere", ball.clone()),
        ("tilted sphere", tilted(&ball, 0.4, 0.3)),
        ("ellipsoid", bent(|p| p.z *= 0.4)),
        ("tilted ellipsoid", tilted(&bent(|p| p.x *= 1.7), 0.7, 0.5)),
        ("egg", bent(|p| p.z += 0.008 * p.z * p.z)),
    ];
    for (name, mesh) in bodies {
        let bounds = mesh.bounds().expect("bodies have corners");
        let (low, high) = (bounds.min[2], bounds.max[2]);
        let errors = [12_u32, 24, 48].map(|n| {
            let layer_mm = (high - low) / f64::from(n);
            let heights = (0..n).map(|i| low + (f64::from(i) + 0.5) * layer_mm).collect();
            let stack = LayerStack { plate_z: low, layer_mm, heights };
            let volume = |areas: Vec<f64>| areas.iter().sum::<f64>() * layer_mm;
            let ours = volume(sliced_areas(&mesh, &stack));
            let green = stack.heights.iter().map(|&z| Cut::new([&mesh], z).signed_area());
            let error = |volume: f64| 1e6 * (volume / mesh.volume() - 1.0);
            (error(ours), error(volume(green.collect())))
        });
        print!("{name:16}");
        for (ours, truth) in errors {
            print!(" {ours:9.2} (truth {truth:9.2})");
        }
        let fall = |k: usize| errors[k].0 / errors[k + 1].0;
        println!("  falls {:.2}x, {:.2}x", fall(0), fall(1));
    }
}

/// Turned about x, then y, radians.
fn tilted(mesh: &TriMesh, x: f64, y: f64) -> TriMesh {
    let ((sx, cx), (sy, cy)) = (x.sin_cos(), y.sin_cos());
    let mut mesh = mesh.clone();
    for v in &mut mesh.vertices {
        let (py, pz) = (cx * v.y - sx * v.z, sx * v.y + cx * v.z);
        (v.x, v.y, v.z) = (cy * v.x + sy * pz, py, cy * pz - sy * v.x);
    }
    mesh
}

/// Models as STL, and a table of layers.
fn write(folder: &Path, all: &[(FaultyCase, CaseLayers)]) {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let mut table = String::from(
        "file,recipe,layer_mm,layer,height_mm,truth_mm2,contour_mm,came_mm2,corrected_mm2\n",
    );
    for (case, layers) in all {
        let file = format!("{}.stl", case.name);
        std::fs::write(folder.join(&file), write_stl(&case.mesh)).expect("a model can be written");
        let stack = &layers.stack;
        for (i, z) in stack.heights.iter().enumerate() {
            let area = |areas: &[f64]| areas.get(i).copied().unwrap_or(0.0);
            let (truth, came) = (area(&layers.truth), area(&layers.given));
            let contour = Cut::new(&case.sound, *z).length();
            writeln!(
                table,
                "{file},{},{},{i},{},{truth},{contour},{came},{}",
                case.recipe,
                stack.layer_mm,
                z - stack.plate_z,
                area(&layers.corrected)
            )
            .expect("a string takes any text");
        }
    }
    std::fs::write(folder.join("layers.csv"), table).expect("the table can be written");
}
