use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use platewright_model::config::{Config, DEFAULT_TOML};
use platewright_model::error::InputFault;
use platewright_model::geometry::{BoxMm, Pose, Way};
use platewright_model::id::UnitId;
use platewright_model::machine::BuildLoad;
use platewright_model::measure::{Grams, LengthUnit, Money, Seconds};
use platewright_model::order::QualityClass;
use platewright_model::run::{Listener, Progress};
use platewright_model::stage::*;
use platewright_model::time::Time;

use super::*;
use crate::StoreError;
use causes::cost;

mod causes;

fn run() -> (tempfile::TempDir, RunDir) {
    let dir = tempfile::tempdir().unwrap();
    let run = RunDir::create(&dir.path().join("run")).unwrap();
    (dir, run)
}

fn unit(n: u32) -> UnitId {
    UnitId::derive(&"A-1".into(), 0, n)
}

fn order_book() -> OrderBook {
    let units = super::super::night::tests::night().units();
    let faults = vec![InputFault::new("E1013", "orders.json: orders[0]", "must be, \"is\" ünlike")];
    let refused = Refused { order: "A-9".into(), line: None, quantity: 7, faults };
    let line = Refused { order: "A-1".into(), line: Some(3), quantity: 0, faults: Vec::new() };
    OrderBook { units, refused: vec![refused, line] }
}

fn part_set() -> PartSet {
    let facts = MeshFacts {
        bounds: BoxMm { min: [-0.1, 0.2, 1.0 / 3.0], max: [1e-300, 2.5e7, f64::MAX] },
        volume_mm3: -12.3,
        surface_mm2: 0.1 + 0.2,
        centroid: [-0.0, 5e-324, 7.0],
        triangles: u32::MAX,
        vertices: 3,
        shells: 1,
        watertight: true,
        oriented: false,
        open_edges: 0,
        non_manifold_edges: 9,
        intersecting_pairs: 2,
    };
    let fault = |code, at| MeshFault {
        code,
        severity: Severity::Warning,
        count: 4,
        place: Place {
            at,
            bounds: at.map(|at| BoxMm { min: at, max: [2.0, 3.0, 4.0] }),
            triangles: vec![4, 7],
        },
        text: "three holes".into(),
        suggestion: "close them".into(),
        correctable: true,
        corrected: at.is_some(),
    };
    let step = |volume_change_mm3| CorrectionStep {
        step: "fill_holes".into(),
        triangles: 3,
        volume_change_mm3,
        hausdorff_mm: volume_change_mm3.map(f64::abs),
        text: "three holes were filled".into(),
    };
    let part = |id: &str, facts, faults, verdict| PartRecord {
        id: id.into(),
        file: "ring.stl".into(),
        sha256: "ab".into(),
        unit: LengthUnit::Inch,
        facts,
        faults,
        review: vec!["look, \"here\"".into()],
        corrections: vec![step(Some(-0.5)), step(None)],
        printability: vec![Printability {
            process: "mex".into(),
            verdict: Verdict::NeedsReview,
            reasons: vec![fault(FaultCode::ThinWalls, Some([0.0; 3]))],
            orientations: vec![OrientationAdvice {
                up: [0.0, 0.0, -1.0],
                height_mm: 12.5,
                base_mm2: 100.0,
                overhang_mm2: 0.0,
                support_mm3: 0.0,
                best_for: BestFor::LargestBase,
            }],
        }],
        verdict,
    };
    let found = vec![
        fault(FaultCode::OpenEdges, Some([1.5, -2.0, f64::INFINITY])),
        fault(FaultCode::UnitSuspicion, None),
    ];
    let parts = vec![
        part("a", Some(facts), Vec::new(), Verdict::Printable),
        part("b", None, vec![fault(FaultCode::Unreadable, None)], Verdict::NotPrintable),
        part("c", Some(facts), found, Verdict::NeedsReview),
    ];
    PartSet { parts }
}

fn grouping() -> Grouping {
    let group = |id: &str, pool, units| PrintingGroup {
        id: id.into(),
        key: GroupKey {
            process: "sls".into(),
            material: "pa12".into(),
            parameter_set: "sls-120".into(),
            quality: QualityClass::Standard,
            pool,
            certificates: vec!["en9100".into(), "iso13485".into()],
        },
        units,
    };
    Grouping {
        groups: vec![
            group("g1", MixingPool::Shared, vec![unit(0), unit(1)]),
            group("g2", MixingPool::Customer("ada".into()), vec![unit(2)]),
            group("g3", MixingPool::Order("A-1".into()), Vec::new()),
        ],
        batches: vec![Batch {
            id: "b1".into(),
            group: "g1".into(),
            class: "sls/300x200x250".into(),
            units: vec![unit(1), unit(0)],
        }],
    }
}

