//! What people say about an order: its customer, operators, the centres that print it, and the
//! designers who are commissioned to revise its models.

use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::SqliteConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::orders::find;
use crate::error::Refusal;
use crate::http::auth::{Principal, Role, Who};
use crate::http::extract::{Body, Path, Query};
use crate::http::once::{Answer, Once, OnceHeader};
use crate::http::page::{Page, PageQuery};
use crate::http::wire::{When, id, new_id};
use crate::records::comments::{self, Comment};
use crate::records::events::{self, New};
use crate::records::orders::{self, Order};
use crate::service::Service;

/// Most characters of a comment.
const LONGEST: usize = 4000;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(say, list)).routes(routes!(commission))
}

/// What someone says.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Said {
    /// The line that it is about, from 0; the order as a whole if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    line: Option<i64>,
    /// In words.
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
}

/// A comment as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct CommentBody {
    #[schema(format = Uuid)]
    id: String,
    /// The line that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<i64>,
    /// Id of the key that said it.
    author: String,
    /// Organisation of the author.
    organisation: String,
    /// Role of the author.
    role: String,
    /// `comment`, or `commission` for what a designer is asked to do.
    kind: String,
    /// In words.
    text: String,
    at: When,
}

impl CommentBody {
    fn of(comment: Comment) -> Self {
        Self {
            id: comment.id,
            line: comment.line,
            author: comment.author,
            organisation: comment.organisation,
            role: comment.role,
            kind: comment.kind,
            text: comment.text,
            at: comment.at,
        }
    }
}

/// Says something about an order.
#[utoipa::path(post, path = "/v1/orders/{id}/comments", tag = "orders", request_body = Said,
    params(("id" = String, Path, format = Uuid), OnceHeader),
    responses((status = 201, description = "Said.", body = CommentBody)))]
async fn say(
    State(service): State<Service>,
    Who(who): Who,
    Path(order): Path<String>,
    once: Once,
    body: Body<Said>,
) -> Result<Answer, Refusal> {
    let order = party(&service, &who, &order).await?;
    let Said { line, text } = body.value;
    words("text", &text)?;
    let comment = comment(&order, line, &who, "comment", text);
    let write = service.once(once, &body.bytes, move |db| {
        async move {
            if let Some(number) = line {
                has_line(db, &order, number).await?;
            }
            enter(db, &order, &comment, &who).await?;
            Answer::json(StatusCode::CREATED, &CommentBody::of(comment))
        }
        .boxed()
    });
    write.await
}

/// What was said about an order, the oldest first.
#[utoipa::path(get, path = "/v1/orders/{id}/comments", tag = "orders",
    params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, description = "A page.", body = Page<CommentBody>)))]
async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Path(order): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Refusal> {
    let order = party(&service, &who, &order).await?;
    let (limit, after) = query.read()?;
    let found = comments::page(&service.records.pool, &order.id, &after, limit + 1).await?;
    let items = found.into_iter().map(CommentBody::of).collect();
    Answer::json(StatusCode::OK, &Page::of(items, limit, |said: &CommentBody| said.id.clone()))
}

/// Whom a customer asks to revise the model of a line.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Commission {
    /// Id of the designer's organisation.
    #[schema(min_length = 1, max_length = 100)]
    designer: String,
    /// What is to be done, in words.
    #[schema(min_length = 1, max_length = 4000)]
    brief: String,
}

/// Commissions a designer on a line: from then on the designer sees the order and its comments,
/// and may add versions to the model of the line.
#[utoipa::path(post, path = "/v1/orders/{id}/lines/{n}/commission", tag = "orders",
    request_body = Commission,
    params(("id" = String, Path, format = Uuid),
        ("n" = u32, Path, minimum = 0, description = "The line, from 0"), OnceHeader),
    responses((status = 201, description = "Commissioned; the brief stands among the comments.",
        body = CommentBody)))]
async fn commission(
    State(service): State<Service>,
    Who(who): Who,
    Path((order, line)): Path<(String, u32)>,
    once: Once,
    body: Body<Commission>,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Buyer])?;
    let order = find(&service, &who, &order).await?;
    let Commission { designer, brief } = body.value;
    words("brief", &brief)?;
    let line = i64::from(line);
    let comment = comment(&order, Some(line), &who, "commission", brief);
    let write = service.once(once, &body.bytes, move |db| {
        async move {
            has_line(db, &order, line).await?;
            if !comments::commission(db, &order.id, line, &designer).await? {
                let text = format!("must be an organisation with a designer, is {designer:?}");
                return Err(Refusal::fault("E1013", "designer", text));
            }
            enter(db, &order, &comment, &who).await?;
            let new = New {
                kind: "line.commissioned",
                subject: &order.id,
                actor: &who.key,
                organisation: Some(&designer),
                order: Some(&order.id),
                body: json!({ "line": line, "designer": designer }),
                ..New::default()
            };
            events::enter(db, new).await?;
            Answer::json(StatusCode::CREATED, &CommentBody::of(comment))
        }
        .boxed()
    });
    write.await
}

fn comment(order: &Order, line: Option<i64>, who: &Principal, kind: &str, text: String) -> Comment {
    Comment {
        id: new_id(),
        order: order.id.clone(),
        line,
        author: who.key.clone(),
        organisation: who.organisation.clone(),
        role: who.role.name().to_owned(),
        kind: kind.to_owned(),
        text,
        at: When::now(),
    }
}

/// Adds a comment, and tells the customer of it.
async fn enter(
    db: &mut SqliteConnection,
    order: &Order,
    comment: &Comment,
    who: &Principal,
) -> Result<(), Refusal> {
    comments::add(db, comment).await?;
    let new = New {
        kind: "order.commented",
        subject: &order.id,
        actor: &who.key,
        organisation: Some(&order.organisation),
        order: Some(&order.id),
        body: json!({ "comment": comment.id, "line": comment.line }),
        ..New::default()
    };
    events::enter(db, new).await
}

async fn has_line(db: &mut SqliteConnection, order: &Order, line: i64) -> Result<(), Refusal> {
    let lines = orders::lines(db, &order.id).await?;
    let known = lines.iter().any(|known| known.number == line);
    known.then_some(()).ok_or_else(|| Refusal::NotFound { what: "line", id: line.to_string() })
}

/// Refuses words that are none, or too many.
fn words(place: &str, text: &str) -> Result<(), Refusal> {
    let count = text.chars().count();
    if text.trim().is_empty() || count > LONGEST {
        let text = format!("must have from 1 to {LONGEST} characters, has {count}");
        return Err(Refusal::fault("E1012", place, text));
    }
    Ok(())
}

/// An order that `who` takes part in: as its customer, as an operator, as a centre that has a unit
/// of it in a live build, or as a designer who is commissioned on a line.
pub(super) async fn party(
    service: &Service,
    who: &Principal,
    order: &str,
) -> Result<Order, Refusal> {
    let key = id("order", order)?;
    let pool = &service.records.pool;
    let mut db = pool.acquire().await?;
    if let Some(found) = orders::one(&mut db, &key, who.tenant()).await? {
        return Ok(found);
    }
    let seen = match (who.role, &who.centre) {
        (Role::Designer, _) => comments::is_designer(pool, &key, &who.organisation).await?,
        (Role::Centre, Some(centre)) => comments::is_printing(pool, &key, centre).await?,
        _ => false,
    };
    let found = if seen { orders::one(&mut db, &key, None).await? } else { None };
    found.ok_or(Refusal::NotFound { what: "order", id: key })
}
