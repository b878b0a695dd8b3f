//! Batches on machines.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::tool::{platewright, text};

/// The instance and the plan of the documentation, as files.
fn example(folder: &TempDir) -> (PathBuf, PathBuf) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/scheduling.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let mut blocks = page
        .split("```json\n")
        .skip(1)
        .map(|rest| rest.split("```").next().expect("what is split has a first piece").to_owned())
        .filter(|block| block.contains("\"machines\""));
    let mut next = |name: &str| {
        let path = folder.path().join(name);
        let block = blocks.next().expect("the page has two examples with machines");
        std::fs::write(&path, block).expect("it can be written");
        path
    };
    (next("instance.json"), next("plan.json"))
}

#[test]
fn a_plan_is_verified_and_written() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (instance, told) = example(&folder);
    let out = folder.path().join("out.json");
    let trace = folder.path().join("trace.parquet");
    let args = ["schedule", text(&instance), "--out", text(&out), "--iterations", "2000"];
    let more = ["--json", "--trace", text(&trace)];
    let said = platewright(&[&args[..], &more[..]].concat()).ends(0).json();
    assert_eq!((&said["valid"], &said["instance"]), (&true.into(), &"three machines".into()));
    assert_eq!((&said["objective"], &said["production"]), (&14_795.into(), &13_775.into()));
    assert_eq!((&said["freight"], &said["lateness"]), (&1_020.into(), &0.into()));
    assert_eq!((&said["batches"], &said["placed"]), (&3.into(), &5.into()));
    assert!(said["bound"].as_i64() <= Some(14_795), "{}", said["bound"]);
    assert!(std::fs::read(&trace).expect("it was written").starts_with(b"PAR1"));
    let plan = std::fs::read(&out).expect("it was written");
    assert!(platewright(&args).ends(0).out.contains("verified"));
    assert_eq!(plan, std::fs::read(&out).expect("it was written"), "same seed, same bytes");
    // What the page tells is what comes out.
    let json = |path: &Path| -> Value {
        serde_json::from_slice(&std::fs::read(path).expect("it is there")).expect("it is JSON")
    };
    assert_eq!(json(&out)["machines"], json(&told)["machines"]);

    let check = |plan: &Path, code: i32| {
        let args = ["check", text(plan), "--instance", text(&instance), "--json"];
        platewright(&args).ends(code).json()
    };
    assert_eq!(check(&out, 0)["valid"], true);
    assert_eq!(check(&told, 0)["valid"], true);
    let page = std::fs::read_to_string(&told).expect("it is there");
    std::fs::write(&told, page.replace("\"end\": 400", "\"end\": 399")).expect("it can be written");
    let faults = check(&told, 3);
    assert_eq!(faults["valid"], false);
    assert!(faults["violations"][0].is_string(), "{faults}");
}

#[test]
fn what_there_is_too_little_time_for_is_explained() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (instance, _) = example(&folder);
    let plan = folder.path().join("out.json");
    // Fifteen copies, each of which takes 20 and 30 % of 140 and 200 at least: 1830 on laser 1,
    // which has to be done by 1560. From laser 2 they could not be there in time.
    let page = std::fs::read_to_string(&instance).expect("it is there");
    let page = page.replace("\"copies\": 3", "\"copies\": 15").replace("2000", "3000");
    std::fs::write(&instance, page).expect("it can be written");
    let args = ["schedule", text(&instance), "--out", text(&plan), "--iterations", "2000"];
    let said = platewright(&args).ends(0).out;
    let command = format!("explain {} --instance {} --capacity", text(&plan), text(&instance));
    assert!(said.contains(&command), "{said}");
    let args = ["explain", text(&plan), "--instance", text(&instance), "--capacity"];
    let said = platewright(&args).ends(0).out;
    assert!(
        said.contains("15 copies of 1 order, due 3000, need at least 1830 on laser 1"),
        "{said}"
    );
    let told = platewright(&[&args[..], &["--json"]].concat()).ends(0).json();
    let set = &told["tight"][0];
    assert_eq!((&set["needed"], &set["offered"]), (&1830.into(), &1560.into()));
    assert_eq!((&set["late_orders"], &set["shift"]), (&1.into(), &270.into()));
    assert_eq!((&set["orders"], &set["parts"]), (&[0].into(), &[0].into()));
    assert_eq!(set["machines"][0]["machine"], 0);
    assert_eq!(told["hopeless"].as_array().map(Vec::len), Some(0));
    assert!(
        told["bound"].as_i64() > Some(0) && told["bound"].as_i64() <= told["objective"].as_i64()
    );
    // One or the other: a part, or the capacity of all.
    let both = ["explain", text(&plan), "0", "--instance", text(&instance), "--capacity"];
    platewright(&both).ends(2);
    // Without an instance the folder of a run is meant.
    let said = platewright(&["explain", text(&plan), "--capacity"]).ends(4).err;
    assert!(said.contains("is not the folder of a run"), "{said}");
    platewright(&["explain", text(&plan), "--instance", text(&instance)]).ends(2);
}

