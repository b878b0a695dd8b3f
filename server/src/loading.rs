//! What comes in and goes out as a whole: a night's folder, the keys of a demonstration, a backup.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use futures_util::FutureExt;
use platewright_model::draft::{CentresDraft, LineDraft, OrderDraft};
use platewright_model::measure::LengthUnit;
use platewright_model::time::Time;
use platewright_store::night::{NightDrafts, read_drafts, read_model_file};
use serde_json::json;

use crate::api::order_body::{LineRequest, OrderRequest};
use crate::catalogue::{Frame, entries};
use crate::error::Refusal;
use crate::http::auth::{Principal, Role, hash};
use crate::http::wire::{When, new_id};
use crate::ordering::prepare;
use crate::records::models::{self, Model, Version};
use crate::records::{catalogue, keys};
use crate::service::Service;

/// Organisation of operators.
const PLATFORM: &str = "platform";

/// Keys for a demonstration: an operator, a customer and each centre. They follow from a secret,
/// so that the same secret opens the same service.
pub(crate) async fn demo_keys(
    service: &Service,
    secret: &str,
) -> Result<Vec<(String, String)>, Refusal> {
    let mut wanted = vec![
        ("operator".to_owned(), principal(Role::Operator, PLATFORM, None)),
        ("buyer".to_owned(), principal(Role::Buyer, "demo-customer", None)),
        ("designer".to_owned(), principal(Role::Designer, "demo-designer", None)),
    ];
    if let Some(night) = &service.frame().night {
        for centre in night.centres.keys() {
            let name = format!("centre {centre}");
            wanted.push((name, principal(Role::Centre, centre.as_str(), Some(centre.as_str()))));
        }
    }
    let mut told = Vec::new();
    for (name, principal) in wanted {
        let digest = platewright_store::run::sha256_hex(format!("{secret}/{name}").as_bytes());
        let key = format!("pw_{}", &digest[..40]);
        add_key(service, &key, &name, principal).await?;
        told.push((name, key));
    }
    Ok(told)
}

fn principal(role: Role, organisation: &str, centre: Option<&str>) -> Principal {
    Principal {
        key: new_id(),
        role,
        organisation: organisation.to_owned(),
        centre: centre.map(str::to_owned),
    }
}

/// Makes a key known; one that is known already stays as it is.
async fn add_key(
    service: &Service,
    key: &str,
    name: &str,
    principal: Principal,
) -> Result<(), Refusal> {
    let (hash, name, kept) = (hash(key), name.to_owned(), principal.clone());
    let write = service.records.writer.write(move |db| {
        async move {
            keys::put_organisation(db, &kept.organisation, &kept.organisation).await?;
            keys::put_key(db, &hash, &name, &kept).await
        }
        .boxed()
    });
    write.await?;
    for (known, principal) in keys::all(&service.records.pool).await? {
        service.keys.add(known, principal);
    }
    Ok(())
}

/// Loads a night's folder; does nothing where there is a catalogue already.
pub(crate) async fn load_night(service: &Service, dir: &Path) -> Result<(), Refusal> {
    if service.frame().night.is_some() {
        return Ok(());
    }
    let limits = service.settings.config.limits;
    let (_, drafts) = read_drafts(dir, &limits).map_err(|error| Refusal::Malformed {
        place: dir.display().to_string(),
        reason: error.to_string(),
    })?;
    let begun = Time::parse(&drafts.orders.planning_time);
    let shift = When::now().seconds() - begun.map_or(0, |time| time.0);
    let NightDrafts { orders, catalogue, mut centres } = drafts;
    move_centres(&mut centres, shift);
    let wanted = entries(&catalogue, &centres)?;
    let config = service.settings.config.clone();
    let write = service.records.writer.write(move |db| {
        async move {
            for (kind, id, body) in &wanted {
                catalogue::put(db, kind.name(), id, 1, Some(body)).await?;
            }
            Frame::of(&catalogue::current(db).await?, &config).map(|_| ())
        }
        .boxed()
    });
    write.await?;
    service.refresh_frame().await?;
    let mut known = BTreeMap::new();
    for draft in &orders.orders {
        load_order(service, dir, draft, shift, &mut known).await?;
    }
    Ok(())
}

/// Ids of models that are loaded, by customer, file and unit.
type Known = BTreeMap<(String, String, Option<String>), String>;

