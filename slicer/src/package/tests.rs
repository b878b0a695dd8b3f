//! Packages there and back, and the orders out of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::Arc;

use nalgebra::Point3;
use platewright_mesh::{TriMesh, read_3mf_items};
use platewright_model::config::Limits;
use platewright_model::cost::CostSplit;
use platewright_model::id::{BuildId, OrderId, PartId, UnitId};
use platewright_model::machine::BuildLoad;
use platewright_model::material::{NestingMode, ParameterSet, Process, ProcessCategory};
use platewright_model::measure::{Grams, Mm, Seconds};
use platewright_model::night::Night;
use platewright_model::order::{
    MixingRule, Order, OrderLine, OrientationPolicy, QualityClass, Unit,
};
use platewright_model::print_limits::PrintLimits;
use platewright_model::stage::{
    Assigned, Build, BuildSlices, GroupKey, MixingPool, Placement, PrintingGroup, ScheduledBuild,
};
use platewright_model::time::Time;

use super::iso21320;
use crate::format::testing::{at, tube, write};
use crate::format::{CliLayer, FormatOptions, read_cli};
use crate::{
    BuildSlicer, Manifest, PackageError, PackageInput, Placed, Planes, Restored, SliceOptions,
    read_package, restore, write_package,
};

fn limits() -> Limits {
    Limits {
        file_bytes: 1 << 30,
        triangles: 1 << 20,
        inflated_bytes: 1 << 30,
        inflation_ratio: 200,
        zip_members: 100,
        coordinate_mm: 10_000.0,
        line_quantity: 1000,
        night_units: 1000,
    }
}

fn line(number: usize, part: &str, quantity: u32) -> OrderLine {
    OrderLine {
        number,
        part: part.into(),
        quantity,
        elsewhere: Vec::new(),
        material: "pa12".into(),
        process: "sls".into(),
        colour: Some("white & <grey>".to_owned()),
        finish: vec!["dye".into()],
        quality: QualityClass::Standard,
        orientation: OrientationPolicy::Any,
        clearance: None,
        inside_cavity: false,
    }
}

fn order(id: &str, lines: Vec<OrderLine>) -> Order {
    Order {
        id: id.into(),
        customer: format!("customer of {id}").into(),
        region: "eu".into(),
        due: Time(1_800_000_000),
        deadline: (id == "B").then_some(Time(1_800_003_600)),
        promised: None,
        together: id == "B",
        priority: 3,
        mixing: MixingRule::Any,
        certificates: Vec::new(),
        lines,
    }
}

fn night() -> Night {
    let sls = Process {
        id: "sls".into(),
        name: "PBF-LB/P".to_owned(),
        category: ProcessCategory::Pbf,
        nesting: NestingMode::Volume,
        part_part: Mm(2.0),
        part_wall: Mm(2.0),
        part_plate: Mm(2.0),
        orientation: OrientationPolicy::Any,
        solid_fraction: 1.0,
        limits: PrintLimits::usual(ProcessCategory::Pbf, NestingMode::Volume),
        layer_area: None,
        materials: vec!["pa12".into()],
        parameter_sets: vec![ParameterSet {
            id: "sls-100".into(),
            quality: QualityClass::Standard,
            layer: Mm(0.5),
        }],
    };
    let orders = [
        order("A", vec![line(0, "cube", 2), line(1, "ball", 1)]),
        order("B", vec![line(0, "cube", 3)]),
    ];
    Night {
        planning_time: Time(1_790_000_000),
        currency: "EUR".to_owned(),
        materials: BTreeMap::new(),
        processes: BTreeMap::from([(sls.id.clone(), sls)]),
        post_processes: BTreeMap::new(),
        centres: BTreeMap::new(),
        classes: BTreeMap::new(),
        models: BTreeMap::new(),
        orders: orders.map(|o| (o.id.clone(), o)).into(),
    }
}

fn unit(order: &str, line: usize, copy: u32) -> UnitId {
    UnitId::derive(&order.into(), line, copy)
}

fn assigned(id: &str) -> Assigned {
    Assigned {
        build: id.into(),
        centre: "north".into(),
        machine: "m1".into(),
        cost: CostSplit::default(),
    }
}

fn scheduled(id: &str) -> ScheduledBuild {
    let t = Time(1_790_000_000);
    ScheduledBuild {
        build: id.into(),
        machine: "m1".into(),
        start: t,
        changeover: false,
        print_start: t,
        print_end: t,
        cooled: t,
        unload_start: t,
        end: t,
    }
}

fn group(units: &[UnitId]) -> PrintingGroup {
    let key = GroupKey {
        process: "sls".into(),
        material: "pa12".into(),
        parameter_set: "sls-100".into(),
        quality: QualityClass::Standard,
        pool: MixingPool::Shared,
        certificates: Vec::new(),
    };
    PrintingGroup { id: "g1".into(), key, units: units.to_vec() }
}

