//! Laying out instances.

use crate::tool::{platewright, text};

const INSTANCE: &str = r#"{"name": "five", "strip_height": 4.01, "items": [
    {"demand": 3, "allowed_orientations": [0.0, 180.0],
     "shape": {"type": "simple_polygon", "data": [[0, 0], [2, 0], [0, 2]]}},
    {"demand": 2, "allowed_orientations": [0.0],
     "shape": {"type": "simple_polygon", "data": [[0, 0], [2, 0], [2, 1], [0, 1]]}}]}"#;

#[test]
fn a_layout_is_verified_and_written() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let instance = folder.path().join("five.json");
    std::fs::write(&instance, INSTANCE).expect("the instance can be written");
    let lay = |out: &str| {
        let out = folder.path().join(out);
        let args = ["nest", text(&instance), "--out", text(&out), "--iterations", "300", "--json"];
        let said = platewright(&args).ends(0).json();
        let read = |name: &str| std::fs::read(out.join(name)).expect("it was written");
        assert!(read("layout.svg").starts_with(b"<svg"));
        assert!(read("trace.parquet").starts_with(b"PAR1"));
        (said, read("layout.json"))
    };
    let (said, layout) = lay("one");
    assert_eq!(said["valid"], true);
    assert_eq!(said["placed"], 5);
    let (length, bound) = (said["length"].as_f64(), said["bound"].as_f64());
    // Areas of 3 times 2 and 2 times 2 over the height.
    assert_eq!(bound, Some(10.0 / 4.01));
    assert!(length >= bound && length <= Some(4.01), "{length:?}");
    assert_eq!(layout, lay("two").1, "the same seed gives the same bytes");
}

#[test]
fn an_instance_of_no_use_is_told() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let instance = folder.path().join("low.json");
    let out = folder.path().join("out");
    let args = ["nest", text(&instance), "--out", text(&out)];
    std::fs::write(&instance, INSTANCE.replace("4.01", "0.5")).expect("it can be written");
    let said = platewright(&args).ends(4);
    assert!(said.err.contains("E4004") && said.err.contains("item 0"), "{}", said.err);
    std::fs::write(&instance, "{}").expect("it can be written");
    assert!(platewright(&args).ends(4).err.contains("E1002"));
}

/// Five squares of 10 mm on beds of 25 mm: four to a plate.
const PLATES: &str = r#"{"name": "squares", "gap": 1,
    "plates": [{"bed": {"rectangle": [25, 25]}, "edge_gap": 1, "cost": 1.5}],
    "parts": [{"outline": [[0, 0], [10, 0], [10, 10], [0, 10]], "copies": 5, "turns": [0]}]}"#;

#[test]
fn plates_are_verified_and_written() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let instance = folder.path().join("squares.json");
    std::fs::write(&instance, PLATES).expect("the instance can be written");
    let out = folder.path().join("out");
    let lay = |more: &[&str]| {
        let args = ["nest", text(&instance), "--out", text(&out), "--iterations", "50", "--json"];
        platewright(&[&args[..], more].concat()).ends(0).json()
    };
    let read = |name: &str| std::fs::read(out.join(name)).expect("it was written");
    let said = lay(&[]);
    assert_eq!((&said["valid"], &said["instance"]), (&true.into(), &"squares".into()));
    assert_eq!((&said["plates"], &said["cost"]), (&2.into(), &3.0.into()));
    assert_eq!((&said["placed"], &said["unplaced"]), (&5.into(), &0.into()));
    assert_eq!((&said["seed"], &said["heuristic"]), (&1.into(), &"full".into()));
    assert_eq!(said["density"].as_f64(), Some(500.0 / 1250.0));
    let [bound, gap] = ["bound", "gap"].map(|key| said[key].as_f64().expect("a number"));
    assert!(bound <= 3.0 && (gap - (3.0 / bound - 1.0)).abs() < 1e-12, "{bound} {gap}");
    assert_eq!(said["optimal"], bound >= 3.0);
    for key in ["wall_seconds", "cpu_seconds", "iterations"] {
        assert!(said[key].is_number(), "{key}");
    }
    assert!(read("plate-001.svg").starts_with(b"<svg") && read("plate-002.svg").len() > 100);
    assert!(read("trace.parquet").starts_with(b"PAR1"));
    let layout = read("layout.json");
    lay(&["--start", text(&out.join("layout.json"))]);
    lay(&["--heuristic", "full"]);
    assert_eq!(layout, read("layout.json"), "the same seed gives the same bytes");

    // On one plate: the picture of the second goes.
    std::fs::write(&instance, PLATES.replace("[25, 25]", "[80, 80]")).expect("it can be written");
    assert_eq!(lay(&["--heuristic", "bottom-left"])["heuristic"], "bottom-left");
    assert!(out.join("plate-001.svg").exists() && !out.join("plate-002.svg").exists());
}

#[test]
fn parts_that_find_no_room_are_told() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let instance = folder.path().join("squares.json");
    let out = folder.path().join("out");
    let lay = |problem: String| {
        std::fs::write(&instance, problem).expect("the instance can be written");
        let args = ["nest", text(&instance), "--out", text(&out), "--iterations", "50", "--json"];
        platewright(&args)
    };
    let stock = PLATES.replace("\"cost\": 1.5", "\"stock\": 1");
    let said = lay(stock.clone()).ends(3).json();
    assert_eq!((&said["placed"], &said["unplaced"]), (&4.into(), &1.into()));
    assert_eq!((&said["valid"], &said["optimal"]), (&true.into(), &false.into()));
    let optional = stock.replace("\"copies\": 5", "\"copies\": 5, \"optional\": true");
    lay(optional).ends(0);
}

