//! Reports on the builds of a plan in force.

use std::collections::BTreeMap;

use crate::error::InputFault;
use crate::id::BuildId;
use crate::replan::{BUILDS_FILE, BuildStatus, BuildsDraft};

use super::ledger::{Ledger, Place};

/// The status of each build that was reported on; `known` says which builds the plan in force
/// has, and which it had before and has no more: what is told of the latter was dealt with.
///
/// # Errors
/// All faults at once: a status that does not exist, a build that is told of twice or that the
/// plan does not know.
pub fn validate_builds(
    draft: &BuildsDraft,
    known: &dyn Fn(&BuildId) -> Known,
) -> Result<BTreeMap<BuildId, BuildStatus>, Vec<InputFault>> {
    let mut ledger = Ledger::default();
    let mut reported = BTreeMap::new();
    for (i, draft) in draft.builds.iter().enumerate() {
        let at = Place::json(BUILDS_FILE, &format!("builds[{i}]"));
        let status = ledger.choice(&at.field("status"), &draft.status, &BuildStatus::ALL);
        let id = BuildId::from(draft.build.as_str());
        let place = at.field("build");
        match known(&id) {
            Known::Never => {
                let message = format!(
                    "must be a build of the plan in force, is {:?}: correct it, or give the run \
                     that it is of with --frozen",
                    draft.build
                );
                ledger.add("E1034", &place, message);
            }
            Known::Retired => {}
            Known::Planned => {
                let Some(status) = status else { continue };
                if reported.insert(id, status).is_some() {
                    let message = format!("must be told of once, {:?} is again", draft.build);
                    ledger.add("E1011", &place, message);
                }
            }
        }
    }
    if ledger.faults.is_empty() { Ok(reported) } else { Err(ledger.faults) }
}

/// What a plan in force knows of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is in the plan.
    Planned,
    /// It gave its units back before.
    Retired,
    /// Nothing.
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replan::BuildDraft;

    fn read(builds: &[(&str, &str)]) -> Result<BTreeMap<BuildId, BuildStatus>, Vec<String>> {
        let draft = |(build, status): &(&str, &str)| BuildDraft {
            build: (*build).to_owned(),
            status: (*status).to_owned(),
            note: String::new(),
        };
        let builds = BuildsDraft { builds: builds.iter().map(draft).collect() };
        let known = |id: &BuildId| match id.as_str() {
            "B001" | "B002" => Known::Planned,
            "B000" => Known::Retired,
            _ => Known::Never,
        };
        let told = |faults: Vec<InputFault>| faults.iter().map(ToString::to_string).collect();
        validate_builds(&builds, &known).map_err(told)
    }

    #[test]
    fn each_build_has_one_status() {
        let read = read(&[("B002", "failed"), ("B000", "scrapped"), ("B001", "done")]).unwrap();
        let expected = [("B001".into(), BuildStatus::Done), ("B002".into(), BuildStatus::Failed)];
        assert_eq!(read, BTreeMap::from(expected));
    }

    #[test]
    fn all_faults_are_told_with_their_places() {
        let faults =
            read(&[("B001", "lost"), ("B007", "done"), ("B002", "done"), ("B002", "failed")])
                .unwrap_err();
        let begins = [
            "builds.json: builds[0].status [E1014] must be one of waiting, prepared",
            "builds.json: builds[1].build [E1034] must be a build of the plan in force",
            "builds.json: builds[3].build [E1011] must be told of once, \"B002\" is again",
        ];
        assert_eq!(faults.len(), begins.len(), "{faults:#?}");
        for (fault, begin) in faults.iter().zip(begins) {
            assert!(fault.starts_with(begin), "{fault}");
        }
    }
}
