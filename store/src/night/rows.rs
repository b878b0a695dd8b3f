//! Orders as rows: one row per line, the facts of the order repeated.

use std::collections::BTreeMap;

use platewright_model::draft::{LineDraft, OrderDraft, OrdersDraft, Origin};
use platewright_model::error::InputFault;

/// Columns of a table of orders; a column `planning_time` may stand anywhere.
pub const COLUMNS: [&str; 20] = [
    "order",
    "customer",
    "region",
    "due",
    "deadline",
    "together",
    "priority",
    "mixing",
    "certificates",
    "model",
    "unit",
    "quantity",
    "material",
    "process",
    "colour",
    "finish",
    "quality",
    "orientation",
    "clearance_mm",
    "inside_cavity",
];
/// Column of the planning time; it may be left out where the file says it otherwise.
pub(super) const PLANNING_TIME: &str = "planning_time";
/// Columns without which there are no orders.
const NEEDED: [&str; 8] =
    ["order", "customer", "region", "due", "model", "quantity", "material", "process"];
/// Columns that all rows of an order repeat.
const OF_ORDER: [&str; 8] =
    ["customer", "region", "due", "deadline", "together", "priority", "mixing", "certificates"];

/// A table of texts with a place for each row.
pub(super) struct Grid {
    /// Name of the file.
    pub(super) file: &'static str,
    /// Names of the columns.
    pub(super) header: Vec<String>,
    /// Number of each row, as people count, and its cells.
    pub(super) rows: Vec<(usize, Vec<String>)>,
    /// Planning time, if the file says it beside the rows.
    pub(super) planning_time: Option<String>,
}

/// One row while it is read.
struct Row<'a> {
    place: String,
    cells: BTreeMap<&'a str, &'a str>,
    faults: Vec<InputFault>,
}

impl Row<'_> {
    /// The cell of a column; empty where there is none.
    fn cell(&self, column: &str) -> &str {
        self.cells.get(column).copied().unwrap_or("")
    }

    fn filled(&self, column: &str) -> Option<&str> {
        Some(self.cell(column)).filter(|cell| !cell.is_empty())
    }

    fn text(&self, column: &str, default: &str) -> String {
        self.filled(column).unwrap_or(default).to_owned()
    }

    fn list(&self, column: &str) -> Vec<String> {
        let items = self.cell(column).split(';').map(str::trim);
        items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }

    fn number(&mut self, column: &str) -> Option<f64> {
        let cell = self.filled(column)?;
        match cell.parse() {
            Ok(number) => Some(number),
            Err(_) => {
                let message = format!("must be a number, is {cell:?}");
                self.fault(column, message);
                None
            }
        }
    }

    fn flag(&mut self, column: &str) -> bool {
        match self.cell(column).to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => true,
            "false" | "no" | "0" | "" => false,
            other => {
                let message = format!("must be true or false, is {other:?}");
                self.fault(column, message);
                false
            }
        }
    }

    fn fault(&mut self, column: &str, message: impl Into<String>) {
        let place = format!("{}: {column}", self.place);
        self.faults.push(InputFault::new("E1025", place, message));
    }

    fn origin(&mut self) -> Option<Origin> {
        let unreadable = std::mem::take(&mut self.faults);
        Some(Origin { place: self.place.clone(), unreadable })
    }
}

/// Makes orders of rows, in the order in which they come first.
pub(super) fn orders_of(grid: &Grid) -> Result<OrdersDraft, Vec<InputFault>> {
    check_header(grid)?;
    let mut draft = OrdersDraft { origin: Some(place_of_time(grid)), ..OrdersDraft::default() };
    draft.planning_time = grid.planning_time.clone().unwrap_or_default();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut firsts: Vec<(usize, Vec<String>)> = Vec::new();
    for (number, cells) in &grid.rows {
        let cells = grid.header.iter().map(String::as_str).zip(cells.iter().map(|c| c.trim()));
        let place = format!("{}: row {number}", grid.file);
        let mut row = Row { place, cells: cells.collect(), faults: Vec::new() };
        check_time(&mut row, &mut draft);
        let shared: Vec<_> = OF_ORDER.iter().map(|name| row.cell(name).to_owned()).collect();
        let id = row.text("order", "");
        let index = match known.get(&id) {
            // Rows without an order are not of one order together.
            Some(&index) if !id.is_empty() => {
                check_agreement(&mut row, &shared, &firsts[index]);
                index
            }
            _ => {
                known.insert(id, draft.orders.len());
                firsts.push((*number, shared));
                draft.orders.push(order_of(&mut row));
                draft.orders.len() - 1
            }
        };
        draft.orders[index].lines.push(line_of(&mut row));
    }
    Ok(draft)
}

