//! What there is to batch in one group: copies by order line, and the classes that take them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use platewright_model::id::{MachineClassId, OrderId, PartId, UnitId};
use platewright_model::machine::{Freight, MachineClass};
use platewright_model::material::{Material, Process};
use platewright_model::measure::{Mm, Seconds};
use platewright_model::oracle::{FitOracle, PartMeasures};
use platewright_model::order::{Order, OrderLine, OrientationPolicy};
use platewright_model::stage::{PrintingGroup, Unplaced, UnplacedReason};
use platewright_model::time::Time;

use crate::compat::{ships, takes_key};
use crate::cost::part_mass_g;
use crate::facts::Facts;
use crate::instance::Station;

/// A group to be batched.
pub(crate) struct Task<'a> {
    pub(crate) group: &'a PrintingGroup,
    pub(crate) fit: &'a dyn FitOracle,
    pub(crate) process: &'a Process,
    pub(crate) material: &'a Material,
    pub(crate) layer_mm: f64,
    pub(crate) stations: &'a [Station<'a>],
    /// Classes with a machine that takes the group.
    pub(crate) classes: Vec<Class<'a>>,
    pub(crate) orders: Vec<&'a Order>,
    pub(crate) chunks: Vec<Chunk<'a>>,
    /// By order and centre.
    pub(crate) freight: Vec<Vec<Option<&'a Freight>>>,
}

/// A machine class and its machines that take the group.
pub(crate) struct Class<'a> {
    pub(crate) id: &'a MachineClassId,
    pub(crate) class: &'a MachineClass,
    pub(crate) stations: Vec<usize>,
}

/// The copies of one order line.
pub(crate) struct Chunk<'a> {
    pub(crate) part: &'a PartId,
    pub(crate) measures: &'a PartMeasures,
    pub(crate) order: usize,
    pub(crate) units: Vec<UnitId>,
    pub(crate) clearance: Mm,
    /// How a copy may be turned.
    pub(crate) orientation: OrientationPolicy,
    /// Mass of a copy, g.
    pub(crate) mass_g: f64,
    /// Finish after the print.
    pub(crate) tail: Seconds,
    /// Latest end of its build, freight aside.
    pub(crate) due: Time,
    pub(crate) priority: u8,
    /// Whether a class holds a copy alone and has a machine that ships to its order.
    pub(crate) fits: Vec<bool>,
}

impl Chunk<'_> {
    /// Sorts the most urgent first, equal parts together.
    pub(crate) fn urgency(&self, index: usize) -> (Time, Reverse<u8>, &PartId, usize) {
        (self.due, Reverse(self.priority), self.part, index)
    }
}

