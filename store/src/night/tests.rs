use std::fs;
use std::path::Path;

use platewright_model::config::{Config, DEFAULT_TOML, Limits};
use platewright_model::night::Night;

use super::*;

const ORDERS: &str = r#"{"planning_time": "2026-11-20T20:00:00Z", "orders": [
  {"id": "A-1", "customer": "ada", "region": "north", "due": "2026-11-25T12:00:00Z",
   "deadline": "2026-11-25T18:00:00Z", "together": true,
   "certificates": ["iso13485", "en9100"], "lines": [
     {"model": "ring.stl", "unit": "mm", "quantity": 4, "material": "pa12", "process": "sls",
      "colour": "black; matt, \"as before\"", "finish": ["dye-black", "tumble"]},
     {"model": "box.3mf", "quantity": 1, "material": "pa12", "process": "sls"}]},
  {"id": "A-2", "customer": "bob", "region": "south", "due": "2026-11-26T12:00:00+01:00",
   "priority": 5, "mixing": "alone", "lines": [
     {"model": "ring.stl", "unit": "inch", "quantity": 2, "material": "pa12", "process": "sls",
      "quality": "fine", "orientation": "upright", "clearance_mm": 3.1, "inside_cavity": true}]}]}
"#;
const CATALOGUE: &str = r#"{"currency": "EUR",
  "materials": [{"id": "pa12", "name": "PA 12", "density_g_cm3": 0.95, "price_per_kg": 6000,
    "refresh_loss": 0.3, "bed_density_g_cm3": 0.45}],
  "processes": [{"id": "sls", "name": "PBF-LB/P", "category": "PBF", "nesting": "volume",
    "part_part_mm": 2, "part_wall_mm": 5, "part_plate_mm": 5, "materials": ["pa12"],
    "parameter_sets": [{"id": "sls-120", "quality": "standard", "layer_mm": 0.12},
                       {"id": "sls-060", "quality": "fine", "layer_mm": 0.06}]}],
  "post_processes": [{"id": "dye-black", "name": "Dye, black", "hours": 4},
                     {"id": "tumble", "name": "Tumble", "hours": 1.1}]}
"#;
const CENTRES: &str = r#"{"centres": [{"id": "ghent", "place": "Ghent",
  "certificates": ["iso13485", "en9100"],
  "freight": [{"region": "north", "per_shipment": 900, "per_kg": 100, "hours": 24},
              {"region": "south", "per_shipment": 1200, "per_kg": 150, "hours": 48}],
  "stock": [{"material": "pa12", "kg": 80.3}],
  "machines": [{"id": "s1", "name": "Sinter 1", "process": "sls", "materials": ["pa12"],
    "loaded": "pa12", "volume": {"kind": "cylinder", "diameter": 300.7, "z": 250},
    "excluded": [{"min": [0, 0, 0], "max": [10.1, 20, 5]}],
    "time": {"setup_minutes": 30, "fixed_minutes": 60, "layer_s": 10.3, "volume_s_per_cm3": 5.7,
      "cool_down_minutes": 600, "unload_minutes": 20},
    "per_hour": 2500, "least_fill": 0.3, "short_fill": 700, "calendar": {
      "staffed": [{"days": ["mon", "tue", "wed"], "from": "06:00", "to": "22:00"}],
      "maintenance": [{"from": "2026-11-22T00:00:00Z", "to": "2026-11-22T10:00:00Z"}]}}]}]}
"#;

fn limits() -> Limits {
    toml::from_str::<Config>(DEFAULT_TOML).unwrap().limits
}

/// A folder with these orders and a good catalogue and centres.
fn folder(file: &str, orders: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(CATALOGUE_FILE), CATALOGUE).unwrap();
    fs::write(dir.path().join(CENTRES_FILE), CENTRES).unwrap();
    fs::write(dir.path().join(file), orders).unwrap();
    dir
}

pub(crate) fn night() -> Night {
    let dir = folder(ORDERS_FILE, ORDERS.as_bytes());
    good(dir.path())
}

fn good(dir: &Path) -> Night {
    let input = read_night(dir, &limits()).unwrap();
    assert_eq!(input.validated.faults, []);
    input.validated.night.unwrap()
}

