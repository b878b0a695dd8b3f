//! What can be promised for one more order, given the plan in force.
//!
//! The plan stays as it is: the order joins builds that have not begun and have room, or gets
//! builds of its own in the gaps of machines. So a promise can be kept whatever else is planned
//! later, as long as builds that were promised stay.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use platewright_model::id::{CentreId, MachineId, MaterialId, ProcessId};
use platewright_model::machine::{BuildLoad, Centre, Machine};
use platewright_model::measure::Seconds;
use platewright_model::night::Night;
use platewright_model::order::{MixingRule, Order, OrderLine, QualityClass};
use platewright_model::time::Time;

use crate::calendar::{Shifts, slot_in};

/// A build of the plan in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its machine.
    pub machine: MachineId,
    /// The machine is occupied from then on.
    pub start: Time,
    /// The machine is free again.
    pub end: Time,
    /// What may join it, if anything.
    pub open: Option<OpenBuild>,
}

/// A build that has not begun.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenBuild {
    /// Process of its group.
    pub process: ProcessId,
    /// Material of its group.
    pub material: MaterialId,
    /// Quality class of its group.
    pub quality: QualityClass,
    /// Share of a full build that is free, 0 to 1.
    pub room: f64,
}

/// What a line asks of a machine, as if builds were full of its parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FullBuild {
    /// How many of its parts a full build holds.
    pub copies: u32,
    /// What a full build loads the machine with.
    pub load: BuildLoad,
}

/// The earliest that a centre can promise.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    /// The centre.
    pub centre: CentreId,
    /// All units printed, finished and shipped.
    pub arrives: Time,
}

/// What every centre that can print all of an order can promise, the earliest first.
///
/// `full` says for a line and a machine what a full build of the line's parts is; `None` if the
/// machine does not take them.
pub fn promise(
    night: &Night,
    standing: &[Standing],
    order: &Order,
    full: &dyn Fn(&OrderLine, &Machine) -> Option<FullBuild>,
) -> Vec<Promise> {
    let mut busy: BTreeMap<&MachineId, Vec<&Standing>> = BTreeMap::new();
    for build in standing {
        busy.entry(&build.machine).or_default().push(build);
    }
    for builds in busy.values_mut() {
        builds.sort_by_key(|build| build.start);
    }
    let centres = night.centres.values();
    let mut promises: Vec<Promise> = centres
        .filter(|centre| order.certificates.iter().all(|c| centre.certificates.contains(c)))
        .filter_map(|centre| {
            let freight = centre.freight.iter().find(|f| f.region == order.region)?;
            let printed = printed(night, centre, &busy, order, full)?;
            Some(Promise { centre: centre.id.clone(), arrives: printed + freight.duration })
        })
        .collect();
    promises.sort_by(|a, b| a.arrives.cmp(&b.arrives).then_with(|| a.centre.cmp(&b.centre)));
    promises
}

/// When a centre has printed and finished all lines; `None` if it cannot.
fn printed(
    night: &Night,
    centre: &Centre,
    busy: &BTreeMap<&MachineId, Vec<&Standing>>,
    order: &Order,
    full: &dyn Fn(&OrderLine, &Machine) -> Option<FullBuild>,
) -> Option<Time> {
    // What lines before have taken, so that two lines do not get the same gap or the same room.
    let mut taken: BTreeMap<&MachineId, Vec<(Time, Time)>> = BTreeMap::new();
    let mut joined: Vec<(&Standing, f64)> = Vec::new();
    let mut last = night.planning_time;
    for line in &order.lines {
        let offers = centre.machines.iter().filter_map(|machine| {
            let full = full(line, machine)?;
            let standing = busy.get(&machine.id).map(Vec::as_slice).unwrap_or_default();
            let own = taken.get(&machine.id).map(Vec::as_slice).unwrap_or_default();
            let joins = join(standing, &joined, order, line, &full, night.planning_time);
            let fresh = fresh(night, machine, standing, own, line, &full);
            let offer = match (joins, fresh) {
                (Some((build, asks)), other)
                    if other.is_none_or(|(_, until)| build.end <= until) =>
                {
                    Offer { end: build.end, span: None, joins: Some((build, asks)) }
                }
                (_, Some((first, until))) => {
                    Offer { end: until, span: Some((first, until)), joins: None }
                }
                (_, None) => return None,
            };
            Some((offer, &machine.id))
        });
        let (offer, machine) = offers.min_by_key(|(offer, machine)| (offer.end, *machine))?;
        taken.entry(machine).or_default().extend(offer.span);
        joined.extend(offer.joins);
        let finish = line.finish.iter().filter_map(|id| night.post_processes.get(id));
        let finish = finish.map(|treatment| treatment.duration).fold(Seconds(0), |a, b| a + b);
        last = last.max(offer.end + finish);
    }
    Some(last)
}

