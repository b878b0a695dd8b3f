//! What of ISO/IEC 23510 is there (5.1): every row of the requirement table.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conformance::{ROWS, State};
use crate::error::Refusal;
use crate::http::auth::Who;
use crate::http::once::Answer;

/// A requirement.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct Row {
    /// Such as `R19`.
    id: String,
    /// Clause of ISO/IEC 23510:2021.
    clause: String,
    /// What it asks.
    asks: String,
    /// `implemented`, `neighbour` or `not_done`.
    state: String,
    /// Through which interface, and what is left to neighbours.
    how: String,
    /// Tests that show it.
    tests: Vec<String>,
}

/// Every requirement of the frame, and whether it is met here, by a neighbour, or not yet.
#[utoipa::path(get, path = "/v1/conformance", tag = "service",
    responses((status = 200, description = "The requirements, by id.", body = Vec<Row>)))]
pub(super) async fn conformance(Who(_who): Who) -> Result<Answer, Refusal> {
    let rows: Vec<Row> = ROWS
        .iter()
        .map(|row| Row {
            id: row.id.to_owned(),
            clause: row.clause.to_owned(),
            asks: row.asks.to_owned(),
            state: match row.state {
                State::Implemented(_) => "implemented",
                State::Neighbour => "neighbour",
                State::NotDone => "not_done",
            }
            .to_owned(),
            how: row.how.to_owned(),
            tests: match row.state {
                State::Implemented(tests) => tests.iter().map(|&test| test.to_owned()).collect(),
                _ => Vec::new(),
            },
        })
        .collect();
    Answer::json(StatusCode::OK, &rows)
}
