//! The fast path of reading: runs of `<vertex …/>` and `<triangle …/>`.
//!
//! Nearly all bytes of a 3MF are these two elements. They are read here straight from the bytes
//! where they are written in the usual way: empty-element tags with the attributes of the core
//! specification once each, in any order, with either quote and any white space between them.
//! Everything else (comments, entities, other attributes, start and end tags, faults) is left
//! where it is for quick-xml, so that this is no second XML parser: it takes an element only when
//! quick-xml would give the same values, and a test compares the two on random layouts.

use super::number::{decimal, integer};

/// Corners and properties of a triangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Triangle {
    /// Indices of vertices.
    pub(super) corners: [u32; 3],
    /// Id of its group of properties.
    pub(super) group: Option<u32>,
    /// Properties of its corners within the group.
    pub(super) properties: [Option<u32>; 3],
}

/// The vertex at the front of `text`, and how many bytes it takes. `tag` is `<vertex` with the
/// prefix that is expected.
pub(super) fn vertex(text: &[u8], tag: &[u8]) -> Option<([f64; 3], usize)> {
    let mut at = open(text, tag)?;
    let mut p = [0.0; 3];
    let mut seen = 0;
    loop {
        let name_at = space(text, at)?;
        let axis = match text.get(name_at..name_at + 2)? {
            b"/>" => break at = name_at,
            b"x=" => 0,
            b"y=" => 1,
            b"z=" => 2,
            _ => return None,
        };
        // White space is needed before a name, and each name may be there once.
        if name_at == at || seen & (1 << axis) != 0 {
            return None;
        }
        seen |= 1 << axis;
        let quote = quote(text, name_at + 2)?;
        let (value, length) = decimal(&text[name_at + 3..])?;
        p[axis] = value;
        at = name_at + 3 + length;
        if text.get(at) != Some(&quote) {
            return None;
        }
        at += 1;
    }
    (seen == 0b111).then_some((p, at + 2))
}

/// The triangle at the front of `text`, and how many bytes it takes. `tag` is `<triangle` with
/// the prefix that is expected.
pub(super) fn triangle(text: &[u8], tag: &[u8]) -> Option<(Triangle, usize)> {
    let mut at = open(text, tag)?;
    // v1 v2 v3 p1 p2 p3 pid
    let mut values = [0; 7];
    let mut seen = 0_u8;
    loop {
        let name_at = space(text, at)?;
        let (slot, value_at) = match text.get(name_at..name_at + 3)? {
            [b'/', b'>', _] => break at = name_at,
            [b'v', n @ b'1'..=b'3', b'='] => (usize::from(n - b'1'), name_at + 3),
            [b'p', n @ b'1'..=b'3', b'='] => (usize::from(n - b'1') + 3, name_at + 3),
            b"pid" if text.get(name_at + 3) == Some(&b'=') => (6, name_at + 4),
            _ => return None,
        };
        if name_at == at || seen & (1 << slot) != 0 {
            return None;
        }
        seen |= 1 << slot;
        let quote = quote(text, value_at)?;
        let (value, length) = integer(&text[value_at + 1..])?;
        values[slot] = value;
        at = value_at + 1 + length;
        if text.get(at) != Some(&quote) {
            return None;
        }
        at += 1;
    }
    let optional = |slot: usize| (seen & (1 << slot) != 0).then_some(values[slot]);
    let found = Triangle {
        corners: [values[0], values[1], values[2]],
        group: optional(6),
        properties: [optional(3), optional(4), optional(5)],
    };
    (seen & 0b111 == 0b111).then_some((found, at + 2))
}

/// Skips white space and `tag`.
fn open(text: &[u8], tag: &[u8]) -> Option<usize> {
    let at = space(text, 0)?;
    text[at..].starts_with(tag).then_some(at + tag.len())
}

/// Skips white space; `None` if nothing follows.
fn space(text: &[u8], mut at: usize) -> Option<usize> {
    while matches!(text.get(at)?, b' ' | b'\n' | b'\t' | b'\r') {
        at += 1;
    }
    Some(at)
}

fn quote(text: &[u8], at: usize) -> Option<u8> {
    text.get(at).copied().filter(|q| matches!(q, b'"' | b'\''))
}
