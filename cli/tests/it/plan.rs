//! `platewright plan` and what it leaves behind.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::tool::{command, night, planned, platewright, text};

#[test]
fn a_night_is_planned_into_a_run_with_a_report() {
    let base = planned();
    let run = base.path().join("run");
    let page = std::fs::read_to_string(run.join("report.html")).expect("the report is there");
    assert!(page.trim_end().ends_with("</html>"));
    for file in ["run.json", "night.json", "41_placements.parquet", "60_schedule.parquet"] {
        assert!(run.join(file).is_file(), "{file} is missing");
    }
}

#[test]
fn figures_come_as_one_json_document() {
    let base = tempfile::tempdir().expect("a folder");
    let (night, run) = (night(base.path(), 12), base.path().join("run"));
    let args = ["plan", text(&night), "--out", text(&run), "--iterations", "0", "--json"];
    let figures = platewright(&args).ends(0).json();
    for key in
        ["bound", "gap", "cost", "builds", "placed", "unplaced", "late_orders", "missed_deadlines"]
    {
        assert!(figures[key].is_number(), "{key} is {:?}", figures[key]);
    }
    assert_eq!((&figures["placed"], &figures["unplaced"]), (&json!(12), &json!(0)));
    assert!(figures["bound"].as_i64() <= figures["assignment_objective"].as_i64());
}

#[test]
fn progress_comes_as_one_json_document_a_line() {
    let base = tempfile::tempdir().expect("a folder");
    let (night, run) = (night(base.path(), 12), base.path().join("run"));
    let args = ["plan", text(&night), "--out", text(&run), "--iterations", "0", "--ndjson"];
    let said = platewright(&args).ends(0);
    let lines: Vec<Value> = said
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e} in {line}")))
        .collect();
    let (last, progress) = lines.split_last().expect("there is progress");
    assert!(last["figures"]["cost"].is_number());
    assert!(progress.iter().all(|p| p["stage"].is_string() && p["done"].is_number()));
}

#[test]
fn the_number_of_threads_does_not_change_the_plan() {
    let base = tempfile::tempdir().expect("a folder");
    let night = night(base.path(), 12);
    let placements = ["1", "2"].map(|threads| {
        let run = base.path().join(threads);
        let args = ["plan", text(&night), "--out", text(&run), "--iterations", "2"];
        platewright(&[&args[..], &["--threads", threads]].concat()).ends(0);
        std::fs::read(run.join("41_placements.parquet")).expect("placements are there")
    });
    assert!(placements[0] == placements[1]);
}

#[test]
fn left_overs_end_with_3_unless_they_are_allowed() {
    let base = tempfile::tempdir().expect("a folder");
    let night = night(base.path(), 12);
    let path = night.join("orders.json");
    let mut orders: Value =
        serde_json::from_slice(&std::fs::read(&path).expect("orders")).expect("JSON");
    orders["orders"][0]["lines"][0]["quantity"] = json!(-3);
    std::fs::write(&path, orders.to_string()).expect("orders can be written");
    let run = base.path().join("run");
    let args = ["plan", text(&night), "--out", text(&run), "--iterations", "0"];
    let said = platewright(&args).ends(3);
    let fault = "orders.json: orders[0].lines[0].quantity [E1013] must be at least 1, is -3";
    assert!(said.err.contains(fault), "{}", said.err);
    platewright(&[&args[..], &["--allow-leftover"]].concat()).ends(0);
    platewright(&["check", text(&run)]).ends(0);
}

#[test]
fn a_night_that_cannot_be_read_ends_with_4_and_all_faults() {
    let base = tempfile::tempdir().expect("a folder");
    let night = night(base.path(), 12);
    std::fs::write(night.join("orders.json"), "{").expect("can be written");
    std::fs::remove_file(night.join("catalogue.json")).expect("it was there");
    std::fs::write(night.join("centres.json"), "[1, 2").expect("can be written");
    let run = base.path().join("run");
    let said = platewright(&["plan", text(&night), "--out", text(&run), "--json"]).ends(4);
    for part in ["orders.json", "catalogue.json", "centres.json", "E1001", "E1002"] {
        assert!(said.err.contains(part), "{part} is not in {}", said.err);
    }
    assert_eq!(said.out, "");
    assert!(!run.exists(), "a run folder was made for nothing");
}

#[test]
fn a_night_with_a_bad_machine_ends_with_4_and_the_place() {
    let base = tempfile::tempdir().expect("a folder");
    let night = night(base.path(), 12);
    let path = night.join("centres.json");
    let mut centres: Value =
        serde_json::from_slice(&std::fs::read(&path).expect("centres")).expect("JSON");
    centres["centres"][0]["machines"][0]["process"] = json!("magic");
    centres["centres"][0]["machines"][0]["per_hour"] = json!(-1);
    std::fs::write(&path, centres.to_string()).expect("can be written");
    let run = base.path().join("run");
    let said = platewright(&["plan", text(&night), "--out", text(&run)]).ends(4);
    for place in ["machines[0].process", "machines[0].per_hour"] {
        assert!(said.err.contains(place), "{place} is not in {}", said.err);
    }
}

#[test]
fn wrong_arguments_end_with_2() {
    platewright(&[]).ends(2);
    platewright(&["plan"]).ends(2);
    platewright(&["dance"]).ends(2);
    platewright(&["plan", "a", "--out", "b", "--budget", "soon"]).ends(2);
    platewright(&["plan", "a", "--out", "b", "--budget", "1s", "--iterations", "1"]).ends(2);
    platewright(&["--help"]).ends(0);
    platewright(&["--version"]).ends(0);
}

#[test]
fn a_folder_with_files_of_others_is_left_alone() {
    let base = planned();
    let full = base.path().join("full");
    std::fs::create_dir(&full).expect("a folder");
    std::fs::write(full.join("thesis.tex"), "years of work").expect("a file");
    let night = base.path().join("night");
    let args = ["plan", text(&night), "--out", text(&full), "--iterations", "0"];
    let said = platewright(&args).ends(4);
    assert!(said.err.contains("thesis.tex"), "{}", said.err);
    assert!(full.join("thesis.tex").is_file());
}

#[test]
fn settings_are_checked_by_name() {
    let base = planned();
    let (night, run) = (base.path().join("night"), base.path().join("other"));
    let args = ["plan", text(&night), "--out", text(&run), "--set", "volume.voxl_mm=2"];
    assert!(platewright(&args).ends(4).err.contains("voxl_mm"));
}

/// Ctrl-C while the search is on: the best so far is whole, on disk, and valid.
#[cfg(unix)]
#[test]
fn an_interrupt_leaves_a_valid_run() {
    let base = tempfile::tempdir().expect("a folder");
    let (night, run) = (night(base.path(), 120), base.path().join("run"));
    let args = ["plan", text(&night), "--out", text(&run), "--budget", "5m", "--json"];
    let set = ["--set", "volume.iterations=1000000", "--set", "plate.iterations=1000000"];
    let child = command(&[&args[..], &set[..]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command can be started");
    std::thread::sleep(Duration::from_secs(10));
    let sent = Instant::now();
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill is there").success(), "the plan was over before the signal");
    let output = child.wait_with_output().expect("the command ends");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{err}");
    assert!(sent.elapsed() < Duration::from_secs(120), "it took {:?} to stop", sent.elapsed());
    assert!(err.contains("stopping"), "{err}");
    let figures: Value = serde_json::from_slice(&output.stdout).expect("the figures are JSON");
    assert!(figures["placed"].as_u64() > Some(0), "{figures}");
    platewright(&["check", text(&run)]).ends(0);
    assert!(run.join("report.html").is_file());
}
