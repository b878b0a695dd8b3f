//! Makes builds whose parts can all be drawn out of the powder.

use platewright_model::geometry::Way;

use super::construct::Builder;
use super::plan::{Job, Plan, Spot};
use super::relief::{blocking, leaves};

/// Heights, as parts of that of the build, from which places are looked for.
const STEPS: usize = 16;

/// The copies of a build in an order in which they can be drawn out, from the top down where that
/// is free, each with its way; none if some are interlocked.
pub(super) fn drawn_out(job: &Job, build: &[Spot]) -> Option<Vec<(usize, Way)>> {
    let apart = blocking(job, build).take_apart(&tops(build));
    apart.stuck.is_empty().then_some(apart.order)
}

fn tops(build: &[Spot]) -> Vec<usize> {
    build.iter().map(|spot| spot.top).collect()
}

/// Takes interlocked copies apart: the smallest of them go where they can leave before all others,
/// in their build, in another one or in a new one, or are left over. Changes nothing where nobody
/// asks for it.
pub(super) fn mend(job: &Job, builder: &mut Builder<'_>, plan: Plan) -> Plan {
    if !job.removable {
        return plan;
    }
    let mut mended = Plan { builds: Vec::new(), ..plan };
    let mut pulled: Vec<usize> = Vec::new();
    for mut build in plan.builds {
        let size = |part: usize| job.kind(build[part].item).voxels;
        let (_, mut out) = blocking(job, &build).take_apart_by_force(&tops(&build), size);
        out.sort_unstable();
        let mut out: Vec<usize> =
            out.into_iter().rev().map(|part| build.remove(part).item).collect();
        // Without these, layers may differ too much.
        if !out.is_empty() && !builder.keeps_with(mended.builds.len(), &build) {
            out.extend(build.drain(..).map(|spot| spot.item));
        }
        // Largest first: small copies find room more easily.
        pulled.extend(place_freely(job, builder, mended.builds.len(), &mut build, out));
        mended.builds.push(build);
    }
    for b in 0..job.max_builds {
        if pulled.is_empty() {
            break;
        }
        if b == mended.builds.len() {
            mended.builds.push(Vec::new());
        }
        pulled = place_freely(job, builder, b, &mut mended.builds[b], pulled);
    }
    mended.builds.retain(|build| !build.is_empty());
    mended.left.extend(pulled);
    mended
}

/// Places copies where each can leave past all that were there before; those without such a place
/// come back.
fn place_freely(
    job: &Job,
    builder: &mut Builder<'_>,
    number: usize,
    build: &mut Vec<Spot>,
    mut items: Vec<usize>,
) -> Vec<usize> {
    if items.is_empty() {
        return items;
    }
    items.sort_by_key(|&item| (std::cmp::Reverse(job.kind(item).voxels), item));
    let slot = builder.load(number, build);
    items.retain(|&item| {
        let height = Plan::height(build);
        // What stands on everything else can leave upwards.
        let free = (0..=STEPS).find_map(|step| {
            let lowest = builder.places(slot, item, height * step / STEPS);
            lowest.into_iter().find(|spot| leaves(job, build, spot))
        });
        let Some(spot) = free else { return true };
        builder.put(slot, spot);
        build.push(spot);
        false
    });
    items
}
