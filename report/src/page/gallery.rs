//! A picture of every build.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::id::{OrderId, UnitId};
use platewright_model::material::NestingMode;
use platewright_model::order::Unit;
use platewright_model::run::RunContext;
use platewright_model::stage::Build;
use rayon::prelude::*;

use super::text::{INTO_MEMORY, duration, escape, percent};
use crate::Evidence;
use crate::picture::{Rgb, View, css, draw_build, order_colour};

/// Size of a build's picture in pixels.
const PICTURE: (usize, usize) = (560, 400);

pub(super) fn builds(evidence: &Evidence<'_>, ctx: &RunContext) -> String {
    let units = evidence.units();
    let index = evidence.order_index();
    let builds = &evidence.build_plan.builds;
    let done = std::sync::atomic::AtomicU64::new(0);
    let cards: Vec<String> = builds
        .par_iter()
        .map(|build| {
            let card = card(evidence, build, &units, &index);
            let n = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            ctx.report("report", n, builds.len() as u64, build.id.as_str());
            card
        })
        .collect();
    format!(
        "<section><h2>Builds<small>one colour per order; parts are drawn from their true meshes\
         </small></h2><div class=\"gallery\">{}</div></section>\n",
        cards.concat()
    )
}

/// Whether a build is a volume or a plate; `None` if its class is not known.
pub(super) fn mode(evidence: &Evidence<'_>, build: &Build) -> Option<NestingMode> {
    let class = evidence.night.classes.get(&build.class)?;
    Some(evidence.night.processes.get(&class.process)?.nesting)
}

/// Draws a build of a run as a PNG, in the colours of the report.
pub fn picture_of(evidence: &Evidence<'_>, build: &Build, size: (usize, usize)) -> Vec<u8> {
    draw(evidence, build, &evidence.units(), &evidence.order_index(), size)
}

fn draw(
    evidence: &Evidence<'_>,
    build: &Build,
    units: &BTreeMap<UnitId, &Unit>,
    index: &BTreeMap<&OrderId, usize>,
    size: (usize, usize),
) -> Vec<u8> {
    let parts: Vec<(&TriMesh, Pose, Rgb)> = build
        .placements
        .iter()
        .filter_map(|placement| {
            let mesh = evidence.meshes.get(&placement.part)?;
            let order = units.get(&placement.unit).and_then(|u| index.get(&u.order));
            Some((mesh.as_ref(), placement.pose, order_colour(order.copied().unwrap_or(0))))
        })
        .collect();
    let Some(class) = evidence.night.classes.get(&build.class) else { return Vec::new() };
    let view = match mode(evidence, build) {
        Some(NestingMode::Plate) => View::Top,
        _ => View::Shaded,
    };
    draw_build(&class.volume, &parts, build.load.height_mm, view, size)
}

fn card(
    evidence: &Evidence<'_>,
    build: &Build,
    units: &BTreeMap<UnitId, &Unit>,
    index: &BTreeMap<&OrderId, usize>,
) -> String {
    let picture = STANDARD.encode(draw(evidence, build, units, index, PICTURE));
    let orders: BTreeSet<&OrderId> =
        build.placements.iter().filter_map(|p| units.get(&p.unit).map(|u| &u.order)).collect();
    let mut chips = String::new();
    for order in &orders {
        let colour = css(order_colour(index.get(order).copied().unwrap_or(0)));
        write!(
            chips,
            "<span><i class=\"dot\" style=\"background:{colour}\"></i>{}</span>",
            escape(order.as_str())
        )
        .expect(INTO_MEMORY);
    }
    let group = evidence.grouping.groups.iter().find(|g| g.id == build.group);
    let kind = group.map_or(String::new(), |g| {
        format!("{} · {} · {}", g.key.process, g.key.material, g.key.parameter_set)
    });
    format!(
        "<article class=\"card\" id=\"{id}\"><img loading=\"lazy\" alt=\"Build {id}\" \
         width=\"{w}\" height=\"{h}\" \
         src=\"data:image/png;base64,{picture}\"><div><h3>{id}<span>{n} units · {o} \
         orders</span></h3><p>{kind}</p><p>{height:.1} mm high · {density} full{time}</p>\
         <p>{machine}</p>{times}<div class=\"chips\">{chips}</div></div></article>\n",
        id = escape(build.id.as_str()),
        w = PICTURE.0,
        h = PICTURE.1,
        n = build.placements.len(),
        o = orders.len(),
        kind = escape(&kind),
        height = build.load.height_mm,
        density = percent(build.density),
        time = print_time(evidence, build),
        machine = escape(&machine(evidence, build)),
        times = times(evidence, build),
    )
}

fn machine(evidence: &Evidence<'_>, build: &Build) -> String {
    let machines = evidence.night.machines();
    match evidence.assignment.assigned.iter().find(|a| a.build == build.id) {
        Some(assigned) => {
            let name = machines.get(&assigned.machine).map_or("", |m| m.name.as_str());
            let place =
                evidence.night.centres.get(&assigned.centre).map_or("", |c| c.place.as_str());
            format!("{} ({name}), {place}", assigned.machine)
        }
        None => "not assigned to a machine".to_owned(),
    }
}

fn print_time(evidence: &Evidence<'_>, build: &Build) -> String {
    evidence
        .schedule
        .builds
        .iter()
        .find(|s| s.build == build.id)
        .map_or(String::new(), |s| format!(" · prints {}", duration(s.print_end - s.print_start)))
}

/// The print time of the layers, and which models it and the planned one come from.
fn times(evidence: &Evidence<'_>, build: &Build) -> String {
    let Some(sliced) = evidence.slices.builds.iter().find(|s| s.build == build.id) else {
        return String::new();
    };
    let machines = evidence.night.machines();
    let assigned = evidence.assignment.assigned.iter().find(|a| a.build == build.id);
    let Some(machine) = assigned.and_then(|a| machines.get(&a.machine)) else {
        return String::new();
    };
    let from = |source: &str| match source {
        "" => String::new(),
        source => format!(" ({})", escape(source)),
    };
    let planned = from(&machine.time_source);
    let layers = duration(sliced.print_time);
    match &machine.exposure {
        Some(exposure) => format!(
            "<p>planned by the linear time model{planned}; {layers} layer by layer, from how the \
             machine makes them{}</p>",
            from(&exposure.source)
        ),
        None => format!(
            "<p>planned by the linear time model{planned}; {layers} by the same with the areas and \
             contours of its layers</p>"
        ),
    }
}
