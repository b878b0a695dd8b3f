//! Slices a build, layer by layer in order, or any single layer.
//!
//! Memory does not grow with the number of layers: bodies are prepared when their first layer is
//! due, their layers are made in runs, and a run is let go when no copy of the body needs it any
//! more.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use platewright_model::measure::Mm;
use platewright_model::run::RunContext;
use platewright_model::stage::{LayerFacts, LayerFigures};
use rayon::prelude::*;

use crate::body::{Body, Scratch};
use crate::build::{BodyPlan, Placed, plan_bodies};
use crate::comparing::{Compare, Compared};
use crate::contour::RunLayer;
use crate::error::SliceError;
use crate::layers::{Layer, Piece, Stack, StackPart};
use crate::planes::Planes;
use crate::region::{Fill, Region};

/// Layers that are made at once, for each thread.
const BATCH_LAYERS: u32 = 64;

/// How far the arcs of contours that are moved outward may lie from exact ones.
const GROW_ARC: Mm = Mm(0.001);

/// When the contours of a layer are united.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unite {
    /// Never: areas where shells overlap count more than once.
    Never,
    /// In the height ranges of shells that overlap, and where an open contour was closed.
    #[default]
    WhereOverlapping,
    /// In every layer, at two to three times the cost.
    Always,
}

/// Takes the layers of a build.
pub trait LayerSink: Sync {
    /// What is made of a layer before its turn comes.
    type Encoded: Send;

    /// Turns a layer into what [`Self::take`] takes. Called once a layer, on any thread, in any
    /// order.
    ///
    /// # Errors
    /// The layer cannot be taken.
    fn encode(&self, layer: &Layer) -> Result<Self::Encoded, SliceError>;

    /// Takes a layer; called in order from the plate up.
    ///
    /// # Errors
    /// It cannot be written.
    fn take(&mut self, layer: &Layer, encoded: Self::Encoded) -> Result<(), SliceError>;
}

/// A sink for those who want nothing but the facts.
#[derive(Clone, Copy, Debug, Default)]
pub struct FactsOnly;

impl LayerSink for FactsOnly {
    type Encoded = ();

    fn encode(&self, _: &Layer) -> Result<(), SliceError> {
        Ok(())
    }

    fn take(&mut self, _: &Layer, (): ()) -> Result<(), SliceError> {
        Ok(())
    }
}

/// How a build is sliced.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SliceOptions {
    /// When contours are united.
    pub unite: Unite,
    /// What counts as solid where contours overlap.
    pub fill: Fill,
    /// How far the contours kept may lie from the exact ones, mm; 0 keeps them exact. The facts
    /// are always those of the exact contours.
    pub simplify_mm: f64,
    /// By how much the contours kept are moved outward, mm; negative to take half the width of a
    /// beam away. The facts are always those of the contours before.
    pub grow_mm: f64,
    /// Whether each layer is compared with the one below, and how; see [`Sliced::figures`].
    pub compare: Option<Compare>,
}

/// What slicing a build comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sliced {
    /// Facts of each layer from the plate up.
    pub facts: Vec<LayerFacts>,
    /// Figures of each layer over the one below; empty unless [`SliceOptions::compare`] asks for
    /// them.
    pub figures: Vec<LayerFigures>,
    /// Synthetic segments that closed open contours.
    pub closed_by_hand: u64,
    /// Bodies that were sliced; the other placements are moved copies of these.
    pub bodies: u32,
}

/// A layer of a body.
#[derive(Debug)]
pub(crate) struct BodyLayer {
    region: Arc<Region>,
    /// Before contours were moved or thinned; only as long as it is to be compared.
    pub(crate) exact: Option<Arc<Region>>,
    pub(crate) area: f64,
    perimeter: f64,
    contours: u32,
    closed_by_hand: u32,
    pub(crate) compared: Compared,
}

