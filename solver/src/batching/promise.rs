//! Promises while orders come in, and what another place would cost.

use platewright_model::batching::{BatchOrder, BatchPart, BatchPlan, BatchProblem};
use platewright_model::validate::validate_batch_order;

use crate::batching::instance::{Instance, NO_TIME};
use crate::batching::levels;
use crate::batching::plan::Plan;
use crate::batching::search::{bad_problem, refuse_invalid};
use crate::batching::standing::{Item, Offer, Scratch, Standing, Undo};
use crate::error::SolverError;

/// A problem that plans of it are read with.
#[derive(Debug)]
pub struct Prepared<'a> {
    problem: &'a BatchProblem,
    pub(crate) inst: Instance<'a>,
}

/// A plan into which orders are taken one by one.
pub struct OpenPlan<'a> {
    standing: Standing<'a>,
    scratch: Scratch,
}

/// What an order is promised.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Promise {
    /// When its last copy arrives.
    pub arrives: i64,
    /// What the objective rises by: production, freight, its own lateness and that of others.
    pub cost: i64,
    /// Orders that arrive later for it and pay for that, with their arrivals before and after.
    pub delayed: Vec<(usize, i64, i64)>,
    /// Where its copies go, in the order of its parts.
    pub places: Vec<PromisedPlace>,
}

/// Where a copy goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PromisedPlace {
    /// Part of the order, by its place in the order's parts.
    pub part: usize,
    /// Index of the machine.
    pub machine: usize,
    /// Start of the batch.
    pub start: i64,
    /// Its end.
    pub end: i64,
    /// Whether the batch was there before.
    pub joins: bool,
}

/// What it would cost to print a copy on a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineOffer {
    /// Index of the machine.
    pub machine: usize,
    /// What each level of the objective would change by, one where it is a single sum; `None`
    /// where the machine does not take the part, or there is too little feedstock.
    pub extra_costs: Option<Vec<i64>>,
}

/// Copies that were placed, and what was there before.
type Made = (Item, Undo);

impl<'a> Prepared<'a> {
    /// Prepares a problem.
    ///
    /// # Errors
    /// [`SolverError::BadProblem`] for a problem that contradicts itself.
    pub fn new(problem: &'a BatchProblem) -> Result<Self, SolverError> {
        refuse_invalid(problem)?;
        Ok(Self { problem, inst: Instance::new(problem) })
    }

    /// A plan of the problem, to take orders into.
    ///
    /// # Errors
    /// [`SolverError::ForeignPlan`] for a plan of another problem; [`SolverError::PromiseByLevels`]
    /// for an objective with levels.
    pub fn open(&self, plan: &BatchPlan) -> Result<OpenPlan<'_>, SolverError> {
        if !self.problem.objective.levels.is_empty() {
            return Err(SolverError::PromiseByLevels);
        }
        let plan = Plan::read(&self.inst, plan).ok_or(SolverError::ForeignPlan)?;
        Ok(OpenPlan { standing: Standing::new(&self.inst, &plan), scratch: Scratch::default() })
    }

    /// What it would cost to print one copy of a part on each machine of its family, all other
    /// copies where they are; the first entry is the machine where the copy is, at 0. None for a
    /// part that is not placed.
    ///
    /// # Errors
    /// [`SolverError::ForeignPlan`] for a plan of another problem.
    pub fn alternatives(
        &self,
        plan: &BatchPlan,
        part: usize,
    ) -> Result<Option<Vec<MachineOffer>>, SolverError> {
        let inst = &self.inst;
        let mut plan = Plan::read(inst, plan).ok_or(SolverError::ForeignPlan)?;
        let goal = &self.problem.objective;
        let before = plan.settle(inst).levels(goal);
        let copies = inst.part_of.iter().zip(&plan.at).enumerate();
        let mut own = copies.filter(|(_, (of, _))| **of as usize == part);
        let Some((copy, here)) =
            own.find_map(|(copy, (_, at))| at.map(|(m, _)| (copy as u32, m as usize)))
        else {
            return Ok(None);
        };
        for set in &mut plan.lines[here] {
            set.copies.retain(|c| *c != copy);
        }
        plan.lines[here].retain(|set| !set.copies.is_empty());
        let guide = (!goal.levels.is_empty()).then(|| levels::guide(self.problem, inst, &before));
        let priced = guide.as_ref().unwrap_or(inst);
        plan.settle(priced);
        let mut standing = Standing::new(priced, &plan);
        let mut scratch = Scratch::default();
        let item = Item { copies: vec![copy], closed: false };
        let machines = &inst.machines_of[inst.family(part as u32)];
        let same = vec![0; before.len()];
        let mut offers = vec![MachineOffer { machine: here, extra_costs: Some(same) }];
        for machine in machines.iter().map(|m| *m as usize).filter(|m| *m != here) {
            let offer = standing.offer_on(&item, machine, &mut scratch);
            let extra = |offer: Offer| {
                if goal.levels.is_empty() {
                    return vec![plan.cost + offer.cost - before[0]];
                }
                let undo = standing.place(&item, &offer);
                let after = standing.plan().settle(inst).levels(goal);
                standing.undo(&item, undo);
                after.iter().zip(&before).map(|(after, before)| after - before).collect()
            };
            offers.push(MachineOffer { machine, extra_costs: offer.map(extra) });
        }
        Ok(Some(offers))
    }
}

