//! The central directory of a ZIP archive (APPNOTE 6.3.9, with the ZIP64 fields).

use std::collections::BTreeMap;
use std::ops::Range;

use platewright_model::config::Limits;

use crate::MeshError;

const END: u32 = 0x0605_4b50;
const END64: u32 = 0x0606_4b50;
const LOCATOR64: u32 = 0x0706_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const LOCAL: u32 = 0x0403_4b50;

/// A member.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) method: Method,
    pub(super) crc: u32,
    /// Size of the content, as the directory says.
    pub(super) size: u64,
    /// Where the packed bytes are.
    pub(super) data: Range<usize>,
    /// Where the member begins, with its own header.
    start: usize,
}

/// How a member is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflated,
}

/// Reads and checks the directory; members by name in lower case.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<BTreeMap<String, Entry>, MeshError> {
    let (count, directory) = find_directory(bytes)?;
    if count > limits.zip_members {
        let limit = limits.zip_members;
        let text = format!("it has {count} members, the limit is limits.zip_members = {limit}");
        return Err(MeshError::ArchiveLimit { text });
    }
    let mut entries = BTreeMap::new();
    let mut at = directory.start;
    for _ in 0..count {
        let (entry, next) = read_entry(bytes, at, directory.clone())?;
        at = next;
        if let Some(entry) = entry {
            let key = entry.name.to_ascii_lowercase();
            if let Some(double) = entries.insert(key, entry) {
                return Err(refuse(double.name, "is there twice"));
            }
        }
    }
    check_overlap(&entries, directory.start)?;
    let all: u64 = entries.values().fold(0, |sum: u64, e: &Entry| sum.saturating_add(e.size));
    if all > limits.inflated_bytes {
        let text = format!("its members inflate to {all} bytes, more than the limit");
        return Err(MeshError::ArchiveLimit { text });
    }
    Ok(entries)
}

fn damaged(text: impl Into<String>) -> MeshError {
    MeshError::Archive { text: text.into() }
}

fn refuse(name: impl Into<String>, text: &'static str) -> MeshError {
    MeshError::ArchiveName { name: name.into(), text }
}

