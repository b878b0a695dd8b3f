//! The one safe way to read ZIP archives: member by member, in memory, within limits.

mod directory;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};

use platewright_model::config::Limits;

use crate::MeshError;
use directory::{Entry, Method};

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

    /// The content of a member. Every call counts towards the limit of all members together.
    ///
    /// # Errors
    /// E2023 no such member, E2020 damaged (length or check sum differ), E2021 over a limit.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, MeshError> {
        let entry = self
            .entries
            .get(&name.to_ascii_lowercase())
            .ok_or_else(|| MeshError::NoMember { name: name.to_owned() })?;
        let packed = &self.bytes[entry.data.clone()];
        let content = match entry.method {
            Method::Stored => self.drain(packed, entry)?,
            Method::Deflated => self.drain(flate2::read::DeflateDecoder::new(packed), entry)?,
        };
        let damaged = |text: String| MeshError::Archive { text };
        if content.len() as u64 != entry.size {
            let (is, said) = (content.len(), entry.size);
            return Err(damaged(format!("member {name} has {is} bytes, its entry says {said}")));
        }
        let mut crc = flate2::Crc::new();
        crc.update(&content);
        if crc.sum() != entry.crc {
            return Err(damaged(format!("member {name} has a wrong check sum")));
        }
        Ok(content)
    }

    /// Reads to the end, in pieces, checking the limits after each.
    fn drain(&self, mut from: impl Read, entry: &Entry) -> Result<Vec<u8>, MeshError> {
        let name = &entry.name;
        let mut content = Vec::with_capacity(entry.size.min(RATIO_FREE_BYTES) as usize);
        let mut piece = [0; 1 << 16];
        loop {
            let n = from.read(&mut piece).map_err(|error| MeshError::Archive {
                text: format!("member {name} cannot be inflated: {error}"),
            })?;
            if n == 0 {
                return Ok(content);
            }
            content.extend_from_slice(&piece[..n]);
            let all = self.inflated.fetch_add(n as u64, Ordering::Relaxed) + n as u64;
            let limit = self.limits.inflated_bytes;
            if all > limit {
                let text = format!("its members inflate to more than {limit} bytes");
                return Err(MeshError::ArchiveLimit { text });
            }
            let (out, packed) = (content.len() as u64, entry.data.len() as u64);
            let ratio = self.limits.inflation_ratio;
            if out > RATIO_FREE_BYTES && out > packed.saturating_mul(ratio) {
                let text = format!("member {name} inflates to more than {ratio} times its size");
                return Err(MeshError::ArchiveLimit { text });
            }
        }
    }
}