fn drafts() -> NightDrafts {
    let dir = folder(ORDERS_FILE, ORDERS.as_bytes());
    read_drafts(dir.path(), &limits()).unwrap().1
}

#[track_caller]
fn faults(dir: &Path, expected: &[&str]) {
    let found: Vec<_> = match read_night(dir, &limits()) {
        Ok(input) => input.validated.faults.iter().map(ToString::to_string).collect(),
        Err(StoreError::Night { faults }) => faults.iter().map(ToString::to_string).collect(),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(found, expected);
}

#[test]
fn json_csv_and_parquet_give_the_same_night() {
    let json = night();
    let orders = drafts().orders;
    let csv = folder("x", b"");
    write_orders_csv(&csv.path().join(ORDERS_CSV), &orders).unwrap();
    assert_eq!(good(csv.path()), json);
    let parquet = folder("x", b"");
    write_orders_parquet(&parquet.path().join(ORDERS_PARQUET), &orders).unwrap();
    assert_eq!(good(parquet.path()), json);
    let again = folder("x", b"");
    write_night_json(again.path(), &drafts()).unwrap();
    assert_eq!(good(again.path()), json);
}

#[test]
fn an_empty_night_keeps_its_planning_time_in_every_format() {
    let orders = OrdersDraft { orders: Vec::new(), ..drafts().orders };
    let csv = folder("x", b"");
    write_orders_csv(&csv.path().join(ORDERS_CSV), &orders).unwrap();
    let parquet = folder("x", b"");
    write_orders_parquet(&parquet.path().join(ORDERS_PARQUET), &orders).unwrap();
    for dir in [csv, parquet] {
        let night = good(dir.path());
        assert!(night.orders.is_empty());
        assert_eq!(night.planning_time.to_string(), "2026-11-20T20:00:00Z");
    }
}

#[test]
fn writing_again_gives_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for dir in [&one, &two] {
        write_night_json(dir.path(), &drafts()).unwrap();
        write_orders_csv(&dir.path().join(ORDERS_CSV), &drafts().orders).unwrap();
        write_orders_parquet(&dir.path().join(ORDERS_PARQUET), &drafts().orders).unwrap();
    }
    for name in [ORDERS_FILE, CATALOGUE_FILE, CENTRES_FILE, ORDERS_CSV, ORDERS_PARQUET] {
        let read = |dir: &tempfile::TempDir| fs::read(dir.path().join(name)).unwrap();
        assert_eq!(read(&one), read(&two), "{name}");
    }
}

#[test]
fn missing_files_are_told_all_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().display().to_string();
    faults(
        dir.path(),
        &[
            &format!(
                "orders [E1001] must be there: one of orders.json, orders.csv, orders.parquet is \
                 looked for in {at}"
            ),
            &format!("catalogue.json [E1001] must be there, is not in {at}"),
            &format!("centres.json [E1001] must be there, is not in {at}"),
        ],
    );
}

#[test]
fn two_files_of_orders_are_one_too_many() {
    let dir = folder(ORDERS_FILE, ORDERS.as_bytes());
    fs::write(dir.path().join(ORDERS_CSV), "").unwrap();
    faults(
        dir.path(),
        &["orders [E1003] must be in one file, are in orders.json and orders.csv: keep one"],
    );
}

#[test]
fn syntax_errors_have_line_and_column() {
    let dir = folder(ORDERS_FILE, b"{\"planning_time\": \"x\",\n  \"orders\": [}");
    fs::write(dir.path().join(CENTRES_FILE), "{\"centres\": [\n{\"id\": 3}]}").unwrap();
    faults(
        dir.path(),
        &[
            "orders.json: line 2 column 14 [E1002] expected value",
            "centres.json: line 2 column 8 [E1002] invalid type: integer `3`, expected a string",
        ],
    );
    let dir = folder(ORDERS_FILE, b"");
    faults(dir.path(), &["orders.json: line 1 column 0 [E1002] EOF while parsing a value"]);
    let dir = folder(ORDERS_FILE, b"{}");
    faults(dir.path(), &["orders.json: orders [E1002] must be there: a list, maybe empty"]);
}

