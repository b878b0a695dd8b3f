//! One planned night for many tests, kept in memory so that nothing stays behind on disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use platewright_check::Violation;
use platewright_datasets::{NightOptions, night, write_night};
use platewright_model::run::RunContext;
use platewright_pipeline::{Plan, load, verify};

use crate::{Run, config, plan_folder};

/// Units of the night that tests share: the fewest with parts that cannot be printed.
const UNITS: u32 = 120;

/// Search steps it is planned with.
const ITERATIONS: u64 = 2;

/// A planned night and every file of its run folder.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The run as it was planned; its folder is gone.
    pub run: Run,
    /// The plan as it was read back from its folder.
    pub loaded: Plan,
    /// Files by their path below the run folder.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The night of 120 units, planned once with two threads.
pub fn kept() -> &'static Kept {
    static KEPT: OnceLock<Kept> = OnceLock::new();
    KEPT.get_or_init(|| Kept::plan(2))
}

impl Kept {
    /// Plans the shared night with so many threads.
    ///
    /// # Panics
    /// If it cannot be planned, written or read back.
    pub fn plan(threads: usize) -> Self {
        let base = tempfile::tempdir().expect("a folder for the night");
        let generated = night(&NightOptions::units(UNITS, 1)).expect("a night of valid size");
        write_night(&base.path().join("night"), &generated).expect("the night can be written");
        let folder = base.path().join("run");
        let run = plan_folder(&base.path().join("night"), &folder, &config(), ITERATIONS, threads);
        let loaded = load(&folder).expect("a saved run can be read back").plan;
        let mut files = BTreeMap::new();
        collect(&folder, "", &mut files);
        Self { run, loaded, files }
    }

    /// What the verifier finds in `plan`; files in `changed` stand for those of the run.
    pub fn verify(&self, plan: &Plan, changed: &BTreeMap<String, Vec<u8>>) -> Vec<Violation> {
        let read = |path: &str| {
            let bytes = changed.get(path).or_else(|| self.files.get(path));
            bytes.cloned().ok_or_else(|| "no such file".to_owned())
        };
        verify(plan, &self.run.config, &read, &RunContext::with_iterations(0, 0))
    }

    /// Writes all files below `folder`.
    ///
    /// # Panics
    /// If they cannot be written.
    pub fn write_to(&self, folder: &Path) {
        for (path, bytes) in &self.files {
            let path = folder.join(path);
            let parent = path.parent().expect("files lie below the folder");
            std::fs::create_dir_all(parent).expect("folders can be made");
            std::fs::write(&path, bytes).expect("files can be written");
        }
    }
}

fn collect(folder: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("the run folder can be listed") {
        let entry = entry.expect("the run folder can be listed");
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(entry.path()).expect("files of the run can be read"));
        }
    }
}
