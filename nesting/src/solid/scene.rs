//! Arrangements as the searches see them.

use rand::RngExt;
use rand_pcg::Pcg64;

use super::apart::taken_apart;
use super::arrangement::Arrangement;
use super::fused::ledger;
use super::relocate::Relocation;
use super::solids::{Posed, Solids};
use super::vector::Vector;
use crate::bins::Holder;
use crate::relaxed::{Overlaps, Scene, Strip};

impl Scene for Arrangement {
    type World = Solids;

    fn copies(&self) -> [usize; 2] {
        [self.moved().len(), self.posed().len()]
    }

    fn measure(&self, solids: &Solids, copy: usize) -> f64 {
        solids.solids[self.posed()[copy].solid as usize].volume
    }

    fn overlap(&self, solids: &Solids, one: usize, other: usize) -> f64 {
        self.overlap_of(solids, one, other)
    }

    fn stands(&self, solids: &Solids) -> bool {
        (!solids.removable || taken_apart(solids, self).stuck.is_empty())
            && self.layers.is_none_or(|layers| ledger(solids, self, layers).keeps(&layers.limits))
    }

    fn over(&self, _: &Solids, _: usize) -> f64 {
        0.0
    }

    fn relocate(
        &mut self,
        solids: &Solids,
        overlaps: &Overlaps,
        copy: usize,
        cost: f64,
        rng: &mut Pcg64,
    ) -> bool {
        let weights = overlaps.weights(copy);
        let (posed, better) = Relocation { solids, arrangement: self, weights, copy }.search(rng);
        if better < cost {
            self.put(solids, copy, posed);
        }
        better < cost
    }
}

impl Strip for Arrangement {
    fn length(&self) -> f64 {
        self.size[2]
    }

    fn shortened(&self, solids: &Solids, length: f64, cut: f64) -> Self {
        let mut next = self.clone();
        next.size[2] = length;
        for copy in 0..next.moved().len() {
            let mut posed = next.posed()[copy];
            if posed.at[2] > cut {
                posed.at[2] -= self.size[2] - length;
            }
            if next.room(solids, posed.solid, posed.rotation).is_none() {
                let fitting = next.fitting(solids, posed.solid).next();
                posed.rotation = fitting.unwrap_or(posed.rotation);
            }
            let posed = next.inside(solids, posed);
            next.put(solids, copy, posed);
        }
        next
    }

    fn same(&self, _: &Solids, one: usize, other: usize) -> bool {
        self.posed()[one].solid == self.posed()[other].solid
    }

    fn exchange(&mut self, solids: &Solids, one: usize, other: usize) {
        let (p, q) = (self.posed()[one], self.posed()[other]);
        let at = |posed: Posed, at: Vector| self.inside(solids, Posed { at, ..posed });
        let (p, q) = (at(p, q.at), at(q, p.at));
        self.put(solids, one, p);
        self.put(solids, other, q);
    }
}

impl Holder for Arrangement {
    type Place = Posed;

    fn part(_: &Solids, place: Posed) -> usize {
        place.solid as usize
    }

    fn anywhere(&self, solids: &Solids, part: usize, rng: &mut Pcg64) -> Posed {
        let solid = part as u32;
        let fitting: Vec<u32> = self.fitting(solids, solid).collect();
        let rotation = fitting[rng.random_range(0..fitting.len())];
        let at = self.size.map(|x| rng.random_range(0.0..1.0) * x);
        Posed { solid, rotation, at }
    }

    fn moved(place: Posed, to: Posed) -> Posed {
        Posed { at: to.at, ..place }
    }

    fn add(&mut self, solids: &Solids, place: Posed) {
        let place = self.inside(solids, place);
        Self::add(self, solids, place);
    }

    fn remove(&mut self, copy: usize) -> Posed {
        Self::remove(self, copy)
    }
}