fn build_plan() -> BuildPlan {
    let (sin, cos) = 0.7_f64.sin_cos();
    let pose = |n: u32| Pose {
        rotation: [[cos, -sin, 0.0], [sin, cos, -0.0], [0.0, 0.0, 1.0]],
        translation: [f64::from(n) / 3.0, -1e-17, 250.0],
    };
    let build = |id: &str, units: &[u32]| Build {
        id: id.into(),
        group: "g1".into(),
        class: "sls/300x200x250".into(),
        placements: units
            .iter()
            .map(|&n| Placement {
                unit: unit(n),
                part: "a".into(),
                pose: pose(n),
                out: (n < 2).then_some(DrawnOut { turn: 2 - n, way: Way::Left }),
            })
            .collect(),
        load: BuildLoad {
            volume_mm3: 1.0 / 7.0,
            surface_mm2: 2.0,
            height_mm: 100.1,
            layer_mm: 0.12,
        },
        density: 0.123_456_789_012_345_67,
    };
    BuildPlan {
        builds: vec![build("x1", &[0, 1]), build("x2", &[]), build("x3", &[2])],
        unplaced: vec![Unplaced {
            unit: unit(3),
            reason: UnplacedReason::NoFreight,
            text: "no centre ships there".into(),
        }],
    }
}

fn assignment() -> Assignment {
    let assigned = Assigned {
        build: "x1".into(),
        centre: "ghent".into(),
        machine: "s1".into(),
        cost: cost(5),
    };
    let unassigned = Unassigned {
        build: "x0".into(),
        reason: UnplacedReason::NoCapacity,
        text: "no feedstock".into(),
    };
    Assignment {
        assigned: vec![assigned.clone(), Assigned { build: "x2".into(), ..assigned }],
        unassigned: vec![unassigned],
        objective: Money(i64::MAX),
        bound: Money(-3),
        gap: 0.1 + 0.2,
        backend: "HiGHS".into(),
    }
}

fn schedule() -> Schedule {
    let at = |n: i64| Time(1_795_204_801 + n);
    let build = ScheduledBuild {
        build: "x1".into(),
        machine: "s1".into(),
        start: at(0),
        changeover: true,
        print_start: at(10),
        print_end: at(20),
        cooled: at(30),
        unload_start: at(40),
        end: Time(-1),
    };
    let delivery =
        Delivery { order: "A-1".into(), arrives: at(99), late: Seconds(7), complete: false };
    Schedule { builds: vec![build], deliveries: vec![delivery], cost: cost(100) }
}

fn slice_set() -> SliceSet {
    let layer = |n: u32| LayerFacts {
        top_mm: f64::from(n) * 0.1,
        area_mm2: 1.0 / 3.0,
        perimeter_mm: 9.9,
        contours: n,
    };
    // One build is compared layer by layer, with and without overhangs; the others are not.
    let figures = |id: &str, layers: u32| -> Vec<LayerFigures> {
        let of = |n: u32| LayerFigures {
            islands: n,
            island_mm2: 0.1 * f64::from(n),
            overhang_mm2: (n > 0).then_some(1.0 / 7.0),
            changed_mm2: 2.0 / 3.0,
        };
        if id == "x1" { (0..layers).map(of).collect() } else { Vec::new() }
    };
    let build = |id: &str, layers: u32| BuildSlices {
        build: id.into(),
        layers: (0..layers).map(layer).collect(),
        file: format!("{id}.layers"),
        sha256: "cd".into(),
        figures: figures(id, layers),
        print_time: Seconds(3600),
        material: Grams(12.1),
        open_contours: 2,
    };
    SliceSet { builds: vec![build("x1", 3), build("x2", 0), build("x3", 1)] }
}

fn package_set() -> PackageSet {
    let package =
        Package { build: "x1".into(), file: "x1.zip".into(), sha256: "ef".into(), bytes: 1 << 40 };
    PackageSet { packages: vec![package] }
}

fn meshes() -> Vec<MeshData> {
    let corner = |n: usize| [n as f64 / 3.0, -(n as f64).sqrt(), 1e-9 * n as f64];
    let mesh = |part: &str, n: usize| MeshData {
        part: part.into(),
        vertices: (0..n).map(corner).collect(),
        triangles: (0..n.saturating_sub(2) as u32).map(|i| [i, i + 2, i + 1]).collect(),
    };
    vec![mesh("a", 500), mesh("b", 0), mesh("c", 3)]
}

