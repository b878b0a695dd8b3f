//! Stages 1 to 3: units, parts, groups and batches.

use platewright_model::geometry::BoxMm;
use platewright_model::id::{CertificateId, CustomerId, OrderId, PartId, UnitId};
use platewright_model::order::Unit;
use platewright_model::stage::{
    Batch, GroupKey, Grouping, MeshFacts, MeshFault, MixingPool, OrderBook, PartRecord, PartSet,
    PrintingGroup,
};

use super::folder::RunDir;
use super::plan::{name_of, uuids};
use crate::StoreError;
use crate::table::{Rows, Table};

const ORDERS: &str = "10_orders.parquet";
const REFUSED: &str = "10_refused.json";
const PARTS: &str = "20_parts.parquet";
const FAULTS: &str = "20_faults.parquet";
const GROUPS: &str = "30_groups.parquet";
const BATCHES: &str = "31_batches.parquet";
const AXES: [&str; 3] = ["x", "y", "z"];

/// A coordinate of a vector among the facts.
type Coordinate = fn(&MeshFacts, usize) -> f64;
/// A number of things among the facts.
type Count = fn(&MeshFacts) -> u32;

impl RunDir {
    /// Writes stage 1.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_order_book(&self, book: &OrderBook) -> Result<(), StoreError> {
        let units = &book.units;
        Table::new("units")
            .text("unit", units.iter().map(|u| u.id.to_string()))
            .text("order", units.iter().map(|u| u.order.as_str()))
            .whole("line", units.iter().map(|u| u.line as i64))
            .whole("copy", units.iter().map(|u| i64::from(u.copy)))
            .write(&self.file(ORDERS))?;
        self.write_json(REFUSED, &book.refused)
    }

    /// Reads stage 1.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_order_book(&self) -> Result<OrderBook, StoreError> {
        let rows = Rows::read(&self.file(ORDERS), "units")?;
        let ids: Vec<UnitId> = rows.named("unit")?;
        let orders: Vec<OrderId> = rows.ids("order")?;
        let (lines, copies) = (rows.count("line")?, rows.count("copy")?);
        let units = ids
            .into_iter()
            .zip(orders)
            .zip(lines.into_iter().zip(copies))
            .map(|((id, order), (line, copy))| Unit { id, order, line, copy })
            .collect();
        Ok(OrderBook { units, refused: self.read_json(REFUSED)? })
    }

    /// Writes stage 2, without the meshes.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_part_set(&self, set: &PartSet) -> Result<(), StoreError> {
        let parts = &set.parts;
        let mut table = Table::new("parts")
            .text("part", parts.iter().map(|p| p.id.as_str()))
            .text("file", parts.iter().map(|p| &p.file))
            .text("sha256", parts.iter().map(|p| &p.sha256))
            .text("unit", parts.iter().map(|p| name_of(&p.unit)))
            .text("verdict", parts.iter().map(|p| name_of(&p.verdict)));
        let facts = || parts.iter().map(|p| p.facts.as_ref());
        let real: [(&str, Coordinate); 3] = [
            ("min", |f, k| f.bounds.min[k]),
            ("max", |f, k| f.bounds.max[k]),
            ("centroid", |f, k| f.centroid[k]),
        ];
        for (name, value) in real {
            for (k, axis) in AXES.iter().enumerate() {
                let name = format!("{name}_{axis}_mm");
                table = table.real_or_null(&name, facts().map(|f| f.map(|f| value(f, k))));
            }
        }
        table = table
            .real_or_null("volume_mm3", facts().map(|f| f.map(|f| f.volume_mm3)))
            .real_or_null("surface_mm2", facts().map(|f| f.map(|f| f.surface_mm2)));
        let whole: [(&str, Count); 5] = [
            ("triangles", |f| f.triangles),
            ("vertices", |f| f.vertices),
            ("shells", |f| f.shells),
            ("open_edges", |f| f.open_edges),
            ("non_manifold_edges", |f| f.non_manifold_edges),
        ];
        for (name, value) in whole {
            table = table.whole_or_null(name, facts().map(|f| f.map(|f| i64::from(value(f)))));
        }
        table
            .flag_or_null("watertight", facts().map(|f| f.map(|f| f.watertight)))
            .flag_or_null("oriented", facts().map(|f| f.map(|f| f.oriented)))
            .write(&self.file(PARTS))?;
        self.write_faults(set)
    }

    fn write_faults(&self, set: &PartSet) -> Result<(), StoreError> {
        let faults = || set.parts.iter().flat_map(|p| p.faults.iter().map(move |f| (&p.id, f)));
        let mut table = Table::new("mesh faults")
            .text("part", faults().map(|(part, _)| part.as_str()))
            .text("code", faults().map(|(_, f)| name_of(&f.code)))
            .text("severity", faults().map(|(_, f)| name_of(&f.severity)))
            .whole("count", faults().map(|(_, f)| i64::from(f.count)))
            .text("text", faults().map(|(_, f)| &f.text));
        for (k, axis) in AXES.iter().enumerate() {
            let at = faults().map(|(_, f)| f.at.map(|at| at[k]));
            table = table.real_or_null(&format!("at_{axis}_mm"), at);
        }
        table.write(&self.file(FAULTS))
    }

    /// Reads stage 2, without the meshes.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_part_set(&self) -> Result<PartSet, StoreError> {
        let rows = Rows::read(&self.file(PARTS), "parts")?;
        let (ids, files) = (rows.ids::<PartId>("part")?, rows.text("file")?);
        let (hashes, units) = (rows.text("sha256")?, rows.named("unit")?);
        let (verdicts, facts) = (rows.named("verdict")?, read_facts(&rows)?);
        let mut parts: Vec<_> = (0..rows.len())
            .map(|i| PartRecord {
                id: ids[i].clone(),
                file: files[i].clone(),
                sha256: hashes[i].clone(),
                unit: units[i],
                facts: facts[i],
                faults: Vec::new(),
                verdict: verdicts[i],
            })
            .collect();
        let rows = Rows::read(&self.file(FAULTS), "mesh faults")?;
        let (owners, codes) = (rows.ids::<PartId>("part")?, rows.named("code")?);
        let (severities, counts) = (rows.named("severity")?, rows.count("count")?);
        let (texts, at) = (rows.text("text")?, triple(&rows, "at")?);
        for (i, owner) in owners.iter().enumerate() {
            let part = parts.iter_mut().find(|p| p.id == *owner);
            let part = part.ok_or_else(|| rows.fault(format!("names unknown part {owner}")))?;
            part.faults.push(MeshFault {
                code: codes[i],
                severity: severities[i],
                count: counts[i],
                at: at[i],
                text: texts[i].clone(),
            });
        }
        Ok(PartSet { parts })
    }

    /// Writes stage 3.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_grouping(&self, grouping: &Grouping) -> Result<(), StoreError> {
        let groups = &grouping.groups;
        let keys = || groups.iter().map(|g| &g.key);
        Table::new("groups")
            .text("group", groups.iter().map(|g| g.id.as_str()))
            .text("process", keys().map(|k| k.process.as_str()))
            .text("material", keys().map(|k| k.material.as_str()))
            .text("parameter_set", keys().map(|k| k.parameter_set.as_str()))
            .text("quality", keys().map(|k| name_of(&k.quality)))
            .text_or_null(
                "only_customer",
                keys().map(|k| match &k.pool {
                    MixingPool::Customer(customer) => Some(customer.as_str()),
                    _ => None,
                }),
            )
            .text_or_null(
                "only_order",
                keys().map(|k| match &k.pool {
                    MixingPool::Order(order) => Some(order.as_str()),
                    _ => None,
                }),
            )
            .texts("certificates", keys().map(|k| k.certificates.iter().map(CertificateId::as_str)))
            .texts("units", groups.iter().map(|g| g.units.iter().map(ToString::to_string)))
            .write(&self.file(GROUPS))?;
        let batches = &grouping.batches;
        Table::new("batches")
            .text("batch", batches.iter().map(|b| b.id.as_str()))
            .text("group", batches.iter().map(|b| b.group.as_str()))
            .text("class", batches.iter().map(|b| b.class.as_str()))
            .texts("units", batches.iter().map(|b| b.units.iter().map(ToString::to_string)))
            .write(&self.file(BATCHES))
    }

    /// Reads stage 3.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_grouping(&self) -> Result<Grouping, StoreError> {
        let rows = Rows::read(&self.file(GROUPS), "groups")?;
        let (mut ids, mut units) = (rows.ids("group")?, uuids(&rows, "units")?);
        let (mut processes, mut materials) = (rows.ids("process")?, rows.ids("material")?);
        let (mut sets, qualities) = (rows.ids("parameter_set")?, rows.named("quality")?);
        let (customers, orders) =
            (rows.text_or_null("only_customer")?, rows.text_or_null("only_order")?);
        let mut certificates = rows.texts("certificates")?;
        let mut groups = Vec::with_capacity(rows.len());
        // From the back, so that every list is moved, not copied.
        for i in (0..rows.len()).rev() {
            let pool = match (&customers[i], &orders[i]) {
                (Some(customer), _) => MixingPool::Customer(CustomerId::from(customer.as_str())),
                (None, Some(order)) => MixingPool::Order(OrderId::from(order.as_str())),
                (None, None) => MixingPool::Shared,
            };
            let uneven = || rows.fault("has columns of different lengths");
            let key = GroupKey {
                process: processes.pop().ok_or_else(uneven)?,
                material: materials.pop().ok_or_else(uneven)?,
                parameter_set: sets.pop().ok_or_else(uneven)?,
                quality: qualities[i],
                pool,
                certificates: certificates.pop().ok_or_else(uneven)?,
            };
            let (id, units) = ids.pop().zip(units.pop()).ok_or_else(uneven)?;
            groups.push(PrintingGroup { id, key, units });
        }
        groups.reverse();
        let rows = Rows::read(&self.file(BATCHES), "batches")?;
        let batches = rows
            .ids("batch")?
            .into_iter()
            .zip(rows.ids("group")?)
            .zip(rows.ids("class")?.into_iter().zip(uuids(&rows, "units")?))
            .map(|((id, group), (class, units))| Batch { id, group, class, units })
            .collect();
        Ok(Grouping { groups, batches })
    }
}

