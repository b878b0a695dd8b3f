//! Orders and their lines: what is good enters the night, the rest is refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Limits;
use crate::draft::{LineDraft, ORDERS_FILE, OrderDraft, OrdersDraft};
use crate::error::InputFault;
use crate::id::{MaterialId, OrderId, PartId, PostProcessId, ProcessId};
use crate::measure::{LengthUnit, Mm};
use crate::night::{ModelFile, Night};
use crate::order::{MixingRule, Order, OrderLine, OrientationPolicy, QualityClass};
use crate::stage::Refused;
use crate::time::Time;

use super::ledger::{Ledger, Place};

/// What became of the orders.
#[derive(Default)]
pub(super) struct Taken {
    /// Units of the good lines.
    pub(super) units: u64,
    /// What was left out.
    pub(super) refused: Vec<Refused>,
}

/// A line as far as it could be read.
struct LineRead {
    /// Copies; 0 where the quantity is at fault.
    quantity: u32,
    faults: Vec<InputFault>,
    /// The line and its model, if there are no faults.
    good: Option<(OrderLine, ModelFile)>,
}

/// When the plan begins, if that could be read, and orders that may be overdue by then.
pub(super) type Begin<'a> = (Option<Time>, &'a BTreeSet<OrderId>);

/// Checks one order against the catalogue and the centres of a night, which it does not enter.
///
/// # Errors
/// All its faults, with their places below `order`; one is enough to refuse the order whole.
pub fn validate_order(
    draft: &OrderDraft,
    night: &Night,
    now: Time,
    limits: &Limits,
) -> Result<Order, Vec<InputFault>> {
    let at = Place::root("order");
    let mut to = Ledger::default();
    let begin = (Some(now), &BTreeSet::new());
    let order = read_order(draft, begin, &regions(night), &at, &mut to);
    let mut good = Vec::with_capacity(draft.lines.len());
    for (number, line) in draft.lines.iter().enumerate() {
        let line = read_line(line, number, limits, night, &at);
        to.faults.extend(line.faults);
        good.extend(line.good.map(|(line, _)| line));
    }
    match order {
        Some(order) if to.faults.is_empty() => Ok(Order { lines: good, ..order }),
        _ => Err(to.faults),
    }
}

/// Regions that centres ship to.
fn regions(night: &Night) -> BTreeSet<String> {
    let freight = night.centres.values().flat_map(|centre| &centre.freight);
    freight.map(|freight| freight.region.as_str().to_owned()).collect()
}

/// Puts good orders into `night`.
pub(super) fn read(
    draft: &OrdersDraft,
    begin: Begin<'_>,
    limits: &Limits,
    night: &mut Night,
    to: &mut Ledger,
) -> Taken {
    let regions = regions(night);
    let mut taken = Taken::default();
    let mut seen = BTreeMap::new();
    for (i, draft) in draft.orders.iter().enumerate() {
        let at = match &draft.origin {
            Some(origin) => Place::origin(origin),
            None => Place::json(ORDERS_FILE, &format!("orders[{i}]")),
        };
        let mut own = Ledger::default();
        let mut order = read_order(draft, begin, &regions, &at, &mut own);
        let first = *seen.entry(draft.id.clone()).or_insert(i);
        if first != i && !draft.id.is_empty() {
            let message = format!("must be unique, {:?} is the id of orders[{first}]", draft.id);
            own.add("E1011", &at.field("id"), message);
        }
        let lines: Vec<_> = draft
            .lines
            .iter()
            .enumerate()
            .map(|(number, line)| read_line(line, number, limits, night, &at))
            .collect();
        match &mut order {
            Some(order) if own.faults.is_empty() => {
                settle_lines(order, lines, night, &mut taken, to);
            }
            _ => {
                let quantity = lines.iter().fold(0, |sum: u32, l| sum.saturating_add(l.quantity));
                let mut faults = own.faults;
                faults.extend(lines.into_iter().flat_map(|line| line.faults));
                to.faults.extend(faults.iter().cloned());
                let order = draft.id.as_str().into();
                taken.refused.push(Refused { order, line: None, quantity, faults });
            }
        }
    }
    taken
}

