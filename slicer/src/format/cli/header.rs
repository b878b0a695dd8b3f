//! The header of a CLI file, written. It holds no date, so that the bytes are the same every
//! time.

use std::io::Write;

use crate::format::FormatOptions;
use crate::format::decimal::put_mm;
use crate::layers::Stack;

/// The header; `kind` is `BINARY` or `ASCII`. Lengths are mm.
pub(super) fn header(kind: &str, aligned: bool, stack: &Stack, options: &FormatOptions) -> Vec<u8> {
    let mut out = format!("$$HEADERSTART\n$${kind}\n$$UNITS/1\n$$VERSION/200\n").into_bytes();
    out.extend(b"$$DIMENSION/");
    let bounds = &stack.bounds;
    for (k, mm) in bounds.min.iter().chain(&bounds.max).enumerate() {
        if k > 0 {
            out.push(b',');
        }
        put_mm(&mut out, *mm);
    }
    // A vector takes all.
    let _ = writeln!(out, "\n$$LAYERS/{}", stack.planes.count());
    for k in 0..stack.parts.len() {
        let _ = writeln!(out, "$$LABEL/{},{}", k + 1, plain(&options.label(k)));
    }
    if aligned {
        out.extend(b"$$ALIGN\n");
    }
    out.extend(b"$$HEADEREND");
    if aligned {
        // The data begin at a multiple of four bytes.
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

/// A label without what would end it, begin a command or begin a comment.
fn plain(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for c in label.chars() {
        let c = if c.is_control() { ' ' } else { c };
        if matches!(c, '$' | '/') && out.ends_with(c) {
            out.push(' ');
        }
        out.push(c);
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_break_the_header() {
        for (label, written) in [
            ("A/0/1", "A/0/1"),
            ("a//b\n$$LAYERS/9", "a/ /b $ $LAYERS/9"),
            ("///", "/ / /"),
            (" ä\r", "ä"),
        ] {
            assert_eq!(plain(label), written);
        }
    }
}
