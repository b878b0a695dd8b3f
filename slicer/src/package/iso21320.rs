//! A checker of ISO/IEC 21320-1 (document container files) for tests: its own reading of the
//! bytes of a ZIP, so that nothing is taken for granted that the packer takes for granted.

use std::collections::BTreeSet;

/// Highest version needed to extract that the standard allows, times ten.
const VERSION_MAX: u16 = 45;
/// Flags that may be set: two bits on how hard was deflated, data descriptor, UTF-8 names.
const FLAGS_ALLOWED: u16 = 0b1000_0000_1110;
const DESCRIPTOR: u16 = 0b1000;
const UTF8: u16 = 1 << 11;

/// A member of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// 0 stored, 8 deflated.
    pub(crate) method: u16,
    /// Date and time as DOS wrote it.
    pub(crate) modified: u32,
    pub(crate) packed: u32,
    pub(crate) size: u32,
}

/// Checks a container without ZIP64 fields; its members in the order of the central directory.
pub(crate) fn check(bytes: &[u8]) -> Result<Vec<Member>, String> {
    let end = bytes.len().checked_sub(22).ok_or("there is no end of central directory")?;
    if number(bytes, end, 4)? != 0x0605_4b50 || number(bytes, end + 20, 2)? != 0 {
        return Err("the archive has a comment, or does not end in its directory".to_owned());
    }
    if number(bytes, end + 4, 4)? != 0 || number(bytes, end + 8, 2)? != number(bytes, end + 10, 2)?
    {
        return Err("the archive is split over volumes".to_owned());
    }
    let count = number(bytes, end + 10, 2)?;
    let (size, start) =
        (number(bytes, end + 12, 4)? as usize, number(bytes, end + 16, 4)? as usize);
    if start + size != end {
        return Err("something stands between the directory and its end".to_owned());
    }
    let (mut at, mut local, mut members) = (start, 0, Vec::new());
    let mut names = BTreeSet::new();
    for _ in 0..count {
        let (member, after, offset) = directory_entry(bytes, at)?;
        if offset != local {
            return Err(format!("{}: bytes {local}..{offset} are no member", member.name));
        }
        local = local_entry(bytes, local, &member)?;
        if !names.insert(member.name.to_lowercase()) {
            return Err(format!("{} is there twice", member.name));
        }
        members.push(member);
        at = after;
    }
    if at != end || local != start {
        return Err("there are bytes that no member holds".to_owned());
    }
    Ok(members)
}

/// An entry of the central directory, where it ends, and where its member begins.
fn directory_entry(bytes: &[u8], at: usize) -> Result<(Member, usize, usize), String> {
    if number(bytes, at, 4)? != 0x0201_4b50 {
        return Err(format!("no entry of the directory at byte {at}"));
    }
    let (name_length, extra, comment) =
        (number(bytes, at + 28, 2)?, number(bytes, at + 30, 2)?, number(bytes, at + 32, 2)?);
    let name = text(bytes, at + 46, name_length as usize, number(bytes, at + 8, 2)? as u16)?;
    check_common(bytes, at + 6, &name)?;
    if extra != 0 || comment != 0 || number(bytes, at + 34, 2)? != 0 {
        return Err(format!("{name} has an extra field, a comment or another volume"));
    }
    let member = Member {
        name,
        method: number(bytes, at + 10, 2)? as u16,
        modified: number(bytes, at + 12, 4)?,
        packed: number(bytes, at + 20, 4)?,
        size: number(bytes, at + 24, 4)?,
    };
    Ok((member, at + 46 + name_length as usize, number(bytes, at + 42, 4)? as usize))
}

/// Compares a member's own header with its entry; where the member ends.
fn local_entry(bytes: &[u8], at: usize, member: &Member) -> Result<usize, String> {
    let name = &member.name;
    if number(bytes, at, 4)? != 0x0403_4b50 {
        return Err(format!("{name} has no header at byte {at}"));
    }
    check_common(bytes, at + 4, name)?;
    let length = number(bytes, at + 26, 2)? as usize;
    let own = Member {
        name: text(bytes, at + 30, length, number(bytes, at + 6, 2)? as u16)?,
        method: number(bytes, at + 8, 2)? as u16,
        modified: number(bytes, at + 10, 4)?,
        packed: number(bytes, at + 18, 4)?,
        size: number(bytes, at + 22, 4)?,
    };
    if own != *member || number(bytes, at + 28, 2)? != 0 {
        return Err(format!("{name} is {own:?} in its header, {member:?} in the directory"));
    }
    Ok(at + 30 + length + member.packed as usize)
}

