//! Reading what centres post back of their jobs: `actuals.json` or `actuals.csv`.
//!
//! A job that cannot be used is told with its place and left out; the others go on.

use std::collections::BTreeMap;
use std::path::Path;

use platewright_model::actuals::ActualDraft;
use platewright_model::config::Limits;
use platewright_model::error::InputFault;
use platewright_model::time::Time;
use serde_json::{Map, Value};

use crate::StoreError;
use crate::disk::read_limited;
use crate::night::without_mark;

/// Columns of a table of jobs.
pub const COLUMNS: [&str; 9] = [
    "machine",
    "build",
    "ended",
    "print_s",
    "feedstock_g",
    "layers",
    "volume_mm3",
    "surface_mm2",
    "height_mm",
];
/// Columns without which no job can be used.
const NEEDED: [&str; 3] = ["machine", "build", "print_s"];

/// A job that can be used, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct PostedJob {
    /// Its place, such as `actuals.csv: line 7`.
    pub place: String,
    /// What was posted.
    pub job: ActualDraft,
}

/// What was read of a file of jobs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PostedJobs {
    /// The jobs that can be used, in the order of the file; each machine has a name once.
    pub jobs: Vec<PostedJob>,
    /// What is wrong with the others.
    pub faults: Vec<InputFault>,
}

/// Reads a file of jobs: CSV if its name ends in `.csv`, JSON if in `.json`.
///
/// # Errors
/// If it cannot be read as a whole: no such file, another format, columns that are unknown or
/// missing.
pub fn read_actuals(path: &Path, limits: &Limits) -> Result<PostedJobs, StoreError> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let posted = |faults| StoreError::Posted { faults };
    let bytes = read_limited(path, limits.file_bytes).map_err(|reason| {
        posted(vec![InputFault::new("E1001", path.display().to_string(), reason)])
    })?;
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let read = match ending.as_str() {
        "csv" => read_csv(&file, &bytes),
        "json" => read_json(&file, &bytes),
        _ => Err(vec![InputFault::new("E1002", &file, "must be named .csv or .json")]),
    };
    read.map(|(jobs, faults)| checked(jobs, faults)).map_err(posted)
}

/// Jobs as they were read, and faults of those that were not.
type Read = (Vec<PostedJob>, Vec<InputFault>);

fn read_json(file: &str, bytes: &[u8]) -> Result<Read, Vec<InputFault>> {
    let fault = |place: String, message: String| vec![InputFault::new("E1002", place, message)];
    let mut all: Map<String, Value> =
        serde_json::from_slice(without_mark(bytes)).map_err(|error| {
            let place = format!("{file}: line {} column {}", error.line(), error.column());
            fault(place, error.to_string())
        })?;
    let Some(Value::Array(values)) = all.remove("jobs") else {
        return Err(fault(format!("{file}: jobs"), "must be there: a list of jobs".to_owned()));
    };
    if let Some(name) = all.keys().next() {
        return Err(fault(format!("{file}: {name}"), "is unknown; leave it out".to_owned()));
    }
    let (mut jobs, mut faults) = (Vec::new(), Vec::new());
    for (i, value) in values.into_iter().enumerate() {
        let place = format!("{file}: jobs[{i}]");
        match serde_json::from_value(value) {
            Ok(job) => jobs.push(PostedJob { place, job }),
            Err(error) => faults.push(InputFault::new("E1025", place, error.to_string())),
        }
    }
    Ok((jobs, faults))
}

fn read_csv(file: &str, bytes: &[u8]) -> Result<Read, Vec<InputFault>> {
    let text = std::str::from_utf8(without_mark(bytes)).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count();
        let place = format!("{file}: line {line}");
        vec![InputFault::new("E1002", place, "must be UTF-8; maybe save it as such")]
    })?;
    let first = text.lines().next().unwrap_or("");
    let delimiter = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut header: Option<Vec<String>> = None;
    let (mut jobs, mut faults) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record =
            record.map_err(|error| vec![InputFault::new("E1002", file, error.to_string())])?;
        let place = format!("{file}: line {}", record.position().map_or(0, csv::Position::line));
        let cells: Vec<&str> = record.iter().map(str::trim).collect();
        let Some(header) = &header else {
            header = Some(header_of(file, &cells)?);
            continue;
        };
        if cells.len() != header.len() {
            let (expected, found) = (header.len(), cells.len());
            let message = format!("must have {expected} cells like the header, has {found}");
            faults.push(InputFault::new("E1025", place, message));
            continue;
        }
        let cells = header.iter().map(String::as_str).zip(cells).collect();
        match job_of(&place, &cells) {
            Ok(job) => jobs.push(PostedJob { place, job }),
            Err(found) => faults.extend(found),
        }
    }
    if header.is_none() {
        let message = format!("must begin with the names of its columns: {}", COLUMNS.join(","));
        return Err(vec![InputFault::new("E1004", file, message)]);
    }
    Ok((jobs, faults))
}

