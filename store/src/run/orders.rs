//! Stages 1 and 3: units, groups and batches.

use platewright_model::id::{CertificateId, CustomerId, OrderId, UnitId};
use platewright_model::order::Unit;
use platewright_model::stage::{Batch, GroupKey, Grouping, MixingPool, OrderBook, PrintingGroup};

use super::folder::RunDir;
use super::plan::{name_of, uuids};
use crate::StoreError;
use crate::table::{Rows, Table};

const ORDERS: &str = "10_orders.parquet";
const REFUSED: &str = "10_refused.json";
const GROUPS: &str = "30_groups.parquet";
const BATCHES: &str = "31_batches.parquet";

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