/// `N` bytes at `at`.
fn take<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], MeshError> {
    at.checked_add(N)
        .and_then(|end| bytes.get(at..end))
        .and_then(|b| b.try_into().ok())
        .ok_or_else(|| damaged("it is cut off"))
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, MeshError> {
    take(bytes, at).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, MeshError> {
    take(bytes, at).map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Result<u64, MeshError> {
    take(bytes, at).map(u64::from_le_bytes)
}

/// Number of entries of the directory, and where it is.
fn find_directory(bytes: &[u8]) -> Result<(u64, Range<usize>), MeshError> {
    // The end record has 22 bytes and a comment of at most 65535 that ends the file.
    let lowest = bytes.len().saturating_sub(22 + 65535);
    let end = (lowest..=bytes.len().saturating_sub(22))
        .rev()
        .find(|&at| {
            u32_at(bytes, at).is_ok_and(|s| s == END)
                && u16_at(bytes, at + 20)
                    .is_ok_and(|comment| at + 22 + usize::from(comment) == bytes.len())
        })
        .ok_or_else(|| damaged("its directory is missing: no ZIP, or cut off"))?;
    let (mut count, mut size, mut start) = (
        u64::from(u16_at(bytes, end + 10)?),
        u64::from(u32_at(bytes, end + 12)?),
        u64::from(u32_at(bytes, end + 16)?),
    );
    if u16_at(bytes, end + 4)? != 0 && u16_at(bytes, end + 4)? != u16::MAX {
        return Err(damaged("it is split over several files"));
    }
    let wide =
        count == u64::from(u16::MAX) || size == u64::from(u32::MAX) || start == u64::from(u32::MAX);
    if let Some(locator) = end.checked_sub(20).filter(|_| wide)
        && u32_at(bytes, locator)? == LOCATOR64
    {
        let at = usize::try_from(u64_at(bytes, locator + 8)?)
            .map_err(|_| damaged("its directory lies outside of it"))?;
        if u32_at(bytes, at)? != END64 {
            return Err(damaged("its ZIP64 directory is missing"));
        }
        count = u64_at(bytes, at + 32)?;
        size = u64_at(bytes, at + 40)?;
        start = u64_at(bytes, at + 48)?;
    }
    let stop = start.checked_add(size).filter(|&stop| stop <= end as u64);
    let stop = stop.ok_or_else(|| damaged("its directory lies outside of it"))?;
    Ok((count, start as usize..stop as usize))
}

/// The entry at `at` (`None` for a folder), and where the next one is.
fn read_entry(
    bytes: &[u8],
    at: usize,
    directory: Range<usize>,
) -> Result<(Option<Entry>, usize), MeshError> {
    if at >= directory.end || u32_at(bytes, at)? != CENTRAL {
        return Err(damaged("its directory has fewer entries than it says"));
    }
    let lengths = [u16_at(bytes, at + 28)?, u16_at(bytes, at + 30)?, u16_at(bytes, at + 32)?];
    let [name_len, extra_len, comment_len] = lengths.map(usize::from);
    let name_at = at + 46;
    let next = name_at + name_len + extra_len + comment_len;
    if next > directory.end {
        return Err(damaged("its directory is cut off"));
    }
    let raw_name = &bytes[name_at..name_at + name_len];
    let Ok(name) = std::str::from_utf8(raw_name) else {
        return Err(refuse(String::from_utf8_lossy(raw_name), "is no UTF-8"));
    };
    check_name(name)?;
    if name.ends_with('/') {
        return Ok((None, next));
    }
    if u16_at(bytes, at + 8)? & 1 != 0 {
        return Err(refuse(name, "is encrypted"));
    }
    let method = match u16_at(bytes, at + 10)? {
        0 => Method::Stored,
        8 => Method::Deflated,
        _ => return Err(refuse(name, "is packed in another way than stored or deflated")),
    };
    let extra = &bytes[name_at + name_len..name_at + name_len + extra_len];
    let [size, packed, start] = wide_fields(
        extra,
        [u32_at(bytes, at + 24)?, u32_at(bytes, at + 20)?, u32_at(bytes, at + 42)?],
    )?;
    let start = usize::try_from(start).map_err(|_| damaged("a member lies outside of it"))?;
    if u32_at(bytes, start)? != LOCAL {
        return Err(damaged(format!("member {name} is not where the directory says")));
    }
    let local_name = usize::from(u16_at(bytes, start + 26)?);
    let from = start + 30 + local_name + usize::from(u16_at(bytes, start + 28)?);
    if bytes.get(start + 30..start + 30 + local_name) != Some(raw_name) {
        return Err(refuse(name, "has another name in its own header"));
    }
    let to = (from as u64).checked_add(packed).filter(|&to| to <= directory.start as u64);
    let to = to.ok_or_else(|| damaged(format!("member {name} is cut off")))? as usize;
    if from > to {
        return Err(damaged(format!("member {name} is cut off")));
    }
    let crc = u32_at(bytes, at + 16)?;
    Ok((Some(Entry { name: name.to_owned(), method, crc, size, data: from..to, start }), next))
}

/// Size, packed size and start, from the ZIP64 field where the short ones are full.
fn wide_fields(extra: &[u8], short: [u32; 3]) -> Result<[u64; 3], MeshError> {
    let mut wide = short.map(u64::from);
    if !short.contains(&u32::MAX) {
        return Ok(wide);
    }
    let mut at = 0;
    while at + 4 <= extra.len() {
        let (id, len) = (u16_at(extra, at)?, usize::from(u16_at(extra, at + 2)?));
        if id == 1 {
            let mut field = at + 4;
            for value in wide.iter_mut().filter(|v| **v == u64::from(u32::MAX)) {
                *value = u64_at(extra, field)?;
                field += 8;
            }
            return Ok(wide);
        }
        at += 4 + len;
    }
    Ok(wide)
}

fn check_name(name: &str) -> Result<(), MeshError> {
    let path = name.strip_suffix('/').unwrap_or(name);
    if path.starts_with('/') {
        return Err(refuse(name, "is an absolute path"));
    }
    if path.contains(['\\', ':', '\0']) {
        return Err(refuse(name, "has a backslash, colon or zero"));
    }
    if path.split('/').any(|part| part == "..") {
        return Err(refuse(name, "leads out of the archive"));
    }
    if path.split('/').any(|part| part.is_empty() || part == ".") {
        return Err(refuse(name, "has an empty part"));
    }
    Ok(())
}

/// Members that share bytes are how small archives inflate without end.
fn check_overlap(entries: &BTreeMap<String, Entry>, directory: usize) -> Result<(), MeshError> {
    let mut ranges: Vec<_> = entries.values().map(|e| (e.start, e.data.end, &e.name)).collect();
    ranges.sort_unstable();
    let starts = ranges.iter().skip(1).map(|r| r.0).chain([directory]);
    for ((_, end, name), next) in ranges.iter().zip(starts) {
        if *end > next {
            return Err(refuse((*name).clone(), "overlaps the next one"));
        }
    }
    Ok(())
}