fn write_all(run: &RunDir) {
    run.write_night(&super::super::night::tests::night()).unwrap();
    run.write_order_book(&order_book()).unwrap();
    run.write_part_set(&part_set()).unwrap();
    run.write_meshes(&meshes()).unwrap();
    run.write_grouping(&grouping()).unwrap();
    run.write_build_plan(&build_plan()).unwrap();
    run.write_assignment(&assignment()).unwrap();
    run.write_schedule(&schedule()).unwrap();
    run.write_slice_set(&slice_set()).unwrap();
    run.write_package_set(&package_set()).unwrap();
}

#[test]
fn every_stage_comes_back_as_it_was() {
    let (_dir, run) = run();
    write_all(&run);
    assert_eq!(run.read_night().unwrap(), super::super::night::tests::night());
    assert_eq!(run.read_order_book().unwrap(), order_book());
    assert_eq!(run.read_part_set().unwrap(), part_set());
    assert_eq!(run.read_meshes().unwrap(), meshes());
    assert_eq!(run.read_grouping().unwrap(), grouping());
    assert_eq!(run.read_build_plan().unwrap(), build_plan());
    assert_eq!(run.read_assignment().unwrap(), assignment());
    assert_eq!(run.read_schedule().unwrap(), schedule());
    assert_eq!(run.read_slice_set().unwrap(), slice_set());
    assert_eq!(run.read_package_set().unwrap(), package_set());
}

#[test]
fn signs_of_zero_and_every_bit_of_a_pose_are_kept() {
    let (_dir, run) = run();
    run.write_build_plan(&build_plan()).unwrap();
    let bits = |plan: &BuildPlan| {
        let poses = plan.builds.iter().flat_map(|b| &b.placements).map(|p| p.pose);
        poses
            .flat_map(|p| p.rotation.into_iter().flatten().chain(p.translation))
            .map(f64::to_bits)
            .collect::<Vec<_>>()
    };
    assert_eq!(bits(&run.read_build_plan().unwrap()), bits(&build_plan()));
}

#[test]
fn an_empty_plan_comes_back_empty() {
    let (_dir, run) = run();
    run.write_order_book(&OrderBook::default()).unwrap();
    run.write_part_set(&PartSet::default()).unwrap();
    run.write_meshes(&[]).unwrap();
    run.write_grouping(&Grouping::default()).unwrap();
    run.write_build_plan(&BuildPlan::default()).unwrap();
    run.write_assignment(&Assignment::default()).unwrap();
    run.write_schedule(&Schedule::default()).unwrap();
    run.write_slice_set(&SliceSet::default()).unwrap();
    run.write_package_set(&PackageSet::default()).unwrap();
    assert_eq!(run.read_order_book().unwrap(), OrderBook::default());
    assert_eq!(run.read_part_set().unwrap(), PartSet::default());
    assert_eq!(run.read_meshes().unwrap(), []);
    assert_eq!(run.read_grouping().unwrap(), Grouping::default());
    assert_eq!(run.read_build_plan().unwrap(), BuildPlan::default());
    assert_eq!(run.read_assignment().unwrap(), Assignment::default());
    assert_eq!(run.read_schedule().unwrap(), Schedule::default());
    assert_eq!(run.read_slice_set().unwrap(), SliceSet::default());
    assert_eq!(run.read_package_set().unwrap(), PackageSet::default());
}

/// All files below a folder with their bytes.
fn files(path: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            into.insert(name, fs::read(&path).unwrap());
        }
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let ((_one, one), (_two, two)) = (run(), run());
    let (mut first, mut second) = (BTreeMap::new(), BTreeMap::new());
    for (run, into) in [(&one, &mut first), (&two, &mut second)] {
        write_all(run);
        files(run.path(), into);
    }
    assert_eq!(first.len(), 19);
    assert_eq!(first, second);
}

#[test]
fn the_record_comes_back_as_it_was() {
    let (_dir, run) = run();
    let record = RunRecord {
        platewright: "0.1.0".into(),
        source: "nights/demo".into(),
        started: Time(1_795_204_800),
        wall_s: 61.3,
        seed: u64::MAX,
        threads: 2,
        budget: BudgetRecord { time_s: Some(60.0), iterations: None },
        config: toml::from_str::<Config>(DEFAULT_TOML).unwrap(),
        models: [("a.stl".into(), sha256_hex(b"abc"))].into(),
        stage_keys: [("nest".to_owned(), stage_key(&[b"a", b""]))].into(),
        figures: [("builds".to_owned(), 12.into()), ("gap".to_owned(), 0.013.into())].into(),
    };
    run.write_record(&record).unwrap();
    assert_eq!(RunDir::open(run.path()).unwrap().read_record().unwrap(), record);
    // FIPS 180-2, appendix B.1.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(sha256_hex(b"abc"), abc);
}

