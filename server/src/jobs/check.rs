//! The check of a model version.

use platewright_model::measure::LengthUnit;
use platewright_model::stage::{PartRecord, Verdict};
use platewright_pipeline::inspect_model;
use serde_json::{Value, json};

use crate::error::Refusal;
use crate::records::events::{self, New};
use crate::records::jobs::Job;
use crate::records::models::{self, Version};
use crate::service::Service;

/// Kind of its jobs.
pub(crate) const KIND: &str = "check";

/// Checks the version that a job names, and notes what was found.
pub(super) async fn perform(service: &Service, job: &Job) -> Result<Value, Refusal> {
    let number = job.payload["version"].as_i64().unwrap_or(1);
    let mut db = service.records.pool.acquire().await?;
    let found = models::one_version(&mut db, &job.subject, number).await?;
    drop(db);
    // A designer may have added the version: the model's owner hears of it, too.
    let owner = models::one(&service.records.pool, &job.subject, None).await?;
    let version = found.ok_or_else(|| Refusal::bug("a check of a model that is not there"))?;
    let record = check(service, &version).await?;
    let state = state(&record);
    let record = json!(record);
    let body = json!({ "version": number, "state": state });
    let organisation = owner.map_or_else(|| job.organisation.clone(), |owner| owner.organisation);
    let model = job.subject.clone();
    let kept = body.clone();
    service
        .records
        .writer
        .write(move |db| {
            Box::pin(async move {
                models::checked(db, &model, number, state, &record).await?;
                let new = New {
                    kind: "model.checked",
                    subject: &model,
                    actor: "service",
                    organisation: Some(&organisation),
                    body: kept,
                    ..New::default()
                };
                events::enter(db, new).await
            })
        })
        .await?;
    Ok(body)
}

/// What a person reads of a verdict (ISO/IEC 23510, 5.3).
pub(crate) fn state(record: &PartRecord) -> &'static str {
    match record.verdict {
        Verdict::Printable if record.faults.is_empty() => "pass",
        Verdict::NeedsReview => "needs_review",
        Verdict::NotPrintable => "fail",
        _ => "warn",
    }
}

/// Reads and measures a version, on a thread where it may take its time.
pub(crate) async fn check(service: &Service, version: &Version) -> Result<PartRecord, Refusal> {
    let bytes = service.objects.get(&version.sha256).await.map_err(Refusal::objects)?;
    let limits = service.settings.config.limits;
    let unit = version.unit.as_deref().and_then(LengthUnit::from_name);
    let file = version.file();
    let night = service.frame().night.clone();
    let checked = tokio::task::spawn_blocking(move || {
        inspect_model(&bytes, &file, unit, night.as_deref(), &limits)
    });
    checked.await.map_err(|error| Refusal::bug(format!("a check of a model: {error}")))
}
