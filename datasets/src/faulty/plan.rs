//! Which faults go into which body.

use std::path::PathBuf;
use std::sync::Arc;

use rand_pcg::Pcg64;

use super::bodies::{Sound, bodies};
use super::fold::folded;
use super::work::Work;
use super::{CASES, FaultKind, FaultyCase, condition};
use super::{opening, shell, surface, touch};
use crate::night::stream::stream;

/// Which corpus to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corpus {
    /// How many cases, the sound bodies included.
    pub cases: u32,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// A folder of real models, whose sound ones serve as bodies too.
    pub real: Option<PathBuf>,
}

impl Default for Corpus {
    fn default() -> Self {
        Self { cases: CASES, seed: 1, real: None }
    }
}

/// A case that can be made.
#[derive(Clone, Debug)]
pub struct CasePlan {
    /// Number, recipe and the body it is planned with; the case may need another body.
    pub name: String,
    /// Which faults, in short.
    pub recipe: String,
    seed: u64,
    number: usize,
    faults: Vec<FaultKind>,
    crowded: bool,
    /// Its body, then those that stand in where it has no place for a fault.
    bodies: Vec<Arc<Sound>>,
}

/// A recipe: its name, its faults, and whether they may lie side by side.
type Recipe = (String, Vec<FaultKind>, bool);

/// From so many triangles on a body serves less often.
const LARGE: usize = 30_000;

/// Plans a corpus: every sound body as it is, then all recipes in turn, each with body after
/// body.
pub fn corpus(options: &Corpus) -> Vec<CasePlan> {
    let all: Vec<Arc<Sound>> =
        bodies(options.seed, options.real.as_deref()).into_iter().map(Arc::new).collect();
    let (large, small): (Vec<_>, Vec<_>) =
        all.iter().cloned().partition(|b| b.mesh.triangles.len() > LARGE);
    let recipes = recipes();
    let mut plans = Vec::new();
    let mut plan = |recipe: &Recipe, body: &Arc<Sound>, others: &[Arc<Sound>]| {
        let number = plans.len();
        let bodies = std::iter::once(body).chain(others).map(Arc::clone).collect();
        plans.push(CasePlan {
            name: format!("{number:03}-{}-{}", recipe.0, body.name),
            recipe: recipe.0.clone(),
            seed: options.seed,
            number,
            faults: recipe.1.clone(),
            crowded: recipe.2,
            bodies,
        });
    };
    for body in &all {
        plan(&("sound".to_owned(), Vec::new(), false), body, &[]);
    }
    let left = (options.cases as usize).saturating_sub(all.len());
    for i in 0..left {
        let (r, round) = (i % recipes.len(), i / recipes.len());
        let recipe = &recipes[r];
        // A stride that is prime to most counts, so that recipes meet other bodies.
        let at = (7 * r + round) % small.len();
        let others: Vec<_> = small[at..].iter().chain(&small[..at]).cloned().collect();
        let body = if round % 4 == 3 && r % 4 == 0 && !large.is_empty() {
            &large[(i / 4) % large.len()]
        } else {
            &others[0]
        };
        plan(recipe, body, &others);
    }
    plans.truncate(options.cases as usize);
    plans
}

fn recipes() -> Vec<Recipe> {
    use FaultKind as F;
    let mut all: Vec<Recipe> =
        F::ALL.iter().map(|&kind| (kind.name(), vec![kind], false)).collect();
    let mixed = [
        vec![F::Flipped, F::Hole],
        vec![F::Duplicate, F::Degenerate, F::Flipped],
        vec![F::Crack, F::TJunction, F::Hole],
        vec![F::PiercingShell, F::Flipped, F::LargeHole],
        vec![F::InsideOut, F::Flipped, F::Duplicate],
        vec![F::InvertedShell, F::InternalShell, F::NoiseShell],
        vec![F::Seam, F::OppositeDuplicate, F::UnreferencedVertex],
    ];
    let name = |n: usize| format!("mix{}", n + 1);
    all.extend(mixed.into_iter().enumerate().map(|(n, faults)| (name(n), faults, false)));
    // All the damage of a bad export at once, side by side where chance will have it.
    let full = vec![F::Flipped, F::Crack, F::Duplicate, F::Hole, F::Degenerate, F::PiercingShell];
    all.push(("full".to_owned(), full, true));
    all
}

