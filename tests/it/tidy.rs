//! House rules that no compiler checks.

use std::path::Path;

use crate::workspace;

/// Files that may be longer than the limit, with their length; the list only shrinks.
const LONG_FILES: &[(&str, usize)] = &[];

const FILE_LINES_MAX: usize = 500;
const LINE_COLUMNS_MAX: usize = 100;

#[test]
fn files_are_short_and_lines_fit_the_screen() {
    for (path, text) in workspace::rust_files() {
        let path = path.strip_prefix(workspace::root()).expect("below the root").to_owned();
        let lines = text.lines().count();
        let name = path.to_string_lossy().replace('\\', "/");
        let limit = LONG_FILES.iter().find(|(n, _)| *n == name).map_or(FILE_LINES_MAX, |f| f.1);
        assert!(lines <= limit, "{name} has {lines} lines, the limit is {limit}");
        for (i, line) in text.lines().enumerate() {
            let columns = line.chars().count();
            assert!(columns <= LINE_COLUMNS_MAX, "{name}:{} has {columns} columns", i + 1);
        }
    }
}

#[test]
fn files_begin_by_saying_what_they_hold() {
    for (path, text) in workspace::rust_files() {
        if path.file_name() == Some(Path::new("tests.rs").as_os_str()) {
            continue;
        }
        assert!(text.starts_with("//!"), "{} has no //! line", path.display());
    }
}

#[test]
fn nothing_is_left_to_do_in_silence() {
    for (path, text) in workspace::rust_files() {
        for word in ["TO\u{44}O", "FIX\u{4d}E", "XX\u{58}"] {
            assert!(!text.contains(word), "{} says {word}", path.display());
        }
    }
}

#[test]
fn error_codes_are_in_the_index_and_the_index_is_no_wish_list() {
    let index = std::fs::read_to_string(workspace::root().join("docs/errors.md"))
        .expect("docs/errors.md is there");
    let sources: String = workspace::rust_files()
        .into_iter()
        .filter(|(path, _)| !path.components().any(|c| c.as_os_str() == "tests"))
        .map(|(_, text)| text)
        .collect();
    for code in codes(&sources) {
        assert!(index.contains(&code), "{code} is not in docs/errors.md");
    }
    for code in codes(&index) {
        assert!(sources.contains(&code), "docs/errors.md has {code}, no source does");
    }
}

/// Words like `E1004`.
fn codes(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| {
            word.len() == 5
                && word.starts_with('E')
                && word[1..].chars().all(|c| c.is_ascii_digit())
        })
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}
