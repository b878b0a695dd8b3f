use std::path::{Path, PathBuf};

use platewright_model::batching::{
    BatchCost, BatchPlan, Copies, Load, PlannedBatch, Term, TimePrice, Weights,
};
use platewright_model::plate::Bed;
use platewright_model::validate::validate_batches;

use super::*;

/// Two workbooks' worth of made-up machines and parts: three machines of two kinds and four parts;
/// one machine and two parts, with the numbers of rows in a column of their own.
fn workbook() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test-data/additive.xlsx")
}

#[test]
fn a_workbook_has_a_problem_on_each_sheet() {
    let problem = read_batch_problem(&workbook(), 1).unwrap();
    validate_batches(&problem).unwrap();
    assert_eq!(problem.name, "additive-first");
    let makespan =
        Weights { production: 0, freight: 0, lateness: 0, makespan: 1, ..Weights::default() };
    assert_eq!(problem.objective, makespan);
    // The first and the last machine are alike.
    let classes: Vec<usize> = problem.machines.iter().map(|machine| machine.class).collect();
    assert_eq!((problem.classes.len(), classes), (2, vec![0, 1, 0]));
    let [first, second] = [&problem.classes[0], &problem.classes[1]];
    assert_eq!((first.capacity, first.setup), (1_000_000_000, 20_000_000));
    assert_eq!((second.capacity, second.setup), (500_000_000, 10_500_000));
    // 120.5 cm3 of 0.05 and 0.03 h, 12 cm of 1.5 and 0.75 h, in millionths.
    let load = |size, add, peak| Some(Load { size, add, peak });
    let parts = &problem.parts;
    let both = [load(200_000_000, 6_025_000, 18_000_000), load(200_000_000, 3_615_000, 9_000_000)];
    assert_eq!(parts[0].loads, both);
    // Too fine for the second kind; too fine, too large and too high; neither.
    assert_eq!(parts[1].loads, [load(150_250_000, 4_000_000, 11_250_000), None]);
    assert_eq!(parts[2].loads, [load(700_000_000, 45_000_000, 57_000_000), None]);
    assert_eq!(parts[3].loads[1], load(90_000_000, 10_000_000, 22_500_000));
    let releases: Vec<i64> = parts.iter().map(|part| part.release).collect();
    assert_eq!(releases, [0, 10_500_000, 3_000_000, 7_123_456]);

    let problem = read_batch_problem(&workbook(), 2).unwrap();
    assert_eq!((problem.machines.len(), problem.parts.len()), (1, 2));
    assert_eq!(problem.parts[1].loads, [load(50_000_000, 1_500_000, 4_000_000)]);
}

#[test]
fn levels_of_an_objective_are_read_and_only_written_if_there_are_any() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("levels.json");
    let mut problem = read_batch_problem(&workbook(), 2).unwrap();
    write_batch_problem(&path, &problem).unwrap();
    assert!(!std::fs::read_to_string(&path).unwrap().contains("levels"));
    problem.objective.levels = vec![vec![Term::Makespan]];
    write_batch_problem(&path, &problem).unwrap();
    assert_eq!(read_batch_problem(&path, 1).unwrap(), problem);
    let unknown = SMALL.replacen('{', r#"{"objective": {"levels": [["speed"]]}, "#, 1);
    std::fs::write(&path, unknown).unwrap();
    let error = read_batch_problem(&path, 1).unwrap_err().to_string();
    assert!(error.contains("E1002") && error.contains("unknown variant `speed`"), "{error}");
}