/// The package of a build of these units, side by side and each higher than the one before.
fn package(id: &str, of: &[UnitId], left_over: &BTreeSet<UnitId>) -> Vec<u8> {
    package_with(id, of, left_over, &["layers.cli"]).unwrap()
}

fn package_with(
    id: &str,
    of: &[UnitId],
    left_over: &BTreeSet<UnitId>,
    layer_files: &[&str],
) -> Result<Vec<u8>, PackageError> {
    let night = night();
    let units: BTreeMap<UnitId, Unit> = night.units().into_iter().map(|u| (u.id, u)).collect();
    let meshes: BTreeMap<PartId, Arc<TriMesh>> = BTreeMap::from([
        ("cube".into(), Arc::new(cuboid([4.0, 4.0, 4.0]))),
        ("ball".into(), Arc::new(tube(3.0, 0.0, 6.0, 24))),
    ]);
    let mut placements: Vec<Placement> = of
        .iter()
        .enumerate()
        .map(|(k, id)| Placement {
            unit: *id,
            part: night.line(&units[id]).part.clone(),
            pose: at(5.0 + 8.0 * k as f64, 5.0, 3.0 + k as f64),
            out: None,
        })
        .collect();
    placements.sort_by_key(|p| p.unit);
    let height_mm = 12.0;
    let load = BuildLoad { volume_mm3: 1.0, surface_mm2: 1.0, height_mm, layer_mm: 0.5 };
    let build = Build {
        id: id.into(),
        group: "g1".into(),
        class: "c1".into(),
        placements,
        load,
        density: 0.1,
    };
    let placed: Vec<_> = build
        .placements
        .iter()
        .map(|p| Placed::sound(Arc::clone(&meshes[&p.part]), p.pose))
        .collect();
    let planes = Planes::uniform(Mm(0.5), Mm(height_mm)).unwrap();
    let slicer = BuildSlicer::new(&placed, &planes, &SliceOptions::default()).unwrap();
    let layers: Vec<_> = (0..planes.count()).map(|i| slicer.layer(i).facts).collect();
    let slices = BuildSlices {
        build: build.id.clone(),
        layers,
        file: "b.cli".to_owned(),
        sha256: String::new(),
        figures: Vec::new(),
        print_time: Seconds(1000),
        material: Grams(5.5),
        open_contours: 0,
    };
    let (assigned, scheduled, group) = (assigned(id), scheduled(id), group(of));
    let cli = write("cli", &slicer, &FormatOptions::default()).unwrap();
    let svg = write("svg", &slicer, &FormatOptions::default()).unwrap();
    let layer_files: Vec<(&str, &[u8])> = layer_files
        .iter()
        .map(|&name| (name, if name.ends_with("svg") { &svg[..] } else { &cli[..] }))
        .collect();
    let input = PackageInput {
        build: &build,
        night: &night,
        units: &units,
        meshes: &meshes,
        assigned: &assigned,
        scheduled: &scheduled,
        slices: &slices,
        layer_files: &layer_files,
        group: &group,
        left_over,
    };
    let (bytes, sort_list) = write_package(&input)?;
    assert_eq!(sort_list.len(), of.len());
    Ok(bytes)
}

fn read(bytes: &[u8]) -> Manifest {
    read_package(bytes, &limits()).unwrap()
}

fn member(bytes: &[u8], name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut content = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut content).unwrap();
    content
}

#[test]
fn a_package_says_what_is_in_it() {
    let of = [unit("A", 0, 0), unit("B", 0, 1), unit("A", 1, 0)];
    let bytes = package("b1", &of, &BTreeSet::new());
    assert_eq!(bytes, package("b1", &of, &BTreeSet::new()), "the same bytes every time");
    let manifest = read(&bytes);
    assert_eq!(manifest.schema, "platewright-package/1");
    assert_eq!((manifest.layer, manifest.layers), (Mm(0.5), 24));
    let paths: Vec<_> = manifest.entries.iter().map(|e| e.path.as_str()).collect();
    assert_eq!(paths, ["build.3mf", "layers.cli", "sort-list.txt"]);
    // From the top down: the ball is the highest, then the cube of B, then that of A.
    let sorted: Vec<_> = manifest.sort_list.iter().map(|e| (e.position, e.unit)).collect();
    assert_eq!(sorted, [(1, of[2]), (2, of[1]), (3, of[0])]);
    // The two cubes are of different orders and look alike; the ball is alone.
    let alike: Vec<_> = manifest.sort_list.iter().map(|e| e.look_alikes).collect();
    assert_eq!(alike, [0, 1, 1]);
    let cube = manifest.units.iter().find(|u| u.unit == of[0]).unwrap();
    assert_eq!((cube.bounds.min, cube.bounds.max), ([5.0, 5.0, 3.0], [9.0, 9.0, 7.0]));
    let text = String::from_utf8(member(&bytes, "sort-list.txt")).unwrap();
    assert_eq!(text.lines().count(), 2 + 3);
    assert!(read_cli_area(&member(&bytes, "layers.cli")) > 0.0);
}

