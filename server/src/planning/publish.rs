//! A plan becomes the one in force: all of it, or nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use sqlx::SqliteConnection;

use crate::error::Refusal;
use crate::http::auth::Principal;
use crate::http::wire::new_id;
use crate::ledger::{Change, UnitState};
use crate::records::changes::{Cause, change};
use crate::records::events::{self, New};
use crate::records::plans::{self, Build, Plan};
use crate::records::{dispatches, orders};

/// Publishes a plan: builds that it leaves out give their units back, builds that it keeps may get
/// another machine or start, new builds get their units and are dispatched.
///
/// # Errors
/// It does not follow the plan in force, or units of it are not to be had any more. Then nothing
/// is changed.
pub(crate) async fn publish(
    db: &mut SqliteConnection,
    plan: &Plan,
    who: &Principal,
) -> Result<(), Refusal> {
    let stale = |state: &str, why: &str| Refusal::Conflict {
        what: "plan",
        id: plan.id.clone(),
        state: state.to_owned(),
        remedy: format!("{why}: plan again"),
    };
    if plan.state != "proposed" {
        return Err(stale(&plan.state, "only a proposed plan can be published"));
    }
    let old = plans::in_force(db).await?;
    if old.as_ref().map(|old| &old.id) != plan.follows.as_ref() {
        return Err(stale("out of date", "another plan was published since it was made"));
    }
    let builds = plans::builds(db, &plan.id).await?;
    let listed: BTreeSet<&str> = builds.iter().map(|build| build.id.as_str()).collect();
    if let Some(old) = &old {
        for build in plans::builds(db, &old.id).await? {
            if build.state == "published" && !listed.contains(build.id.as_str()) {
                withdraw(db, &build, "withdrawn", "a new plan", &who.key).await?;
            }
        }
        plans::set_state(db, &old.id, "superseded", None, None).await?;
    }
    for build in &builds {
        match build.state.as_str() {
            "proposed" => take(db, build, who).await.map_err(|error| match error {
                Refusal::Conflict { id, state, .. } => {
                    stale("out of date", &format!("unit {id} is {state} by now"))
                }
                other => other,
            })?,
            "published" => keep(db, build, who).await?,
            "printing" | "printed" => {}
            other => {
                let why = format!("build {} is {other} by now", build.name);
                return Err(stale("out of date", &why));
            }
        }
    }
    plans::set_state(db, &plan.id, "published", None, None).await?;
    let new = New {
        kind: "plan.published",
        subject: &plan.id,
        actor: &who.key,
        body: json!({ "builds": builds.len() }),
        ..New::default()
    };
    events::enter(db, new).await
}

/// Puts the units of a new build into it, and dispatches it.
async fn take(db: &mut SqliteConnection, build: &Build, who: &Principal) -> Result<(), Refusal> {
    let placed = plans::placements(db, &build.id).await?;
    let ids: Vec<String> = placed.into_iter().map(|(unit, ..)| unit).collect();
    let units = orders::some_units(db, &ids).await?;
    let cause = Cause {
        change: Change::Allot,
        actor: &who.key,
        build: Some(&build.id),
        centre: Some(&build.centre),
        body: json!({}),
    };
    change(db, &units, &cause).await?;
    let published = Build { state: "published".to_owned(), ..build.clone() };
    plans::set_build(db, &published).await?;
    send(db, &published, who).await
}

/// Moves a build that a plan keeps to where it now places it.
async fn keep(db: &mut SqliteConnection, build: &Build, who: &Principal) -> Result<(), Refusal> {
    let before = plans::one_build(db, &build.id).await?;
    let before = before.ok_or_else(|| Refusal::bug("a build that is not there"))?;
    let place = |b: &Build| (b.machine.clone(), b.start_at, b.end_at);
    if place(&before) == place(build) {
        return Ok(());
    }
    plans::set_build(db, build).await?;
    if before.centre != build.centre {
        return send(db, build, who).await;
    }
    let new = New {
        kind: "build.rescheduled",
        subject: &build.id,
        actor: &who.key,
        centre: Some(&build.centre),
        body: json!({ "machine": build.machine, "start_at": build.start_at }),
        ..New::default()
    };
    events::enter(db, new).await
}

async fn send(db: &mut SqliteConnection, build: &Build, who: &Principal) -> Result<(), Refusal> {
    let id = new_id();
    dispatches::send(db, &id, &build.id, &build.centre).await?;
    let new = New {
        kind: "dispatch.sent",
        subject: &build.id,
        actor: &who.key,
        centre: Some(&build.centre),
        body: json!({ "machine": build.machine, "start_at": build.start_at }),
        ..New::default()
    };
    events::enter(db, new).await
}

/// Takes a build out of the plan in force: its units wait again.
pub(crate) async fn withdraw(
    db: &mut SqliteConnection,
    build: &Build,
    state: &str,
    reason: &str,
    actor: &str,
) -> Result<(), Refusal> {
    let units = plans::units(db, &build.id).await?;
    let open = |state| matches!(state, UnitState::Allotted | UnitState::Printing);
    let units: Vec<_> = units.into_iter().filter(|unit| open(unit.state)).collect();
    let cause = Cause {
        change: Change::Release,
        actor,
        build: Some(&build.id),
        centre: Some(&build.centre),
        body: json!({ "reason": reason }),
    };
    change(db, &units, &cause).await?;
    plans::set_build(db, &Build { state: state.to_owned(), ..build.clone() }).await?;
    if let Some(dispatch) = dispatches::of_build(db, &build.id).await? {
        dispatches::set(db, &dispatch.id, state, None, Some(reason)).await?;
    }
    let new = New {
        kind: "build.withdrawn",
        subject: &build.id,
        actor,
        centre: Some(&build.centre),
        body: json!({ "state": state, "reason": reason }),
        ..New::default()
    };
    events::enter(db, new).await
}

/// Builds by their names.
pub(crate) fn by_name(builds: Vec<Build>) -> BTreeMap<String, Build> {
    builds.into_iter().map(|build| (build.name.clone(), build)).collect()
}