impl<'a> Task<'a> {
    /// Prepares a group; units that no class holds come back with the reason.
    pub(crate) fn new(
        facts: &Facts<'a>,
        stations: &'a [Station<'a>],
        centres: usize,
        group: &'a PrintingGroup,
        fit: &'a dyn FitOracle,
    ) -> (Option<Self>, Vec<Unplaced>) {
        let process = facts.night.processes.get(&group.key.process);
        let material = facts.night.materials.get(&group.key.material);
        let (Some(process), Some(material)) = (process, material) else {
            let text = "its process or material is not known";
            return (None, left(&group.units, UnplacedReason::NoMachine, text));
        };
        let layer_mm = process.parameter_set(group.key.quality).map_or(0.1, |set| set.layer.0);
        let mut task = Self {
            group,
            fit,
            process,
            material,
            layer_mm,
            stations,
            classes: classes(facts, stations, group),
            orders: Vec::new(),
            chunks: Vec::new(),
            freight: Vec::new(),
        };
        let unplaced = task.add_units(facts, centres);
        (Some(task), unplaced)
    }

    fn add_units(&mut self, facts: &Facts<'a>, centres: usize) -> Vec<Unplaced> {
        let mut lines: BTreeMap<(&OrderId, usize), (&Order, &OrderLine, Vec<UnitId>)> =
            BTreeMap::new();
        let mut unplaced = Vec::new();
        for &unit in &self.group.units {
            match facts.line(&unit) {
                Some((order, line)) => {
                    let entry = lines.entry((&order.id, line.number));
                    entry.or_insert((order, line, Vec::new())).2.push(unit);
                }
                None => {
                    let text = "it is not in the order book";
                    unplaced.extend(left(&[unit], UnplacedReason::NotPrintable, text));
                }
            }
        }
        for (order, line, mut units) in lines.into_values() {
            units.sort_unstable();
            let Some(measures) = facts.measures(&line.part) else {
                let text = "its part has no measures; see its faults and correct it";
                unplaced.extend(left(&units, UnplacedReason::NotPrintable, text));
                continue;
            };
            match self.fits(facts, order, line) {
                Ok(fits) => self.add_chunk(facts, centres, order, line, measures, units, fits),
                Err((reason, text)) => unplaced.extend(left(&units, reason, &text)),
            }
        }
        unplaced
    }

    #[expect(clippy::too_many_arguments, reason = "all that is known of a line")]
    fn add_chunk(
        &mut self,
        facts: &Facts<'a>,
        centres: usize,
        order: &'a Order,
        line: &'a OrderLine,
        measures: &'a PartMeasures,
        units: Vec<UnitId>,
        fits: Vec<bool>,
    ) {
        if self.orders.last().is_none_or(|last| last.id != order.id) {
            self.orders.push(order);
            let mut freight = vec![None; centres];
            for station in self.stations {
                freight[station.centre] = facts.freight(&station.machine.centre, &order.region);
            }
            self.freight.push(freight);
        }
        let tail = facts.finish(line);
        self.chunks.push(Chunk {
            part: &line.part,
            measures,
            order: self.orders.len() - 1,
            units,
            clearance: facts.clearance(line),
            orientation: facts.orientation(line),
            mass_g: part_mass_g(self.process, self.material, measures.volume_mm3),
            tail,
            due: Time(order.due.0 - tail.0),
            priority: order.priority,
            fits,
        });
    }

    /// Classes that hold a copy and can serve its order, or why there is none.
    fn fits(
        &self,
        facts: &Facts<'_>,
        order: &Order,
        line: &OrderLine,
    ) -> Result<Vec<bool>, (UnplacedReason, String)> {
        let turn = facts.orientation(line);
        let alone = |c: &Class<'_>| self.fit.fits_alone(c.id, &line.part, turn);
        let holds: Vec<bool> = self.classes.iter().map(alone).collect();
        let reached =
            |c: &Class<'_>| c.stations.iter().any(|&s| ships(self.stations[s].at, &order.region));
        let fits: Vec<bool> =
            self.classes.iter().zip(&holds).map(|(c, holds)| *holds && reached(c)).collect();
        if fits.contains(&true) {
            return Ok(fits);
        }
        if holds.contains(&true) {
            let text = format!(
                "part {} fits only machines whose centres do not ship to {}; add freight there",
                line.part, order.region
            );
            return Err((UnplacedReason::NoFreight, text));
        }
        let volume = |c: &&Class<'_>| c.class.volume.size().iter().product::<f64>();
        let largest = self.classes.iter().max_by(|a, b| volume(a).total_cmp(&volume(b)));
        let largest = largest.map_or("none", |c| c.id.as_str());
        let text = format!(
            "part {} fits no machine for {} in {}, the largest is {largest}; split the part, \
             allow more orientations or choose another process",
            line.part, self.group.key.process, self.group.key.material
        );
        Err((UnplacedReason::TooLarge, text))
    }
}

fn classes<'a>(
    facts: &Facts<'a>,
    stations: &[Station<'_>],
    group: &PrintingGroup,
) -> Vec<Class<'a>> {
    let takes = |s: &Station<'_>| takes_key(&group.key, s.at, s.machine).is_ok();
    facts
        .night
        .classes
        .iter()
        .map(|(id, class)| {
            let of_class = |s: &usize| stations[*s].machine.class == *id && takes(&stations[*s]);
            Class { id, class, stations: (0..stations.len()).filter(of_class).collect() }
        })
        .filter(|class| !class.stations.is_empty())
        .collect()
}

/// Units left over for one reason.
pub(crate) fn left(units: &[UnitId], reason: UnplacedReason, text: &str) -> Vec<Unplaced> {
    units.iter().map(|&unit| Unplaced { unit, reason, text: text.to_owned() }).collect()
}