#[test]
fn what_is_no_workbook_of_machines_is_told() {
    let error = read_batch_problem(&workbook(), 3).unwrap_err().to_string();
    assert!(error.contains("E1032") && error.contains("2 sheets"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.xlsx");
    let read = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        read_batch_problem(&path, 1).unwrap_err().to_string()
    };
    assert!(read(b"no ZIP").contains("no workbook"));
    // Every cut of the archive is an error, not a panic.
    let whole = std::fs::read(workbook()).unwrap();
    for end in (0..whole.len()).step_by(97) {
        assert!(read(&whole[..end]).contains("E1032"));
    }
    let rows = |rows: &[&str]| read(&packed(&rows.concat()));
    assert!(rows(&[]).contains("row 2, column 1 must hold a number"));
    let counts = r#"<row><c><v>0</v></c></row><row><c><v>1.5</v></c></row>"#;
    assert!(rows(&[counts]).contains("holds 1.5"), "{}", rows(&[counts]));
    assert!(rows(&[r#"<row><c><v>five</v></c></row>"#]).contains("\"five\" in row 1"));
    assert!(rows(&[r#"<row><c r="5"><v>5</v></c></row>"#]).contains("no place of a cell"));
    assert!(rows(&["<row><c>"]).contains("E1032"));
}

/// A workbook as small as can be.
fn packed(rows: &str) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    for (name, text) in [
        ("xl/workbook.xml", r#"<workbook><sheets><sheet name="s" q:id="a"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", r#"<R><Relationship Id="a" Target="one.xml"/></R>"#),
        ("xl/one.xml", &sheet),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const TABLE: &str = ",ProcTime,Release,Due,Area\n0,5,0,4,50.0\n1,19,1,71,12.5\n";
const OUTLINES: &str = "[(0, 0), (10, 0), (10, 5), (0, 5)],\n[(0, 0), (5, -5.0), (5, 0)]\n";

#[test]
fn a_table_of_parts_is_read_with_their_outlines() {
    let folder = tempfile::tempdir().unwrap();
    let tables = folder.path().join("2.PartsSpecs/3Machines");
    std::fs::create_dir_all(&tables).unwrap();
    let table = tables.join("2Jobs_3Machines_(0, 1.0)_Sheet1.csv");
    std::fs::write(&table, TABLE).unwrap();
    let problem = read_batch_problem(&table, 1).unwrap();
    validate_batches(&problem).unwrap();
    assert_eq!((problem.machines.len(), problem.classes[0].capacity), (3, 400_000_000));
    let order = &problem.orders[1];
    assert_eq!((order.due, order.weight, problem.parts[1].release), (Some(71), 1, 1));
    let load = Load { size: 12_500_000, add: 0, peak: 19 };
    assert_eq!(problem.parts[1].loads, [Some(load)]);

    let read = || read_nested_batches(&table).map_err(|error| error.to_string());
    assert!(read().unwrap_err().contains("no 1.Polygons/allPolygons.txt"));
    std::fs::create_dir(folder.path().join("1.Polygons")).unwrap();
    let outlines = folder.path().join("1.Polygons/allPolygons.txt");
    std::fs::write(&outlines, OUTLINES).unwrap();
    let (batches, plate) = read().unwrap();
    assert_eq!(batches, problem);
    assert!(matches!(plate.plates[0].bed, Bed::Rectangle([20.0, 20.0])));
    assert_eq!(plate.parts[1].outline, [[0.0, 0.0], [5.0, -5.0], [5.0, 0.0]]);
    assert_eq!(plate.parts[1].turns.as_deref(), Some(&[0.0][..]));

    for (text, fault) in [
        (OUTLINES.replace("-5.0), (5", "-7.0), (5"), "outline 1 has area 17.5"),
        (OUTLINES.replace("(5, 0)]", "(5, 0)"), "line 2 must be an outline"),
        (OUTLINES.replace("(5, 0)]", "(5)]"), "line 2 must be an outline"),
        (OUTLINES.replace(",\n", "\n[(0, 0)],\n"), "3 outlines for 2 parts"),
    ] {
        std::fs::write(&outlines, &text).unwrap();
        let error = read().unwrap_err();
        assert!(error.contains("E1032") && error.contains(fault), "{text}: {error}");
    }
    for (text, fault) in [
        (TABLE.replace("71", "7.5"), "part 1: Due"),
        (TABLE.replace("19", "-19"), "part 1: ProcTime"),
        (TABLE.replace("Due", "End"), "missing field"),
        (TABLE.replace("71", "x"), "invalid float"),
    ] {
        std::fs::write(&table, &text).unwrap();
        let error = read_batch_problem(&table, 1).unwrap_err().to_string();
        assert!(error.contains("E1032") && error.contains(fault), "{text}: {error}");
    }
    let error = read_batch_problem(&tables.join("two.csv"), 1).unwrap_err().to_string();
    assert!(error.contains("number of machines"), "{error}");
}

#[test]
fn published_tables_are_read() {
    let data = std::env::var_os("PLATEWRIGHT_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let folder = data.join("nest-sched-am/Data");
    if !folder.is_dir() {
        eprintln!("skipped: no nest-sched-am in $PLATEWRIGHT_DATA or ../shared/data");
        return;
    }
    for parts in [15, 20, 25, 30] {
        let name = format!(
            "{parts}Parts/2.PartsSpecs/4Machines/{parts}Jobs_4Machines_(0.25, 0.5)[Beta_Alpha]\
             _0.5Gamma_5Delta_Sheet2.csv"
        );
        let (problem, plate) = read_nested_batches(&folder.join(name)).unwrap();
        validate_batches(&problem).unwrap();
        assert_eq!((problem.machines.len(), problem.parts.len()), (4, parts));
        assert_eq!(plate.parts.len(), parts);
    }
}

#[test]
fn a_problem_in_json_is_read_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small.json");
    std::fs::write(&path, SMALL).unwrap();
    let problem = read_batch_problem(&path, 1).unwrap();
    validate_batches(&problem).unwrap();
    assert_eq!((problem.rate_span, problem.parts[0].copies), (1, 1));
    write_batch_problem(&path, &problem).unwrap();
    assert_eq!(read_batch_problem(&path, 1).unwrap(), problem);

    let error = read_batch_problem(&path, 2).unwrap_err().to_string();
    assert!(error.contains("no number 2"), "{error}");
    std::fs::write(&path, SMALL.replace("\"setup\"", "\"set-up\"")).unwrap();
    let error = read_batch_problem(&path, 1).unwrap_err().to_string();
    assert!(error.contains("E1002") && error.contains("set-up"), "{error}");
}

const SMALL: &str = r#"{"classes": [{"capacity": 10, "setup": 3}], "machines": [{"class": 0}],
    "families": [{"material": 0, "machines": [0]}], "freight": [[{}, null]],
    "orders": [{"due": 9, "weight": 2}],
    "parts": [{"order": 0, "family": 0, "loads": [{"size": 4, "peak": 7}]}]}"#;

#[test]
fn a_plan_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    let copies = |part| Copies { part, copies: 2 };
    let batch = PlannedBatch { parts: vec![copies(3)], start: 5, end: 9 };
    let cost = BatchCost { makespan: 9, ..BatchCost::default() };
    let mut plan = BatchPlan {
        machines: vec![vec![], vec![batch]],
        unplaced: vec![copies(4)],
        cost,
        levels: vec![2, 9],
        bound: 7,
        certificate: None,
    };
    write_batch_plan(&path, &plan).unwrap();
    assert_eq!(read_batch_plan(&path).unwrap(), plan);
    let time = vec![TimePrice { machine: 1, from: -3, to: 8, rate: 2 }];
    plan.certificate =
        Some(platewright_model::batching::Certificate { time, ..Default::default() });
    write_batch_plan(&path, &plan).unwrap();
    assert_eq!(read_batch_plan(&path).unwrap(), plan);
}