#[test]
fn heuristics_are_known_by_name() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let instance = folder.path().join("five.json");
    std::fs::write(&instance, INSTANCE).expect("the instance can be written");
    let out = folder.path().join("out");
    let lay = |more: [&str; 2]| {
        let args = ["nest", text(&instance), "--out", text(&out), "--iterations", "1"];
        platewright(&[&args[..], &more[..]].concat())
    };
    let names = ["bottom-left", "split", "lattice", "full"];
    let help = platewright(&["nest", "--help"]).ends(0).out;
    assert!(names.iter().all(|name| help.contains(name)), "{help}");
    std::fs::write(&instance, PLATES).expect("the instance can be written");
    let unknown = lay(["--heuristic", "magic"]).ends(4).err;
    assert!(names.iter().all(|name| unknown.contains(name)), "{unknown}");
    std::fs::write(&instance, INSTANCE).expect("the instance can be written");
    let strip = lay(["--heuristic", "split"]).ends(4).err;
    assert!(strip.contains("not nested by \"split\"; give full"), "{strip}");
    assert!(lay(["--start", "layout.json"]).ends(4).err.contains("--start"));
    lay(["--heuristic", "full"]).ends(0);
}

/// A cube of 10 mm.
const CUBE: &str = "v 0 0 0\nv 10 0 0\nv 10 10 0\nv 0 10 0\n\
    v 0 0 10\nv 10 0 10\nv 10 10 10\nv 0 10 10\n\
    f 4 3 2 1\nf 5 6 7 8\nf 1 2 6 5\nf 2 3 7 6\nf 3 4 8 7\nf 4 1 5 8\n";
/// Eight of them, four to a build.
const VOLUMES: &str = r#"{"name": "cubes", "clearance": 1,
    "volumes": [{"space": {"box": [24, 24, 12]}, "wall": 1}],
    "parts": [{"mesh": "cube.obj", "copies": 8}]}"#;

#[test]
fn solids_are_verified_and_written() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let instance = folder.path().join("cubes.json");
    let out = folder.path().join("out");
    std::fs::write(folder.path().join("cube.obj"), CUBE).expect("it can be written");
    let lay = |text_of: &str, more: &[&str]| {
        std::fs::write(&instance, text_of).expect("the instance can be written");
        let args = ["nest", text(&instance), "--out", text(&out), "--iterations", "300", "--json"];
        platewright(&[&args[..], more].concat())
    };
    let said = lay(VOLUMES, &[]).ends(0).json();
    assert_eq!((&said["builds"], &said["placed"]), (&2.into(), &8.into()));
    assert_eq!((&said["valid"], &said["optimal"]), (&true.into(), &true.into()));
    let read = |name: &str| std::fs::read(out.join(name)).expect("it was written");
    assert!(read("build-002.3mf").starts_with(b"PK"));
    assert!(read("build-002.png").starts_with(b"\x89PNG"));
    let layout = read("layout.json");
    // Pictures of builds that are no more go.
    lay(&VOLUMES.replace("[24, 24, 12]", "[24, 24, 90]"), &[]).ends(0);
    assert!(!out.join("build-002.png").exists() && !out.join("build-002.3mf").exists());
    // Open above, with the height as what is made least.
    let open = lay(&VOLUMES.replace("\"box\": [24, 24, 12]", "\"open\": [24, 24]"), &[]);
    let height = open.ends(0).json()["heights"][0].as_f64();
    assert!(height.is_some_and(|height| (22.0..22.1).contains(&height)), "{height:?}");
    lay(VOLUMES, &[]).ends(0);
    assert_eq!(read("layout.json"), layout, "the same seed gives the same bytes");
    let wrong = lay(&VOLUMES.replace("cube.obj", "ball.obj"), &[]).ends(4).err;
    assert!(wrong.contains("ball.obj"), "{wrong}");
    assert!(lay(VOLUMES, &["--heuristic", "magic"]).ends(4).err.contains("lowest, voxels, full"));
    for plain in ["lowest", "voxels"] {
        let said = lay(VOLUMES, &["--heuristic", plain]).ends(0).json();
        assert_eq!((&said["builds"], &said["valid"]), (&2.into(), &true.into()), "{plain}");
    }
    let grouped = VOLUMES.replace("\"copies\": 8", "\"copies\": 4, \"group\": 1");
    let unfit = lay(&grouped, &["--heuristic", "voxels"]).ends(4).err;
    assert!(unfit.contains("E4007") && unfit.contains("groups"), "{unfit}");
    let small = VOLUMES.replace("[24, 24, 12]", "[24, 24, 11]");
    assert_eq!(lay(&small, &[]).ends(3).json()["unplaced"], 8);
}

#[test]
fn boxes_are_verified_and_written() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let instance = folder.path().join("boxes.json");
    let out = folder.path().join("out");
    let problem = r#"{"name": "eight", "container": [10, 10, 10], "boxes": [
        {"size": [5, 5, 5], "copies": 9, "upright": [true, true, true]}]}"#;
    std::fs::write(&instance, problem).expect("the instance can be written");
    let args = ["nest", text(&instance), "--out", text(&out), "--iterations", "20", "--json"];
    let said = platewright(&args).ends(0).json();
    assert_eq!((&said["containers"], &said["placed"]), (&2.into(), &9.into()));
    assert_eq!((&said["bound"], &said["valid"]), (&2.0.into(), &true.into()));
    let turned = platewright(&[&args[..], &["--turns", "cube"]].concat()).ends(4).err;
    assert!(turned.contains("--turns"), "{turned}");
    let number = platewright(&[&args[..], &["--number", "2"]].concat()).ends(4).err;
    assert!(number.contains("no number 2"), "{number}");
}
