//! Arrangements as the searches see them.

use rand::RngExt;
use rand_pcg::Pcg64;

use super::arrangement::{Arrangement, Place};
use super::relocate::Relocation;
use super::shape::Outlines;
use crate::bins::Holder;
use crate::relaxed::{Overlaps, Scene, Strip};

impl Scene for Arrangement {
    type World = Outlines;

    fn copies(&self) -> [usize; 2] {
        [self.movable, self.places().len()]
    }

    fn measure(&self, outlines: &Outlines, copy: usize) -> f64 {
        self.shape(outlines, copy).form.area
    }

    fn overlap(&self, outlines: &Outlines, one: usize, other: usize) -> f64 {
        self.overlap_of(outlines, one, other)
    }

    fn over(&self, _: &Outlines, copy: usize) -> f64 {
        self.limits.over(self.places()[copy].turned, self.places()[copy].at)
    }

    fn relocate(
        &mut self,
        outlines: &Outlines,
        overlaps: &Overlaps,
        copy: usize,
        cost: f64,
        rng: &mut Pcg64,
    ) -> bool {
        let weights = overlaps.weights(copy);
        let (place, better) = Relocation { outlines, arrangement: self, weights, copy }.search(rng);
        if better < cost {
            self.put(outlines, copy, place);
        }
        better < cost
    }
}

impl Strip for Arrangement {
    fn length(&self) -> f64 {
        self.size[0]
    }

    fn shortened(&self, outlines: &Outlines, length: f64, cut: f64) -> Self {
        let mut next = self.clone();
        next.size[0] = length;
        for copy in 0..next.places().len() {
            let mut place = next.places()[copy];
            if place.at[0] > cut {
                place.at[0] -= self.size[0] - length;
            }
            let place = next.inside(outlines, place);
            next.put(outlines, copy, place);
        }
        next
    }

    fn same(&self, outlines: &Outlines, one: usize, other: usize) -> bool {
        let shape = |copy: usize| outlines.turned(self.places()[copy].turned).shape;
        shape(one) == shape(other)
    }

    fn exchange(&mut self, outlines: &Outlines, one: usize, other: usize) {
        let (p, q) = (self.places()[one], self.places()[other]);
        let at = |place: Place, at| self.inside(outlines, Place { at, ..place });
        let (p, q) = (at(p, q.at), at(q, p.at));
        self.put(outlines, one, p);
        self.put(outlines, other, q);
    }
}

impl Holder for Arrangement {
    type Place = Place;

    fn part(outlines: &Outlines, place: Place) -> usize {
        outlines.turned(place.turned).shape as usize
    }

    fn anywhere(&self, outlines: &Outlines, part: usize, rng: &mut Pcg64) -> Place {
        let fitting: Vec<u32> = self.fitting(outlines, part).collect();
        let turned = fitting[rng.random_range(0..fitting.len())];
        let at = self.size.map(|x| rng.random_range(0.0..1.0) * x.max(0.0));
        Place { turned, at }
    }

    fn moved(place: Place, to: Place) -> Place {
        Place { at: to.at, ..place }
    }

    fn add(&mut self, outlines: &Outlines, place: Place) {
        let place = self.inside(outlines, place);
        Self::add(self, outlines, place);
    }

    fn remove(&mut self, copy: usize) -> Place {
        Self::remove(self, copy)
    }
}
