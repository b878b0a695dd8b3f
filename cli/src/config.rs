//! The configuration of a run: the committed default, a file over it, single settings over both.

use platewright_model::config::{Config, DEFAULT_TOML};
use toml::{Table, Value};

use crate::args::CommonArgs;
use crate::exit::Failure;

/// Loads the configuration that the arguments ask for.
pub(crate) fn load(args: &CommonArgs) -> Result<Config, Failure> {
    let mut table: Table =
        DEFAULT_TOML.parse().expect("the committed default configuration is well-formed");
    if let Some(path) = &args.config {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Failure::input(format!("failed to read {}: {e}", path.display())))?;
        let own: Table =
            text.parse().map_err(|e| Failure::input(format!("{}: {e}", path.display())))?;
        merge(&mut table, own);
    }
    for setting in &args.set {
        let own = setting.parse().or_else(|_| quoted(setting).parse());
        let own: Table = own.map_err(|_| {
            Failure::input(format!("--set {setting}: must be like volume.voxel_mm=0.5"))
        })?;
        merge(&mut table, own);
    }
    Value::Table(table)
        .try_into()
        .map_err(|e| Failure::input(format!("configuration: {e}; see config/default.toml")))
}

/// A setting with its value in quotes: shells take those away from `policy="greedy"`.
fn quoted(setting: &str) -> String {
    match setting.split_once('=') {
        Some((key, value)) => format!("{key}={:?}", value.trim()),
        None => setting.to_owned(),
    }
}

/// Lays `over` upon `under`, table by table.
fn merge(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (Some(below @ Value::Float(_)), Value::Integer(n)) => *below = Value::Float(n as f64),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use platewright_model::config::Policy;

    use super::*;

    fn with(set: &[&str]) -> Result<Config, Failure> {
        let set = set.iter().map(|&s| s.to_owned()).collect();
        load(&CommonArgs { seed: 1, threads: None, config: None, set })
    }

    #[test]
    fn the_default_loads_and_a_setting_changes_one_value() {
        let default = with(&[]).expect("the default loads");
        let changed = with(&["volume.voxel_mm=2", "rounds.max = 1"]).expect("a valid setting");
        assert_eq!(changed.volume.voxel_mm, 2.0);
        assert_eq!(changed.rounds.max, 1);
        assert_eq!(changed.plate, default.plate);
    }

    #[test]
    fn a_word_needs_no_quotes_but_must_be_known() {
        for setting in ["solver.policy=by-hand", "solver.policy = \"by-hand\""] {
            let config = with(&[setting]).expect("a valid setting");
            assert_eq!(config.solver.policy, Policy::ByHand, "{setting}");
        }
        let failure = with(&["solver.policy=by-foot"]).expect_err("no such policy");
        assert!(failure.to_string().contains("by-hand"), "{failure}");
    }

    #[test]
    fn a_misspelt_setting_is_refused_by_name() {
        let failure = with(&["volume.voxl_mm=2"]).expect_err("no such setting");
        assert!(failure.to_string().contains("voxl_mm"), "{failure}");
        assert!(with(&["volume"]).is_err());
    }
}