/// Loads an order with its models. What cannot be ordered is left out, line by line: it was
/// refused in the night, too.
async fn load_order(
    service: &Service,
    dir: &Path,
    draft: &OrderDraft,
    shift: i64,
    known: &mut Known,
) -> Result<(), Refusal> {
    let owner = Arc::new(principal(Role::Buyer, &draft.customer, None));
    let (id, kept) = (draft.customer.clone(), Arc::clone(&owner));
    let write = service.records.writer.write(move |db| {
        async move { keys::put_organisation(db, &kept.organisation, &id).await }.boxed()
    });
    write.await?;
    let Some(mut request) = request(draft, shift) else { return Ok(()) };
    let mut lines = Vec::new();
    for (line, wanted) in draft.lines.iter().zip(std::mem::take(&mut request.lines)) {
        if let Some(model) = load_model(service, dir, &owner, line, known).await? {
            lines.push(LineRequest { model, ..wanted });
        }
    }
    request.lines = lines;
    // A line that is refused must not take its order along.
    while !request.lines.is_empty() {
        match prepare(service, &owner, request.clone()).await {
            Ok(prepared) => {
                let owner = Arc::clone(&owner);
                let write = service.records.writer.write(move |db| {
                    async move { prepared.confirm(db, &owner, None).await }.boxed()
                });
                write.await?;
                return Ok(());
            }
            Err(Refusal::Invalid { faults }) => {
                let at_fault = |k: usize| {
                    let place = format!("order.lines[{k}]");
                    faults.iter().any(|fault| fault.place.starts_with(&place))
                };
                let before = request.lines.len();
                let mut number = 0..;
                request.lines.retain(|_| !number.next().is_some_and(at_fault));
                if request.lines.len() == before {
                    return Ok(());
                }
            }
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// A model of a night, uploaded and checked; `None` if its file is missing.
async fn load_model(
    service: &Service,
    dir: &Path,
    owner: &Principal,
    line: &LineDraft,
    known: &mut Known,
) -> Result<Option<String>, Refusal> {
    let key = (owner.organisation.clone(), line.model.clone(), line.unit.clone());
    if let Some(id) = known.get(&key) {
        return Ok(Some(id.clone()));
    }
    let Ok(bytes) = read_model_file(dir, &line.model, &service.settings.config.limits) else {
        return Ok(None);
    };
    let ending = line.model.rsplit_once('.').map_or("", |(_, ending)| ending);
    let count = bytes.len() as i64;
    let sha256 = service.objects.put(bytes).await.map_err(Refusal::objects)?;
    let model = Model {
        id: new_id(),
        organisation: owner.organisation.clone(),
        name: line.model.clone(),
        listed: false,
        latest: 0,
        created_at: When::now(),
    };
    let mut version = Version {
        model: model.id.clone(),
        version: 1,
        sha256,
        bytes: count,
        extension: ending.to_ascii_lowercase(),
        unit: line.unit.clone().filter(|unit| LengthUnit::from_name(unit).is_some()),
        origin: "upload".to_owned(),
        author: owner.key.clone(),
        check_state: "pending".to_owned(),
        record: None,
        released_by: None,
        created_at: When::now(),
    };
    let record = crate::jobs::check_now(service, &version).await?;
    version.check_state = crate::jobs::check_state(&record).to_owned();
    version.record = Some(json!(record));
    let id = model.id.clone();
    let write = service.records.writer.write(move |db| {
        async move {
            models::add(db, &model).await?;
            models::add_version(db, &version).await.map(|_| ())
        }
        .boxed()
    });
    write.await?;
    known.insert(key, id.clone());
    Ok(Some(id))
}

/// An order of a night as it would be sent; `None` if it cannot be.
fn request(draft: &OrderDraft, shift: i64) -> Option<OrderRequest> {
    let date = |text: &str| Some(moved(text, shift)?.to_string());
    let lines: Vec<_> = draft
        .lines
        .iter()
        .map(|line| {
            json!({
                "model": "",
                "quantity": line.quantity as i64,
                "material": line.material,
                "process": line.process,
                "colour": line.colour,
                "finish": line.finish,
                "quality": line.quality,
                "orientation": line.orientation,
                "clearance_mm": line.clearance_mm,
                "inside_cavity": line.inside_cavity,
            })
        })
        .collect();
    let body = json!({
        "reference": draft.id,
        "region": draft.region,
        "due_at": date(&draft.due)?,
        "deadline_at": draft.deadline.as_deref().and_then(date),
        "together": draft.together,
        "priority": draft.priority as i64,
        "mixing": draft.mixing,
        "certificates": draft.certificates,
        "lines": lines,
    });
    serde_json::from_value(body).ok()
}

/// Moves the dates of centres.
fn move_centres(centres: &mut CentresDraft, shift: i64) {
    let put = |text: &mut String| {
        if let Some(time) = moved(text, shift) {
            *text = time.to_string();
        }
    };
    for machine in centres.centres.iter_mut().flat_map(|centre| &mut centre.machines) {
        machine.free_from.iter_mut().for_each(put);
        for span in &mut machine.calendar.maintenance {
            put(&mut span.from);
            put(&mut span.to);
        }
    }
}

fn moved(text: &str, shift: i64) -> Option<Time> {
    Time::parse(text).ok().map(|time| Time(time.0 + shift))
}

/// Copies records, objects and runs into a new folder: records first, as they name the others,
/// which are never changed.
pub(crate) async fn back_up(data: &Path, to: &Path) -> Result<(), Refusal> {
    tokio::fs::create_dir_all(to).await.map_err(Refusal::objects)?;
    crate::records::back_up(&data.join("records.sqlite"), &to.join("records.sqlite")).await?;
    let (from, to) = (data.to_owned(), to.to_owned());
    let copied = tokio::task::spawn_blocking(move || {
        ["objects", "runs"].iter().try_for_each(|name| copy(&from.join(name), &to.join(name)))
    });
    copied.await.map_err(Refusal::bug)?.map_err(Refusal::objects)
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
