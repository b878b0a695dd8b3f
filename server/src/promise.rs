//! When an order would arrive: asked of the planner, with the plan in force as it stands.

use platewright_model::machine::BuildLoad;
use platewright_model::night::Night;
use platewright_model::order::{OrderLine, QualityClass};
use platewright_solver::{FullBuild, OpenBuild, Standing, promise};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Refusal;
use crate::http::wire::When;
use crate::ordering::Prepared;
use crate::price::full_build;
use crate::records::plans::{self, Build};
use crate::service::Service;

/// The earliest that a centre can promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Promise {
    /// Id of the centre.
    pub(crate) centre: String,
    /// All units printed, finished and shipped.
    pub(crate) arrives_at: When,
}

/// What centres can promise for an order, the earliest first.
pub(crate) async fn promises(
    service: &Service,
    prepared: &Prepared,
) -> Result<Vec<Promise>, Refusal> {
    let live = plans::live_builds(&service.records.pool).await?;
    let standing: Vec<Standing> = live.iter().map(standing).collect();
    let mut night = Night::clone(&prepared.night);
    night.planning_time = When::now().0;
    let solver = &service.settings.config.solver;
    let full = |line: &OrderLine, machine: &platewright_model::machine::Machine| {
        if machine.process != line.process || !machine.materials.contains(&line.material) {
            return None;
        }
        let process = night.processes.get(&line.process)?;
        let set = process.parameter_set(line.quality)?;
        let index = prepared.order.lines.iter().position(|l| l.number == line.number)?;
        let part = prepared.measures.get(index)?;
        let (copies, height_mm) = full_build(solver, process.nesting, part, machine)?;
        let load = BuildLoad {
            volume_mm3: part.volume_mm3 * copies,
            surface_mm2: part.surface_mm2 * copies,
            height_mm,
            layer_mm: set.layer.0,
        };
        Some(FullBuild { copies: copies as u32, load })
    };
    let found = promise(&night, &standing, &prepared.order, &full);
    let told = |p: platewright_solver::Promise| Promise {
        centre: p.centre.to_string(),
        arrives_at: When(p.arrives),
    };
    Ok(found.into_iter().map(told).collect())
}

/// A build as the planner sees it; one that has begun, or is locked, takes no more parts.
fn standing(build: &Build) -> Standing {
    let open = || {
        let group = &build.body["group"];
        let text = |name: &str| group[name].as_str();
        if text("pool") != Some("shared") {
            return None;
        }
        let quality: QualityClass = serde_json::from_value(group["quality"].clone()).ok()?;
        Some(OpenBuild {
            process: text("process")?.into(),
            material: text("material")?.into(),
            quality,
            room: build.body["room"].as_f64()?,
        })
    };
    Standing {
        machine: build.machine.as_str().into(),
        start: build.start_at.0,
        end: build.end_at.0,
        open: if build.state == "published" && !build.locked { open() } else { None },
    }
}
