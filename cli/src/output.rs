//! The two ways out: data to standard output, talk to standard error.

use std::io::Write;

use serde::Serialize;

use crate::exit::Failure;

/// Writes a line of data. A closed pipe is no error: the reader has seen enough.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Writes a line for people.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Writes one JSON document.
pub(crate) fn say_json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::other)?;
    say(&text);
    Ok(())
}
