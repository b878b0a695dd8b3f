//! Tests of reading archives.

use std::io::{Cursor, Write as _};

use super::*;
use crate::fixtures::{LIMITS, Member, directory_entry, finish_zip, local_header, zip_of};

fn names(list: &[&str]) -> Vec<u8> {
    let members: Vec<_> = list.iter().map(|name| Member { name, content: b"x" }).collect();
    zip_of(&members).0
}

fn deflated(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn message(bytes: &[u8], limits: &Limits) -> String {
    ZipMembers::open(bytes, limits).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn members_are_read() {
    let bytes = deflated(&[("b/c.txt", &[7; 1000]), ("a.txt", b"hello")]);
    let archive = ZipMembers::open(&bytes, &LIMITS).unwrap();
    assert_eq!(archive.names(), ["a.txt", "b/c.txt"]);
    assert_eq!(archive.read("a.txt").unwrap(), b"hello");
    assert_eq!(archive.read("B/C.TXT").unwrap(), [7; 1000]);
    assert!(matches!(archive.read("no"), Err(MeshError::NoMember { .. })));
    let stored = names(&["x", "y/z"]);
    assert_eq!(ZipMembers::open(&stored, &LIMITS).unwrap().read("y/z").unwrap(), b"x");
}

#[test]
fn names_that_lead_out_are_refused() {
    for name in ["../x", "a/../../x", "/etc/x", "a\\b", "C:x", "a//b", "./a", "..", "a/.."] {
        let text = message(&names(&[name]), &LIMITS);
        assert!(text.starts_with("E2022"), "{name}: {text}");
    }
    assert!(message(&names(&["a", "b", "a"]), &LIMITS).contains("twice"));
    assert!(message(&names(&["model", "MODEL"]), &LIMITS).contains("twice"));
}

#[test]
fn limits_hold() {
    let few = Limits { zip_members: 2, ..LIMITS };
    assert!(message(&names(&["a", "b", "c"]), &few).starts_with("E2021"));
    let small = Limits { inflated_bytes: 900, ..LIMITS };
    assert!(message(&deflated(&[("a", &[1; 1000])]), &small).starts_with("E2021"));
    // Each read counts, so that reading one member again and again ends as well.
    let bytes = deflated(&[("a", &[1; 600])]);
    let archive = ZipMembers::open(&bytes, &small).unwrap();
    archive.read("a").unwrap();
    assert!(matches!(archive.read("a"), Err(MeshError::ArchiveLimit { .. })));
}

#[test]
fn bombs_are_stopped_by_what_really_comes_out() {
    let zeros = vec![0; 20 << 20];
    let bomb = deflated(&[("a", &zeros)]);
    let archive = ZipMembers::open(&bomb, &LIMITS).unwrap();
    let text = archive.read("a").unwrap_err().to_string();
    assert!(text.starts_with("E2021") && text.contains("200 times"), "{text}");
    // The same bomb, its directory saying that it is small.
    let mut liar = bomb.clone();
    let entry = liar.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    liar[entry + 24..entry + 28].copy_from_slice(&10_u32.to_le_bytes());
    let limits = Limits { inflation_ratio: u64::MAX, inflated_bytes: 5 << 20, ..LIMITS };
    let archive = ZipMembers::open(&liar, &limits).unwrap();
    assert!(archive.read("a").unwrap_err().to_string().starts_with("E2021"));
    // Without any limit the lie itself is found.
    let limits = Limits { inflation_ratio: u64::MAX, ..LIMITS };
    let archive = ZipMembers::open(&liar, &limits).unwrap();
    assert!(archive.read("a").unwrap_err().to_string().starts_with("E2020"));
}

#[test]
fn overlapping_members_are_refused() {
    let inner = Member { name: "b", content: b"12345" };
    let mut quoted = local_header(&inner);
    quoted.extend_from_slice(inner.content);
    let outer = Member { name: "a", content: &quoted };
    let mut bytes = local_header(&outer);
    let inner_at = bytes.len() as u32;
    bytes.extend_from_slice(&quoted);
    let first = directory_entry(&outer, 0);
    let directory = [first.clone(), directory_entry(&inner, inner_at)].concat();
    let (bytes, _) = finish_zip(bytes, &directory, vec![0, first.len()]);
    assert!(message(&bytes, &LIMITS).contains("overlaps"));
}

#[test]
fn damage_is_found_wherever_it_is() {
    let bytes = deflated(&[("a", b"some text that is long enough"), ("b", &[3; 300])]);
    for cut in 0..bytes.len() {
        assert!(ZipMembers::open(&bytes[..cut], &LIMITS).is_err(), "cut at {cut}");
    }
    // A flipped bit may hide in fields that say nothing, but never changes content or panics.
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(archive) = ZipMembers::open(&flipped, &LIMITS) {
            for (name, content) in [("a", &b"some text that is long enough"[..]), ("b", &[3; 300])]
            {
                if let Ok(read) = archive.read(name) {
                    assert_eq!(read, content);
                }
            }
        }
    }
}

#[test]
fn encrypted_and_strange_packing_are_refused() {
    let (bytes, entries) = zip_of(&[Member { name: "a", content: b"x" }]);
    let with = |at: usize, value: u8| {
        let mut changed = bytes.clone();
        changed[entries[0] + at] = value;
        message(&changed, &LIMITS)
    };
    assert!(with(8, 1).contains("encrypted"));
    assert!(with(10, 12).contains("another way"));
    assert!(message(b"", &LIMITS).starts_with("E2020"));
    assert!(message(&[b'P'; 100], &LIMITS).starts_with("E2020"));
}
