//! Stage 1: what was ordered.

use serde::{Deserialize, Serialize};

use crate::error::InputFault;
use crate::id::OrderId;
use crate::order::Unit;

/// Stage 1: the units of all confirmed lines, and what was refused.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OrderBook {
    /// Units, by order, line and copy.
    pub units: Vec<Unit>,
    /// Lines that were left out, so that nothing is lost.
    pub refused: Vec<Refused>,
}

/// A line (or whole order) that no plan can serve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// The order as far as it could be read.
    pub order: OrderId,
    /// The line, from 0; `None` for the whole order.
    pub line: Option<usize>,
    /// Copies that are not printed for it; 0 where the quantity itself is at fault.
    pub quantity: u32,
    /// What is wrong with it.
    pub faults: Vec<InputFault>,
}