#[test]
fn a_value_of_another_type_spoils_its_line_only() {
    let text = ORDERS.replace("\"quantity\": 4", "\"quantity\": \"four\", \"size\": 1");
    let dir = folder(ORDERS_FILE, text.as_bytes());
    faults(
        dir.path(),
        &[
            "orders.json: orders[0].lines[0].quantity [E1025] invalid type: string \"four\", \
             expected f64",
            "orders.json: orders[0].lines[0].size [E1025] unknown field `size`, expected one of \
             `model`, `unit`, `quantity`, `material`, `process`, `colour`, `finish`, `quality`, \
             `orientation`, `clearance_mm`, `inside_cavity`",
        ],
    );
    let input = read_night(dir.path(), &limits()).unwrap();
    assert_eq!(input.validated.night.unwrap().units().len(), 3);
    let text = ORDERS.replace("\"id\": \"A-2\"", "\"id\": 2");
    let dir = folder(ORDERS_FILE, text.as_bytes());
    faults(
        dir.path(),
        &["orders.json: orders[1].id [E1025] invalid type: integer `2`, expected a string"],
    );
}

const HEADER: &str = "planning_time,order,customer,region,due,priority,model,unit,quantity,\
                      material,process,inside_cavity\n";

#[test]
fn faults_of_rows_have_row_and_column() {
    let rows = "2026-11-20T20:00:00Z,A,ada,north,2026-11-25T12:00:00Z,2,a.stl,mm,-3,pa12,sls,\n\
                ,A,bob,north,2026-11-25T12:00:00Z,2,a.stl,mm,1,pa12,sls,\n\
                ,B,bob,moon,2026-11-25T12:00:00Z,2,a.stl,mm,1,pa12,sls,perhaps\n\
                ,C,bob,north,2026-11-25T12:00:00Z,high,a.stl,mm,many,pa12,sls,no\n\
                ,,bob,north,2026-11-25T12:00:00Z,1,a.stl,mm,1,pa12,sls,yes\n";
    let dir = folder(ORDERS_CSV, format!("{HEADER}{rows}").as_bytes());
    faults(
        dir.path(),
        &[
            "orders.csv: row 2: quantity [E1013] must be at least 1, is -3",
            "orders.csv: row 3: customer [E1025] must be as in row 2 of the same order (\"ada\"), \
             is \"bob\"",
            "orders.csv: row 4: region [E1012] must be a known region that a centre ships to \
             (north, south), is \"moon\"",
            "orders.csv: row 4: inside_cavity [E1025] must be true or false, is \"perhaps\"",
            "orders.csv: row 5: priority [E1025] must be a number, is \"high\"",
            "orders.csv: row 5: quantity [E1025] must be a number, is \"many\"",
            "orders.csv: row 6: order [E1010] must not be empty",
        ],
    );
}

#[test]
fn tables_with_other_columns_or_no_time_are_no_night() {
    let dir = folder(ORDERS_CSV, b"order,customer,customer,region,due,model,quantity,weight\n");
    let columns = COLUMNS.join(", ");
    faults(
        dir.path(),
        &[
            "orders.csv: column \"customer\" [E1004] must be there once",
            &format!(
                "orders.csv: column \"weight\" [E1004] must be one of {columns}, planning_time"
            ),
            "orders.csv: column \"material\" [E1004] must be there",
            "orders.csv: column \"process\" [E1004] must be there",
        ],
    );
    let text = HEADER.replace("planning_time,", "")
        + "A,ada,north,2026-11-25T12:00:00Z,2,a.stl,mm,3,pa12,sls,\n";
    let dir = folder(ORDERS_CSV, text.as_bytes());
    faults(
        dir.path(),
        &["orders.csv: row 2: planning_time [E1010] must not be empty, but a time like \
           2026-11-20T20:00:00Z"],
    );
    let dir = folder(ORDERS_CSV, format!("{HEADER}a,b\n").as_bytes());
    faults(dir.path(), &["orders.csv: row 2 [E1002] must have 12 cells like the header, has 2"]);
    let dir = folder(ORDERS_CSV, b"order,\xff\n");
    faults(dir.path(), &["orders.csv: line 1 [E1002] must be UTF-8; maybe save it as such"]);
}