/// What a layer of a build has beside its contours.
#[derive(Debug, Default)]
struct Rest {
    closed_by_hand: u64,
    figures: LayerFigures,
}

/// A build that is ready to be sliced.
#[derive(Debug)]
pub struct BuildSlicer {
    stack: Stack,
    plans: Vec<BodyPlan>,
    options: SliceOptions,
    /// Bodies that were prepared for single layers.
    prepared: Vec<OnceLock<Body>>,
    /// What threads keep from run to run.
    idle: Mutex<Vec<Scratch>>,
}

/// A body whose layers are due.
#[derive(Debug)]
struct Due {
    body: Body,
    /// Layers by the number of their run, as long as a copy needs them.
    runs: BTreeMap<u32, Vec<BodyLayer>>,
    /// The uppermost layer that was made, if layers are compared.
    uppermost: Option<Arc<Region>>,
}

impl Due {
    fn layer(&self, own: u32) -> Option<&BodyLayer> {
        let run = own / self.body.run_layers();
        self.runs.get(&run)?.get((own % self.body.run_layers()) as usize)
    }
}

impl BuildSlicer {
    /// Takes the placed parts of a build.
    ///
    /// Placements of one mesh (the same allocation) with the same rotation and the same height
    /// over a layer are sliced once and moved. Contours of different parts must not overlap,
    /// which the clearance of a valid build guarantees: a layer's area is the sum over the parts.
    ///
    /// # Errors
    /// A broken mesh, a part outside of the layers or beyond the reach of the grid, contours to
    /// be moved by a distance of no use, an angle of no use.
    pub fn new(
        placed: &[Placed],
        planes: &Planes,
        options: &SliceOptions,
    ) -> Result<Self, SliceError> {
        // An empty region refuses what any region would.
        Region::default().offset(Mm(options.grow_mm), GROW_ARC)?;
        options.compare.map_or(Ok(()), |compare| compare.check(planes))?;
        let (stack, plans) = plan_bodies(placed, planes)?;
        let prepared = plans.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { stack, plans, options: *options, prepared, idle: Mutex::default() })
    }

    /// What is known before the first layer.
    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    /// Makes one layer, without the others. The first call for a body prepares it, which takes
    /// time that grows with its mesh; the layers after it take milliseconds.
    ///
    /// # Panics
    /// There is no layer `i`.
    pub fn layer(&self, i: u32) -> Layer {
        assert!(i < self.stack.planes.count(), "there is no layer {i}");
        let mut scratch = Scratch::default();
        let mut made: BTreeMap<(u32, u32), BodyLayer> = BTreeMap::new();
        for part in &self.stack.parts {
            let Some(own) = self.own_layer(part, i) else { continue };
            made.entry((part.body, own)).or_insert_with(|| {
                let body = self.prepared[part.body as usize]
                    .get_or_init(|| self.plans[part.body as usize].prepare());
                let walked = body.slice_layer(own, &mut scratch);
                self.finish_layer(walked, body.overlaps_in(own))
            });
        }
        self.assemble(i, |body, own| made.get(&(body, own))).0
    }

    /// Makes all layers in order from the plate up.
    ///
    /// The result does not depend on the number of threads. The budget of `ctx` does not end
    /// slicing, since half a build is of no use.
    ///
    /// # Errors
    /// The run was cancelled, or an error of the sink.
    pub fn run<S: LayerSink>(&self, sink: &mut S, ctx: &RunContext) -> Result<Sliced, SliceError> {
        let layers = self.stack.planes.count();
        let mut sliced = Sliced { bodies: self.plans.len() as u32, ..Sliced::default() };
        let batch = BATCH_LAYERS.saturating_mul(rayon::current_num_threads() as u32);
        let mut due = BTreeMap::new();
        for from in (0..layers).step_by(batch as usize) {
            if ctx.cancel.is_cancelled() {
                return Err(SliceError::Stopped);
            }
            let to = (from + batch).min(layers);
            self.make_runs(from, to, &mut due);
            let encoder: &S = sink;
            let made: Vec<_> = (from..to)
                .into_par_iter()
                .map(|i| {
                    let made = |body: u32, own: u32| due.get(&body)?.layer(own);
                    let (layer, rest) = self.assemble(i, made);
                    let encoded = encoder.encode(&layer)?;
                    Ok((layer, rest, encoded))
                })
                .collect::<Result<_, SliceError>>()?;
            for (layer, rest, encoded) in made {
                sliced.facts.push(layer.facts);
                sliced.closed_by_hand += rest.closed_by_hand;
                if self.options.compare.is_some() {
                    sliced.figures.push(rest.figures);
                }
                sink.take(&layer, encoded)?;
            }
            self.let_go(to, &mut due);
            ctx.report("slice", u64::from(to), u64::from(layers), "");
        }
        Ok(sliced)
    }

    /// Own layer of a part in layer `i` of the build.
    fn own_layer(&self, part: &StackPart, i: u32) -> Option<u32> {
        let own = i.checked_sub(part.first_layer)?;
        (own < self.plans[part.body as usize].planes.count()).then_some(own)
    }

    /// Memory that an earlier run has grown, if there is any.
    fn idle_scratch(&self) -> Scratch {
        // What a thread left here is whole, whatever became of the thread.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Makes the runs that layers `from..to` of the build need and that are not there.
    fn make_runs(&self, from: u32, to: u32, due: &mut BTreeMap<u32, Due>) {
        let starting: Vec<u32> = (0..self.plans.len() as u32)
            .filter(|body| !due.contains_key(body))
            .filter(|&body| self.plans[body as usize].is_due(from, to))
            .collect();
        let prepared: Vec<(u32, Due)> = starting
            .into_par_iter()
            .map(|body| {
                let body_due = Due {
                    body: self.plans[body as usize].prepare(),
                    runs: BTreeMap::new(),
                    uppermost: None,
                };
                (body, body_due)
            })
            .collect();
        due.extend(prepared);
        let wanted: Vec<(u32, u32)> = due
            .iter()
            .flat_map(|(&body, due)| {
                let runs = self.plans[body as usize].runs_for(from, to, due.body.run_layers());
                runs.into_iter()
                    .filter(|run| !due.runs.contains_key(run))
                    .map(move |run| (body, run))
            })
            .collect();
        let mut made: Vec<Vec<BodyLayer>> = wanted
            .par_iter()
            .map(|(body, run)| {
                let mut scratch = self.idle_scratch();
                let body = &due[body].body;
                let walked = body.slice_run(*run, &mut scratch);
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
                (body.layers_of(*run)[0]..)
                    .zip(walked)
                    .map(|(own, layer)| self.finish_layer(layer, body.overlaps_in(own)))
                    .collect()
            })
            .collect();
        if let Some(compare) = &self.options.compare {
            self.compare_runs(compare, &wanted, &mut made, due);
        }
        for ((body, run), layers) in wanted.into_iter().zip(made) {
            due.get_mut(&body).expect("it is due").runs.insert(run, layers);
        }
    }

    /// Compares the layers of new runs, each with the one below it, side by side.
    ///
    /// The runs of a body are made from its bottom up, each once, whatever its copies.
    fn compare_runs(
        &self,
        compare: &Compare,
        wanted: &[(u32, u32)],
        made: &mut [Vec<BodyLayer>],
        due: &mut BTreeMap<u32, Due>,
    ) {
        let exact = |layer: &BodyLayer| layer.exact.clone().expect("layers are to be compared");
        let mut pairs = Vec::new();
        for ((body, run), layers) in wanted.iter().zip(made.iter()) {
            let body_due = due.get_mut(body).expect("it is due");
            let first = body_due.body.layers_of(*run)[0];
            let planes = &self.plans[*body as usize].planes;
            for (own, layer) in (first..).zip(layers) {
                let below = body_due.uppermost.replace(exact(layer));
                pairs.push((planes.between(own.saturating_sub(1), own), below));
            }
        }
        let layers: Vec<&BodyLayer> = made.iter().flatten().collect();
        let compared: Vec<Compared> = layers
            .into_par_iter()
            .zip(&pairs)
            .map(|(layer, (distance, below))| {
                compare.layers(&exact(layer), layer.area, below.as_deref(), *distance)
            })
            .collect();
        for (layer, compared) in made.iter_mut().flatten().zip(compared) {
            layer.compared = compared;
            layer.exact = None;
        }
    }

    /// Lets go of what no layer from `to` on needs.
    fn let_go(&self, to: u32, due: &mut BTreeMap<u32, Due>) {
        due.retain(|&body, due| {
            let last = self.plans[body as usize].last_begin();
            let run_layers = due.body.run_layers();
            due.runs.retain(|run, layers| last + run * run_layers + layers.len() as u32 > to);
            last + due.body.planes.count() > to
        });
    }

    /// Unites where needed, takes the facts, then moves and simplifies.
    fn finish_layer(&self, walked: RunLayer, overlapping: bool) -> BodyLayer {
        let RunLayer { mut region, closed_by_hand } = walked;
        let unite = match self.options.unite {
            Unite::Never => false,
            Unite::WhereOverlapping => overlapping || closed_by_hand > 0,
            Unite::Always => true,
        };
        if unite {
            region = region.united(self.options.fill);
        }
        // The facts are those of the contours before they are moved or thinned.
        let (area, perimeter) = (region.area(), region.perimeter());
        let contours = region.n_rings() as u32;
        let exact = Arc::new(region);
        let mut region = Arc::clone(&exact);
        if self.options.grow_mm != 0.0 {
            let grown = region.offset(Mm(self.options.grow_mm), GROW_ARC);
            region = Arc::new(grown.expect("the distance was checked before"));
        }
        if self.options.simplify_mm > 0.0 {
            region = Arc::new(region.simplified(self.options.simplify_mm));
        }
        let exact = self.options.compare.map(|_| exact);
        let compared = Compared::default();
        BodyLayer { region, exact, area, perimeter, contours, closed_by_hand, compared }
    }

    /// Puts a layer of the build together from the layers of its bodies; and what is summed over
    /// them beside it.
    fn assemble<'a>(
        &self,
        i: u32,
        made: impl Fn(u32, u32) -> Option<&'a BodyLayer>,
    ) -> (Layer, Rest) {
        let planes = &self.stack.planes;
        let top_mm = planes.top(i);
        let mut facts = LayerFacts { top_mm, area_mm2: 0.0, perimeter_mm: 0.0, contours: 0 };
        let (mut pieces, mut rest) = (Vec::new(), Rest::default());
        // Asked for, overhangs are told of layers without solid too.
        rest.figures.overhang_mm2 =
            self.options.compare.and_then(|compare| compare.overhang_deg).map(|_| 0.0);
        for (number, part) in (0..).zip(&self.stack.parts) {
            let Some(own) = self.own_layer(part, i) else { continue };
            let Some(layer) = made(part.body, own) else { continue };
            facts.area_mm2 += layer.area;
            facts.perimeter_mm += layer.perimeter;
            facts.contours += layer.contours;
            rest.closed_by_hand += u64::from(layer.closed_by_hand);
            // The first layer of a body stands on the plate or on nothing.
            layer.compared.add_to(&mut rest.figures, own == 0 && i > 0);
            if !layer.region.is_empty() {
                let region = Arc::clone(&layer.region);
                pieces.push(Piece { part: number, shift: part.shift, region });
            }
        }
        let (bottom_mm, cut_mm) = (planes.bottom(i), planes.cut(i));
        (Layer { index: i, bottom_mm, top_mm, cut_mm, pieces, facts }, rest)
    }
}
