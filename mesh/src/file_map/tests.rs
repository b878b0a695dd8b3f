//! Tests of mapped and read files.

use std::path::PathBuf;

use platewright_model::measure::LengthUnit;

use super::*;
use crate::fixtures::{LIMITS, sphere};
use crate::{Source, read_model, write_stl};

/// A file of the test's own, gone at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let name = format!("platewright-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

#[test]
fn a_mapped_file_gives_the_same_mesh_as_its_bytes() {
    // Several windows of the reader, so that pages are let go in between.
    let bytes = write_stl(&sphere(20.0, 400));
    assert!(bytes.len() as u64 > 2 * MAPPED_BYTES);
    let scratch = Scratch::new("large.stl", &bytes);
    let file = MappedFile::open(&scratch.0, &LIMITS).unwrap();
    assert!(matches!(file.content, Content::Mapped(_)));
    let mm = Some(LengthUnit::Mm);
    let mapped = read_model(&file, "a.stl", mm, &LIMITS).unwrap();
    assert_eq!(mapped, read_model(&bytes, "a.stl", mm, &LIMITS).unwrap());
    // What was let go comes back.
    file.release(0..bytes.len());
    file.release(bytes.len() - 1..usize::MAX);
    assert_eq!(&file[..], &bytes);
    let pieces: Vec<u8> = Source::from(&file).pieces(1 << 16).flatten().copied().collect();
    assert_eq!(pieces, bytes);
}

#[test]
fn small_files_are_read() {
    let scratch = Scratch::new("small", b"abc");
    let file = MappedFile::open(&scratch.0, &LIMITS).unwrap();
    assert!(matches!(file.content, Content::Read(_)));
    file.release(0..3);
    assert_eq!(&file[..], b"abc");
    assert_eq!(Source::from(&file).pieces(2).collect::<Vec<_>>(), [&b"ab"[..], b"c"]);
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let error = |path: &Path, limits| MappedFile::open(path, limits).unwrap_err().to_string();
    assert!(error(Path::new("/no/such/file.stl"), &LIMITS).starts_with("E2013"));
    assert!(error(&std::env::temp_dir(), &LIMITS).contains("no regular file"));
    let scratch = Scratch::new("limit", &[0; 11]);
    let limits = Limits { file_bytes: 10, ..LIMITS };
    assert!(error(&scratch.0, &limits).starts_with("E2003: the file has 11 bytes"));
    let empty = Scratch::new("empty", b"");
    assert!(MappedFile::open(&empty.0, &LIMITS).unwrap().is_empty());
}