#[test]
fn semicolons_and_a_byte_order_mark_are_understood() {
    let rows = "2026-11-20T20:00:00Z,A,ada,north,2026-11-25T12:00:00Z,2,a.stl,mm,3,pa12,sls,\n";
    let text = format!("\u{feff}{HEADER}{rows}").replace(',', ";");
    let dir = folder(ORDERS_CSV, text.as_bytes());
    assert_eq!(good(dir.path()).units().len(), 3);
}

#[test]
fn a_broken_parquet_file_is_told() {
    let dir = folder(ORDERS_PARQUET, b"PAR1 or not");
    let error = read_night(dir.path(), &limits()).unwrap_err().to_string();
    assert!(error.contains("orders.parquet [E1002] "), "{error}");
}

#[test]
fn rows_of_parquet_are_counted_from_one() {
    let mut orders = drafts().orders;
    orders.orders[1].lines[0].quantity = 2.5;
    let dir = folder("x", b"");
    write_orders_parquet(&dir.path().join(ORDERS_PARQUET), &orders).unwrap();
    faults(dir.path(), &["orders.parquet: row 3: quantity [E1013] must be a whole number, is 2.5"]);
}

#[test]
fn models_are_read_from_their_folder_only() {
    let dir = tempfile::tempdir().unwrap();
    let models = dir.path().join(MODELS_FOLDER);
    fs::create_dir(&models).unwrap();
    fs::write(models.join("a.stl"), b"solid").unwrap();
    fs::write(dir.path().join("secret.stl"), b"secret").unwrap();
    fs::create_dir(models.join("b.stl")).unwrap();
    assert_eq!(read_model_file(dir.path(), "a.stl", &limits()).unwrap(), b"solid");
    let refused = |file: &str, limits: &Limits| {
        read_model_file(dir.path(), file, limits).unwrap_err().to_string()
    };
    for file in ["../secret.stl", "..", "", "/etc/passwd", "x/a.stl", "x\\a.stl"] {
        assert_eq!(
            refused(file, &limits()),
            format!(
                "E1007 failed to read model {file:?}: must be the name of a file in the folder \
                 models"
            )
        );
    }
    assert!(refused("c.stl", &limits()).ends_with("is not in the folder models"));
    assert!(refused("b.stl", &limits()).ends_with("must be a regular file"));
    let small = Limits { file_bytes: 4, ..limits() };
    assert!(refused("a.stl", &small).contains("must have at most 4 bytes, has 5"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(dir.path().join("secret.stl"), models.join("d.stl")).unwrap();
        assert!(refused("d.stl", &limits()).contains("must be a file, is a link"));
    }
}

#[test]
fn centres_of_a_night_read_again_are_the_same() {
    let dir = folder(ORDERS_FILE, ORDERS.as_bytes());
    // Hours over midnight and over the end of the week, sources, a machine that is busy.
    let centres = CENTRES
        .replace("\"from\": \"06:00\", \"to\": \"22:00\"", "\"from\": \"18:30\", \"to\": \"02:15\"")
        .replace("\"wed\"", "\"sun\"")
        .replace(
            "\"name\": \"Sinter 1\"",
            "\"name\": \"Sinter 1\", \"source\": \"data sheet\",
            \"free_from\": \"2026-11-21T03:00:00Z\"",
        )
        .replace("\"setup_minutes\"", "\"source\": \"measured\", \"setup_minutes\"");
    fs::write(dir.path().join(CENTRES_FILE), &centres).unwrap();
    let night = good(dir.path());
    let machine = &night.centres.values().next().unwrap().machines[0];
    assert_eq!((machine.source.as_str(), machine.time_source.as_str()), ("data sheet", "measured"));
    assert_eq!(machine.calendar.staffed.len(), 4, "Sunday's hours end on Monday");
    write_centres_json(&dir.path().join(CENTRES_FILE), &centres_of(&night)).unwrap();
    assert_ne!(fs::read_to_string(dir.path().join(CENTRES_FILE)).unwrap(), centres);
    assert_eq!(good(dir.path()), night);
}