fn read_cli_area(bytes: &[u8]) -> f64 {
    read_cli(bytes).unwrap().layers.iter().map(CliLayer::area).sum()
}

#[test]
fn the_3mf_holds_every_unit_by_its_uuid() {
    let of = [unit("A", 0, 0), unit("B", 0, 1), unit("A", 1, 0)];
    let bytes = package("b1", &of, &BTreeSet::new());
    let manifest = read(&bytes);
    let items = read_3mf_items(&member(&bytes, "build.3mf"), &limits()).unwrap();
    assert_eq!(items.len(), 3);
    for (item, unit) in items.iter().zip(&manifest.units) {
        assert_eq!(item.uuid.as_deref(), Some(unit.unit.to_string().as_str()));
        let number = format!("{}/{}/{}", unit.order, unit.line, unit.copy);
        assert_eq!(item.part_number.as_deref(), Some(number.as_str()));
        for (a, b) in item.pose.translation.iter().zip(unit.pose.translation) {
            assert!((a - b).abs() < 1e-9);
        }
    }
}

#[test]
fn the_container_follows_the_standard() {
    let bytes = package("b1", &[unit("A", 0, 0)], &BTreeSet::new());
    let members = iso21320::check(&bytes).unwrap();
    let methods: Vec<_> = members.iter().map(|m| (m.name.as_str(), m.method)).collect();
    let wanted = [("build.3mf", 0), ("layers.cli", 8), ("manifest.json", 8), ("sort-list.txt", 8)];
    assert_eq!(methods, wanted);
    // The 3MF within is packed as is every 3MF, and follows the same standard.
    let inner = iso21320::check(&member(&bytes, "build.3mf")).unwrap();
    assert_eq!(inner.len(), 3);
}

#[test]
fn a_control_gets_the_layer_files_it_takes() {
    let of = [unit("A", 0, 0), unit("B", 0, 1)];
    let package = |names: &[&str]| package_with("b1", &of, &BTreeSet::new(), names);
    for names in [&[][..], &["layers.cli"], &["layers.cli", "more/layers.svg"]] {
        let bytes = package(names).unwrap();
        let manifest = read(&bytes);
        assert_eq!(manifest.layer_files, names);
        assert_eq!(manifest.entries.len(), 2 + names.len());
        let listed = |name: &&str| manifest.entries.iter().any(|e| e.path == *name);
        assert!(names.iter().all(listed));
        iso21320::check(&bytes).unwrap();
    }
    for (names, what) in [
        (&["build.3mf"][..], "another member"),
        (&["Manifest.JSON"], "another member"),
        (&["a.cli", "A.CLI"], "another member"),
        (&["../a.cli"], "leads out"),
    ] {
        let error = package(names).unwrap_err().to_string();
        assert!(error.contains("E8006") && error.contains(what), "{error}");
    }
    // A manifest from before names no layer files.
    let mut value = serde_json::to_value(read(&package(&[]).unwrap())).unwrap();
    value.as_object_mut().unwrap().remove("layer_files");
    assert!(serde_json::from_value::<Manifest>(value).unwrap().layer_files.is_empty());
}

#[test]
fn a_flipped_byte_is_found() {
    let bytes = package("b1", &[unit("A", 0, 0), unit("B", 0, 0)], &BTreeSet::new());
    let manifest = read(&bytes);
    let mut harmless = 0;
    let steps = (bytes.len() / 1500).max(1);
    for at in (0..bytes.len()).step_by(steps) {
        let mut broken = bytes.clone();
        broken[at] ^= 0x10;
        // A header field that says nothing of the content may change; the content may not.
        if let Ok(read) = read_package(&broken, &limits()) {
            assert_eq!(read, manifest, "byte {at}");
            harmless += 1;
        }
    }
    assert!(harmless * steps < 700, "{harmless} of {} flips were not seen", bytes.len() / steps);
    for end in [0, 10, bytes.len() / 2, bytes.len() - 1] {
        assert!(read_package(&bytes[..end], &limits()).is_err());
    }
}