/// Takes the good lines of a good order; an order without any is not of the night.
fn settle_lines(
    order: &mut Order,
    lines: Vec<LineRead>,
    night: &mut Night,
    taken: &mut Taken,
    to: &mut Ledger,
) {
    for (number, line) in lines.into_iter().enumerate() {
        if let Some((line, model)) = line.good {
            taken.units += u64::from(line.quantity);
            night.models.insert(line.part.clone(), model);
            order.lines.push(line);
        } else {
            to.faults.extend(line.faults.iter().cloned());
            taken.refused.push(Refused {
                order: order.id.clone(),
                line: Some(number),
                quantity: line.quantity,
                faults: line.faults,
            });
        }
    }
    if !order.lines.is_empty() {
        night.orders.insert(order.id.clone(), order.clone());
    }
}

/// The order without its lines; `None` if something is missing. All faults are in `to`.
fn read_order(
    draft: &OrderDraft,
    (planning_time, overdue): Begin<'_>,
    regions: &BTreeSet<String>,
    at: &Place,
    to: &mut Ledger,
) -> Option<Order> {
    if let Some(origin) = draft.origin.as_ref().filter(|o| !o.unreadable.is_empty()) {
        to.faults.extend(origin.unreadable.iter().cloned());
        return None;
    }
    // Tables have one row per line, so the id of the order stands in a column of that name.
    let id = if draft.origin.is_some() { "order" } else { "id" };
    to.id(&at.field(id), &draft.id);
    to.id(&at.field("customer"), &draft.customer);
    let known = regions.iter().map(String::as_str);
    to.known(&at.field("region"), &draft.region, "region that a centre ships to", known);
    let begin = planning_time.filter(|_| !overdue.contains(&OrderId::from(draft.id.as_str())));
    let due = read_date("due", &draft.due, begin, at, to);
    let deadline = draft.deadline.as_deref().filter(|text| !text.is_empty());
    let deadline = deadline.and_then(|text| read_date("deadline", text, begin, at, to));
    if let Some((due, deadline)) = due.zip(deadline)
        && deadline < due
    {
        let message = format!(
            "must not be before due {due}, is {deadline}: a deadline is the later of the two \
             dates; ask for an earlier due date if it should be there by then"
        );
        to.add("E1036", &at.field("deadline"), message);
    }
    let priority = to.whole(&at.field("priority"), draft.priority, 5);
    let mixing = to.choice(&at.field("mixing"), &draft.mixing, &MIXING);
    for (i, certificate) in draft.certificates.iter().enumerate() {
        to.id(&at.item("certificates", i), certificate);
    }
    to.filled(&at.field("lines"), &draft.lines);
    let certificates: BTreeSet<_> = draft.certificates.iter().collect();
    Some(Order {
        id: draft.id.as_str().into(),
        customer: draft.customer.as_str().into(),
        region: draft.region.as_str().into(),
        due: due?,
        deadline,
        promised: None,
        together: draft.together,
        priority: u8::try_from(priority?).ok()?,
        mixing: mixing?,
        certificates: certificates.into_iter().map(|c| c.as_str().into()).collect(),
        lines: Vec::new(),
    })
}

/// A date of an order; one that may not be overdue must be after `begin`.
fn read_date(
    field: &str,
    text: &str,
    begin: Option<Time>,
    at: &Place,
    to: &mut Ledger,
) -> Option<Time> {
    let date = to.time(&at.field(field), text)?;
    if let Some(begin) = begin.filter(|begin| date <= *begin) {
        let message = format!("must be after the planning time {begin}, is {date}");
        to.add("E1016", &at.field(field), message);
    }
    Some(date)
}

const MIXING: [(&str, MixingRule); 3] =
    [("any", MixingRule::Any), ("customer", MixingRule::Customer), ("alone", MixingRule::Alone)];

fn read_line(
    draft: &LineDraft,
    number: usize,
    limits: &Limits,
    night: &Night,
    order: &Place,
) -> LineRead {
    let at = match &draft.origin {
        Some(origin) => Place::origin(origin),
        None => order.item("lines", number),
    };
    let mut to = Ledger::default();
    if let Some(origin) = draft.origin.as_ref().filter(|o| !o.unreadable.is_empty()) {
        to.faults.extend(origin.unreadable.iter().cloned());
        return LineRead { quantity: 0, faults: to.faults, good: None };
    }
    let model = read_model(draft, &at, &mut to);
    let quantity = to.whole(&at.field("quantity"), draft.quantity, limits.line_quantity);
    let names = resolve_names(draft, night, &at, &mut to);
    let orientation = to.orientation(&at.field("orientation"), &draft.orientation);
    let clearance = draft.clearance_mm.map(|clearance| {
        Mm(to.number(&at.field("clearance_mm"), clearance, 0.0..=limits.coordinate_mm))
    });
    let line = assemble(draft, number, quantity, orientation, names, clearance);
    let good = if to.faults.is_empty() {
        model.zip(line).map(|((part, file), line)| (OrderLine { part, ..line }, file))
    } else {
        None
    };
    LineRead { quantity: quantity.unwrap_or(0), faults: to.faults, good }
}

