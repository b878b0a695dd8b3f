//! From what is asked for to what can be promised: an order checked against catalogue and models,
//! with its price.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use platewright_model::error::InputFault;
use platewright_model::night::Night;
use platewright_model::oracle::PartMeasures;
use platewright_model::order::Order;
use platewright_model::stage::MeshFacts;
use platewright_model::validate::validate_order;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use crate::api::order_body::{LineRequest, OrderRequest, draft};
use crate::error::Refusal;
use crate::http::auth::Principal;
use crate::http::wire::{When, new_id};
use crate::price::{Price, price};
use crate::records::events::{self, New};
use crate::records::models::{self, Version};
use crate::records::orders::{self, Line};
use crate::service::Service;

/// An order that can be taken.
pub(crate) struct Prepared {
    pub(crate) request: OrderRequest,
    /// As planners see it; its id is that of the order, if it becomes one.
    pub(crate) order: Order,
    /// Versions of the models, by line.
    pub(crate) versions: Vec<Arc<Version>>,
    /// Measures of the parts, by line.
    pub(crate) measures: Vec<PartMeasures>,
    pub(crate) price: Price,
    /// The catalogue that it was checked against.
    pub(crate) night: Arc<Night>,
}

/// Checks and prices what is asked for.
///
/// # Errors
/// Every fault with its place.
pub(crate) async fn prepare(
    service: &Service,
    who: &Principal,
    request: OrderRequest,
) -> Result<Prepared, Refusal> {
    let night = Arc::clone(service.frame().night()?);
    let mut known = Known::default();
    known.look_up(service, who, &request.lines).await?;
    judge(service, &night, who, &known, request)
}

/// Checks and prices what is asked for, with models that were looked up before.
///
/// # Errors
/// Every fault with its place.
pub(crate) fn judge(
    service: &Service,
    night: &Arc<Night>,
    who: &Principal,
    known: &Known,
    request: OrderRequest,
) -> Result<Prepared, Refusal> {
    let night = Arc::clone(night);
    let versions = known.of(&request.lines)?;
    let id = new_id();
    let draft = draft(&request, &id, &who.organisation, &versions);
    let now = When::now().0;
    let config = &service.settings.config;
    let order = validate_order(&draft, &night, now, &config.limits)
        .map_err(|faults| Refusal::Invalid { faults })?;
    let measures = measures(&versions)?;
    let prices = &service.settings.prices;
    let price = price(prices, &config.solver, &night, &order, &measures, now)?;
    Ok(Prepared { request, order, versions, measures, price, night })
}

/// Versions of models that were looked up, by model and the version that was asked for; `None`
/// where there is none that may be used.
#[derive(Debug, Default)]
pub(crate) struct Known(HashMap<(String, Option<i64>), Option<Arc<Version>>>);

impl Known {
    /// Looks up the versions that lines name, each once.
    pub(crate) async fn look_up(
        &mut self,
        service: &Service,
        who: &Principal,
        lines: &[LineRequest],
    ) -> Result<(), Refusal> {
        for line in lines {
            let key = (line.model.clone(), line.model_version);
            if let Entry::Vacant(place) = self.0.entry(key) {
                place.insert(version(service, who, line).await?.map(Arc::new));
            }
        }
        Ok(())
    }

    /// The versions that lines name.
    fn of(&self, lines: &[LineRequest]) -> Result<Vec<Arc<Version>>, Refusal> {
        let (mut all, mut faults) = (Vec::with_capacity(lines.len()), Vec::new());
        for (number, line) in lines.iter().enumerate() {
            let key = (line.model.clone(), line.model_version);
            match self.0.get(&key) {
                Some(Some(version)) => all.push(Arc::clone(version)),
                _ => {
                    let text = format!(
                        "must be a model of yours or of the catalogue, is {:?}",
                        line.model
                    );
                    let place = format!("order.lines[{number}].model");
                    faults.push(InputFault::new("E1013", place, text));
                }
            }
        }
        if faults.is_empty() { Ok(all) } else { Err(Refusal::Invalid { faults }) }
    }
}

async fn version(
    service: &Service,
    who: &Principal,
    line: &LineRequest,
) -> Result<Option<Version>, Refusal> {
    let pool = &service.records.pool;
    models::for_order(pool, &line.model, line.model_version, who.tenant()).await
}

/// What the parts measure; a model that was not checked yet, or did not pass, is at fault.
fn measures(versions: &[Arc<Version>]) -> Result<Vec<PartMeasures>, Refusal> {
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for (line, version) in versions.iter().enumerate() {
        let at = format!("order.lines[{line}].model");
        let good = ["pass", "warn", "released"].contains(&version.check_state.as_str());
        let facts = version.record.as_ref().map(|record| &record["facts"]);
        let facts = facts.and_then(|facts| MeshFacts::deserialize(facts).ok());
        match facts.filter(|_| good) {
            Some(facts) => all.push(PartMeasures {
                volume_mm3: facts.volume_mm3,
                surface_mm2: facts.surface_mm2,
                size: facts.bounds.size(),
            }),
            None => {
                let text = format!(
                    "must have passed its check, version {} is {:?}: see GET /v1/models/{}, repair \
                     it or have it released",
                    version.version, version.check_state, version.model
                );
                faults.push(InputFault::new("E9330", at, text));
            }
        }
    }
    if faults.is_empty() { Ok(all) } else { Err(Refusal::Invalid { faults }) }
}

impl Prepared {
    /// Enters the order as confirmed, and gives birth to its units.
    pub(crate) async fn confirm(
        &self,
        db: &mut SqliteConnection,
        who: &Principal,
        promised_at: Option<When>,
    ) -> Result<orders::Order, Refusal> {
        let order = orders::Order {
            id: self.order.id.to_string(),
            organisation: who.organisation.clone(),
            reference: self.request.reference.clone(),
            region: self.request.region.clone(),
            due_at: self.request.due_at,
            state: "confirmed".to_owned(),
            version: 1,
            body: json!(self.request),
            price: Some(json!(self.price)),
            promised_at,
            created_at: When::now(),
        };
        let lines = self.lines();
        orders::add(db, &order, &lines).await?;
        let new = New {
            kind: "order.confirmed",
            subject: &order.id,
            actor: &who.key,
            organisation: Some(&order.organisation),
            order: Some(&order.id),
            body: self.told(),
            ..New::default()
        };
        events::enter(db, new).await?;
        Ok(order)
    }

    /// What the event of its confirmation says.
    pub(crate) fn told(&self) -> Value {
        let each = (0..).zip(&self.request.lines);
        let told = each
            .map(|(number, line): (i64, _)| json!({ "line": number, "quantity": line.quantity }));
        json!({ "lines": told.collect::<Vec<_>>() })
    }

    fn lines(&self) -> Vec<Line> {
        let each = self.request.lines.iter().zip(&self.versions);
        (0..)
            .zip(each)
            .map(|(number, (line, version))| Line {
                number,
                model: version.model.clone(),
                model_version: version.version,
                quantity: line.quantity.into(),
                body: json!(line),
            })
            .collect()
    }
}
