//! The schedule, machine by machine.

use std::collections::BTreeMap;
use std::fmt::Write;

use platewright_model::id::MachineId;
use platewright_model::machine::{Machine, WEEK_S, second_of_week};
use platewright_model::stage::ScheduledBuild;
use platewright_model::time::{DAY_S, Time};

use super::text::{INTO_MEMORY, escape, moment};
use crate::Evidence;
use crate::picture::{css, order_colour};

const LABEL: f64 = 270.0;
const WIDTH: f64 = 1310.0;
const ROW: f64 = 30.0;
const TOP: f64 = 26.0;

/// Time axis of the chart.
struct Axis {
    from: Time,
    to: Time,
}

impl Axis {
    fn x(&self, time: Time) -> f64 {
        let share = (time - self.from).0 as f64 / (self.to - self.from).0.max(1) as f64;
        LABEL + share.clamp(0.0, 1.0) * WIDTH
    }

    /// A rectangle from `start` to `end` in the row at `y`; nothing if it has no width.
    fn bar(&self, start: Time, end: Time, y: f64, height: f64, attributes: &str) -> String {
        let (x, width) = (self.x(start), self.x(end) - self.x(start));
        if width <= 0.0 {
            return String::new();
        }
        format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height}\" \
             {attributes}/>"
        )
    }
}

pub(super) fn machines(evidence: &Evidence<'_>) -> String {
    let machines = evidence.night.machines();
    let end = evidence.schedule.builds.iter().map(|b| b.end).max();
    let Some(end) = end else { return String::new() };
    let axis = Axis { from: evidence.night.planning_time, to: end };
    let mut by_machine: BTreeMap<&MachineId, Vec<&ScheduledBuild>> = BTreeMap::new();
    for build in &evidence.schedule.builds {
        by_machine.entry(&build.machine).or_default().push(build);
    }
    let colours: BTreeMap<_, usize> =
        evidence.night.materials.keys().enumerate().map(|(i, m)| (m, i * 5 + 1)).collect();
    let mut sorted: Vec<&Machine> = machines.values().copied().collect();
    sorted.sort_by(|a, b| (&a.centre, &a.id).cmp(&(&b.centre, &b.id)));
    let height = TOP + ROW * sorted.len() as f64 + 6.0;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {w} {height}\" style=\"width:100%;min-width:1000px\" role=\"img\" \
         aria-label=\"Schedule\">",
        w = LABEL + WIDTH + 12.0
    );
    svg.push_str(&days(&axis, height));
    for (row, machine) in sorted.iter().enumerate() {
        let y = TOP + ROW * row as f64;
        svg.push_str(&calendar(&axis, machine, y));
        write!(
            svg,
            "<text x=\"10\" y=\"{ty:.1}\">{id} <tspan class=\"soft\">{name}</tspan></text>",
            ty = y + 19.0,
            id = escape(machine.id.as_str()),
            name = escape(&machine.name),
        )
        .expect(INTO_MEMORY);
        for build in by_machine.get(&machine.id).into_iter().flatten() {
            let material = evidence
                .build_plan
                .builds
                .iter()
                .find(|b| b.id == build.build)
                .and_then(|b| evidence.grouping.groups.iter().find(|g| g.id == b.group))
                .map(|g| &g.key.material);
            let hue = material.and_then(|m| colours.get(m)).copied().unwrap_or(0);
            let name = material.map_or("", |m| m.as_str());
            svg.push_str(&job(&axis, build, y, &css(order_colour(hue)), name));
        }
    }
    svg.push_str("</svg>");
    format!(
        "<section><h2>Schedule<small>dark: set-up and unloading · full: print, coloured by \
         material · light: cooling and waiting · shaded: staffed hours · hatched: maintenance\
         </small></h2><div class=\"scroll\">{svg}</div></section>\n"
    )
}

fn days(axis: &Axis, height: f64) -> String {
    let mut out = String::from(
        "<defs><pattern id=\"h\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"3\" height=\"6\" fill=\"#8b949e\" \
         opacity=\".6\"/></pattern></defs>",
    );
    let span = (axis.to - axis.from).0;
    let step = DAY_S * (span / (16 * DAY_S) + 1);
    let mut day = axis.from.midnight();
    while day < axis.to {
        day = Time(day.0 + step);
        let x = axis.x(day);
        if day >= axis.to {
            break;
        }
        let label = moment(day);
        write!(
            out,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{height}\" stroke=\"#8b949e\" \
             stroke-opacity=\".35\"/><text class=\"soft\" x=\"{x:.1}\" y=\"17\" \
             text-anchor=\"middle\">{}</text>",
            label.get(..10).unwrap_or(&label)
        )
        .expect(INTO_MEMORY);
    }
    out
}

fn calendar(axis: &Axis, machine: &Machine, y: f64) -> String {
    let mut out = String::new();
    let week = Time(axis.from.0 - second_of_week(axis.from));
    let mut start = week;
    while start < axis.to {
        for &(from, to) in &machine.calendar.staffed {
            let (from, to) = (Time(start.0 + from), Time(start.0 + to));
            if to > axis.from && from < axis.to {
                out.push_str(&axis.bar(
                    from,
                    to,
                    y + 3.0,
                    ROW - 6.0,
                    "fill=\"#7d8ea0\" opacity=\".13\"",
                ));
            }
        }
        start = Time(start.0 + WEEK_S);
    }
    for &(from, to) in &machine.calendar.maintenance {
        if to > axis.from && from < axis.to {
            out.push_str(&axis.bar(from, to, y + 3.0, ROW - 6.0, "fill=\"url(#h)\""));
        }
    }
    out
}

fn job(axis: &Axis, build: &ScheduledBuild, y: f64, colour: &str, material: &str) -> String {
    let (top, height) = (y + 6.0, ROW - 12.0);
    let dark = format!("fill=\"{colour}\" style=\"filter:brightness(.55)\"");
    let full = format!("fill=\"{colour}\"");
    let light = format!("fill=\"{colour}\" opacity=\".38\"");
    let mut out = format!("<a href=\"#{}\"><g>", escape(build.build.as_str()));
    write!(
        out,
        "<title>{} · {} · set-up {} · print {} to {} · free {}{}</title>",
        escape(build.build.as_str()),
        escape(material),
        moment(build.start),
        moment(build.print_start),
        moment(build.print_end),
        moment(build.end),
        if build.changeover { " · material changed before" } else { "" },
    )
    .expect(INTO_MEMORY);
    out.push_str(&axis.bar(build.start, build.print_start, top, height, &dark));
    out.push_str(&axis.bar(build.print_start, build.print_end, top, height, &full));
    out.push_str(&axis.bar(build.print_end, build.unload_start, top, height, &light));
    out.push_str(&axis.bar(build.unload_start, build.end, top, height, &dark));
    out.push_str("</g></a>");
    out
}