/// What a machine can do for a line.
struct Offer<'a> {
    /// All copies are out of the machine.
    end: Time,
    /// Time of the machine that builds of its own take.
    span: Option<(Time, Time)>,
    /// The build that it joins, and the share of it that it takes.
    joins: Option<(&'a Standing, f64)>,
}

/// The first build that has room for all copies of a line, and how much of it they take.
fn join<'a>(
    standing: &[&'a Standing],
    joined: &[(&Standing, f64)],
    order: &Order,
    line: &OrderLine,
    full: &FullBuild,
    now: Time,
) -> Option<(&'a Standing, f64)> {
    if order.mixing != MixingRule::Any {
        return None;
    }
    let asks = f64::from(line.quantity) / f64::from(full.copies.max(1));
    let fits = |build: &&&Standing| {
        let others = joined.iter().filter(|(other, _)| std::ptr::eq(*other, **build));
        let gone: f64 = others.map(|(_, asks)| asks).sum();
        build.start > now
            && build.open.as_ref().is_some_and(|open| {
                open.process == line.process
                    && open.material == line.material
                    && open.quality == line.quality
                    && open.room >= asks + gone
            })
    };
    standing.iter().find(fits).map(|build| (*build, asks))
}

/// Start of the first and end of the last of builds of a line's own, in the gaps of a machine.
fn fresh(
    night: &Night,
    machine: &Machine,
    standing: &[&Standing],
    taken: &[(Time, Time)],
    line: &OrderLine,
    full: &FullBuild,
) -> Option<(Time, Time)> {
    let print = crate::cost::print_time(machine, &full.load)?;
    let shifts = Shifts::new(&machine.calendar);
    let mut spans: Vec<(Time, Time)> = standing
        .iter()
        .map(|build| (build.start, build.end))
        .chain(taken.iter().copied())
        .collect();
    spans.sort();
    let changeover = machine.loaded.as_ref() != Some(&line.material);
    let builds = line.quantity.div_ceil(full.copies.max(1));
    let mut from = machine.free_from.max(night.planning_time);
    let mut first = None;
    for _ in 0..builds {
        let (start, end) = gap(machine, &shifts, &spans, from, changeover, print)?;
        first.get_or_insert(start);
        from = end;
    }
    Some((first?, from))
}

/// The first slot from `from` on that hits none of `spans`, sorted by their starts.
fn gap(
    machine: &Machine,
    shifts: &Shifts,
    spans: &[(Time, Time)],
    from: Time,
    changeover: bool,
    print: Seconds,
) -> Option<(Time, Time)> {
    let mut from = from;
    loop {
        let slot = slot_in(shifts, machine, from, changeover, print)?;
        // Spans do not overlap, so that the first that is hit is the first to be passed.
        match spans.iter().find(|(start, end)| *start < slot.end && slot.start < *end) {
            Some((_, end)) => from = (*end).max(from + Seconds(1)),
            None => return Some((slot.start, slot.end)),
        }
    }
}