/// Three columns `name_x_mm`, `name_y_mm` and `name_z_mm`.
fn triple(rows: &Rows, name: &str) -> Result<Vec<Option<[f64; 3]>>, StoreError> {
    let column = |axis: &str| rows.real_or_null(&format!("{name}_{axis}_mm"));
    let (x, y, z) = (column("x")?, column("y")?, column("z")?);
    Ok((0..rows.len()).map(|i| Some([x[i]?, y[i]?, z[i]?])).collect())
}

fn read_facts(rows: &Rows) -> Result<Vec<Option<MeshFacts>>, StoreError> {
    let (min, max, centroid) =
        (triple(rows, "min")?, triple(rows, "max")?, triple(rows, "centroid")?);
    let (volume, surface) = (rows.real_or_null("volume_mm3")?, rows.real_or_null("surface_mm2")?);
    let count = |name: &str| -> Result<Vec<Option<u32>>, StoreError> {
        let values = rows.whole_or_null(name)?;
        values.into_iter().map(|v| v.map(|v| rows.narrow(name, v)).transpose()).collect()
    };
    let (triangles, vertices, shells) = (count("triangles")?, count("vertices")?, count("shells")?);
    let (open, non_manifold) = (count("open_edges")?, count("non_manifold_edges")?);
    let (watertight, oriented) = (rows.flag_or_null("watertight")?, rows.flag_or_null("oriented")?);
    let facts = |i: usize| {
        Some(MeshFacts {
            bounds: BoxMm { min: min[i]?, max: max[i]? },
            volume_mm3: volume[i]?,
            surface_mm2: surface[i]?,
            centroid: centroid[i]?,
            triangles: triangles[i]?,
            vertices: vertices[i]?,
            shells: shells[i]?,
            watertight: watertight[i]?,
            oriented: oriented[i]?,
            open_edges: open[i]?,
            non_manifold_edges: non_manifold[i]?,
        })
    };
    Ok((0..rows.len()).map(facts).collect())
}