fn header_of(file: &str, cells: &[&str]) -> Result<Vec<String>, Vec<InputFault>> {
    let mut faults = Vec::new();
    let mut fault = |name: &str, message: String| {
        faults.push(InputFault::new("E1004", format!("{file}: column {name:?}"), message));
    };
    for (i, name) in cells.iter().enumerate() {
        if !COLUMNS.contains(name) {
            fault(name, format!("must be one of {}", COLUMNS.join(", ")));
        } else if cells[..i].contains(name) {
            fault(name, "must be there once".to_owned());
        }
    }
    for name in NEEDED.iter().filter(|name| !cells.contains(name)) {
        fault(name, "must be there".to_owned());
    }
    if faults.is_empty() {
        Ok(cells.iter().map(|&name| name.to_owned()).collect())
    } else {
        Err(faults)
    }
}

/// The job of a row; an empty cell is what is not known.
fn job_of(place: &str, cells: &BTreeMap<&str, &str>) -> Result<ActualDraft, Vec<InputFault>> {
    let mut faults = Vec::new();
    let cell = |name: &str| cells.get(name).copied().filter(|cell| !cell.is_empty());
    let mut number = |name: &str| {
        let text = cell(name)?;
        text.parse::<f64>()
            .map_err(|_| {
                let message = format!("must be a number with a point, is {text:?}");
                faults.push(InputFault::new("E1025", format!("{place}: {name}"), message));
            })
            .ok()
    };
    // Without a time the job is refused when it is checked.
    let print_s = number("print_s");
    let job = ActualDraft {
        machine: cell("machine").unwrap_or_default().to_owned(),
        build: cell("build").unwrap_or_default().to_owned(),
        ended: cell("ended").map(str::to_owned),
        print_s: print_s.unwrap_or(f64::NAN),
        feedstock_g: number("feedstock_g"),
        layers: number("layers"),
        volume_mm3: number("volume_mm3"),
        surface_mm2: number("surface_mm2"),
        height_mm: number("height_mm"),
    };
    if faults.is_empty() { Ok(job) } else { Err(faults) }
}

/// Keeps the jobs whose values make sense, and of jobs of one name the first.
fn checked(jobs: Vec<PostedJob>, faults: Vec<InputFault>) -> PostedJobs {
    let mut posted = PostedJobs { jobs: Vec::new(), faults };
    let mut seen: BTreeMap<[String; 2], String> = BTreeMap::new();
    for PostedJob { place, job } in jobs {
        let mut found = faults_of(&place, &job);
        let name = [job.machine.clone(), job.build.clone()];
        if found.is_empty()
            && let Some(first) = seen.get(&name)
        {
            let message =
                format!("must be unique for its machine, is {:?} like {first}", job.build);
            found.push(InputFault::new("E1011", format!("{place}: build"), message));
        }
        if found.is_empty() {
            seen.insert(name, place.clone());
            posted.jobs.push(PostedJob { place, job });
        }
        posted.faults.append(&mut found);
    }
    posted
}

fn faults_of(place: &str, job: &ActualDraft) -> Vec<InputFault> {
    let mut faults = Vec::new();
    let mut fault = |code: &str, name: &str, message: String| {
        faults.push(InputFault::new(code, format!("{place}: {name}"), message));
    };
    for (name, value) in [("machine", &job.machine), ("build", &job.build)] {
        if value.trim().is_empty() {
            fault("E1010", name, "must not be empty".to_owned());
        }
    }
    if job.print_s.is_nan() {
        let message = "must not be empty: the seconds from the end of set-up to that of the print";
        fault("E1010", "print_s", message.to_owned());
    } else if !(job.print_s.is_finite() && job.print_s > 0.0) {
        fault("E1013", "print_s", format!("must be above 0 s, is {}", job.print_s));
    }
    for (name, value) in [
        ("feedstock_g", job.feedstock_g),
        ("layers", job.layers),
        ("volume_mm3", job.volume_mm3),
        ("surface_mm2", job.surface_mm2),
        ("height_mm", job.height_mm),
    ] {
        if let Some(value) = value.filter(|v| !(v.is_finite() && *v >= 0.0)) {
            fault("E1013", name, format!("must be at least 0, is {value}"));
        }
    }
    if let Some(Err(message)) = job.ended.as_deref().map(Time::parse) {
        fault("E1015", "ended", message);
    }
    faults
}

