//! Stages 4 to 6: builds, assignment, schedule.

use platewright_model::cost::CostSplit;
use platewright_model::geometry::Pose;
use platewright_model::id::{BuildId, PartId, UnitId};
use platewright_model::machine::BuildLoad;
use platewright_model::measure::{Money, Seconds};
use platewright_model::stage::{
    Assigned, Assignment, Build, BuildPlan, Delivery, DrawnOut, Placement, Schedule,
    ScheduledBuild, Unassigned, Unplaced,
};
use serde::Serialize;

use super::folder::RunDir;
use crate::StoreError;
use crate::table::{Rows, Table};

const BUILDS: &str = "40_builds.parquet";
const PLACEMENTS: &str = "41_placements.parquet";
const UNPLACED: &str = "42_unplaced.parquet";
const ASSIGNMENTS: &str = "50_assignments.parquet";
const SCHEDULE: &str = "60_schedule.parquet";
const DELIVERIES: &str = "61_deliveries.parquet";

/// Causes of cost that the first versions of these tables did not have.
const LATER: [&str; 4] = ["short", "apart", "missed", "broken"];

/// The name of a choice as it is written in JSON.
pub(super) fn name_of<T: Serialize>(choice: &T) -> String {
    match serde_json::to_value(choice) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("a choice is written as a text, is {other:?}"),
    }
}

/// A column of lists of units.
pub(super) fn uuids(rows: &Rows, name: &str) -> Result<Vec<Vec<UnitId>>, StoreError> {
    let lists: Vec<Vec<String>> = rows.texts(name)?;
    lists
        .into_iter()
        .map(|list| list.into_iter().map(|text| rows.value_of(name, text)).collect())
        .collect()
}

/// Name of the column for an element of the 3×4 matrix of a pose.
fn element(row: usize, column: usize) -> String {
    format!("m{row}{column}")
}

/// How placements are drawn out.
fn drawn_out(rows: &Rows) -> Result<Vec<Option<DrawnOut>>, StoreError> {
    let turns = rows.whole_or_null("out_turn")?;
    let ways = rows.text_or_null("out_way")?;
    let both = turns.into_iter().zip(ways).map(|both| {
        let (Some(turn), Some(way)) = both else { return Ok(None) };
        let way = rows.value_of("out_way", way)?;
        Ok(Some(DrawnOut { turn: rows.narrow("out_turn", turn)?, way }))
    });
    both.collect()
}

