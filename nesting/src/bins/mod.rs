//! Copies in as few bins as possible: parts on plates, parts in build volumes.
//!
//! From a first filling ([`Search::first`]) on, fewer bins are tried: parts are split over them by
//! what they take ([`split`]), overlap on purpose, are moved apart bin by bin ([`Bin`]) and
//! exchanged between bins that do not come free ([`settle`]). What may be left out goes where there
//! is room ([`rest`]), and bins are filled as asked ([`spread`]).

mod bin;
mod bound;
mod effort;
mod first;
mod rest;
mod search;
mod settle;
mod split;
mod spread;
mod unit;

use rand_pcg::Pcg64;

pub(crate) use bin::{Bin, Filled};
pub(crate) use bound::bound;
pub(crate) use first::{cheapest, insert_all};
pub(crate) use search::{Found, Search};
pub(crate) use unit::{Unit, Wanted, units};

use crate::relaxed::Scene;

/// What a search over bins knows.
pub(crate) trait Bins: Sync + Sized {
    /// What is in a bin.
    type Holder: Holder;

    /// What all bins have in common.
    fn world(&self) -> &<Self::Holder as Scene>::World;

    /// How many kinds of bins there are.
    fn kinds(&self) -> usize;

    /// One of them.
    fn kind(&self, kind: usize) -> &BinKind;

    /// What is to be placed, but for what stays in bins that are begun.
    fn units(&self) -> &[Unit];

    /// Bins that are begun.
    fn begun(&self) -> &[Begun];

    /// What a copy of a part takes of a bin's capacity.
    fn load(&self, part: usize) -> f64;

    /// What is sought.
    fn aim(&self) -> Aim;

    /// Share of their capacity up to which bins are filled with ease.
    fn easy(&self) -> f64;

    /// A bin with nothing in it but what stays there.
    fn empty(&self, kind: usize, begun: Option<usize>) -> Self::Holder;

    /// Whether each part of a unit fits an empty bin of a kind.
    fn fits(&self, unit: &Unit, kind: usize) -> bool;

    /// Whether a bin can take a unit, besides its size.
    fn takes(&self, _bin: &Bin<Self>, _unit: usize) -> bool {
        true
    }

    /// A free place for a part, the first of those that are tried in order.
    fn first_place(&self, holder: &Self::Holder, part: usize) -> Option<Place<Self>>;
}

/// Where a copy is.
pub(crate) type Place<B> = <<B as Bins>::Holder as Holder>::Place;

/// Copies in one bin, overlapping or not.
pub(crate) trait Holder: Scene + Send + Sync {
    /// Where a copy is.
    type Place: Copy + Send + Sync;

    /// The part of which a copy is in a place.
    fn part(world: &Self::World, place: Self::Place) -> usize;

    /// A random place for a part, at a turn at which it fits.
    fn anywhere(&self, world: &Self::World, part: usize, rng: &mut Pcg64) -> Self::Place;

    /// A place at the turn of one and where another one is.
    fn moved(place: Self::Place, to: Self::Place) -> Self::Place;

    /// Adds a copy that may move, after all others that may, in the nearest place inside.
    fn add(&mut self, world: &Self::World, place: Self::Place);

    /// Takes out a copy that may move; those after it move up.
    fn remove(&mut self, copy: usize) -> Self::Place;
}

/// A kind of bin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BinKind {
    /// What copies may take, at most.
    pub(crate) capacity: f64,
    /// Cost of one bin.
    pub(crate) cost: f64,
    /// How many there are.
    pub(crate) stock: usize,
}

/// A bin with copies that stay where they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begun {
    pub(crate) kind: usize,
    /// What they take of its capacity.
    pub(crate) load: f64,
}

/// What is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aim {
    /// The cheapest bins, filled anyhow.
    Cheapest,
    /// The cheapest bins, all about equally full.
    Even,
    /// The cheapest bins, the last one as empty as possible.
    LastLeast,
    /// The most value in all bins in stock.
    Value,
}