#[test]
fn limits_and_strange_members_are_refused() {
    let bytes = package("b1", &[unit("A", 0, 0)], &BTreeSet::new());
    let few = Limits { zip_members: 2, ..limits() };
    assert!(read_package(&bytes, &few).unwrap_err().to_string().contains("E8005"));
    let small = Limits { inflated_bytes: 100, ..limits() };
    assert!(read_package(&bytes, &small).unwrap_err().to_string().contains("E8005"));
    let write = |extra: &str, from: &[u8]| {
        let mut zip = zip::ZipWriter::new_append(Cursor::new(from.to_vec())).unwrap();
        zip.start_file(extra, zip::write::SimpleFileOptions::default()).unwrap();
        zip.finish().unwrap().into_inner()
    };
    let error = |extra| read_package(&write(extra, &bytes), &limits()).unwrap_err().to_string();
    assert!(error("more.txt").contains("not in the manifest"));
    assert!(error("../evil").contains("leads out"));
    assert!(error("MANIFEST.json").contains("twice"));
}

fn restored(builds: &[(&str, &[UnitId])], left_over: &BTreeSet<UnitId>) -> Restored {
    let manifests = builds.iter().map(|(id, of)| read(&package(id, of, left_over))).collect();
    restore(manifests)
}

#[test]
fn orders_come_back_whole() {
    let first = [unit("A", 0, 0), unit("B", 0, 1), unit("A", 1, 0)];
    let second = [unit("A", 0, 1), unit("B", 0, 0), unit("B", 0, 2)];
    let whole = restored(&[("b2", &second), ("b1", &first)], &BTreeSet::new());
    assert!(whole.is_whole(), "{whole:?}");
    let night = night();
    assert_eq!(whole.orders.len(), 2);
    for order in &whole.orders {
        let original = &night.orders[&order.order];
        assert_eq!((&order.customer, &order.region), (&original.customer, &original.region));
        assert_eq!(order.due, original.due);
        assert_eq!((order.deadline, order.together), (original.deadline, original.together));
        for (line, ordered) in order.lines.iter().zip(&original.lines) {
            assert_eq!((line.number, &line.part), (ordered.number, &ordered.part));
            assert_eq!((line.quantity, &line.finish), (ordered.quantity, &ordered.finish));
            let copies: Vec<u32> = line.copies.iter().map(|c| c.copy).collect();
            assert_eq!(copies, (0..ordered.quantity).collect::<Vec<_>>());
        }
    }
    let b = &whole.orders[1].lines[0];
    let builds: Vec<_> = b.copies.iter().map(|c| c.build.as_str()).collect();
    assert_eq!(builds, ["b2", "b1", "b2"]);
}

#[test]
fn missing_double_and_left_over_are_told_apart() {
    let first = [unit("A", 0, 0), unit("B", 0, 1)];
    let second = [unit("A", 0, 0), unit("B", 0, 0)];
    let left = BTreeSet::from([unit("B", 0, 2)]);
    let found = restored(&[("b1", &first), ("b2", &second)], &left);
    assert!(!found.is_whole() && found.faults.is_empty());
    let a = &found.orders[0];
    assert_eq!(a.lines[0].missing, [1]);
    assert_eq!(a.lines[1].missing, [0], "the ball is in no package");
    assert_eq!(a.lines[0].double[0].builds, [BuildId::from("b1"), BuildId::from("b2")]);
    let b = &found.orders[1].lines[0];
    assert_eq!((&b.missing[..], &b.left_over[..]), (&[][..], &[2][..]));
}

#[test]
fn contradicting_packages_are_faults() {
    let m1 = read(&package("b1", &[unit("A", 0, 0)], &BTreeSet::new()));
    let twice = restore(vec![m1.clone(), m1.clone()]);
    assert!(twice.faults[0].contains("given twice") && twice.orders[0].lines[0].double.is_empty());
    let mut m2 = read(&package("b2", &[unit("A", 0, 1)], &BTreeSet::new()));
    m2.orders[0].lines[0].quantity = 7;
    m2.units[0].unit = unit("A", 0, 0);
    m2.units[0].part = "ball".into();
    let faults = restore(vec![m2.clone(), m1.clone()]).faults;
    assert!(faults.iter().any(|f| f.contains("differs between")), "{faults:?}");
    assert!(faults.iter().any(|f| f.contains("not that of its order")), "{faults:?}");
    assert!(faults.iter().any(|f| f.contains("ordered was cube")), "{faults:?}");
    m2.units[0].order = OrderId::from("Z");
    let faults = restore(vec![m1, m2]).faults;
    assert!(faults.iter().any(|f| f.contains("unknown")), "{faults:?}");
}

/// A box from the origin.
fn cuboid(size: [f64; 3]) -> TriMesh {
    let corner = |k: usize| {
        Point3::from(std::array::from_fn(|a| if k >> a & 1 == 1 { size[a] } else { 0.0 }))
    };
    let quads =
        [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
    let triangles = quads.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
    TriMesh { vertices: (0..8).map(corner).collect(), triangles }
}
