//! Nights: a catalogue, centres, models and orders that belong together.

mod catalogue;
mod centres;
mod models;
mod orders;
mod random;
pub(crate) mod stream;
mod write;

pub(crate) use catalogue::catalogue;
pub(crate) use centres::centres;
pub use models::GeneratedModel;
pub use random::random_night;
pub(crate) use write::json as write_json;
pub use write::write_night;

use platewright_model::draft::{CatalogueDraft, CentresDraft, OrdersDraft};

use crate::error::DatasetError;

/// When a generated night is planned: a Friday evening, so that weekend duty matters.
pub const PLANNING_TIME: &str = "2026-11-20T20:00:00Z";

/// Most units of a generated night.
pub const MOST_UNITS: u32 = 50_000;

/// What night to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NightOptions {
    /// How many units are ordered in all, 1 to [`MOST_UNITS`]; orders, models and machines
    /// follow from it.
    pub units: u32,
    /// The same seed gives the same bytes.
    pub seed: u64,
}

/// Sizes of nights with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NightSize {
    /// 12 units, 3 orders, 2 machines.
    Toy,
    /// 900 units of about 80 models, 150 orders, 14 machines in 4 centres.
    Demo,
    /// 5 000 units, more than 800 orders and 70 machines.
    Week,
}

impl NightOptions {
    /// A night of `units` units.
    pub fn units(units: u32, seed: u64) -> Self {
        Self { units, seed }
    }

    /// A night of a named size.
    pub fn size(size: NightSize, seed: u64) -> Self {
        let units = match size {
            NightSize::Toy => 12,
            NightSize::Demo => 900,
            NightSize::Week => 5_000,
        };
        Self { units, seed }
    }
}

/// A night as it is written to a folder.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneratedNight {
    /// `orders.json`.
    pub orders: OrdersDraft,
    /// `catalogue.json`.
    pub catalogue: CatalogueDraft,
    /// `centres.json`.
    pub centres: CentresDraft,
    /// `models/`.
    pub models: Vec<GeneratedModel>,
}

/// Generates a night.
///
/// A night of 100 units or more holds four lines that cannot be printed, on purpose, so that
/// it shows how left-overs are explained: two models larger than any machine (`too-large-…`),
/// one with holes (`scan-with-holes.stl`) and one without content (`empty-file.stl`).
///
/// # Errors
/// E1091: the number of units is 0 or above [`MOST_UNITS`].
pub fn night(options: &NightOptions) -> Result<GeneratedNight, DatasetError> {
    if !(1..=MOST_UNITS).contains(&options.units) {
        return Err(DatasetError::Size { units: options.units, most: MOST_UNITS });
    }
    let plan = models::plan(options);
    let models = models::make(options, &plan);
    Ok(GeneratedNight {
        orders: orders::orders(options, &plan, &models),
        catalogue: catalogue(),
        centres: centres(options.units),
        models,
    })
}

/// Whether a night of so many units is small enough to have two machines only.
fn is_toy(units: u32) -> bool {
    units < 60
}

#[cfg(test)]
mod tests;
