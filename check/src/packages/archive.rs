//! ZIP after ISO/IEC 21320-1: stored or deflated, nothing encrypted, no way out.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use platewright_model::config::Limits;
use zip::{CompressionMethod, ZipArchive};

/// Members of an archive by name.
pub(super) type Members = BTreeMap<String, Vec<u8>>;

/// Least size that a member may always have, however well it packs, bytes.
const ALWAYS: u64 = 1 << 20;

/// Reads all members; the error says what is wrong.
pub(super) fn members(bytes: &[u8], limits: &Limits) -> Result<Members, String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| format!("is no ZIP: {e}"))?;
    if zip.len() as u64 > limits.zip_members {
        return Err(format!("has {} members, allowed are {}", zip.len(), limits.zip_members));
    }
    let mut members = Members::new();
    let mut total = 0_u64;
    for k in 0..zip.len() {
        let member = zip.by_index(k).map_err(|e| format!("member {k} cannot be read: {e}"))?;
        let name = member.name().map_err(|e| format!("member {k} has no name: {e}"))?.into_owned();
        if member.encrypted() {
            return Err(format!("member {name} is encrypted"));
        }
        if !matches!(member.compression(), CompressionMethod::Stored | CompressionMethod::Deflated)
        {
            return Err(format!("member {name} is neither stored nor deflated"));
        }
        if name.starts_with('/') || name.contains('\\') || name.split('/').any(|p| p == "..") {
            return Err(format!("member {name} leads out of the archive"));
        }
        let packed = member.compressed_size();
        let most = packed.saturating_mul(limits.inflation_ratio).max(ALWAYS);
        let most = most.min(limits.inflated_bytes.saturating_sub(total));
        let mut content = Vec::new();
        member
            .take(most.saturating_add(1))
            .read_to_end(&mut content)
            .map_err(|e| format!("member {name} is damaged: {e}"))?;
        let size = content.len() as u64;
        if size > most {
            return Err(format!("member {name} inflates beyond {most} bytes"));
        }
        total += size;
        if members.insert(name.clone(), content).is_some() {
            return Err(format!("member {name} is there twice"));
        }
    }
    Ok(members)
}
