//! Small random nights of all features, for tests: most of each can be planned, some of it cannot.
//!
//! Every choice is drawn for its own sake, not to look like a real night: both ways of nesting,
//! every rule of mixing, machines that nobody staffs for long, feedstock that does not reach,
//! parts that no machine holds, orders that no centre reaches, due dates of yesterday, deadlines.

mod catalogue;
mod centres;
mod orders;
mod terms;

use platewright_model::measure::{LengthUnit, Seconds};
use platewright_model::time::Time;
use rand::RngExt;
use rand_pcg::Pcg64;

use super::stream::{draw, stream};
use super::{GeneratedModel, GeneratedNight, PLANNING_TIME};
use crate::body;

/// Regions that orders go to; few centres ship to all.
const REGIONS: [&str; 3] = ["north", "south", "islands"];

/// Certificates that orders ask for; few centres hold both.
const CERTIFICATES: [&str; 2] = ["iso-13485", "as9100"];

/// A small random night: up to 8 orders of simple bodies, 3 processes, 3 centres, 9 machines.
///
/// Its files are well-formed; orders and lines of it may be refused, and units left over.
pub fn random_night(seed: u64) -> GeneratedNight {
    let rng = &mut stream(seed, "random night");
    let catalogue = catalogue::catalogue(rng);
    let mut centres = centres::centres(rng, &catalogue);
    let mut models: Vec<GeneratedModel> =
        (0..rng.random_range(1..=6)).map(|n| model(rng, n)).collect();
    let mut orders = orders::orders(rng, &catalogue, &models);
    if chance(rng, 0.03) {
        models.pop();
    }
    // Half of the nights do without, and draws of their own leave the rest of a night as it is.
    if seed.is_multiple_of(2) {
        terms::ask_more(&mut stream(seed, "terms"), &mut orders, &mut centres);
    }
    GeneratedNight { orders, catalogue, centres, models }
}

/// A body; one in twenty is too large for every machine, one in twenty has a hole, one in fifty
/// has no triangles.
fn model(rng: &mut Pcg64, number: usize) -> GeneratedModel {
    let mut edge = || draw(rng, 2.0, 26.0).round();
    let (a, b, c) = (edge(), edge(), edge());
    let mut mesh = match rng.random_range(0..6) {
        0 => body::cuboid(a, b, c),
        1 => body::cylinder(a / 2.0, b, 12),
        2 => body::sphere(a / 2.0, 5),
        3 => body::l_prism(a + 4.0, b + 4.0, 2.0, c),
        4 => body::ring(a / 2.0 + 3.0, a / 2.0, c, 12),
        _ => body::torus(a / 2.0 + 3.0, 2.0, 12, 6),
    };
    match rng.random_range(0..100) {
        0..5 => mesh.vertices.iter_mut().for_each(|v| *v *= 60.0),
        5..10 => drop(mesh.triangles.pop()),
        10..12 => mesh.triangles.clear(),
        _ => {}
    }
    let ending = *of(rng, &["stl", "obj", "3mf"]);
    let unit = (ending != "3mf").then_some(LengthUnit::Mm);
    GeneratedModel { file: format!("model-{number}.{ending}"), mesh, unit }
}

/// One of some things, each as often as any other.
fn of<'a, T>(rng: &mut Pcg64, things: &'a [T]) -> &'a T {
    &things[rng.random_range(0..things.len())]
}

/// Each thing with the same chance.
fn some<T: Clone>(rng: &mut Pcg64, things: &[T], share: f64) -> Vec<T> {
    things.iter().filter(|_| chance(rng, share)).cloned().collect()
}

/// As [`some`], at least one.
fn some_at_least_one<T: Clone>(rng: &mut Pcg64, things: &[T], share: f64) -> Vec<T> {
    let mut chosen = some(rng, things, share);
    if chosen.is_empty() {
        chosen.push(of(rng, things).clone());
    }
    chosen
}

fn chance(rng: &mut Pcg64, share: f64) -> bool {
    rng.random_bool(share)
}

/// So many hours after the planning time.
fn hours_later(hours: f64) -> String {
    let start = Time::parse(PLANNING_TIME).expect("the planning time is a time");
    (start + Seconds((hours * 3600.0) as i64)).to_string()
}
