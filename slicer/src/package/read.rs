//! Reads a package back and verifies it.

use std::collections::BTreeSet;

use platewright_model::config::Limits;

use crate::error::PackageError;
use crate::package::container::{sha256_hex, unpack};
use crate::package::manifest::{MANIFEST_SCHEMA, Manifest};
use crate::package::write::MANIFEST_NAME;

/// Reads the manifest of a package and verifies the size and SHA-256 of every member.
///
/// # Errors
/// The container breaks ISO/IEC 21320-1 or a limit; the manifest cannot be read or is of
/// another schema; a member is missing, too many or not what the manifest says.
pub fn read_package(bytes: &[u8], limits: &Limits) -> Result<Manifest, PackageError> {
    let members = unpack(bytes, limits)?;
    let wrong = |path: &str, what: &str| PackageError::Member {
        path: path.to_owned(),
        what: what.to_owned(),
    };
    let text = members.get(MANIFEST_NAME).ok_or_else(|| wrong(MANIFEST_NAME, "is missing"))?;
    // The schema first: a manifest of another schema need not have these fields at all.
    let value: serde_json::Value =
        serde_json::from_slice(text).map_err(|e| PackageError::Manifest(e.to_string()))?;
    let schema = value.get("schema").and_then(serde_json::Value::as_str).unwrap_or_default();
    if schema != MANIFEST_SCHEMA {
        let what = format!("its schema is {schema:?}, this program reads {MANIFEST_SCHEMA:?}");
        return Err(PackageError::Manifest(what));
    }
    let manifest: Manifest =
        serde_json::from_value(value).map_err(|e| PackageError::Manifest(e.to_string()))?;
    let mut listed = BTreeSet::from([MANIFEST_NAME]);
    for entry in &manifest.entries {
        let content = members.get(&entry.path).ok_or_else(|| wrong(&entry.path, "is missing"))?;
        if content.len() as u64 != entry.bytes || sha256_hex(content) != entry.sha256 {
            return Err(wrong(&entry.path, "is not what the manifest says (SHA-256 differs)"));
        }
        if !listed.insert(&entry.path) {
            return Err(wrong(&entry.path, "is listed twice"));
        }
    }
    if let Some(extra) = members.keys().find(|path| !listed.contains(path.as_str())) {
        return Err(wrong(extra, "is not in the manifest"));
    }
    Ok(manifest)
}