#[cfg(test)]
mod tests {
    use platewright_model::config::{Config, DEFAULT_TOML};

    use super::*;

    fn read(name: &str, text: &str) -> Result<PostedJobs, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        let limits = toml::from_str::<Config>(DEFAULT_TOML).unwrap().limits;
        read_actuals(&path, &limits).map_err(|error| error.to_string())
    }

    const JSON: &str = r#"{"jobs": [
        {"machine": "s1", "build": "B-7", "print_s": 40321, "ended": "2026-11-20T20:00:00Z"},
        {"machine": "s1", "build": "walk-in 3", "print_s": 9000.5, "layers": 300,
         "volume_mm3": 52000, "surface_mm2": 31000.5, "height_mm": 36, "feedstock_g": 61.5}]}"#;
    const CSV: &str = "\
build,machine,print_s,ended,layers,volume_mm3,surface_mm2,height_mm,feedstock_g
B-7,s1,40321,2026-11-20T20:00:00Z,,,,,
walk-in 3,s1,9000.5,,300,52000,31000.5,36,61.5
";

    #[test]
    fn json_and_csv_say_the_same() {
        let [json, csv] = [("a.json", JSON), ("a.csv", CSV)].map(|(n, t)| read(n, t).unwrap());
        let jobs = |read: &PostedJobs| -> Vec<ActualDraft> {
            read.jobs.iter().map(|posted| posted.job.clone()).collect()
        };
        assert_eq!(jobs(&json).len(), 2);
        assert_eq!(jobs(&json), jobs(&csv));
        assert_eq!(
            read("b.CSV", &format!("\u{feff}{}", CSV.replace(',', ";"))).unwrap().jobs.len(),
            2
        );
        assert_eq!((json.faults, csv.faults), (Vec::new(), Vec::new()));
    }

    #[test]
    fn bad_rows_are_told_and_the_others_go_on() {
        let text = "machine,build,print_s,layers,ended\n\
            s1,a,soon,,\n\
            s1,b,100,300,\n\
            s1,c,-5,-1,tomorrow\n\
            s1,b,100,300,\n\
            s1,d,7\n\
            ,,,,\n\
            s2,b,100,300,\n";
        let read = read("jobs.csv", text).unwrap();
        let kept: Vec<_> = read.jobs.iter().map(|job| job.place.as_str()).collect();
        assert_eq!(kept, ["jobs.csv: line 3", "jobs.csv: line 8"]);
        let told: Vec<_> = read.faults.iter().map(ToString::to_string).collect();
        let expected = [
            "jobs.csv: line 2: print_s [E1025] must be a number with a point, is \"soon\"",
            "jobs.csv: line 6 [E1025] must have 5 cells like the header, has 3",
            "jobs.csv: line 4: print_s [E1013] must be above 0 s, is -5",
            "jobs.csv: line 4: layers [E1013] must be at least 0, is -1",
            "jobs.csv: line 4: ended [E1015] must be a time like 2026-11-20T20:00:00Z, is \
             \"tomorrow\"",
            "jobs.csv: line 5: build [E1011] must be unique for its machine, is \"b\" like \
             jobs.csv: line 3",
            "jobs.csv: line 7: machine [E1010] must not be empty",
            "jobs.csv: line 7: build [E1010] must not be empty",
            "jobs.csv: line 7: print_s [E1010] must not be empty: the seconds from the end of \
             set-up to that of the print",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn jobs_of_json_that_cannot_be_read_leave_the_others() {
        let text = JSON.replace("\"B-7\"", "7").replace("40321", "1e999");
        assert!(read("a.json", &text).unwrap_err().contains("E1002"));
        let read = read("a.json", &JSON.replace("\"B-7\"", "7")).unwrap();
        assert_eq!(read.jobs.len(), 1);
        assert!(read.faults[0].to_string().starts_with("a.json: jobs[0] [E1025] invalid type"));
    }

    #[test]
    fn files_of_no_use_are_told_as_a_whole() {
        for (name, text, told) in [
            ("a.csv", "machine,build,print_s,colour\n", "column \"colour\" [E1004] must be one of"),
            ("a.csv", "machine,print_s,print_s\n", "column \"print_s\" [E1004] must be there once"),
            ("a.csv", "machine,print_s\n", "column \"build\" [E1004] must be there"),
            ("a.csv", "", "[E1004] must begin with"),
            ("a.json", "[]", "[E1002]"),
            ("a.json", "{\"jobs\": 7}", "jobs [E1002] must be there"),
            ("a.json", "{\"jobs\": [], \"more\": 1}", "more [E1002] is unknown"),
            ("a.txt", CSV, "a.txt [E1002] must be named"),
        ] {
            let error = read(name, text).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
    }
}
