//! The top of the page: what came out, at what cost, and whether it holds.

use std::fmt::Write;

use platewright_model::measure::{Money, Seconds};

use super::text::{INTO_MEMORY, duration, escape, grouped, moment, money, percent};
use crate::Evidence;

/// Colours of the causes of cost, in the order of `CostSplit::parts`.
const CAUSES: [&str; 11] = [
    "#2f6fb3", "#5b93c9", "#3a9d8f", "#7f9c3a", "#c9a227", "#8b6fb3", "#b48fc4", "#d0632f",
    "#a33d6a", "#8a5a44", "#b3261e",
];

pub(super) fn header(evidence: &Evidence<'_>) -> String {
    let night = evidence.night;
    format!(
        "<header><h1>{}</h1><p>Planned from {} UTC · {} orders · {} models · {} machines in {} \
         centres</p></header>\n",
        escape(evidence.title),
        moment(night.planning_time),
        grouped(night.orders.len() as u64),
        grouped(night.models.len() as u64),
        night.machines().len(),
        night.centres.len(),
    )
}

pub(super) fn key_figures(evidence: &Evidence<'_>) -> String {
    let schedule = evidence.schedule;
    let placed: usize = placed_units(evidence);
    let late = schedule.deliveries.iter().filter(|d| d.late > Seconds(0)).count();
    let hours: f64 = schedule.builds.iter().map(|b| (b.end - b.start).hours()).sum();
    let currency = &evidence.night.currency;
    let assignment = evidence.assignment;
    let tiles = [
        (
            format!(
                "{} / {}",
                grouped(placed as u64),
                grouped(evidence.order_book.units.len() as u64)
            ),
            "units in scheduled builds".to_owned(),
        ),
        (grouped(schedule.builds.len() as u64), "builds".to_owned()),
        (money(schedule.cost.total(), currency), "cost of the night".to_owned()),
        (
            percent(assignment.gap),
            format!(
                "gap of the assignment to its proven bound {}",
                money(assignment.bound, currency)
            ),
        ),
        (format!("{late} / {}", schedule.deliveries.len()), "orders late".to_owned()),
        (format!("{hours:.0} h"), "machine hours occupied".to_owned()),
        (fill(evidence), "mean fill: volumes · plates".to_owned()),
    ];
    let mut out = String::from("<div class=\"tiles\">");
    for (value, label) in tiles {
        write!(out, "<div class=\"tile\"><b>{value}</b><span>{label}</span></div>")
            .expect(INTO_MEMORY);
    }
    out.push_str("</div>\n");
    out
}

pub(super) fn verdict(evidence: &Evidence<'_>) -> String {
    let mut out = String::from("<section><div class=\"verdict\">");
    if evidence.violations.is_empty() {
        out.push_str(
            "<b class=\"good\">Verified.</b> An independent check of every placement, clearance, \
             machine, date, cost and package found nothing to object to.",
        );
    } else {
        write!(
            out,
            "<b class=\"bad\">Not valid:</b> the independent check found {} violations.<ul>",
            evidence.violations.len()
        )
        .expect(INTO_MEMORY);
        for violation in evidence.violations.iter().take(50) {
            write!(out, "<li>{}</li>", escape(violation)).expect(INTO_MEMORY);
        }
        out.push_str("</ul>");
    }
    out.push_str("</div></section>\n");
    out
}

pub(super) fn cost(evidence: &Evidence<'_>) -> String {
    let cost = &evidence.schedule.cost;
    let total = cost.total().0.max(1) as f64;
    let mut bar = String::new();
    let mut legend = String::new();
    for ((name, amount), colour) in cost.parts().into_iter().zip(CAUSES) {
        if amount == Money(0) {
            continue;
        }
        let cause = match name {
            "short" => "builds filled too little",
            "apart" => "orders shipped apart",
            "missed" => "missed deadlines",
            "broken" => "broken promises",
            other => other,
        };
        let share = amount.0 as f64 / total;
        write!(bar, "<i style=\"width:{:.3}%;background:{colour}\"></i>", 100.0 * share)
            .expect(INTO_MEMORY);
        write!(
            legend,
            "<span><i style=\"background:{colour}\"></i>{cause} {} ({})</span>",
            money(amount, &evidence.night.currency),
            percent(share)
        )
        .expect(INTO_MEMORY);
    }
    format!(
        "<section><h2>Cost<small>{}</small></h2><div class=\"bar\">{bar}</div>\
         <div class=\"legend\">{legend}</div></section>\n",
        money(cost.total(), &evidence.night.currency)
    )
}

pub(super) fn footer(evidence: &Evidence<'_>) -> String {
    let figures = evidence.figures;
    format!(
        "<footer>Platewright {} · assignment by {} · seed {} · {} rounds · planned in {}\
         </footer>\n",
        escape(&figures.version),
        escape(&evidence.assignment.backend),
        figures.seed,
        figures.rounds,
        if figures.wall_seconds < 120.0 {
            format!("{:.1} s", figures.wall_seconds)
        } else {
            duration(Seconds(figures.wall_seconds as i64))
        },
    )
}

/// Units in builds that are scheduled.
fn placed_units(evidence: &Evidence<'_>) -> usize {
    let scheduled: std::collections::BTreeSet<_> =
        evidence.schedule.builds.iter().map(|b| &b.build).collect();
    evidence
        .build_plan
        .builds
        .iter()
        .filter(|b| scheduled.contains(&b.id))
        .map(|b| b.placements.len())
        .sum()
}

/// Mean density of volumes and of plates, `–` where there are none.
fn fill(evidence: &Evidence<'_>) -> String {
    use platewright_model::material::NestingMode;
    let mean = |mode: NestingMode| {
        let densities: Vec<f64> = evidence
            .build_plan
            .builds
            .iter()
            .filter(|b| super::gallery::mode(evidence, b) == Some(mode))
            .map(|b| b.density)
            .collect();
        if densities.is_empty() {
            "–".to_owned()
        } else {
            percent(densities.iter().sum::<f64>() / densities.len() as f64)
        }
    };
    format!("{} · {}", mean(NestingMode::Volume), mean(NestingMode::Plate))
}
