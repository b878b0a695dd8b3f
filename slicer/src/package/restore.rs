//! From packages back to the orders: which copies are where, which are missing or double.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::id::{
    BuildId, CustomerId, MaterialId, OrderId, PartId, PostProcessId, ProcessId, RegionId, UnitId,
};
use platewright_model::order::{OrderLine, QualityClass};
use platewright_model::time::Time;
use serde::Serialize;

use crate::package::manifest::{Manifest, ManifestOrder};

/// The orders, out of the packages alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Restored {
    /// Orders, sorted by id.
    pub orders: Vec<RestoredOrder>,
    /// Where packages contradict themselves or one another.
    pub faults: Vec<String>,
}

impl Restored {
    /// Whether every copy of every order is in one build or was left over, and no package
    /// contradicts another.
    pub fn is_whole(&self) -> bool {
        let whole = |line: &RestoredLine| line.missing.is_empty() && line.double.is_empty();
        self.faults.is_empty() && self.orders.iter().flat_map(|o| &o.lines).all(whole)
    }
}

/// An order, restored.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RestoredOrder {
    /// The order.
    pub order: OrderId,
    /// Who ordered.
    pub customer: CustomerId,
    /// Where it goes.
    pub region: RegionId,
    /// When it must have arrived.
    pub due: Time,
    /// A date that must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Time>,
    /// Whether all of it is wanted in one shipment.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// Its lines.
    pub lines: Vec<RestoredLine>,
}

/// A line of an order, restored.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RestoredLine {
    /// Position in the order as it was received, from 0.
    pub number: usize,
    /// The part.
    pub part: PartId,
    /// Feedstock.
    pub material: MaterialId,
    /// Process.
    pub process: ProcessId,
    /// Quality class.
    pub quality: QualityClass,
    /// Treatments after printing.
    pub finish: Vec<PostProcessId>,
    /// How many copies were ordered.
    pub quantity: u32,
    /// Copies that were found, by copy; of a double one the first build.
    pub copies: Vec<CopyAt>,
    /// Copies that the plan left over.
    pub left_over: Vec<u32>,
    /// Copies that no package holds although none says that they were left over.
    pub missing: Vec<u32>,
    /// Copies that more than one place holds.
    pub double: Vec<DoubledCopy>,
}

/// Where a copy is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CopyAt {
    /// Which copy, from 0.
    pub copy: u32,
    /// Its unit.
    pub unit: UnitId,
    /// The build that holds it.
    pub build: BuildId,
}

/// A copy that is there more than once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DoubledCopy {
    /// Which copy, from 0.
    pub copy: u32,
    /// Its unit.
    pub unit: UnitId,
    /// All builds that hold it; a build twice if it holds it twice.
    pub builds: Vec<BuildId>,
}

/// Restores the orders from the manifests of packages; nothing else is needed.
///
/// The order of the manifests does not matter. Orders without any unit in a package cannot be
/// known of.
pub fn restore(mut manifests: Vec<Manifest>) -> Restored {
    manifests.sort_by(|a, b| a.build.cmp(&b.build));
    let mut faults = Vec::new();
    manifests.dedup_by(|later, first| {
        let same = later.build == first.build;
        if same {
            let how = if later == first { "given twice" } else { "in two differing packages" };
            faults.push(format!("E8010 build {} is {how}; the first is used", first.build));
        }
        same
    });
    let orders = merge_orders(&manifests, &mut faults);
    let places = collect_places(&manifests, &orders, &mut faults);
    let orders = orders.values().map(|(order, _)| restore_order(order, &places, &mut faults));
    let orders = orders.collect();
    Restored { orders, faults }
}

/// Builds that hold a copy, by order, line and copy.
type Places = BTreeMap<(OrderId, usize, u32), Vec<BuildId>>;

/// Each order as the first package has it; the packages must agree.
fn merge_orders<'a>(
    manifests: &'a [Manifest],
    faults: &mut Vec<String>,
) -> BTreeMap<&'a OrderId, (&'a ManifestOrder, &'a BuildId)> {
    let mut orders: BTreeMap<&OrderId, (&ManifestOrder, &BuildId)> = BTreeMap::new();
    for manifest in manifests {
        for order in &manifest.orders {
            let (first, build) = *orders.entry(&order.order).or_insert((order, &manifest.build));
            if first != order {
                faults.push(format!(
                    "E8011 order {} differs between the packages of builds {build} and {}; \
                     the first is used",
                    order.order, manifest.build
                ));
            }
        }
    }
    orders
}

/// Where the copies are; units that fit no order are faults.
fn collect_places(
    manifests: &[Manifest],
    orders: &BTreeMap<&OrderId, (&ManifestOrder, &BuildId)>,
    faults: &mut Vec<String>,
) -> Places {
    let mut places = Places::new();
    for manifest in manifests {
        for unit in &manifest.units {
            let mut fault = |what: &str| {
                let (id, build) = (unit.unit, &manifest.build);
                faults.push(format!("E8012 unit {id} in build {build} {what}"));
            };
            let order = orders.get(&unit.order).map(|(order, _)| *order);
            let line = order.and_then(|o| o.lines.iter().find(|l| l.number == unit.line));
            let Some(line) = line else {
                fault(&format!("is of line {} of order {}, unknown", unit.line, unit.order));
                continue;
            };
            if unit.copy >= line.quantity || line.elsewhere.contains(&unit.copy) {
                fault(&format!("is copy {} of {} ordered", unit.copy, line.quantity));
                continue;
            }
            if unit.part != line.part {
                fault(&format!("is part {}, ordered was {}", unit.part, line.part));
            }
            if unit.unit != UnitId::derive(&unit.order, unit.line, unit.copy) {
                fault("has a UUID that is not that of its order, line and copy");
            }
            let key = (unit.order.clone(), unit.line, unit.copy);
            places.entry(key).or_default().push(manifest.build.clone());
        }
    }
    places
}

fn restore_order(
    order: &ManifestOrder,
    places: &Places,
    faults: &mut Vec<String>,
) -> RestoredOrder {
    let left_over: BTreeSet<UnitId> = order.left_over.iter().copied().collect();
    let mut restore_line = |line: &OrderLine| {
        let mut restored = RestoredLine {
            number: line.number,
            part: line.part.clone(),
            material: line.material.clone(),
            process: line.process.clone(),
            quality: line.quality,
            finish: line.finish.clone(),
            quantity: line.quantity,
            copies: Vec::new(),
            left_over: Vec::new(),
            missing: Vec::new(),
            double: Vec::new(),
        };
        for copy in line.copies() {
            let unit = UnitId::derive(&order.order, line.number, copy);
            let left = left_over.contains(&unit);
            match places.get(&(order.order.clone(), line.number, copy)).map(Vec::as_slice) {
                None | Some([]) if left => restored.left_over.push(copy),
                None | Some([]) => restored.missing.push(copy),
                Some(builds @ [build, more @ ..]) => {
                    restored.copies.push(CopyAt { copy, unit, build: build.clone() });
                    if !more.is_empty() {
                        restored.double.push(DoubledCopy { copy, unit, builds: builds.to_vec() });
                    }
                    if left {
                        faults.push(format!(
                            "E8013 unit {unit} is in build {build} although it was left over"
                        ));
                    }
                }
            }
        }
        restored
    };
    RestoredOrder {
        order: order.order.clone(),
        customer: order.customer.clone(),
        region: order.region.clone(),
        due: order.due,
        deadline: order.deadline,
        together: order.together,
        lines: order.lines.iter().map(&mut restore_line).collect(),
    }
}