#[test]
fn folders_of_others_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("thesis.doc"), b"years of work").unwrap();
    let error = RunDir::create(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::NotARun { .. }));
    assert!(error.to_string().contains("holds \"thesis.doc\"; give a new or empty folder"));
    assert!(dir.path().join("thesis.doc").exists());
    assert!(RunDir::open(dir.path()).unwrap_err().to_string().contains("it has no run.json"));
    let missing = RunDir::open(&dir.path().join("none")).unwrap_err();
    assert!(missing.to_string().contains("there is no such folder"));
}

#[test]
fn a_new_run_leaves_nothing_of_the_old() {
    let (_dir, run) = run();
    write_all(&run);
    fs::write(run.packages().join("x1.zip"), b"old").unwrap();
    let run = RunDir::create(run.path()).unwrap();
    let mut left = BTreeMap::new();
    files(run.path(), &mut left);
    assert_eq!(left, BTreeMap::new());
}

#[test]
fn damaged_tables_are_errors_that_name_the_file() {
    let (_dir, run) = run();
    write_all(&run);
    let path = run.file("41_placements.parquet");
    let error = |run: &RunDir| run.read_build_plan().unwrap_err().to_string();
    let whole = fs::read(&path).unwrap();
    for cut in [0, 3, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        let text = error(&run);
        assert!(text.starts_with("E1008 failed to read ") && text.contains("41_"), "{text}");
    }
    fs::copy(run.file("42_unplaced.parquet"), &path).unwrap();
    assert!(
        error(&run).contains("must say platewright.content = \"placements\", says \"unplaced\"")
    );
    let mut other = build_plan();
    other.builds[0].placements.pop();
    let (_other_dir, other_run) = self::run();
    other_run.write_build_plan(&other).unwrap();
    fs::copy(other_run.file("41_placements.parquet"), &path).unwrap();
    assert!(error(&run).contains("does not agree with 41_placements.parquet on x1"));
    fs::remove_file(&path).unwrap();
    assert!(error(&run).starts_with("E1006 failed to open "));
}

#[test]
fn a_mesh_with_an_index_of_no_vertex_is_an_error() {
    let (_dir, run) = run();
    let mut broken = meshes();
    broken[2].triangles[0][1] = 3;
    run.write_meshes(&broken).unwrap();
    let error = run.read_meshes().unwrap_err().to_string();
    assert!(error.contains("has a broken mesh of part c"), "{error}");
}

#[test]
fn events_are_one_document_a_line() {
    let (_dir, run) = run();
    let log = EventLog::open(&run).unwrap();
    log.append("stage", &BTreeMap::from([("name", "nest\nnext")])).unwrap();
    log.report(&Progress { stage: "nest", done: 3, total: 9, text: "build x1" });
    drop(EventLog::open(&run).unwrap());
    let text = fs::read_to_string(run.file("events.ndjson")).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["event"], &lines[0]["name"]), (&"stage".into(), &"nest\nnext".into()));
    assert_eq!((&lines[1]["stage"], &lines[1]["done"]), (&"nest".into(), &3.into()));
}

#[test]
fn meshes_of_a_night_pack_well() {
    // 80 tori of 20 000 triangles, with shared vertices.
    let torus = |p: usize| {
        let (n, m) = (200, 50);
        let corner = |i: usize| {
            let u = (i / m) as f64 * std::f64::consts::TAU / n as f64;
            let v = (i % m) as f64 * std::f64::consts::TAU / m as f64;
            let r = 30.0 + p as f64 + 7.0 * v.cos();
            [r * u.cos(), r * u.sin(), 7.0 * v.sin()]
        };
        let at = |i: usize, j: usize| ((i % n) * m + j % m) as u32;
        let quads = (0..n).flat_map(|i| (0..m).map(move |j| (i, j)));
        MeshData {
            part: format!("torus-{p}").as_str().into(),
            vertices: (0..n * m).map(corner).collect(),
            triangles: quads
                .flat_map(|(i, j)| {
                    let q = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
                    [[q[0], q[1], q[2]], [q[0], q[2], q[3]]]
                })
                .collect(),
        }
    };
    let meshes: Vec<_> = (0..80).map(torus).collect();
    let (_dir, run) = run();
    let begin = std::time::Instant::now();
    run.write_meshes(&meshes).unwrap();
    let written = begin.elapsed();
    assert_eq!(run.read_meshes().unwrap(), meshes);
    let bytes = fs::metadata(run.file("21_meshes.parquet")).unwrap().len();
    println!("{bytes} bytes, written in {written:?}, read in {:?}", begin.elapsed() - written);
    let raw = meshes.iter().map(|m| m.vertices.len() * 24 + m.triangles.len() * 12).sum::<usize>();
    assert!(bytes < raw as u64, "packed {bytes}, raw {raw}");
}
