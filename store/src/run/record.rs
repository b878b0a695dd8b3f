//! `run.json`: what was run, with which settings, and what came of it.

use std::collections::BTreeMap;

use platewright_model::config::Config;
use platewright_model::id::PartId;
use platewright_model::time::Time;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The record of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunRecord {
    /// Version of the program.
    pub platewright: String,
    /// The folder of the night, as it was given.
    pub source: String,
    /// When the run began.
    pub started: Time,
    /// How long it took, s.
    pub wall_s: f64,
    /// Seed of every random choice.
    pub seed: u64,
    /// Worker threads; the plan does not depend on it.
    pub threads: usize,
    /// How the run was limited.
    pub budget: BudgetRecord,
    /// All settings.
    pub config: Config,
    /// SHA-256 of each model file, hex.
    pub models: BTreeMap<PartId, String>,
    /// A key per stage: SHA-256 of everything that its result depends on; see [`stage_key`].
    pub stage_keys: BTreeMap<String, String>,
    /// Figures of the result, by name.
    pub figures: BTreeMap<String, serde_json::Value>,
}

/// How a run was limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetRecord {
    /// Wall time, s.
    pub time_s: Option<f64>,
    /// Iterations of each search.
    pub iterations: Option<u64>,
}

/// SHA-256 of bytes, in hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A key of a stage: SHA-256 over the parts, each with its length, so that no two lists of
/// parts run into one another.
///
/// ```
/// use platewright_store::run::stage_key;
/// assert_ne!(stage_key(&[b"ab", b"c"]), stage_key(&[b"a", b"bc"]));
/// ```
pub fn stage_key(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
