//! Many orders in one request, one to a line: read as they come, judged some at a time on all
//! cores, and kept until all are known.

use std::sync::Arc;

use axum::body::BodyDataStream;
use bytes::Bytes;
use futures_util::StreamExt;
use platewright_model::night::Night;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::api::order_body::OrderRequest;
use crate::error::Refusal;
use crate::http::auth::Principal;
use crate::http::extract::JSON_BYTES;
use crate::ordering::{Known, Prepared, judge};
use crate::records::bulk::{New, Orders};
use crate::service::Service;

/// Most bytes of an import.
pub(crate) const IMPORT_BYTES: u64 = 256 << 20;
/// Rows that are judged together at most.
const BATCH: usize = 1000;
/// Bytes of rows that are judged together, about.
const BATCH_BYTES: usize = 1 << 20;
/// Refusals that are told.
const TOLD: usize = 1000;

/// What came of the rows of an import.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// The good orders, some to a batch.
    pub(crate) batches: Vec<Orders>,
    /// Their ids by row; `None` where a row was refused.
    pub(crate) orders: Vec<Option<String>>,
    /// The first rows that were refused, from 1, and why.
    pub(crate) refused: Vec<(usize, Refusal)>,
    /// How many more were refused.
    pub(crate) more: usize,
}

/// Takes rows and judges them.
pub(crate) struct Import {
    service: Service,
    who: Arc<Principal>,
    night: Arc<Night>,
    known: Arc<Known>,
    rows: Vec<Bytes>,
    bytes: usize,
    judged: Judged,
}

/// What comes of a row: the order, or why it is refused.
type Outcome = Result<Box<Prepared>, Refusal>;

impl Import {
    /// An import of orders for the organisation of `who`.
    ///
    /// # Errors
    /// The catalogue is empty.
    pub(crate) fn new(service: &Service, who: &Arc<Principal>) -> Result<Self, Refusal> {
        Ok(Self {
            service: service.clone(),
            who: Arc::clone(who),
            night: Arc::clone(service.frame().night()?),
            known: Arc::default(),
            rows: Vec::new(),
            bytes: 0,
            judged: Judged::default(),
        })
    }

    /// Reads all rows of a body; `digest` takes its bytes, too.
    ///
    /// # Errors
    /// The body is too large or breaks off; a row is too long; the records cannot be read.
    pub(crate) async fn read(
        mut self,
        mut body: BodyDataStream,
        digest: &mut Sha256,
    ) -> Result<Judged, Refusal> {
        let (mut begun, mut total) = (Vec::new(), 0_u64);
        while let Some(part) = body.next().await {
            let part = part.map_err(|error| Refusal::Malformed {
                place: "body".to_owned(),
                reason: error.to_string(),
            })?;
            total += part.len() as u64;
            if total > IMPORT_BYTES {
                let remedy = "send it as several imports".to_owned();
                return Err(Refusal::TooLarge { limit: IMPORT_BYTES, remedy });
            }
            digest.update(&part);
            let mut pieces = part.split(|byte| *byte == b'\n');
            begun.extend_from_slice(pieces.next().unwrap_or_default());
            for piece in pieces {
                self.take(std::mem::replace(&mut begun, piece.to_vec())).await?;
            }
            if begun.len() > JSON_BYTES {
                let remedy = "send an order with so many lines as several".to_owned();
                return Err(Refusal::TooLarge { limit: JSON_BYTES as u64, remedy });
            }
        }
        self.take(begun).await?;
        self.judge().await?;
        Ok(self.judged)
    }

    /// Takes a row; empty ones do not count.
    async fn take(&mut self, row: Vec<u8>) -> Result<(), Refusal> {
        if row.trim_ascii().is_empty() {
            return Ok(());
        }
        self.bytes += row.len();
        self.rows.push(row.into());
        if self.rows.len() >= BATCH || self.bytes >= BATCH_BYTES {
            self.judge().await?;
        }
        Ok(())
    }

    /// Judges the rows that were taken.
    async fn judge(&mut self) -> Result<(), Refusal> {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        let parsed: Vec<Result<OrderRequest, Refusal>> =
            rows.iter().map(|row| parse(row)).collect();
        // Nobody else holds it between batches.
        let known = Arc::get_mut(&mut self.known).ok_or_else(|| Refusal::bug("a batch at work"))?;
        for request in parsed.iter().flatten() {
            known.look_up(&self.service, &self.who, &request.lines).await?;
        }
        let (service, night) = (self.service.clone(), Arc::clone(&self.night));
        let (who, known) = (Arc::clone(&self.who), Arc::clone(&self.known));
        let judged = tokio::task::spawn_blocking(move || {
            let outcomes: Vec<Outcome> = parsed
                .into_par_iter()
                .map(|request| judge(&service, &night, &who, &known, request?).map(Box::new))
                .collect();
            drop(known);
            outcomes
        });
        let outcomes = judged.await.map_err(Refusal::bug)?;
        self.judged.add(outcomes)
    }
}

impl Judged {
    fn add(&mut self, outcomes: Vec<Outcome>) -> Result<(), Refusal> {
        let mut orders = Orders::default();
        for outcome in outcomes {
            match outcome {
                Ok(prepared) => {
                    let id = prepared.order.id.to_string();
                    enter(&mut orders, &id, &prepared)?;
                    self.orders.push(Some(id));
                }
                Err(refusal) => {
                    self.orders.push(None);
                    if self.refused.len() < TOLD {
                        self.refused.push((self.orders.len(), refusal));
                    } else {
                        self.more += 1;
                    }
                }
            }
        }
        self.batches.push(orders);
        Ok(())
    }
}

fn parse(row: &[u8]) -> Result<OrderRequest, Refusal> {
    serde_json::from_slice(row)
        .map_err(|error| Refusal::Malformed { place: "row".to_owned(), reason: error.to_string() })
}

fn enter(orders: &mut Orders, id: &str, prepared: &Prepared) -> Result<(), Refusal> {
    let request = &prepared.request;
    orders.push(New {
        id: id.to_owned(),
        reference: &request.reference,
        region: &request.region,
        due_at: request.due_at,
        body: serde_json::to_string(request)?,
        price: serde_json::to_string(&prepared.price)?,
        event: serde_json::to_string(&prepared.told())?,
    });
    let each = request.lines.iter().zip(&prepared.versions);
    for (number, (line, version)) in (0..).zip(each) {
        let body = serde_json::to_string(line)?;
        orders.push_line(id, (number, &version.model, version.version), (line.quantity, body));
    }
    Ok(())
}
