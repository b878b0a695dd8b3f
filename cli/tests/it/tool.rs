//! Running the command and reading what it says.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// What the command said and how it ended.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the command speaks UTF-8");
        Self {
            code: output.status.code().expect("the command ended by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in {}", self.out))
    }
}

/// The command, not yet started.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_platewright"));
    command.args(args);
    command
}

/// Runs the command.
pub(crate) fn platewright(args: &[&str]) -> Said {
    Said::of(command(args).output().expect("the command can be started"))
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

/// Generates a night of so many units below `folder`.
pub(crate) fn night(folder: &Path, units: u32) -> PathBuf {
    let night = folder.join("night");
    let size = units.to_string();
    platewright(&["dataset", "night", "--size", &size, "--out", text(&night)]).ends(0);
    night
}

/// A folder with the files of a planned night of twelve units, below it `night` and `run`.
pub(crate) fn planned() -> TempDir {
    static FILES: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let base = tempfile::tempdir().expect("a folder");
        let night = night(base.path(), 12);
        let run = base.path().join("run");
        platewright(&["plan", text(&night), "--out", text(&run), "--iterations", "1"]).ends(0);
        let mut files = Vec::new();
        collect(base.path(), base.path(), &mut files);
        files
    });
    let copy = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files {
        let path = copy.path().join(path);
        std::fs::create_dir_all(path.parent().expect("files lie in folders")).expect("a folder");
        std::fs::write(path, bytes).expect("files can be written");
    }
    copy
}

fn collect(base: &Path, folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a folder").path();
        if path.is_dir() {
            collect(base, &path, files);
        } else {
            let name = path.strip_prefix(base).expect("it lies below").to_owned();
            files.push((name, std::fs::read(&path).expect("a file")));
        }
    }
}

/// The first file of a folder with this ending.
pub(crate) fn first_file(folder: &Path, ending: &str) -> PathBuf {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("a folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == ending))
        .collect();
    files.sort();
    files.into_iter().next().unwrap_or_else(|| panic!("no .{ending} in {}", folder.display()))
}
