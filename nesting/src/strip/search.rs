//! Shorter and shorter strips: shrink, let overlap, move apart.

use std::sync::Arc;

use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use platewright_model::strip::{PlacedOutline, StripLayout, StripProblem};
use rand::SeedableRng;
use rand_pcg::Pcg64;

use super::construct::construct;
use super::validate::{turns_of, validate};
use crate::NestError;
use crate::planar::{Arrangement, Form, Given, Keep, Outlines, Shape};
use crate::relaxed::{Shortest, shorten};

/// Distance that is kept between outlines, as a share of the height of the strip: far more than
/// rounding can take away, far less than anybody measures.
const GAP: f64 = 1e-6;
/// By how much the area of an outline may grow when its corners are thinned out.
const GROWTH: f64 = 1e-3;
/// A layout, and how it was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StripNest {
    /// The best layout.
    pub layout: StripLayout,
    /// No layout can be shorter: the area of all outlines over the height of the strip, or the
    /// least width of an outline.
    pub bound: f64,
    /// Copies for which a better place was looked for.
    pub iterations: u64,
    /// Every improvement, the first layout included.
    pub trace: Vec<SearchStep>,
}

/// Lays outlines on a strip, as short as the budget allows. `ctx` bounds time or iterations; an
/// iteration looks for a better place for one copy. The same seed and iterations give the same
/// layout. Outlines that may be turned at will are tried at 64 turns.
///
/// # Errors
/// [`NestError::BadStrip`].
pub fn nest_strip(problem: &StripProblem, ctx: &RunContext) -> Result<StripNest, NestError> {
    validate(problem)?;
    let given = problem.items.iter().map(|item| Given {
        form: Arc::new(Form::new(&item.outline, &[], 0.0, GROWTH)),
        turns: turns_of(item),
        keep: Keep::default(),
    });
    let outlines = Outlines::new(given, GAP * problem.height);
    let items = problem.items.iter().enumerate();
    let shapes: Vec<usize> =
        items.flat_map(|(i, item)| std::iter::repeat_n(i, item.copies as usize)).collect();
    let mut rng = Pcg64::seed_from_u64(ctx.seed_for("strip"));
    let first = construct(&outlines, &shapes, problem.height, &mut rng);
    let bound = bound(problem, &outlines);
    let Shortest { best, iterations, trace } = shorten(&outlines, first, bound, rng, ctx);
    Ok(StripNest { layout: layout(&outlines, &best), bound, iterations, trace })
}

/// A length that no layout can be below.
fn bound(problem: &StripProblem, outlines: &Outlines) -> f64 {
    let by_area = problem.total_area() / problem.height;
    let least_width = |shape: &Shape| {
        let fits = |turned: &u32| outlines.turned(*turned).size()[1] <= problem.height;
        let widths = shape.turns.clone().filter(fits).map(|t| outlines.turned(t).size()[0]);
        widths.fold(f64::INFINITY, f64::min)
    };
    outlines.shapes.iter().map(least_width).filter(|w| w.is_finite()).fold(by_area, f64::max)
}

fn layout(outlines: &Outlines, arrangement: &Arrangement) -> StripLayout {
    let placed = arrangement.places().iter().map(|place| {
        let turned = outlines.turned(place.turned);
        let item = turned.shape as usize;
        let at = turned.at_given(&outlines.shapes[item].form, place.at);
        PlacedOutline { item, turn: turned.degrees, at }
    });
    let mut placed: Vec<PlacedOutline> = placed.collect();
    placed.sort_by_key(|placed| placed.item);
    StripLayout { length: arrangement.size[0], placed }
}
