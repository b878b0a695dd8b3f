//! What is to be planned, as it stands in the ledger at one moment.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::id::{BuildId, OrderId, PartId};
use platewright_model::measure::LengthUnit;
use platewright_model::night::{ModelFile, Night};
use platewright_model::order::{Order, OrderLine};
use platewright_model::replan::BuildStatus;
use platewright_model::stage::OrderBook;
use platewright_model::time::Time;
use platewright_model::validate::validate_order;
use sqlx::SqliteConnection;

use crate::api::order_body::{OrderRequest, draft};
use crate::error::Refusal;
use crate::ledger::UnitState;
use crate::records::orders::{self, Unit};
use crate::records::{models, plans};
use crate::service::Service;

/// What a plan is made from.
pub(crate) struct Snapshot {
    pub(crate) night: Night,
    pub(crate) order_book: OrderBook,
    /// Object of each model file.
    pub(crate) files: BTreeMap<String, String>,
    /// The plan in force, with how its builds fare by their names there.
    pub(crate) in_force: Option<(String, BTreeMap<BuildId, BuildStatus>)>,
}

/// States of the units that a plan is made of: those that wait, and those in builds that are not
/// printed yet.
const OPEN: [UnitState; 3] = [UnitState::Waiting, UnitState::Allotted, UnitState::Printing];

/// Reads what is to be planned from `now` on.
///
/// # Errors
/// An empty catalogue, or orders that do not go with it any more.
pub(crate) async fn snapshot(service: &Service, now: Time) -> Result<Snapshot, Refusal> {
    let frame = service.frame();
    let mut night = Night::clone(frame.night()?);
    night.planning_time = now;
    for machine in night.centres.values_mut().flat_map(|centre| &mut centre.machines) {
        machine.free_from = machine.free_from.max(now);
    }
    // One read transaction, so that all of it is of one moment.
    let mut tx = service.records.pool.begin().await?;
    let open = orders::units_in(&mut tx, &OPEN).await?;
    let mut files = BTreeMap::new();
    let mut by_order: BTreeMap<&str, Vec<&Unit>> = BTreeMap::new();
    for unit in &open {
        by_order.entry(&unit.order).or_default().push(unit);
    }
    for (id, units) in &by_order {
        let order = read_order(service, &mut tx, &mut night, &mut files, id, units).await?;
        night.orders.insert(order.id.clone(), order);
    }
    let in_force = match plans::in_force(&mut tx).await? {
        Some(plan) => Some((plan.id.clone(), statuses(&mut tx, &plan.id).await?)),
        None => None,
    };
    let order_book = OrderBook { units: night.units(), refused: Vec::new() };
    Ok(Snapshot { night, order_book, files, in_force })
}

/// An order with the copies that are open; the models of its lines enter `night` and `files`.
async fn read_order(
    service: &Service,
    db: &mut SqliteConnection,
    night: &mut Night,
    files: &mut BTreeMap<String, String>,
    id: &str,
    units: &[&Unit],
) -> Result<Order, Refusal> {
    let stored =
        orders::one(db, id, None).await?.ok_or_else(|| Refusal::bug("units of no order"))?;
    let request: OrderRequest = serde_json::from_value(stored.body.clone())?;
    let mut versions = Vec::new();
    let lines = orders::lines(db, id).await?;
    for line in &lines {
        let version = models::one_version(db, &line.model, line.model_version).await?;
        versions.push(version.ok_or_else(|| Refusal::bug("a line of no model"))?);
    }
    let draft = draft(&request, id, &stored.organisation, &versions);
    let limits = &service.settings.config.limits;
    // An order was checked when it was taken; overdue or not, it is planned.
    let order = validate_order(&draft, night, Time(i64::MIN / 2), limits)
        .map_err(|faults| Refusal::Invalid { faults })?;
    let mut open = Vec::new();
    for (line, version) in order.lines.into_iter().zip(&versions) {
        let number = line.number as i64;
        let copies: BTreeSet<u32> =
            units.iter().filter(|u| u.line == number).map(|u| u.copy as u32).collect();
        let Some(last) = copies.last() else { continue };
        let quantity = last + 1;
        let elsewhere = (0..quantity).filter(|copy| !copies.contains(copy)).collect();
        files.insert(version.file(), version.sha256.clone());
        let unit = version.unit.as_deref().and_then(LengthUnit::from_name);
        // Of one file that two customers uploaded, each has its own release.
        let before = night.models.get(&line.part).is_none_or(|model| model.released);
        let released = before && version.check_state == "released";
        let file = ModelFile { file: version.file(), unit, released };
        night.models.insert(PartId::clone(&line.part), file);
        open.push(OrderLine { quantity, elsewhere, ..line });
    }
    Ok(Order { id: OrderId::from(id), lines: open, ..order })
}

/// How the builds of the plan in force fare.
async fn statuses(
    db: &mut SqliteConnection,
    plan: &str,
) -> Result<BTreeMap<BuildId, BuildStatus>, Refusal> {
    let builds = plans::builds(db, plan).await?;
    let status = |build: &plans::Build| match build.state.as_str() {
        "printing" => BuildStatus::Printing,
        "printed" => BuildStatus::Done,
        "published" if build.locked => BuildStatus::Prepared,
        "published" => BuildStatus::Waiting,
        _ => BuildStatus::Rejected,
    };
    Ok(builds.iter().map(|build| (build.name.as_str().into(), status(build))).collect())
}
