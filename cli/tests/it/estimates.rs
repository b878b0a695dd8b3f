//! Time models fitted to posted jobs, print times by layers, figures of layers.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::tool::{planned, platewright, text};

/// Numbers that look random (a linear congruential generator, Knuth's constants).
struct Dice(u64);

impl Dice {
    fn even(&mut self, from: f64, to: f64) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from + (to - from) * (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Seconds of any job, of a layer, of a mm³, of a mm².
const TRUTH: [f64; 4] = [2400.0, 14.0, 0.006, 0.02];

/// What a job is like: layers, volume, surface.
type Measures = [f64; 3];

fn seconds([layers, volume, surface]: Measures, rates: [f64; 4]) -> f64 {
    rates[0] + rates[1] * layers + rates[2] * volume + rates[3] * surface
}

fn any_job(dice: &mut Dice) -> Measures {
    let layers = dice.even(200.0, 2500.0).round();
    let volume = layers * 0.1 * 90_000.0 * dice.even(0.02, 0.12);
    [layers, volume, volume * dice.even(0.3, 2.0)]
}

/// The machine of a run's first build, the build, and its measures by its layers.
fn first_build(run: &Path, out: &Path) -> (String, String, Measures) {
    let args = ["slice", text(run), "--format", "cli", "--out", text(out), "--json"];
    let sliced = platewright(&args).ends(0).json();
    let stack = sliced["stacks"].get(0).unwrap_or(&sliced);
    let build = stack["name"].as_str().expect("a name").to_owned();
    let layer = stack["layer_mm"].as_f64().expect("a thickness");
    let facts = stack["facts"].as_array().expect("layers");
    let sum = |name: &str| -> f64 {
        facts.iter().map(|f| f[name].as_f64().expect("a number")).sum::<f64>() * layer
    };
    let measures = [facts.len() as f64, sum("area_mm2"), sum("perimeter_mm")];
    let answer = platewright(&["explain", text(run), &build, "--json"]).ends(0).json();
    let machine = answer["builds"][0]["machine"].as_str().expect("a machine").to_owned();
    (machine, build, measures)
}

/// A table of 24 jobs of a machine, off by up to 5 %, of which jobs 5 and 17 are wrong.
fn posted(machine: &str, dice: &mut Dice) -> String {
    let mut csv = String::from("machine,build,ended,print_s,layers,volume_mm3,surface_mm2\n");
    for k in 0..24 {
        let job = any_job(dice);
        let wrong = match k {
            5 => 3.0,
            17 => 0.2,
            _ => 1.0,
        };
        let took = seconds(job, TRUTH) * dice.even(0.95, 1.05) * wrong;
        let [layers, volume, surface] = job;
        let day = 1 + k % 20;
        let measures = format!("{layers},{volume:.3},{surface:.3}");
        writeln!(csv, "{machine},job {k},2026-12-{day:02}T10:00:00Z,{took:.0},{measures}")
            .expect("memory");
    }
    csv
}

#[test]
fn calibrate_finds_the_times_of_a_machine_and_its_wrong_jobs() {
    let base = planned();
    let run = base.path().join("run");
    let (machine, build, measures) = first_build(&run, &base.path().join("layers"));
    let mut dice = Dice(7);
    let mut csv = posted(&machine, &mut dice);
    // A build of the run tells nothing but its time; its measures are those of its layers.
    writeln!(csv, "{machine},{build},,{:.0},,,", seconds(measures, TRUTH)).expect("memory");
    let file = base.path().join("jobs.csv");
    std::fs::write(&file, &csv).expect("a file");
    let new = base.path().join("new.json");
    let args = ["calibrate", text(&run), "--actuals", text(&file), "--out", text(&new), "--json"];
    let said = platewright(&args).ends(0).json();
    let fit = &said["machines"][0];
    assert_eq!((&fit["machine"], &fit["jobs"]), (&json!(machine), &json!(25)));
    let wrong: Vec<&str> = fit["wrong"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|w| w["build"].as_str().expect("a name"))
        .collect();
    assert_eq!(wrong, ["job 5", "job 17"]);
    let time = &fit["time"];
    let rate = |name: &str, unit: f64| time[name].as_f64().expect("a number") * unit;
    let fitted = [
        rate("fixed_minutes", 60.0),
        rate("layer_s", 1.0),
        rate("volume_s_per_cm3", 1e-3),
        rate("surface_s_per_cm2", 1e-2),
    ];
    let mut error = 0.0;
    for _ in 0..200 {
        let fresh = any_job(&mut dice);
        error += (seconds(fresh, fitted) / seconds(fresh, TRUTH) - 1.0).abs() / 200.0;
    }
    assert!(error < 0.05, "fresh jobs are {error} off in the mean");
    assert!(fit["held_out"]["median"].as_f64() < Some(0.05), "{fit}");
    // The build was planned by another model, which the jobs contradict.
    assert!(fit["median_before"].as_f64() > fit["held_out"]["median"].as_f64(), "{fit}");
    assert_eq!(time["source"], "refit of 23 of 25 jobs, the newest of 2026-12-20");
    // The same for people, and no word of the clock.
    let table = platewright(&args[..4]).ends(0).out;
    for part in ["volume_s_per_cm3", "std. error", "before", "job 17 took", "held out"] {
        assert!(table.contains(part), "{part} is not in {table}");
    }
    assert_eq!(platewright(&args[..4]).ends(0).out, table);
    let centres: Value =
        serde_json::from_slice(&std::fs::read(&new).expect("centres")).expect("JSON");
    let machines = centres["centres"].as_array().expect("centres").iter();
    let machines: Vec<&Value> =
        machines.flat_map(|centre| centre["machines"].as_array().expect("machines")).collect();
    let refitted: Vec<_> = machines.iter().filter(|m| m["time"] == *time).collect();
    assert_eq!(refitted.len(), 1);
    assert_eq!(refitted[0]["id"], *machine);
    assert!(machines.len() > 1, "the others are there as they were");
    // The new centres are good for the same night.
    let night = base.path().join("night");
    std::fs::copy(&new, night.join("centres.json")).expect("a file");
    let again = base.path().join("again");
    platewright(&["plan", text(&night), "--out", text(&again), "--iterations", "1"]).ends(0);
    let report = std::fs::read_to_string(again.join("report.html")).expect("a report");
    assert!(report.contains("planned by the linear time model"));
}

#[test]
fn jobs_that_cannot_be_used_are_told_and_the_others_fitted() {
    let base = planned();
    let run = base.path().join("run");
    let (machine, build, _) = first_build(&run, &base.path().join("layers"));
    let mut dice = Dice(11);
    let mut jobs: Vec<Value> = (0..18)
        .map(|k| {
            let job = any_job(&mut dice);
            json!({"machine": machine, "build": format!("job {k}"), "print_s": seconds(job, TRUTH),
                "layers": job[0], "volume_mm3": job[1], "surface_mm2": job[2]})
        })
        .collect();
    jobs.push(json!({"machine": "nowhere", "build": "x", "print_s": 5}));
    jobs.push(json!({"machine": machine, "build": "B-unknown", "print_s": 5, "layers": 9}));
    jobs.push(json!({"machine": machine, "build": "late", "print_s": -5}));
    jobs.push(json!({"machine": machine, "build": build, "print_s": "long"}));
    let file = base.path().join("jobs.json");
    let write = |jobs: &[Value]| {
        let text = json!({ "jobs": jobs }).to_string();
        std::fs::write(&file, text).expect("a file");
    };
    write(&jobs);
    let args = ["calibrate", text(&run), "--actuals", text(&file), "--machine", &machine];
    let said = platewright(&args).ends(4);
    for told in [
        "jobs[19]: build [E1027] must be a build of the runs, is \"B-unknown\"",
        "or tell its volume_mm3, surface_mm2",
        "jobs[20]: print_s [E1013] must be above 0 s, is -5",
        "jobs[21] [E1025]",
    ] {
        assert!(said.err.contains(told), "{told} is not in {}", said.err);
    }
    assert!(!said.err.contains("nowhere"), "jobs of other machines were not asked for");
    assert!(said.out.contains("refit of 18 jobs\n"), "{}", said.out);
    let all = platewright(&["calibrate", text(&run), "--actuals", text(&file)]).ends(4);
    assert!(all.err.contains("jobs[18]: machine [E1012]"), "{}", all.err);
    // Too few, and a build that two runs have.
    write(&jobs[..9]);
    let said = platewright(&args).ends(4);
    assert!(said.err.contains("E7012") && said.out.is_empty(), "{}", said.err);
    write(&[json!({"machine": machine, "build": build, "print_s": 5})]);
    let twice = platewright(&["calibrate", text(&run), text(&run), "--actuals", text(&file)]);
    assert!(twice.ends(4).err.contains("E7012"), "a run that is given twice is one");
    let other = planned();
    let other = other.path().join("run");
    let two = platewright(&["calibrate", text(&run), text(&other), "--actuals", text(&file)]);
    assert!(two.ends(4).err.contains("is in runs run and run"));
    platewright(&["calibrate", text(&base.path().join("night")), "--actuals", text(&file)]).ends(4);
    let none = base.path().join("none.csv");
    let said = platewright(&["calibrate", text(&run), "--actuals", text(&none)]).ends(4);
    assert!(said.err.contains("E1001"), "{}", said.err);
}

/// How machines of a process of the generated nights make their layers.
fn exposure(process: &str) -> Value {
    match process {
        "fff" | "mex" => json!({"source": "machine settings", "fixed_s": 300,
            "layers": {"kind": "filament", "layer_s": 1.5, "line_mm": 0.45, "walls": 2,
            "wall_mm_s": 60, "fill_mm_s": 90, "accelerate_mm_s2": 2000, "fill_share": 0.25,
            "solid_layers": 4, "flow_mm3_s": 12}}),
        _ => json!({"source": "job file", "fixed_s": 3600, "layers": {"kind": "beam",
            "recoat_s": 11, "hatch_mm": 0.25, "hatch_mm_s": 8000, "hatch_jump_s": 0.0004,
            "contour_mm_s": 2000, "contour_jump_s": 0.002, "layer_min_s": 14}}),
    }
}

#[test]
fn builds_of_machines_that_tell_their_layers_are_timed_by_them() {
    let base = planned();
    let night = base.path().join("night");
    let file = night.join("centres.json");
    let mut centres: Value =
        serde_json::from_slice(&std::fs::read(&file).expect("centres")).expect("JSON");
    for centre in centres["centres"].as_array_mut().expect("centres") {
        for machine in centre["machines"].as_array_mut().expect("machines") {
            machine["exposure"] = exposure(machine["process"].as_str().expect("a process"));
            if machine["process"] == "fff" {
                machine["accepts"] = json!(["gcode"]);
            }
        }
    }
    std::fs::write(&file, centres.to_string()).expect("a file");
    let plan = |name: &str, threads: &str| {
        let run = base.path().join(name);
        let args = ["plan", text(&night), "--out", text(&run), "--iterations", "1"];
        // The verifier computes print times anew; it would end with 3.
        platewright(&[&args[..], &["--threads", threads]].concat()).ends(0);
        run
    };
    let (run, other) = (plan("one", "1"), plan("two", "3"));
    for table in ["builds.parquet", "layers.parquet"] {
        let read = |run: &Path| std::fs::read(run.join("70_slices").join(table)).expect("a table");
        assert_eq!(read(&run), read(&other), "{table} is the same on any number of threads");
    }
    platewright(&["check", text(&run)]).ends(0);
    let report = std::fs::read_to_string(run.join("report.html")).expect("a report");
    assert!(report.contains("layer by layer, from how the machine makes them"));
    assert_eq!(platewright(&["restore", text(&run), "--json"]).ends(0).json()["faults"], json!([]));
}

#[test]
fn figures_of_layers_are_told_and_written() {
    let base = planned();
    let run = base.path().join("run");
    let out = base.path().join("layers");
    let facts = base.path().join("layers.parquet");
    let args = ["slice", text(&run), "--out", text(&out), "--facts", text(&facts), "--json"];
    let plain = platewright(&args).ends(0).json();
    let size = std::fs::metadata(&facts).expect("a table").len();
    let said = platewright(&[&args[..], &["--figures", "--angle", "45"]].concat()).ends(0).json();
    assert!(std::fs::metadata(&facts).expect("a table").len() > size);
    let stack = |said: &Value| said["stacks"].get(0).unwrap_or(said).clone();
    let (plain, said) = (stack(&plain), stack(&said));
    assert_eq!((&plain["facts"], plain.get("figures")), (&said["facts"], None));
    let (facts, figures) = (said["facts"].as_array(), said["figures"].as_array());
    let (facts, figures) = (facts.expect("layers"), figures.expect("figures"));
    assert_eq!(facts.len(), figures.len());
    let number = |value: &Value, name: &str| value[name].as_f64().expect("a number");
    let mut below = 0.0;
    for (facts, figures) in facts.iter().zip(figures) {
        let (area, changed) = (number(facts, "area_mm2"), number(figures, "changed_mm2"));
        assert!(changed >= (area - below).abs() - 1e-3 && changed <= area + below + 1e-3);
        assert!(number(figures, "island_mm2") <= number(figures, "overhang_mm2") + 1e-3);
        below = area;
    }
    assert!(figures.iter().any(|f| number(f, "changed_mm2") > 0.0));
    let people = platewright(&[&args[..6], &["--figures"]].concat()).ends(0);
    assert!(people.out.contains("islands"), "{}", people.out);
    platewright(&[&args[..], &["--figures", "--angle", "90"]].concat()).ends(2);
    platewright(&[&args[..], &["--angle", "40"]].concat()).ends(2);
}