fn check_header(grid: &Grid) -> Result<(), Vec<InputFault>> {
    let mut faults = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for name in &grid.header {
        let place = format!("{}: column {name:?}", grid.file);
        if !COLUMNS.contains(&name.as_str()) && name != PLANNING_TIME {
            let message = format!("must be one of {}, {PLANNING_TIME}", COLUMNS.join(", "));
            faults.push(InputFault::new("E1004", place, message));
        } else if !seen.insert(name) {
            faults.push(InputFault::new("E1004", place, "must be there once"));
        }
    }
    for name in NEEDED {
        if !grid.header.iter().any(|column| column == name) {
            let place = format!("{}: column {name:?}", grid.file);
            faults.push(InputFault::new("E1004", place, "must be there"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The place of the planning time before a row says it.
fn place_of_time(grid: &Grid) -> Origin {
    let place = match grid.rows.first() {
        Some((number, _)) => format!("{}: row {number}", grid.file),
        None => grid.file.to_owned(),
    };
    Origin { place, unreadable: Vec::new() }
}

/// Takes the planning time of the first row that says one; others must say the same.
fn check_time(row: &mut Row<'_>, draft: &mut OrdersDraft) {
    let Some(time) = row.filled(PLANNING_TIME).map(str::to_owned) else { return };
    if draft.planning_time.is_empty() {
        draft.planning_time = time;
        draft.origin = row.origin();
    } else if draft.planning_time != time {
        let first = &draft.planning_time;
        let message = format!("must be the same everywhere ({first:?}), is {time:?}");
        row.fault(PLANNING_TIME, message);
    }
}

fn check_agreement(row: &mut Row<'_>, shared: &[String], (number, first): &(usize, Vec<String>)) {
    for ((name, here), there) in OF_ORDER.iter().zip(shared).zip(first) {
        if here != there {
            let message =
                format!("must be as in row {number} of the same order ({there:?}), is {here:?}");
            row.fault(name, message);
        }
    }
}

fn order_of(row: &mut Row<'_>) -> OrderDraft {
    let default = OrderDraft::default();
    // What is wrong with the planning time of a row is told with its line.
    let kept = std::mem::take(&mut row.faults);
    let order = OrderDraft {
        id: row.text("order", ""),
        customer: row.text("customer", ""),
        region: row.text("region", ""),
        due: row.text("due", ""),
        deadline: row.filled("deadline").map(str::to_owned),
        together: row.flag("together"),
        priority: row.number("priority").unwrap_or(default.priority),
        mixing: row.text("mixing", &default.mixing),
        certificates: row.list("certificates"),
        lines: Vec::new(),
        origin: row.origin(),
    };
    row.faults = kept;
    order
}

fn line_of(row: &mut Row<'_>) -> LineDraft {
    let default = LineDraft::default();
    LineDraft {
        model: row.text("model", ""),
        unit: row.filled("unit").map(str::to_owned),
        quantity: row.number("quantity").unwrap_or(default.quantity),
        material: row.text("material", ""),
        process: row.text("process", ""),
        colour: row.filled("colour").map(str::to_owned),
        finish: row.list("finish"),
        quality: row.text("quality", &default.quality),
        orientation: row.text("orientation", &default.orientation),
        clearance_mm: row.number("clearance_mm"),
        inside_cavity: row.flag("inside_cavity"),
        origin: row.origin(),
    }
}

/// The cells of a line, in the order of [`COLUMNS`], then the planning time.
pub(super) fn cells_of(draft: &OrdersDraft, order: &OrderDraft, line: &LineDraft) -> [String; 21] {
    let number = |value: f64| format!("{value}");
    [
        order.id.clone(),
        order.customer.clone(),
        order.region.clone(),
        order.due.clone(),
        order.deadline.clone().unwrap_or_default(),
        order.together.to_string(),
        number(order.priority),
        order.mixing.clone(),
        order.certificates.join(";"),
        line.model.clone(),
        line.unit.clone().unwrap_or_default(),
        number(line.quantity),
        line.material.clone(),
        line.process.clone(),
        line.colour.clone().unwrap_or_default(),
        line.finish.join(";"),
        line.quality.clone(),
        line.orientation.clone(),
        line.clearance_mm.map(number).unwrap_or_default(),
        line.inside_cavity.to_string(),
        draft.planning_time.clone(),
    ]
}
