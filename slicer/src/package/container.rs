//! The container: a ZIP as ISO/IEC 21320-1 has it (stored or deflated, nothing encrypted or
//! split), with nothing in it that changes from run to run.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use platewright_model::config::Limits;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::error::PackageError;

/// Packs members, sorted by name; those that are packed already are stored.
pub(crate) fn pack(members: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, PackageError> {
    let failed = |e: &dyn std::fmt::Display| PackageError::Write(e.to_string());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        if !safe_name(name) {
            let what = "has a name that leads out of the package".to_owned();
            return Err(PackageError::Member { path: name.clone(), what });
        }
        let packed = [".3mf", ".png", ".zip"].iter().any(|end| name.ends_with(end));
        let method = if packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        // The default time is 1980-01-01, the first that a ZIP can hold.
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default())
            .system(zip::System::Unix)
            .unix_permissions(0o644)
            .large_file(content.len() as u64 >= u64::from(u32::MAX));
        zip.start_file(name.as_str(), options).map_err(|e| failed(&e))?;
        zip.write_all(content).map_err(|e| failed(&e))?;
    }
    zip.finish().map(Cursor::into_inner).map_err(|e| failed(&e))
}

/// Unpacks all members, within the limits.
///
/// Refuses what ISO/IEC 21320-1 does not allow, a name that leads out of the package or occurs
/// twice, and a member whose checksum is wrong.
pub(crate) fn unpack(
    bytes: &[u8],
    limits: &Limits,
) -> Result<BTreeMap<String, Vec<u8>>, PackageError> {
    let failed = |e: &dyn std::fmt::Display| PackageError::Container(e.to_string());
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| failed(&e))?;
    check_limit("members", zip.len() as u64, limits.zip_members)?;
    let mut members = BTreeMap::new();
    let mut names = BTreeSet::new();
    let mut total = 0_u64;
    for k in 0..zip.len() {
        let member = zip.by_index(k).map_err(|e| failed(&e))?;
        let path = member.name().map_err(|e| failed(&e))?.into_owned();
        let wrong = |what: &str| PackageError::Member { path: path.clone(), what: what.to_owned() };
        if !safe_name(&path) {
            return Err(wrong("has a name that leads out of the package"));
        }
        if !names.insert(path.to_ascii_lowercase()) {
            return Err(wrong("is there twice"));
        }
        if member.encrypted() {
            return Err(wrong("is encrypted, which ISO/IEC 21320-1 does not allow"));
        }
        let method = member.compression();
        if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(wrong("is neither stored nor deflated, as ISO/IEC 21320-1 asks for"));
        }
        let allowed = member
            .compressed_size()
            .saturating_mul(limits.inflation_ratio)
            .max(1 << 20)
            .min(limits.inflated_bytes.saturating_sub(total));
        let mut content = Vec::new();
        // The size that the header gives is not trusted: one byte more than allowed is read.
        let mut bounded = member.take(allowed.saturating_add(1));
        bounded.read_to_end(&mut content).map_err(|e| wrong(&format!("cannot be read: {e}")))?;
        check_limit("bytes in a member", content.len() as u64, allowed)?;
        total += content.len() as u64;
        members.insert(path, content);
    }
    Ok(members)
}

/// SHA-256 in hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check_limit(what: &'static str, found: u64, limit: u64) -> Result<(), PackageError> {
    if found <= limit { Ok(()) } else { Err(PackageError::Limit { what, found, limit }) }
}

/// Whether a name stays within the package wherever it is unpacked.
fn safe_name(name: &str) -> bool {
    !name.is_empty()
        && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
        && !name.contains(['\\', ':', '\0'])
}
