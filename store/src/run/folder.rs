//! Creating and opening the folder of a run; its JSON files.

use std::fs;
use std::path::{Path, PathBuf};

use platewright_model::night::Night;
use platewright_model::replan::Replan;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::record::RunRecord;
use crate::StoreError;
use crate::disk::{io, write_atomic};

const NIGHT: &str = "night.json";
const RECORD: &str = "run.json";
const REPLAN: &str = "05_in_force.json";
/// Files of a run that do not begin with the number of their stage.
const OWN_NAMES: [&str; 5] = [NIGHT, RECORD, "events.ndjson", "report.html", "check.json"];

/// The folder of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunDir {
    path: PathBuf,
}

impl RunDir {
    /// Makes an empty folder for a run; what an earlier run left there is removed.
    ///
    /// # Errors
    /// If the folder holds anything that is not of a run, or cannot be written to.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(path).map_err(io("create", path))?;
        let mut own = Vec::new();
        for entry in fs::read_dir(path).map_err(io("list", path))? {
            let entry = entry.map_err(io("list", path))?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if !is_own(&name) {
                let reason = format!("it holds {name:?}; give a new or empty folder");
                return Err(StoreError::NotARun { path: path.to_owned(), reason });
            }
            own.push(entry.path());
        }
        for path in own {
            let is_folder = path.symlink_metadata().is_ok_and(|found| found.is_dir());
            if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }
                .map_err(io("remove", &path))?;
        }
        let run = Self { path: path.to_owned() };
        for folder in [run.slices(), run.packages()] {
            fs::create_dir_all(&folder).map_err(io("create", &folder))?;
        }
        Ok(run)
    }

    /// Opens the folder of a run.
    ///
    /// # Errors
    /// If it is not there or holds no run.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if path.join(RECORD).is_file() {
            return Ok(Self { path: path.to_owned() });
        }
        let reason = if path.is_dir() {
            format!("it has no {RECORD}; give the folder that plan --out was given")
        } else {
            "there is no such folder".to_owned()
        };
        Err(StoreError::NotARun { path: path.to_owned(), reason })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file or folder in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Where the layer files are.
    pub fn slices(&self) -> PathBuf {
        self.file("70_slices")
    }

    /// Where the packages are.
    pub fn packages(&self) -> PathBuf {
        self.file("80_packages")
    }

    /// Writes the validated night.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_night(&self, night: &Night) -> Result<(), StoreError> {
        self.write_json(NIGHT, night)
    }

    /// Reads the validated night.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_night(&self) -> Result<Night, StoreError> {
        self.read_json(NIGHT)
    }

    /// Writes the record of the run.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_record(&self, record: &RunRecord) -> Result<(), StoreError> {
        self.write_json(RECORD, record)
    }

    /// Reads the record of the run.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_record(&self) -> Result<RunRecord, StoreError> {
        self.read_json(RECORD)
    }

    /// Writes what was taken over from a plan in force.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_replan(&self, replan: &Replan) -> Result<(), StoreError> {
        self.write_json(REPLAN, replan)
    }

    /// Reads what was taken over from a plan in force; `None` if there was none.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_replan(&self) -> Result<Option<Replan>, StoreError> {
        if self.file(REPLAN).exists() { self.read_json(REPLAN).map(Some) } else { Ok(None) }
    }

    /// Writes a JSON file of the run, pretty, all or nothing.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_json<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        let path = self.file(name);
        let mut text = serde_json::to_string_pretty(value).map_err(|error| StoreError::Encode {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        text.push('\n');
        write_atomic(&path, text.as_bytes())
    }

    /// Reads a JSON file of the run.
    ///
    /// # Errors
    /// If it cannot be read or is not of this type.
    pub fn read_json<T: DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        let path = self.file(name);
        let text = fs::read_to_string(&path).map_err(io("read", &path))?;
        serde_json::from_str(&text)
            .map_err(|error| StoreError::Json { path, reason: error.to_string() })
    }
}

/// Whether a run writes files of this name; `.…part` is left by a write that was cut short.
fn is_own(name: &str) -> bool {
    let bytes = name.as_bytes();
    let numbered = bytes.len() > 3
        && bytes[0].is_ascii_digit()
        && bytes[1].is_ascii_digit()
        && bytes[2] == b'_';
    numbered || OWN_NAMES.contains(&name) || (name.starts_with('.') && name.ends_with(".part"))
}