impl CasePlan {
    /// Makes the case. Where the body has no place for one of the faults, the next stands in.
    ///
    /// # Panics
    /// If no body has a place for the faults; the ball has one for each.
    pub fn make(&self) -> FaultyCase {
        let mut rng = stream(self.seed, &self.name);
        let made = self.bodies.iter().find_map(|body| {
            let start = self.start(&mut rng, body);
            let mut case = self.attempt(&mut rng, Work::new(start))?;
            case.name = format!("{:03}-{}-{}", self.number, self.recipe, body.name);
            Some(case)
        });
        made.expect("some body has a place for the faults")
    }

    fn start(&self, rng: &mut Pcg64, body: &Sound) -> platewright_mesh::TriMesh {
        if self.faults.contains(&FaultKind::SelfIntersection) {
            folded(self.number / 7, rng)
        } else {
            body.mesh.clone()
        }
    }

    fn attempt(&self, rng: &mut Pcg64, mut work: Work) -> Option<FaultyCase> {
        // Random damage side by side is for smooth surfaces: two neighbours lost at a sharp
        // edge leave no way to know how the edge ran.
        work.crowded = self.crowded && work.n() > 5000;
        for &kind in &self.faults {
            inject(&mut work, rng, kind);
            if !work.has(kind)
                && !matches!(kind, FaultKind::UnreferencedVertex | FaultKind::DuplicateVertex)
            {
                return None;
            }
        }
        let mut case = work.finish(rng, self.number.is_multiple_of(3))?;
        case.recipe.clone_from(&self.recipe);
        for &kind in &self.faults {
            case.injected.extend(super::indices::inject(&mut case.mesh, rng, kind));
        }
        Some(case)
    }
}

fn inject(work: &mut Work, rng: &mut Pcg64, kind: FaultKind) {
    match kind {
        FaultKind::Flipped => surface::flip(work, rng),
        FaultKind::Crack => surface::crack(work, rng),
        FaultKind::Seam => opening::seam(work, rng),
        FaultKind::Hole => opening::hole(work, rng),
        FaultKind::LargeHole => opening::patches(work, rng),
        FaultKind::Duplicate => surface::duplicate(work, rng, false),
        FaultKind::OppositeDuplicate => surface::duplicate(work, rng, true),
        FaultKind::Degenerate => surface::degenerate(work, rng),
        FaultKind::Needle => surface::needle(work, rng),
        FaultKind::TJunction => surface::t_junction(work, rng),
        FaultKind::PiercingShell => shell::pierce(work, rng),
        FaultKind::CoplanarShell => shell::coplanar(work, rng),
        FaultKind::InvertedShell => shell::inverted(work, rng),
        FaultKind::InsideOut => shell::inside_out(work),
        FaultKind::NonManifoldEdge => touch::edge(work, rng),
        FaultKind::Fin => touch::fin(work, rng),
        FaultKind::NonManifoldVertex => touch::vertex(work, rng),
        FaultKind::InternalShell => shell::internal(work, rng),
        FaultKind::NoiseShell => shell::noise(work, rng),
        FaultKind::SelfIntersection => fold_over(work),
        FaultKind::UnreferencedVertex | FaultKind::DuplicateVertex => {}
    }
}

/// The body was made folded; this notes it if it really is.
fn fold_over(work: &mut Work) {
    if condition(&work.base).crosses_itself == Some(true) {
        work.folded = true;
        work.note(FaultKind::SelfIntersection, 1, &[]);
    }
}