/// Version, flags and method, which both headers hold in this order.
fn check_common(bytes: &[u8], at: usize, name: &str) -> Result<(), String> {
    let (version, flags) = (number(bytes, at, 2)? as u16, number(bytes, at + 2, 2)? as u16);
    let method = number(bytes, at + 4, 2)?;
    // The upper byte of the version names a system.
    if version & 0xff > VERSION_MAX {
        return Err(format!("{name} needs version {version}, 45 at most"));
    }
    if flags & !FLAGS_ALLOWED != 0 {
        return Err(format!("{name} is encrypted, patched or masked: flags {flags:#b}"));
    }
    if flags & DESCRIPTOR != 0 {
        return Err(format!("{name} gives its size after its content; the sizes are known"));
    }
    if !matches!(method, 0 | 8) {
        return Err(format!("{name} is packed by method {method}"));
    }
    Ok(())
}

fn text(bytes: &[u8], at: usize, length: usize, flags: u16) -> Result<String, String> {
    let raw = bytes.get(at..at + length).ok_or("a name is cut off")?;
    let name = std::str::from_utf8(raw).map_err(|_| "a name is not UTF-8".to_owned())?;
    if !name.is_ascii() && flags & UTF8 == 0 {
        return Err(format!("{name} is not told to be UTF-8"));
    }
    let safe = |part: &str| !part.is_empty() && part != "." && part != "..";
    if name.split('/').all(safe) && !name.contains(['\\', ':']) {
        Ok(name.to_owned())
    } else {
        Err(format!("{name} leads out of the container"))
    }
}

fn number(bytes: &[u8], at: usize, size: usize) -> Result<u32, String> {
    let slice = bytes.get(at..at + size).ok_or_else(|| format!("the file ends at byte {at}"))?;
    Ok(slice.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::package::container::pack;

    #[test]
    fn a_pack_passes_and_what_the_standard_forbids_does_not() {
        let content = vec![b'x'; 1000];
        let member = |name: &str| (name.to_owned(), content.clone());
        let members = BTreeMap::from([member("a.txt"), member("b/ü.3mf"), member("c.json")]);
        let bytes = pack(&members).unwrap();
        assert_eq!(bytes, pack(&members).unwrap());
        let found = check(&bytes).unwrap();
        let names: Vec<_> = found.iter().map(|m| (m.name.as_str(), m.method)).collect();
        assert_eq!(names, [("a.txt", 8), ("b/ü.3mf", 0), ("c.json", 8)]);
        // 1980-01-01, midnight.
        assert!(found.iter().all(|m| m.size == 1000 && m.modified == 0x0021_0000));
        let directory = number(&bytes, bytes.len() - 6, 4).unwrap() as usize;
        let broken = |at: usize, byte: u8| {
            let mut broken = bytes.clone();
            broken[at] = byte;
            check(&broken).unwrap_err()
        };
        for (at, byte, what) in [
            (4, 63, "version"),
            (6, 1, "encrypted"),
            (6, 8, "after its content"),
            (8, 12, "method 12"),
            (30, b'z', "in the directory"),
            (30, b'.', "in the directory"),
            (22, 1, "in the directory"),
            (directory + 6, 46, "version"),
            (directory + 9, 0x20, "masked"),
            (directory + 42, 1, "are no member"),
            (directory + 46, b'/', "leads out"),
            (bytes.len() - 2, 1, "comment"),
            (bytes.len() - 18, 1, "volumes"),
        ] {
            let error = broken(at, byte);
            assert!(error.contains(what), "{error} for {what}");
        }
        assert!(check(&bytes[..bytes.len() - 1]).is_err() && check(b"").is_err());
        assert!(check(&[b"x", &bytes[..]].concat()).is_err());
    }
}
