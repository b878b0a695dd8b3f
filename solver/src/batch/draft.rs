//! A batch in the making.

use std::collections::BTreeMap;

use platewright_model::id::PartId;
use platewright_model::machine::BuildLoad;
use platewright_model::measure::{Mm, Seconds};
use platewright_model::time::Time;

use crate::batch::task::Task;
use crate::cost::{lost_g, print_time};

/// Copies that are expected to fit one volume of a class.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// Index of the class in the task.
    pub(crate) class: usize,
    /// Chunks and copies, by chunk.
    pub(crate) content: Vec<(usize, u32)>,
    pub(crate) load: BuildLoad,
    /// Machines of the class that can serve all of its orders.
    pub(crate) stations: Vec<(usize, Seconds)>,
    /// Latest end that makes no order late, freight aside.
    pub(crate) due: Time,
    /// Its orders, with the longest finish and the mass of each.
    pub(crate) orders: Vec<(usize, Seconds, f64)>,
}

impl Draft {
    /// A batch of `content` (sorted by chunk, no chunk twice, not empty), if it is expected to
    /// fit and some machine can serve it.
    pub(crate) fn new(task: &Task<'_>, class: usize, content: Vec<(usize, u32)>) -> Option<Self> {
        assert!(!content.is_empty(), "a batch holds at least one unit");
        if content.iter().any(|&(chunk, _)| !task.chunks[chunk].fits[class]) {
            return None;
        }
        let mut orders: Vec<(usize, Seconds, f64)> = Vec::new();
        let mut due = None;
        let (mut volume_mm3, mut surface_mm2, mut clearance) = (0.0, 0.0, Mm(0.0));
        for &(index, copies) in &content {
            let (chunk, copies) = (&task.chunks[index], f64::from(copies));
            volume_mm3 += copies * chunk.measures.volume_mm3;
            surface_mm2 += copies * chunk.measures.surface_mm2;
            clearance = if chunk.clearance > clearance { chunk.clearance } else { clearance };
            due = due.map_or(Some(chunk.due), |due: Time| Some(due.min(chunk.due)));
            match orders.last_mut().filter(|last| last.0 == chunk.order) {
                Some(last) => {
                    last.1 = last.1.max(chunk.tail);
                    last.2 += copies * chunk.mass_g;
                }
                None => orders.push((chunk.order, chunk.tail, copies * chunk.mass_g)),
            }
        }
        let height_mm = fitted_height(task, class, &content, clearance)?;
        let load = BuildLoad { volume_mm3, surface_mm2, height_mm, layer_mm: task.layer_mm };
        let alone = content.len() == 1 && content[0].1 == 1;
        let stations = able(task, class, &load, &orders, alone);
        let due = due?;
        (!stations.is_empty()).then_some(Self { class, content, load, stations, due, orders })
    }

    /// Number of units.
    pub(crate) fn units(&self) -> u64 {
        self.content.iter().map(|c| u64::from(c.1)).sum()
    }

    /// The content after `copies` of a chunk are added.
    pub(crate) fn added(content: &[(usize, u32)], chunk: usize, copies: u32) -> Vec<(usize, u32)> {
        let mut content = content.to_vec();
        match content.binary_search_by_key(&chunk, |c| c.0) {
            Ok(place) => content[place].1 += copies,
            Err(place) => content.insert(place, (chunk, copies)),
        }
        content
    }

    /// The content after `copies` of a chunk, which it holds, are taken out.
    pub(crate) fn removed(
        content: &[(usize, u32)],
        chunk: usize,
        copies: u32,
    ) -> Vec<(usize, u32)> {
        let mut content = content.to_vec();
        if let Ok(place) = content.binary_search_by_key(&chunk, |c| c.0) {
            content[place].1 -= copies;
        }
        content.retain(|c| c.1 > 0);
        content
    }
}

/// Expected height of the content in a class, if it fits. One copy alone surely fits a class
/// that holds it, whatever the estimate says.
fn fitted_height(
    task: &Task<'_>,
    class: usize,
    content: &[(usize, u32)],
    clearance: Mm,
) -> Option<f64> {
    let mut parts: BTreeMap<&PartId, u32> = BTreeMap::new();
    for &(chunk, copies) in content {
        *parts.entry(task.chunks[chunk].part).or_insert(0) += copies;
    }
    let parts: Vec<(PartId, u32)> = parts.into_iter().map(|(p, n)| (p.clone(), n)).collect();
    let alone = parts.len() == 1 && parts[0].1 == 1;
    let fit = task.fit.fit(task.classes[class].id, clearance, &parts);
    let most = task.classes[class].class.volume.size()[2];
    let height = if fit.height.0.is_finite() { fit.height.0.clamp(0.0, most) } else { most };
    (fit.fits || alone).then_some(height)
}

/// Machines of a class that ship to all orders, and have feedstock and a print time; the
/// feedstock of a single copy is left to the assignment to judge.
fn able(
    task: &Task<'_>,
    class: usize,
    load: &BuildLoad,
    orders: &[(usize, Seconds, f64)],
    alone: bool,
) -> Vec<(usize, Seconds)> {
    let parts_g: f64 = orders.iter().map(|o| o.2).sum();
    let able = |&index: &usize| {
        let station = &task.stations[index];
        let print = print_time(station.machine, load)?;
        let ships = orders.iter().all(|o| task.freight[o.0][station.centre].is_some());
        let stock = station.at.stock.iter().find(|s| s.material == task.material.id);
        let feed_g = parts_g + lost_g(task.process, task.material, station.machine, load);
        let fed = alone || stock.is_none_or(|stock| feed_g <= stock.mass.0);
        (ships && fed).then_some((index, print))
    };
    task.classes[class].stations.iter().filter_map(able).collect()
}
