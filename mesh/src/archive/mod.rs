//! The one safe way to read ZIP archives: member by member, in memory, within limits.

mod directory;
mod member;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;

use platewright_model::config::Limits;

use crate::MeshError;
use directory::Entry;
pub(crate) use member::MemberReader;

/// Output below this is never suspected of being a bomb, whatever its ratio.
const RATIO_FREE_BYTES: u64 = 1 << 20;

/// The members of a ZIP archive.
///
/// Nothing is ever written to disk, and names are only compared, never opened. Opening refuses
/// archives with names that lead out, with double names (also by case alone), with members that
/// overlap, with encryption, or with more members than the limit. Reading counts the bytes that
/// really come out, whatever the archive says of their number.
#[derive(Debug)]
pub struct ZipMembers<'a> {
    bytes: &'a [u8],
    /// By name in lower case, because names of package parts ignore case.
    entries: BTreeMap<String, Entry>,
    limits: Limits,
    /// Bytes that came out so far, all members together.
    inflated: AtomicU64,
}

impl<'a> ZipMembers<'a> {
    /// Reads the directory of an archive and checks it.
    ///
    /// # Errors
    /// E2020 damaged, E2021 over a limit, E2022 a name that is refused.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, MeshError> {
        let entries = directory::read(bytes, limits)?;
        Ok(Self { bytes, entries, limits: *limits, inflated: AtomicU64::new(0) })
    }

    /// Names of the members, sorted; folders are left out.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.entries.values().map(|e| e.name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// Whether there is a member of this name, in upper or lower case.
    pub fn contains(&self, name: &str) -> bool {
        self.entries.contains_key(&name.to_ascii_lowercase())
    }

    /// Reads a member piece by piece. Every read counts towards the limit of all members.
    ///
    /// # Errors
    /// E2023 no such member.
    pub(crate) fn reader(&self, name: &str) -> Result<MemberReader<'_>, MeshError> {
        let entry = self
            .entries
            .get(&name.to_ascii_lowercase())
            .ok_or_else(|| MeshError::NoMember { name: name.to_owned() })?;
        Ok(MemberReader::new(self, entry))
    }

    /// The content of a member. Every call counts towards the limit of all members together.
    ///
    /// # Errors
    /// E2023 no such member, E2020 damaged (length or check sum differ), E2021 over a limit.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, MeshError> {
        let mut reader = self.reader(name)?;
        let mut content = Vec::new();
        let mut piece = vec![0; 1 << 16];
        loop {
            match reader.fill(&mut piece)? {
                0 => return Ok(content),
                n => content.extend_from_slice(&piece[..n]),
            }
        }
    }
}