fn assemble(
    draft: &LineDraft,
    number: usize,
    quantity: Option<u32>,
    orientation: Option<OrientationPolicy>,
    quality: Option<QualityClass>,
    clearance: Option<Mm>,
) -> Option<OrderLine> {
    Some(OrderLine {
        number,
        part: draft.model.as_str().into(),
        quantity: quantity?,
        elsewhere: Vec::new(),
        material: draft.material.as_str().into(),
        process: draft.process.as_str().into(),
        colour: draft.colour.clone().filter(|c| !c.is_empty()),
        finish: draft.finish.iter().map(|f| f.as_str().into()).collect(),
        quality: quality?,
        orientation: orientation?,
        clearance,
        inside_cavity: draft.inside_cavity,
    })
}

/// Checks material, process, finish and quality against the catalogue.
fn resolve_names(
    draft: &LineDraft,
    night: &Night,
    at: &Place,
    to: &mut Ledger,
) -> Option<QualityClass> {
    let materials = night.materials.keys().map(MaterialId::as_str);
    let known = to.known(&at.field("material"), &draft.material, "material", materials);
    let processes = night.processes.keys().map(ProcessId::as_str);
    to.known(&at.field("process"), &draft.process, "process", processes);
    let process = night.processes.get(&draft.process.as_str().into());
    if let Some(process) = process
        && known
        && !process.materials.iter().any(|m| m.as_str() == draft.material)
    {
        let names: Vec<_> = process.materials.iter().map(MaterialId::as_str).collect();
        let message = format!(
            "must be a material of process {:?} ({}), is {:?}",
            draft.process,
            names.join(", "),
            draft.material
        );
        to.add("E1017", &at.field("material"), message);
    }
    for (i, finish) in draft.finish.iter().enumerate() {
        let known = night.post_processes.keys().map(PostProcessId::as_str);
        to.known(&at.item("finish", i), finish, "finish", known);
    }
    let quality = to.quality(&at.field("quality"), &draft.quality)?;
    if let Some(process) = process
        && process.parameter_set(quality).is_none()
    {
        let message = format!(
            "must be a quality that process {:?} has a parameter set for, is {:?}",
            draft.process, draft.quality
        );
        to.add("E1018", &at.field("quality"), message);
    }
    Some(quality)
}

/// The part and its file: a name without folders, a known extension, a unit where needed.
fn read_model(draft: &LineDraft, at: &Place, to: &mut Ledger) -> Option<(PartId, ModelFile)> {
    let (file, model_at) = (draft.model.as_str(), at.field("model"));
    if file.is_empty() {
        to.add("E1010", &model_at, "must not be empty");
        return None;
    }
    let bad = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':');
    if file.contains("..") || file.contains(bad) || file.trim() != file || file.len() > 255 {
        let message = format!(
            "must be the name of a file in the folder models, without '/', '\\', ':' or '..', is \
             {file:?}"
        );
        to.add("E1019", &model_at, message);
        return None;
    }
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let extension = extension.to_ascii_lowercase();
    if stem.is_empty() || !["stl", "obj", "ply", "3mf"].contains(&extension.as_str()) {
        let message = format!("must end in .stl, .obj, .ply or .3mf, is {file:?}");
        to.add("E1019", &model_at, message);
        return None;
    }
    let unit_at = at.field("unit");
    let unit = match draft.unit.as_deref().filter(|u| !u.is_empty()) {
        None if extension == "3mf" => None,
        None => {
            let message = format!("must be given, a .{extension} file does not say it: {UNITS}");
            to.add("E1020", &unit_at, message);
            return None;
        }
        Some(name) => match LengthUnit::from_name(name) {
            Some(_) if extension == "3mf" => {
                let message = format!("must be left out, a .3mf file says it itself, is {name:?}");
                to.add("E1020", &unit_at, message);
                return None;
            }
            Some(unit) => Some(unit),
            None => {
                to.add("E1020", &unit_at, format!("must be one of {UNITS}, is {name:?}"));
                return None;
            }
        },
    };
    let part = match unit {
        None | Some(LengthUnit::Mm) => PartId::from(file),
        Some(unit) => PartId::from(format!("{file}@{}", unit.name())),
    };
    Some((part, ModelFile { file: file.to_owned(), unit, released: false }))
}

const UNITS: &str = "micron, mm, cm, m, inch, foot";