#[test]
fn what_comes_first_is_planned_told_and_verified() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (instance, plan) = example(&folder);
    // More than laser 1 can print in time; laser 2 is cheaper, and slow to begin and to ship.
    let page = std::fs::read_to_string(&instance).expect("it is there");
    let page = page.replace("\"copies\": 3", "\"copies\": 15").replace("2000", "3000");
    let planned = |levels: &str, more: &[&str], code: i32| {
        let objective = format!("{{\"objective\": {{\"levels\": {levels}}}, ");
        std::fs::write(&instance, page.replacen('{', &objective, 1)).expect("it can be written");
        let args = ["schedule", text(&instance), "--out", text(&plan), "--iterations", "20000"];
        platewright(&[&args[..], more].concat()).ends(code)
    };
    let late = planned(r#"[["lateness"], ["freight", "production"]]"#, &["--json"], 0).json();
    let terms = ["production", "freight", "lateness"];
    let [production, freight, lateness] = terms.map(|term| late[term].as_i64().expect("a cost"));
    let level = |terms: &[&str], cost: i64| serde_json::json!({"terms": terms, "cost": cost});
    assert_eq!(late["levels"][0], level(&["lateness"], lateness));
    assert_eq!(late["levels"][1], level(&["freight", "production"], production + freight));
    assert_eq!((&late["objective"], &late["valid"]), (&lateness.into(), &true.into()));
    assert!(late["bound"].as_i64() <= Some(lateness));
    let cheap = planned(r#"[["production"]]"#, &["--json"], 0).json();
    assert!(cheap["production"].as_i64() < Some(production), "{cheap}");
    assert!(cheap["lateness"].as_i64() > Some(lateness), "{cheap}");

    let said = planned(r#"[["lateness"]]"#, &["--prove"], 0).out;
    let costs = format!("costs {lateness} (lateness), then {} (production", production + freight);
    assert!(said.contains(&costs) && said.contains("less at the first level than"), "{said}");
    let args = ["explain", text(&plan), "0", "--instance", text(&instance)];
    let elsewhere = platewright(&[&args[..], &["--json"]].concat()).ends(0).json();
    assert_eq!(elsewhere["machines"][0]["levels"], serde_json::json!([0, 0]));
    assert!(platewright(&args).ends(0).out.contains("level by level"));
    let check = ["check", text(&plan), "--instance", text(&instance)];
    platewright(&check).ends(0);
    let told = std::fs::read_to_string(&plan).expect("it is there");
    let mut tampered: Value = serde_json::from_str(&told).expect("it is JSON");
    tampered["levels"][1] = (production + freight - 1).into();
    std::fs::write(&plan, tampered.to_string()).expect("it can be written");
    let said = platewright(&check).ends(3).out;
    assert!(said.contains("levels: the plan says"), "{said}");

    let said = planned(r#"[["lateness"], ["lateness"], [], ["makespan"]]"#, &[], 4).err;
    for fault in ["levels[1][0] [E1030]", "levels[2] [E1023]", "levels[3][0] [E1013]"] {
        assert!(said.contains(&format!("objective.{fault}")), "{said}");
    }
    let said = planned(r#"[["speed"]]"#, &[], 4).err;
    assert!(said.contains("E1002") && said.contains("speed"), "{said}");
}

#[test]
fn what_cannot_be_planned_is_told() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (instance, plan) = example(&folder);
    let out = folder.path().join("out.json");
    let args = ["schedule", text(&instance), "--out", text(&out), "--iterations", "10"];
    let page = std::fs::read_to_string(&instance).expect("it is there");
    let write = |text: String| std::fs::write(&instance, text).expect("it can be written");
    // All faults at once, each with its place.
    write(page.replace("\"class\": 1", "\"class\": 2").replace("\"copies\": 3", "\"copies\": 0"));
    let said = platewright(&args).ends(4).err;
    assert!(said.contains("machines[2].class [E1028]"), "{said}");
    assert!(said.contains("parts[0].copies [E1013]"), "{said}");
    assert!(!out.exists());
    // A part that no machine takes is left over.
    write(page.replace("\"size\": 40", "\"size\": 400"));
    let said = platewright(&[&args[..], &["--json"]].concat()).ends(3).json();
    assert_eq!((&said["valid"], &said["unplaced"]), (&true.into(), &1.into()));
    assert!(platewright(&["check", text(&plan)]).ends(4).err.contains("--instance"));
    let both = ["check", text(folder.path()), "--instance", text(&instance)];
    assert!(platewright(&both).ends(4).err.contains("plans of batches"));
}

#[test]
fn generated_problems_are_planned() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let out = folder.path().join("plan.json");
    let all = folder.path().join("all");
    platewright(&["dataset", "amb", "--out", text(&all), "--size", "50"]).ends(0);
    platewright(&["dataset", "batches", "--out", text(&all), "--size", "10"]).ends(0);
    assert!(
        platewright(&["dataset", "amb", "--out", text(&all), "--size", "0"])
            .ends(4)
            .err
            .contains("E1095")
    );
    let names = [
        "amb-50-1",
        "one-10-p10-s1to10",
        "identical4-10-p20-s4to8",
        "unrelated3-10-p20-s1to10-late0.6",
        "additive2-10",
    ];
    for name in names {
        let instance = all.join(format!("{name}.json"));
        let args = ["schedule", text(&instance), "--out", text(&out), "--iterations", "20000"];
        let said = platewright(&[&args[..], &["--json"]].concat()).ends(0).json();
        assert_eq!((&said["valid"], &said["unplaced"]), (&true.into(), &0.into()), "{name}");
        // Taking each part in order of due date to where it adds least costs this.
        assert!(name != "amb-50-1" || said["objective"].as_i64() < Some(2_189_996), "{said}");
    }
}

#[test]
fn proofs_hold_before_the_check() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let night = folder.path().join("amb");
    let dataset = ["dataset", "amb", "--out", text(&night), "--size", "60", "--seed", "2"];
    platewright(&dataset).ends(0);
    let (instance, out) = (night.join("amb-60-2.json"), folder.path().join("plan.json"));
    let args = ["schedule", text(&instance), "--out", text(&out), "--iterations", "600000"];
    let plain = platewright(&[&args[..], &["--json"]].concat()).ends(0).json();
    let proven = platewright(&[&args[..], &["--json", "--prove"]].concat()).ends(0).json();
    assert_eq!(plain["objective"], proven["objective"]);
    assert!(proven["bound"].as_i64() > plain["bound"].as_i64(), "{plain} {proven}");
    let check = ["check", text(&out), "--instance", text(&instance), "--json"];
    assert_eq!(platewright(&check).ends(0).json()["valid"], true);
    // A higher price of one part is not proven.
    let mut plan: Value = serde_json::from_slice(&std::fs::read(&out).expect("it was written"))
        .expect("what was written is JSON");
    let price = &mut plan["certificate"]["parts"][7]["price"];
    *price = (price.as_i64().expect("it has a price") * 3).into();
    std::fs::write(&out, plan.to_string()).expect("it can be written");
    assert_eq!(platewright(&check).ends(3).json()["valid"], false);
}

#[test]
fn a_plan_goes_on_from_another() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let at = |name: &str| folder.path().join(name);
    platewright(&["dataset", "amb", "--out", text(&at("amb")), "--size", "200"]).ends(0);
    let (instance, first, later) = (at("amb/amb-200-1.json"), at("first.json"), at("later.json"));
    let next = at("next.json");
    let read = |path: &Path| -> Value {
        serde_json::from_slice(&std::fs::read(path).expect("it is there")).expect("it is JSON")
    };
    // Two orders come later, and a copy that leaves its batch has a price.
    let mut problem = read(&instance);
    problem["objective"]["moved"] = 2000.into();
    std::fs::write(&instance, problem.to_string()).expect("it can be written");
    let orders = problem["orders"].as_array().expect("a list").len();
    let mut early = problem.clone();
    early["orders"].as_array_mut().expect("a list").truncate(orders - 2);
    let comes = |part: &Value| part["order"].as_u64().expect("an index") < orders as u64 - 2;
    early["parts"].as_array_mut().expect("a list").retain(comes);
    let sooner = at("early.json");
    std::fs::write(&sooner, early.to_string()).expect("it can be written");
    let run = ["--iterations", "20000", "--json"];
    let plan = ["schedule", text(&sooner), "--out", text(&first)];
    platewright(&[&plan[..], &run].concat()).ends(0);

    let before = read(&first);
    let now = before["cost"]["makespan"].as_i64().expect("a number") / 4;
    // The machine with most batches breaks.
    let lines = before["machines"].as_array().expect("a list").iter().enumerate();
    let most = lines.max_by_key(|(_, line)| line.as_array().map_or(0, Vec::len));
    let broken = most.expect("there are machines").0;
    let broken_text = broken.to_string();
    let again = ["schedule", text(&instance), "--out", text(&later), "--from", text(&first)];
    let now_text = now.to_string();
    let how = ["--now", &now_text, "--broken", &broken_text, "--next", text(&next)];
    let said = platewright(&[&again[..], &how, &run].concat()).ends(0).json();
    assert_eq!((&said["valid"], &said["placed"]), (&true.into(), &200.into()));
    let after = read(&later);
    let mut kept = 0;
    for (m, line) in before["machines"].as_array().expect("a list").iter().enumerate() {
        let line = line.as_array().expect("a list");
        let begun = line.iter().filter(|b| b["start"].as_i64() < Some(now)).count();
        for k in 0..begun {
            assert_eq!(after["machines"][m][k], line[k], "batch {k} of machine {m} has started");
        }
        kept += begun;
        if m == broken {
            assert_eq!(after["machines"][m].as_array().expect("a list").len(), begun);
            assert!(line.len() > begun, "the machine has something to lose");
        }
    }
    assert!(kept > 5, "{kept} batches have started");
    let moved = said["moved"].as_i64().expect("a number");
    assert!(moved > 0 && moved < 100, "{moved} copies moved");
    let check = ["check", text(&later), "--instance", text(&next)];
    platewright(&check).ends(0);
    parts_are_explained(&later, &next, &after);
    let unknown = ["--broken", "99"];
    assert!(platewright(&[&again[..], &unknown].concat()).ends(4).err.contains("15 machines"));
}

/// What is printed last has not started, and may go elsewhere; what is printed first has started.
fn parts_are_explained(later: &Path, next: &Path, plan: &Value) {
    let ends = |batch: &&Value| batch["end"].as_i64();
    let lines = plan["machines"].as_array().expect("a list").iter();
    let batches = || lines.clone().flat_map(|line| line.as_array().expect("a list"));
    let part = |batch: Option<&Value>| batch.expect("a batch")["parts"][0]["part"].to_string();
    let (last, first) = (part(batches().max_by_key(ends)), part(batches().min_by_key(ends)));
    let explained = |part: &str, more: &[&str], code: i32| {
        let args = ["explain", text(later), part, "--instance", text(next)];
        platewright(&[&args[..], more].concat()).ends(code)
    };
    assert!(explained(&first, &[], 0).out.contains("has started"));
    let told = explained(&last, &["--json"], 0).json();
    assert_eq!(told["machines"][0]["extra_cost"], 0);
    assert!(told["machines"].as_array().expect("a list").len() > 3, "{told}");
    assert!(explained("200", &[], 4).err.contains("200 parts"));
}
