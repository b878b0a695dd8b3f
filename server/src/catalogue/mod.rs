//! The catalogue as planners need it: all entries together, validated.

use std::sync::Arc;

use platewright_model::config::Config;
use platewright_model::draft::{
    CatalogueDraft, CentreDraft, CentresDraft, MachineDraft, OrdersDraft, StockDraft,
};
use platewright_model::night::Night;
use platewright_model::validate::validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::SqlitePool;
use utoipa::ToSchema;

use crate::error::Refusal;
use crate::http::wire::When;
use crate::records::catalogue::{self, Stored};

/// What kinds of entries there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// Feedstocks.
    Materials,
    /// Processes.
    Processes,
    /// Treatments after printing.
    PostProcesses,
    /// Print centres, without machines and stock.
    Centres,
    /// Machines, each with its centre.
    Machines,
    /// Feedstock that centres have.
    FeedstockLots,
    /// What holds for the whole: the currency.
    Settings,
}

impl Kind {
    /// Its name in records and addresses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Materials => "materials",
            Self::Processes => "processes",
            Self::PostProcesses => "post-processes",
            Self::Centres => "centres",
            Self::Machines => "machines",
            Self::FeedstockLots => "feedstock-lots",
            Self::Settings => "settings",
        }
    }
}

/// A machine as an entry of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MachineEntry {
    /// Id of its centre.
    pub(crate) centre: String,
    /// The machine, as in `centres.json`.
    pub(crate) machine: MachineDraft,
}

/// Feedstock of a centre as an entry of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LotEntry {
    /// Id of the centre.
    pub(crate) centre: String,
    /// Id of the material.
    pub(crate) material: String,
    /// How much, kg.
    pub(crate) kg: f64,
}

/// What holds for the whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsEntry {
    /// Currency of every amount, ISO 4217.
    pub(crate) currency: String,
}

/// The catalogue and the centres at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// Counts changes.
    pub(crate) revision: i64,
    /// A night with no orders; none while the catalogue is empty.
    pub(crate) night: Option<Arc<Night>>,
}

impl Frame {
    /// Reads the entries that hold.
    pub(crate) async fn read(pool: &SqlitePool, config: &Config) -> Result<Self, Refusal> {
        let mut db = pool.acquire().await?;
        let stored = catalogue::current(&mut db).await?;
        Self::of(&stored, config)
    }

    /// Puts entries together.
    ///
    /// # Errors
    /// What is wrong with them together.
    pub(crate) fn of(stored: &Stored, config: &Config) -> Result<Self, Refusal> {
        if stored.entries.is_empty() {
            return Ok(Self { revision: stored.revision, night: None });
        }
        let (catalogue, centres) = drafts(stored)?;
        let orders =
            OrdersDraft { planning_time: When::now().0.to_string(), ..OrdersDraft::default() };
        let all = validate(orders, catalogue, centres, &config.limits);
        match all.night {
            Some(night) if all.faults.is_empty() => {
                Ok(Self { revision: stored.revision, night: Some(Arc::new(night)) })
            }
            _ => Err(Refusal::Invalid { faults: all.faults }),
        }
    }

    /// The night with no orders.
    ///
    /// # Errors
    /// The catalogue is empty.
    pub(crate) fn night(&self) -> Result<&Arc<Night>, Refusal> {
        self.night.as_ref().ok_or_else(|| Refusal::Conflict {
            what: "catalogue",
            id: String::new(),
            state: "empty".to_owned(),
            remedy: "an operator fills it with PUT /v1/catalogue".to_owned(),
        })
    }
}

/// Entries as the files of a night have them.
fn drafts(stored: &Stored) -> Result<(CatalogueDraft, CentresDraft), Refusal> {
    let mut catalogue = CatalogueDraft::default();
    let mut centres: Vec<CentreDraft> = of_kind(stored, Kind::Centres)?;
    let lost = |what: &str, id: &str, centre: &str| {
        let place = format!("{what} {id}: centre");
        Refusal::fault("E1013", &place, format!("must be the id of a centre, is {centre:?}"))
    };
    for entry in of_kind::<SettingsEntry>(stored, Kind::Settings)? {
        catalogue.currency = entry.currency;
    }
    catalogue.materials = of_kind(stored, Kind::Materials)?;
    catalogue.processes = of_kind(stored, Kind::Processes)?;
    catalogue.post_processes = of_kind(stored, Kind::PostProcesses)?;
    for MachineEntry { centre, machine } in of_kind(stored, Kind::Machines)? {
        let at = centres.iter_mut().find(|c| c.id == centre);
        at.ok_or_else(|| lost("machine", &machine.id, &centre))?.machines.push(machine);
    }
    for LotEntry { centre, material, kg } in of_kind(stored, Kind::FeedstockLots)? {
        let at = centres.iter_mut().find(|c| c.id == centre);
        let at = at.ok_or_else(|| lost("feedstock lot of", &material, &centre))?;
        match at.stock.iter_mut().find(|stock| stock.material == material) {
            Some(stock) => stock.kg += kg,
            None => at.stock.push(StockDraft { material, kg }),
        }
    }
    Ok((catalogue, CentresDraft { centres }))
}

fn of_kind<T: serde::de::DeserializeOwned>(stored: &Stored, kind: Kind) -> Result<Vec<T>, Refusal> {
    let entries = stored.entries.iter().filter(|entry| entry.kind == kind.name());
    entries.map(|entry| read_body(kind, &entry.id, entry.body.clone())).collect()
}

fn read_body<T: serde::de::DeserializeOwned>(
    kind: Kind,
    id: &str,
    body: Value,
) -> Result<T, Refusal> {
    serde_json::from_value(body).map_err(|error| Refusal::Malformed {
        place: format!("{}/{id}", kind.name()),
        reason: error.to_string(),
    })
}

/// Entries that hold the same as the files of a night: kind, id and body.
pub(crate) fn entries(
    catalogue: &CatalogueDraft,
    centres: &CentresDraft,
) -> Result<Vec<(Kind, String, Value)>, Refusal> {
    let mut all = Vec::new();
    let currency = SettingsEntry { currency: catalogue.currency.clone() };
    all.push((Kind::Settings, "all".to_owned(), serde_json::to_value(currency)?));
    for material in &catalogue.materials {
        all.push((Kind::Materials, material.id.clone(), serde_json::to_value(material)?));
    }
    for process in &catalogue.processes {
        all.push((Kind::Processes, process.id.clone(), serde_json::to_value(process)?));
    }
    for treatment in &catalogue.post_processes {
        all.push((Kind::PostProcesses, treatment.id.clone(), serde_json::to_value(treatment)?));
    }
    for centre in &centres.centres {
        let bare = CentreDraft { machines: Vec::new(), stock: Vec::new(), ..centre.clone() };
        all.push((Kind::Centres, centre.id.clone(), serde_json::to_value(bare)?));
        for machine in &centre.machines {
            let entry = MachineEntry { centre: centre.id.clone(), machine: machine.clone() };
            all.push((Kind::Machines, machine.id.clone(), serde_json::to_value(entry)?));
        }
        for stock in &centre.stock {
            let (material, kg) = (stock.material.clone(), stock.kg);
            let id = format!("{}.{material}", centre.id);
            let entry = LotEntry { centre: centre.id.clone(), material, kg };
            all.push((Kind::FeedstockLots, id, serde_json::to_value(entry)?));
        }
    }
    Ok(all)
}