impl OpenPlan<'_> {
    /// What an order could be promised, if it were taken; `None` if some copy finds no machine.
    /// Nothing changes by it.
    ///
    /// The order of its parts does not matter, nor what they name as their order.
    ///
    /// # Errors
    /// [`SolverError::BadProblem`] for an order that does not go with the problem.
    pub fn promise(
        &mut self,
        order: &BatchOrder,
        parts: &[BatchPart],
    ) -> Result<Option<Promise>, SolverError> {
        let (promise, made) = self.put(order, parts)?;
        self.take_back(made);
        Ok(promise)
    }

    /// As [`Self::promise`], and the promise is kept: the plan holds the order from now on, if all
    /// of it finds a machine.
    ///
    /// # Errors
    /// [`SolverError::BadProblem`] for an order that does not go with the problem.
    pub fn accept(
        &mut self,
        order: &BatchOrder,
        parts: &[BatchPart],
    ) -> Result<Option<Promise>, SolverError> {
        let (promise, made) = self.put(order, parts)?;
        if promise.is_none() {
            self.take_back(made);
        }
        Ok(promise)
    }

    fn put(
        &mut self,
        order: &BatchOrder,
        parts: &[BatchPart],
    ) -> Result<(Option<Promise>, Vec<Made>), SolverError> {
        validate_batch_order(&self.standing.inst.problem, order, parts).map_err(bad_problem)?;
        let copies = self.standing.add(order, parts);
        let first = self.standing.part_of(copies.first().copied().unwrap_or(0));
        let mut items: Vec<Item> =
            copies.iter().map(|c| Item { copies: vec![*c], closed: false }).collect();
        let most = |item: &Item| {
            let part = self.standing.part(self.standing.part_of(item.copies[0]));
            let times = part.loads.iter().flatten().map(|load| load.peak + load.add);
            std::cmp::Reverse(times.min().unwrap_or(0))
        };
        items.sort_by_cached_key(most);
        let mut made = Vec::new();
        let mut offers: Vec<Offer> = Vec::new();
        let mut whole = true;
        for item in items {
            let Some(offer) = self.standing.best_offer(&item, &mut self.scratch) else {
                whole = false;
                break;
            };
            let undo = self.standing.place(&item, &offer);
            made.push((item, undo));
            offers.push(offer);
        }
        let promise = whole.then(|| self.told(first, &made, &offers));
        Ok((promise, made))
    }

    /// The promise that has been made.
    fn told(&self, first: u32, made: &[Made], offers: &[Offer]) -> Promise {
        let standing = &self.standing;
        let own = standing.orders() - 1;
        let mut before: Vec<(usize, i64)> =
            made.iter().flat_map(|(_, undo)| undo.arrives()).filter(|(o, _)| *o != own).collect();
        // What was noted first is what it was at first.
        before.sort_by_key(|(order, _)| *order);
        before.dedup_by_key(|(order, _)| *order);
        let delayed = before.into_iter().filter_map(|(order, was)| {
            let now = standing.arrival(order);
            standing.pays(order, was, now).then_some((order, was, now))
        });
        let place = |((item, _), offer): (&Made, &Offer)| {
            let copy = item.copies[0];
            let (start, end) = standing.span(offer.machine, copy).unwrap_or((NO_TIME, NO_TIME));
            PromisedPlace {
                part: (standing.part_of(copy) - first) as usize,
                machine: offer.machine,
                start,
                end,
                joins: offer.joins,
            }
        };
        let mut places: Vec<PromisedPlace> = made.iter().zip(offers).map(place).collect();
        places.sort_by_key(|place| (place.part, place.start, place.machine));
        Promise {
            arrives: standing.arrival(own),
            cost: offers.iter().map(|offer| offer.cost).sum(),
            delayed: delayed.collect(),
            places,
        }
    }

    fn take_back(&mut self, made: Vec<Made>) {
        for (item, undo) in made.into_iter().rev() {
            self.standing.undo(&item, undo);
        }
        self.standing.forget();
    }
}