impl RunDir {
    /// Writes stage 4.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_build_plan(&self, plan: &BuildPlan) -> Result<(), StoreError> {
        let builds = &plan.builds;
        Table::new("builds")
            .text("build", builds.iter().map(|b| b.id.as_str()))
            .text("group", builds.iter().map(|b| b.group.as_str()))
            .text("class", builds.iter().map(|b| b.class.as_str()))
            .whole("units", builds.iter().map(|b| b.placements.len() as i64))
            .real("volume_mm3", builds.iter().map(|b| b.load.volume_mm3))
            .real("surface_mm2", builds.iter().map(|b| b.load.surface_mm2))
            .real("height_mm", builds.iter().map(|b| b.load.height_mm))
            .real("layer_mm", builds.iter().map(|b| b.load.layer_mm))
            .real("density", builds.iter().map(|b| b.density))
            .write(&self.file(BUILDS))?;
        let all = || builds.iter().flat_map(|b| b.placements.iter().map(move |p| (&b.id, p)));
        let mut table = Table::new("placements")
            .text("unit", all().map(|(_, p)| p.unit.to_string()))
            .text("build", all().map(|(build, _)| build.as_str()))
            .text("part", all().map(|(_, p)| p.part.as_str()));
        for row in 0..3 {
            for column in 0..4 {
                let values = all().map(|(_, p)| match column {
                    3 => p.pose.translation[row],
                    _ => p.pose.rotation[row][column],
                });
                table = table.real(&element(row, column), values);
            }
        }
        table
            .whole_or_null("out_turn", all().map(|(_, p)| p.out.map(|out| i64::from(out.turn))))
            .text_or_null("out_way", all().map(|(_, p)| p.out.map(|out| out.way.name())))
            .write(&self.file(PLACEMENTS))?;
        Table::new("unplaced")
            .text("unit", plan.unplaced.iter().map(|u| u.unit.to_string()))
            .text("reason", plan.unplaced.iter().map(|u| name_of(&u.reason)))
            .text("text", plan.unplaced.iter().map(|u| &u.text))
            .write(&self.file(UNPLACED))
    }

    /// Reads stage 4.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_build_plan(&self) -> Result<BuildPlan, StoreError> {
        let rows = Rows::read(&self.file(BUILDS), "builds")?;
        let (ids, groups) = (rows.ids::<BuildId>("build")?, rows.ids("group")?);
        let (classes, counts) = (rows.ids("class")?, rows.count::<usize>("units")?);
        let (volume, surface) = (rows.real("volume_mm3")?, rows.real("surface_mm2")?);
        let (height, layer) = (rows.real("height_mm")?, rows.real("layer_mm")?);
        let density = rows.real("density")?;
        let mut placements = self.read_placements()?.into_iter();
        let mut builds = Vec::with_capacity(rows.len());
        for (i, (group, class)) in groups.into_iter().zip(classes).enumerate() {
            let own: Vec<_> = placements.by_ref().take(counts[i]).collect();
            if own.len() != counts[i] || own.iter().any(|(build, _)| *build != ids[i]) {
                let build = &ids[i];
                return Err(rows.fault(format!("does not agree with {PLACEMENTS} on {build}")));
            }
            builds.push(Build {
                id: ids[i].clone(),
                group,
                class,
                placements: own.into_iter().map(|(_, placement)| placement).collect(),
                load: BuildLoad {
                    volume_mm3: volume[i],
                    surface_mm2: surface[i],
                    height_mm: height[i],
                    layer_mm: layer[i],
                },
                density: density[i],
            });
        }
        if let Some((build, _)) = placements.next() {
            return Err(rows.fault(format!("does not agree with {PLACEMENTS} on {build}")));
        }
        let rows = Rows::read(&self.file(UNPLACED), "unplaced")?;
        let unplaced = rows
            .named("unit")?
            .into_iter()
            .zip(rows.named("reason")?.into_iter().zip(rows.text("text")?))
            .map(|(unit, (reason, text))| Unplaced { unit, reason, text })
            .collect();
        Ok(BuildPlan { builds, unplaced })
    }

    fn read_placements(&self) -> Result<Vec<(BuildId, Placement)>, StoreError> {
        let rows = Rows::read(&self.file(PLACEMENTS), "placements")?;
        let (units, parts) = (rows.named("unit")?, rows.ids::<PartId>("part")?);
        let mut poses = vec![Pose::IDENTITY; rows.len()];
        for row in 0..3 {
            for column in 0..4 {
                let values = rows.real(&element(row, column))?;
                for (pose, value) in poses.iter_mut().zip(values) {
                    match column {
                        3 => pose.translation[row] = value,
                        _ => pose.rotation[row][column] = value,
                    }
                }
            }
        }
        let placed = units.into_iter().zip(parts).zip(poses).zip(drawn_out(&rows)?);
        let placed = placed.map(|(((unit, part), pose), out)| Placement { unit, part, pose, out });
        Ok(rows.ids("build")?.into_iter().zip(placed).collect())
    }

    /// Writes stage 5.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_assignment(&self, assignment: &Assignment) -> Result<(), StoreError> {
        let (assigned, rest) = (&assignment.assigned, &assignment.unassigned);
        let none = || rest.iter().map(|_| None);
        let mut table = Table::new("assignments")
            .fact("objective", assignment.objective.0)
            .fact("bound", assignment.bound.0)
            // The shortest text that reads back as the same number.
            .fact("gap", format!("{:?}", assignment.gap))
            .fact("backend", &assignment.backend)
            .text(
                "build",
                assigned
                    .iter()
                    .map(|a| &a.build)
                    .chain(rest.iter().map(|u| &u.build))
                    .map(BuildId::as_str),
            )
            .text_or_null("centre", assigned.iter().map(|a| Some(a.centre.as_str())).chain(none()))
            .text_or_null(
                "machine",
                assigned.iter().map(|a| Some(a.machine.as_str())).chain(none()),
            );
        for (k, (cause, _)) in CostSplit::default().parts().into_iter().enumerate() {
            let costs = assigned.iter().map(|a| Some(a.cost.parts()[k].1.0));
            let costs = costs.chain(rest.iter().map(|_| None));
            table = table.whole_or_null(&format!("cost_{cause}"), costs);
        }
        let blank = || assigned.iter().map(|_| None);
        table
            .text_or_null("reason", blank().chain(rest.iter().map(|u| Some(name_of(&u.reason)))))
            .text_or_null(
                "text",
                assigned.iter().map(|_| None).chain(rest.iter().map(|u| Some(u.text.as_str()))),
            )
            .write(&self.file(ASSIGNMENTS))
    }

    /// Reads stage 5.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_assignment(&self) -> Result<Assignment, StoreError> {
        let rows = Rows::read(&self.file(ASSIGNMENTS), "assignments")?;
        let builds: Vec<BuildId> = rows.ids("build")?;
        let (centres, machines) = (rows.text_or_null("centre")?, rows.text_or_null("machine")?);
        let (reasons, texts) = (rows.text_or_null("reason")?, rows.text_or_null("text")?);
        let mut costs = Vec::new();
        for (cause, _) in CostSplit::default().parts() {
            let name = format!("cost_{cause}");
            // Versions that did not know a cause had none of it.
            let known = rows.batch().column_by_name(&name).is_some() || !LATER.contains(&cause);
            costs.push(match known {
                true => rows.whole_or_null(&name)?,
                false => vec![Some(0); rows.len()],
            });
        }
        let mut out = Assignment {
            assigned: Vec::new(),
            unassigned: Vec::new(),
            objective: Money(rows.parsed_fact("objective")?),
            bound: Money(rows.parsed_fact("bound")?),
            gap: rows.parsed_fact("gap")?,
            backend: rows.fact("backend")?.to_owned(),
        };
        for (i, build) in builds.into_iter().enumerate() {
            if let (Some(centre), Some(machine)) = (&centres[i], &machines[i]) {
                let amounts: Option<Vec<_>> = costs.iter().map(|c| c[i].map(Money)).collect();
                let amounts =
                    amounts.ok_or_else(|| rows.fault(format!("has no cost for {build}")))?;
                out.assigned.push(Assigned {
                    build,
                    centre: centre.as_str().into(),
                    machine: machine.as_str().into(),
                    cost: cost_of(&amounts),
                });
            } else {
                let reason = reasons[i].clone().unwrap_or_default();
                let reason = rows.value_of("reason", reason)?;
                let text = texts[i].clone().unwrap_or_default();
                out.unassigned.push(Unassigned { build, reason, text });
            }
        }
        Ok(out)
    }

    /// Writes stage 6.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_schedule(&self, schedule: &Schedule) -> Result<(), StoreError> {
        let builds = &schedule.builds;
        let mut table = Table::new("schedule");
        for (cause, amount) in schedule.cost.parts() {
            table = table.fact(&format!("cost_{cause}"), amount.0);
        }
        table
            .text("build", builds.iter().map(|b| b.build.as_str()))
            .text("machine", builds.iter().map(|b| b.machine.as_str()))
            .time("start", builds.iter().map(|b| b.start))
            .flag("changeover", builds.iter().map(|b| b.changeover))
            .time("print_start", builds.iter().map(|b| b.print_start))
            .time("print_end", builds.iter().map(|b| b.print_end))
            .time("cooled", builds.iter().map(|b| b.cooled))
            .time("unload_start", builds.iter().map(|b| b.unload_start))
            .time("end", builds.iter().map(|b| b.end))
            .write(&self.file(SCHEDULE))?;
        let deliveries = &schedule.deliveries;
        Table::new("deliveries")
            .text("order", deliveries.iter().map(|d| d.order.as_str()))
            .time("arrives", deliveries.iter().map(|d| d.arrives))
            .whole("late_s", deliveries.iter().map(|d| d.late.0))
            .flag("complete", deliveries.iter().map(|d| d.complete))
            .write(&self.file(DELIVERIES))
    }

    /// Reads stage 6.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_schedule(&self) -> Result<Schedule, StoreError> {
        let rows = Rows::read(&self.file(SCHEDULE), "schedule")?;
        let mut amounts = Vec::new();
        for (cause, _) in CostSplit::default().parts() {
            let name = format!("cost_{cause}");
            let known = rows.find_fact(&name).is_some() || !LATER.contains(&cause);
            amounts.push(Money(if known { rows.parsed_fact(&name)? } else { 0 }));
        }
        let (changeover, starts) = (rows.flag("changeover")?, rows.time("start")?);
        let (print_start, print_end) = (rows.time("print_start")?, rows.time("print_end")?);
        let (cooled, unload_start) = (rows.time("cooled")?, rows.time("unload_start")?);
        let ends = rows.time("end")?;
        let ids = rows.ids("build")?.into_iter().zip(rows.ids("machine")?);
        let builds = ids
            .enumerate()
            .map(|(i, (build, machine))| ScheduledBuild {
                build,
                machine,
                start: starts[i],
                changeover: changeover[i],
                print_start: print_start[i],
                print_end: print_end[i],
                cooled: cooled[i],
                unload_start: unload_start[i],
                end: ends[i],
            })
            .collect();
        let rows = Rows::read(&self.file(DELIVERIES), "deliveries")?;
        let (late, complete) = (rows.whole("late_s")?, rows.flag("complete")?);
        let deliveries = rows
            .ids("order")?
            .into_iter()
            .zip(rows.time("arrives")?)
            .zip(late.into_iter().zip(complete))
            .map(|((order, arrives), (late, complete))| {
                let late = Seconds(late);
                Delivery { order, arrives, late, complete }
            })
            .collect();
        Ok(Schedule { builds, deliveries, cost: cost_of(&amounts) })
    }
}

/// The cost of amounts in the order of [`CostSplit::parts`].
fn cost_of(amounts: &[Money]) -> CostSplit {
    let &[
        machine,
        fixed,
        material,
        short,
        changeover,
        freight,
        apart,
        lateness,
        missed,
        broken,
        unplaced,
    ] = amounts
    else {
        unreachable!("callers read one amount for each of the causes");
    };
    CostSplit {
        machine,
        fixed,
        material,
        short,
        changeover,
        freight,
        apart,
        lateness,
        missed,
        broken,
        unplaced,
    }
}
